/* check: are the rows what they should be? */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/overview.h"
#include "cmd/session.h"
#include "core/builder.h"
#include "core/calendar.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/number.h"
#include "pipelines/expect.h"

struct check_tool {
    struct io_options io;
    const char *expect, *failed, *last, *as_of;
};

#define CHECK_OPTION(name_, arg_, member_, help_)                                                  \
    {                                                                                              \
        .kind = OPTION_STRING, .name = name_, .arg = arg_,                                         \
        .at = offsetof(struct check_tool, member_), .help = help_                                  \
    }

static int run(int argc, char **argv, struct error *err);

static const struct option options[] = {
    IO_CONFIG(check_tool),
    CHECK_OPTION("expect", "FILE", expect, "what to expect of the files named"),
    CHECK_OPTION("failed", "FILE", failed, "where the rows go that break something"),
    CHECK_OPTION("last", "FILE", last, "the last run's number of rows; written when all holds"),
    CHECK_OPTION("as-of", "TIME", as_of, "what is now, for 'fresh'"),
    IO_READ(check_tool),
    IO_OPTION(check_tool, OPTION_STRING, 't', "to", "text|json", to, "how the result is printed"),
    IO_REJECTS(check_tool),
    OPTIONS_END,
};

static const struct tool_example examples[] = {
    {"sluice check --expect customers.expect.yaml customers.csv",
     "a file by expectations of its own"},
    {"sluice check", "all of the project file's 'check' section"},
    {"sluice check customers --failed broken.csv", "one entry of it, its bad rows aside"},
    {NULL, NULL},
};

const struct tool check_tool = {
    .name = "check",
    .summary = "data-quality expectations; fails when they are broken",
    .operands = "[FILE…|NAME…]",
    .about =
        "Holds rows against expectations: not_null, unique, pattern, range, in, refers_to, fresh "
        "of "
        "columns, and row_count. They come from the 'check' section of the project file, by NAME, "
        "or with --expect from a file. Prints how many rows break each, and leaves with 65 when "
        "any is broken.\n\n"
        "--failed writes the rows that break something, with a first column 'broken' that says "
        "what. 'row_count: {change: 10%}' compares with the number in --last.",
    .options = options,
    .examples = examples,
    .group = GROUP_UNDERSTAND,
    .run = run,
};

struct checking {
    struct session *s;
    const struct check_tool *t;
    struct expectations *e;
    struct schema *schema; /* of failed rows */
    struct sink *sink;
    struct buffer *out;
    const char *name;
    const char *folder; /* that files are relative to */
};

/* A path of the project file or of a file of expectations. */
static const char *place(const struct checking *k, struct slice path)
{
    if (path.len && path.ptr[0] == '/')
        return arena_string(&k->s->arena, path);
    return arena_printf(&k->s->arena, "%s/%.*s", k->folder, (int)path.len, path.ptr);
}

static int add_values(struct expectation *x, const struct batch *b, int column, struct error *err)
{
    struct buffer text = {0};
    int code = 0;
    for (int64_t row = 0; row < b->n_rows && code >= 0; row++) {
        buffer_reset(&text);
        code = value_text(&b->schema->fields[column], &b->columns[column], row, &text);
        if (code >= 0 && text.len)
            code = hash_set_add(&x->set, hash_fixed(text.data, text.len));
    }
    buffer_done(&text);
    return code < 0 ? error_memory(err) : 0;
}

static int load_reference(const struct checking *k, struct expectation *x, struct error *err)
{
    const char *path = place(k, x->file);
    struct read_options how = {.layout = LAYOUT_DETECT, .rejects = k->s->rejects};
    struct stream *rows;
    struct batch *b;
    int more = 0, code = 0;
    if (!path)
        return error_memory(err);
    how.columns = &x->other;
    how.n_columns = 1;
    how.pool = k->s->pool;
    TRY(format_read(&path, 1, &how, &rows, err));
    while (code == 0 && (more = stream_next(rows, &b, err)) > 0) {
        code = add_values(x, b, 0, err);
        batch_free(b);
    }
    stream_close(rows);
    return more < 0 ? more : code;
}

static int load_references(const struct checking *k, struct error *err)
{
    for (int i = 0; i < k->e->n; i++)
        if (k->e->list[i].kind == EXPECT_REFERS_TO)
            TRY(load_reference(k, &k->e->list[i], err));
    return 0;
}

static int open_failed(struct checking *k, const struct schema *schema, struct error *err)
{
    static const struct field broken = {.name = SLICE_INIT("broken"), .type = TYPE_UTF8};
    if (!k->t->failed)
        return 0;
    k->schema = schema_insert(schema, 0, &broken, 1);
    if (!k->schema)
        return error_memory(err);
    return session_write_path(k->s, k->t->failed, k->schema, &k->sink, err);
}

