/* Names and numbers of apache/parquet-format parquet.thrift, and the leaves of a schema: a Parquet
 * file stores one column chunk per leaf. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_FORMAT_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_FORMAT_H

#include "core/type.h"

#define PARQUET_MAGIC "PAR1"

enum parquet_type {
    PARQUET_BOOLEAN,
    PARQUET_INT32,
    PARQUET_INT64,
    PARQUET_INT96,
    PARQUET_FLOAT,
    PARQUET_DOUBLE,
    PARQUET_BYTE_ARRAY,
    PARQUET_FIXED,
};

enum parquet_repetition { PARQUET_REQUIRED, PARQUET_OPTIONAL, PARQUET_REPEATED };

enum parquet_converted {
    PARQUET_NOT_CONVERTED = -1,
    PARQUET_UTF8 = 0,
    PARQUET_MAP,
    PARQUET_MAP_KEY_VALUE,
    PARQUET_LIST,
    PARQUET_ENUM,
    PARQUET_DECIMAL,
    PARQUET_DATE,
    PARQUET_TIME_MILLIS,
    PARQUET_TIME_MICROS,
    PARQUET_TIMESTAMP_MILLIS,
    PARQUET_TIMESTAMP_MICROS,
    PARQUET_UINT_8,
    PARQUET_UINT_16,
    PARQUET_UINT_32,
    PARQUET_UINT_64,
    PARQUET_INT_8,
    PARQUET_INT_16,
    PARQUET_INT_32,
    PARQUET_INT_64,
    PARQUET_JSON,
    PARQUET_BSON,
    PARQUET_INTERVAL,
};

/* Field ids of the union LogicalType. */
enum parquet_logical {
    PARQUET_LOGICAL_NONE,
    PARQUET_LOGICAL_STRING,
    PARQUET_LOGICAL_MAP,
    PARQUET_LOGICAL_LIST,
    PARQUET_LOGICAL_ENUM,
    PARQUET_LOGICAL_DECIMAL,
    PARQUET_LOGICAL_DATE,
    PARQUET_LOGICAL_TIME,
    PARQUET_LOGICAL_TIMESTAMP,
    PARQUET_LOGICAL_INTEGER = 10,
    PARQUET_LOGICAL_UNKNOWN,
    PARQUET_LOGICAL_JSON,
    PARQUET_LOGICAL_BSON,
    PARQUET_LOGICAL_UUID,
    PARQUET_LOGICAL_FLOAT16,
};

enum parquet_encoding {
    PARQUET_PLAIN = 0,
    PARQUET_PLAIN_DICTIONARY = 2,
    PARQUET_RLE = 3,
    PARQUET_BIT_PACKED = 4,
    PARQUET_DELTA_BINARY_PACKED = 5,
    PARQUET_DELTA_LENGTH_BYTE_ARRAY = 6,
    PARQUET_DELTA_BYTE_ARRAY = 7,
    PARQUET_RLE_DICTIONARY = 8,
    PARQUET_BYTE_STREAM_SPLIT = 9,
};

enum parquet_codec {
    PARQUET_UNCOMPRESSED,
    PARQUET_SNAPPY,
    PARQUET_GZIP,
    PARQUET_LZO,
    PARQUET_BROTLI,
    PARQUET_LZ4,
    PARQUET_ZSTD,
    PARQUET_LZ4_RAW,
};

enum parquet_page {
    PARQUET_DATA_PAGE,
    PARQUET_INDEX_PAGE,
    PARQUET_DICTIONARY_PAGE,
    PARQUET_DATA_V2
};

enum { PARQUET_MAX_LEVELS = 100 };

/* A leaf as it is written. Every field is optional, so a list adds two definition levels; a map
 * adds two, and its keys, which are never null, none of their own. */
struct parquet_leaf {
    const struct field *field; /* of the leaf */
    enum parquet_type type;
    int width; /* bytes of a value; 0 for booleans and byte arrays */
    int top;   /* the field of the schema it belongs to */
    int max_def, max_rep;
    int depth;       /* fields from the top to the leaf, both counted */
    const int *path; /* which child at each step below the top; depth - 1 of them */
    int map_depth;   /* fields down to the map that it is in; 0: none */
    int is_key;      /* of that map */
};

/* Is it written as a map: a list of structs of a key and a value whose element is named
 * "key_value", which no input has (readers name elements "item")? Neither elements nor keys may be
 * null, nor may a map be in a map. */
int parquet_is_map(const struct field *f);

enum parquet_type parquet_physical(const struct field *f, int *ret_width);
/* The leaves in order; ERR_DATA for what Parquet cannot hold. */
int parquet_leaves(const struct schema *schema, struct arena *a, struct parquet_leaf **ret,
                   int *ret_n, struct error *err);

#endif
