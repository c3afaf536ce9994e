/* The bytes of a Parquet file, by place: a plain file is read where it lies; a pipe or a packed
 * file is first read whole into memory. Any thread may read. */
#ifndef SLUICE_CONNECTORS_PARQUET_PARQUET_SOURCE_H
#define SLUICE_CONNECTORS_PARQUET_PARQUET_SOURCE_H

#include "connectors/format.h"

struct parquet_source {
    int fd; /* -1: in memory */
    int64_t size;
    struct buffer bytes;
};

/* paths[i], as format_open takes it. */
int parquet_source_open(struct parquet_source *s, const struct read_options *options,
                        const char *const *paths, int i, struct error *err);
/* ERR_DATA when the range is not within the file. */
int parquet_source_read(const struct parquet_source *s, int64_t at, size_t len, void *ret,
                        struct error *err);
void parquet_source_close(struct parquet_source *s);

#endif
