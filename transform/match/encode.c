#include "transform/match/encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transform/match/address.h"
#include "transform/match/codes.h"
#include "transform/match/edit.h"
#include "transform/match/encode_parts.h"
#include "transform/match/generic.h"

/* What each meaning is compared as, most telling first. MERGED: all columns of the meaning are one
 * list; EACH: a comparison a column, up to `most`. */
struct plan_line {
    enum meaning meaning;
    enum compare_kind kind;
    enum { MERGED, EACH } how;
    int most;
};

static const struct plan_line plan[] = {
    {MEANING_BIRTH_DATE, COMPARE_DATE, EACH, 1},
    {MEANING_EMAIL, COMPARE_EMAIL, MERGED, 1},
    {MEANING_PHONE, COMPARE_PHONE, MERGED, 1},
    {MEANING_ORGANISATION, COMPARE_TEXT, EACH, 2},
    {MEANING_ID, COMPARE_ID, EACH, 4},
    {MEANING_POSTCODE, COMPARE_POSTCODE, EACH, 1},
    {MEANING_HOUSE_NUMBER, COMPARE_NUMBER, EACH, 1},
    {MEANING_STREET, COMPARE_TEXT, EACH, 1},
    {MEANING_ADDRESS, COMPARE_TEXT, EACH, 1},
    {MEANING_ADDRESS_2, COMPARE_TEXT, EACH, 1},
    {MEANING_CITY, COMPARE_PLACE, EACH, 1},
    {MEANING_GENDER, COMPARE_EXACT, EACH, 1},
    {MEANING_REGION, COMPARE_EXACT, EACH, 1},
    {MEANING_PLACE, COMPARE_PLACE, EACH, 1},
    {MEANING_TEXT, COMPARE_TEXT, EACH, 4},
    {MEANING_OCCUPATION, COMPARE_PLACE, EACH, 1},
    {MEANING_NUMBER, COMPARE_QUANTITY, EACH, 2},
    {MEANING_CATEGORY, COMPARE_PLACE, EACH, 2},
};

static int has_meaning(const struct match_table *t, enum meaning m)
{
    for (int c = 0; c < t->n_columns; c++)
        if (t->columns[c].meaning == m)
            return 1;
    return 0;
}

static int encode_line(const struct match_table *t, const struct plan_line *line, struct encoded *e,
                       struct error *err)
{
    struct column_group group = {.n = 0};
    int done = 0;
    for (int c = 0; c < t->n_columns; c++) {
        if (t->columns[c].meaning != line->meaning)
            continue;
        if (line->how == MERGED && group.n < COLUMNS_MERGED_MAX) {
            group.columns[group.n++] = &t->columns[c];
        } else if (line->how == EACH && done < line->most) {
            int before = e->n_comparisons;
            group = (struct column_group){.columns = {&t->columns[c]}, .n = 1};
            TRY(encode_values(t, &group, line->kind, e, err));
            done += e->n_comparisons > before;
        } else {
            encode_skip(e, t->columns[c].name);
        }
    }
    if (line->how == MERGED && group.n)
        TRY(encode_values(t, &group, line->kind, e, err));
    return 0;
}

static const struct match_column *find_column(const struct match_table *t, enum meaning m)
{
    for (int c = 0; c < t->n_columns; c++)
        if (t->columns[c].meaning == m)
            return &t->columns[c];
    return NULL;
}

static int encode_birth(const struct match_table *t, struct encoded *e, struct error *err)
{
    const struct match_column *parts[3] = {find_column(t, MEANING_BIRTH_YEAR),
                                           find_column(t, MEANING_BIRTH_MONTH),
                                           find_column(t, MEANING_BIRTH_DAY)};
    if (has_meaning(t, MEANING_BIRTH_DATE) || !parts[0])
        return 0;
    return encode_date_parts(t, parts, e, err);
}

/* A street column that holds the house numbers too is compared as two. */
static int encode_street(const struct match_table *t, const struct plan_line *line,
                         struct encoded *e, struct error *err)
{
    const struct match_column *column = find_column(t, MEANING_STREET);
    struct split_street split;
    if (!column || has_meaning(t, MEANING_HOUSE_NUMBER))
        return encode_line(t, line, e, err);
    if (split_street_init(&split, column, t->n) < 0)
        return error_memory(err);
    if (!split.filled) {
        split_street_done(&split);
        return encode_line(t, line, e, err);
    }
    struct column_group number = {.columns = {&split.number}, .n = 1};
    struct column_group street = {.columns = {&split.street}, .n = 1};
    int code = encode_values(t, &number, COMPARE_NUMBER, e, err);
    if (code == 0)
        code = encode_values(t, &street, COMPARE_TEXT, e, err);
    split_street_done(&split);
    return code;
}

