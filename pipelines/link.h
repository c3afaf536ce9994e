/* Links: rows with the customer each belongs to, and how surely, in two columns in front. */
#ifndef SLUICE_PIPELINES_LINK_H
#define SLUICE_PIPELINES_LINK_H

#include "core/pool.h"
#include "core/stream.h"
#include "transform/golden/identity.h"

/* A stream of the batches with customer_id and match_probability in front: row i's are
 * members[i].id and probability[i]. Takes the batches over (*batches NULL after), also on failure.
 */
int link_batches(const struct schema *schema, struct batch ***batches, int *n_batches,
                 const struct identity_member *members, const float *probability,
                 struct stream **ret, struct error *err);

/* The same, batches side by side on the pool. */
int link_batches_by(struct pool *pool, const struct schema *schema, struct batch ***batches,
                    int *n_batches, const struct identity_member *members, const float *probability,
                    struct stream **ret, struct error *err);

/* How many clusters there are, and the size of the largest. cluster[i] < n. */
void link_sizes(const uint32_t *cluster, size_t n, int64_t *ret_clusters, int64_t *ret_largest);

#endif
