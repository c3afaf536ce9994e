/* One comparison from one column, or from several as a list. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "transform/match/birth.h"
#include "transform/match/codes.h"
#include "transform/match/encode_parts.h"
#include "transform/match/light_words.h"

enum { FIXED = 1024 }; /* idf in 1/1024 nat */

struct value_set *encode_add_set(struct encoded *e)
{
    if (e->n_sets == COMPARISONS_MAX)
        return NULL;
    struct value_set *v = &e->sets[e->n_sets];
    *v = (struct value_set){0};
    if (dict_init(&v->strings) < 0)
        return NULL;
    e->n_sets++;
    return v;
}

void encode_skip(struct encoded *e, struct slice name)
{
    size_t at = strlen(e->skipped);
    int len = (int)(name.len < 40 ? name.len : 40);
    if (at + (size_t)len + 8 < sizeof e->skipped)
        snprintf(e->skipped + at, sizeof e->skipped - at, "%s'%.*s'", at ? ", " : "", len,
                 name.ptr);
}

struct comparison *encode_add(struct encoded *e, enum compare_kind kind,
                              const struct match_column *column, struct value_set *values)
{
    if (e->n_comparisons == COMPARISONS_MAX)
        return NULL;
    struct comparison *c = &e->comparisons[e->n_comparisons++];
    *c = (struct comparison){
        .kind = kind, .meaning = column->meaning, .name = column->name, .values = values};
    return c;
}

int encode_finish(struct encoded *e, struct comparison *c, struct error *err)
{
    uint32_t n_values = c->values ? c->values->strings.n : 8, distinct = 0;
    c->counts = calloc(n_values + 1, sizeof *c->counts);
    if (!c->counts)
        return error_memory(err);
    for (uint32_t r = 0; r < e->n; r++) {
        uint32_t n;
        const uint32_t *codes = comparison_values(c, r, &n);
        c->filled += n > 0;
        for (uint32_t i = 0; i < n; i++)
            c->counts[codes[i]]++;
    }
    for (uint32_t v = 0; v < n_values && distinct < 2; v++)
        distinct += c->counts[v] > 0;
    int thin = (uint64_t)c->filled * 200 < e->n || c->filled < 2;
    if (c->kind == COMPARE_SUFFIX)
        thin = c->filled < (e->n < 1000 ? e->n / 50 + 1 : 20);
    if (!thin && (distinct > 1 || e->n < MODEL_MIN_RECORDS))
        return 1;
    free(c->codes);
    free(c->offsets);
    free(c->counts);
    e->n_comparisons--;
    return 0;
}

/* Date columns are read in the order of day and month that most of their values show. */
static enum date_order column_date_order(const struct match_column *c)
{
    struct date_votes votes = {0, 0};
    for (uint32_t v = 0; v < c->values.n; v++)
        birth_vote(&votes, dict_get(&c->values, v));
    return birth_order_of(&votes);
}

static int64_t normal_date(struct slice raw, enum date_order order, char *out)
{
    uint64_t date = birth_parse(raw, order);
    if (date)
        birth_digits(date, out);
    return date ? 8 : 0;
}

/* Fills order with the column's values as the records, by rank, first hold them: neighbours in
 * rank get neighbours among the codes, and no code depends on the order of the input. Returns how
 * many, or ERR_MEMORY. */
static int64_t value_order(const struct encoded *e, const struct match_column *column,
                           uint32_t *order)
{
    uint8_t *seen = calloc((size_t)column->values.n + 1, 1);
    uint32_t n = 0;
    if (!seen)
        return ERR_MEMORY;
    for (uint32_t r = 0; r < e->n; r++) {
        uint32_t n_codes;
        const uint32_t *codes;
        column_code(column, e->record[r], &n_codes, &codes);
        for (uint32_t k = 0; k < n_codes; k++)
            if (codes[k] != MATCH_MISSING && !seen[codes[k]]) {
                seen[codes[k]] = 1;
                order[n++] = codes[k];
            }
    }
    free(seen);
    return n;
}

