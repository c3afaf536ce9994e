/* FileMetaData of parquet.thrift, as far as reading needs it. Memory is the arena's; text points
 * into the footer's bytes, which the arena holds too. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_META_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_META_H

#include "connectors/parquet/parquet_format.h"
#include "connectors/parquet/parquet_source.h"

struct parquet_element {
    struct slice name;
    int type; /* parquet_type; -1: a group */
    int width, repetition, converted, scale, precision;
    int32_t n_children;
    enum parquet_logical logical;
    int unit;              /* of a logical time: 1 ms, 2 µs, 3 ns */
    int bits, is_unsigned; /* of a logical integer */
};

struct parquet_chunk_meta {
    int type, codec;
    int64_t n_values, data_at, dictionary_at, packed_bytes, unpacked_bytes;
    int in_other_file, encrypted;

    struct slice min, max; /* min_value and max_value; ptr NULL: none */
    int64_t nulls;         /* -1: unknown */
    int64_t bloom_at, offset_index_at, column_index_at; /* 0: none */
    int64_t offset_index_len, column_index_len;
};

struct parquet_group_meta {
    int64_t n_rows;
    struct parquet_chunk_meta *chunks;
    int n_chunks;
};

struct parquet_meta {
    int64_t n_rows;
    struct parquet_element *elements;
    struct parquet_group_meta *groups;
    struct key_value *pairs;
    int n_elements, n_groups, n_pairs;
};

int parquet_meta_read(const struct parquet_source *source, struct arena *a,
                      struct parquet_meta *ret, struct error *err);

#endif
