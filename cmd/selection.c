#include "cmd/selection.h"

#include <stdlib.h>
#include <unistd.h>

#include "connectors/delta/row_key.h"
#include "connectors/delta/sorter.h"
#include "core/file.h"
#include "core/sample.h"
#include "schemas/expression.h"

enum { SORT_MEMORY = 1 << 30 };

static void add_name(struct slice *names, int *n, struct slice name)
{
    for (int i = 0; i < *n; i++)
        if (slice_equal(names[i], name))
            return;
    names[(*n)++] = name;
}

/* "-total" sorts by total, downwards. */
static struct slice sort_name(struct slice item, int *ret_descending)
{
    *ret_descending = item.len > 1 && *item.ptr == '-';
    return slice_of(item.ptr + *ret_descending, item.len - (size_t)*ret_descending);
}

/* With --columns: those, then what the filter and the order look at besides. */
static int plan_columns(struct session *s, struct selection *selection, struct error *err)
{
    struct slice *sort = NULL;
    int n_sort = 0, n = 0, descending;
    if (!s->io->columns)
        return 0;
    TRY(session_list(s, s->io->columns, &selection->output, &selection->n_output, err));
    if (selection->sort_by)
        TRY(session_list(s, selection->sort_by, &sort, &n_sort, err));
    int n_where = selection->expression ? selection->expression->n_columns : 0;
    struct slice *names =
        ARENA_ARRAY(&s->arena, struct slice, (size_t)(selection->n_output + n_sort + n_where) + 1);
    if (!names)
        return error_memory(err);
    for (int i = 0; i < selection->n_output; i++)
        add_name(names, &n, selection->output[i]);
    for (int i = 0; i < n_where; i++)
        add_name(names, &n, selection->expression->columns[i]);
    for (int i = 0; i < n_sort; i++)
        add_name(names, &n, sort_name(sort[i], &descending));
    s->read_columns = names;
    s->n_read_columns = n;
    return 0;
}

static int open_filtered(struct session *s, struct selection *selection, struct stream **ret,
                         struct error *err)
{
    if (selection->where) {
        int code =
            expression_parse(slice_str(selection->where), &s->arena, &selection->expression, err);
        if (code == ERR_CONFIG)
            err->code = ERR_USAGE;
        if (code < 0)
            return error_where(err, "--where");
        s->where = selection->expression;
    }
    TRY(plan_columns(s, selection, err));
    TRY(session_read(s, 0, ret, err));
    if (!selection->where)
        return 0;
    struct stream *from = *ret;
    *ret = NULL;
    if (expression_bind(selection->expression, from->schema, &s->arena, err) < 0) {
        stream_close(from);
        err->code = ERR_USAGE;
        return error_where(err, "--where");
    }
    return stream_where(from, selection->expression, ret, err);
}

static int sampled(const struct selection *selection, struct stream *from, struct stream **ret,
                   struct error *err)
{
    char *end;
    double n = strtod(selection->sample, &end);
    int is_share = *end == '%' && !end[1] && n <= 100;
    if (end == selection->sample || !(n >= 0) || n > 1e15 || (*end && !is_share)) {
        stream_close(from);
        return error_set(err, ERR_USAGE,
                         "--sample takes a number of rows or a share like 5%%, not '%s'",
                         selection->sample);
    }
    if (is_share)
        return stream_sample_share(from, n, (uint64_t)selection->seed, ret, err);
    return stream_sample_rows(from, (int64_t)n, (uint64_t)selection->seed, ret, err);
}

static int sort_columns(struct session *s, const struct selection *selection,
                        const struct schema *schema, struct sorter_options *o, struct error *err)
{
    struct slice *items;
    TRY(session_list(s, selection->sort_by, &items, &o->n_columns, err));
    int *columns = ARENA_ARRAY(&s->arena, int, (size_t)o->n_columns + 1);
    uint8_t *descending = ARENA_ARRAY(&s->arena, uint8_t, (size_t)o->n_columns + 1);
    if (!columns || !descending)
        return error_memory(err);
    for (int i = 0; i < o->n_columns; i++) {
        int down;
        struct slice name = sort_name(items[i], &down);
        descending[i] = (uint8_t)down;
        columns[i] = schema_find(schema, name);
        if (columns[i] < 0)
            return schema_no_field(schema, name, err);
        if (!row_key_sortable(&schema->fields[columns[i]]))
            return error_set(err, ERR_USAGE, "--sort-by: column '%.*s' is a list or holds columns",
                             (int)name.len, name.ptr);
    }
    o->columns = columns;
    o->descending = descending;
    return 0;
}

/* A folder of our own in $TMPDIR, for rows that do not fit into memory. */
static int spill_folder(struct selection *selection, struct error *err)
{
    const char *base = getenv("TMPDIR");
    selection->folder = file_join(base && *base ? base : "/tmp", "sluice-sort-XXXXXX");
    if (!selection->folder)
        return error_memory(err);
    if (mkdtemp(selection->folder))
        return 0;
    int code = error_errno(err, ERR_CREATE, "no folder for sorting, '%s'", selection->folder);
    free(selection->folder);
    selection->folder = NULL;
    return code;
}

