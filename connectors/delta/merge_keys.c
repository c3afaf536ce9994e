#include "connectors/delta/merge_keys.h"

#include <stdlib.h>

#include "connectors/delta/file_stats.h"
#include "connectors/delta/row_key.h"
#include "core/hash.h"

static int partition_index(const struct table_plan *plan, int column)
{
    for (int i = 0; i < plan->n_partition; i++)
        if (plan->partition_columns[i] == column)
            return i;
    return -1;
}

static int split_key(struct merge *m, const struct table_plan *plan)
{
    size_t n = (size_t)plan->n_key + 1;
    m->split = calloc(n, sizeof *m->split);
    m->split_columns = calloc(n, sizeof *m->split_columns);
    m->rest = calloc(n, sizeof *m->rest);
    if (!m->split || !m->split_columns || !m->rest)
        return ERR_MEMORY;
    for (int i = 0; i < plan->n_key; i++) {
        int at = partition_index(plan, plan->key[i]);
        if (at < 0) {
            m->rest[m->n_rest++] = plan->key[i];
        } else {
            m->split_columns[m->n_split] = plan->key[i];
            m->split[m->n_split++] = at;
        }
    }
    return 0;
}

int table_merge_new(struct table_sink *t, struct merge **ret, struct error *err)
{
    struct merge *m = calloc(1, sizeof *m);
    if (!m)
        return error_memory(err);
    hash_new_seed(m->seed);
    if (dict_init(&m->keys) < 0 || dict_init(&m->groups) < 0 || split_key(m, &t->plan) < 0) {
        table_merge_free(m);
        return error_memory(err);
    }
    *ret = m;
    return 0;
}

void table_merge_free(struct merge *m)
{
    if (!m)
        return;
    for (uint32_t g = 0; g < m->groups.n && m->by_group; g++)
        for (int i = 0; i < m->n_rest; i++) {
            if (m->by_group[g].min)
                buffer_done(&m->by_group[g].min[i]);
            if (m->by_group[g].max)
                buffer_done(&m->by_group[g].max[i]);
        }
    for (uint32_t g = 0; g < m->groups.n && m->by_group; g++) {
        free(m->by_group[g].min);
        free(m->by_group[g].max);
    }
    free(m->by_group);
    dict_done(&m->keys);
    dict_done(&m->groups);
    free(m->rows);
    free(m->split);
    free(m->split_columns);
    free(m->rest);
    free(m->dirty);
    buffer_done(&m->key);
    buffer_done(&m->all);
    free(m);
}

/* Zeroed room for element n of an array that doubles. */
static int grow(void *array, size_t size, uint32_t n, uint32_t *cap)
{
    void **at = array;
    if (n < *cap)
        return 0;
    uint32_t bigger = *cap ? *cap * 2 : 1024;
    char *grown = realloc(*at, size * bigger);
    if (!grown)
        return ERR_MEMORY;
    memset(grown + size * *cap, 0, size * (bigger - *cap));
    *at = grown;
    *cap = bigger;
    return 0;
}

int merge_digest(struct merge *m, const struct batch *b, int64_t row, uint64_t ret[2])
{
    buffer_reset(&m->all);
    TRY(row_key_columns(b, row, NULL, b->schema->n_fields, &m->all));
    ret[0] = hash_fixed(m->all.data, m->all.len);
    ret[1] = hash_seeded(m->all.data, m->all.len, m->seed);
    return 0;
}

static int say_key(const struct table_sink *t, const struct batch *b, int64_t row,
                   const char *trouble, struct error *err)
{
    struct buffer text = {0};
    int code = 0;
    for (int i = 0; i < t->plan.n_key && code == 0; i++) {
        int at = t->plan.key[i];
        code = buffer_printf(&text, "%s%s ", i ? ", " : "", b->schema->fields[at].name.ptr);
        if (code == 0)
            code = column_null(&b->columns[at], row)
                       ? buffer_string(&text, "null")
                       : value_json(&b->schema->fields[at], &b->columns[at], row, &text);
    }
    code = code < 0 ? error_memory(err)
                    : error_set(err, ERR_DATA, "%s: %.*s", trouble, (int)text.len,
                                (const char *)text.data);
    buffer_done(&text);
    return code;
}

static int has_null_key(const struct table_sink *t, const struct batch *b, int64_t row)
{
    for (int i = 0; i < t->plan.n_key; i++)
        if (column_null(&b->columns[t->plan.key[i]], row))
            return 1;
    return 0;
}

