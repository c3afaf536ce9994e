#include "connectors/arrow/arrow_message.h"

#include <stdlib.h>

#include "connectors/arrow/arrow.h"

enum { METADATA_LIMIT = 64 << 20, FIRST_READ = 64 << 20 };

/* Up to `len` bytes: fewer only at the end. */
static int read_up_to(struct arrow_messages *m, void *to, size_t len, size_t *ret_n,
                      struct error *err)
{
    size_t done = 0, n = 1;
    while (done < len && n) {
        TRY(input_read(m->input, (char *)to + done, len - done, &n, err));
        done += n;
    }
    *ret_n = done;
    return 0;
}

static int cut_short(struct error *err)
{
    return error_set(err, ERR_DATA, "the stream ends in the middle of a message: its writer died?");
}

static int no_end_marker(struct error *err)
{
    return error_set(err, ERR_DATA, "the stream ends without its end marker: its writer died?");
}

/* A body grows with what really comes, so that a length alone takes no memory. */
static int read_body(struct arrow_messages *m, int64_t len, struct error *err)
{
    size_t cap = len > FIRST_READ ? FIRST_READ : (size_t)len, done = 0;
    m->body = (struct arrow_bytes){.ptr = malloc(cap + 8)};
    if (!m->body.ptr)
        return error_memory(err);
    for (;;) {
        size_t n;
        TRY(read_up_to(m, m->body.ptr + done, cap - done, &n, err));
        done += n;
        if (done < cap)
            return cut_short(err);
        if (cap == (size_t)len)
            break;
        cap = cap > (size_t)len / 2 ? (size_t)len : cap * 2;
        uint8_t *grown = realloc(m->body.ptr, cap + 8);
        if (!grown)
            return error_memory(err);
        m->body.ptr = grown;
    }
    m->body.len = (size_t)len;
    return 0;
}

int arrow_message_parse(struct arrow_messages *m, struct error *err)
{
    m->message = fb_root(&m->doc);
    m->header = (enum arrow_header)fb_int(&m->message, 1, 1, 0);
    int64_t version = fb_int(&m->message, 0, 2, 0);
    if (m->doc.bad)
        return error_set(err, ERR_DATA, "an Arrow message is damaged");
    if (version < 3 || version > ARROW_V5)
        return error_set(err, ERR_DATA, "Arrow metadata version V%lld is not read: V4 and V5 are",
                         (long long)version + 1);
    return 0;
}

static int read_metadata(struct arrow_messages *m, uint32_t len, struct error *err)
{
    size_t n;
    if (len > METADATA_LIMIT)
        return error_set(err, ERR_DATA, "an Arrow message has %u bytes of metadata: damaged?", len);
    buffer_reset(&m->metadata);
    if (buffer_reserve(&m->metadata, len) < 0)
        return error_memory(err);
    TRY(read_up_to(m, m->metadata.data, len, &n, err));
    if (n < len)
        return cut_short(err);
    m->doc = (struct fb_doc){.bytes = m->metadata.data, .len = len};
    return arrow_message_parse(m, err);
}

/* After the end marker nothing may come. */
static int read_end(struct arrow_messages *m, struct error *err)
{
    char more;
    size_t n;
    TRY(read_up_to(m, &more, 1, &n, err));
    return n ? error_set(err, ERR_DATA, "bytes follow the end marker of the Arrow stream") : 0;
}

static int next_framed(struct arrow_messages *m, struct error *err)
{
    uint32_t prefix[2];
    size_t n;
    TRY(read_up_to(m, prefix, sizeof prefix, &n, err));
    if (n < 4)
        return n ? cut_short(err) : no_end_marker(err);
    if (prefix[0] != UINT32_MAX)
        return error_set(
            err, ERR_DATA,
            "not an Arrow stream, or one written before Arrow 0.15, which is not read");
    if (n < sizeof prefix)
        return cut_short(err);
    if (prefix[1] == 0)
        return read_end(m, err);
    TRY(read_metadata(m, prefix[1], err));
    int64_t body = fb_int(&m->message, 3, 8, 0);
    if (body < 0 || body > ARROW_MESSAGE_LIMIT)
        return error_set(err, ERR_DATA, "an Arrow message of %lld bytes: at most %lld are read",
                         (long long)body, (long long)ARROW_MESSAGE_LIMIT);
    TRY(read_body(m, body, err));
    return 1;
}

int arrow_message_next(struct arrow_messages *m, struct error *err)
{
    free(m->body.ptr);
    m->body = (struct arrow_bytes){0};
    return m->in_file ? arrow_file_next(m, err) : next_framed(m, err);
}

/* A stream's first message is its schema. */
static int read_schema(struct arrow_messages *m, struct error *err)
{
    int more = next_framed(m, err);
    TRY(more);
    if (!more || m->header != ARROW_SCHEMA)
        return error_set(err, ERR_DATA, "the Arrow stream does not begin with a schema");
    m->schema_bytes = m->metadata;
    m->schema_doc = m->doc;
    m->metadata = (struct buffer){0};
    m->message.doc = &m->schema_doc;
    m->schema = fb_get_table(&m->message, 2);
    return 0;
}

int arrow_messages_open(struct arrow_messages *m, const struct read_options *options,
                        const char *const *paths, int i, struct error *err)
{
    struct slice head;
    *m = (struct arrow_messages){0};
    TRY(format_open(options, paths, i, "binary", &m->input, err));
    int more = input_next(m->input, err);
    TRY(more);
    TRY(input_peek(m->input, &head, err));
    if (!more || !head.len)
        return error_set(err, ERR_DATA, "the stream is empty: its writer died?");
    m->in_file = slice_starts(head, SLICE_LIT("ARROW1\0\0"));
    return m->in_file ? arrow_file_open(m, err) : read_schema(m, err);
}

void arrow_messages_close(struct arrow_messages *m)
{
    input_close(m->input);
    buffer_done(&m->metadata);
    buffer_done(&m->schema_bytes);
    buffer_done(&m->blocks.copy);
    free(m->body.ptr);
    *m = (struct arrow_messages){0};
}
