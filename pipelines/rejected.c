#include "pipelines/rejected.h"

#include <stdio.h>
#include <stdlib.h>

struct watch_stream {
    struct stream stream;
    struct stream *from;
    int column; /* -1: none */
    int64_t *newest;
};

static void watch(struct watch_stream *w, const struct batch *b)
{
    const struct column *c = &b->columns[w->column];
    for (int64_t row = 0; row < b->n_rows; row++)
        if (!column_null(c, row) && column_i64(c, row) > *w->newest)
            *w->newest = column_i64(c, row);
}

static int watch_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct watch_stream *w = (struct watch_stream *)s;
    int more = stream_next(w->from, ret, err);
    if (more > 0 && w->column >= 0)
        watch(w, *ret);
    return more;
}

static void watch_close(struct stream *s)
{
    struct watch_stream *w = (struct watch_stream *)s;
    stream_close(w->from);
    schema_unref(s->schema);
    free(w);
}

int rejected_keep_time(struct stream **stream, enum canonical_kind kind, int64_t *ret_newest,
                       struct error *err)
{
    static const struct stream_ops ops = {.next = watch_next, .close = watch_close};
    struct stream *from = *stream;
    struct watch_stream *w = calloc(1, sizeof *w);
    *stream = NULL;
    if (!w) {
        stream_close(from);
        return error_memory(err);
    }
    struct slice column = kind == CANONICAL_RECORD ? SLICE_LIT("updated_at") : SLICE_LIT("at");
    *ret_newest = INT64_MIN;
    *w = (struct watch_stream){.stream = {.ops = &ops, .schema = schema_ref(from->schema)},
                               .from = from,
                               .column = schema_find(from->schema, column),
                               .newest = ret_newest};
    *stream = &w->stream;
    return 0;
}

struct dated_stream {
    struct stream stream;
    struct stream *from;
    int64_t at;
};

static int put_times(struct batch *b, struct schema *schema, int64_t at, struct error *err)
{
    struct builder times;
    int code = builder_init(&times, &schema->fields[0]);
    for (int64_t row = 0; row < b->n_rows && code == 0; row++)
        code = at == INT64_MIN ? builder_null(&times) : builder_i64(&times, at);
    code = code < 0 ? error_memory(err) : batch_insert_columns(b, schema, 0, &times, 1, err);
    builder_done(&times);
    return code;
}

static int dated_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct dated_stream *d = (struct dated_stream *)s;
    struct batch *b;
    int more = stream_next(d->from, &b, err);
    if (more <= 0)
        return more;
    int code = put_times(b, s->schema, d->at, err);
    if (code < 0) {
        batch_free(b);
        return code;
    }
    *ret = b;
    return 1;
}

static void dated_close(struct stream *s)
{
    struct dated_stream *d = (struct dated_stream *)s;
    stream_close(d->from);
    schema_unref(s->schema);
    free(d);
}

int rejected_stream(struct rejects *r, int64_t at, struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = dated_next, .close = dated_close};
    static const struct field time = {.name = SLICE_INIT("at"), .type = TYPE_TIMESTAMP};
    struct stream *from;
    TRY(rejects_stream(r, &from, err));
    struct dated_stream *d = calloc(1, sizeof *d);
    struct schema *schema = schema_insert(from->schema, 0, &time, 1);
    if (!d || !schema) {
        free(d);
        schema_unref(schema);
        stream_close(from);
        return error_memory(err);
    }
    *d = (struct dated_stream){.stream = {.ops = &ops, .schema = schema}, .from = from, .at = at};
    *ret = &d->stream;
    return 0;
}

struct speaker {
    void (*say)(void *arg, const char *text);
    void *arg;
};

static void say_code(void *arg, const char *code, int64_t n)
{
    const struct speaker *s = arg;
    char text[128];
    snprintf(text, sizeof text, "         %6lld %s", (long long)n, code);
    s->say(s->arg, text);
}

void rejected_say(const struct rejects *r, void (*say)(void *arg, const char *text), void *arg)
{
    struct speaker s = {say, arg};
    if (say)
        rejects_by_code(r, say_code, &s);
}
