/* Mode merge: new rows take the place of the table's rows that have their keys.
 *
 * First the files that may hold a key are read by their key columns, then those that do by all: a
 * row that is entirely what the new one is stays, and the new one is left out. What is left of
 * files in which some row goes is written again with the new rows. Memory: about 150 bytes and the
 * key a new row. */
#include <stdlib.h>

#include "connectors/delta/file_stats.h"
#include "connectors/delta/row_key.h"
#include "connectors/delta/table_files.h"
#include "connectors/delta/table_sink.h"
#include "core/hash.h"

struct merge_row {
    uint64_t digest[2]; /* of all columns: one fixed, one seeded, so that none can be forged */
    int file;           /* of the log, that has the very same row; -1: none */
    int64_t row;
};

/* Of new rows that agree in the key columns that are partition columns. */
struct merge_group {
    struct buffer *min, *max; /* row_key bytes of the other key columns */
};

struct merge {
    struct dict keys;
    struct merge_row *rows; /* by code */
    uint32_t cap_rows;
    struct dict groups; /* row_key bytes of the key columns that are partition columns */
    struct merge_group *by_group;
    uint32_t cap_groups;
    int *split; /* key columns that are partition columns, by index in the partition */
    int *split_columns;
    int n_split;
    int *rest; /* the other key columns */
    int n_rest;
    uint64_t seed[2];
    char *dirty;         /* by file: it goes */
    struct sorter *into; /* where wanted rows go; NULL: to the files */
    struct buffer key, all;
};

/* -- life -----------------------------------------------------------------------------------------
 */

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

/* -- new rows -------------------------------------------------------------------------------------
 */

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

static int digest_row(struct merge *m, const struct batch *b, int64_t row, uint64_t ret[2])
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
    if (digest_row(m, b, row, m->rows[at].digest) < 0 || note_group(m, b, row) < 0)
        return error_memory(err);
    return 0;
}

int table_merge_note(struct table_sink *t, const struct batch *b, struct error *err)
{
    for (int64_t row = 0; row < b->n_rows; row++)
        TRY(note_row(t, b, row, err));
    return 0;
}

/* -- which files ----------------------------------------------------------------------------------
 */

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

/* The code of a row's key among the new rows', or DICT_NONE; ERR_MEMORY is less than that. */
static int64_t code_of(struct table_sink *t, const struct batch *b, int64_t row, const int *key)
{
    struct merge *m = t->merge;
    buffer_reset(&m->key);
    if (row_key_columns(b, row, key, t->plan.n_key, &m->key) < 0)
        return ERR_MEMORY;
    return dict_find(&m->keys, buffer_view(&m->key));
}

typedef int rows_fn(struct table_sink *t, const struct batch *b, int64_t first, int file,
                    struct error *err);

/* Calls fn for the batches of a stream (taken over) until it returns something else than 0. */
static int each_batch(struct table_sink *t, struct stream *rows, int file, rows_fn *fn,
                      struct error *err)
{
    struct batch *b;
    int64_t first = 0;
    int more, code = 0;
    while (code == 0 && (more = stream_next(rows, &b, err)) != 0) {
        if (more < 0) {
            code = more;
            break;
        }
        code = fn(t, b, first, file, err);
        first += b->n_rows;
        batch_free(b);
    }
    stream_close(rows);
    return code;
}

static int each_of_file(struct table_sink *t, int file, const struct schema *schema, rows_fn *fn,
                        struct error *err)
{
    struct stream *rows;
    TRY(table_log_file_open(t->log, file, schema, t->options.pool, &rows, err));
    return each_batch(t, rows, file, fn, err);
}

/* The batch has the key columns alone, in the key's order. */
static int any_match(struct table_sink *t, const struct batch *b, int64_t first, int file,
                     struct error *err)
{
    (void)first;
    (void)file;
    for (int64_t row = 0; row < b->n_rows; row++) {
        int64_t code = code_of(t, b, row, NULL);
        if (code == ERR_MEMORY)
            return error_memory(err);
        if (code >= 0)
            return 1;
    }
    return 0;
}

/* Finds rows that stay; the file is dirty when one does not. */
static int compare_rows(struct table_sink *t, const struct batch *b, int64_t first, int file,
                        struct error *err)
{
    struct merge *m = t->merge;
    uint64_t digest[2];
    for (int64_t row = 0; row < b->n_rows; row++) {
        int64_t code = code_of(t, b, row, t->plan.key);
        if (code == ERR_MEMORY)
            return error_memory(err);
        if (code < 0)
            continue;
        struct merge_row *r = &m->rows[code];
        if (digest_row(m, b, row, digest) < 0)
            return error_memory(err);
        if (r->file < 0 && memcmp(digest, r->digest, sizeof digest) == 0) {
            r->file = file;
            r->row = first + row;
        } else {
            m->dirty[file] = 1;
        }
    }
    return 0;
}

static struct schema *key_schema(const struct table_plan *plan)
{
    struct field *fields = calloc((size_t)plan->n_key + 1, sizeof *fields);
    for (int i = 0; fields && i < plan->n_key; i++)
        fields[i] = plan->schema->fields[plan->key[i]];
    struct schema *s = fields ? schema_new(fields, plan->n_key) : NULL;
    free(fields);
    return s;
}

