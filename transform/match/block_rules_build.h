/* The parts of block_rules.c: raw blocks of one rule, and what becomes of those that are too
 * large. */
#ifndef SLUICE_TRANSFORM_MATCH_BLOCK_RULES_BUILD_H
#define SLUICE_TRANSFORM_MATCH_BLOCK_RULES_BUILD_H

#include "transform/match/block_keys.h"
#include "transform/match/block_rules.h"

/* Blocks one after another. */
struct block_list {
    struct buffer members; /* uint32_t */
    struct buffer ends;    /* uint64_t: where each block ends in members */
};
void block_list_done(struct block_list *l);
int block_list_put(struct block_list *l, const uint32_t *members, size_t n);
static inline uint32_t block_list_n(const struct block_list *l)
{
    return (uint32_t)(l->ends.len / sizeof(uint64_t));
}
static inline const uint32_t *block_list_get(const struct block_list *l, uint32_t i,
                                             uint32_t *ret_n)
{
    const uint64_t *ends = (const uint64_t *)(const void *)l->ends.data;
    uint64_t from = i ? ends[i - 1] : 0;
    *ret_n = (uint32_t)(ends[i] - from);
    return (const uint32_t *)(const void *)l->members.data + from;
}

/* Blocks of two records and more that share the keys of rule `rule`; fills its counts but for the
 * pairs. */
int rule_blocks(struct block_rules *b, int rule, const struct block_rules_options *o,
                struct block_list *ret, struct error *err);
/* Every key of a record, at most KEYS_OF_RECORD; `values`: one a key of the rule. *ret_cut: 1 when
 * there are more. */
enum { KEYS_OF_RECORD = 128 };
int record_rule_keys(const struct key_values *values, int n_values, uint32_t record,
                     uint64_t ret[KEYS_OF_RECORD], int *ret_cut);
const struct match_column *rule_column(const struct match_table *t, struct slice name,
                                       struct error *err);

/* Sub-blocks of a block that is too large, added to `ret`. */
int refine_block(const struct encoded *e, const uint32_t *members, uint32_t n,
                 struct block_list *ret);

#endif
