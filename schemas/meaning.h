/* What a column means: the semantic type found from its name and its contents. */
#ifndef SLUICE_SCHEMAS_MEANING_H
#define SLUICE_SCHEMAS_MEANING_H

#include "core/error.h"
#include "core/slice.h"

enum meaning {
    MEANING_UNKNOWN, /* nothing that helps to match */
    MEANING_KEY,     /* the row's own id: unique, says nothing about the person */
    MEANING_SOURCE,  /* which system the row is from */
    MEANING_TITLE,
    MEANING_GIVEN_NAME,
    MEANING_MIDDLE_NAME,
    MEANING_FAMILY_NAME,
    MEANING_SUFFIX,
    MEANING_FULL_NAME,
    MEANING_ORGANISATION,
    MEANING_BIRTH_DATE,
    MEANING_BIRTH_YEAR,
    MEANING_BIRTH_MONTH,
    MEANING_BIRTH_DAY,
    MEANING_GENDER,
    MEANING_EMAIL,
    MEANING_PHONE,
    MEANING_ADDRESS, /* a whole address in one column */
    MEANING_HOUSE_NUMBER,
    MEANING_STREET, /* line 1, or the street alone */
    MEANING_ADDRESS_2,
    MEANING_CITY,
    MEANING_REGION,
    MEANING_POSTCODE,
    MEANING_COUNTRY,
    MEANING_PLACE, /* a place that is not the address: birth place */
    MEANING_ID,    /* an identifier of the person: tax, social security, passport, loyalty */
    MEANING_OCCUPATION,
    MEANING_CATEGORY,
    MEANING_NUMBER,
    MEANING_DATE,
    MEANING_TEXT,
    MEANING_COUNT
};

const char *meaning_name(enum meaning m);                /* "given-name" */
int meaning_parse(struct slice text, enum meaning *ret); /* the same, or 0 */
const char *const *meaning_names(void);                  /* in order of the enum; ends in NULL */

/* What was seen of one column; filled by meaning_look over rows or distinct values. The caller sets
 * distinct and, when it looked at each distinct value once, filled_rows. A look costs about 2 µs: a
 * few thousand values of a column are enough. */
struct meaning_stats {
    int64_t n, filled;             /* values looked at; not empty */
    int64_t distinct, filled_rows; /* 0: not known; 0: as filled */
    int64_t looks[MEANING_COUNT];  /* values that look like each meaning */
    int64_t digits, letters, total_len, multi_word;
    int64_t max_len, min_len;
    int64_t commas_in_name; /* "FAMILY, GIVEN" */
};
void meaning_look(struct meaning_stats *s, struct slice value);

struct meaning_column {
    struct slice name;
    struct meaning_stats stats;
    enum meaning meaning; /* out; set before the call (fixed != 0) by --as */
    int fixed;
    char why[160]; /* out: one line, for --explain */
};
/* Decides all columns together (one given name, one family name …; a unique column is the key). */
void meaning_decide(struct meaning_column *columns, int n, int64_t n_rows);

#endif
