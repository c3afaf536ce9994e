/* The people: households and who lives in them, made one at a time from (seed, number). Person p
 * lives in block p / 24; a block is eleven households, so any person is found without a list.
 * Costs about a microsecond; holds nothing. */
#ifndef GEN_PERSON_H
#define GEN_PERSON_H

#include "tests/gen/calendar.h"
#include "tests/gen/places.h"
#include "tests/gen/rates.h"
#include "tests/gen/shuffle.h"

enum { EMAIL_SIZE = 72, PHONE_SIZE = 12 };

/* What all is made from; never changed once set up. */
struct company {
    uint64_t seed;
    uint64_t people; /* on the first night */
    int nights;
    int64_t first_day; /* the first night's, in days since 1970 */
    struct rates rates;
    struct name_ranks names;
    struct ranks towns;
    struct shuffle order[SOURCES]; /* a source's own order of the people: its keys follow it */
};

void company_init(struct company *c, uint64_t seed, uint64_t people, double noise);
double company_rate(const struct company *c, enum rate_id id);
/* People known by a night, 1 the first. */
uint64_t company_people(const struct company *c, int night);
/* The night on which a person is first known. */
int company_joined(const struct company *c, uint64_t person);

enum suffix { NO_SUFFIX, JUNIOR, SENIOR };

struct person {
    uint64_t id;
    enum sex sex;
    enum suffix suffix;
    struct day birth;
    char given[NAME_SIZE], middle[NAME_SIZE], family[NAME_SIZE];
    char former[NAME_SIZE]; /* the family name before, "" none */
    char email[2][EMAIL_SIZE], mailbox[EMAIL_SIZE];
    char mobile[2][PHONE_SIZE]; /* now and before; ten digits after the 0 */
    char landline[PHONE_SIZE];
    struct address now, before; /* before: house 0 where there is none */
    char tax_id[12];
};

void person_make(const struct company *c, uint64_t id, struct person *ret);
/* The e-mail of another member of the household, "" where there is none. */
void person_other_email(const struct company *c, uint64_t id, char ret_email[EMAIL_SIZE]);

#endif
