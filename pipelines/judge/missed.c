/* The true pairs that the result does not join, grouped by the columns in which they differ: both
 * records have a value, and it is not the same letters in any case. */
#include <stdlib.h>

#include "pipelines/judge/parts.h"

enum { COLUMNS_MAX = 32, LOOKED_AT = 200000 };

struct group {
    uint32_t differs, missing; /* bit per column; of a whole group: missing in half or more */
    uint32_t a, b;             /* the first such pair */
    int64_t n;
};

struct grouping {
    struct judging *g;
    int columns[COLUMNS_MAX], n_columns;
    struct buffer groups; /* struct group, one a pair until they are merged */
    struct buffer text[2];
};

/* What says nothing about the person: ids, places, what we added. */
static int is_compared(const struct judging *g, int column)
{
    static const char *const names[] = {"match_probability", "source", "key", "updated_at", "raw"};
    struct slice name = g->result.schema->fields[column].name;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal(name, slice_str(names[i])))
            return 0;
    return column != g->id && column != g->cluster;
}

static int take_missed(void *arg, uint32_t a, uint32_t b)
{
    struct grouping *k = arg;
    struct group one = {.a = a, .b = b, .n = 1};
    struct slice x, y;
    if (judging_found(k->g)[a] == judging_found(k->g)[b] || k->g->j->missed_looked_at == LOOKED_AT)
        return 0;
    k->g->j->missed_looked_at++;
    for (int i = 0; i < k->n_columns; i++) {
        TRY(sheet_value(&k->g->result, k->columns[i], a, &k->text[0], &x));
        TRY(sheet_value(&k->g->result, k->columns[i], b, &k->text[1], &y));
        if (x.len && y.len && !slice_equal_nocase(x, y))
            one.differs |= UINT32_C(1) << i;
        else if (!x.len != !y.len)
            one.missing |= UINT32_C(1) << i;
    }
    return buffer_append(&k->groups, &one, sizeof one);
}

static int by_signature(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->differs != y->differs)
        return x->differs < y->differs ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static int larger_first(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return by_signature(a, b);
}

/* The columns that at least half of the pairs lack in one record. */
static uint32_t often_missing(const struct group *list, size_t n)
{
    size_t count[COLUMNS_MAX] = {0};
    uint32_t often = 0;
    for (size_t i = 0; i < n; i++)
        for (uint32_t bits = list[i].missing; bits; bits &= bits - 1)
            count[__builtin_ctz(bits)]++;
    for (int i = 0; i < COLUMNS_MAX; i++)
        often |= count[i] * 2 >= n && count[i] ? UINT32_C(1) << i : 0;
    return often;
}

static size_t merge_groups(struct group *list, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(list, n, sizeof *list, by_signature);
    for (size_t at = 0, end; at < n; at = end) {
        for (end = at + 1; end < n && list[end].differs == list[at].differs;)
            end++;
        struct group whole = list[at];
        whole.n = (int64_t)(end - at);
        whole.missing = often_missing(list + at, end - at);
        list[kept++] = whole;
    }
    if (kept)
        qsort(list, kept, sizeof *list, larger_first);
    return kept;
}

static struct slice column_words(const struct grouping *k, uint32_t bits, int *failed)
{
    struct buffer names = {0};
    for (int i = 0; i < k->n_columns; i++)
        if (bits >> i & 1) {
            if (names.len)
                *failed |= buffer_string(&names, ", ") < 0;
            *failed |= buffer_slice(&names, k->g->result.schema->fields[k->columns[i]].name) < 0;
        }
    struct slice words =
        names.len ? judging_keep(k->g, buffer_view(&names), failed) : SLICE_LIT("");
    buffer_done(&names);
    return words;
}

static int group_up(struct grouping *k)
{
    struct judgement *j = k->g->j;
    int failed = 0;
    for (int i = 0; i < k->g->result.n_fields && k->n_columns < COLUMNS_MAX; i++)
        if (is_compared(k->g, i))
            k->columns[k->n_columns++] = i;
    TRY(judging_each_true(k->g, take_missed, k));
    struct group *list = (struct group *)(void *)k->groups.data;
    size_t n = merge_groups(list, k->groups.len / sizeof *list);
    j->missed_groups = (int64_t)n;
    for (size_t i = 0; i < n && i < JUDGE_SHOWN; i++)
        j->missed[j->n_missed++] =
            (struct judge_missed){.differs = column_words(k, list[i].differs, &failed),
                                  .missing = column_words(k, list[i].missing, &failed),
                                  .n = list[i].n,
                                  .a = judging_keep(k->g, judging_id(k->g, list[i].a), &failed),
                                  .b = judging_keep(k->g, judging_id(k->g, list[i].b), &failed)};
    return failed ? ERR_MEMORY : 0;
}

int judge_missed_pairs(struct judging *g, struct error *err)
{
    struct grouping k = {.g = g};
    int code = group_up(&k);
    buffer_done(&k.groups);
    buffer_done(&k.text[0]);
    buffer_done(&k.text[1]);
    return code < 0 ? error_memory(err) : 0;
}
