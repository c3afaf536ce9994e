#include "connectors/source.h"

#include <stdlib.h>
#include <zlib.h>

enum { PACKED_BYTES = 1 << 18 };

struct gzip_source {
    struct source base;
    struct source *from;
    z_stream z;
    int ended; /* between members: more may follow */
    int done;
    unsigned char packed[PACKED_BYTES];
};

static void gzip_close(struct source *s)
{
    struct gzip_source *g = (struct gzip_source *)s;

    inflateEnd(&g->z);
    source_close(g->from);
    free(g);
}

/* 1 when there is packed input, 0 at the end of the file. */
static int gzip_fill(struct gzip_source *g, struct error *err)
{
    size_t n = 0;

    if (g->z.avail_in)
        return 1;
    TRY(source_read(g->from, g->packed, sizeof(g->packed), &n, err));
    g->z.next_in = g->packed;
    g->z.avail_in = (unsigned)n;
    return n > 0;
}

/* Behind a member: 1 when another one starts, 0 when the file ends or is padded with zeros. */
static int gzip_next_member(struct gzip_source *g, struct error *err)
{
    int zeros = 0;

    for (;;) {
        int more = gzip_fill(g, err);
        if (more <= 0)
            return more;
        if (*g->z.next_in)
            break;
        zeros = 1;
        g->z.next_in++;
        g->z.avail_in--;
    }
    if (zeros || *g->z.next_in != 0x1f)
        return error_set(err, ERR_DATA, "gzip stream is followed by something else");
    if (inflateReset(&g->z) != Z_OK)
        return error_set(err, ERR_DATA, "gzip stream is broken");
    return 1;
}

static int gzip_inflate(struct gzip_source *g, struct error *err)
{
    int code = inflate(&g->z, Z_NO_FLUSH);

    if (code == Z_STREAM_END)
        g->ended = 1;
    else if (code == Z_MEM_ERROR)
        return error_memory(err);
    else if (code != Z_OK && code != Z_BUF_ERROR)
        return error_set(err, ERR_DATA, "gzip stream is broken: %s",
                         g->z.msg ? g->z.msg : "bad data");
    return 0;
}

static int gzip_read(struct source *s, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    struct gzip_source *g = (struct gzip_source *)s;
    size_t want = cap < 1u << 30 ? cap : 1u << 30;

    *ret_n = 0;
    g->z.next_out = buf;
    g->z.avail_out = (unsigned)want;
    while (!g->done && g->z.avail_out == want) {
        int more = g->ended ? gzip_next_member(g, err) : gzip_fill(g, err);
        if (more < 0)
            return more;
        if (!more && !g->ended)
            return error_set(err, ERR_DATA, "gzip stream is truncated");
        if (!more) {
            g->done = 1;
            break;
        }
        g->ended = 0;
        TRY(gzip_inflate(g, err));
    }
    *ret_n = want - g->z.avail_out;
    return 0;
}

int source_gunzip(struct source *from, struct source **ret, struct error *err)
{
    struct gzip_source *g = calloc(1, sizeof(*g));

    if (!g || inflateInit2(&g->z, 15 + 16) != Z_OK) {
        free(g);
        source_close(from);
        return error_memory(err);
    }
    g->base = (struct source){gzip_read, gzip_close};
    g->from = from;
    *ret = &g->base;
    return 0;
}
