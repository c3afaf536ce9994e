/* Birth dates as eight digits, kept even when no calendar has them (1844-18-22 stays comparable),
 * and how two of them agree. Parts that are missing count as 01. */
#ifndef SLUICE_TRANSFORM_MATCH_BIRTH_H
#define SLUICE_TRANSFORM_MATCH_BIRTH_H

#include "core/slice.h"

/* What a column's dates with two numbers before the year have shown so far. */
struct date_votes {
    int64_t day_first, month_first;
};

enum date_order { DATE_DAY_FIRST, DATE_MONTH_FIRST };

void birth_vote(struct date_votes *v, struct slice text);
enum date_order birth_order_of(const struct date_votes *v);

/* Eight ASCII digits, year month day, as one number (first digit lowest byte); 0 when the text is
 * no date. */
uint64_t birth_parse(struct slice text, enum date_order order);
uint64_t birth_pack(int year, int month, int day);
void birth_digits(uint64_t date, char ret[8]);
/* Days since 0000-03-01, for distances; months and days out of range run over. */
int64_t birth_days(uint64_t date);

enum date_level {
    DATE_EXACT = 1,
    DATE_EXACT_DEFAULT, /* equal, both the first of January */
    DATE_YEAR_DEFAULT,  /* the year agrees, one is the first of January */
    DATE_DIGIT,         /* one digit differs */
    DATE_DIGIT_DEFAULT, /* one digit differs, one is the first of January */
    DATE_SWAP,          /* day and month swapped, or two neighbouring digits */
    DATE_YEAR_AND_ONE,  /* the year, and the month or the day */
    DATE_YEAR,          /* the year alone */
    DATE_MONTH_DAY,     /* month and day, not the year */
    DATE_MONTH_DAY_DEFAULT,
    DATE_TWO_DIGITS,
    DATE_TWO_DIGITS_DEFAULT,
    DATE_THREE_DIGITS,
    DATE_DIFFERS
};

enum date_level birth_compare(uint64_t a, uint64_t b);

#endif
