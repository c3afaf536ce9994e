#include "connectors/csv_write.h"

#include <zlib.h>
#include <zstd.h>

int text_packing(const char *name, const char *path, struct error *err)
{
    struct slice p = slice_str(path);

    if (!name && slice_ends(p, SLICE_LIT(".gz")))
        return TEXT_GZIP;
    if (!name && slice_ends(p, SLICE_LIT(".zst")))
        return TEXT_ZSTD;
    if (!name || strcmp(name, "none") == 0)
        return TEXT_PLAIN;
    if (strcmp(name, "gzip") == 0)
        return TEXT_GZIP;
    if (strcmp(name, "zstd") == 0)
        return TEXT_ZSTD;
    return error_set(err, ERR_USAGE,
                     "text cannot be compressed by '%s': gzip, zstd and none are known", name);
}

static int pack_gzip(struct slice text, struct buffer *out, struct error *err)
{
    z_stream z = {0};
    size_t bound;
    int code;

    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return error_memory(err);
    bound = deflateBound(&z, text.len) + 64;
    if (buffer_reserve(out, bound) < 0) {
        deflateEnd(&z);
        return error_memory(err);
    }
    z.next_in = (Bytef *)(uintptr_t)text.ptr;
    z.avail_in = (uInt)text.len;
    z.next_out = out->data + out->len;
    z.avail_out = (uInt)bound;
    code = deflate(&z, Z_FINISH);
    out->len += z.total_out;
    deflateEnd(&z);
    return code == Z_STREAM_END ? 0 : error_set(err, ERR_BUG, "zlib could not compress");
}

static int pack_zstd(struct slice text, struct buffer *out, struct error *err)
{
    size_t bound = ZSTD_compressBound(text.len), n;

    if (buffer_reserve(out, bound) < 0)
        return error_memory(err);
    n = ZSTD_compress(out->data + out->len, bound, text.ptr, text.len, 3);
    if (ZSTD_isError(n))
        return error_set(err, ERR_BUG, "zstd could not compress: %s", ZSTD_getErrorName(n));
    out->len += n;
    return 0;
}

int text_pack(enum text_packing packing, struct slice text, struct buffer *out, struct error *err)
{
    if (packing == TEXT_GZIP)
        return pack_gzip(text, out, err);
    if (packing == TEXT_ZSTD)
        return pack_zstd(text, out, err);
    return buffer_slice(out, text) < 0 ? error_memory(err) : 0;
}
