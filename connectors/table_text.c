#include "connectors/table_text.h"

#include <stdlib.h>

#include "core/file.h"

/* LEAST: a column is not cut below this. LONGEST: bytes of a cell that are looked at. */
enum { LEAST = 6, LONGEST = 1 << 16 };

struct table {
    struct sink sink;
    struct file_out *out;
    int width;           /* to fit; 0: any */
    int *widths;         /* by column, of the first rows */
    int n_shown;         /* columns that have room */
    struct batch **held; /* the first rows; NULL once they are written */
    int n_held;
    int64_t rows; /* in them */
    int begun;    /* the header is written */
    struct buffer text, value, cell;
};

static int is_number(enum type_id type)
{
    return type <= TYPE_DECIMAL && type != TYPE_BOOL;
}

/* A value in t->cell, made safe and cut to `most`. */
static int render(struct table *t, const struct batch *b, int column, int64_t row, int most,
                  int *ret_width)
{
    buffer_reset(&t->value);
    buffer_reset(&t->cell);
    TRY(value_text(&b->schema->fields[column], &b->columns[column], row, &t->value));
    if (most && t->value.len > LONGEST)
        t->value.len = LONGEST;
    return table_cell(buffer_view(&t->value), most, &t->cell, ret_width);
}

static int measure(struct table *t, const struct batch *b)
{
    int width;
    for (int i = 0; i < b->schema->n_fields; i++)
        for (int64_t row = 0; row < b->n_rows && row < TABLE_ROWS; row++) {
            TRY(render(t, b, i, row, t->width, &width));
            if (width > t->widths[i])
                t->widths[i] = width;
        }
    return 0;
}

static int measure_all(struct table *t)
{
    const struct schema *s = t->sink.schema;
    for (int i = 0; i < s->n_fields; i++) {
        buffer_reset(&t->cell);
        TRY(table_cell(s->fields[i].name, t->width, &t->cell, &t->widths[i]));
    }
    for (int i = 0; i < t->n_held; i++)
        TRY(measure(t, t->held[i]));
    t->n_shown = t->width ? table_fit(t->widths, s->n_fields, t->width, LEAST) : s->n_fields;
    return 0;
}

static int put_spaces(struct table *t, int n)
{
    while (n-- > 0)
        TRY(buffer_putc(&t->text, ' '));
    return 0;
}

/* What t->cell holds, of this width, in its column. */
static int put_cell(struct table *t, int column, int width)
{
    int pad = t->widths[column] - width, is_last = column == t->n_shown - 1;
    int right = is_number(t->sink.schema->fields[column].type);
    TRY(put_spaces(t, (column ? 2 : 0) + (right ? pad : 0)));
    TRY(buffer_slice(&t->text, buffer_view(&t->cell)));
    return right || is_last ? 0 : put_spaces(t, pad);
}

static int put_row(struct table *t, const struct batch *b, int64_t row)
{
    for (int i = 0; i < t->n_shown; i++) {
        int width;
        TRY(render(t, b, i, row, t->width ? t->widths[i] : 0, &width));
        TRY(put_cell(t, i, width));
    }
    return buffer_putc(&t->text, '\n');
}

static int put_header(struct table *t)
{
    for (int i = 0; i < t->n_shown; i++) {
        int width;
        buffer_reset(&t->cell);
        TRY(table_cell(t->sink.schema->fields[i].name, t->widths[i], &t->cell, &width));
        TRY(put_cell(t, i, width));
    }
    TRY(buffer_putc(&t->text, '\n'));
    for (int i = 0; i < t->n_shown; i++) {
        TRY(put_spaces(t, i ? 2 : 0));
        for (int w = 0; w < t->widths[i]; w++)
            TRY(buffer_string(&t->text, "─"));
    }
    return buffer_putc(&t->text, '\n');
}

