#include "tests/gen/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int errno_of(struct archive *a)
{
    int error = archive_errno(a);
    return error > 0 ? error : EIO;
}

static int copy_data(struct archive *a, int fd)
{
    char held[1 << 16];
    ssize_t n;
    while ((n = read(fd, held, sizeof(held))) > 0)
        if (archive_write_data(a, held, (size_t)n) != n)
            return errno_of(a);
    return n < 0 ? errno : 0;
}

static int add_member(struct archive *a, const struct packed *m, int fd, int64_t seconds)
{
    struct stat st;
    if (fstat(fd, &st))
        return errno;
    struct archive_entry *e = archive_entry_new();
    if (!e)
        return ENOMEM;
    archive_entry_set_pathname(e, m->name);
    archive_entry_set_size(e, st.st_size);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, seconds, 0);
    int rc = archive_write_header(a, e) == ARCHIVE_OK ? copy_data(a, fd) : errno_of(a);
    archive_entry_free(e);
    return rc;
}

static void set_up(struct archive *a, enum packing packing)
{
    if (packing == PACK_ZIP) {
        archive_write_set_format_zip(a);
        return;
    }
    archive_write_set_format_ustar(a);
    archive_write_add_filter_gzip(a);
    archive_write_set_options(a, "gzip:!timestamp,gzip:compression-level=4");
}

int pack(const char *path, enum packing packing, const struct packed *members, int n,
         int64_t seconds)
{
    struct archive *a = archive_write_new();
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int rc = fd < 0 ? errno : 0;
    if (!a || rc)
        goto out;
    set_up(a, packing);
    if (archive_write_open_fd(a, fd) != ARCHIVE_OK)
        rc = errno_of(a);
    for (int i = 0; i < n && !rc; i++) {
        int member = open(members[i].path, O_RDONLY | O_CLOEXEC);
        rc = member < 0 ? errno : add_member(a, &members[i], member, seconds);
        if (member >= 0)
            close(member);
    }
    if (!rc && archive_write_close(a) != ARCHIVE_OK)
        rc = errno_of(a);
out:
    if (a)
        archive_write_free(a);
    else
        rc = ENOMEM;
    if (fd >= 0 && close(fd) && !rc)
        rc = errno;
    return rc;
}
