/* The rows of a stream that pass. */
#include <stdlib.h>

#include "schemas/expression.h"

struct where_stream {
    struct stream stream;
    struct stream *from;
    const struct expression *e;
};

/* Takes the batch over; *ret NULL when no row is left. */
static int filter(const struct where_stream *w, struct batch *b, struct batch **ret,
                  struct error *err)
{
    int32_t *rows = malloc(((size_t)b->n_rows + 1) * sizeof *rows);
    int64_t n = 0;
    int code = rows ? expression_filter(w->e, b, rows, &n) : ERR_MEMORY;
    *ret = NULL;
    if (code < 0)
        error_memory(err);
    else if (n == b->n_rows)
        *ret = b;
    else if (n)
        code = batch_take(b, rows, n, ret, err);
    free(rows);
    if (*ret != b)
        batch_free(b);
    return code;
}

static int where_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct where_stream *w = (struct where_stream *)s;
    struct batch *b, *passed = NULL;
    while (!passed) {
        int more = stream_next(w->from, &b, err);
        if (more <= 0)
            return more;
        TRY(filter(w, b, &passed, err));
    }
    *ret = passed;
    return 1;
}

static void where_close(struct stream *s)
{
    struct where_stream *w = (struct where_stream *)s;
    stream_close(w->from);
    schema_unref(s->schema);
    free(w);
}

int stream_where(struct stream *from, const struct expression *e, struct stream **ret,
                 struct error *err)
{
    static const struct stream_ops ops = {.next = where_next, .close = where_close};
    struct where_stream *w = calloc(1, sizeof *w);
    if (!w) {
        stream_close(from);
        return error_memory(err);
    }
    *w = (struct where_stream){
        .stream = {.ops = &ops, .schema = schema_ref(from->schema)}, .from = from, .e = e};
    *ret = &w->stream;
    return 0;
}
