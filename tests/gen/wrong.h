/* Wrong rows: extra rows with keys of their own, spread evenly over a file. They stand in no truth,
 * so a pipeline that rejects them all, and nothing else, agrees with the truth. */
#ifndef GEN_WRONG_H
#define GEN_WRONG_H

#include "tests/gen/out.h"
#include "tests/gen/person.h"

enum wrong_kind {
    BAD_DATE,     /* 31.02.2026 */
    SHORT_LINE,   /* the line ends early */
    KEY_CONFLICT, /* the last row's key again, the same time, another name */
    BAD_AMOUNT,   /* not a number */
    BAD_ENTITY,   /* &foo; */
    BAD_UTF8,     /* a byte that cannot be */
    WRONG_KINDS
};

const char *wrong_name(enum wrong_kind kind);

/* The kinds a file gets, in turn, and when. */
struct wrong_plan {
    const enum wrong_kind *kinds;
    int n_kinds;
    uint64_t total, done;
    uint64_t places; /* of the walk that writes the file */
};

/* `rows`: the file's usual rows, about. None for a file too small to bear one of each kind. */
struct wrong_plan wrong_plan_of(const struct company *c, const enum wrong_kind *kinds, int n_kinds,
                                double rows, uint64_t places);
/* Whether a wrong row is due at this place of the walk; counts it. */
int wrong_due(struct wrong_plan *plan, uint64_t place, enum wrong_kind *ret_kind);
/* Keys that no record has. */
uint64_t wrong_number(const struct wrong_plan *plan);
/* A line in wrong.csv: source, file (with its member), line, what. */
void wrong_note(struct out *list, const char *source, const char *file, uint64_t line,
                enum wrong_kind kind);

#endif