/* Texts of things are compared by the codes in them, too. */
static int encode_codes(const struct match_table *t, struct encoded *e, struct error *err)
{
    const struct match_column *column = codes_column(t);
    struct column_group group = {.columns = {column}, .n = 1};
    return column ? encode_values(t, &group, COMPARE_CODE, e, err) : 0;
}

static uint64_t *masks_of(const struct dict *d)
{
    uint64_t *masks = malloc(((size_t)d->n + 1) * sizeof *masks);
    for (uint32_t v = 0; masks && v < d->n; v++)
        masks[v] = edit_mask(dict_get(d, v));
    return masks;
}

static int add_masks(struct encoded *e)
{
    for (int k = 0; k < e->n_sets; k++) {
        struct value_set *v = &e->sets[k];
        if (v->masks)
            continue;
        v->masks = masks_of(&v->strings);
        v->word_masks = masks_of(&v->words);
        if (!v->masks || !v->word_masks)
            return ERR_MEMORY;
    }
    return 0;
}

enum { ROWS_CHUNK = 16384 };

static void fill_rows(void *arg, size_t chunk)
{
    struct encoded *e = arg;
    size_t from = chunk * ROWS_CHUNK, end = from + ROWS_CHUNK < e->n ? from + ROWS_CHUNK : e->n;
    memset(e->rows + from * ROW, 0xFF, (end - from) * ROW * sizeof *e->rows);
    for (int k = 0; k < e->n_comparisons; k++)
        for (size_t r = from; r < end; r++) {
            uint32_t n;
            const uint32_t *codes = comparison_values(&e->comparisons[k], (uint32_t)r, &n);
            if (n)
                e->rows[r * ROW + (size_t)k] = n == 1 ? *codes : ROW_LIST;
        }
}

/* Codes by record instead of by comparison: a pair costs two cache lines. */
static int add_rows(struct encoded *e, struct pool *pool)
{
    e->rows = aligned_alloc(64, ((size_t)e->n + 1) * ROW * sizeof *e->rows);
    if (!e->rows)
        return ERR_MEMORY;
    pool_for(pool, ((size_t)e->n + ROWS_CHUNK - 1) / ROWS_CHUNK, fill_rows, e);
    return 0;
}

static int copy_sources(const struct match_table *t, struct encoded *e)
{
    if (!t->source)
        return 0;
    e->source = malloc(((size_t)t->n + 1) * sizeof *e->source);
    for (uint32_t r = 0; e->source && r < t->n; r++)
        e->source[r] = t->source[e->record[r]];
    return e->source ? 0 : ERR_MEMORY;
}

/* Names, the parts of a birth date and each line of the plan are encoded side by side, each into
 * an encoding of its own that has the order of the records on loan. */
enum { PART_NAMES, PART_BIRTH, PART_LINES, PARTS = PART_LINES + sizeof plan / sizeof *plan };

struct parts {
    const struct match_table *table;
    struct encoded part[PARTS];
    struct error error[PARTS];
    int code[PARTS];
};

static void encode_part(void *arg, size_t i)
{
    struct parts *p = arg;
    struct encoded *e = &p->part[i];
    struct error *err = &p->error[i];
    const struct plan_line *line = i >= PART_LINES ? &plan[i - PART_LINES] : NULL;
    int code = i == PART_NAMES                   ? encode_names(p->table, e, err)
               : i == PART_BIRTH                 ? encode_birth(p->table, e, err)
               : line->meaning == MEANING_STREET ? encode_street(p->table, line, e, err)
                                                 : encode_line(p->table, line, e, err);
    if (code == 0 && add_masks(e) < 0)
        code = error_memory(err);
    p->code[i] = code;
}

static void comparison_done(struct comparison *c)
{
    free(c->codes);
    free(c->offsets);
    free(c->counts);
}

