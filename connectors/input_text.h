/* Text of any encoding to UTF-8. ASCII and UTF-8 pass through untouched, bytes that are not valid
 * UTF-8 too; single-byte encodings go through a table, others through ICU. Bytes that an encoding
 * does not have (and, in windows-*, the C1 controls, which no export means) come out as one byte
 * 0xff, which no UTF-8 has, so that the format rejects that row and none other.
 *
 * With no encoding named: a byte order mark decides; else zeros in every other byte mean UTF-16;
 * else, at the first byte that is not ASCII, the 64 KiB from there: as much valid UTF-8 as not, or
 * bytes that no one would have written in windows-1252 (accented letters apart from other letters,
 * rare signs), mean UTF-8 with bad rows; else it is windows-1252. What is decided depends on the
 * bytes alone, not on how they arrive. */
#ifndef SLUICE_CONNECTORS_INPUT_TEXT_H
#define SLUICE_CONNECTORS_INPUT_TEXT_H

#include "connectors/source.h"

enum text_mode {
    TEXT_START,  /* nothing looked at */
    TEXT_ASCII,  /* undecided: only ASCII so far */
    TEXT_AS_IS,  /* UTF-8 or binary */
    TEXT_TABLE,  /* single bytes */
    TEXT_CONVERT /* ICU */
};

enum { TEXT_WINDOW = 1 << 16, TEXT_RAW = 1 << 17 };

struct text_reader {
    struct source *from; /* borrowed */
    enum text_mode mode;
    const char *wanted; /* NULL: detect */
    const char *name;   /* what it is taken for */
    int ascii_below;    /* table: bytes below 128 are themselves */
    int64_t offset;     /* in `from`, of the next byte given out; -1 once recoded */
    struct UConverter *converter;
    char (*table)[4]; /* 256: UTF-8 of a byte, its length last */
    size_t at, len;   /* of raw */
    int ended, flushed;
    uint8_t last;  /* given out, while undecided */
    uint16_t lead; /* a surrogate's first half, waiting for the second */
    uint8_t raw[TEXT_RAW];
};

/* `encoding` is NULL, "binary" or an ICU name; an unknown one is ERR_USAGE. Both borrowed. */
int text_reader_new(struct source *from, const char *encoding, struct text_reader **ret,
                    struct error *err);
void text_reader_free(struct text_reader *t);
/* Another encoding, before anything was read. */
int text_reader_set(struct text_reader *t, const char *encoding, struct error *err);
/* Nothing more is to come. */
void text_reader_end(struct text_reader *t);
/* cap at least 4096. *ret_n is 0 only at the end. */
int text_reader_read(struct text_reader *t, void *buf, size_t cap, size_t *ret_n,
                     struct error *err);
/* The first bytes as they are, before anything was read. */
int text_reader_raw(struct text_reader *t, struct slice *ret, struct error *err);

/* Which of the two a text is; `before` is the byte in front of the window, or 0. */
enum text_guess { GUESS_UTF8, GUESS_WINDOWS };
enum text_guess text_guess(uint8_t before, struct slice window);
/* Length of the ASCII prefix. */
size_t text_ascii(const uint8_t *bytes, size_t len);

#endif
