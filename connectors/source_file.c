#include "connectors/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { COPY_BYTES = 1 << 16 };

struct file_source {
    struct source base;
    int fd;
    int64_t *consumed;
};

static int file_read(struct source *s, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    struct file_source *f = (struct file_source *)s;
    ssize_t n;

    do
        n = read(f->fd, buf, cap);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_errno(err, ERR_IO, "cannot read");
    *f->consumed += n;
    *ret_n = (size_t)n;
    return 0;
}

static void file_close_source(struct source *s)
{
    free(s);
}

int source_of_fd(int fd, int64_t *consumed, struct source **ret, struct error *err)
{
    struct file_source *f = calloc(1, sizeof(*f));

    if (!f)
        return error_memory(err);
    f->base = (struct source){file_read, file_close_source};
    f->fd = fd;
    f->consumed = consumed;
    *ret = &f->base;
    return 0;
}

static int spool_open(int *ret, struct error *err)
{
    char name[4096];
    const char *dir = getenv("TMPDIR");
    int fd;

    if (snprintf(name, sizeof(name), "%s/sluice-XXXXXX", dir && *dir ? dir : "/tmp") >=
        (int)sizeof(name))
        return error_set(err, ERR_CREATE, "TMPDIR is too long");
    fd = mkstemp(name);
    if (fd < 0)
        return error_errno(err, ERR_CREATE, "cannot create '%s'", name);
    unlink(name);
    *ret = fd;
    return 0;
}

static int spool_write(int fd, const char *buf, size_t n, struct error *err)
{
    while (n) {
        ssize_t w = write(fd, buf, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return error_errno(err, ERR_IO, "cannot write a temporary file");
        buf += w;
        n -= (size_t)w;
    }
    return 0;
}

static int spool_copy(struct source *from, int64_t max, int fd, char *buf, struct error *err)
{
    for (;;) {
        size_t n = 0;
        TRY(source_read(from, buf, COPY_BYTES, &n, err));
        if (n == 0)
            break;
        max -= (int64_t)n;
        if (max < 0)
            return error_set(err, ERR_DATA, "archive in the archive is too big to unpack");
        TRY(spool_write(fd, buf, n, err));
    }
    if (lseek(fd, 0, SEEK_SET) < 0)
        return error_errno(err, ERR_IO, "cannot read a temporary file");
    return 0;
}

int source_spool(struct source *from, int64_t max, int *ret_fd, struct error *err)
{
    char *buf = malloc(COPY_BYTES);
    int fd = -1;
    int code = buf ? spool_open(&fd, err) : error_memory(err);

    if (code >= 0)
        code = spool_copy(from, max, fd, buf, err);
    source_close(from);
    free(buf);
    if (code < 0 && fd >= 0)
        close(fd);
    else if (code >= 0)
        *ret_fd = fd;
    return code;
}

int source_unwrap(struct source *from, struct source **ret, enum source_kind *ret_kind,
                  struct error *err)
{
    struct slice head;
    enum source_kind kind;
    int layers = 0;

    TRY(source_head(from, &from, &head, err));
    while ((kind = source_sniff(head)) != KIND_PLAIN && !source_is_archive(kind)) {
        if (layers++ == 2) {
            source_close(from);
            return error_set(err, ERR_DATA, "compressed more than twice");
        }
        TRY(kind == KIND_GZIP ? source_gunzip(from, &from, err)
                              : source_unpack(from, kind, &from, err));
        TRY(source_head(from, &from, &head, err));
    }
    *ret = from;
    *ret_kind = kind;
    return layers;
}
