/* Every folder of tests/cases/json and tests/cases/xml is read as its layout says and gives the
 * rows it expects, the rejects it expects, or the error it expects; with one thread and with two,
 * from a file and, where the columns are named, the same from anywhere. */
#include <stdio.h>
#include <stdlib.h>

#include "connectors/format.h"
#include "core/file.h"
#include "tests/unit/unit.h"

struct setup {
    struct read_options options;
    struct arena arena;
    struct slice columns[16];
    struct field types[16];
};

/* "" when there is no such file. */
static struct buffer content(const char *folder, const char *name)
{
    char *path = file_join(folder, name);
    struct buffer b = {0};
    if (file_exists(path))
        assert_int_equal(file_slurp(path, 1 << 20, &b, NULL), 0);
    buffer_putc(&b, 0);
    b.len--;
    free(path);
    return b;
}

static void set_types(struct setup *s, struct slice list)
{
    struct slice part, name;
    while (slice_cut(&list, ';', &part)) {
        struct field *f = &s->types[s->options.n_types++];
        slice_cut(&part, ' ', &name);
        assert_int_equal(type_parse(part, f, NULL), 0);
        f->name = arena_copy(&s->arena, name);
    }
    s->options.types = s->types;
}

static void set_one(struct setup *s, struct slice key, struct slice value)
{
    struct layout *l = &s->options.layout;
    const char *text = arena_string(&s->arena, value);
    struct slice part;
    if (slice_equal(key, SLICE_LIT("each")))
        l->each = text;
    else if (slice_equal(key, SLICE_LIT("explode")))
        l->explode = text;
    else if (slice_equal(key, SLICE_LIT("encoding")))
        l->encoding = text;
    else if (slice_equal(key, SLICE_LIT("types")))
        set_types(s, value);
    else if (slice_equal(key, SLICE_LIT("place")))
        s->options.flags = READ_WITH_PLACE;
    else if (slice_equal(key, SLICE_LIT("columns"))) {
        while (slice_cut(&value, ',', &part))
            s->columns[s->options.n_columns++] = arena_copy(&s->arena, part);
        s->options.columns = s->columns;
    } else
        fail_msg("a layout has an unknown key");
}

static void set_up(struct setup *s, const char *folder)
{
    struct buffer b = content(folder, "layout");
    struct slice rest = buffer_view(&b), line, key;
    *s = (struct setup){.options = {.layout = LAYOUT_DETECT}};
    arena_init(&s->arena, 0);
    while (slice_cut(&rest, '\n', &line) && line.len) {
        slice_cut(&line, '=', &key);
        set_one(s, key, line);
    }
    buffer_done(&b);
}

static int show_rows(struct stream *rows, struct buffer *out, struct error *err)
{
    struct batch *b;
    int more, n = rows->schema->n_fields;
    for (int i = 0; i < n; i++) {
        buffer_slice(out, rows->schema->fields[i].name);
        buffer_putc(out, i + 1 < n ? '|' : '\n');
    }
    while ((more = stream_next(rows, &b, err)) > 0) {
        for (int64_t r = 0; r < b->n_rows; r++)
            for (int i = 0; i < n; i++) {
                value_json(&b->schema->fields[i], &b->columns[i], r, out);
                buffer_putc(out, i + 1 < n ? '|' : '\n');
            }
        batch_free(b);
    }
    return more;
}

/* "LINE OFFSET CODE COLUMN" of each. */
static void show_rejects(struct rejects *rejects, struct buffer *out)
{
    struct stream *s;
    struct batch *b;
    assert_int_equal(rejects_stream(rejects, &s, NULL), 0);
    int line = schema_find(s->schema, SLICE_LIT("line"));
    int offset = schema_find(s->schema, SLICE_LIT("offset"));
    int code = schema_find(s->schema, SLICE_LIT("code"));
    int column = schema_find(s->schema, SLICE_LIT("column"));
    while (stream_next(s, &b, NULL) > 0) {
        for (int64_t r = 0; r < b->n_rows; r++) {
            buffer_printf(out, "%lld %lld ", (long long)column_i64(&b->columns[line], r),
                          (long long)column_i64(&b->columns[offset], r));
            buffer_slice(out, column_slice(&b->columns[code], r));
            struct slice name = column_slice(&b->columns[column], r);
            if (name.len)
                buffer_putc(out, ' ');
            buffer_slice(out, name);
            buffer_putc(out, '\n');
        }
        batch_free(b);
    }
    stream_close(s);
}

static void read_all(struct setup *s, const char *path, struct buffer *rows, struct buffer *bad,
                     struct buffer *wrong)
{
    struct stream *stream = NULL;
    struct error err = {0};
    int64_t seen = 0;
    s->options.rejects = rejects_new();
    s->options.ret_rows_in = &seen;
    int code = format_of_path(path)->read(&path, 1, &s->options, &stream, &err);
    if (code == 0)
        code = show_rows(stream, rows, &err);
    stream_close(stream);
    if (code < 0)
        buffer_printf(wrong, "%s: %s\n", err.where, err.text);
    else
        show_rejects(s->options.rejects, bad);
    rejects_free(s->options.rejects);
}

static void compare(const char *folder, const char *name, const struct buffer *got)
{
    struct buffer want = content(folder, name);
    char *text = calloc(got->len + 1, 1);
    if (got->len)
        memcpy(text, got->data, got->len);
    if (!slice_equal(buffer_view(&want), buffer_view(got)))
        fprintf(stderr, "%s: %s\ngot:\n%s\nwant:\n%s\n", folder, name, text,
                (const char *)want.data);
    assert_true(slice_equal(buffer_view(&want), buffer_view(got)));
    free(text);
    buffer_done(&want);
}

static void one_case(const char *folder, const char *input, int threads)
{
    struct setup s;
    struct buffer rows = {0}, bad = {0}, wrong = {0};
    set_up(&s, folder);
    s.options.pool = pool_new(threads);
    read_all(&s, input, &rows, &bad, &wrong);
    if (wrong.len)
        buffer_reset(&rows);
    compare(folder, "expect", &rows);
    compare(folder, "rejects", &bad);
    compare(folder, "error", &wrong);
    buffer_done(&rows);
    buffer_done(&bad);
    buffer_done(&wrong);
    pool_free(s.options.pool);
    arena_done(&s.arena);
}

static void all_cases(const char *pattern)
{
    char **inputs;
    size_t n;
    assert_int_equal(file_glob(pattern, &inputs, &n, NULL), 0);
    assert_true(n > 5);
    for (size_t i = 0; i < n; i++) {
        char folder[512];
        snprintf(folder, sizeof folder, "%s", inputs[i]);
        *strrchr(folder, '/') = 0;
        for (int threads = 1; threads < 3; threads++)
            one_case(folder, inputs[i], threads);
    }
    file_list_free(inputs, n);
}

static void json_cases_give_what_they_expect(void **state)
{
    (void)state;
    all_cases("tests/cases/json/*/input.json*");
}

static void xml_cases_give_what_they_expect(void **state)
{
    (void)state;
    all_cases("tests/cases/xml/*/input.xml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_cases_give_what_they_expect),
        cmocka_unit_test(xml_cases_give_what_they_expect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
