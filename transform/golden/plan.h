/* The plan of a merge: which attributes a golden record has, which columns each takes from the
 * linked records, and by which chain of rules. The project's rules first; a column that none of
 * them names follows the group it belongs to (a city goes with its postcode), or gets the default
 * rule of its kind. */
#ifndef SLUICE_TRANSFORM_GOLDEN_PLAN_H
#define SLUICE_TRANSFORM_GOLDEN_PLAN_H

#include "core/type.h"
#include "schemas/project.h"

struct attribute {
    struct slice name;
    int *columns; /* of the linked schema; all of a group survive together */
    int n_columns;
    enum survivor_rule_id prefer[8];
    int n_prefer;
    int keep_all;
    int is_list; /* each element is a candidate of its own; one column */
};

struct golden_plan {
    const struct schema *linked;
    struct attribute *attributes;
    int n_attributes;
    const struct trust_rank *trust;
    int n_trust;
    int customer_id, source, key,
        updated_at;                     /* columns of the linked records; updated_at -1: none */
    struct schema *customers, *lineage; /* what comes out */
    int *value_at;                      /* linked column → customer column, or -1 */
    int *all_at;                        /* linked column → its `_all` customer column, or -1 */
    struct arena arena;
};

int golden_plan_make(struct golden_plan *plan, const struct schema *linked,
                     const struct golden_rules *rules, struct error *err);
void golden_plan_done(struct golden_plan *plan);

#endif
