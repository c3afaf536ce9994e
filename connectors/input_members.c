#include "connectors/input_state.h"

#include <fnmatch.h>
#include <stdio.h>
#include <unistd.h>

int64_t input_max_bytes(const struct input *in)
{
    return in->options.max_bytes ? in->options.max_bytes : INT64_C(1) << 40;
}

/* zip and 7z are sought in: directly in the file, else in a temporary copy. */
int input_open_archive(struct input *in, struct source *from, enum source_kind kind, int direct,
                       struct archive_in **ret, struct error *err)
{
    int *fd = &in->spool[in->outer != NULL];

    if (kind == KIND_TAR)
        return archive_in_tar(from, ret, err);
    if (direct && in->regular && lseek(in->fd, 0, SEEK_SET) == 0) {
        source_close(from);
        in->consumed = in->size;
        return archive_in_fd(in->fd, kind, ret, err);
    }
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    TRY(source_spool(from, input_max_bytes(in), fd, err));
    return archive_in_fd(*fd, kind, ret, err);
}

static int matches(const struct input *in, const char *name)
{
    const char *last = strrchr(name, '/');

    if (!in->options.member) /* what macOS adds to every zip is no one's data */
        return strncmp(name, "__MACOSX/", 9) != 0;
    return fnmatch(in->options.member, name, 0) == 0 ||
           (last && fnmatch(in->options.member, last + 1, 0) == 0);
}

/* Is a member whose name does not match worth opening? Only one that may be an archive. */
static int may_nest(const char *name)
{
    static const char *const ends[] = {".zip", ".tar", ".7z",      ".tgz",     ".tar.gz",
                                       ".tbz", ".txz", ".tar.bz2", ".tar.zst", ".tar.xz"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (slice_ends(slice_str(name), slice_str(ends[i])))
            return 1;
    return 0;
}

/* The next member of the archive in the archive; 0 at its end. */
static int next_nested(struct input *in, struct source **ret, struct error *err)
{
    const char *name;
    enum source_kind kind;
    struct source *s;

    for (;;) {
        int more = archive_in_next(in->nested, &name, err);
        if (more <= 0)
            return more;
        snprintf(in->member + in->outer_len, sizeof(in->member) - in->outer_len, "/%s", name);
        in->member[in->outer_len] = 0; /* a pattern may mean the inner archive as a whole */
        more = in->options.member && matches(in, in->member);
        in->member[in->outer_len] = '/';
        if (!more && !matches(in, in->member))
            continue;
        TRY(archive_in_member(in->nested, &s, err));
        TRY(source_unwrap(s, &s, &kind, err));
        if (kind == KIND_PLAIN) {
            *ret = s;
            return 1;
        }
        source_close(s);
        return error_set(err, ERR_DATA,
                         "an archive in an archive in an archive; unpack the outer one");
    }
}

/* 1: the member is the part. 0: it is not, or it is an archive, now entered. */
static int enter_member(struct input *in, struct source **ret, struct error *err)
{
    struct source *s;
    enum source_kind kind;

    TRY(archive_in_member(in->outer, &s, err));
    TRY(source_unwrap(s, &s, &kind, err));
    if (source_is_archive(kind))
        return input_open_archive(in, s, kind, 0, &in->nested, err);
    if (matches(in, in->member)) {
        *ret = s;
        return 1;
    }
    source_close(s);
    return 0;
}

static int next_member(struct input *in, struct source **ret, struct error *err)
{
    const char *name;
    int more;

    for (;;) {
        if (in->nested) {
            more = next_nested(in, ret, err);
            if (more)
                return more;
            archive_in_close(in->nested);
            in->nested = NULL;
        }
        *in->member = 0;
        more = archive_in_next(in->outer, &name, err);
        if (more <= 0)
            return more;
        if (strcmp(name, "[Content_Types].xml") == 0)
            return error_set(err, ERR_DATA, "an Office document; save its sheet as CSV first");
        snprintf(in->member, sizeof(in->member), "%s", name);
        in->outer_len = strlen(in->member);
        if (!matches(in, name) && !may_nest(name))
            continue;
        more = enter_member(in, ret, err);
        if (more)
            return more;
    }
}

int input_next_source(struct input *in, struct source **ret, struct error *err)
{
    int more;

    if (!in->outer) {
        *ret = in->top;
        in->top = NULL;
        return *ret != NULL;
    }
    more = next_member(in, ret, err);
    if (more || in->n_parts)
        return more;
    if (in->options.member)
        return error_set(err, ERR_INPUT, "archive has no member that matches '%s'",
                         in->options.member);
    return error_set(err, ERR_DATA, "archive has no files in it");
}
