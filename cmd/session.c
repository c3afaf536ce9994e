#include "cmd/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "connectors/arrow/arrow.h"
#include "connectors/delta/table.h"
#include "core/calendar.h"
#include "core/file.h"
#include "schemas/file_schema.h"

/* Rows on the terminal, and a bar would be drawn into them. */
static int shows_output(const struct io_options *io)
{
    return (!io->output || strcmp(io->output, "-") == 0) && isatty(STDOUT_FILENO);
}

static int session_start(struct session *s, const struct tool *tool, int argc, char **argv,
                         void *values, struct io_options *io, struct error *err)
{
    *s = (struct session){.tool = tool, .io = io, .max_rejects = "all"};
    int code =
        options_parse(tool, argc, argv, values, &s->common, &s->operands, &s->n_operands, err);
    if (code)
        return code;
    int quiet = s->common.quiet || (!s->common.progress && shows_output(io));
    int mode = progress_mode(s->common.progress, quiet);
    if (mode < 0)
        return error_set(err, ERR_USAGE, "--progress takes auto, always, never or json, not '%s'",
                         s->common.progress);
    if (mode == PROGRESS_NEVER && s->common.verbose)
        mode = PROGRESS_TIMES;
    s->progress = progress_new((enum progress_mode)mode);
    s->pool = pool_new((int)s->common.threads);
    s->rejects = rejects_new();
    return s->pool && s->rejects ? 0 : error_memory(err);
}

static void session_done(struct session *s)
{
    project_free(s->project);
    rejects_free(s->rejects);
    progress_free(s->progress);
    pool_free(s->pool);
    arena_done(&s->arena);
}

/* The totals as JSON: the tool's own, or what the session counted; rows that a --head left are
 * filtered. */
static int totals_text(const struct session *s, struct buffer *out)
{
    struct totals counted = {0};
    int64_t left = s->rows_in - s->rows_out - s->rejected;
    counted.rows[TOTALS_IN] = left < 0 ? s->rows_out + s->rejected : s->rows_in;
    counted.rows[TOTALS_OUT] = s->rows_out;
    counted.rows[TOTALS_REJECTED] = s->rejected;
    counted.rows[TOTALS_FILTERED] = left < 0 ? 0 : left;
    return totals_json(s->totals ? s->totals : &counted, out);
}

static int write_stats(const struct session *s, struct error *err)
{
    struct buffer text = {0};
    int code = totals_text(s, &text) < 0 || buffer_putc(&text, '\n') < 0 ? error_memory(err) : 0;
    if (code == 0)
        code = file_store(s->common.stats, 0, buffer_view(&text), err);
    buffer_done(&text);
    return code;
}

int session_pass_totals(struct session *s, struct sink *to, struct error *err)
{
    struct buffer text = {0};
    int code = totals_text(s, &text) < 0 ? error_memory(err)
                                         : arrow_sink_totals(to, buffer_view(&text), err);
    buffer_done(&text);
    return code;
}

/* -v: where the time went, by stage. */
static void say_times(const struct session *s)
{
    int n;
    progress_end(s->progress);
    const struct progress_time *times = progress_times(s->progress, &n);
    for (int i = 0; i < n; i++)
        session_say(s, "%-24s %7.2f s, %7.2f s of work", times[i].stage,
                    (double)times[i].millis / 1000, (double)times[i].cpu_millis / 1000);
}

int session_run(const struct tool *tool, int argc, char **argv, void *values, struct io_options *io,
                int (*work)(struct session *s, const void *values, struct error *err),
                struct error *err)
{
    struct session s;
    int code = session_start(&s, tool, argc, argv, values, io, err);
    if (code == 0)
        code = work(&s, values, err);
    if (code == 0 && s.common.stats && !s.common.help)
        code = write_stats(&s, err);
    if (code == 0 && s.common.verbose && !s.common.help)
        say_times(&s);
    session_done(&s);
    return code > 0 ? 0 : code;
}