static int look_at(struct table_sink *t, int file, const struct schema *keys, struct error *err)
{
    const struct log_file *f = &t->log->files[file];
    int64_t group = group_of(t, f, err);
    if (group < DICT_NONE)
        return (int)group;
    if (group < 0 || !may_overlap(t, f, &t->merge->by_group[group]))
        return 0;
    int found = each_of_file(t, file, keys, any_match, err);
    return found <= 0 ? found : each_of_file(t, file, t->plan.schema, compare_rows, err);
}

static int look_at_files(struct table_sink *t, struct error *err)
{
    struct merge *m = t->merge;
    struct schema *keys = key_schema(&t->plan);
    int code = keys ? 0 : error_memory(err);
    free(m->dirty);
    m->dirty = calloc((size_t)t->log->n_files + 1, 1);
    if (!m->dirty)
        code = error_memory(err);
    for (uint32_t i = 0; i < m->keys.n; i++)
        m->rows[i].file = -1;
    for (int i = 0; i < t->log->n_files && code == 0 && m->keys.n; i++)
        if (t->log->files[i].live)
            code = look_at(t, i, keys, err);
    schema_unref(keys);
    return code;
}

/* -- what is written ------------------------------------------------------------------------------
 */

/* New rows that the table does not have as they are, and rows of a dirty file that stay: others'
 * keys, and those that are as the new row is. `file` -1: the new rows. */
static int is_wanted(const struct merge_row *r, int file, int64_t row)
{
    if (file < 0)
        return r && r->file < 0;
    return !r || (r->file == file && r->row == row);
}

/* The wanted rows of a batch go to the sorter m->into, or to the files when it is NULL. */
static int put_wanted(struct table_sink *t, const struct batch *b, int64_t first, int file,
                      struct error *err)
{
    struct merge *m = t->merge;
    struct batch *taken;
    int64_t n = 0;
    int32_t *wanted = calloc((size_t)b->n_rows + 1, sizeof *wanted);
    int code = wanted ? 0 : error_memory(err);
    for (int64_t row = 0; row < b->n_rows && code == 0; row++) {
        int64_t at = code_of(t, b, row, t->plan.key);
        if (at == ERR_MEMORY)
            code = error_memory(err);
        else if (is_wanted(at >= 0 ? &m->rows[at] : NULL, file, first + row))
            wanted[n++] = (int32_t)row;
    }
    if (code == 0 && n)
        code = batch_take(b, wanted, n, &taken, err);
    free(wanted);
    if (code < 0 || n == 0)
        return code;
    return m->into ? sorter_add(m->into, taken, err) : data_files_write(&t->files, taken, err);
}

static int put_new(struct table_sink *t, struct error *err)
{
    struct stream *rows;
    TRY(sorter_open(t->sorter, &rows, err));
    return each_batch(t, rows, -1, put_wanted, err);
}

static int put_all(struct table_sink *t, struct error *err)
{
    struct stream *rows;
    for (int i = 0; i < t->log->n_files; i++)
        if (t->merge->dirty[i])
            TRY(each_of_file(t, i, t->plan.schema, put_wanted, err));
    TRY(put_new(t, err));
    TRY(sorter_open(t->merge->into, &rows, err));
    return table_fill(t, rows, err);
}

static int rewrite(struct table_sink *t, struct error *err)
{
    struct sorter_options options = {.columns = t->plan.order,
                                     .n_columns = t->plan.n_order,
                                     .n_cut = t->plan.n_partition,
                                     .memory = t->options.memory / 2,
                                     .folder = t->temporary,
                                     .pool = t->options.pool};
    TRY(sorter_new(t->plan.schema, &options, &t->merge->into, err));
    int code = put_all(t, err);
    sorter_free(t->merge->into);
    t->merge->into = NULL;
    return code;
}

static int is_dirty(const struct table_sink *t, const struct log_file *f, int index)
{
    (void)f;
    return t->merge->dirty[index];
}

static int merge_once(struct table_sink *t, struct error *err)
{
    int dirty = 0;
    for (int i = 0; t->log->schema && i < t->log->schema->n_fields; i++)
        if (schema_find(t->plan.schema, t->log->schema->fields[i].name) < 0)
            return error_set(err, ERR_BUSY,
                             "another writer gave the table '%s' new columns: try again",
                             t->folder);
    TRY(look_at_files(t, err));
    for (int i = 0; i < t->log->n_files; i++)
        dirty |= t->merge->dirty[i];
    data_files_reset(&t->files);
    if (dirty) {
        TRY(rewrite(t, err));
    } else {
        TRY(put_new(t, err));
        TRY(data_files_finish(&t->files, err));
    }
    return table_publish_once(t, is_dirty, err);
}

int table_merge_finish(struct table_sink *t, struct error *err)
{
    enum { TRIES = 1000 };
    for (int i = 0; i < TRIES; i++) {
        int code = merge_once(t, err);
        if (code)
            return code < 0 ? code : 0;
    }
    return error_set(err, ERR_BUSY, "other writers kept the table '%s' busy: try again later",
                     t->folder);
}
