/* Mode merge: new rows take the place of the table's rows that have their keys.
 *
 * First the files that may hold a key are read by their key columns, then those that do by all: a
 * row that is entirely what the new one is stays, and the new one is left out. What is left of
 * files in which some row goes is written again with the new rows. */
#include <stdlib.h>

#include "connectors/delta/merge_keys.h"

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
        int64_t code = merge_code(t, b, row, NULL);
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
        int64_t code = merge_code(t, b, row, t->plan.key);
        if (code == ERR_MEMORY)
            return error_memory(err);
        if (code < 0)
            continue;
        struct merge_row *r = &m->rows[code];
        if (merge_digest(m, b, row, digest) < 0)
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
    int may = merge_may_hold(t, &t->log->files[file], err);
    if (may <= 0)
        return may;
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
        int64_t at = merge_code(t, b, row, t->plan.key);
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
