#include "pipelines/lookup.h"

#include <stdlib.h>

#include "core/stream.h"
#include "pipelines/lake.h"
#include "schemas/expression.h"

void found_done(struct found *f)
{
    batches_free(f->batches, f->n_batches);
    free(f->rows);
    *f = (struct found){0};
}

int found_column(const struct found *f, const char *name)
{
    return f->n ? schema_find(f->rows[0].batch->schema, slice_str(name)) : -1;
}

static int meets(const struct batch *b, int64_t row, const int *at, const struct equals *conditions,
                 int n)
{
    struct row_ref r = {b, row};
    for (int i = 0; i < n; i++)
        if (column_null(&b->columns[at[i]], row) ||
            !slice_equal(row_text(&r, at[i]), conditions[i].value))
            return 0;
    return 1;
}

/* The batch with only the rows that meet the conditions; *ret NULL when there is none. */
static int keep_rows(struct batch *b, const int *at, const struct equals *conditions, int n,
                     struct batch **ret, struct error *err)
{
    int32_t *rows = malloc(((size_t)b->n_rows + 1) * sizeof *rows);
    int32_t kept = 0;
    if (!rows)
        return error_memory(err);
    for (int64_t row = 0; row < b->n_rows; row++)
        if (meets(b, row, at, conditions, n))
            rows[kept++] = (int32_t)row;
    *ret = NULL;
    int code = kept ? batch_take(b, rows, kept, ret, err) : 0;
    free(rows);
    return code;
}

static int keep_batch(struct found *f, struct batch *kept, struct error *err)
{
    struct batch **grown = realloc(f->batches, (size_t)(f->n_batches + 1) * sizeof(struct batch *));
    if (!grown) {
        batch_free(kept);
        return error_memory(err);
    }
    f->batches = grown;
    f->batches[f->n_batches++] = kept;
    return 0;
}

static int find_columns(const struct schema *schema, const char *table,
                        const struct equals *conditions, int n, int *ret_at, struct error *err)
{
    for (int i = 0; i < n; i++) {
        ret_at[i] = schema_find(schema, slice_str(conditions[i].column));
        if (ret_at[i] < 0 || schema->fields[ret_at[i]].type != TYPE_UTF8)
            return error_set(err, ERR_DATA, "table '%s' has no text column '%s'", table,
                             conditions[i].column);
    }
    return 0;
}

static int filter(struct stream *rows, const char *table, const struct equals *conditions, int n,
                  struct found *ret, struct error *err)
{
    int at[8], more;
    struct batch *b, *kept;
    TRY(find_columns(rows->schema, table, conditions, n < 8 ? n : 8, at, err));
    while ((more = stream_next(rows, &b, err)) > 0) {
        int code = keep_rows(b, at, conditions, n, &kept, err);
        batch_free(b);
        TRY(code);
        if (kept)
            TRY(keep_batch(ret, kept, err));
    }
    return more;
}

static int line_up(struct found *f, const char *order, struct error *err)
{
    if (rows_list(f->batches, f->n_batches, &f->rows, &f->n) < 0)
        return error_memory(err);
    int column = order ? found_column(f, order) : -1;
    if (column >= 0 && rows_sort(f->rows, f->n, &column, 1) < 0)
        return error_memory(err);
    return 0;
}

/* The conditions in the language of `where`, for what need not be read. */
static int put_where(const struct equals *conditions, int n, struct buffer *text)
{
    for (int i = 0; i < n; i++) {
        struct slice value = conditions[i].value;
        TRY(buffer_printf(text, "%s`%s` = '", i ? " and " : "", conditions[i].column));
        for (size_t k = 0; k < value.len; k++) {
            if (value.ptr[k] == '\'')
                TRY(buffer_putc(text, '\''));
            TRY(buffer_putc(text, value.ptr[k]));
        }
        TRY(buffer_putc(text, '\''));
    }
    return 0;
}

static int read_some(const struct project *p, const char *table, int64_t version,
                     const struct equals *conditions, int n, struct arena *a, struct stream **ret,
                     struct error *err)
{
    struct buffer text = {0};
    struct expression *where;
    struct slice words = {0};
    if (n == 0)
        return lake_read(p, table, version, ret, err);
    if (put_where(conditions, n, &text) == 0)
        words = arena_copy(a, buffer_view(&text));
    buffer_done(&text);
    if (!words.ptr)
        return error_memory(err);
    TRY(expression_parse(words, a, &where, err));
    return lake_read_where(p, table, version, where, a, ret, err);
}

/* Reads the rows that may be meant, and keeps those that are. */
static int find(const struct project *p, const char *table, int64_t version,
                const struct equals *conditions, int n, struct found *ret, struct error *err)
{
    struct arena a;
    struct stream *rows = NULL;
    arena_init(&a, 0);
    int code = read_some(p, table, version, conditions, n, &a, &rows, err);
    if (code == 0 && !rows)
        code = error_set(err, ERR_INPUT, "the lake '%s' has no table '%s': 'sluice run' first",
                         p->lake, table);
    if (code == 0)
        code = filter(rows, table, conditions, n, ret, err);
    stream_close(rows);
    arena_done(&a);
    return code;
}

static int look(const struct project *p, const char *table, int64_t version,
                const struct equals *conditions, int n, const char *order, struct found *ret,
                struct error *err)
{
    *ret = (struct found){0};
    int code = find(p, table, version, conditions, n, ret, err);
    if (code == 0)
        code = line_up(ret, order, err);
    if (code < 0)
        found_done(ret);
    return code;
}

int lookup(const struct project *p, const char *table, const struct equals *conditions, int n,
           const char *order, struct found *ret, struct error *err)
{
    return look(p, table, -1, conditions, n, order, ret, err);
}

int lookup_version(const struct project *p, const char *table, int64_t version,
                   const struct equals *conditions, int n, struct found *ret, struct error *err)
{
    return look(p, table, version, conditions, n, NULL, ret, err);
}

int record_name(struct slice text, struct slice *ret_source, struct slice *ret_key)
{
    const char *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    if (!colon)
        return 0;
    *ret_source = slice_of(text.ptr, (size_t)(colon - text.ptr));
    *ret_key = slice_of(colon + 1, text.len - ret_source->len - 1);
    return 1;
}
