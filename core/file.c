#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUT_BUFFER = 1 << 18, TEMPORARIES = 1000 };

struct file_out {
    int fd, flags;
    int owned;  /* fd is ours to close */
    int failed; /* nothing more is written, nothing is published */
    char *path; /* as given, for messages; "standard output" for "-" */
    char *goal; /* where it is published, links followed; NULL when written in place */
    char *temporary;
    int64_t offset;
    size_t len;
    uint8_t buffer[OUT_BUFFER];
};

/* "/dev/fd/3" is descriptor 3, or -1. Opening it by name would write over the start of a file that
 * the shell opened to append to. */
static int named_descriptor(const char *path)
{
    if (!strcmp(path, "-") || !strcmp(path, "/dev/stdout"))
        return STDOUT_FILENO;
    if (!strcmp(path, "/dev/stderr"))
        return STDERR_FILENO;
    const char *digits = NULL;
    if (!strncmp(path, "/dev/fd/", 8))
        digits = path + 8;
    else if (!strncmp(path, "/proc/self/fd/", 14))
        digits = path + 14;
    if (!digits || !*digits || strlen(digits) > 4 || digits[strspn(digits, "0123456789")])
        return -1;
    return atoi(digits);
}

static int open_descriptor(struct file_out *f, int fd, struct error *err)
{
    if (fcntl(fd, F_GETFD) < 0)
        return error_errno(err, ERR_CREATE, "cannot write '%s'", f->path);
    f->fd = fd;
    return 0;
}

