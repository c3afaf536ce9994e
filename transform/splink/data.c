#include "transform/splink/data.h"

#include <stdlib.h>

#include "core/calendar.h"
#include "transform/splink/value.h"

/* A column while it is filled. */
struct loading {
    struct splink_values *to;
    struct dict keys;
    struct buffer values, codes, offsets, key;
    int numbers;
};

static int copy_value(struct arena *a, struct sql_value *v)
{
    if (v->type == SQL_TEXT) {
        v->text = arena_copy(a, v->text);
        return v->text.ptr ? 0 : ERR_MEMORY;
    }
    if (v->type != SQL_LIST)
        return 0;
    struct sql_value *items = ARENA_ARRAY(a, struct sql_value, (size_t)v->n + 1);
    if (!items)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < v->n; i++) {
        items[i] = v->items[i];
        TRY(copy_value(a, &items[i]));
    }
    v->items = items;
    return 0;
}

/* MATCH_MISSING stands for null until the number of values is known. */
static int put(struct loading *l, struct sql_value v)
{
    uint32_t code = MATCH_MISSING;
    if (l->numbers)
        sql_as_number(&v);
    if (v.type != SQL_NULL) {
        buffer_reset(&l->key);
        TRY(sql_value_key(&v, &l->key));
        uint32_t before = l->keys.n;
        int64_t found = dict_add(&l->keys, buffer_view(&l->key));
        if (found < 0)
            return ERR_MEMORY;
        code = (uint32_t)found;
        if (l->keys.n > before) {
            TRY(copy_value(&l->to->arena, &v));
            TRY(buffer_append(&l->values, &v, sizeof v));
        }
    }
    return buffer_append(&l->codes, &code, sizeof code);
}

static int put_offset(struct loading *l)
{
    uint32_t at = (uint32_t)(l->codes.len / sizeof at);
    return buffer_append(&l->offsets, &at, sizeof at);
}

/* A list's items one by one; another value is a list of itself. */
static int put_items(struct loading *l, const struct sql_value *v)
{
    TRY(put_offset(l));
    for (uint32_t i = 0; v->type == SQL_LIST && i < v->n; i++)
        TRY(put(l, v->items[i]));
    return v->type == SQL_LIST || v->type == SQL_NULL ? 0 : put(l, *v);
}

/* A value of a batch; texts are slices of it, lists are made in `a`. */
static int batch_value(const struct field *f, const struct column *c, int64_t row, struct arena *a,
                       struct sql_value *ret)
{
    struct buffer text = {0};
    int32_t first, n;
    *ret = (struct sql_value){0};
    if (column_null(c, row))
        return 0;
    switch (f->type) {
    case TYPE_UTF8:
    case TYPE_DICT:
        *ret = sql_text_value(column_text(f, c, row));
        return 0;
    case TYPE_BOOL:
        *ret = sql_bool(column_bool(c, row));
        return 0;
    case TYPE_DATE:
        *ret = (struct sql_value){.type = SQL_DATE,
                                  .time = (int64_t)column_i32(c, row) * MICROS_PER_DAY};
        return 0;
    case TYPE_TIMESTAMP:
        *ret = (struct sql_value){.type = SQL_TIME, .time = column_i64(c, row)};
        return 0;
    case TYPE_FLOAT64:
        *ret = sql_number(column_f64(c, row));
        return 0;
    case TYPE_LIST:
        n = column_list(c, row, &first);
        struct sql_value *items = ARENA_ARRAY(a, struct sql_value, (size_t)n + 1);
        if (!items)
            return ERR_MEMORY;
        for (int32_t i = 0; i < n; i++)
            TRY(batch_value(&f->children[0], &c->children[0], first + i, a, &items[i]));
        *ret = (struct sql_value){.type = SQL_LIST, .n = (uint32_t)n, .items = items};
        return 0;
    default: /* numbers of other widths, by their text */
        TRY(value_text(f, c, row, &text));
        *ret = sql_text_value(arena_copy(a, buffer_view(&text)));
        if (f->type != TYPE_STRUCT && f->type != TYPE_BINARY)
            sql_as_number(ret);
        buffer_done(&text);
        return 0;
    }
}

