/* What a run of the engine leaves for those who judge it: every pair that was compared, with its
 * weight, and how large the blocks were that brought pairs together. Kept only when match_options
 * ask for it: 12 bytes a pair, three times that while it is collected, and one more pass of scoring
 * (pairs far below the edge of clustering are not kept otherwise). Pairs of equal records that the
 * engine joins without comparing them (crowds, see twins.h) are not among them. */
#ifndef SLUICE_TRANSFORM_MATCH_EVIDENCE_H
#define SLUICE_TRANSFORM_MATCH_EVIDENCE_H

#include "transform/match/blocks.h"
#include "transform/match/score.h"

/* Classes of block sizes: 2, 3..4, 5..8, 9..16, 17..32, 33..64, more. */
enum { EVIDENCE_BLOCK_CLASSES = 7 };

struct match_evidence {
    struct match_pair
        *pairs; /* by (a, b), records a < b; a rule's have WEIGHT_CERTAIN; not clipped */
    size_t n_pairs;
    int64_t blocks[EVIDENCE_BLOCK_CLASSES];      /* blocks of the class */
    int64_t block_pairs[EVIDENCE_BLOCK_CLASSES]; /* pairs in them, repeats counted */
};

void evidence_blocks(struct match_evidence *v, const struct blocks *b);
/* The candidates and the edges of clustering, weighed by `s`. */
int evidence_pairs(struct match_evidence *v, const struct scorer *s, const struct candidates *c,
                   const struct edge *edges, size_t n_edges, struct pool *pool);
void match_evidence_done(struct match_evidence *v); /* {0} is fine */

/* "5 to 8" of a class of block sizes. */
const char *evidence_block_class(int i);

#endif
