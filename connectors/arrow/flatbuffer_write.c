#include "connectors/arrow/flatbuffer.h"

#include "core/error.h"

static int pad_until(struct buffer *b, size_t multiple, size_t remainder)
{
    return buffer_zeros(b, (multiple + remainder - b->len % multiple) % multiple);
}

/* The offset that stands at `at` is made to point to `target`. */
static void link_to(struct buffer *b, size_t at, size_t target)
{
    uint32_t distance = (uint32_t)(target - at);
    memcpy(b->data + at, &distance, sizeof distance);
}

int fb_put_root(struct buffer *b, size_t *ret_at)
{
    TRY(pad_until(b, 8, 0));
    *ret_at = b->len;
    return buffer_zeros(b, 4);
}

/* Wide fields come first, so that each is aligned without padding between them. */
static int put_fields(struct buffer *b, size_t table, uint16_t *vtable, struct fb_slot *slots,
                      int n)
{
    for (uint8_t size = 8; size; size = (uint8_t)(size / 2))
        for (int i = 0; i < n; i++)
            if (slots[i].size == size) {
                slots[i].at = b->len;
                vtable[2 + i] = (uint16_t)(b->len - table);
                TRY(buffer_append(b, &slots[i].value, size));
            }
    return 0;
}

int fb_put_table(struct buffer *b, size_t at, struct fb_slot *slots, int n)
{
    uint16_t vtable[2 + FB_SLOTS] = {0};
    size_t vtable_len = 2 * (2 + (size_t)n);
    TRY(pad_until(b, 8, (12 - vtable_len % 8) % 8));
    size_t start = b->len, table = start + vtable_len;
    TRY(buffer_zeros(b, vtable_len));
    int32_t back = (int32_t)vtable_len;
    TRY(buffer_append(b, &back, sizeof back));
    TRY(put_fields(b, table, vtable, slots, n));
    vtable[0] = (uint16_t)vtable_len;
    vtable[1] = (uint16_t)(b->len - table);
    memcpy(b->data + start, vtable, vtable_len);
    link_to(b, at, table);
    return 0;
}

int fb_put_string(struct buffer *b, size_t at, struct slice s)
{
    TRY(pad_until(b, 4, 0));
    link_to(b, at, b->len);
    uint32_t len = (uint32_t)s.len;
    TRY(buffer_append(b, &len, sizeof len));
    TRY(buffer_slice(b, s));
    return buffer_putc(b, 0);
}

int fb_put_vector(struct buffer *b, size_t at, size_t n, size_t width, size_t *ret_first)
{
    TRY(pad_until(b, 8, 4));
    link_to(b, at, b->len);
    uint32_t count = (uint32_t)n;
    TRY(buffer_append(b, &count, sizeof count));
    *ret_first = b->len;
    return buffer_zeros(b, n * width);
}
