/* A column chunk being written: rows go in, pages come out packed; a chunk is held in memory until
 * its row group is written. One thread at a time; columns are independent of one another. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_COLUMN_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_COLUMN_H

#include "connectors/parquet/parquet_bounds.h"
#include "connectors/parquet/parquet_codec.h"
#include "connectors/parquet/parquet_dictionary.h"
#include "connectors/parquet/parquet_levels.h"

enum {
    PARQUET_PAGE_ROWS = 20000,
    PARQUET_PAGE_BYTES = 1 << 20,
    PARQUET_DICTIONARY_BYTES = 1 << 20,
    PARQUET_BOUND_BYTES = 64, /* longer bounds are cut */
    PARQUET_BLOCK = 1000,     /* values worked on at a time: they stay in the first cache */
};

/* A page of the chunk, for the page index. */
struct parquet_page_info {
    int64_t at, size; /* in the chunk's pages, header included */
    int64_t first_row, n_nulls;
    int has_bounds;
    size_t min_at, min_len, max_at, max_len; /* in the chunk's index_bytes */
};

struct parquet_column {
    const struct parquet_leaf *leaf;
    enum parquet_codec codec;
    int level, chosen_level;       /* PARQUET_LEVEL_AUTO: chosen by the first page of a chunk */
    struct parquet_packer *packer; /* lent by the caller of the functions below */

    struct parquet_shreds shreds;

    /* The page being filled. */
    struct buffer def, rep;
    struct buffer codes; /* uint32_t each, while the dictionary pays */
    struct buffer plain; /* the values otherwise; booleans a byte each */
    int64_t page_slots, page_values, page_rows;
    int64_t step_values;             /* of the rows that came last */
    struct parquet_bounds bounds[2]; /* this page's and the one's before */
    int current;

    /* The chunk. */
    struct parquet_dictionary dictionary;
    int coding;          /* is the dictionary still used? */
    int dictionary_used; /* are there pages that need it? */
    struct buffer pages, infos, index_bytes;
    uint32_t n_pages, n_coded_pages;
    int64_t n_slots, n_values, n_rows;
    int64_t raw_bytes;      /* of the values, as PLAIN */
    int64_t unpacked_bytes; /* of pages and their headers */
    int n_bounded_pages, unbounded, ascending, descending;
    struct parquet_bounds chunk_bounds;
    struct buffer bloom; /* uint64_t hashes of the values */
    int with_bloom;

    /* The file. */
    struct parquet_bounds file_bounds;
    int64_t file_nulls;
};

int parquet_column_init(struct parquet_column *c, const struct parquet_leaf *leaf,
                        struct error *err);
void parquet_column_done(struct parquet_column *c);

/* Rows first … first + n of the leaf's top column. */
int parquet_column_add(struct parquet_column *c, const struct field *top_field,
                       const struct column *top, int64_t first, int64_t n, struct error *err);
/* The last page; the chunk is complete. */
int parquet_column_finish(struct parquet_column *c, struct error *err);
/* Empty again, for the next row group. */
void parquet_column_reset(struct parquet_column *c);

/* Encodes the values of c->shreds into the page (parquet_encode.c). */
int parquet_encode(struct parquet_column *c, struct error *err);
/* Gives the dictionary up: what is in the page becomes plain, or the page is flushed first. */
int parquet_abandon_dictionary(struct parquet_column *c, struct error *err);
/* Packs the page and appends it (parquet_page.c). */
int parquet_flush_page(struct parquet_column *c, struct error *err);
/* The dictionary page, packed, with its header; empty when there is none. Valid until the packer is
 * used again. */
int parquet_dictionary_page(struct parquet_column *c, struct buffer *ret, struct error *err);

struct parquet_chunk {
    int64_t at;                              /* of its first page in the file */
    int64_t packed_bytes, unpacked_bytes;    /* dictionary included */
    struct slice metadata;                   /* ColumnMetaData */
    struct slice column_index, offset_index; /* ptr NULL: none */
};

/* `at` is where the dictionary page (of `dictionary_len` bytes, `dictionary_unpacked` before
 * packing) and then the pages were written. */
struct parquet_placed {
    int64_t at, dictionary_len, dictionary_unpacked;
    int64_t bloom_at, bloom_len; /* 0: none */
};
int parquet_chunk_make(const struct parquet_column *c, const struct parquet_placed *placed,
                       const struct schema *schema, struct arena *a, struct parquet_chunk *ret);

/* Bytes of the split-block bloom filter of the chunk's values (parquet_bloom.c). */
int parquet_bloom_make(const struct parquet_column *c, struct buffer *ret);

#endif
