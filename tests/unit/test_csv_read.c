/* Every folder of tests/cases/csv is read as its layout says and gives the rows it expects, the
 * rejects it expects, or the error it expects; with one thread and with two. */
#include "connectors/rows.h"
#include "core/file.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

struct setup {
    struct read_options options;
    struct arena arena;
    enum rows_kind kind;
    struct slice columns[16];
    struct field types[16];
    struct layout_column fixed[16];
};

static int number(struct slice s)
{
    return atoi(s.ptr);
}

static void set_types(struct setup *s, struct slice list)
{
    struct slice part, name;

    while (slice_cut(&list, ',', &part)) {
        char type[40], *bar;
        struct field *f = &s->types[s->options.n_types++];
        slice_cut(&part, ' ', &name);
        snprintf(type, sizeof(type), "%.*s", (int)part.len, part.ptr);
        if ((bar = strchr(type, '|')))
            *bar = ',';
        assert_int_equal(type_parse(slice_str(type), f, NULL), 0);
        f->name = arena_copy(&s->arena, name);
    }
    s->options.types = s->types;
}

static void set_fixed(struct setup *s, struct slice list)
{
    struct slice part, name, from;

    s->kind = ROWS_FIXED;
    while (slice_cut(&list, ',', &part)) {
        struct layout_column *c = &s->fixed[s->options.layout.n_columns++];
        slice_cut(&part, ' ', &name);
        slice_cut(&part, ' ', &from);
        c->name = arena_copy(&s->arena, name);
        c->from = number(from);
        c->width = number(part);
    }
    s->options.layout.columns = s->fixed;
}

static void set_columns(struct setup *s, struct slice list)
{
    struct slice part;

    while (slice_cut(&list, ',', &part))
        s->columns[s->options.n_columns++] = arena_copy(&s->arena, part);
    s->options.columns = s->columns;
}

static void set_one(struct setup *s, struct slice key, struct slice value)
{
    struct layout *l = &s->options.layout;
    char *text = arena_string(&s->arena, value);
    const struct {
        const char *key;
        int *number;
        const char **string;
    } plain[] = {{"header", &l->header, NULL},
                 {"skip", &l->skip, NULL},
                 {"trailer_count", &l->trailer_count, NULL},
                 {"trailer_sum", &l->trailer_sum, NULL},
                 {"trailer_from", &l->trailer_from, NULL},
                 {"trailer_width", &l->trailer_width, NULL},
                 {"encoding", NULL, &l->encoding},
                 {"header_starts", NULL, &l->header_starts},
                 {"trailer_starts", NULL, &l->trailer_starts},
                 {"trailer_of", NULL, &l->trailer_of}};

    if (slice_equal(key, SLICE_LIT("types")))
        set_types(s, value);
    if (slice_equal(key, SLICE_LIT("fixed")))
        set_fixed(s, value);
    if (slice_equal(key, SLICE_LIT("columns")))
        set_columns(s, value);
    if (slice_equal(key, SLICE_LIT("trailer_decimal")))
        l->trailer_decimal = value.ptr[0];
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (slice_equal(key, slice_str(plain[i].key))) {
            if (plain[i].number)
                *plain[i].number = number(value);
            else
                *plain[i].string = text;
        }
}

static char *path_in(const char *folder, const char *name)
{
    char *path = file_join(folder, name);

    assert_non_null(path);
    return path;
}

/* "" when there is no such file. */
static struct buffer content(const char *folder, const char *name)
{
    char *path = path_in(folder, name);
    struct buffer b = {0};