static int load_batches(struct loading *l, const struct match_table *t, int field, int items)
{
    struct arena scratch;
    int code = 0;
    arena_init(&scratch, 0);
    for (int b = 0; b < t->n_batches && code == 0; b++) {
        const struct batch *batch = t->batches[b];
        for (int64_t row = 0; row < batch->n_rows && code == 0; row++) {
            struct sql_value v;
            arena_reset(&scratch);
            code = batch_value(&batch->schema->fields[field], &batch->columns[field], row, &scratch,
                               &v);
            if (code == 0)
                code = items ? put_items(l, &v) : put(l, v);
        }
    }
    arena_done(&scratch);
    return code;
}

static struct sql_value coded_value(const struct match_column *c, uint32_t code)
{
    return code == MATCH_MISSING ? (struct sql_value){0}
                                 : sql_text_value(dict_get(&c->values, code));
}

/* From the table's own columns, for tables that were made without batches. */
static int load_column(struct loading *l, const struct match_column *c, uint32_t n, int items)
{
    struct arena scratch;
    int code = 0;
    arena_init(&scratch, 0);
    for (uint32_t i = 0; i < n && code == 0; i++) {
        struct sql_value v =
            c->offsets ? (struct sql_value){.type = SQL_LIST} : coded_value(c, c->codes[i]);
        arena_reset(&scratch);
        if (c->offsets) {
            v.n = c->offsets[i + 1] - c->offsets[i];
            struct sql_value *all = ARENA_ARRAY(&scratch, struct sql_value, (size_t)v.n + 1);
            for (uint32_t k = 0; all && k < v.n; k++)
                all[k] = coded_value(c, c->codes[c->offsets[i] + k]);
            v.items = all;
            code = all ? 0 : ERR_MEMORY;
        }
        if (code == 0)
            code = items ? put_items(l, &v) : put(l, v);
    }
    arena_done(&scratch);
    return code;
}

static int count_values(struct splink_values *v, uint32_t n)
{
    v->counts = calloc((size_t)v->n_values + 1, sizeof *v->counts);
    if (!v->counts)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < n; i++) {
        v->counts[v->codes[i]]++;
        v->filled += v->codes[i] < v->n_values;
    }
    return 0;
}

static int loaded(struct loading *l, uint32_t n, int items)
{
    const struct sql_value null = {0};
    struct splink_values *v = l->to;
    v->n_values = l->keys.n;
    TRY(buffer_append(&l->values, &null, sizeof null));
    TRY(buffer_reserve(&l->codes, sizeof(uint32_t)));
    if (items) {
        TRY(put_offset(l));
        v->offsets = buffer_take(&l->offsets);
    }
    uint32_t *codes = (uint32_t *)(void *)l->codes.data;
    for (size_t i = 0; i < l->codes.len / sizeof *codes; i++)
        codes[i] = codes[i] == MATCH_MISSING ? v->n_values : codes[i];
    v->values = buffer_take(&l->values);
    v->codes = buffer_take(&l->codes);
    return items ? 0 : count_values(v, n);
}

static int find_coded(const struct match_table *t, struct slice name)
{
    for (int i = 0; i < t->n_columns; i++)
        if (slice_equal_nocase(t->columns[i].name, name))
            return i;
    return -1;
}

/* Column names are without case, as in DuckDB. */
static int find_field(const struct match_table *t, struct slice name)
{
    const struct schema *s = t->n_batches ? t->batches[0]->schema : NULL;
    for (int i = 0; s && i < s->n_fields; i++)
        if (slice_equal_nocase(s->fields[i].name, name))
            return i;
    return -1;
}

static int no_column(const struct match_table *t, struct slice name, struct error *err)
{
    const struct schema *s = t->n_batches ? t->batches[0]->schema : NULL;
    const char **names = calloc((size_t)(s ? s->n_fields : t->n_columns) + 1, sizeof *names);
    size_t n = 0;
    for (int i = 0; names && s && i < s->n_fields; i++)
        names[n++] = s->fields[i].name.ptr;
    const char *near = names ? slice_nearest(name, names, n) : NULL;
    error_set(err, ERR_DATA, "the Splink model needs a column '%.*s', and the input has none%s%s%s",
              (int)name.len, name.ptr, near ? ": did you mean '" : "", near ? near : "",
              near ? "' (rename it with 'sluice map', or in the model)" : "");
    free(names);
    return ERR_DATA;
}

