#include <stdlib.h>

#include "connectors/arrow/arrow.h"
#include "connectors/arrow/arrow_message.h"

enum { MAGIC = 6, TAIL = 4 + MAGIC, BLOCK = 24 };

static int cut_short(struct error *err)
{
    return error_set(err, ERR_DATA, "the Arrow file ends without its footer: cut short?");
}

/* Compressed files and pipes cannot be mapped: they are read into memory. */
static int read_whole(struct arrow_messages *m, struct error *err)
{
    struct arrow_blocks *f = &m->blocks;
    size_t n = 1;
    if (input_map(m->input, &f->bytes))
        return 0;
    buffer_init(&f->copy, (size_t)ARROW_MESSAGE_LIMIT);
    while (n) {
        if (buffer_reserve(&f->copy, 1 << 20) < 0)
            return error_memory(err);
        TRY(input_read(m->input, f->copy.data + f->copy.len, f->copy.cap - f->copy.len, &n, err));
        f->copy.len += n;
    }
    f->bytes = buffer_view(&f->copy);
    return 0;
}

int arrow_file_open(struct arrow_messages *m, struct error *err)
{
    struct arrow_blocks *f = &m->blocks;
    TRY(read_whole(m, err));
    const uint8_t *end = (const uint8_t *)f->bytes.ptr + f->bytes.len;
    if (f->bytes.len < 8 + TAIL || memcmp(end - MAGIC, "ARROW1", MAGIC) != 0)
        return cut_short(err);
    int32_t len = load_i32(end - TAIL);
    if (len <= 0 || (size_t)len > f->bytes.len - 8 - TAIL)
        return cut_short(err);
    f->doc = (struct fb_doc){.bytes = end - TAIL - len, .len = (size_t)len};
    struct fb_table footer = fb_root(&f->doc);
    m->schema = fb_get_table(&footer, 1);
    f->dictionaries = fb_get_vector(&footer, 2, BLOCK);
    f->records = fb_get_vector(&footer, 3, BLOCK);
    if (f->doc.bad || !m->schema.doc)
        return error_set(err, ERR_DATA, "the footer of the Arrow file is damaged");
    return 0;
}

/* A message's metadata begins with a continuation mark and its length, or (before 0.15) with the
 * length alone. */
static int parse_block(struct arrow_messages *m, struct slice metadata, struct error *err)
{
    const uint8_t *p = (const uint8_t *)metadata.ptr;
    size_t prefix = metadata.len >= 8 && load_i32(p) == -1 ? 8 : 4;
    int32_t len = metadata.len >= prefix ? load_i32(p + prefix - 4) : -1;
    if (len < 0 || (size_t)len > metadata.len - prefix)
        return error_set(err, ERR_DATA, "a message of the Arrow file is damaged");
    m->doc = (struct fb_doc){.bytes = p + prefix, .len = (size_t)len};
    return arrow_message_parse(m, err);
}

int arrow_file_next(struct arrow_messages *m, struct error *err)
{
    struct arrow_blocks *f = &m->blocks;
    size_t at = f->at++, n = f->dictionaries.n;
    if (at >= n + f->records.n)
        return 0;
    const uint8_t *block = at < n ? fb_vector_bytes(&f->dictionaries, at, BLOCK)
                                  : fb_vector_bytes(&f->records, at - n, BLOCK);
    int64_t from = load_i64(block), metadata = load_i32(block + 8), body = load_i64(block + 16);
    int64_t size = (int64_t)f->bytes.len;
    if (from < 0 || metadata < 0 || body < 0 || body > ARROW_MESSAGE_LIMIT || from > size ||
        metadata > size - from || body > size - from - metadata)
        return error_set(err, ERR_DATA, "the footer of the Arrow file points outside of it");
    TRY(parse_block(m, slice_of(f->bytes.ptr + from, (size_t)metadata), err));
    m->body = (struct arrow_bytes){.ptr = malloc((size_t)body + 8), .len = (size_t)body};
    if (!m->body.ptr)
        return error_memory(err);
    memcpy(m->body.ptr, f->bytes.ptr + from + metadata, (size_t)body);
    return 1;
}
