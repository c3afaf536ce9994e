#include "transform/match/codes.h"

#include <math.h>
#include <stdlib.h>

enum { TEXT_MAX = 160, LOOK_AT = 2000, WITHIN_MIN = 5, RARE_MIN = 4, RARE_SHARE = 500 };

/* "300w", "1080p", "1000mah": one number of up to four digits, then one unit. */
static int is_measure(struct slice s)
{
    size_t digits = 0;
    while (digits < s.len && fold_is_digit(s.ptr[digits]))
        digits++;
    for (size_t i = digits; i < s.len; i++)
        if (fold_is_digit(s.ptr[i]))
            return 0;
    return digits > 0 && digits <= 4 && s.len - digits <= 4;
}

static int is_code(struct slice s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++)
        digits += fold_is_digit(s.ptr[i]) ? 1 : 0;
    if (s.len < CODE_MIN || digits == 0)
        return 0;
    if (digits == s.len)
        return s.len >= 5 && s.len <= 14;
    return !is_measure(s);
}

int codes_next(struct slice *rest, char out[CODE_MAX], struct slice *ret)
{
    struct slice word;
    while (fold_next_word(rest, &word)) {
        *ret = slice_of(out, fold_alphanumerics(word, out, CODE_MAX));
        if (is_code(*ret))
            return 1;
    }
    return 0;
}

/* Letters of a column's values, and how many of them hold a code; over the first values. */
static int holds_codes(const struct match_column *c, struct folder *f, double *ret_average)
{
    uint32_t n = c->values.n < LOOK_AT ? c->values.n : LOOK_AT, with = 0;
    size_t letters = 0;
    char out[CODE_MAX];
    for (uint32_t v = 0; v < n; v++) {
        struct slice text, code;
        TRY(fold_text(f, dict_get(&c->values, v), &text));
        letters += text.len;
        with += (uint32_t)codes_next(&text, out, &code);
    }
    *ret_average = n ? (double)letters / n : 0;
    return n > 1 && with * 5 >= n;
}

const struct match_column *codes_column(const struct match_table *t)
{
    struct folder f;
    const struct match_column *best = NULL;
    double shortest = TEXT_MAX, average;
    folder_init(&f);
    for (int c = 0; c < t->n_columns; c++)
        if (t->columns[c].meaning == MEANING_TEXT &&
            holds_codes(&t->columns[c], &f, &average) > 0 && average < shortest) {
            shortest = average;
            best = &t->columns[c];
        }
    folder_done(&f);
    return best;
}

static int add_codes(struct value_set *v, uint32_t value, struct buffer *list)
{
    struct slice rest = dict_get(&v->strings, value), code;
    char out[CODE_MAX], squeezed[NORMAL_MAX];
    size_t from = v->word_from[value];
    int64_t run =
        dict_add(&v->squeezed, slice_of(squeezed, fold_alphanumerics(rest, squeezed, NORMAL_MAX)));
    if (run < 0)
        return ERR_MEMORY;
    v->key[value] = (uint32_t)run;
    while (codes_next(&rest, out, &code)) {
        int64_t added = dict_add(&v->words, code);
        uint32_t number = (uint32_t)added;
        if (added < 0)
            return ERR_MEMORY;
        const uint32_t *codes = (const uint32_t *)(const void *)list->data;
        size_t n = list->len / sizeof number, i = from;
        while (i < n && codes[i] != number)
            i++;
        if (i == n)
            TRY(buffer_append(list, &number, sizeof number));
    }
    return 0;
}

/* In a file where a thing is there many times, its code is as rare as the thing. */
static int weigh_codes(struct value_set *v, const uint32_t *counts)
{
    uint64_t total = 0, *df = calloc((size_t)v->words.n + 1, sizeof *df);
    v->word_weight = malloc(((size_t)v->words.n + 1) * sizeof *v->word_weight);
    for (uint32_t i = 0; df && i < v->strings.n; i++) {
        total += counts[i];
        for (uint32_t k = v->word_from[i]; k < v->word_from[i + 1]; k++)
            df[v->word[k]] += counts[i];
    }
    double rare = total / RARE_SHARE > RARE_MIN ? (double)total / RARE_SHARE : RARE_MIN;
    v->rare = (int32_t)(log((double)(total + 1) / rare) * 1024);
    for (uint32_t w = 0; df && v->word_weight && w < v->words.n; w++)
        v->word_weight[w] =
            df[w] ? (int32_t)(log((double)(total + 1) / (double)df[w]) * 1024) + 1 : 1;
    free(df);
    return df && v->word_weight ? 0 : ERR_MEMORY;
}