/* 1 when there is such a column, 0 when not, or a negative code. */
static int load(const struct match_table *t, const struct splink_column *c,
                struct splink_values *ret)
{
    int field = find_field(t, c->name), coded = field < 0 ? find_coded(t, c->name) : -1;
    struct loading l = {.to = ret, .numbers = c->numbers};
    arena_init(&ret->arena, 0);
    if (field < 0 && coded < 0 && (t->n_batches || t->n))
        return 0;
    int code = dict_init(&l.keys);
    if (code == 0 && c->items)
        code = buffer_reserve(&l.offsets, sizeof(uint32_t));
    if (code == 0 && field >= 0)
        code = load_batches(&l, t, field, c->items);
    else if (code == 0 && coded >= 0)
        code = load_column(&l, &t->columns[coded], t->n, c->items);
    if (code == 0)
        code = loaded(&l, t->n, c->items);
    dict_done(&l.keys);
    buffer_done(&l.values);
    buffer_done(&l.codes);
    buffer_done(&l.offsets);
    buffer_done(&l.key);
    return code < 0 ? ERR_MEMORY : 1;
}

static void values_done(struct splink_values *v)
{
    free(v->values);
    free(v->codes);
    free(v->offsets);
    free(v->counts);
    arena_done(&v->arena);
}

/* Codes from the order of rows to the order of records. */
static int reorder(const struct splink_data *d, struct splink_values *v)
{
    size_t n = v->offsets ? v->offsets[d->n] : d->n, at = 0;
    uint32_t *codes = malloc((n + 1) * sizeof *codes);
    uint32_t *offsets = v->offsets ? malloc(((size_t)d->n + 1) * sizeof *offsets) : NULL;
    if (!codes || (v->offsets && !offsets)) {
        free(codes);
        free(offsets);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < d->n; i++) {
        uint32_t row = d->row[i];
        if (!v->offsets) {
            codes[i] = v->codes[row];
            continue;
        }
        offsets[i] = (uint32_t)at;
        for (uint32_t k = v->offsets[row]; k < v->offsets[row + 1]; k++)
            codes[at++] = v->codes[k];
    }
    if (offsets)
        offsets[d->n] = (uint32_t)at;
    free(v->codes);
    free(v->offsets);
    v->codes = codes;
    v->offsets = offsets;
    return 0;
}

const struct sql_value *splink_view_value(void *arg, const struct sql_node *n)
{
    const struct splink_view *v = arg;
    const struct splink_data *d = v->data;
    int column = n->kind == SQL_DERIVED ? d->model->derived[n->slot].column : n->slot;
    const struct splink_values *values = &d->columns[column];
    uint32_t at = v->record[n->side];
    if (values->offsets)
        for (int i = 0; v->rule && i < v->rule->n_exploded; i++)
            if (v->rule->exploded[i] == column)
                at = v->item[n->side][i];
    uint32_t code = values->codes[at];
    return n->kind == SQL_DERIVED ? &d->derived[n->slot][code] : &values->values[code];
}

struct one_value {
    const struct splink_data *data;
    int column;
    uint32_t code;
};

static const struct sql_value *value_of_code(void *arg, const struct sql_node *n)
{
    const struct one_value *v = arg;
    return n->kind == SQL_DERIVED ? &v->data->derived[n->slot][v->code]
                                  : &v->data->columns[v->column].values[v->code];
}

static int derive_values(struct splink_data *d, int at, struct sql_regexes *regexes)
{
    const struct splink_derived *x = &d->model->derived[at];
    struct splink_values *v = &d->columns[x->column];
    struct one_value one = {.data = d, .column = x->column};
    struct arena scratch;
    struct sql_scope scope = {.dialect = d->model->dialect,
                              .value = value_of_code,
                              .arg = &one,
                              .arena = &scratch,
                              .regexes = regexes};
    int code = 0;
    d->derived[at] = calloc((size_t)v->n_values + 1, sizeof *d->derived[at]);
    if (!d->derived[at])
        return ERR_MEMORY;
    arena_init(&scratch, 0);
    for (one.code = 0; one.code <= v->n_values && code == 0; one.code++) {
        arena_reset(&scratch);
        code = sql_eval(&scope, x->expression, &d->derived[at][one.code]);
        if (code == 0)
            code = copy_value(&v->arena, &d->derived[at][one.code]);
    }
    arena_done(&scratch);
    return code;
}

