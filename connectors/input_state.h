/* What an input is made of, for input.c (opening, reading) and input_members.c (archives) alone. */
#ifndef SLUICE_CONNECTORS_INPUT_STATE_H
#define SLUICE_CONNECTORS_INPUT_STATE_H

#include "connectors/input.h"
#include "connectors/input_text.h"
#include "connectors/source.h"

enum { HEAD_MAX = 1 << 16, SMALL_READ = 4096 };
#define RATIO_AFTER INT64_C(100000000)

struct input {
    char *path;
    struct input_options options;
    int fd, regular;
    int64_t consumed, size;
    int packed; /* through a decompressor or an archive: ceilings count */
    int64_t unpacked;

    struct source *top;        /* a plain file's one part, until it is taken */
    struct archive_in *outer;  /* or an archive */
    struct archive_in *nested; /* in a member of it */
    int spool[2];              /* unlinked files of archives that must be sought in; or -1 */
    int n_parts;               /* given out so far */
    char member[2048], place[4096];
    size_t outer_len; /* of member, the outer archive's part */
    int again;

    struct source *part;
    struct text_reader *text;
    int untouched; /* the part is the plain file itself, nothing of it given out */
    void *map;
    size_t map_len;
    char *head; /* text that was looked at */
    size_t head_at, head_len;
};

int64_t input_max_bytes(const struct input *in);
/* Opens an archive of this kind in `from` (taken over); `direct`: `from` is the file itself. */
int input_open_archive(struct input *in, struct source *from, enum source_kind kind, int direct,
                       struct archive_in **ret, struct error *err);
/* The next part's bytes: 1, 0 at the end. */
int input_next_source(struct input *in, struct source **ret, struct error *err);

#endif