static int map_in_order(const struct match_column *column, enum compare_kind kind,
                        struct value_set *set, struct folder *folder, const uint32_t *order,
                        int64_t n, uint32_t *map)
{
    char out[NORMAL_MAX];
    enum date_order dates = kind == COMPARE_DATE ? column_date_order(column) : DATE_DAY_FIRST;
    for (int64_t i = 0; i < n; i++) {
        uint32_t v = order[i];
        struct slice raw = dict_get(&column->values, v);
        int64_t len = kind == COMPARE_DATE ? normal_date(raw, dates, out)
                                           : normalise(folder, kind, column->meaning, raw, out);
        int64_t code = len > 0 ? dict_add(&set->strings, slice_of(out, (size_t)len)) : len;
        if (len < 0 || (len > 0 && code < 0))
            return ERR_MEMORY;
        map[v] = len ? (uint32_t)code : MATCH_MISSING;
    }
    return 0;
}

/* The comparison's code of each distinct value of the column; NULL when out of memory. */
static uint32_t *map_values(const struct encoded *e, const struct match_column *column,
                            enum compare_kind kind, struct value_set *set, struct folder *folder)
{
    uint32_t *map = malloc(((size_t)column->values.n + 1) * sizeof *map);
    uint32_t *order = malloc(((size_t)column->values.n + 1) * sizeof *order);
    int64_t n = map && order ? value_order(e, column, order) : ERR_MEMORY;
    if (n < 0 || map_in_order(column, kind, set, folder, order, n, map) < 0) {
        free(map);
        map = NULL;
    }
    free(order);
    return map;
}

static uint32_t *single_codes(const struct encoded *e, const struct match_column *column,
                              const uint32_t *map)
{
    uint32_t *codes = malloc((size_t)e->n * sizeof *codes);
    for (uint32_t r = 0; codes && r < e->n; r++) {
        uint32_t code = column->codes[e->record[r]];
        codes[r] = code == MATCH_MISSING ? MATCH_MISSING : map[code];
    }
    return codes;
}

/* Appends record i's values of one column to a short list without repeats. */
static uint32_t gather(const struct match_column *column, const uint32_t *map, uint32_t i,
                       uint32_t *list, uint32_t n)
{
    uint32_t n_codes;
    const uint32_t *codes;
    column_code(column, i, &n_codes, &codes);
    for (uint32_t k = 0; k < n_codes && n < LIST_MAX; k++) {
        uint32_t code = codes[k] == MATCH_MISSING ? MATCH_MISSING : map[codes[k]], j = 0;
        while (j < n && list[j] != code)
            j++;
        if (code != MATCH_MISSING && j == n)
            list[n++] = code;
    }
    return n;
}

static int list_codes(const struct encoded *e, const struct column_group *g, uint32_t **maps,
                      struct comparison *c)
{
    struct buffer codes = {0};
    c->offsets = malloc(((size_t)e->n + 1) * sizeof *c->offsets);
    if (!c->offsets)
        return ERR_MEMORY;
    for (uint32_t r = 0; r < e->n; r++) {
        uint32_t list[LIST_MAX], n = 0;
        c->offsets[r] = (uint32_t)(codes.len / sizeof *list);
        for (int k = 0; k < g->n; k++)
            n = gather(g->columns[k], maps[k], e->record[r], list, n);
        if (buffer_append(&codes, list, n * sizeof *list) < 0) {
            buffer_done(&codes);
            return ERR_MEMORY;
        }
    }
    c->offsets[e->n] = (uint32_t)(codes.len / sizeof *c->codes);
    buffer_reserve(&codes, 1);
    c->codes = buffer_take(&codes);
    return c->codes ? 0 : ERR_MEMORY;
}

static int fill_codes(const struct encoded *e, const struct column_group *g, struct comparison *c)
{
    struct folder folder;
    uint32_t *maps[COLUMNS_MERGED_MAX] = {0};
    int code = 0;
    folder_init(&folder);
    for (int k = 0; k < g->n && code == 0; k++)
        if (!(maps[k] = map_values(e, g->columns[k], c->kind, c->values, &folder)))
            code = ERR_MEMORY;
    if (code == 0 && g->n == 1 && !g->columns[0]->offsets) {
        c->codes = single_codes(e, g->columns[0], maps[0]);
        code = c->codes ? 0 : ERR_MEMORY;
    } else if (code == 0) {
        code = list_codes(e, g, maps, c);
    }
    for (int k = 0; k < g->n; k++)
        free(maps[k]);
    folder_done(&folder);
    return code;
}

