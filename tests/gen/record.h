/* A record: what one source holds of one person, with the errors and gaps of that source. Canonical
 * in form (UTF-8, one field each); the layouts spell it their own way. */
#ifndef GEN_RECORD_H
#define GEN_RECORD_H

#include "tests/gen/person.h"

enum { COPIES_MOST = 2, KEY_STEP = 3, LINE_SIZE = 64 };

struct record {
    enum source_id source;
    uint64_t person, number; /* number: unique in the source, in the order of its file */
    int copy;                /* 0, or 1 for a second record of the same person */
    int night;               /* of the last change, 1 none */
    enum sex sex;
    char given[NAME_SIZE], middle[NAME_SIZE], family[NAME_SIZE];
    const char *suffix; /* "Jr", "Sr" or "" */
    struct day birth;   /* year 0: not given */
    char email[EMAIL_SIZE], phone[2][28];
    char line1[LINE_SIZE], line2[LINE_SIZE], city[NAME_SIZE], postcode[12];
    const char *county; /* "" without an address */
    char tax_id[12];    /* "" none */
    int email_optin, sms_optin;
    int64_t changed;     /* seconds since 1970, UTC */
    uint64_t text_draws; /* the seed of whatever a layout adds of its own */
};

/* How many records the source holds of a person on a night: 0, 1 or 2. `night` counts from 1. */
int record_copies(const struct company *c, enum source_id source, uint64_t person);
/* Whether the record was ever gone by that night. */
int record_removed(const struct company *c, enum source_id source, uint64_t person, int copy,
                   int night);
/* The person at a place of the source's order, and the other way round. */
uint64_t source_person(const struct company *c, enum source_id source, uint64_t place);
uint64_t source_place(const struct company *c, enum source_id source, uint64_t person);

/* `place` is the person's in the source's order. */
void record_make(const struct company *c, enum source_id source, const struct person *p,
                 uint64_t place, int copy, int night, struct record *ret);

/* The key as the source writes it; `size` at least 24. */
void record_key(enum source_id source, uint64_t number, char *buffer, size_t size);
const char *source_name(enum source_id source);

#endif
