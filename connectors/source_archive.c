#include "connectors/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { BLOCK_BYTES = 1 << 17, TAR_END = 512 };

struct archive_in {
    struct archive *a;
    struct archive_entry *entry;
    struct source *from; /* NULL when libarchive reads a descriptor itself */
    enum source_kind kind;
    struct error from_err; /* why `from` failed, to be preferred to libarchive's words */
    int from_ended;
    int64_t n_members;
    size_t zeros; /* zero bytes at the end of all that was given to libarchive */
    char name[1024];
    char block[BLOCK_BYTES];
};

static void count_zeros(struct archive_in *in, size_t n)
{
    size_t zeros = 0;

    while (zeros < n && zeros < TAR_END && in->block[n - 1 - zeros] == 0)
        zeros++;
    in->zeros = zeros == n ? in->zeros + n : zeros;
}

static la_ssize_t from_read(struct archive *a, void *arg, const void **ret)
{
    struct archive_in *in = arg;
    size_t n = 0;

    if (source_read(in->from, in->block, sizeof(in->block), &n, &in->from_err) < 0) {
        archive_set_error(a, -1, "%s", in->from_err.text);
        return ARCHIVE_FATAL;
    }
    in->from_ended = n == 0;
    count_zeros(in, n);
    *ret = in->block;
    return (la_ssize_t)n;
}

static int archive_fail(struct archive_in *in, struct error *err)
{
    const char *why = archive_error_string(in->a);

    if (in->from_err.code) {
        if (err)
            *err = in->from_err;
        return in->from_err.code;
    }
    if (archive_errno(in->a) == 12) /* ENOMEM */
        return error_memory(err);
    return error_set(err, ERR_DATA, "%s %s is truncated or broken%s%s", source_kind_name(in->kind),
                     source_is_archive(in->kind) ? "archive" : "stream", why ? ": " : "",
                     why ? why : "");
}

static int support(struct archive *a, enum source_kind kind)
{
    switch (kind) {
    case KIND_TAR:
        return archive_read_support_format_tar(a);
    case KIND_ZIP:
        /* The central directory is the truth; a zip without one is truncated. */
        return archive_read_support_format_zip_seekable(a);
    case KIND_7Z:
        return archive_read_support_format_7zip(a);
    case KIND_ZSTD:
        return archive_read_support_filter_zstd(a);
    case KIND_XZ:
        return archive_read_support_filter_xz(a);
    case KIND_BZIP2:
        return archive_read_support_filter_bzip2(a);
    case KIND_PLAIN:
    case KIND_GZIP:
        break;
    }
    return ARCHIVE_FATAL;
}

static int archive_in_new(struct source *from, int fd, enum source_kind kind,
                          struct archive_in **ret, struct error *err)
{
    struct archive_in *in = calloc(1, sizeof(*in));
    int code;

    if (in)
        in->a = archive_read_new();
    if (!in || !in->a) {
        free(in);
        source_close(from);
        return error_memory(err);
    }
    in->from = from;
    in->kind = kind;
    code = support(in->a, kind);
    if (code == ARCHIVE_OK && !source_is_archive(kind))
        code = archive_read_support_format_raw(in->a);
    if (code == ARCHIVE_OK)
        code = from ? archive_read_open(in->a, in, NULL, from_read, NULL)
                    : archive_read_open_fd(in->a, fd, BLOCK_BYTES);
    if (code != ARCHIVE_OK) {
        code = archive_fail(in, err);
        archive_in_close(in);
        return code;
    }
    *ret = in;
    return 0;
}

int archive_in_tar(struct source *from, struct archive_in **ret, struct error *err)
{
    return archive_in_new(from, -1, KIND_TAR, ret, err);
}

int archive_in_fd(int fd, enum source_kind kind, struct archive_in **ret, struct error *err)
{
    return archive_in_new(NULL, fd, kind, ret, err);
}

void archive_in_close(struct archive_in *in)
{
    if (!in)
        return;
    archive_read_free(in->a);
    source_close(in->from);
    free(in);
}

/* libarchive gives no name when the "C" locale cannot hold it. */
static void take_name(struct archive_in *in)
{
    const char *name = archive_entry_pathname_utf8(in->entry);
    size_t len;

    if (!name)
        name = archive_entry_pathname(in->entry);
    if (!name)
        name = "(name not readable)";
    len = strlen(name);
    if (len >= sizeof(in->name))
        len = sizeof(in->name) - 1;
    memcpy(in->name, name, len);
    in->name[len] = 0;
}

/* A tar ends in zero blocks; one cut off between two members would otherwise look whole. */
static int archive_end(struct archive_in *in, struct error *err)
{
    if (in->kind == KIND_TAR && in->from_ended && in->zeros < TAR_END)
        return error_set(err, ERR_DATA, "tar archive is truncated: it has no end marker");
    return 0;
}

int archive_in_next(struct archive_in *in, const char **ret_name, struct error *err)
{
    for (;;) {
        int code = archive_read_next_header(in->a, &in->entry);
        if (code == ARCHIVE_EOF)
            return archive_end(in, err);
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
            return archive_fail(in, err);
        if (++in->n_members > 100000)
            return error_set(err, ERR_DATA, "archive has more than 100,000 members");
        take_name(in);
        if (archive_entry_filetype(in->entry) != AE_IFREG)
            continue;
        *ret_name = in->name;
        return 1;
    }
}

struct member_source {
    struct source base;
    struct archive_in *in;
    int owns;
};

static int member_read(struct source *s, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    struct member_source *m = (struct member_source *)s;
    la_ssize_t n = archive_read_data(m->in->a, buf, cap);

    if (n < 0)
        return archive_fail(m->in, err);
    *ret_n = (size_t)n;
    return 0;
}

static void member_close(struct source *s)
{
    struct member_source *m = (struct member_source *)s;

    if (m->owns)
        archive_in_close(m->in);
    free(m);
}

int archive_in_member(struct archive_in *in, struct source **ret, struct error *err)
{
    struct member_source *m;

    if (archive_entry_is_encrypted(in->entry))
        return error_set(err, ERR_DATA, "member '%s' is encrypted", in->name);
    m = calloc(1, sizeof(*m));
    if (!m)
        return error_memory(err);
    m->base = (struct source){member_read, member_close};
    m->in = in;
    *ret = &m->base;
    return 0;
}

int source_unpack(struct source *from, enum source_kind kind, struct source **ret,
                  struct error *err)
{
    struct archive_in *in = NULL;
    int code = archive_in_new(from, -1, kind, &in, err);

    if (code < 0)
        return code;
    if (archive_filter_code(in->a, 0) == ARCHIVE_FILTER_NONE) /* too little to know it by */
        code = error_set(err, ERR_DATA, "%s stream is truncated or broken", source_kind_name(kind));
    else if (archive_read_next_header(in->a, &in->entry) != ARCHIVE_OK)
        code = archive_fail(in, err);
    else
        code = archive_in_member(in, ret, err);
    if (code < 0)
        archive_in_close(in);
    else
        ((struct member_source *)*ret)->owns = 1;
    return code;
}
