/* When the events of a record happen: those of the year before the first night, and one now and
 * then in a later night. Each has draws of its own. */
#ifndef GEN_HAPPENINGS_H
#define GEN_HAPPENINGS_H

#include "tests/gen/record.h"

enum { YEAR_MOST = 60 };

struct happening {
    int number; /* unique within the record */
    int64_t at; /* seconds since 1970, UTC, in opening hours */
    struct chance draws;
};

struct happenings {
    const struct company *company;
    const struct record *record;
    uint64_t subject;
    int in_year; /* how many, and so how likely in a later night */
    int joined; /* the night the person was first known; after the first, there is no year before */
    int past, next, night, last_night;
};

/* `mean` a year, after `least` that are always there; up to the given night. */
struct happenings happenings_of(const struct company *c, const struct record *r, int least,
                                double mean, int night);
int happening_next(struct happenings *h, struct happening *ret); /* 0 at the end */

#endif
