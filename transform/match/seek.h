/* The search for candidates from end to end: atoms, keys, blocks, the best K of each record, within
 * the memory that is left, and the account of it. What a model's census says of frequencies counts
 * instead of the records' own. */
#ifndef SLUICE_TRANSFORM_MATCH_SEEK_H
#define SLUICE_TRANSFORM_MATCH_SEEK_H

#include "transform/match/candidates.h"
#include "transform/match/twins.h"

struct seek_options {
    enum match_effort effort;
    struct match_evidence *evidence;  /* told of the blocks; or NULL */
    const struct atom_census *census; /* NULL: count the records */
    uint64_t memory;                  /* bytes this process may hold; 0: most of what there is */
    const char *temporary;            /* folder; NULL: $TMPDIR, else /tmp */
    struct pool *pool;
};

/* Which keys, for so many records. */
struct key_rules seek_rules(uint32_t n_records);
/* Is a census of use for n records? Not one of far fewer: what was rare is common by now. */
int census_fits(const struct atom_census *c, uint32_t n);

/* ret_census: in the arena, what was counted, to be kept with the model; NULL: not wanted. */
int seek_candidates(const struct encoded *e, const struct twins *twins,
                    const struct seek_options *o, struct arena *arena,
                    struct atom_census *ret_census, struct match_account *account,
                    struct candidates *ret, struct error *err);

#endif
