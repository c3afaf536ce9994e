#include <lz4.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "connectors/parquet/parquet_codec.h"

static const struct {
    const char *name;
    enum parquet_codec codec;
    int level, max_level;
} names[] = {
    {"zstd", PARQUET_ZSTD, PARQUET_LEVEL_AUTO, 22},
    {"snappy", PARQUET_SNAPPY, 0, 0},
    {"gzip", PARQUET_GZIP, 6, 9},
    {"lz4", PARQUET_LZ4_RAW, 0, 0},
    {"none", PARQUET_UNCOMPRESSED, 0, 0},
};

int parquet_codec_parse(const char *name, enum parquet_codec *ret, int *ret_level,
                        struct error *err)
{
    struct slice rest = slice_str(name ? name : "zstd"), word;
    slice_cut(&rest, ':', &word);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal(word, slice_str(names[i].name))) {
            char *end = NULL;
            long level = rest.ptr && rest.len ? strtol(rest.ptr, &end, 10) : names[i].level;
            if (end && (*end || level < 1 || level > names[i].max_level))
                break;
            *ret = names[i].codec;
            *ret_level = (int)level;
            return 0;
        }
    return error_set(err, ERR_USAGE,
                     "no Parquet compression '%s': there are zstd snappy gzip lz4 none, zstd:LEVEL "
                     "(1 to 22) and gzip:LEVEL (1 to 9)",
                     name);
}

static int pack_gzip(struct buffer *to, int level, struct slice from)
{
    z_stream z = {0};
    if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return ERR_MEMORY;
    size_t bound = deflateBound(&z, from.len);
    int code = buffer_reserve(to, bound);
    if (code == 0) {
        z.next_in = (Bytef *)(uintptr_t)from.ptr;
        z.avail_in = (uInt)from.len;
        z.next_out = to->data;
        z.avail_out = (uInt)bound;
        code = deflate(&z, Z_FINISH) == Z_STREAM_END ? 0 : ERR_BUG;
        to->len = z.total_out;
    }
    deflateEnd(&z);
    return code;
}

static int pack_zstd(struct parquet_packer *p, int level, struct slice from)
{
    if (!p->zstd && !(p->zstd = ZSTD_createCCtx()))
        return ERR_MEMORY;
    TRY(buffer_reserve(&p->packed, ZSTD_compressBound(from.len)));
    p->packed.len =
        ZSTD_compressCCtx(p->zstd, p->packed.data, p->packed.cap, from.ptr, from.len, level);
    return ZSTD_isError(p->packed.len) ? ERR_BUG : 0;
}

static int pack_snappy(struct buffer *to, struct slice from)
{
    size_t len = snappy_max_compressed_length(from.len);
    TRY(buffer_reserve(to, len));
    if (snappy_compress(from.ptr, from.len, (char *)to->data, &len) != SNAPPY_OK)
        return ERR_BUG;
    to->len = len;
    return 0;
}

static int pack_lz4(struct buffer *to, struct slice from)
{
    if (from.len > LZ4_MAX_INPUT_SIZE)
        return ERR_MEMORY;
    int bound = LZ4_compressBound((int)from.len);
    TRY(buffer_reserve(to, (size_t)bound));
    int len = LZ4_compress_default(from.ptr, (char *)to->data, (int)from.len, bound);
    to->len = len > 0 ? (size_t)len : 0;
    return len > 0 ? 0 : ERR_BUG;
}

int parquet_pack(struct parquet_packer *p, enum parquet_codec codec, int level, struct slice from,
                 struct slice *ret, struct error *err)
{
    int code;
    buffer_reset(&p->packed);
    if (codec == PARQUET_UNCOMPRESSED) {
        *ret = from;
        return 0;
    }
    if (codec == PARQUET_ZSTD)
        code = pack_zstd(p, level, from);
    else if (codec == PARQUET_SNAPPY)
        code = pack_snappy(&p->packed, from);
    else if (codec == PARQUET_GZIP)
        code = pack_gzip(&p->packed, level, from);
    else
        code = pack_lz4(&p->packed, from);
    if (code < 0)
        return code == ERR_MEMORY ? error_memory(err)
                                  : error_set(err, ERR_BUG, "a Parquet page could not be packed");
    *ret = buffer_view(&p->packed);
    return 0;
}

void parquet_packer_done(struct parquet_packer *p)
{
    ZSTD_freeCCtx(p->zstd);
    buffer_done(&p->body);
    buffer_done(&p->packed);
    *p = (struct parquet_packer){0};
}