int value_set_numbers(struct value_set *v)
{
    v->numbers = malloc(((size_t)v->strings.n + 1) * sizeof *v->numbers);
    if (!v->numbers)
        return ERR_MEMORY;
    v->years = v->strings.n > 0;
    for (uint32_t i = 0; i < v->strings.n; i++) {
        struct slice s = dict_get(&v->strings, i);
        v->numbers[i] = 0;
        for (size_t k = 0; k < s.len; k++)
            v->numbers[i] = v->numbers[i] * 10 + (s.ptr[k] - '0');
        v->years &=
            v->numbers[i] % 1000 == 0 && v->numbers[i] >= 1500000 && v->numbers[i] <= 2100000;
    }
    return 0;
}

static int value_set_dates(struct value_set *v)
{
    v->dates = malloc(((size_t)v->strings.n + 1) * sizeof *v->dates);
    for (uint32_t i = 0; v->dates && i < v->strings.n; i++)
        v->dates[i] = birth_parse(dict_get(&v->strings, i), DATE_DAY_FIRST);
    return v->dates ? 0 : ERR_MEMORY;
}

static struct slice key_part(enum compare_kind kind, struct slice s)
{
    const char *at = kind == COMPARE_EMAIL ? memchr(s.ptr, '@', s.len) : NULL;
    size_t len = kind == COMPARE_EMAIL ? (at ? (size_t)(at - s.ptr) : s.len) : 3;
    return slice_of(s.ptr, len < s.len ? len : s.len);
}

static int value_set_keys(struct value_set *v, enum compare_kind kind)
{
    struct dict parts;
    if (dict_init(&parts) < 0)
        return ERR_MEMORY;
    v->key = malloc(((size_t)v->strings.n + 1) * sizeof *v->key);
    int code = v->key ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; i < v->strings.n && code == 0; i++) {
        int64_t number = dict_add(&parts, key_part(kind, dict_get(&v->strings, i)));
        v->key[i] = (uint32_t)number;
        code = number < 0 ? ERR_MEMORY : 0;
    }
    dict_done(&parts);
    return code;
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int split_words(struct value_set *v, struct buffer *out)
{
    for (uint32_t i = 0; i < v->strings.n; i++) {
        struct slice rest = dict_get(&v->strings, i), word;
        size_t from = out->len;
        v->word_from[i] = (uint32_t)(from / sizeof(uint32_t));
        while (fold_next_word(&rest, &word)) {
            int64_t code = dict_add(&v->words, word);
            uint32_t c = (uint32_t)code;
            if (code < 0 || buffer_append(out, &c, sizeof c) < 0)
                return ERR_MEMORY;
        }
        uint32_t *words = (uint32_t *)(void *)(out->data + from);
        size_t n = (out->len - from) / sizeof *words, kept = 0;
        if (n)
            qsort(words, n, sizeof *words, compare_u32);
        for (size_t k = 0; k < n; k++)
            if (kept == 0 || words[k] != words[kept - 1])
                words[kept++] = words[k];
        out->len = from + kept * sizeof *words;
    }
    v->word_from[v->strings.n] = (uint32_t)(out->len / sizeof(uint32_t));
    return 0;
}

/* idf over records: ln(records / records that hold the word). */
static int weigh_words(struct value_set *v, const uint32_t *counts)
{
    uint64_t total = 0;
    uint64_t *df = calloc((size_t)v->words.n + 1, sizeof *df);
    v->word_weight = malloc(((size_t)v->words.n + 1) * sizeof *v->word_weight);
    if (!df || !v->word_weight) {
        free(df);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < v->strings.n; i++) {
        total += counts[i];
        for (uint32_t k = v->word_from[i]; k < v->word_from[i + 1]; k++)
            df[v->word[k]] += counts[i];
    }
    for (uint32_t w = 0; w < v->words.n; w++) {
        double idf = df[w] ? log((double)(total + 1) / (double)df[w]) : 0;
        v->word_weight[w] = (int32_t)(idf * FIXED) + 1;
    }
    free(df);
    return 0;
}

