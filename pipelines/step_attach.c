/* attach: events get the customer that their source's key belongs to. */
#include <stdlib.h>

#include "core/dict.h"
#include "pipelines/steps.h"
#include "transform/golden/identity.h"

struct attach_stream {
    struct stream stream;
    struct steps *steps;
    struct stream *from;
    struct dict keys;      /* source, 0, key → code */
    struct buffer ids;     /* by code: a slice into `dict_ids` */
    struct dict customers; /* each id once */
    struct buffer scratch;
    int64_t *orphans;
    int source, customer; /* columns of the events */
};

static int full_key(struct attach_stream *a, struct slice source, struct slice key,
                    struct slice *ret)
{
    TRY(member_key(&a->scratch, source, key));
    *ret = buffer_view(&a->scratch);
    return 0;
}

static struct slice row_text(const struct batch *b, int column, int64_t row)
{
    return column_text(&b->schema->fields[column], &b->columns[column], row);
}

static int xref_row(struct attach_stream *a, const struct batch *b, const int at[3], int64_t row)
{
    struct slice key;
    TRY(full_key(a, row_text(b, at[0], row), row_text(b, at[1], row), &key));
    int64_t code = dict_add(&a->keys, key);
    int64_t id = dict_add(&a->customers, row_text(b, at[2], row));
    if (code < 0 || id < 0)
        return ERR_MEMORY;
    uint32_t id_code = (uint32_t)id;
    if ((size_t)code == a->ids.len / sizeof id_code)
        return buffer_append(&a->ids, &id_code, sizeof id_code);
    memcpy(a->ids.data + (size_t)code * sizeof id_code, &id_code, sizeof id_code);
    return 0;
}

static int xref_load(struct attach_stream *a, struct stream *xref, struct error *err)
{
    static const char *const names[] = {"source", "key", "customer_id"};
    int at[3], more;
    struct batch *b;
    for (int i = 0; i < 3; i++)
        TRY(at[i] = schema_need_text(xref->schema, slice_str(names[i]), "xref rows", err));
    while ((more = stream_next(xref, &b, err)) > 0) {
        int code = 0;
        for (int64_t row = 0; row < b->n_rows && code == 0; row++)
            code = xref_row(a, b, at, row);
        batch_free(b);
        if (code < 0)
            return error_memory(err);
    }
    return more;
}

/* The source whose keys this source's events carry: itself, or the one that its `of` names. */
static struct slice key_source(const struct steps *s, struct slice source)
{
    const struct source *found = s->project ? project_source(s->project, source) : NULL;
    return found && found->of.len ? found->of : source;
}

static int attach_row(struct attach_stream *a, const struct batch *b, int64_t row,
                      struct builder *out)
{
    struct slice key, source = key_source(a->steps, row_text(b, a->source, row));
    TRY(full_key(a, source, row_text(b, a->customer, row), &key));
    int64_t code =
        column_null(&b->columns[a->customer], row) ? DICT_NONE : dict_find(&a->keys, key);
    if (code < 0) {
        *a->orphans += 1;
        return builder_null(out);
    }
    uint32_t id;
    memcpy(&id, a->ids.data + (size_t)code * sizeof id, sizeof id);
    return builder_slice(out, dict_get(&a->customers, id));
}

static int attach_batch(struct attach_stream *a, struct batch *b, struct error *err)
{
    struct builder ids;
    int code = builder_init(&ids, &a->stream.schema->fields[0]);
    for (int64_t row = 0; row < b->n_rows && code == 0; row++)
        code = attach_row(a, b, row, &ids);
    code =
        code < 0 ? error_memory(err) : batch_insert_columns(b, a->stream.schema, 0, &ids, 1, err);
    builder_done(&ids);
    return code;
}

static int attach_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct attach_stream *a = (struct attach_stream *)s;
    struct batch *b;
    int more = stream_next(a->from, &b, err);
    if (more <= 0)
        return more;
    int code = attach_batch(a, b, err);
    if (code < 0) {
        batch_free(b);
        return code;
    }
    *ret = b;
    return 1;
}

static void attach_close(struct stream *s)
{
    struct attach_stream *a = (struct attach_stream *)s;
    stream_close(a->from);
    schema_unref(s->schema);
    dict_done(&a->keys);
    dict_done(&a->customers);
    buffer_done(&a->ids);
    buffer_done(&a->scratch);
    free(a);
}

static int attach_ready(struct attach_stream *a, struct stream *xref, struct error *err)
{
    static const struct field id = {.name = SLICE_INIT("customer_id"), .type = TYPE_UTF8};
    TRY(a->source = schema_need_text(a->from->schema, SLICE_LIT("source"), "events", err));
    TRY(a->customer = schema_need_text(a->from->schema, SLICE_LIT("customer"), "events", err));
    a->stream.schema = schema_insert(a->from->schema, 0, &id, 1);
    if (!a->stream.schema || dict_init(&a->keys) < 0 || dict_init(&a->customers) < 0)
        return error_memory(err);
    return xref_load(a, xref, err);
}

int step_attach(struct steps *s, struct stream *events, struct stream *xref, int64_t *ret_orphans,
                struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = attach_next, .close = attach_close};
    struct attach_stream *a = calloc(1, sizeof *a);
    if (!a) {
        stream_close(events);
        stream_close(xref);
        return error_memory(err);
    }
    *a = (struct attach_stream){
        .stream = {.ops = &ops}, .steps = s, .from = events, .orphans = ret_orphans};
    *ret_orphans = 0;
    int code = attach_ready(a, xref, err);
    stream_close(xref);
    if (code < 0) {
        attach_close(&a->stream);
        return code;
    }
    *ret = &a->stream;
    return 0;
}
