/* Reads bytes as a nested format, once with the columns found and once with some named; what comes
 * out does not matter, only that it ends, well behaved. */
#ifndef SLUICE_TESTS_FUZZ_NESTED_INPUT_H
#define SLUICE_TESTS_FUZZ_NESTED_INPUT_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "connectors/format.h"

static inline void drain(const struct format *f, const char *path, const struct read_options *how)
{
    struct read_options options = *how;
    struct stream *s = NULL;
    struct batch *b;
    struct error err = {0};
    options.rejects = rejects_new();
    if (f->read(&path, 1, &options, &s, &err) == 0)
        while (stream_next(s, &b, &err) > 0)
            batch_free(b);
    stream_close(s);
    rejects_free(options.rejects);
}

/* A file of these bytes without a place on a disk; its name into `path`. */
static inline int fuzz_file(const uint8_t *data, size_t size, char path[64])
{
    int fd = memfd_create("fuzz", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static inline void read_nested(const struct format *f, const uint8_t *data, size_t size)
{
    static const struct slice columns[] = {{"a", 1}, {"a[].b", 5}, {"a/b[]", 5}, {"@c", 2}};
    struct read_options found = {.flags = READ_WITH_PLACE}, named = {0};
    char path[64];
    int fd = fuzz_file(data, size, path);
    named.columns = columns;
    named.n_columns = 4;
    named.layout.explode = "e[]";
    drain(f, path, &found);
    drain(f, path, &named);
    close(fd);
}

#endif