void session_say(const struct session *s, const char *format, ...)
{
    if (s->common.quiet)
        return;
    progress_end(s->progress);
    va_list args;
    va_start(args, format);
    fprintf(stderr, "sluice %s: ", s->tool->name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

int session_project(struct session *s, struct error *err)
{
    return project_read(s->io->config, &s->project, err);
}

int session_project_any(struct session *s, struct error *err)
{
    struct error local = {0};
    int code = session_project(s, &local);
    if (code == ERR_INPUT && !s->io->config)
        return 0;
    if (code < 0)
        *err = local;
    return code;
}

/* One byte, or a name for one; LAYOUT_AUTO when not given. */
static int one_char(const char *text, const char *option, int *ret, struct error *err)
{
    *ret = LAYOUT_AUTO;
    if (!text)
        return 0;
    if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
        *ret = '\t';
    else if (strcmp(text, "none") == 0)
        *ret = 0;
    else if (strlen(text) == 1)
        *ret = (unsigned char)text[0];
    else
        return error_set(err, ERR_USAGE, "--%s takes one character, not '%s'", option, text);
    return 0;
}

int session_list(struct session *s, const char *text, struct slice **ret, int *ret_n,
                 struct error *err)
{
    struct slice rest = slice_str(text), part;
    int n = 1;
    for (size_t i = 0; i < rest.len; i++)
        n += text[i] == ',';
    struct slice *list = ARENA_ARRAY(&s->arena, struct slice, (size_t)n);
    if (!list)
        return error_memory(err);
    for (n = 0; slice_cut(&rest, ',', &part); n++) {
        list[n] = arena_copy(&s->arena, slice_trim(part));
        if (!list[n].ptr)
            return error_memory(err);
    }
    *ret = list;
    *ret_n = n;
    return 0;
}

/* A comma inside decimal(18,2) does not separate: joins such parts again. */
static int join_decimals(struct session *s, struct slice *parts, int *n, struct error *err)
{
    int kept = 0;
    for (int i = 0; i < *n; i++) {
        struct slice part = parts[i];
        if (memchr(part.ptr, '(', part.len) && !memchr(part.ptr, ')', part.len) && i + 1 < *n) {
            char *both = arena_printf(&s->arena, "%s,%s", part.ptr, parts[++i].ptr);
            if (!both)
                return error_memory(err);
            part = slice_str(both);
        }
        parts[kept++] = part;
    }
    *n = kept;
    return 0;
}

static int parse_types(struct session *s, struct field **ret, int *ret_n, struct error *err)
{
    struct slice *parts;
    int n;
    TRY(session_list(s, s->io->types, &parts, &n, err));
    TRY(join_decimals(s, parts, &n, err));
    struct field *fields = ARENA_ARRAY(&s->arena, struct field, (size_t)n);
    if (!fields)
        return error_memory(err);
    for (int i = 0; i < n; i++) {
        const char *equals = memrchr(parts[i].ptr, '=', parts[i].len);
        if (!equals)
            return error_set(err, ERR_USAGE, "--types takes name=type,…: '%s' has no '='",
                             parts[i].ptr);
        size_t len = (size_t)(equals - parts[i].ptr);
        fields[i].name = arena_copy(&s->arena, slice_of(parts[i].ptr, len));
        TRY(type_parse(slice_str(equals + 1), &fields[i], err));
    }
    *ret = fields;
    *ret_n = n;
    return 0;
}

/* What the options say, over what a schema says. */
static int lay_options(const struct io_options *io, struct layout *l, struct error *err)
{
    int delimiter, quote;
    l->type = io->from ? io->from : l->type;
    l->member = io->member ? io->member : l->member;
    l->encoding = io->encoding ? io->encoding : l->encoding;
    l->each = io->each ? io->each : l->each;
    l->explode = io->explode ? io->explode : l->explode;
    l->header = io->header >= 0 ? (int)io->header : l->header;
    int padded = io->delimiter && strlen(io->delimiter) == 2 && io->delimiter[1] == ' ';
    if (padded)
        delimiter = (unsigned char)io->delimiter[0];
    else
        TRY(one_char(io->delimiter, "delimiter", &delimiter, err));
    TRY(one_char(io->quote, "quote", &quote, err));
    l->delimiter = io->delimiter ? delimiter : l->delimiter;
    l->padded = io->delimiter ? padded : l->padded;
    l->quote = io->quote ? quote : l->quote;
    return 0;
}

int session_read_options(struct session *s, struct read_options *ret, struct error *err)
{
    const struct io_options *io = s->io;
    struct file_schema schema = {.layout = LAYOUT_DETECT};
    if (io->schema)
        TRY(file_schema_read(io->schema, &s->arena, &schema, err));
    struct layout layout = schema.layout;
    TRY(lay_options(io, &layout, err));
    *ret = (struct read_options){.layout = layout,
                                 .flags = s->read_flags,
                                 .rejects = s->rejects,
                                 .pool = s->pool,
                                 .progress = s->progress,
                                 .ret_rows_in = &s->rows_in,
                                 .types = schema.types,
                                 .n_types = schema.n_types,
                                 .where = s->where,
                                 .ret_skipped = &s->skipped};
    if (io->types) {
        struct field *fields = NULL;
        TRY(parse_types(s, &fields, &ret->n_types, err));
        ret->types = fields;
    }
    if (s->read_columns) {
        ret->columns = s->read_columns;
        ret->n_columns = s->n_read_columns;
    } else if (io->columns) {
        struct slice *columns = NULL;
        TRY(session_list(s, io->columns, &columns, &ret->n_columns, err));
        ret->columns = columns;
    }
    return 0;
}

/* --version, or the version of --as-of; a day's is the one at its end. */
static int choose_version(const struct session *s, const char *path, int64_t *version,
                          const int64_t **ret, struct error *err)
{
    const char *as_of = s->io->as_of;
    int64_t micros;
    int32_t day;
    *version = s->io->version;
    *ret = *version >= 0 || as_of ? version : NULL;
    if (!as_of)
        return 0;
    if (*version >= 0)
        return error_set(err, ERR_USAGE, "--version and --as-of are two ways to say one thing");
    if (date_parse(slice_str(as_of), &day))
        micros = ((int64_t)day + 1) * 86400000000 - 1;
    else if (!timestamp_parse(slice_str(as_of), &micros))
        return error_set(err, ERR_USAGE,
                         "--as-of takes a date or a time such as 2026-03-01T06:00:00Z, not '%s'",
                         as_of);
    return table_version_at(path, micros, version, err);
}

int session_read_paths(struct session *s, const char *const *paths, int n, struct stream **ret,
                       struct error *err)
{
    struct read_options *options = ARENA_NEW(&s->arena, struct read_options);
    if (!options)
        return error_memory(err);
    TRY(session_read_options(s, options, err));
    TRY(choose_version(s, paths[0], &s->version, &options->version, err));
    progress_stage(s->progress, "read", "rows", 0);
    return format_read(paths, n, options, ret, err);
}

int session_read(struct session *s, int first, struct stream **ret, struct error *err)
{
    static const char *const standard_input[] = {"-"};
    int n = s->n_operands - first;
    if (n > 0)
        return session_read_paths(s, (const char *const *)s->operands + first, n, ret, err);
    if (isatty(STDIN_FILENO))
        return error_set(err, ERR_USAGE, "no file is named and standard input is a terminal");
    return session_read_paths(s, standard_input, 1, ret, err);
}

int session_shape(struct session *s, struct stream **stream, struct error *err)
{
    struct stream *from = *stream;
    *stream = NULL;
    if (s->io->head < 0) {
        *stream = from;
        return 0;
    }
    return stream_head(from, s->io->head, stream, err);
}

int session_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 0;
}

static int write_as(struct session *s, const char *format, const char *path,
                    const struct schema *schema, struct sink **ret, struct error *err)
{
    struct write_options options = {.pool = s->pool, .width = session_width()};
    return format_write(format, path, schema, &options, ret, err);
}

int session_write(struct session *s, const struct schema *schema, struct sink **ret,
                  struct error *err)
{
    return write_as(s, s->io->to, s->io->output ? s->io->output : "-", schema, ret, err);
}

int session_write_path(struct session *s, const char *path, const struct schema *schema,
                       struct sink **ret, struct error *err)
{
    return write_as(s, NULL, path, schema, ret, err);
}

/* --rejects, or rejects-TOOL.arrow in the output's folder (or here). */
static const char *rejects_path(struct session *s)
{
    const char *output = s->io->output, *slash = output ? strrchr(output, '/') : NULL;
    if (s->io->rejects)
        return s->io->rejects;
    return arena_printf(&s->arena, "%.*srejects-%s.arrow", slash ? (int)(slash - output) + 1 : 0,
                        slash ? output : "", s->tool->name);
}

static void say_code(void *arg, const char *code, int64_t n)
{
    session_say(arg, "  %lld %s", (long long)n, code);
}

int session_judge(struct session *s, struct error *err)
{
    struct reject_limit limit;
    int64_t n = s->rejected = rejects_count(s->rejects);
    const char *text = s->io->max_rejects ? s->io->max_rejects : s->max_rejects;
    if (!reject_limit_parse(slice_str(text), &limit))
        return error_set(err, ERR_USAGE, "--max-rejects takes a number of rows or N%%, not '%s'",
                         text);
    if (n == 0 && !s->io->rejects)
        return 0;
    const char *path = rejects_path(s);
    struct stream *rows;
    if (!path)
        return error_memory(err);
    if (n > 0) {
        session_say(s, "%lld bad rows, in '%s':", (long long)n, path);
        rejects_by_code(s->rejects, say_code, s);
    }
    TRY(rejects_stream(s->rejects, &rows, err));
    TRY(session_pump_path(s, rows, path, err));
    return reject_limit_check(limit, n, s->rows_in, err);
}

/* Everything but the last step: what is written is not visible yet. */
static int pump_open(struct stream *from, struct sink *to, int64_t *rows, struct error *err)
{
    struct batch *b;
    int more;
    while ((more = stream_next(from, &b, err)) > 0) {
        *rows += b->n_rows;
        TRY(sink_write(to, b, err));
    }
    return more;
}

int session_pump_sink(struct session *s, struct stream *from, struct sink *to, struct error *err)
{
    int code = pump_open(from, to, &s->rows_out, err);
    if (code == 0)
        code = session_judge(s, err);
    if (code == 0)
        code = session_pass_totals(s, to, err);
    if (code == 0)
        code = sink_finish(to, err);
    sink_close(to);
    stream_close(from);
    return code;
}

int session_pump(struct session *s, struct stream *from, struct error *err)
{
    struct sink *to;
    int code = session_write(s, from->schema, &to, err);
    if (code < 0) {
        stream_close(from);
        return code;
    }
    return session_pump_sink(s, from, to, err);
}

int session_pump_path(struct session *s, struct stream *from, const char *path, struct error *err)
{
    struct sink *to = NULL;
    int code = session_write_path(s, path, from->schema, &to, err);
    if (code == 0)
        code = stream_pump(from, to, NULL, err);
    sink_close(to);
    stream_close(from);
    return code;
}

enum said_as session_said_as(const struct session *s, enum said_as otherwise)
{
    const struct io_options *io = s->io;
    const char *end = io->output ? strrchr(io->output, '.') : NULL;
    if (io->to)
        return strcmp(io->to, "text") == 0   ? SAID_AS_TEXT
               : strcmp(io->to, "json") == 0 ? SAID_AS_JSON
                                             : SAID_AS_ROWS;
    if (end)
        return strcmp(end, ".json") == 0  ? SAID_AS_JSON
               : strcmp(end, ".txt") == 0 ? SAID_AS_TEXT
                                          : SAID_AS_ROWS;
    return otherwise;
}
