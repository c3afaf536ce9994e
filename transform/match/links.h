/* The links that hold clusters together: of all compared pairs within a cluster, those of its
 * maximum spanning tree. Cutting a link of the tree leaves two parts, and no pair between them is
 * stronger than the link. O(E log E) for all clusters at once. */
#ifndef SLUICE_TRANSFORM_MATCH_LINKS_H
#define SLUICE_TRANSFORM_MATCH_LINKS_H

#include "core/error.h"
#include "transform/match/match.h"

/* cluster: per record, any number below n (NULL: all are one). ret: room for n; gets the links of
 * all clusters, the strongest first, ties by (a, b). Returns how many, or ERR_MEMORY. */
int64_t links_find(const struct match_pair *pairs, size_t n_pairs, const uint32_t *cluster,
                   uint32_t n, struct match_pair *ret);

/* One cluster of n records and its links: which records stand on the side of links[without].a when
 * that link is cut (1) and which do not (0). 0 or ERR_MEMORY. */
int links_cut(const struct match_pair *links, size_t n_links, size_t without, uint32_t n,
              uint8_t *ret_side);

#endif
