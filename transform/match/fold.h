/* Text as matching sees it: lower case, accents stripped, one space between words of letters and
 * digits. Other scripts are written in Latin letters where ICU can. Costs one pass over ASCII; the
 * rest goes through ICU. A folder holds ICU's transliterator and is used by one thread at a time.
 */
#ifndef SLUICE_TRANSFORM_MATCH_FOLD_H
#define SLUICE_TRANSFORM_MATCH_FOLD_H

#include "core/buffer.h"
#include "core/error.h"

enum { FOLD_MAX = 4096 }; /* bytes of a value that are looked at */

struct folder {
    void *transliterator; /* UTransliterator, opened at the first need */
    struct buffer plain;  /* the answer of fold_text and of fold_words */
};

void folder_init(struct folder *f);
void folder_done(struct folder *f);

/* Lower case without accents, punctuation kept; valid until the next call. */
int fold_text(struct folder *f, struct slice value, struct slice *ret);
/* The same cut to words: letters and digits, apostrophes dropped, the rest one space. */
int fold_words(struct folder *f, struct slice value, struct slice *ret);

/* The same for texts of things: a code keeps its parts together. */
int fold_codes(struct folder *f, struct slice value, struct slice *ret);

/* Cuts the next word (up to a space) off `rest`; 0 at the end. */
int fold_next_word(struct slice *rest, struct slice *ret_word);

/* Copies the letters and digits alone, at most `cap`; returns how many. */
size_t fold_alphanumerics(struct slice s, char *out, size_t cap);
/* Copies the digits alone, at most `cap`; returns how many. */
size_t fold_digits(struct slice s, char *out, size_t cap);

static inline int fold_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline int fold_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

#endif