static int widen(struct buffer *bound, struct slice key, int sign)
{
    if (bound->data && sign * slice_compare(key, buffer_view(bound)) <= 0)
        return 0;
    buffer_reset(bound);
    return buffer_slice(bound, key);
}

static int note_bounds(struct merge *m, struct merge_group *g, const struct batch *b, int64_t row)
{
    if (!g->min) {
        g->min = calloc((size_t)m->n_rest + 1, sizeof *g->min);
        g->max = calloc((size_t)m->n_rest + 1, sizeof *g->max);
        if (!g->min || !g->max)
            return ERR_MEMORY;
    }
    for (int i = 0; i < m->n_rest; i++) {
        buffer_reset(&m->all);
        TRY(row_key_columns(b, row, &m->rest[i], 1, &m->all));
        TRY(widen(&g->min[i], buffer_view(&m->all), -1));
        TRY(widen(&g->max[i], buffer_view(&m->all), 1));
    }
    return 0;
}

static int note_group(struct merge *m, const struct batch *b, int64_t row)
{
    buffer_reset(&m->all);
    TRY(row_key_columns(b, row, m->split_columns, m->n_split, &m->all));
    int64_t code = dict_add(&m->groups, buffer_view(&m->all));
    if (code < 0 || grow(&m->by_group, sizeof *m->by_group, (uint32_t)code, &m->cap_groups) < 0)
        return ERR_MEMORY;
    return note_bounds(m, &m->by_group[code], b, row);
}

static int note_row(struct table_sink *t, const struct batch *b, int64_t row, struct error *err)
{
    struct merge *m = t->merge;
    if (has_null_key(t, b, row))
        return say_key(t, b, row, "a row to merge has no key", err);
    buffer_reset(&m->key);
    int code = row_key_columns(b, row, t->plan.key, t->plan.n_key, &m->key);
    uint32_t before = m->keys.n;
    int64_t at = code < 0 ? code : dict_add(&m->keys, buffer_view(&m->key));
    if (at < 0 || grow(&m->rows, sizeof *m->rows, (uint32_t)at, &m->cap_rows) < 0)
        return error_memory(err);
    if (m->keys.n == before)
        return say_key(t, b, row, "a key is in the rows to merge twice", err);
    m->rows[at].file = -1;
    if (merge_digest(m, b, row, m->rows[at].digest) < 0 || note_group(m, b, row) < 0)
        return error_memory(err);
    return 0;
}

int table_merge_note(struct table_sink *t, const struct batch *b, struct error *err)
{
    for (int64_t row = 0; row < b->n_rows; row++)
        TRY(note_row(t, b, row, err));
    return 0;
}

/* The group of new rows that a file's partition values allow: DICT_NONE for none. */
static int64_t group_of(struct table_sink *t, const struct log_file *f, struct error *err)
{
    struct merge *m = t->merge;
    buffer_reset(&m->all);
    for (int i = 0; i < m->n_split; i++) {
        struct slice value = f->values[m->split[i]];
        if (!value.ptr)
            return DICT_NONE;
        int known = row_key_text(&t->plan.schema->fields[m->split_columns[i]], value, &m->all);
        if (known < 0)
            return error_memory(err);
        if (!known)
            return error_set(err, ERR_DATA, "the partition value '%s' is not of its column's type",
                             value.ptr);
    }
    return dict_find(&m->groups, buffer_view(&m->all));
}

static int may_overlap(struct table_sink *t, const struct log_file *f, const struct merge_group *g)
{
    struct merge *m = t->merge;
    int may = 1;
    for (int i = 0; i < m->n_rest && may; i++) {
        struct buffer min = {0}, max = {0};
        if (file_stats_bounds(f->stats, &t->plan.schema->fields[m->rest[i]], &min, &max))
            may = slice_compare(buffer_view(&min), buffer_view(&g->max[i])) <= 0 &&
                  slice_compare(buffer_view(&max), buffer_view(&g->min[i])) >= 0;
        buffer_done(&min);
        buffer_done(&max);
    }
    return may;
}

int merge_may_hold(struct table_sink *t, const struct log_file *f, struct error *err)
{
    int64_t group = group_of(t, f, err);
    if (group < DICT_NONE)
        return (int)group;
    return group >= 0 && may_overlap(t, f, &t->merge->by_group[group]);
}

int64_t merge_code(struct table_sink *t, const struct batch *b, int64_t row, const int *key)
{
    struct merge *m = t->merge;
    buffer_reset(&m->key);
    if (row_key_columns(b, row, key, t->plan.n_key, &m->key) < 0)
        return ERR_MEMORY;
    return dict_find(&m->keys, buffer_view(&m->key));
}
