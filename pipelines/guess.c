#include "pipelines/guess.h"

#include <stdarg.h>
#include <stdio.h>

#include "pipelines/columns.h"

void guess_doubt(struct guess *g, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (g->n_doubts < GUESS_DOUBTS && (g->doubts[g->n_doubts] = arena_printf(g->arena, "%s", text)))
        g->n_doubts++;
}

/* Batches until there are enough rows. */
static int collect(struct stream *from, struct batch **batches, int cap, int *ret_n,
                   struct guess *g, struct error *err)
{
    int more = 1, n = 0;
    while (n < cap && g->rows < GUESS_ROWS && (more = stream_next(from, &batches[n], err)) > 0)
        g->rows += batches[n++]->n_rows;
    *ret_n = n;
    g->whole = more == 0;
    return more < 0 ? more : 0;
}

static void look_at_column(struct guess *g, const struct field *f, const struct match_column *m,
                           const uint32_t *counts)
{
    struct guess_column *c = &g->columns[g->n_columns++];
    *c = (struct guess_column){.name = arena_copy(g->arena, f->name), .distinct = m->values.n};
    c->typed = f->type != TYPE_UTF8 && f->type != TYPE_DICT;
    for (uint32_t v = 0; v < m->values.n; v++) {
        text_types_add(&c->texts, dict_get(&m->values, v), counts[v]);
        c->filled += counts[v];
    }
    if (c->typed) {
        c->type = c->nearest = *f;
        c->fit = c->filled;
        return;
    }
    text_types_nearest(&c->texts, &c->nearest, &c->fit);
    text_types_decide(&c->texts, &c->type);
    c->date_format = text_types_date_format(&c->texts, &c->date_sure);
}

/* A value that is not of the nearest type: the most frequent one, the first of equals. */
static void find_example(struct guess *g, struct guess_column *c, const struct match_column *m,
                         const uint32_t *counts)
{
    uint32_t best = 0;
    for (uint32_t v = 0; v < m->values.n && c->fit < c->filled; v++) {
        struct text_types one = {0};
        struct field type;
        text_types_add(&one, dict_get(&m->values, v), 1);
        text_types_decide(&one, &type);
        int fits = type.type == c->nearest.type ||
                   (type.type == TYPE_INT64 && c->nearest.type != TYPE_BOOL &&
                    c->nearest.type != TYPE_DATE && c->nearest.type != TYPE_TIMESTAMP);
        if (!fits && counts[v] > best) {
            best = counts[v];
            c->example = arena_copy(g->arena, dict_get(&m->values, v));
        }
    }
}

/* Digits that name somebody are no amount. */
static int is_identifier(const struct guess_column *c)
{
    switch (c->meaning) {
    case MEANING_KEY:
    case MEANING_SOURCE:
    case MEANING_PHONE:
    case MEANING_HOUSE_NUMBER:
    case MEANING_POSTCODE:
    case MEANING_ID:
        return !c->typed && (c->type.type == TYPE_INT64 || c->type.type == TYPE_DECIMAL);
    default:
        return 0;
    }
}

static int decide_meanings(struct guess *g, const struct coded_columns *coded, struct error *err)
{
    struct meaning_column *m =
        ARENA_ARRAY(g->arena, struct meaning_column, (size_t)g->n_columns + 1);
    if (!m)
        return error_memory(err);
    for (int i = 0; i < g->n_columns; i++) {
        m[i].name = g->columns[i].name;
        columns_look(coded, i, &m[i].stats);
    }
    meaning_decide(m, g->n_columns, g->rows);
    for (int i = 0; i < g->n_columns; i++) {
        struct guess_column *c = &g->columns[i];
        c->meaning = m[i].meaning;
        c->why = m[i].why;
        if (is_identifier(c))
            c->type = (struct field){.type = TYPE_UTF8};
    }
    return 0;
}

static int look_at_columns(struct guess *g, const struct coded_columns *coded,
                           const struct schema *schema, struct error *err)
{
    g->columns = ARENA_ARRAY(g->arena, struct guess_column, (size_t)coded->n_columns + 1);
    if (!g->columns)
        return error_memory(err);
    for (int i = 0; i < coded->n_columns; i++) {
        const struct match_column *m = &coded->columns[i];
        uint32_t *counts = ARENA_ARRAY(g->arena, uint32_t, (size_t)m->values.n + 1);
        if (!counts)
            return error_memory(err);
        for (uint32_t row = 0; row < coded->n; row++)
            if (m->codes[row] != MATCH_MISSING)
                counts[m->codes[row]]++;
        look_at_column(g, &schema->fields[i], m, counts);
        if (!g->columns[i].typed)
            find_example(g, &g->columns[i], m, counts);
    }
    return decide_meanings(g, coded, err);
}

