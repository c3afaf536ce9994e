#include "transform/match/encode.h"

#include <stdlib.h>

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
    {MEANING_BIRTH_DATE, COMPARE_DATE, EACH, 1},   {MEANING_EMAIL, COMPARE_EMAIL, MERGED, 1},
    {MEANING_PHONE, COMPARE_PHONE, MERGED, 1},     {MEANING_ID, COMPARE_ID, EACH, 4},
    {MEANING_POSTCODE, COMPARE_POSTCODE, EACH, 1}, {MEANING_HOUSE_NUMBER, COMPARE_NUMBER, EACH, 1},
    {MEANING_STREET, COMPARE_TEXT, EACH, 1},       {MEANING_ADDRESS, COMPARE_TEXT, EACH, 1},
    {MEANING_ADDRESS_2, COMPARE_TEXT, EACH, 1},    {MEANING_CITY, COMPARE_PLACE, EACH, 1},
    {MEANING_GENDER, COMPARE_EXACT, EACH, 1},      {MEANING_REGION, COMPARE_EXACT, EACH, 1},
    {MEANING_PLACE, COMPARE_PLACE, EACH, 1},       {MEANING_ORGANISATION, COMPARE_TEXT, EACH, 2},
    {MEANING_TEXT, COMPARE_TEXT, EACH, 4},         {MEANING_OCCUPATION, COMPARE_PLACE, EACH, 1},
    {MEANING_NUMBER, COMPARE_QUANTITY, EACH, 2},   {MEANING_CATEGORY, COMPARE_PLACE, EACH, 2},
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
        v->masks = masks_of(&v->strings);
        v->word_masks = masks_of(&v->words);
        if (!v->masks || !v->word_masks)
            return ERR_MEMORY;
    }
    return 0;
}

/* Codes by record instead of by comparison: a pair costs two cache lines. */
static int add_rows(struct encoded *e)
{
    e->rows = aligned_alloc(64, ((size_t)e->n + 1) * ROW * sizeof *e->rows);
    if (!e->rows)
        return ERR_MEMORY;
    memset(e->rows, 0xFF, ((size_t)e->n + 1) * ROW * sizeof *e->rows);
    for (int k = 0; k < e->n_comparisons; k++)
        for (uint32_t r = 0; r < e->n; r++) {
            uint32_t n;
            const uint32_t *codes = comparison_values(&e->comparisons[k], r, &n);
            if (n)
                e->rows[(size_t)r * ROW + (size_t)k] = n == 1 ? *codes : ROW_LIST;
        }
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

int encode(const struct match_table *t, struct pool *pool, struct encoded *ret, struct error *err)
{
    struct encoded *e = ret;
    (void)pool;
    *e = (struct encoded){.given = -1, .family = -1, .extra = -1, .date = -1};
    int code = encode_order(t, e, err);
    if (code == 0)
        code = encode_names(t, e, err);
    if (code == 0)
        code = encode_birth(t, e, err);
    for (size_t i = 0; i < sizeof plan / sizeof *plan && code == 0; i++)
        code = plan[i].meaning == MEANING_STREET ? encode_street(t, &plan[i], e, err)
                                                 : encode_line(t, &plan[i], e, err);
    if (code == 0)
        code = encode_codes(t, e, err);
    if (code == 0 && (copy_sources(t, e) < 0 || add_masks(e) < 0 || add_rows(e) < 0))
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
    for (int k = 0; k < e->n_comparisons; k++) {
        free(e->comparisons[k].codes);
        free(e->comparisons[k].offsets);
        free(e->comparisons[k].counts);
    }
    for (int k = 0; k < e->n_sets; k++)
        value_set_done(&e->sets[k]);
    free(e->record);
    free(e->rank);
    free(e->rows);
    free(e->source);
    free(e->clean);
    *e = (struct encoded){0};
}
