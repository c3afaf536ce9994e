/* Inputs: the bytes of a file, a pipe ("-") or an archive's members, looked through compression
 * (gzip, zstd, xz, bzip2) and archives (zip, tar, 7z, one level of archive in archive) by
 * libarchive, with ceilings; and, for text, turned into UTF-8 by ICU. One part at a time: a plain
 * file has one part, an archive one per member that matches, in the archive's order. */
#ifndef SLUICE_CONNECTORS_INPUT_H
#define SLUICE_CONNECTORS_INPUT_H

#include "core/buffer.h"
#include "core/error.h"

struct input;

struct input_options {
    const char *member;   /* shell pattern of a member's whole name or its last part; NULL: every
                             regular member */
    const char *encoding; /* for text: NULL detects; "binary": bytes as they are */
    int64_t max_bytes;    /* unpacked; 0: 1 TiB */
    int max_ratio;        /* unpacked : packed; 0: 2000 after the first 100 MB */
};

/* ERR_INPUT: missing, a directory, not readable. An empty file opens. */
int input_open(const char *path, const struct input_options *options, struct input **ret,
               struct error *err);
void input_close(struct input *in);

/* The next part: 1, 0 when there is none left, negative (a truncated or encrypted archive is
 * ERR_DATA). */
int input_next(struct input *in, struct error *err);
/* The next input_next gives this part once more; for who has only looked at it. */
void input_again(struct input *in);
/* Up to `cap` bytes of the part; *ret_n 0 at its end. A truncated or broken compressed stream is
 * ERR_DATA, never an early end. Bytes that the encoding does not have are not replaced: they come
 * out as 0xff, which no UTF-8 has, and bytes that are not valid UTF-8 come out as they are; the
 * format rejects that record. */
int input_read(struct input *in, void *buf, size_t cap, size_t *ret_n, struct error *err);
/* The first bytes of the part (up to 64 KiB) without consuming them, for detection. */
int input_peek(struct input *in, struct slice *ret, struct error *err);

/* The same before any decoding, to know formats by their magic bytes; only before input_read and
 * input_peek. */
int input_peek_raw(struct input *in, struct slice *ret, struct error *err);
/* Was the part's text looked at or read already? Then it is too late for the next function. */
int input_peeked(const struct input *in);
/* Reads this part and those after it in another encoding (NULL: detect). After input_peek only what
 * changes nothing can be set. */
int input_set_encoding(struct input *in, const char *encoding, struct error *err);

/* When the part is a plain UTF-8 or binary file that can be mapped: the rest of it in one slice
 * (valid until input_close), consumed. 1, or 0 when it must be read. */
int input_map(struct input *in, struct slice *ret);

const char *input_path(const struct input *in);
const char *input_member(const struct input *in);   /* "" outside archives */
const char *input_encoding(const struct input *in); /* what the text was taken for */
int input_recoded(const struct input *in);          /* is it other than UTF-8 and binary? */
/* Where in the unpacked part the next byte of input_read stands; -1 once the text is recoded. */
int64_t input_offset(const struct input *in);
/* "path" or "path/member", for messages. */
const char *input_place(struct input *in);
int64_t input_consumed(const struct input *in); /* bytes read of the file itself, for progress */
int64_t input_size(const struct input *in);     /* of the file itself; -1 unknown */

#endif
