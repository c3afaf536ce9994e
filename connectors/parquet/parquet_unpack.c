#include <brotli/decode.h>
#include <lz4.h>
#include <lz4frame.h>
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

#include "connectors/parquet/parquet_codec.h"

static int unpack_gzip(struct slice from, uint8_t *to, size_t len)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)from.ptr,
                  .avail_in = (uInt)from.len,
                  .next_out = to,
                  .avail_out = (uInt)len};
    if (inflateInit2(&z, 15 + 32) != Z_OK)
        return 0;
    int code = inflate(&z, Z_FINISH);
    while (code == Z_STREAM_END && z.avail_in && z.avail_out && inflateReset(&z) == Z_OK)
        code = inflate(&z, Z_FINISH); /* members one after another are one stream */
    inflateEnd(&z);
    return code == Z_STREAM_END && z.avail_out == 0;
}

static int unpack_lz4(struct slice from, char *to, size_t len)
{
    return from.len <= INT32_MAX && len <= INT32_MAX &&
           LZ4_decompress_safe(from.ptr, to, (int)from.len, (int)len) == (int)len;
}

static uint32_t big_endian(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return __builtin_bswap32(v);
}

/* Hadoop's framing of the deprecated LZ4: plain length, packed length, block, and again. */
static int unpack_hadoop(struct slice from, char *to, size_t len)
{
    while (from.len >= 8) {
        uint32_t plain = big_endian(from.ptr), packed = big_endian(from.ptr + 4);
        if (packed > from.len - 8 || plain > len ||
            !unpack_lz4(slice_of(from.ptr + 8, packed), to, plain))
            return 0;
        from = slice_of(from.ptr + 8 + packed, from.len - 8 - packed);
        to += plain;
        len -= plain;
    }
    return from.len == 0 && len == 0;
}

static int unpack_frame(struct slice from, char *to, size_t len)
{
    LZ4F_dctx *context;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        return 0;
    size_t room = len, took = from.len;
    size_t hint = LZ4F_decompress(context, to, &room, from.ptr, &took, NULL);
    LZ4F_freeDecompressionContext(context);
    return hint == 0 && room == len;
}

static int unpack_old_lz4(struct slice from, char *to, size_t len)
{
    return unpack_hadoop(from, to, len) || unpack_frame(from, to, len) || unpack_lz4(from, to, len);
}

static int unpack_snappy(struct slice from, char *to, size_t len)
{
    size_t plain = 0;
    return snappy_uncompressed_length(from.ptr, from.len, &plain) == SNAPPY_OK && plain == len &&
           snappy_uncompress(from.ptr, from.len, to, &plain) == SNAPPY_OK;
}

static int unpack_brotli(struct slice from, uint8_t *to, size_t len)
{
    size_t plain = len;
    return BrotliDecoderDecompress(from.len, (const uint8_t *)from.ptr, &plain, to) ==
               BROTLI_DECODER_RESULT_SUCCESS &&
           plain == len;
}

int64_t parquet_unpacked_limit(enum parquet_codec codec, size_t len)
{
    int64_t ratio = codec == PARQUET_UNCOMPRESSED                      ? 1
                    : codec == PARQUET_LZ4 || codec == PARQUET_LZ4_RAW ? 256
                    : codec == PARQUET_SNAPPY                          ? 64
                    : codec == PARQUET_GZIP                            ? 1100
                    : codec == PARQUET_BROTLI                          ? 1 << 24
                                                                       : 1 << 17;
    return (int64_t)len * ratio + 4096;
}

static int unpack(enum parquet_codec codec, struct slice from, void *to, size_t len)
{
    switch (codec) {
    case PARQUET_UNCOMPRESSED:
        if (from.len == len && len)
            memcpy(to, from.ptr, len);
        return from.len == len;
    case PARQUET_SNAPPY:
        return unpack_snappy(from, to, len);
    case PARQUET_GZIP:
        return unpack_gzip(from, to, len);
    case PARQUET_BROTLI:
        return unpack_brotli(from, to, len);
    case PARQUET_LZ4:
        return unpack_old_lz4(from, to, len);
    case PARQUET_LZ4_RAW:
        return unpack_lz4(from, to, len);
    case PARQUET_ZSTD:
        return ZSTD_decompress(to, len, from.ptr, from.len) == len;
    default:
        return -1;
    }
}

int parquet_unpack(enum parquet_codec codec, struct slice from, void *to, size_t len,
                   struct error *err)
{
    if (!len && !from.len)
        return 0;
    int done = unpack(codec, from, to, len);
    if (done < 0)
        return error_set(err, ERR_DATA,
                         codec == PARQUET_LZO ? "the codec LZO of Parquet is not read"
                                              : "a Parquet codec that does not exist");
    return done ? 0 : error_set(err, ERR_DATA, "a Parquet page cannot be unpacked: damaged?");
}
