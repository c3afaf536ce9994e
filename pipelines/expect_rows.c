#include "core/calendar.h"
#include "core/decimal.h"
#include "core/hash.h"
#include "pipelines/expect.h"

enum { BOUND_SCALE = 9 };

int expectations_bind(struct expectations *e, const struct schema *schema, struct error *err)
{
    for (int i = 0; i < e->n; i++) {
        struct expectation *x = &e->list[i];
        if (x->kind >= EXPECT_LEAST)
            continue;
        if (x->kind == EXPECT_RULE) {
            if (expression_bind(x->rule, schema, e->arena, err) < 0)
                return error_where(err, "%s:%d:%d", e->file, x->at.line, x->at.column);
            continue;
        }
        x->index = schema_find(schema, x->column);
        if (x->index >= 0)
            continue;
        schema_no_field(schema, x->column, err);
        err->code = ERR_CONFIG;
        return error_where(err, "%s:%d:%d", e->file, x->at.line, x->at.column);
    }
    return 0;
}

/* 1: the value is past the bound on that side (-1 below, 1 above), or no number where one is due.
 */
static int past(const struct bound *b, struct slice s, int side)
{
    decimal128 v;
    if (!b->given)
        return 0;
    if (!b->is_number)
        return slice_compare(s, b->text) * side > 0;
    if (!decimal_parse(s, BOUND_SCALE, &v))
        return 1;
    return side < 0 ? v < b->number : v > b->number;
}

static void note_time(struct expectation *x, struct slice s)
{
    int64_t micros;
    if (timestamp_parse(s, &micros) && micros > x->newest)
        x->newest = micros;
}

/* 1: broken, 0: holds, ERR_MEMORY. */
static int broken(struct expectation *x, struct slice s)
{
    int code;
    if (!s.len)
        return x->kind == EXPECT_NOT_NULL;
    switch (x->kind) {
    case EXPECT_UNIQUE:
        code = hash_set_add(&x->set, hash_fixed(s.ptr, s.len));
        return code < 0 ? code : !code;
    case EXPECT_PATTERN:
        return !pattern_found(x->pattern, s);
    case EXPECT_RANGE:
        return past(&x->low, s, -1) || past(&x->high, s, 1);
    case EXPECT_IN:
    case EXPECT_REFERS_TO:
        return !hash_set_has(&x->set, hash_fixed(s.ptr, s.len));
    case EXPECT_FRESH:
        note_time(x, s);
        return 0;
    default:
        return 0;
    }
}

static int value_of(const struct batch *b, int column, int64_t row, struct buffer *text,
                    struct slice *ret)
{
    const struct field *f = &b->schema->fields[column];
    const struct column *c = &b->columns[column];
    *ret = (struct slice){0};
    if (column_null(c, row))
        return 0;
    if (f->type == TYPE_UTF8 || f->type == TYPE_DICT) {
        *ret = column_text(f, c, row);
        return 0;
    }
    buffer_reset(text);
    TRY(value_text(f, c, row, text));
    *ret = buffer_view(text);
    return 0;
}

/* 1: the row breaks it, 0, ERR_MEMORY. */
static int row_breaks(struct expectation *x, const struct batch *b, int64_t row,
                      struct buffer *text)
{
    struct slice value;
    if (x->kind == EXPECT_RULE)
        return !x->holds[row];
    TRY(value_of(b, x->index, row, text, &value));
    return broken(x, value);
}

/* What a row breaks, by name: "EMAIL not null; TOTAL range 0 to 100"; ptr NULL: nothing. */
static int check_row(struct expectations *e, const struct batch *b, int64_t row,
                     struct buffer *text, struct arena *scratch, struct slice *ret)
{
    *ret = (struct slice){0};
    for (int i = 0; i < e->n; i++) {
        struct expectation *x = &e->list[i];
        if (x->kind >= EXPECT_LEAST)
            continue;
        int code = row_breaks(x, b, row, text);
        TRY(code);
        if (!code)
            continue;
        x->failed++;
        char *why = arena_printf(scratch, "%.*s%s%.*s %s", (int)ret->len, ret->len ? ret->ptr : "",
                                 ret->len ? "; " : "", (int)x->column.len, x->column.ptr, x->says);
        if (!why)
            return ERR_MEMORY;
        *ret = slice_str(why);
    }
    return 0;
}

/* Asks every rule of the whole batch: expressions work by column. `rows` is room to count in. */
static int ask_rules(struct expectations *e, const struct batch *b, struct arena *scratch,
                     int32_t *rows)
{
    for (int i = 0; i < e->n; i++) {
        struct expectation *x = &e->list[i];
        int64_t n;
        if (x->kind != EXPECT_RULE)
            continue;
        x->holds = ARENA_ARRAY(scratch, uint8_t, (size_t)b->n_rows + 1);
        if (!x->holds)
            return ERR_MEMORY;
        memset(x->holds, 0, (size_t)b->n_rows + 1);
        TRY(expression_filter(x->rule, b, rows, &n));
        for (int64_t r = 0; r < n; r++)
            x->holds[rows[r]] = 1;
    }
    return 0;
}

int expectations_batch(struct expectations *e, const struct batch *b, struct arena *scratch,
                       int32_t *rows, struct slice *why, int64_t *ret_n, struct error *err)
{
    struct buffer text = {0};
    int64_t n = 0;
    int code = ask_rules(e, b, scratch, rows);
    for (int64_t row = 0; row < b->n_rows && code == 0; row++) {
        code = check_row(e, b, row, &text, scratch, &why[n]);
        if (code == 0 && why[n].ptr)
            rows[n++] = (int32_t)row;
    }
    buffer_done(&text);
    e->rows += b->n_rows;
    *ret_n = n;
    return code < 0 ? error_memory(err) : 0;
}

static int whole_broken(const struct expectation *x, int64_t rows, int64_t now, int64_t last)
{
    int64_t moved = rows > last ? rows - last : last - rows;
    switch (x->kind) {
    case EXPECT_FRESH:
        return x->newest == INT64_MIN || now - x->newest > x->limit;
    case EXPECT_LEAST:
        return rows < x->limit;
    case EXPECT_MOST:
        return rows > x->limit;
    case EXPECT_CHANGE:
        return last >= 0 && (double)moved * 100 > (double)last * (double)x->limit;
    default:
        return x->failed > 0;
    }
}

int expectations_end(struct expectations *e, int64_t now, int64_t last_rows)
{
    int n = 0;
    for (int i = 0; i < e->n; i++) {
        struct expectation *x = &e->list[i];
        int is_broken = whole_broken(x, e->rows, now, last_rows);
        n += is_broken;
        if (x->kind >= EXPECT_FRESH && x->kind != EXPECT_RULE)
            x->failed = is_broken;
    }
    return n;
}
