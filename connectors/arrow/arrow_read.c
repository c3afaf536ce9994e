#include <stdlib.h>

#include "connectors/arrow/arrow_files.h"
#include "connectors/arrow/arrow_message.h"
#include "connectors/columns.h"
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

static int map_columns(struct arrow_stream *s, struct error *err)
{
    struct source *src = &s->source;
    struct columns_have have = {.fields = src->wire.out,
                                .n_fields = src->wire.n_fields,
                                .meta = src->wire.meta,
                                .n_meta = src->wire.n_meta};
    return columns_map(&have, &s->options, s->paths[0], src->wanted, &s->data_schema,
                       &s->stream.schema, err);
}

static int next_source(struct arrow_stream *s, struct error *err)
{
    source_done(&s->source);
    int code = source_open(s, err);
    if (code == 0)
        code = map_columns(s, err);
    if (code < 0)
        error_where(err, "%s", s->paths[s->path]);
    return code;
}

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
