#include "pipelines/columns.h"

#include <stdlib.h>

enum { LOOK_AT = 20000 };

struct coding {
    struct batch *const *batches;
    int n_batches;
    const struct schema *schema;
    struct coded_columns *out;
    int failed;
};

static int code_value(struct match_column *m, const struct field *f, const struct column *c,
                      int64_t row, struct buffer *text, uint32_t *ret)
{
    struct slice value;
    *ret = MATCH_MISSING;
    if (column_null(c, row))
        return 0;
    if (f->type == TYPE_UTF8) {
        value = slice_trim(column_slice(c, row));
    } else {
        buffer_reset(text);
        TRY(value_text(f, c, row, text));
        value = slice_trim(buffer_view(text));
    }
    if (value.len == 0)
        return 0;
    int64_t code = dict_add(&m->values, value);
    if (code < 0)
        return ERR_MEMORY;
    *ret = (uint32_t)code;
    return 0;
}

static int code_column(struct coding *k, int column)
{
    struct match_column *m = &k->out->columns[column];
    const struct field *f = &k->schema->fields[column];
    struct buffer text = {0};
    uint32_t at = 0;
    int code = dict_init(&m->values);
    m->name = f->name;
    m->codes = malloc(((size_t)k->out->n + 1) * sizeof *m->codes);
    if (!m->codes)
        code = ERR_MEMORY;
    for (int b = 0; b < k->n_batches; b++)
        for (int64_t row = 0; row < k->batches[b]->n_rows && code == 0; row++)
            code = code_value(m, f, &k->batches[b]->columns[column], row, &text, &m->codes[at++]);
    buffer_done(&text);
    return code;
}

static void code_task(void *arg, size_t column)
{
    struct coding *k = arg;
    if (code_column(k, (int)column) < 0)
        __atomic_store_n(&k->failed, 1, __ATOMIC_RELAXED);
}

int columns_code(struct batch *const *batches, int n_batches, const struct schema *schema,
                 struct pool *pool, struct coded_columns *ret, struct error *err)
{
    struct coding k = {.batches = batches, .n_batches = n_batches, .schema = schema, .out = ret};
    int64_t n = 0;
    for (int b = 0; b < n_batches; b++)
        n += batches[b]->n_rows;
    if (n >= MATCH_MISSING)
        return error_set(err, ERR_DATA, "more rows than can be matched at once: %lld",
                         (long long)n);
    *ret = (struct coded_columns){.n = (uint32_t)n, .n_columns = schema->n_fields};
    ret->columns = calloc((size_t)schema->n_fields + 1, sizeof *ret->columns);
    if (!ret->columns)
        return error_memory(err);
    pool_for(pool, (size_t)schema->n_fields, code_task, &k);
    return k.failed ? error_memory(err) : 0;
}

void columns_done(struct coded_columns *c)
{
    for (int i = 0; c->columns && i < c->n_columns; i++) {
        dict_done(&c->columns[i].values);
        free(c->columns[i].codes);
    }
    free(c->columns);
    *c = (struct coded_columns){0};
}

void columns_look(const struct coded_columns *c, int column, struct meaning_stats *ret)
{
    const struct match_column *m = &c->columns[column];
    uint32_t step = m->values.n / LOOK_AT + 1;
    *ret = (struct meaning_stats){0};
    for (uint32_t v = 0; v < m->values.n; v += step)
        meaning_look(ret, dict_get(&m->values, v));
    ret->distinct = m->values.n;
    for (uint32_t row = 0; row < c->n; row++)
        ret->filled_rows += m->codes[row] != MATCH_MISSING;
}
