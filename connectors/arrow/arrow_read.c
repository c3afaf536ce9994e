#include <stdlib.h>

#include "connectors/arrow/arrow_files.h"
#include "connectors/arrow/arrow_message.h"
#include "connectors/place.h"

/* The file being read. */
struct source {
    struct arrow_messages messages;
    struct arena arena; /* the wire schema */
    struct arrow_schema wire;
    struct arrow_dictionaries dictionaries;
    int *wanted;  /* per wire field: the column it becomes, or -1 */
    int64_t rows; /* given so far */
};

/* The batch message being cut into batches of ours. */
struct pending {
    struct arrow_array *arrays; /* one per column */
    int64_t n_rows, at;
    enum arrow_memory memory;
    struct arena arena; /* arrays, body, what was decompressed */
};

struct arrow_stream {
    struct stream stream;
    struct read_options options;
    const char *const *paths;
    int n_paths, path;
    struct schema *data_schema; /* the stream's without the place columns */
    struct source source;
    struct pending pending;
    struct slice *totals; /* per path */
    struct arena totals_arena;
};

static void source_done(struct source *s)
{
    arrow_messages_close(&s->messages);
    arrow_dictionaries_done(&s->dictionaries);
    arena_done(&s->arena);
    free(s->wanted);
    *s = (struct source){0};
}

static int damaged(struct error *err)
{
    return error_set(err, ERR_DATA, "an Arrow message is damaged");
}

/* Opens the current path and reads its schema, which stays valid as long as the source. */
static int source_open(struct arrow_stream *s, struct error *err)
{
    struct source *src = &s->source;
    TRY(arrow_messages_open(&src->messages, &s->options, s->paths, s->path, err));
    struct fb_table *schema = &src->messages.schema;
    int code = arrow_read_schema(schema, &src->arena, &src->wire, err);
    if (schema->doc && schema->doc->bad)
        return damaged(err);
    TRY(code);
    src->wanted = calloc((size_t)src->wire.n_fields + 1, sizeof *src->wanted);
    return src->wanted ? 0 : error_memory(err);
}

static int find_out(const struct field *fields, int n, struct slice name)
{
    for (int i = 0; i < n; i++)
        if (slice_equal(fields[i].name, name))
            return i;
    return -1;
}

/* -- the first file says what the columns are -----------------------------------------------------
 */

static int unknown_column(const struct arrow_schema *wire, struct slice name, struct error *err)
{
    const char **names = calloc((size_t)wire->n_fields + 1, sizeof(char *));
    struct schema *copy = schema_new(wire->out, wire->n_fields);
    if (!names || !copy) {
        free(names);
        schema_unref(copy);
        return error_memory(err);
    }
    for (int i = 0; i < wire->n_fields; i++)
        names[i] = copy->fields[i].name.ptr;
    const char *near = slice_nearest(name, names, (size_t)wire->n_fields);
    int code = error_set(err, ERR_USAGE,
                         near ? "no column '%.*s': did you mean '%s'?" : "no column '%.*s'%s",
                         (int)name.len, name.ptr, near ? near : "");
    free(names);
    schema_unref(copy);
    return code;
}

static int pairs_by_key(const void *a, const void *b)
{
    const struct key_value *x = a, *y = b;
    return slice_compare(x->key, y->key);
}

/* The fields asked for, or all; wanted[] is set for the first file. */
static int choose_fields(struct arrow_stream *s, struct field *fields, int n, struct error *err)
{
    struct source *src = &s->source;
    for (int i = 0; i < src->wire.n_fields; i++)
        src->wanted[i] = s->options.columns ? -1 : i;
    for (int i = 0; i < n; i++) {
        int at = i;
        if (s->options.columns) {
            at = find_out(src->wire.out, src->wire.n_fields, s->options.columns[i]);
            if (at < 0)
                return unknown_column(&src->wire, s->options.columns[i], err);
            if (src->wanted[at] >= 0)
                return error_set(err, ERR_USAGE, "column '%.*s' is asked for twice",
                                 (int)s->options.columns[i].len, s->options.columns[i].ptr);
            src->wanted[at] = i;
        }
        fields[i] = src->wire.out[at];
    }
    return 0;
}

static int make_schema(struct arrow_stream *s, struct error *err)
{
    struct arrow_schema *wire = &s->source.wire;
    int n = s->options.columns ? s->options.n_columns : wire->n_fields;
    struct field *fields = calloc((size_t)n + 1, sizeof *fields);
    if (!fields)
        return error_memory(err);
    int code = choose_fields(s, fields, n, err);
    if (code == 0) {
        if (wire->n_meta)
            qsort(wire->meta, (size_t)wire->n_meta, sizeof *wire->meta, pairs_by_key);
        s->data_schema = schema_new_meta(fields, n, wire->meta, wire->n_meta);
        code = s->data_schema ? 0 : error_memory(err);
    }
    free(fields);
    if (code == 0 && s->options.flags & READ_WITH_PLACE)
        return place_schema(s->data_schema, &s->stream.schema, err);
    if (code == 0)
        s->stream.schema = schema_ref(s->data_schema);
    return code;
}

