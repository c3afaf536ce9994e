/* The pages of a column chunk, one at a time, unpacked, with their levels and values ready to be
 * read. Nothing is believed: sizes are checked against the chunk, levels and codes against their
 * maxima, and no more is decoded than is asked for. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_PAGES_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_PAGES_H

#include "connectors/parquet/parquet_codec.h"
#include "connectors/parquet/parquet_tree.h"
#include "connectors/parquet/parquet_values.h"
#include "connectors/parquet/rle.h"

struct parquet_pages {
    const struct parquet_source *source;
    const struct parquet_node *leaf;
    enum parquet_codec codec;
    int64_t at, end; /* of the chunk, in the file */
    int64_t left;    /* levels of the chunk that no page has given yet */

    struct buffer window; /* bytes of the file before `at`, used up to window_at */
    size_t window_at;

    struct buffer body;       /* of the page, unpacked */
    struct buffer dictionary; /* of the chunk, PLAIN */
    int64_t page_left;        /* levels of the page still to be read */
    struct rle_reader def, rep;
    struct buffer old_levels; /* of BIT_PACKED levels, a byte each: def, then rep */
    size_t old_def, old_rep, old_end;
    struct parquet_values values;
};

void parquet_pages_start(struct parquet_pages *p, const struct parquet_source *source,
                         const struct parquet_node *leaf, const struct parquet_chunk_meta *chunk);
void parquet_pages_done(struct parquet_pages *p);
/* On to the data page at `at` of the file, which begins with level `level` of the chunk's
 * `n_levels`. The dictionary is read first, if it has not been. */
int parquet_pages_seek(struct parquet_pages *p, int64_t at, int64_t level, int64_t n_levels,
                       struct error *err);

/* Passes over pages, unread, as long as all their levels are among the next `n`: *ret is how many
 * levels that were, with the rest of the page that was being read. For a leaf in no list. */
int parquet_pages_pass(struct parquet_pages *p, int64_t n, int64_t *ret, struct error *err);

/* Up to n levels of the current page or the next one: how many, 0 at the end of the chunk,
 * negative. `rep` is not touched when the leaf is in no list. */
int parquet_levels_read(struct parquet_pages *p, int n, uint8_t *def, uint8_t *rep,
                        struct error *err);

#endif
