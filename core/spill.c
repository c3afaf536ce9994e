#include "core/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct spill {
    int fd;
    uint64_t limit;
    void *map;
    size_t map_len;
    char folder[256];
};

/* Without O_TMPFILE (an old kernel, some file systems) a named file that is unlinked at once. */
static int open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    char path[320];
    int n = snprintf(path, sizeof path, "%s/.sluice-spill-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

int spill_open(const char *folder, uint64_t limit, struct spill **ret, struct error *err)
{
    const char *temporary = getenv("TMPDIR");
    if (!folder)
        folder = temporary && *temporary ? temporary : "/tmp";
    struct spill *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->limit = limit;
    snprintf(s->folder, sizeof s->folder, "%s", folder);
    s->fd = open_nameless(folder);
    if (s->fd < 0) {
        free(s);
        return error_errno(err, ERR_CREATE,
                           "no temporary file can be made in '%s' (TMPDIR names another folder)",
                           folder);
    }
    *ret = s;
    return 0;
}

static int write_failed(const struct spill *s, struct error *err)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return error_set(err, ERR_IO,
                         "no space is left for temporary data in '%s': set TMPDIR to a folder "
                         "with more, or raise --memory",
                         s->folder);
    return error_errno(err, ERR_IO, "temporary data cannot be written in '%s'", s->folder);
}

int spill_write(struct spill *s, const void *bytes, size_t len, uint64_t at, struct error *err)
{
    const char *from = bytes;
    if (s->limit && at + len > s->limit)
        return error_set(err, ERR_IO, "temporary data in '%s' would pass %llu GB: raise --memory",
                         s->folder, (unsigned long long)(s->limit >> 30));
    while (len) {
        ssize_t n = pwrite(s->fd, from, len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return write_failed(s, err);
        from += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

int spill_read(const struct spill *s, void *bytes, size_t len, uint64_t at, struct error *err)
{
    char *to = bytes;
    while (len) {
        ssize_t n = pread(s->fd, to, len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, ERR_IO, "temporary data in '%s' cannot be read", s->folder);
        if (n == 0)
            return error_set(err, ERR_IO, "temporary data in '%s' ends early", s->folder);
        to += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

int spill_map(struct spill *s, size_t len, const void **ret, struct error *err)
{
    void *map = mmap(NULL, len ? len : 1, PROT_READ, MAP_SHARED, s->fd, 0);
    if (map == MAP_FAILED)
        return error_errno(err, ERR_IO, "temporary data in '%s' cannot be mapped", s->folder);
    s->map = map;
    s->map_len = len ? len : 1;
    *ret = map;
    return 0;
}

void spill_close(struct spill *s)
{
    if (!s)
        return;
    if (s->map)
        munmap(s->map, s->map_len);
    close(s->fd);
    free(s);
}
