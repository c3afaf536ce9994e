#include "pipelines/columns.h"

#include <stdlib.h>

enum { LOOK_AT = 20000, TOGETHER = 32 };

struct coding {
    struct batch *const *batches;
    int n_batches;
    const struct schema *schema;
    struct coded_columns *out;
    int failed;
};

/* Values on their way into a dictionary, together with where their codes go. */
struct waiting {
    size_t n;
    struct slice value[TOGETHER];
    uint32_t *at[TOGETHER];
};

static int add_waiting(struct match_column *m, struct waiting *w)
{
    uint32_t codes[TOGETHER];
    TRY(dict_add_all(&m->values, w->value, w->n, codes));
    for (size_t i = 0; i < w->n; i++)
        *w->at[i] = codes[i];
    w->n = 0;
    return 0;
}

static int put_value(struct match_column *m, struct waiting *w, struct slice value, uint32_t *at)
{
    *at = MATCH_MISSING;
    if (value.len == 0)
        return 0;
    w->value[w->n] = value;
    w->at[w->n++] = at;
    return w->n == TOGETHER ? add_waiting(m, w) : 0;
}

static int code_text(struct match_column *m, const struct column *c, int64_t n, uint32_t *at)
{
    struct waiting w = {.n = 0};
    for (int64_t row = 0; row < n; row++) {
        struct slice value = {0};
        if (!column_null(c, row))
            value = slice_trim(column_slice(c, row));
        TRY(put_value(m, &w, value, &at[row]));
    }
    return add_waiting(m, &w);
}

/* Of other types each value's text is made in one place, so none can wait. */
static int code_others(struct match_column *m, const struct field *f, const struct column *c,
                       int64_t n, struct buffer *text, uint32_t *at)
{
    for (int64_t row = 0; row < n; row++) {
        struct waiting w = {.n = 0};
        at[row] = MATCH_MISSING;
        if (column_null(c, row))
            continue;
        buffer_reset(text);
        TRY(value_text(f, c, row, text));
        TRY(put_value(m, &w, slice_trim(buffer_view(text)), &at[row]));
        TRY(add_waiting(m, &w));
    }
    return 0;
}

static int code_column(struct coding *k, int column)
{
    struct match_column *m = &k->out->columns[column];
    const struct field *f = &k->schema->fields[column];
    struct buffer text = {0};
    int code = dict_init(&m->values);
    m->name = f->name;
    m->codes = malloc(((size_t)k->out->n + 1) * sizeof *m->codes);
    if (!m->codes)
        code = ERR_MEMORY;
    uint32_t *at = m->codes;
    for (int b = 0; b < k->n_batches && code == 0; b++) {
        const struct column *c = &k->batches[b]->columns[column];
        int64_t n = k->batches[b]->n_rows;
        code = f->type == TYPE_UTF8 ? code_text(m, c, n, at) : code_others(m, f, c, n, &text, at);
        at += n;
    }
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