static int write_failed(struct checking *k, const struct batch *b, const int32_t *rows,
                        const struct slice *why, int64_t n, struct error *err)
{
    struct builder column;
    struct batch *bad;
    if (!k->sink || !n)
        return 0;
    TRY(batch_take(b, rows, n, &bad, err));
    int code = builder_init(&column, &k->schema->fields[0]);
    if (code >= 0)
        code = builder_slices(&column, why, (size_t)n);
    if (code < 0)
        code = error_memory(err);
    else
        code = batch_insert_columns(bad, k->schema, 0, &column, 1, err);
    builder_done(&column);
    if (code >= 0)
        return sink_write(k->sink, bad, err);
    batch_free(bad);
    return code;
}

static int check_batch(struct checking *k, const struct batch *b, struct error *err)
{
    struct arena scratch = {0};
    int32_t *rows = malloc(((size_t)b->n_rows + 1) * sizeof *rows);
    struct slice *why = malloc(((size_t)b->n_rows + 1) * sizeof *why);
    int64_t n = 0;
    int code = rows && why ? 0 : error_memory(err);
    if (code == 0)
        code = expectations_batch(k->e, b, &scratch, rows, why, &n, err);
    if (code == 0)
        code = write_failed(k, b, rows, why, n, err);
    free(rows);
    free(why);
    arena_done(&scratch);
    return code;
}

static int check_stream(struct checking *k, struct stream *rows, struct error *err)
{
    struct batch *b;
    int more;
    TRY(expectations_bind(k->e, rows->schema, err));
    TRY(load_references(k, err));
    TRY(open_failed(k, rows->schema, err));
    while ((more = stream_next(rows, &b, err)) > 0) {
        int code = check_batch(k, b, err);
        batch_free(b);
        TRY(code);
    }
    TRY(more);
    return k->sink ? sink_finish(k->sink, err) : 0;
}

static int now_of(const struct check_tool *t, int64_t *ret, struct error *err)
{
    if (!t->as_of) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        *ret = (int64_t)now.tv_sec * 1000000;
        return 0;
    }
    if (timestamp_parse(slice_str(t->as_of), ret))
        return 0;
    return error_set(err, ERR_USAGE, "--as-of takes a time as in 2026-03-01T12:00:00Z, not '%s'",
                     t->as_of);
}

static int last_rows(const char *path, int64_t *ret, struct error *err)
{
    struct buffer text = {0};
    *ret = -1;
    if (!path || !file_exists(path))
        return 0;
    int code = file_slurp(path, 64, &text, err);
    if (code == 0 && !integer_parse(slice_trim(buffer_view(&text)), ret))
        code = error_set(err, ERR_DATA, "'%s' does not hold a number of rows", path);
    buffer_done(&text);
    return code;
}

static int put_text(const struct checking *k)
{
    const struct expectations *e = k->e;
    TRY(buffer_printf(k->out, "%s: %lld rows\n", k->name, (long long)e->rows));
    for (int i = 0; i < e->n; i++) {
        const struct expectation *x = &e->list[i];
        struct slice of = x->column.len ? x->column : SLICE_LIT("row_count");
        TRY(buffer_printf(k->out, "  %-6s %10lld  %.*s %s\n", x->failed ? "BROKEN" : "holds",
                          (long long)x->failed, (int)of.len, of.ptr, x->says));
    }
    return 0;
}

static int put_string(struct buffer *out, struct slice s)
{
    struct column c = {
        .offsets = (int32_t[]){0, (int32_t)s.len}, .values = (void *)(uintptr_t)s.ptr, .length = 1};
    return value_json(&(struct field){.type = TYPE_UTF8}, &c, 0, out);
}

/* A line for each expectation. */
static int put_json(const struct checking *k)
{
    for (int i = 0; i < k->e->n; i++) {
        const struct expectation *x = &k->e->list[i];
        TRY(buffer_string(k->out, "{\"table\":"));
        TRY(put_string(k->out, slice_str(k->name)));
        TRY(buffer_string(k->out, ",\"column\":"));
        TRY(put_string(k->out, x->column));
        TRY(buffer_string(k->out, ",\"expected\":"));
        TRY(put_string(k->out, slice_str(x->says)));
        TRY(buffer_printf(k->out, ",\"rows\":%lld,\"failed\":%lld,\"holds\":%s}\n",
                          (long long)k->e->rows, (long long)x->failed,
                          x->failed ? "false" : "true"));
    }
    return 0;
}

/* All of one table; adds to the broken ones. */
static int check_table(struct checking *k, const char *const *paths, int n, int *broken,
                       struct error *err)
{
    struct stream *rows;
    int64_t now, last;
    TRY(now_of(k->t, &now, err));
    TRY(last_rows(k->t->last, &last, err));
    TRY(session_read_paths(k->s, paths, n, &rows, err));
    int code = check_stream(k, rows, err);
    sink_close(k->sink);
    stream_close(rows);
    schema_unref(k->schema);
    TRY(code);
    int bad = expectations_end(k->e, now, last);
    *broken += bad;
    code = k->s->io->to && strcmp(k->s->io->to, "json") == 0 ? put_json(k) : put_text(k);
    if (code < 0)
        return error_memory(err);
    if (bad || !k->t->last)
        return 0;
    char number[24];
    int len = snprintf(number, sizeof number, "%lld\n", (long long)k->e->rows);
    return file_store(k->t->last, 0, slice_of(number, (size_t)len), err);
}