/* A device, fifo or socket: renaming over it would replace it. */
static int open_in_place(struct file_out *f, struct error *err)
{
    f->fd = open(f->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (f->fd < 0)
        return error_errno(err, ERR_CREATE, "cannot write '%s'", f->path);
    f->owned = 1;
    return 0;
}

static char *temporary_name(const char *goal, int attempt)
{
    const char *slash = strrchr(goal, '/');
    const char *name = slash ? slash + 1 : goal;
    /* The name is cut so that the whole stays a valid one. */
    int dir_len = (int)(name - goal), name_len = (int)strnlen(name, NAME_MAX - 40);
    char *ret = NULL;
    if (asprintf(&ret, "%.*s.%.*s.tmp-%ld-%d", dir_len, goal, name_len, name, (long)getpid(),
                 attempt) < 0)
        return NULL;
    return ret;
}

static int open_temporary(struct file_out *f, mode_t mode, struct error *err)
{
    for (int attempt = 0; attempt < TEMPORARIES; attempt++) {
        char *name = temporary_name(f->goal, attempt);
        if (!name)
            return error_memory(err);
        f->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (f->fd >= 0) {
            f->owned = 1;
            f->temporary = name;
            return 0;
        }
        free(name);
        if (errno != EEXIST)
            break;
    }
    return error_errno(err, ERR_CREATE, "cannot create '%s'", f->path);
}

/* A file that is replaced keeps its mode: someone may have chosen it. */
static int open_replacing(struct file_out *f, const struct stat *old, struct error *err)
{
    f->goal = realpath(f->path, NULL);
    if (!f->goal)
        return error_errno(err, ERR_CREATE, "cannot create '%s'", f->path);
    TRY(open_temporary(f, 0600, err));
    if (fchmod(f->fd, old->st_mode & 0777) < 0)
        return error_errno(err, ERR_CREATE, "cannot set the mode of '%s'", f->path);
    return 0;
}

static int open_fresh(struct file_out *f, struct error *err)
{
    f->goal = strdup(f->path);
    if (!f->goal)
        return error_memory(err);
    return open_temporary(f, f->flags & FILE_SHARED ? 0666 : 0600, err);
}

static int open_out(struct file_out *f, const char *path, struct error *err)
{
    int fd = named_descriptor(path);
    f->path = strdup(fd == STDOUT_FILENO ? "standard output" : path);
    if (!f->path)
        return error_memory(err);
    if (fd >= 0)
        return open_descriptor(f, fd, err);
    struct stat old;
    if (!*path)
        return error_set(err, ERR_CREATE, "the name of an output file is empty");
    if (f->flags & FILE_NEW || stat(path, &old) < 0)
        return open_fresh(f, err);
    if (S_ISDIR(old.st_mode))
        return error_set(err, ERR_CREATE, "cannot write '%s': it is a directory", path);
    return S_ISREG(old.st_mode) ? open_replacing(f, &old, err) : open_in_place(f, err);
}

int file_create(const char *path, int flags, struct file_out **ret, struct error *err)
{
    struct file_out *f = malloc(sizeof *f);
    if (!f)
        return error_memory(err);
    memset(f, 0, offsetof(struct file_out, buffer));
    f->fd = -1;
    f->flags = flags;
    int code = open_out(f, path, err);
    if (code < 0) {
        file_close(f);
        return code;
    }
    *ret = f;
    return 0;
}

/* A descriptor set to not block, as some terminals' and parents' are, is waited for. */
static ssize_t write_some(int fd, const uint8_t *bytes, size_t len)
{
    for (;;) {
        ssize_t n = write(fd, bytes, len);
        if (n >= 0)
            return n;
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        else if (errno != EINTR)
            return -1;
    }
}

static int write_all(struct file_out *f, const uint8_t *bytes, size_t len, struct error *err)
{
    while (len) {
        ssize_t n = write_some(f->fd, bytes, len);
        if (n < 0) {
            f->failed = 1;
            return error_errno(err, ERR_IO, "cannot write '%s'", f->path);
        }
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

static int check_sound(const struct file_out *f, struct error *err)
{
    return f->failed ? error_set(err, ERR_IO, "cannot write '%s': an earlier write failed", f->path)
                     : 0;
}

static int flush(struct file_out *f, struct error *err)
{
    size_t len = f->len;
    f->len = 0;
    return write_all(f, f->buffer, len, err);
}

int file_write(struct file_out *f, const void *bytes, size_t len, struct error *err)
{
    if (len > OUT_BUFFER - f->len) {
        TRY(check_sound(f, err));
        TRY(flush(f, err));
    }
    f->offset += (int64_t)len;
    if (len >= OUT_BUFFER)
        return write_all(f, bytes, len, err);
    if (len)
        memcpy(f->buffer + f->len, bytes, len);
    f->len += len;
    return 0;
}

int64_t file_offset(const struct file_out *f)
{
    return f->offset;
}

/* Folders can be synced only through a descriptor of their own. */
static int sync_parent(const char *path, struct error *err)
{
    char *dir = strdup(path);
    if (!dir)
        return error_memory(err);
    char *slash = strrchr(dir, '/');
    if (slash)
        slash[slash == dir] = 0;
    int code = file_sync_dir(slash ? dir : ".", err);
    free(dir);
    return code;
}

/* A link fails when the name is taken, where a rename would replace it without a word; file systems
 * without links have RENAME_NOREPLACE. */
static int publish_new(struct file_out *f, struct error *err)
{
    int failed = link(f->temporary, f->goal);
    if (failed && (errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK || errno == ENOSYS))
        failed = renameat2(AT_FDCWD, f->temporary, AT_FDCWD, f->goal, RENAME_NOREPLACE);
    else if (!failed)
        unlink(f->temporary);
    if (!failed)
        return 0;
    if (errno == EEXIST)
        return error_set(err, ERR_CREATE, "'%s' exists already", f->path);
    return error_errno(err, ERR_IO, "cannot publish '%s'", f->path);
}

static int publish(struct file_out *f, struct error *err)
{
    if (f->flags & FILE_NEW) {
        TRY(publish_new(f, err));
    } else if (rename(f->temporary, f->goal) < 0) {
        return error_errno(err, ERR_IO, "cannot publish '%s'", f->path);
    }
    free(f->temporary);
    f->temporary = NULL;
    return f->flags & FILE_NO_SYNC ? 0 : sync_parent(f->goal, err);
}

/* close() is where a network file system may own up to a write that failed. */
static int close_fd(struct file_out *f, struct error *err)
{
    int fd = f->fd;
    f->fd = -1;
    if (f->owned && close(fd) < 0 && errno != EINTR)
        return error_errno(err, ERR_IO, "cannot write '%s'", f->path);
    return 0;
}

int file_commit(struct file_out *f, struct error *err)
{
    TRY(check_sound(f, err));
    f->failed = 1; /* until it is done; a second commit is refused */
    TRY(flush(f, err));
    if (!f->goal)
        return close_fd(f, err);
    if (!(f->flags & FILE_NO_SYNC) && fsync(f->fd) < 0)
        return error_errno(err, ERR_IO, "cannot write '%s' to disk", f->path);
    TRY(close_fd(f, err));
    return publish(f, err);
}

void file_close(struct file_out *f)
{
    if (!f)
        return;
    if (f->fd >= 0 && f->owned)
        close(f->fd);
    if (f->temporary)
        unlink(f->temporary);
    free(f->temporary);
    free(f->goal);
    free(f->path);
    free(f);
}

int file_store(const char *path, int flags, struct slice bytes, struct error *err)
{
    struct file_out *f;
    TRY(file_create(path, flags, &f, err));
    int code = file_write(f, bytes.ptr, bytes.len, err);
    if (code == 0)
        code = file_commit(f, err);
    file_close(f);
    return code;
}
