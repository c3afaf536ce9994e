#include "connectors/parquet/parquet_source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/input.h"
#include "connectors/parquet/parquet_format.h"

#define MEMORY_LIMIT (INT64_C(4) << 30)

/* A plain file that begins as Parquet does: 1; 0 when it must go through input.h; negative. */
static int open_plain(struct parquet_source *s, const char *path)
{
    struct stat st;
    char magic[4];
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0)
        return 0; /* input_open finds the words */
    if (fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode) && pread(s->fd, magic, 4, 0) == 4 &&
        memcmp(magic, PARQUET_MAGIC, 4) == 0) {
        s->size = st.st_size;
        return 1;
    }
    close(s->fd);
    s->fd = -1;
    return 0;
}

static int slurp(struct parquet_source *s, struct input *in, struct error *err)
{
    size_t n = 1;
    int more = input_next(in, err);
    TRY(more);
    buffer_init(&s->bytes, (size_t)MEMORY_LIMIT);
    while (more && n) {
        if (buffer_reserve(&s->bytes, 1 << 20) < 0)
            return error_set(err, ERR_DATA,
                             "a Parquet file from a pipe or an archive must fit in 4 GiB");
        TRY(input_read(in, s->bytes.data + s->bytes.len, s->bytes.cap - s->bytes.len, &n, err));
        s->bytes.len += n;
    }
    s->size = (int64_t)s->bytes.len;
    return 0;
}

int parquet_source_open(struct parquet_source *s, const struct read_options *options,
                        const char *const *paths, int i, struct error *err)
{
    struct input *in;
    *s = (struct parquet_source){.fd = -1};
    if (open_plain(s, paths[i]))
        return 0;
    TRY(format_open(options, paths, i, "binary", &in, err));
    int code = slurp(s, in, err);
    input_close(in);
    return code;
}

int parquet_source_read(const struct parquet_source *s, int64_t at, size_t len, void *ret,
                        struct error *err)
{
    if (at < 0 || at > s->size || len > (uint64_t)(s->size - at))
        return error_set(err, ERR_DATA, "the Parquet file points outside of itself: cut short?");
    if (s->fd < 0) {
        if (len)
            memcpy(ret, s->bytes.data + at, len);
        return 0;
    }
    for (size_t done = 0; done < len;) {
        ssize_t n = pread(s->fd, (char *)ret + done, len - done, at + (int64_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, ERR_IO, "cannot read the Parquet file");
        if (n == 0)
            return error_set(err, ERR_DATA, "the Parquet file became shorter while it was read");
        done += (size_t)n;
    }
    return 0;
}

void parquet_source_close(struct parquet_source *s)
{
    if (s->fd >= 0)
        close(s->fd);
    buffer_done(&s->bytes);
    *s = (struct parquet_source){.fd = -1};
}
