#include "core/sample.h"

#include <stdlib.h>

#include "core/hash.h"

struct sample_stream {
    struct stream stream;
    struct stream *from;
    uint64_t seed, below; /* a row is in it when its hash is less */
    int64_t row;          /* number of the next one */
    int64_t wanted;       /* -1: a share */

    /* of the rows held so far, n_batches batches of them */
    struct batch **batches;
    uint64_t **hashes;
    int n_batches, cap, at;
    int64_t held;
};

static uint64_t row_hash(const struct sample_stream *s, int64_t row)
{
    return hash_pair(s->seed, (uint64_t)row);
}

/* The rows of `b` that are in the sample, and their hashes; takes it over. *ret NULL: none. */
static int take_below(const struct sample_stream *s, struct batch *b, uint64_t *hashes,
                      struct batch **ret, struct error *err)
{
    int32_t *rows = malloc(((size_t)b->n_rows + 1) * sizeof *rows);
    int64_t n = 0;
    *ret = NULL;
    for (int64_t i = 0; rows && i < b->n_rows; i++) {
        rows[n] = (int32_t)i;
        hashes[n] = hashes[i];
        n += hashes[i] < s->below;
    }
    int code = rows ? 0 : error_memory(err);
    if (code == 0 && n)
        code = batch_take(b, rows, n, ret, err);
    free(rows);
    batch_free(b);
    return code;
}

static int next_sampled(struct sample_stream *s, struct batch **ret, uint64_t **ret_hashes,
                        struct error *err)
{
    struct batch *b;
    for (;;) {
        int more = stream_next(s->from, &b, err);
        if (more <= 0)
            return more;
        uint64_t *hashes = malloc(((size_t)b->n_rows + 1) * sizeof *hashes);
        if (!hashes) {
            batch_free(b);
            return error_memory(err);
        }
        for (int64_t i = 0; i < b->n_rows; i++)
            hashes[i] = row_hash(s, s->row++);
        int code = take_below(s, b, hashes, ret, err);
        if (code == 0 && *ret) {
            *ret_hashes = hashes;
            return 1;
        }
        free(hashes);
        TRY(code);
    }
}

static int hash_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Lowers the bar to where `wanted` rows are below it. */
static int lower_bar(struct sample_stream *s, struct error *err)
{
    uint64_t *all = malloc(((size_t)s->held + 1) * sizeof *all);
    size_t n = 0;
    if (!all)
        return error_memory(err);
    for (int i = 0; i < s->n_batches; i++)
        for (int64_t k = 0; k < s->batches[i]->n_rows; k++)
            all[n++] = s->hashes[i][k];
    qsort(all, n, sizeof *all, hash_order);
    s->below = all[s->wanted];
    free(all);
    return 0;
}

static int drop_above(struct sample_stream *s, struct error *err)
{
    int kept = 0, code = 0;
    s->held = 0;
    for (int i = 0; i < s->n_batches; i++) {
        struct batch *left = s->batches[i];
        uint64_t *hashes = s->hashes[i];
        if (code == 0)
            code = take_below(s, s->batches[i], hashes, &left, err);
        if (!left) {
            free(hashes);
            continue;
        }
        s->held += left->n_rows;
        s->batches[kept] = left;
        s->hashes[kept++] = hashes;
    }
    s->n_batches = kept;
    return code;
}

static int hold(struct sample_stream *s, struct batch *b, uint64_t *hashes, struct error *err)
{
    if (s->n_batches == s->cap) {
        int cap = s->cap ? s->cap * 2 : 16;
        struct batch **batches = realloc(s->batches, (size_t)cap * sizeof(struct batch *));
        s->batches = batches ? batches : s->batches;
        uint64_t **grown = batches ? realloc(s->hashes, (size_t)cap * sizeof(uint64_t *)) : NULL;
        if (!grown) {
            batch_free(b);
            free(hashes);
            return error_memory(err);
        }
        s->hashes = grown;
        s->cap = cap;
    }
    s->batches[s->n_batches] = b;
    s->hashes[s->n_batches++] = hashes;
    s->held += b->n_rows;
    return 0;
}

static int fill(struct sample_stream *s, struct error *err)
{
    struct batch *b;
    uint64_t *hashes;
    int more;
    while ((more = next_sampled(s, &b, &hashes, err)) > 0) {
        TRY(hold(s, b, hashes, err));
        if (s->held > s->wanted + BATCH_ROWS) {
            TRY(lower_bar(s, err));
            TRY(drop_above(s, err));
        }
    }
    if (more == 0 && s->held > s->wanted) {
        TRY(lower_bar(s, err));
        TRY(drop_above(s, err));
    }
    return more;
}

