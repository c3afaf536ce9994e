/* Which types the texts of a column would fit: seen value by value, decided once. A type is only
 * named when every value that is not empty fits it; the shares say how near the others came.
 * Identifiers keep their digits: a leading zero, a plus or more than 18 digits make no number. */
#ifndef SLUICE_SCHEMAS_TEXT_TYPE_H
#define SLUICE_SCHEMAS_TEXT_TYPE_H

#include "core/type.h"

enum text_kind {
    TEXT_OTHER,
    TEXT_EMPTY,
    TEXT_INTEGER,
    TEXT_DECIMAL,   /* with a point, 38 digits at most */
    TEXT_REAL,      /* with an exponent */
    TEXT_BOOLEAN,   /* true, false */
    TEXT_DATE,      /* 2026-03-01 */
    TEXT_TIMESTAMP, /* 2026-03-01T12:00, with or without the rest */
    TEXT_DAY_FIRST, /* 31/03/2026, its day past 12; likewise with . and - */
    TEXT_MONTH_FIRST,
    TEXT_DAY_OR_MONTH, /* 03/04/2026: either */
    TEXT_COMMA,        /* 1,5 and 1.234,50: a number of a country that writes a comma */
    TEXT_KINDS
};

struct text_types {
    int64_t kinds[TEXT_KINDS]; /* values of each kind */
    int whole, scale;          /* most digits before and behind the point */
    char between;              /* in dates that are not ISO: / . or - */
};

/* One value; of numbers, the digits before and behind the point. About 10 ns. */
enum text_kind text_kind_of(struct slice text, int *ret_whole, int *ret_scale);
void text_types_add(struct text_types *t, struct slice text, int64_t times);
/* The same of a value whose kind is known. */
void text_types_note(struct text_types *t, struct slice text, enum text_kind kind, int whole,
                     int scale, int64_t times);
void text_types_merge(struct text_types *into, const struct text_types *from);

/* Values that are not empty. */
int64_t text_types_filled(const struct text_types *t);
/* The type that all of them fit, utf8 when there is none. */
void text_types_decide(const struct text_types *t, struct field *ret);
/* The type that most of them fit and how many; utf8 and all of them when it is under half. */
void text_types_nearest(const struct text_types *t, struct field *ret, int64_t *ret_fit);
/* "%d/%m/%Y" when all are dates of one way that is not ISO, else NULL; *ret_sure 0 when day and
 * month could be either way round. */
const char *text_types_date_format(const struct text_types *t, int *ret_sure);

#endif
