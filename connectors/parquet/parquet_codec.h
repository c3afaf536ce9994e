/* Parquet's codecs, with the contexts that are worth keeping. One thread at a time. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_CODEC_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_CODEC_H

#include "connectors/parquet/parquet_format.h"
#include "core/buffer.h"

struct parquet_packer {
    void *zstd; /* ZSTD_CCtx, made when first needed */
    struct buffer body, packed;
};

/* Level 3 of zstd where it packs better than level 1 by enough to be worth its time, else level 1,
 * which on short text is often the smaller one, too. */
enum { PARQUET_LEVEL_AUTO = 0 };

/* "zstd" (PARQUET_LEVEL_AUTO), "zstd:9", "snappy", "gzip", "lz4", "none"; NULL is zstd. */
int parquet_codec_parse(const char *name, enum parquet_codec *ret, int *ret_level,
                        struct error *err);
/* Packs `from` into p->packed (or points at `from` when there is nothing to do); valid until the
 * next call. */
int parquet_pack(struct parquet_packer *p, enum parquet_codec codec, int level, struct slice from,
                 struct slice *ret, struct error *err);
void parquet_packer_done(struct parquet_packer *p);

/* More bytes than `len` packed ones can ever stand for: sizes in headers are held against it before
 * memory is asked for. */
int64_t parquet_unpacked_limit(enum parquet_codec codec, size_t len);
/* Unpacks exactly `len` bytes into `to`; ERR_DATA when it is not so. */
int parquet_unpack(enum parquet_codec codec, struct slice from, void *to, size_t len,
                   struct error *err);

#endif