static int rows_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct sample_stream *s = (struct sample_stream *)stream;
    if (s->at < 0) {
        TRY(fill(s, err));
        s->at = 0;
    }
    if (s->at == s->n_batches)
        return 0;
    *ret = s->batches[s->at];
    s->batches[s->at++] = NULL;
    return 1;
}

static int share_next(struct stream *stream, struct batch **ret, struct error *err)
{
    uint64_t *hashes = NULL;
    int more = next_sampled((struct sample_stream *)stream, ret, &hashes, err);
    if (more > 0)
        free(hashes);
    return more;
}

static void sample_close(struct stream *stream)
{
    struct sample_stream *s = (struct sample_stream *)stream;
    for (int i = 0; i < s->n_batches; i++) {
        batch_free(s->batches[i]);
        free(s->hashes[i]);
    }
    free(s->batches);
    free(s->hashes);
    stream_close(s->from);
    schema_unref(stream->schema);
    free(s);
}

static int sample_open(struct stream *from, const struct stream_ops *ops,
                       const struct sample_stream *as, struct stream **ret, struct error *err)
{
    struct sample_stream *s = calloc(1, sizeof *s);
    if (!s) {
        stream_close(from);
        return error_memory(err);
    }
    *s = *as;
    s->from = from;
    s->stream = (struct stream){.ops = ops, .schema = schema_ref(from->schema)};
    *ret = &s->stream;
    return 0;
}

int stream_sample_share(struct stream *from, double percent, uint64_t seed, struct stream **ret,
                        struct error *err)
{
    static const struct stream_ops ops = {.next = share_next, .close = sample_close};
    struct sample_stream s = {.seed = seed, .wanted = -1, .below = UINT64_MAX};
    if (percent < 100)
        s.below = (uint64_t)(percent / 100 * 18446744073709551615.0);
    return sample_open(from, &ops, &s, ret, err);
}

int stream_sample_rows(struct stream *from, int64_t n, uint64_t seed, struct stream **ret,
                       struct error *err)
{
    static const struct stream_ops ops = {.next = rows_next, .close = sample_close};
    struct sample_stream s = {.seed = seed, .wanted = n, .below = UINT64_MAX, .at = -1};
    return sample_open(from, &ops, &s, ret, err);
}

struct tail_stream {
    struct stream stream;
    struct stream *from;
    struct batch **batches;
    int n_batches, cap, at; /* at -1: nothing read yet */
    int64_t wanted, held;
};

static int tail_hold(struct tail_stream *t, struct batch *b, struct error *err)
{
    if (t->n_batches == t->cap) {
        int cap = t->cap ? t->cap * 2 : 16;
        struct batch **grown = realloc(t->batches, (size_t)cap * sizeof(struct batch *));
        if (!grown) {
            batch_free(b);
            return error_memory(err);
        }
        t->batches = grown;
        t->cap = cap;
    }
    t->batches[t->n_batches++] = b;
    t->held += b->n_rows;
    return 0;
}

static void drop_first(struct tail_stream *t)
{
    t->held -= t->batches[0]->n_rows;
    batch_free(t->batches[0]);
    t->n_batches--;
    memmove(t->batches, t->batches + 1, (size_t)t->n_batches * sizeof(struct batch *));
}

static int tail_fill(struct tail_stream *t, struct error *err)
{
    struct batch *b, *part;
    int more;
    while ((more = stream_next(t->from, &b, err)) > 0) {
        TRY(tail_hold(t, b, err));
        while (t->n_batches && t->held - t->batches[0]->n_rows >= t->wanted)
            drop_first(t);
    }
    TRY(more);
    if (t->held <= t->wanted)
        return 0;
    int64_t over = t->held - t->wanted;
    TRY(batch_slice(t->batches[0], over, t->batches[0]->n_rows - over, &part, err));
    batch_free(t->batches[0]);
    t->batches[0] = part;
    return 0;
}

static int tail_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct tail_stream *t = (struct tail_stream *)stream;
    if (t->at < 0) {
        TRY(tail_fill(t, err));
        t->at = 0;
    }
    if (t->at == t->n_batches)
        return 0;
    *ret = t->batches[t->at];
    t->batches[t->at++] = NULL;
    return 1;
}

static void tail_close(struct stream *stream)
{
    struct tail_stream *t = (struct tail_stream *)stream;
    batches_free(t->batches, t->n_batches);
    stream_close(t->from);
    schema_unref(stream->schema);
    free(t);
}

int stream_tail(struct stream *from, int64_t n, struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = tail_next, .close = tail_close};
    struct tail_stream *t = calloc(1, sizeof *t);
    if (!t) {
        stream_close(from);
        return error_memory(err);
    }
    *t = (struct tail_stream){.from = from, .wanted = n, .at = -1};
    t->stream = (struct stream){.ops = &ops, .schema = schema_ref(from->schema)};
    *ret = &t->stream;
    return 0;
}
