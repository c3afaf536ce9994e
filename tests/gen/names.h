/* Names of people: the lists, and draws from them with a popularity that falls as in real
 * populations (a rank's share goes with 1 / (rank + c), then a long tail of made-up names). */
#ifndef GEN_NAMES_H
#define GEN_NAMES_H

#include "tests/gen/chance.h"
#include "tests/gen/text.h"

struct given_name {
    const char *name, *short_forms; /* short forms with commas between, "" none */
};

extern const struct given_name male_names[], female_names[];
extern const int n_male_names, n_female_names;
extern const char *const surnames[], *const surname_starts[], *const surname_middles[],
                                                                  *const surname_ends[];
extern const int n_surnames, n_surname_starts, n_surname_middles, n_surname_ends;
extern const char *const given_starts[], *const given_ends_male[], *const given_ends_female[];
extern const int n_given_starts, n_given_ends_male, n_given_ends_female;

enum sex { MALE, FEMALE };

enum { NAME_SIZE = 40, RANKS_MOST = 1024 };

/* Shares summed up by rank, to draw from by bisection. */
struct ranks {
    int n;
    double sum[RANKS_MOST];
};

/* Rank r of n gets 1 / (r + 1 + flat): a larger `flat` is a flatter top. */
void ranks_init(struct ranks *r, int n, double flat);
int ranks_draw(const struct ranks *r, struct chance *c);

struct name_ranks {
    struct ranks male, female, family;
    double rare_given, rare_family; /* share of names put together from parts */
};

void name_given(const struct name_ranks *ranks, enum sex sex, struct chance *c,
                char ret_name[NAME_SIZE]);
void name_family(const struct name_ranks *ranks, struct chance *c, char ret_name[NAME_SIZE]);
/* A short form of a listed given name, or 0 where it has none. */
int name_short_form(const char *given, struct chance *c, char ret_name[NAME_SIZE]);

#endif
