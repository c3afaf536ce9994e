/* A slice: bytes that someone else owns. ptr may be NULL when len is 0; not terminated by a zero.
 */
#ifndef SLUICE_CORE_SLICE_H
#define SLUICE_CORE_SLICE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *ptr;
    size_t len;
};

/* Of a string literal: SLICE_LIT is a value, SLICE_INIT a static initialiser. */
#define SLICE_INIT(s)                                                                              \
    {                                                                                              \
        .ptr = (s), .len = sizeof(s) - 1                                                           \
    }
#define SLICE_LIT(s) ((struct slice)SLICE_INIT(s))

static inline struct slice slice_of(const char *ptr, size_t len)
{
    return (struct slice){.ptr = ptr, .len = len};
}

static inline struct slice slice_str(const char *string)
{
    return slice_of(string, string ? strlen(string) : 0);
}

static inline int slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Order of unsigned bytes, shorter first among equals; the order of UTF-8 by code point. */
int slice_compare(struct slice a, struct slice b);

/* ASCII letters compare without case. */
int slice_equal_nocase(struct slice a, struct slice b);
int slice_starts(struct slice s, struct slice prefix);
int slice_ends(struct slice s, struct slice suffix);

/* Without ASCII white space at both ends. */
struct slice slice_trim(struct slice s);

/* Cuts the part before the first `sep` off `*rest` into `*ret_part`; 1 while there is one, else 0.
 * Start with *rest the whole; "a,,b" gives a, "", b; an empty whole gives one empty part. */
int slice_cut(struct slice *rest, char sep, struct slice *ret_part);

/* Length of the valid UTF-8 prefix of `s`; s.len when all of it is valid. */
size_t slice_utf8_valid(struct slice s);

/* A code point from the front (1..4 bytes) of valid UTF-8; returns its length, 0 at the end.
 * An invalid byte gives U+FFFD and length 1. */
size_t slice_utf8_next(struct slice s, uint32_t *ret_rune);

/* Writes a code point as UTF-8; returns its length (1..4). */
size_t utf8_put(uint32_t rune, char out[4]);

/* Edits between two words without ASCII case: insert, delete, change, swap of neighbours (optimal
 * string alignment). At most 64 bytes each, else SIZE_MAX. */
size_t slice_edits(struct slice a, struct slice b);

/* The nearest of `names` (edit distance at most a third of its length, at least 1), or NULL: for
 * "did you mean". */
const char *slice_nearest(struct slice s, const char *const *names, size_t n_names);

#endif
