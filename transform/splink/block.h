/* Blocking by a Splink model's rules: for each rule the records by the values that must be equal.
 * A block is numbered by those values; a record without one of them is in none, and with exploded
 * lists it may be in several. */
#ifndef SLUICE_TRANSFORM_SPLINK_BLOCK_H
#define SLUICE_TRANSFORM_SPLINK_BLOCK_H

#include "transform/splink/data.h"

struct splink_side {
    uint32_t *from; /* by record, n + 1: its blocks, ascending */
    uint32_t *blocks;
    uint32_t *member_from; /* by block, n_blocks + 1: its records, ascending */
    uint32_t *members;
};

struct splink_blocks { /* of one rule */
    uint32_t n_blocks;
    struct splink_side left, right; /* right is left when the rule is symmetric */
};

/* For every rule of the model; free with splink_blocks_free. */
int splink_blocks_build(const struct splink_data *d, struct splink_blocks **ret, struct error *err);
void splink_blocks_free(struct splink_blocks *b, const struct splink_model *m);

/* The smallest block that has the one record on the left and the other on the right, or
 * MATCH_MISSING. */
uint32_t splink_blocks_common(const struct splink_blocks *b, uint32_t left, uint32_t right);

#endif
