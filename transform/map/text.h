/* Text of a field: white space and letter case. ASCII is handled here, the rest by ICU's tables of
 * single code points (no locale). What changes is written to the arena; what needs no change is
 * returned as it came. Functions return 0 or ERR_MEMORY. */
#ifndef SLUICE_TRANSFORM_MAP_TEXT_H
#define SLUICE_TRANSFORM_MAP_TEXT_H

#include "core/arena.h"
#include "core/error.h"

enum text_case {
    TEXT_CASELESS, /* no letter that has a case */
    TEXT_UPPER,
    TEXT_LOWER,
    TEXT_MIXED,
};

/* "  Anna   Maria " → "Anna Maria": no white space at the ends (no-break and other Unicode spaces
 * included), single spaces inside. Bytes that are not UTF-8 are kept. */
int text_tidy(struct slice text, struct arena *a, struct slice *ret);

enum text_case text_case_of(struct slice text);

int text_lower(struct slice text, struct arena *a, struct slice *ret);
int text_upper(struct slice text, struct arena *a, struct slice *ret);

uint32_t rune_lower(uint32_t rune);
uint32_t rune_title(uint32_t rune); /* what a word begins with */
int rune_is_letter(uint32_t rune);  /* or a mark on one */

/* Lower case without accents, punctuation as single spaces ("São-Paulo " → "sao paulo"): for
 * looking words up. At most `size` bytes; returns the length, or 0 when it does not fit. */
size_t text_key(struct slice text, char *out, size_t size);

/* Is `word` in a list sorted by bytes? */
int word_in(struct slice word, const char *const *sorted, size_t n);
#define WORD_IN(word, list) word_in((word), (list), sizeof(list) / sizeof((list)[0]))

/* The value beside `word` in a table sorted by word; ptr NULL when it is not there. */
struct word_pair {
    const char *word, *value;
};
struct slice word_value(struct slice word, const struct word_pair *sorted, size_t n);
#define WORD_VALUE(word, table) word_value((word), (table), sizeof(table) / sizeof((table)[0]))

static inline int ascii_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
static inline int ascii_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static inline int ascii_is_letter(char c)
{
    return ascii_is_lower((char)(c | 32));
}
static inline int ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline char ascii_lower(char c)
{
    return ascii_is_upper(c) ? (char)(c | 32) : c;
}
static inline char ascii_upper(char c)
{
    return ascii_is_lower(c) ? (char)(c & ~32) : c;
}

int text_is_ascii(struct slice text);

#endif
