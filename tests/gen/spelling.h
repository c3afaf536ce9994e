/* How a value is spelt: capitals, accents, and the errors of typing, scanning and hearing. Text is
 * UTF-8 of Latin-1's letters. */
#ifndef GEN_SPELLING_H
#define GEN_SPELLING_H

#include "tests/gen/chance.h"
#include "tests/gen/text.h"

/* Accents off: "Müller" to "Muller", "Größ" to "Gross". */
void spell_ascii(const char *s, char *buffer, size_t size);
/* Umlauts written out: "Müller" to "Mueller"; other accents stay. */
void spell_umlauts_out(const char *s, char *buffer, size_t size);
void spell_upper(char *s);
void spell_lower_ascii(char *s);
/* One error in place: an edit, two letters exchanged, a scanned letter misread, a sound written
 * another way. Short words may come out as they were. */
void spell_wrong(char *s, size_t size, struct chance *c);
/* One digit of a number changed, or two exchanged. */
void spell_digit_wrong(char *s, struct chance *c);

#endif