static int mark_light(struct value_set *v, enum meaning meaning)
{
    v->word_light = calloc((size_t)v->words.n + 1, 1);
    for (uint32_t w = 0; v->word_light && w < v->words.n; w++)
        v->word_light[w] = (uint8_t)is_light_word(meaning, dict_get(&v->words, w));
    return v->word_light ? 0 : ERR_MEMORY;
}

int value_set_words(struct value_set *v, enum meaning meaning, const uint32_t *counts)
{
    struct buffer words = {0};
    v->word_from = malloc(((size_t)v->strings.n + 1) * sizeof *v->word_from);
    if (!v->word_from || dict_init(&v->words) < 0)
        return ERR_MEMORY;
    int code = split_words(v, &words);
    if (code == 0)
        code = buffer_reserve(&words, 1);
    v->word = buffer_take(&words);
    if (code == 0)
        code = mark_light(v, meaning);
    return code < 0 ? code : weigh_words(v, counts);
}

int encode_values(const struct match_table *t, const struct column_group *group,
                  enum compare_kind kind, struct encoded *e, struct error *err)
{
    (void)t;
    struct value_set *set = e->n_comparisons < COMPARISONS_MAX ? encode_add_set(e) : NULL;
    if (!set) {
        encode_skip(e, group->columns[0]->name);
        return 0;
    }
    struct comparison *c = encode_add(e, kind, group->columns[0], set);
    if (fill_codes(e, group, c) < 0)
        return error_memory(err);
    int kept = encode_finish(e, c, err);
    if (kept <= 0)
        return kept;
    int code = 0;
    if (kind == COMPARE_DATE)
        code = value_set_dates(set);
    else if (kind == COMPARE_QUANTITY)
        code = value_set_numbers(set);
    else if (kind == COMPARE_EMAIL || kind == COMPARE_PHONE)
        code = value_set_keys(set, kind);
    else if (kind == COMPARE_TEXT)
        code = value_set_words(set, c->meaning, c->counts);
    else if (kind == COMPARE_CODE)
        code = value_set_codes(set, c->counts);
    return code < 0 ? error_memory(err) : 0;
}

static int part_value(const struct match_column *c, uint32_t i)
{
    char digits[8];
    int value = 0;
    if (!c || c->offsets || c->codes[i] == MATCH_MISSING)
        return 0;
    size_t n = fold_digits(dict_get(&c->values, c->codes[i]), digits, 4);
    for (size_t k = 0; k < n; k++)
        value = value * 10 + (digits[k] - '0');
    return value;
}

int encode_date_parts(const struct match_table *t, const struct match_column *const parts[3],
                      struct encoded *e, struct error *err)
{
    (void)t;
    struct value_set *set = encode_add_set(e);
    struct comparison *c = set ? encode_add(e, COMPARE_DATE, parts[0], set) : NULL;
    if (!c)
        return 0;
    c->meaning = MEANING_BIRTH_DATE;
    c->codes = malloc((size_t)e->n * sizeof *c->codes + 1);
    if (!c->codes)
        return error_memory(err);
    for (uint32_t r = 0; r < e->n; r++) {
        uint32_t i = e->record[r];
        int year = part_value(parts[0], i), month = part_value(parts[1], i);
        int day = part_value(parts[2], i);
        char digits[8];
        c->codes[r] = MATCH_MISSING;
        if (year == 0)
            continue;
        birth_digits(birth_pack(year, month ? month : 1, day ? day : 1), digits);
        int64_t code = dict_add(&set->strings, slice_of(digits, 8));
        if (code < 0)
            return error_memory(err);
        c->codes[r] = (uint32_t)code;
    }
    int kept = encode_finish(e, c, err);
    if (kept > 0 && value_set_dates(set) < 0)
        return error_memory(err);
    return kept < 0 ? kept : 0;
}
