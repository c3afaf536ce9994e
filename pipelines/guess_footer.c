/* Rows below the data: refused for their number of fields, behind the last good row. */
#include "pipelines/guess.h"

static struct slice cell(const struct batch *b, const char *name, int64_t row)
{
    int i = schema_find(b->schema, slice_str(name));
    return i < 0 || column_null(&b->columns[i], row) ? (struct slice){0}
                                                     : column_slice(&b->columns[i], row);
}

static int64_t line_of(const struct batch *b, int64_t row)
{
    int i = schema_find(b->schema, SLICE_LIT("line"));
    return i < 0 || column_null(&b->columns[i], row) ? 0 : column_i64(&b->columns[i], row);
}

/* How it starts (a word of its own), and whether a field of it counts the rows. */
static void read_footer(struct guess *g)
{
    int delimiter = g->identity.dialect.marks.delimiter, field = 0;
    struct slice rest = slice_trim(g->footer), part;
    struct buffer number = {0};
    if (!delimiter || buffer_printf(&number, "%lld", (long long)g->rows) < 0)
        return;
    while (slice_cut(&rest, (char)delimiter, &part)) {
        field++;
        if (field == 1 && slice_trim(part).len >= 2 && !memchr("0123456789\"", part.ptr[0], 11))
            g->starts = part;
        else if (!g->footer_count && slice_equal(slice_trim(part), buffer_view(&number)))
            g->footer_count = field;
    }
    buffer_done(&number);
}

static int note(struct guess *g, const struct batch *b, int64_t after, struct error *err)
{
    for (int64_t row = 0; row < b->n_rows; row++) {
        if (line_of(b, row) <= after)
            continue;
        if (g->n_footers++ > 0)
            continue;
        g->footer = arena_copy(g->arena, cell(b, "raw", row));
        if (!g->footer.ptr)
            return error_memory(err);
    }
    return 0;
}

int guess_footer(struct guess *g, struct rejects *rejects, int64_t last_line, struct error *err)
{
    struct stream *rows;
    struct batch *b;
    int more, code = 0;
    TRY(rejects_stream(rejects, &rows, err));
    while ((more = stream_next(rows, &b, err)) > 0 && code == 0) {
        if (g->whole && g->rows > 0)
            code = note(g, b, last_line, err);
        batch_free(b);
    }
    stream_close(rows);
    if (g->n_footers == 1)
        read_footer(g);
    return more < 0 ? more : code;
}