int value_set_codes(struct value_set *v, const uint32_t *counts)
{
    struct buffer list = {0};
    v->word_from = malloc(((size_t)v->strings.n + 1) * sizeof *v->word_from);
    v->key = malloc(((size_t)v->strings.n + 1) * sizeof *v->key);
    if (!v->word_from || !v->key || dict_init(&v->words) < 0 || dict_init(&v->squeezed) < 0)
        return ERR_MEMORY;
    int code = 0;
    v->word_from[0] = 0;
    for (uint32_t i = 0; i < v->strings.n && code == 0; i++) {
        code = add_codes(v, i, &list);
        v->word_from[i + 1] = (uint32_t)(list.len / sizeof(uint32_t));
    }
    if (code == 0)
        code = buffer_reserve(&list, 1);
    v->word = buffer_take(&list);
    return code < 0 ? code : weigh_codes(v, counts);
}

static int is_rare(const struct value_set *v, uint32_t code)
{
    return v->word_weight[code] >= v->rare;
}

static int holds(const struct value_set *v, uint32_t x, uint32_t code)
{
    for (uint32_t i = v->word_from[x]; i < v->word_from[x + 1]; i++)
        if (v->word[i] == code)
            return 1;
    return 0;
}

/* What the codes of one value are to another. */
struct codes_found {
    int best;  /* level; 0 none */
    int alone; /* codes that the other does not have */
};

static struct codes_found find_codes(const struct value_set *v, uint32_t x, uint32_t y)
{
    struct slice run = dict_get(&v->squeezed, v->key[y]);
    struct codes_found f = {0, 0};
    for (uint32_t i = v->word_from[x]; i < v->word_from[x + 1]; i++) {
        uint32_t code = v->word[i];
        struct slice s = dict_get(&v->words, code);
        int same = holds(v, y, code);
        if (!same && (s.len < WITHIN_MIN || !memmem(run.ptr, run.len, s.ptr, s.len))) {
            f.alone++;
            continue;
        }
        int level = !is_rare(v, code) || s.len < WITHIN_MIN ? CODE_NEARLY
                    : same                                  ? CODE_SAME
                                                            : CODE_WITHIN;
        f.best = f.best == 0 || level < f.best ? level : f.best;
    }
    return f;
}

/* Codes of one make and family begin alike: the nearest pair of two values. */
static int nearest_codes(const struct value_set *v, uint32_t x, uint32_t y)
{
    int best = CODE_DIFFERS;
    for (uint32_t i = v->word_from[x]; i < v->word_from[x + 1]; i++)
        for (uint32_t k = v->word_from[y]; k < v->word_from[y + 1]; k++) {
            struct slice a = dict_get(&v->words, v->word[i]), b = dict_get(&v->words, v->word[k]);
            size_t n = 0, shorter = a.len < b.len ? a.len : b.len;
            while (n < shorter && a.ptr[n] == b.ptr[n])
                n++;
            int level = n >= 5 && n * 4 >= shorter * 3 ? CODE_NEARLY
                        : n >= 4                       ? CODE_BEGINNING
                                                       : CODE_DIFFERS;
            best = level < best ? level : best;
        }
    return best;
}

int compare_model_codes(const struct value_set *v, uint32_t x, uint32_t y)
{
    struct codes_found there = find_codes(v, x, y), back = find_codes(v, y, x);
    int best = there.best == 0 || (back.best && back.best < there.best) ? back.best : there.best;
    if (best && best < CODE_NEARLY && there.alone && back.alone)
        return CODE_AMONG_OTHERS;
    if (best)
        return best;
    if (v->word_from[x] == v->word_from[x + 1] || v->word_from[y] == v->word_from[y + 1])
        return 0;
    return nearest_codes(v, x, y);
}
