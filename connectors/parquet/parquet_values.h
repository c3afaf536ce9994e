/* Values of a page, in whatever encoding, as values of ours, without the nulls. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_VALUES_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_VALUES_H

#include "connectors/parquet/parquet_tree.h"
#include "connectors/parquet/rle.h"
#include "core/buffer.h"

/* Dense values: fixed width in `fixed` (booleans a byte each), or the bytes in `bytes` and n + 1
 * offsets. */
struct parquet_dense {
    struct buffer fixed, bytes, offsets;
};

/* The values of one page, from where they have been read to. */
struct parquet_values {
    const struct parquet_node *leaf;
    int coded;          /* codes of the dictionary, in `codes` */
    int runs;           /* booleans in runs, in `codes` */
    struct slice plain; /* PLAIN, of what is left */
    size_t bit;         /* of booleans */
    struct rle_reader codes;
    struct buffer plain_copy; /* when the encoding was another */
    struct parquet_dense dictionary;
    size_t n_dictionary;
};

void parquet_values_done(struct parquet_values *v);
/* The dictionary page's values. */
int parquet_values_dictionary(struct parquet_values *v, const struct parquet_node *leaf,
                              struct slice plain, size_t n, struct error *err);
/* A page's values, `max` of them at most. */
int parquet_values_start(struct parquet_values *v, const struct parquet_node *leaf, int encoding,
                         struct slice bytes, size_t max, struct error *err);
/* Appends n more. */
int parquet_values_read(struct parquet_values *v, size_t n, struct parquet_dense *to,
                        struct error *err);

/* PLAIN values turned into ours: appends n, cuts them off *plain. 1, 0 when the bytes end early or
 * are no values, ERR_MEMORY (parquet_convert.c). */
int parquet_convert(const struct parquet_node *leaf, struct slice *plain, size_t n,
                    struct parquet_dense *to);
void parquet_dense_reset(struct parquet_dense *d);
void parquet_dense_done(struct parquet_dense *d);

#endif