    if (file_exists(path))
        assert_int_equal(file_slurp(path, 1 << 20, &b, NULL), 0);
    buffer_putc(&b, 0);
    b.len--;
    free(path);
    return b;
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

static void show_batch(const struct batch *b, struct buffer *out)
{
    for (int64_t r = 0; r < b->n_rows; r++)
        for (int i = 0; i < b->schema->n_fields; i++) {
            assert_int_equal(value_json(&b->schema->fields[i], &b->columns[i], r, out), 0);
            buffer_putc(out, i + 1 < b->schema->n_fields ? '|' : '\n');
        }
}

static int show_rows(struct stream *rows, struct buffer *out, struct error *err)
{
    struct batch *b;
    int more;

    for (int i = 0; i < rows->schema->n_fields; i++) {
        buffer_slice(out, rows->schema->fields[i].name);
        buffer_putc(out, i + 1 < rows->schema->n_fields ? '|' : '\n');
    }
    while ((more = stream_next(rows, &b, err)) > 0) {
        show_batch(b, out);
        batch_free(b);
    }
    return more;
}

/* "LINE CODE COLUMN" of each. */
static void show_rejects(struct rejects *rejects, struct buffer *out)
{
    struct stream *s;
    struct batch *b;

    assert_int_equal(rejects_stream(rejects, &s, NULL), 0);
    while (stream_next(s, &b, NULL) > 0) {
        int line = schema_find(s->schema, SLICE_LIT("line"));
        int code = schema_find(s->schema, SLICE_LIT("code"));
        int column = schema_find(s->schema, SLICE_LIT("column"));
        for (int64_t r = 0; r < b->n_rows; r++) {
            buffer_printf(out, "%lld ", (long long)column_i64(&b->columns[line], r));
            buffer_slice(out, column_slice(&b->columns[code], r));
            buffer_putc(out, ' ');
            buffer_slice(out, column_slice(&b->columns[column], r));
            buffer_putc(out, '\n');
        }
        batch_free(b);
    }
    stream_close(s);
}

static char *input_of(const char *folder)
{
    char pattern[512], **paths, *path;
    size_t n;

    snprintf(pattern, sizeof(pattern), "%s/input.*", folder);
    assert_int_equal(file_glob(pattern, &paths, &n, NULL), 0);
    assert_int_equal(n, 1);
    path = strdup(paths[0]);
    file_list_free(paths, n);
    return path;
}

static void same_text(const char *folder, const char *what, struct buffer *got, struct buffer *want)
{
    buffer_putc(got, 0);
    got->len--;
    if (strcmp((char *)got->data, (char *)want->data) != 0)
        print_error("%s/%s:\n got %s\nwant %s\n", folder, what, (char *)got->data,
                    (char *)want->data);
    assert_string_equal((char *)got->data, (char *)want->data);
}

static void check_error(const char *folder, int code, const struct error *err)
{
    struct buffer want = content(folder, "error");
    char said[1200];

    snprintf(said, sizeof(said), "%s: %s", err->where, err->text);
    while (want.len && want.data[want.len - 1] == '\n')
        want.data[--want.len] = 0;
    if (want.len ? code >= 0 || !strstr(said, (char *)want.data) : code < 0)
        print_error("%s: said '%s', want '%s'\n", folder, said, (char *)want.data);
    if (want.len) {
        assert_true(code < 0);
        assert_non_null(strstr(said, (char *)want.data));
    } else {
        assert_true(code >= 0);
    }
    buffer_done(&want);
}

static void run_case(const char *folder, struct pool *pool)
{
    struct setup s;
    char *path = input_of(folder);
    const char *paths[] = {path};
    struct stream *rows = NULL;
    struct buffer got = {0}, bad = {0}, want = content(folder, "expect"),
                  want_bad = content(folder, "rejects");
    struct error err = {0};
    int code;

    set_up(&s, folder);
    s.options.rejects = rejects_new();
    s.options.pool = pool;
    code = rows_open(s.kind, paths, 1, &s.options, 0, &rows, &err);
    if (code >= 0)
        code = show_rows(rows, &got, &err);
    check_error(folder, code, &err);
    if (code >= 0) {
        same_text(folder, "expect", &got, &want);
        show_rejects(s.options.rejects, &bad);
        same_text(folder, "rejects", &bad, &want_bad);
    }
    stream_close(rows);
    rejects_free(s.options.rejects);
    arena_done(&s.arena);
    buffer_done(&got);
    buffer_done(&bad);
    buffer_done(&want);
    buffer_done(&want_bad);
    free(path);
}

static void run_cases(struct pool *pool)
{
    char **folders;
    size_t n;

    assert_int_equal(file_glob("tests/cases/csv/*", &folders, &n, NULL), 0);
    assert_true(n > 40);
    for (size_t i = 0; i < n; i++)
        run_case(folders[i], pool);
    file_list_free(folders, n);
}

static void the_cases_read_as_they_expect(void **state)
{
    (void)state;
    run_cases(NULL);
}

static void the_cases_read_the_same_with_two_threads(void **state)
{
    struct pool *pool = pool_new(2);

    (void)state;
    assert_non_null(pool);
    run_cases(pool);
    pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cases_read_as_they_expect),
        cmocka_unit_test(the_cases_read_the_same_with_two_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