static int moved_index(int at, int from)
{
    return at < 0 ? -1 : at + from;
}

/* Moves a comparison and its set, unless another took the set along, behind what is there. */
static void take_comparison(struct encoded *e, struct encoded *part, struct comparison *c,
                            int8_t moved[COMPARISONS_MAX])
{
    if (e->n_comparisons == COMPARISONS_MAX) {
        encode_skip(e, c->name);
        comparison_done(c);
        return;
    }
    if (c->values) {
        int set = (int)(c->values - part->sets);
        if (moved[set] < 0) {
            moved[set] = (int8_t)e->n_sets;
            e->sets[e->n_sets++] = part->sets[set];
            part->sets[set] = (struct value_set){0};
        }
        c->values = &e->sets[moved[set]];
    }
    e->comparisons[e->n_comparisons++] = *c;
}

/* What the part left out is said by the whole. */
static void take_part(struct encoded *e, struct encoded *part)
{
    int from = e->n_comparisons;
    int8_t moved[COMPARISONS_MAX];
    memset(moved, -1, sizeof moved);
    for (int i = 0; i < part->n_comparisons; i++)
        take_comparison(e, part, &part->comparisons[i], moved);
    if (part->given >= 0 || part->family >= 0 || part->extra >= 0) {
        e->given = moved_index(part->given, from);
        e->family = moved_index(part->family, from);
        e->extra = moved_index(part->extra, from);
    }
    part->n_comparisons = 0;
    size_t at = strlen(e->skipped), more = strlen(part->skipped);
    if (more && at + more + 3 < sizeof e->skipped)
        snprintf(e->skipped + at, sizeof e->skipped - at, "%s%s", at ? ", " : "", part->skipped);
}

static int encode_parts(const struct match_table *t, struct pool *pool, struct encoded *e,
                        struct error *err)
{
    struct parts *p = calloc(1, sizeof *p);
    int code = 0;
    if (!p)
        return error_memory(err);
    p->table = t;
    for (int i = 0; i < PARTS; i++)
        p->part[i] = (struct encoded){.n = e->n,
                                      .record = e->record,
                                      .rank = e->rank,
                                      .given = -1,
                                      .family = -1,
                                      .extra = -1};
    pool_for(pool, PARTS, encode_part, p);
    for (int i = 0; i < PARTS; i++) {
        if (code == 0 && p->code[i] < 0) {
            code = p->code[i];
            *err = p->error[i];
        }
        if (code == 0)
            take_part(e, &p->part[i]);
        p->part[i].record = p->part[i].rank = NULL;
        encoded_done(&p->part[i]);
    }
    free(p);
    return code;
}

int encode(const struct match_table *t, struct pool *pool, struct encoded *ret, struct error *err)
{
    struct encoded *e = ret;
    *e = (struct encoded){.given = -1, .family = -1, .extra = -1, .date = -1};
    int code = encode_order(t, e, err);
    if (code == 0)
        code = encode_parts(t, pool, e, err);
    if (code == 0)
        code = encode_codes(t, e, err);
    if (code == 0 && (copy_sources(t, e) < 0 || add_masks(e) < 0 || add_rows(e, pool) < 0))
        code = error_memory(err);
    if (code == 0)
        code = generic_find(e, err);
    for (int k = 0; k < e->n_comparisons; k++)
        if (e->comparisons[k].kind == COMPARE_DATE)
            e->date = k;
    if (code < 0)
        encoded_done(e);
    return code;
}

static void value_set_done(struct value_set *v)
{
    dict_done(&v->strings);
    if (v->words.slots)
        dict_done(&v->words);
    if (v->squeezed.slots)
        dict_done(&v->squeezed);
    free(v->key);
    free(v->nicks);
    free(v->dates);
    free(v->numbers);
    free(v->word_from);
    free(v->word);
    free(v->word_weight);
    free(v->word_masks);
    free(v->word_light);
    free(v->masks);
}

void encoded_done(struct encoded *e)
{
    generic_free(e->generic);
    for (int k = 0; k < e->n_comparisons; k++)
        comparison_done(&e->comparisons[k]);
    for (int k = 0; k < e->n_sets; k++)
        value_set_done(&e->sets[k]);
    free(e->record);
    free(e->rank);
    free(e->rows);
    free(e->source);
    free(e->clean);
    *e = (struct encoded){0};
}