struct deriving {
    struct splink_data *d;
    int failed;
};

/* All of one column's expressions: they may use each other, and share its arena. */
static void derive_column(void *arg, size_t column)
{
    struct deriving *work = arg;
    struct sql_regexes *regexes = sql_regexes_new();
    int code = regexes ? 0 : ERR_MEMORY;
    for (int i = 0; i < work->d->model->n_derived && code == 0; i++)
        if (work->d->model->derived[i].column == (int)column)
            code = derive_values(work->d, i, regexes);
    sql_regexes_free(regexes);
    if (code < 0)
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
}

static int load_columns(struct splink_data *d, const struct match_table *t, struct error *err)
{
    for (int i = 0; i < d->model->n_columns; i++) {
        int found = load(t, &d->model->columns[i], &d->columns[i]);
        if (found <= 0)
            return found < 0 ? error_memory(err) : no_column(t, d->model->columns[i].name, err);
    }
    return 0;
}

static int order_records(struct splink_data *d, const struct match_table *t, struct error *err)
{
    struct splink_values ids = {0}, sources = {0};
    const struct splink_column id = {.name = d->model->id_column};
    const struct splink_column source = {.name = d->model->source_column};
    const struct splink_column plain = {.name = SLICE_LIT("source")};
    int has_id = load(t, &id, &ids), has_source = 0;
    if (d->model->link != SPLINK_DEDUPE_ONLY) {
        has_source = load(t, &source, &sources);
        if (has_source == 0)
            has_source = load(t, &plain, &sources);
        d->source = has_source > 0 ? calloc((size_t)d->n + 1, sizeof *d->source) : NULL;
    }
    int code = has_id < 0 || has_source < 0 || (has_source && !d->source) ? error_memory(err) : 0;
    if (code == 0 && d->model->link == SPLINK_LINK_ONLY && !has_source)
        code = error_set(err, ERR_DATA,
                         "the Splink model links different datasets, and no column '%.*s' says "
                         "which a row is of",
                         (int)source.name.len, source.name.ptr);
    if (code == 0 && splink_order_rows(d, has_id ? &ids : NULL, has_source ? &sources : NULL) < 0)
        code = error_memory(err);
    values_done(&ids);
    values_done(&sources);
    return code;
}

int splink_data_init(struct splink_data *d, const struct match_table *t,
                     const struct splink_model *m, struct pool *pool, struct error *err)
{
    *d = (struct splink_data){.model = m, .n = t->n};
    d->row = malloc(((size_t)t->n + 1) * sizeof *d->row);
    d->id_rank = malloc(((size_t)t->n + 1) * sizeof *d->id_rank);
    d->columns = calloc((size_t)m->n_columns + 1, sizeof *d->columns);
    d->derived = calloc((size_t)m->n_derived + 1, sizeof *d->derived);
    if (!d->row || !d->id_rank || !d->columns || !d->derived)
        return error_memory(err);
    for (int i = 0; i < m->n_columns; i++)
        arena_init(&d->columns[i].arena, 0);
    TRY(load_columns(d, t, err));
    TRY(order_records(d, t, err));
    for (int i = 0; i < m->n_columns; i++)
        if (reorder(d, &d->columns[i]) < 0)
            return error_memory(err);
    struct deriving work = {.d = d};
    pool_for(pool, (size_t)m->n_columns, derive_column, &work);
    return work.failed ? error_memory(err) : 0;
}

void splink_data_done(struct splink_data *d)
{
    for (int i = 0; d->columns && i < d->model->n_columns; i++)
        values_done(&d->columns[i]);
    for (int i = 0; d->derived && i < d->model->n_derived; i++)
        free(d->derived[i]);
    free(d->row);
    free(d->id_rank);
    free(d->source);
    free(d->columns);
    free(d->derived);
    *d = (struct splink_data){0};
}