/* -- later files must have the same columns, in any order -----------------------------------------
 */

static int match_schema(struct arrow_stream *s, struct error *err)
{
    const struct schema *schema = s->data_schema;
    struct source *src = &s->source;
    int found = 0;
    for (int i = 0; i < src->wire.n_fields; i++) {
        const struct field *f = &src->wire.out[i];
        int at = src->wanted[i] = schema_find(schema, f->name);
        if (at >= 0 && !field_equal(f, &schema->fields[at]))
            return error_set(err, ERR_DATA, "column '%.*s' is of another type than in '%s'",
                             (int)f->name.len, f->name.ptr, s->paths[0]);
        if (at < 0 && !s->options.columns)
            return error_set(err, ERR_DATA, "column '%.*s' is not in '%s'", (int)f->name.len,
                             f->name.ptr, s->paths[0]);
        found += at >= 0;
    }
    for (int i = 0; i < schema->n_fields; i++)
        if (find_out(src->wire.out, src->wire.n_fields, schema->fields[i].name) < 0)
            return error_set(err, ERR_DATA, "column '%s' of '%s' is missing",
                             schema->fields[i].name.ptr, s->paths[0]);
    if (found != schema->n_fields)
        return error_set(err, ERR_DATA, "a column's name stands twice");
    return 0;
}

static int next_source(struct arrow_stream *s, struct error *err)
{
    source_done(&s->source);
    int code = source_open(s, err);
    if (code == 0)
        code = s->data_schema ? match_schema(s, err) : make_schema(s, err);
    if (code < 0)
        error_where(err, "%s", s->paths[s->path]);
    return code;
}

/* -- batches --------------------------------------------------------------------------------------
 */

/* Takes the body over and starts binding. */
static int start_binding(struct arrow_stream *s, const struct fb_table *records,
                         struct arrow_binding *b, int64_t *ret_rows, struct error *err)
{
    struct arrow_messages *m = &s->source.messages;
    struct arena *arena = &s->pending.arena;
    arena_done(arena);
    arena_init(arena, 2 * (size_t)ARROW_MESSAGE_LIMIT);
    *b = (struct arrow_binding){
        .body = m->body, .arena = arena, .dictionaries = &s->source.dictionaries};
    m->body.ptr = NULL;
    if (arena_adopt(arena, b->body.ptr, b->body.len) < 0)
        return error_memory(err);
    return arrow_bind_start(b, records, ret_rows, err);
}

static const struct arrow_field *field_of_dictionary(const struct arrow_field *fields, int n,
                                                     int64_t id)
{
    for (int i = 0; i < n; i++) {
        if (fields[i].coded && fields[i].dictionary_id == id)
            return &fields[i];
        const struct arrow_field *f =
            field_of_dictionary(fields[i].children, fields[i].n_children, id);
        if (f)
            return f;
    }
    return NULL;
}

static int take_dictionary(struct arrow_stream *s, struct error *err)
{
    struct source *src = &s->source;
    struct arrow_binding b;
    struct arrow_array array;
    int64_t rows;
    struct fb_table message = fb_get_table(&src->messages.message, 2),
                    records = fb_get_table(&message, 1);
    int64_t id = fb_int(&message, 0, 8, 0), is_delta = fb_int(&message, 2, 1, 0);
    const struct arrow_field *f = field_of_dictionary(src->wire.fields, src->wire.n_fields, id);
    if (!f)
        return 0;
    struct arrow_field values = *f;
    values.coded = 0;
    TRY(start_binding(s, &records, &b, &rows, err));
    TRY(arrow_bind(&b, &values, rows, &array, err));
    return arrow_dictionary_set(&src->dictionaries, id, &array, is_delta != 0, err);
}

/* Totals stand in the message, not in the schema. */
static int take_totals(struct arrow_stream *s, struct error *err)
{
    struct fb_vector v = fb_get_vector(&s->source.messages.message, 4, 4);
    struct key_value *pairs;
    int n;
    TRY(arrow_read_pairs(&v, &s->pending.arena, &pairs, &n, err));
    for (int i = 0; i < n; i++)
        if (pairs[i].key.ptr && slice_equal(pairs[i].key, SLICE_LIT(ARROW_TOTALS))) {
            s->totals[s->path] = arena_copy(&s->totals_arena, pairs[i].value);
            if (!s->totals[s->path].ptr)
                return error_memory(err);
        }
    return 0;
}

