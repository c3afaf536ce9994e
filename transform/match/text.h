/* Text as matching sees it: lower case, accents stripped, one space between words of letters and
 * digits. Other scripts are written in Latin letters where ICU can. Costs one pass over ASCII; the
 * rest goes through ICU. A folder holds ICU's transliterator and is used by one thread at a time.
 */
#ifndef SLUICE_TRANSFORM_MATCH_TEXT_H
#define SLUICE_TRANSFORM_MATCH_TEXT_H

#include "core/buffer.h"
#include "core/error.h"

enum { TEXT_MAX = 4096 }; /* bytes of a value that are looked at */

struct text_folder {
    void *transliterator; /* UTransliterator, opened at the first need */
    struct buffer plain;  /* the answer of text_fold and of text_words */
};

void text_folder_init(struct text_folder *f);
void text_folder_done(struct text_folder *f);

/* Lower case without accents, punctuation kept; valid until the next call. */
int text_fold(struct text_folder *f, struct slice value, struct slice *ret);
/* The same cut to words: letters and digits, apostrophes dropped, the rest one space. */
int text_words(struct text_folder *f, struct slice value, struct slice *ret);

/* Cuts the next word (up to a space) off `rest`; 0 at the end. */
int text_next_word(struct slice *rest, struct slice *ret_word);

/* Copies the letters and digits alone, at most `cap`; returns how many. */
size_t text_alphanumerics(struct slice s, char *out, size_t cap);
/* Copies the digits alone, at most `cap`; returns how many. */
size_t text_digits(struct slice s, char *out, size_t cap);

static inline int text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline int text_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

#endif