static void doubt_file(struct guess *g)
{
    const struct identity *id = &g->identity;
    if (!id->encoding_sure)
        guess_doubt(g, "the encoding: no byte order mark and no valid UTF-8, so it is taken for %s",
                    id->encoding);
    if (id->has_dialect && id->dialect_sure < 40)
        guess_doubt(g, id->dialect_sure < 20 ? "the delimiter: nothing separates columns evenly"
                                             : "the delimiter: rows differ in their fields");
    if (id->has_dialect && id->dialect.header == 0)
        guess_doubt(g, "the header: the first row looks like data, so the columns are c1, c2 …");
    if (strcmp(id->line_end, "mixed") == 0)
        guess_doubt(g, "the line ends are mixed");
    if (g->rejected > g->n_footers)
        guess_doubt(g, "%lld rows could not be read: 'sluice read --rejects FILE' shows them",
                    (long long)(g->rejected - g->n_footers));
    if (g->rows < GUESS_FEW)
        guess_doubt(g, "types and meanings: there are only %lld rows", (long long)g->rows);
}

static void doubt_columns(struct guess *g)
{
    for (int i = 0; i < g->n_columns; i++) {
        struct guess_column *c = &g->columns[i];
        int len = (int)(c->name.len > 60 ? 60 : c->name.len);
        if (c->date_format && !c->date_sure)
            guess_doubt(g, "'%.*s': day and month could be either way round", len, c->name.ptr);
        else if (c->fit < c->filled && c->nearest.type != TYPE_UTF8 && c->fit * 10 >= c->filled * 8)
            guess_doubt(g, "'%.*s': %lld of %lld values are no %s, as '%.*s'", len, c->name.ptr,
                        (long long)(c->filled - c->fit), (long long)c->filled,
                        type_name(&c->nearest, g->arena),
                        (int)(c->example.len > 40 ? 40 : c->example.len),
                        c->example.len ? c->example.ptr : "");
    }
}

static int64_t last_line(struct batch *const *batches, int n)
{
    const struct batch *b = n ? batches[n - 1] : NULL;
    int at = b ? schema_find(b->schema, SLICE_LIT("__line")) : -1;
    return at >= 0 && b->n_rows ? column_i64(&b->columns[at], b->n_rows - 1) : 0;
}

static int guess_rows(struct guess *g, struct stream *rows, struct batch **batches, int cap,
                      const struct read_options *options, struct error *err)
{
    struct coded_columns coded = {0};
    int n = 0, code = collect(rows, batches, cap, &n, g, err);
    int line = schema_find(rows->schema, SLICE_LIT("__file"));
    if (code == 0)
        code = columns_code(batches, n, rows->schema, options->pool, &coded, err);
    int all = coded.n_columns;
    if (line >= 0)
        coded.n_columns = line;
    if (code == 0)
        code = look_at_columns(g, &coded, rows->schema, err);
    coded.n_columns = all;
    columns_done(&coded);
    g->rejected = rejects_count(options->rejects);
    if (code == 0 && g->identity.has_dialect)
        code = guess_footer(g, options->rejects, last_line(batches, n), err);
    for (int i = 0; i < n; i++)
        batch_free(batches[i]);
    return code;
}

int guess_file(const char *path, const struct read_options *options, struct arena *a,
               struct guess *ret, struct error *err)
{
    enum { MOST_BATCHES = 4096 };
    struct read_options how = *options;
    struct stream *rows;
    struct batch **batches = ARENA_ARRAY(a, struct batch *, MOST_BATCHES);
    *ret = (struct guess){.path = path, .arena = a};
    if (!batches)
        return error_memory(err);
    TRY(identify(path, options, a, &ret->identity, err));
    if (ret->identity.has_dialect)
        how.flags |= READ_WITH_PLACE;
    TRY(format_read(&path, 1, &how, &rows, err));
    int code = guess_rows(ret, rows, batches, MOST_BATCHES, &how, err);
    stream_close(rows);
    TRY(code);
    doubt_file(ret);
    doubt_columns(ret);
    return 0;
}