static int take_records(struct arrow_stream *s, struct error *err)
{
    struct source *src = &s->source;
    struct pending *p = &s->pending;
    struct arrow_binding b;
    struct fb_table records = fb_get_table(&src->messages.message, 2);
    p->n_rows = p->at = 0;
    int64_t rows;
    TRY(start_binding(s, &records, &b, &rows, err));
    p->arrays = ARENA_ARRAY(&p->arena, struct arrow_array, (size_t)s->data_schema->n_fields + 1);
    if (!p->arrays)
        return error_memory(err);
    for (int i = 0; i < src->wire.n_fields; i++)
        if (src->wanted[i] < 0)
            TRY(arrow_bind_skip(&b, &src->wire.fields[i], err));
        else
            TRY(arrow_bind(&b, &src->wire.fields[i], rows, &p->arrays[src->wanted[i]], err));
    if (!rows)
        TRY(take_totals(s, err));
    p->n_rows = rows;
    p->memory = rows <= BATCH_ROWS && b.end >= 0 ? ARROW_IN_PLACE : ARROW_COPY;
    return 0;
}

static int fill_batch(struct arrow_stream *s, struct batch *b, struct error *err)
{
    struct pending *p = &s->pending;
    int n = s->data_schema->n_fields;
    arena_init(&b->arena, 2 * (size_t)ARROW_MESSAGE_LIMIT);
    b->columns = ARENA_ARRAY(&b->arena, struct column, (size_t)n + 1);
    if (!b->columns)
        return error_memory(err);
    for (int i = 0; i < n; i++)
        TRY(arrow_column(&p->arrays[i], p->at, b->n_rows, p->memory, &b->arena, &b->columns[i],
                         err));
    if (p->memory == ARROW_IN_PLACE)
        arena_merge(&b->arena, &p->arena);
    struct place place = {.file = s->paths[s->path], .row = s->source.rows};
    if (s->options.flags & READ_WITH_PLACE)
        TRY(place_append(b, s->stream.schema, &place, err));
    return 0;
}

static int next_piece(struct arrow_stream *s, struct batch **ret, struct error *err)
{
    struct pending *p = &s->pending;
    int64_t left = p->n_rows - p->at;
    struct batch *b = calloc(1, sizeof *b);
    if (!b)
        return error_memory(err);
    b->schema = schema_ref(s->data_schema);
    b->n_rows = left < BATCH_ROWS ? left : BATCH_ROWS;
    int code = fill_batch(s, b, err);
    if (code < 0) {
        batch_free(b);
        return code;
    }
    p->at += b->n_rows;
    s->source.rows += b->n_rows;
    if (s->options.ret_rows_in)
        *s->options.ret_rows_in += b->n_rows;
    *ret = b;
    return 1;
}

/* Reads messages until rows are pending: 1; 0 at the end of the file. */
static int next_records(struct arrow_stream *s, struct error *err)
{
    struct arrow_messages *m = &s->source.messages;
    int more;
    while ((more = arrow_message_next(m, err)) > 0) {
        if (m->header == ARROW_DICTIONARY)
            TRY(take_dictionary(s, err));
        else if (m->header == ARROW_RECORDS)
            TRY(take_records(s, err));
        else
            return error_set(err, ERR_DATA, "an Arrow message of an unexpected kind");
        if (m->doc.bad)
            return damaged(err);
        if (s->pending.at < s->pending.n_rows)
            return 1;
    }
    return more;
}

static int arrow_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct arrow_stream *s = (struct arrow_stream *)stream;
    while (s->pending.at == s->pending.n_rows) {
        int more = next_records(s, err);
        if (more < 0) {
            error_where(err, "%s", s->paths[s->path]);
            return more;
        }
        if (more)
            break;
        if (s->path + 1 == s->n_paths)
            return 0;
        s->path++;
        TRY(next_source(s, err));
    }
    int code = next_piece(s, ret, err);
    if (code < 0)
        error_where(err, "%s", s->paths[s->path]);
    return code;
}

static void arrow_close(struct stream *stream)
{
    struct arrow_stream *s = (struct arrow_stream *)stream;
    source_done(&s->source);
    arena_done(&s->pending.arena);
    arena_done(&s->totals_arena);
    schema_unref(s->data_schema);
    schema_unref(stream->schema);
    free(s->totals);
    free(s);
}

static const struct stream_ops ops = {.next = arrow_next, .close = arrow_close};

int arrow_read(const char *const *paths, int n_paths, const struct read_options *options,
               struct stream **ret, struct error *err)
{
    struct arrow_stream *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    *s = (struct arrow_stream){
        .stream = {.ops = &ops}, .options = *options, .paths = paths, .n_paths = n_paths};
    s->totals = calloc((size_t)n_paths, sizeof *s->totals);
    int code = s->totals ? next_source(s, err) : error_memory(err);
    if (code < 0) {
        arrow_close(&s->stream);
        return code;
    }
    *ret = &s->stream;
    return 0;
}

struct slice arrow_stream_totals(const struct stream *stream, int file)
{
    if (stream->ops != &ops)
        return (struct slice){0};
    const struct arrow_stream *s = (const struct arrow_stream *)stream;
    return file < s->n_paths ? s->totals[file] : (struct slice){0};
}
