/* Parquet files: no input may read out of bounds, leak or run for ever. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "connectors/parquet/parquet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[32];
    const char *paths[] = {path};
    struct read_options options = {0};
    struct stream *s;
    struct batch *b;
    int fd = memfd_create("fuzz", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, data, size) == (ssize_t)size &&
        parquet_format.read(paths, 1, &options, &s, NULL) == 0) {
        while (stream_next(s, &b, NULL) > 0)
            batch_free(b);
        stream_close(s);
    }
    close(fd);
    return 0;
}
