/* golden: linked records → one golden record per customer, with lineage; and ids that last
 * (golden.md). */
#ifndef SLUICE_TRANSFORM_GOLDEN_GOLDEN_H
#define SLUICE_TRANSFORM_GOLDEN_GOLDEN_H

#include "core/pool.h"
#include "core/stream.h"
#include "core/totals.h"
#include "schemas/project.h"

struct golden_options {
    const struct golden_rules *rules;
    struct pool *pool;
    struct totals *totals; /* members in = members over customers out */
};

/* `linked`: canonical records with customer_id and match_probability in front, any order. Taken
 * over, also on failure. *ret_customers: customer_id, the golden values (email and phone as one
 * value each; with keep: all also email_all …), member count (records), sources list<utf8>,
 * updated_at; sorted by customer_id. *ret_lineage: customer_id, field, value, source, key, rule,
 * confidence, candidates list<struct<source, key, value, why>>; sorted by customer_id, field. */
int golden_merge(struct stream *linked, const struct golden_options *options,
                 struct stream **ret_customers, struct stream **ret_lineage, struct error *err);

#endif
