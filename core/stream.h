/* Streams and sinks: how batches travel. A stream is pulled: `next` gives a batch (the caller's to
 * free), the end, or an error. A sink is pushed, and `finish` makes what was written visible;
 * closing an unfinished sink leaves nothing behind. Sources, steps and sinks all look like this, so
 * a tool is a chain of them. */
#ifndef SLUICE_CORE_STREAM_H
#define SLUICE_CORE_STREAM_H

#include "core/builder.h"

struct stream;
struct sink;

struct stream_ops {
    /* 1 and *ret a batch of the stream's schema, 0 at the end, negative on error. After the end or
     * an error it is not called again. */
    int (*next)(struct stream *s, struct batch **ret, struct error *err);
    void (*close)(struct stream *s); /* frees the stream and what it reads from */
};

/* A kind of stream embeds this as its first member. */
struct stream {
    const struct stream_ops *ops;
    struct schema
        *schema; /* a reference owned by the stream; NULL until known only inside open functions */
};

struct sink_ops {
    /* Takes the batch over, also on failure. */
    int (*write)(struct sink *s, struct batch *b, struct error *err);
    int (*finish)(struct sink *s, struct error *err); /* flush and publish; once, last but close */
    void (*close)(struct sink *s); /* frees; without finish: leaves nothing behind */
};

struct sink {
    const struct sink_ops *ops;
    struct schema *schema;
};

static inline int stream_next(struct stream *s, struct batch **ret, struct error *err)
{
    return s->ops->next(s, ret, err);
}
void stream_close(struct stream *s); /* NULL is fine */
static inline int sink_write(struct sink *s, struct batch *b, struct error *err)
{
    return s->ops->write(s, b, err);
}
static inline int sink_finish(struct sink *s, struct error *err)
{
    return s->ops->finish(s, err);
}
void sink_close(struct sink *s); /* NULL is fine */

/* Pulls everything into the sink and finishes it; neither is closed. *ret_rows may be NULL. */
int stream_pump(struct stream *from, struct sink *to, int64_t *ret_rows, struct error *err);

/* A stream over batches in memory (taken over, freed as they go), for tests and small tables. */
int stream_of_batches(struct schema *schema, struct batch **batches, int n, struct stream **ret,
                      struct error *err);
/* The rows built so far as a stream of one batch; the builder stays the caller's. */
int stream_of_builder(struct batch_builder *bb, struct stream **ret, struct error *err);
/* All batches of a stream; *ret is malloc'ed, free each batch and the array (batches_free). */
int stream_collect(struct stream *s, struct batch ***ret, int *ret_n, struct error *err);
void batches_free(struct batch **batches, int n);

/* Only these columns, in this order, under these names (NULL: as they are). Takes `from` over,
 * also on failure. An unknown column is ERR_USAGE with the nearest name. */
int stream_columns(struct stream *from, const struct slice *columns, int n, struct stream **ret,
                   struct error *err);
/* At most n rows. Takes `from` over, also on failure. */
int stream_head(struct stream *from, int64_t n, struct stream **ret, struct error *err);

#endif