static int sort_all(struct session *s, struct selection *selection, struct stream *from,
                    struct stream **ret, struct error *err)
{
    /* Half of --memory: the rest is for reading, merging and writing. */
    struct sorter_options o = {.pool = s->pool,
                               .spills = SORTER_UNLINK,
                               .memory = s->common.memory ? s->common.memory / 2 : SORT_MEMORY};
    struct batch *b;
    int more;
    TRY(sort_columns(s, selection, from->schema, &o, err));
    TRY(spill_folder(selection, err));
    o.folder = selection->folder;
    TRY(sorter_new(from->schema, &o, &selection->sorter, err));
    while ((more = stream_next(from, &b, err)) > 0)
        TRY(sorter_add(selection->sorter, b, err));
    TRY(more);
    return sorter_open(selection->sorter, ret, err);
}

static int sorted(struct session *s, struct selection *selection, struct stream *from,
                  struct stream **ret, struct error *err)
{
    int code = sort_all(s, selection, from, ret, err);
    stream_close(from);
    return code;
}

/* The new name of a column among "old=new"s; counts how often each was used. */
static int renamed(const struct slice *pairs, int n, struct slice *name, uint8_t *used)
{
    for (int i = 0; i < n; i++) {
        const char *equals = memchr(pairs[i].ptr, '=', pairs[i].len);
        size_t len = (size_t)(equals - pairs[i].ptr);
        if (!slice_equal(*name, slice_of(pairs[i].ptr, len)))
            continue;
        *name = slice_str(equals + 1);
        used[i] = 1;
        return 1;
    }
    return 0;
}

static int check_pairs(const struct slice *pairs, int n, struct error *err)
{
    for (int i = 0; i < n; i++) {
        const char *equals = memchr(pairs[i].ptr, '=', pairs[i].len);
        if (!equals || !equals[1])
            return error_set(err, ERR_USAGE, "--rename takes old=new,…, not '%s'", pairs[i].ptr);
    }
    return 0;
}

static int check_names(const struct field *fields, int n, struct error *err)
{
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            if (slice_equal(fields[i].name, fields[k].name))
                return error_set(err, ERR_USAGE, "--rename: two columns would be called '%.*s'",
                                 (int)fields[i].name.len, fields[i].name.ptr);
    return 0;
}

struct rename_stream {
    struct stream stream;
    struct stream *from;
    int *keep;
};

static int rename_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct rename_stream *r = (struct rename_stream *)stream;
    struct batch *b;
    int more = stream_next(r->from, &b, err);
    if (more <= 0)
        return more;
    int code = batch_select(b, stream->schema, r->keep, err);
    if (code < 0) {
        batch_free(b);
        return code;
    }
    *ret = b;
    return 1;
}

static void rename_close(struct stream *stream)
{
    struct rename_stream *r = (struct rename_stream *)stream;
    stream_close(r->from);
    schema_unref(stream->schema);
    free(r->keep);
    free(r);
}

static int rename_schema(struct session *s, const char *rename, const struct schema *from,
                         struct schema **ret, struct error *err)
{
    struct slice *pairs;
    int n;
    TRY(session_list(s, rename, &pairs, &n, err));
    TRY(check_pairs(pairs, n, err));
    struct field *fields = ARENA_ARRAY(&s->arena, struct field, (size_t)from->n_fields + 1);
    uint8_t *used = ARENA_ARRAY(&s->arena, uint8_t, (size_t)n + 1);
    if (!fields || !used)
        return error_memory(err);
    for (int i = 0; i < from->n_fields; i++) {
        fields[i] = from->fields[i];
        renamed(pairs, n, &fields[i].name, used);
    }
    for (int i = 0; i < n; i++)
        if (!used[i])
            return schema_no_field(from, slice_of(pairs[i].ptr, strcspn(pairs[i].ptr, "=")), err);
    TRY(check_names(fields, from->n_fields, err));
    *ret = schema_new_meta(fields, from->n_fields, from->meta, from->n_meta);
    return *ret ? 0 : error_memory(err);
}

static int rename_columns(struct session *s, const char *rename, struct stream *from,
                          struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = rename_next, .close = rename_close};
    struct schema *schema = NULL;
    struct rename_stream *r = calloc(1, sizeof *r);
    int *keep = calloc((size_t)from->schema->n_fields + 1, sizeof *keep);
    int code = r && keep ? rename_schema(s, rename, from->schema, &schema, err) : error_memory(err);
    if (code < 0) {
        free(r);
        free(keep);
        stream_close(from);
        return code;
    }
    for (int i = 0; i < from->schema->n_fields; i++)
        keep[i] = i;
    *r = (struct rename_stream){
        .stream = {.ops = &ops, .schema = schema}, .from = from, .keep = keep};
    *ret = &r->stream;
    return 0;
}

int selection_read(struct session *s, struct selection *selection, struct stream **ret,
                   struct error *err)
{
    struct stream *rows = NULL;
    if (selection->tail >= 0 && s->io->head >= 0)
        return error_set(err, ERR_USAGE, "--head and --tail cannot be given together");
    TRY(open_filtered(s, selection, &rows, err));
    if (selection->sample)
        TRY(sampled(selection, rows, &rows, err));
    if (selection->sort_by)
        TRY(sorted(s, selection, rows, &rows, err));
    TRY(session_shape(s, &rows, err));
    if (selection->tail >= 0)
        TRY(stream_tail(rows, selection->tail, &rows, err));
    if (selection->output)
        TRY(stream_columns(rows, selection->output, selection->n_output, &rows, err));
    if (selection->rename)
        TRY(rename_columns(s, selection->rename, rows, &rows, err));
    *ret = rows;
    return 0;
}

void selection_done(struct selection *selection)
{
    sorter_free(selection->sorter);
    if (selection->folder)
        rmdir(selection->folder);
    free(selection->folder);
}
