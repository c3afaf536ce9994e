/* Values that say nothing: what people and programs fill in where they have nothing to say. Text is
 * tidied (text.h) but in any case. 1: junk, 0: not. No allocation. */
#ifndef SLUICE_TRANSFORM_MAP_JUNK_H
#define SLUICE_TRANSFORM_MAP_JUNK_H

#include "core/slice.h"

/* "", "n/a", "-", "NULL", "unknown", "keine Angabe", "xxx", "???" … */
int junk_text(struct slice tidy);
/* The same but for words that are also names ("Na", "No", "Null"), and "test". */
int junk_name(struct slice tidy);
/* The same, and digits that no one was given: "0000000", "1234567890", "9999-9999". */
int junk_number(struct slice tidy);
/* Digits alone: the same again and again, or counting up or down. */
int junk_digits(struct slice digits);
/* "test@test.com", "none@example.com", "noemail@…": `lower` is a valid address in lower case. */
int junk_email(struct slice lower);
/* Dates that stand for "not known": 1900-01-01, 9999-12-31, 1111-11-11 … */
int junk_date(int year, int month, int day);
/* A text that stands for no date: all zeros and separators, and junk_text. */
int junk_date_text(struct slice tidy);

#endif