static const char *folder_of(struct session *s, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_printf(&s->arena, "%.*s/.", (int)(slash - path), path) : ".";
}

static int check_files(struct session *s, const struct check_tool *t, struct buffer *out,
                       int *broken, struct error *err)
{
    struct expectations e = {0};
    struct checking k = {.s = s, .t = t, .e = &e, .out = out, .folder = folder_of(s, t->expect)};
    static const char *const standard_input[] = {"-"};
    int code = expectations_load(t->expect, &s->arena, &e, err);
    k.name = s->n_operands ? s->operands[0] : "-";
    if (code == 0 && s->n_operands)
        code = check_table(&k, (const char *const *)s->operands, s->n_operands, broken, err);
    else if (code == 0)
        code = check_table(&k, standard_input, 1, broken, err);
    expectations_done(&e);
    return code;
}

/* The files of an entry, patterns resolved; or its table in the lake. */
static int paths_of(const struct checking *k, const char *const **ret, int *ret_n,
                    struct error *err)
{
    const char **all = NULL;
    int n = 0;
    if (k->e->table.len) {
        all = ARENA_ARRAY(&k->s->arena, const char *, 1);
        if (!all || !(all[n++] = arena_printf(&k->s->arena, "%s/%s", k->s->project->lake,
                                              arena_string(&k->s->arena, k->e->table))))
            return error_memory(err);
    }
    for (int i = 0; i < k->e->n_paths && !k->e->table.len; i++) {
        char **found;
        size_t n_found;
        const char *pattern = place(k, k->e->paths[i]);
        if (!pattern)
            return error_memory(err);
        TRY(file_glob(pattern, &found, &n_found, err));
        const char **more = ARENA_ARRAY(&k->s->arena, const char *, (size_t)n + n_found + 1);
        for (int j = 0; more && j < n; j++)
            more[j] = all[j];
        for (size_t j = 0; more && j < n_found; j++)
            more[n++] = arena_string(&k->s->arena, slice_str(found[j]));
        file_list_free(found, n_found);
        if (!(all = more))
            return error_memory(err);
    }
    *ret = all;
    *ret_n = n;
    return n ? 0
             : error_set(err, ERR_INPUT, "'%s' names no file that there is, and no table", k->name);
}

static int check_entry(struct session *s, const struct check_tool *t, const struct yaml_pair *pair,
                       struct buffer *out, int *broken, struct error *err)
{
    struct expectations e = {0};
    struct checking k = {.s = s, .t = t, .e = &e, .out = out, .folder = s->project->folder};
    const char *const *paths = NULL;
    int n = 0;
    k.name = arena_string(&s->arena, pair->key);
    int code = expectations_read(&pair->value, s->project->path, &s->arena, &e, err);
    if (code == 0)
        code = paths_of(&k, &paths, &n, err);
    if (code == 0)
        code = check_table(&k, paths, n, broken, err);
    expectations_done(&e);
    return code;
}

static int check_project(struct session *s, const struct check_tool *t, struct buffer *out,
                         int *broken, struct error *err)
{
    TRY(session_project(s, err));
    const struct yaml_node *all = &s->project->check;
    int n = all->kind == YAML_MAP ? all->n : 0;
    int chosen = s->n_operands ? s->n_operands : n;
    if (!n)
        return error_set(err, ERR_CONFIG, "'%s' has no 'check' section", s->project->path);
    if ((t->failed || t->last) && chosen != 1)
        return error_set(err, ERR_USAGE, "--failed and --last are for one table: name it");
    for (int i = 0; i < chosen; i++) {
        const struct yaml_pair *pair =
            s->n_operands ? yaml_pair(all, s->operands[i]) : &all->pairs[i];
        if (!pair)
            return error_set(err, ERR_USAGE, "'check' has no entry '%s'", s->operands[i]);
        TRY(check_entry(s, t, pair, out, broken, err));
    }
    return 0;
}

static int work(struct session *s, const void *values, struct error *err)
{
    const struct check_tool *t = values;
    struct buffer out = {0};
    int broken = 0;
    int code =
        t->expect ? check_files(s, t, &out, &broken, err) : check_project(s, t, &out, &broken, err);
    if (code == 0)
        code = session_judge(s, err);
    if (code < 0) {
        buffer_done(&out);
        return code;
    }
    TRY(overview_print(&out, err));
    return broken ? error_set(err, ERR_DATA, "%d %s broken", broken,
                              broken == 1 ? "expectation is" : "expectations are")
                  : 0;
}

static int run(int argc, char **argv, struct error *err)
{
    struct check_tool t = {.io = IO_DEFAULTS};
    return session_run(&check_tool, argc, argv, &t, &t.io, work, err);
}
