#include <lz4frame.h>
#include <stdlib.h>
#include <zstd.h>

#include "connectors/arrow/arrow.h"
#include "connectors/arrow/arrow_array.h"

static int unpack_lz4(struct arrow_bytes from, struct arrow_bytes to)
{
    LZ4F_dctx *context;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        return 0;
    size_t done = 0, at = 0, hint = 1;
    while (hint && at < from.len) {
        size_t room = to.len - done, took = from.len - at;
        hint = LZ4F_decompress(context, to.ptr + done, &room, from.ptr + at, &took, NULL);
        if (LZ4F_isError(hint) || (!room && !took))
            break;
        done += room;
        at += took;
    }
    LZ4F_freeDecompressionContext(context);
    return hint == 0 && done == to.len;
}

static int unpack(enum arrow_codec codec, struct arrow_bytes from, struct arrow_bytes to)
{
    if (codec == ARROW_LZ4)
        return unpack_lz4(from, to);
    size_t n = ZSTD_decompress(to.ptr, to.len, from.ptr, from.len);
    return !ZSTD_isError(n) && n == to.len;
}

/* A compressed buffer begins with its plain length, -1 when it is stored after all. */
int arrow_inflate(struct arrow_binding *b, struct arrow_bytes stored, struct arrow_bytes *ret,
                  struct error *err)
{
    *ret = stored;
    if (b->codec == ARROW_STORED || !stored.len)
        return 0;
    if (stored.len < 8)
        return error_set(err, ERR_DATA, "a compressed Arrow buffer is cut short");
    int64_t plain = load_i64(stored.ptr);
    struct arrow_bytes packed = {.ptr = stored.ptr + 8, .len = stored.len - 8};
    if (plain == -1) {
        *ret = packed;
        return 0;
    }
    if (plain < 0 || plain > ARROW_MESSAGE_LIMIT - b->inflated)
        return error_set(err, ERR_DATA, "an Arrow message unpacks to more than %lld bytes",
                         (long long)ARROW_MESSAGE_LIMIT);
    /* What the codec cannot reach is not worth asking for memory. */
    int64_t ratio = b->codec == ARROW_LZ4 ? 256 : 1 << 17;
    if (plain / ratio > (int64_t)packed.len)
        return error_set(err, ERR_DATA, "a compressed Arrow buffer is damaged");
    b->inflated += plain;
    struct arrow_bytes to = {.ptr = malloc((size_t)plain + 8), .len = (size_t)plain};
    if (!to.ptr || arena_adopt(b->arena, to.ptr, to.len) < 0)
        return error_memory(err);
    if (!unpack(b->codec, packed, to))
        return error_set(err, ERR_DATA, "a compressed Arrow buffer is damaged");
    *ret = to;
    return 0;
}
