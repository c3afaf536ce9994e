/* Byte sources: what an input is stacked from. A file, a decompressor over another source, a member
 * of an archive. Each is read forward only. A source made over another one owns it and closes it,
 * also when making it fails; members of an archive do not own the archive. */
#ifndef SLUICE_CONNECTORS_SOURCE_H
#define SLUICE_CONNECTORS_SOURCE_H

#include "core/buffer.h"
#include "core/error.h"

struct source {
    /* Up to `cap` (> 0) bytes; *ret_n is 0 only at the end. A cut-off or broken stream is ERR_DATA,
     * without a place: the input adds file and member. */
    int (*read)(struct source *s, void *buf, size_t cap, size_t *ret_n, struct error *err);
    void (*close)(struct source *s);
};

enum source_kind { /* what the first bytes say the rest is */
                   KIND_PLAIN,
                   KIND_GZIP,
                   KIND_ZSTD,
                   KIND_XZ,
                   KIND_BZIP2,
                   KIND_TAR,
                   KIND_ZIP,
                   KIND_7Z
};

static inline int source_read(struct source *s, void *buf, size_t cap, size_t *ret_n,
                              struct error *err)
{
    return s->read(s, buf, cap, ret_n, err);
}
void source_close(struct source *s); /* NULL is fine */

/* A descriptor (borrowed), adding what was read to *consumed. */
int source_of_fd(int fd, int64_t *consumed, struct source **ret, struct error *err);
/* Copies `from` (closed) into an unlinked temporary file, rewound; past `max` bytes ERR_DATA. */
int source_spool(struct source *from, int64_t max, int *ret_fd, struct error *err);
/* Takes compression off `from`, twice at most: *ret is what is below, of kind *ret_kind (plain or
 * an archive). Returns how many layers came off. */
int source_unwrap(struct source *from, struct source **ret, enum source_kind *ret_kind,
                  struct error *err);

/* A source that has looked at its own first bytes; `head` is valid until the source is read. */
int source_head(struct source *from, struct source **ret, struct slice *head, struct error *err);
enum source_kind source_sniff(struct slice head);
const char *source_kind_name(enum source_kind kind);
static inline int source_is_archive(enum source_kind kind)
{
    return kind >= KIND_TAR;
}

/* gzip by zlib: several members in a row, zero padding behind the last. */
int source_gunzip(struct source *from, struct source **ret, struct error *err);
/* zstd, xz, bzip2 by libarchive. */
int source_unpack(struct source *from, enum source_kind kind, struct source **ret,
                  struct error *err);

/* An archive read member by member, in its own order. */
struct archive_in;
/* A tar streams from `from` (owned). */
int archive_in_tar(struct source *from, struct archive_in **ret, struct error *err);
/* zip and 7z need to seek: `fd` stays the caller's. */
int archive_in_fd(int fd, enum source_kind kind, struct archive_in **ret, struct error *err);
void archive_in_close(struct archive_in *a);
/* The next regular member: 1, 0 at the end, negative. The name is valid until the next call. A
 * member that is encrypted is an error naming it. */
int archive_in_next(struct archive_in *a, const char **ret_name, struct error *err);
/* The current member as a source; closing it does not close the archive. */
int archive_in_member(struct archive_in *a, struct source **ret, struct error *err);

#endif