static int put_hidden(struct table *t)
{
    const struct schema *s = t->sink.schema;
    int width, more = s->n_fields - t->n_shown;
    if (more <= 0)
        return 0;
    TRY(buffer_printf(&t->text, "(%d more %s: ", more, more == 1 ? "column" : "columns"));
    buffer_reset(&t->value);
    for (int i = t->n_shown; i < s->n_fields; i++) {
        TRY(buffer_string(&t->value, i > t->n_shown ? ", " : ""));
        TRY(buffer_slice(&t->value, s->fields[i].name));
    }
    int room = t->width > 40 ? t->width - 22 : 18;
    TRY(table_cell(buffer_view(&t->value), room, &t->text, &width));
    return buffer_string(&t->text, ")\n");
}

static int flush(struct table *t, int code, struct error *err)
{
    if (code < 0)
        return error_memory(err);
    code = file_write(t->out, t->text.data, t->text.len, err);
    buffer_reset(&t->text);
    return code;
}

static int write_rows(struct table *t, const struct batch *b, struct error *err)
{
    for (int64_t row = 0; row < b->n_rows; row++) {
        int code = put_row(t, b, row);
        if (code < 0 || t->text.len > LONGEST)
            TRY(flush(t, code, err));
    }
    return flush(t, 0, err);
}

/* The header and the rows that were held. */
static int begin(struct table *t, struct error *err)
{
    int code = 0;
    if (t->begun)
        return 0;
    t->begun = 1;
    TRY(flush(t, measure_all(t), err));
    if (t->n_shown)
        TRY(flush(t, put_header(t), err));
    for (int i = 0; i < t->n_held && code == 0; i++)
        code = write_rows(t, t->held[i], err);
    batches_free(t->held, t->n_held);
    t->held = NULL;
    t->n_held = 0;
    return code;
}

static int hold(struct table *t, struct batch *b, struct error *err)
{
    struct batch **held = realloc(t->held, ((size_t)t->n_held + 1) * sizeof(struct batch *));
    if (!held) {
        batch_free(b);
        return error_memory(err);
    }
    t->held = held;
    t->held[t->n_held++] = b;
    t->rows += b->n_rows;
    return t->rows < TABLE_ROWS ? 0 : begin(t, err);
}

static int table_write_batch(struct sink *sink, struct batch *b, struct error *err)
{
    struct table *t = (struct table *)sink;
    if (!t->begun)
        return hold(t, b, err);
    int code = write_rows(t, b, err);
    batch_free(b);
    return code;
}

static int table_finish(struct sink *sink, struct error *err)
{
    struct table *t = (struct table *)sink;
    TRY(begin(t, err));
    TRY(flush(t, put_hidden(t), err));
    return file_commit(t->out, err);
}

static void table_close(struct sink *sink)
{
    struct table *t = (struct table *)sink;
    batches_free(t->held, t->n_held);
    file_close(t->out);
    buffer_done(&t->text);
    buffer_done(&t->value);
    buffer_done(&t->cell);
    free(t->widths);
    schema_unref(sink->schema);
    free(t);
}

static int table_write(const char *path, const struct schema *schema,
                       const struct write_options *options, struct sink **ret, struct error *err)
{
    static const struct sink_ops ops = {
        .write = table_write_batch, .finish = table_finish, .close = table_close};
    struct table *t = calloc(1, sizeof *t);
    if (!t)
        return error_memory(err);
    t->sink = (struct sink){.ops = &ops, .schema = schema_ref(schema)};
    t->width = options ? options->width : 0;
    t->widths = calloc((size_t)schema->n_fields + 1, sizeof *t->widths);
    int code = t->widths ? file_create(path, 0, &t->out, err) : error_memory(err);
    if (code < 0) {
        table_close(&t->sink);
        return code;
    }
    *ret = &t->sink;
    return 0;
}

const struct format table_format = {
    .name = "table",
    .help = "an aligned table for a terminal",
    .write = table_write,
};
