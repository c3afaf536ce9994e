/* A user's blocking rules at work: the blocks of records that share all keys of a rule, and the
 * pairs in them. A pair belongs to the first block that holds both records, blocks in order of the
 * rules, so it is met once with no list of what was met: costs a merge of two short lists a pair.
 *
 * The blocks of a table are held to a budget of pairs (64 a record and a million): those above the
 * size that the budget allows are refined by a further value (records of the block that share a
 * name, a date, any compared value, in sub-blocks up to BLOCK_MAX) and by windows of a sorted
 * neighbourhood; what is not compared is counted. Memory: 16 bytes a key while a rule is sorted,
 * then 8 a membership. Deterministic for any number of threads. */
#ifndef SLUICE_TRANSFORM_MATCH_BLOCK_RULES_H
#define SLUICE_TRANSFORM_MATCH_BLOCK_RULES_H

#include "transform/match/blocks.h"
#include "transform/match/candidates.h"
#include "transform/match/score.h"

enum { LARGEST_BLOCKS = 5 };

struct large_block {
    uint64_t key;
    uint32_t n, rank; /* records; one of them */
};

struct rule_count {
    int64_t pairs;     /* that are compared by this rule alone, each once */
    int64_t new_pairs; /* of them those that no rule before yields */
    int64_t lost;      /* of large blocks: at most so many pairs are not compared */
    int64_t lone;      /* records that share their keys with no other, or have none */
    int64_t cut;       /* records with more keys than are used */
    uint32_t n_blocks, n_refined;
    struct large_block largest[LARGEST_BLOCKS]; /* as the rule makes them, before refining */
    int n_largest;
};

struct block_rules {
    const struct match_table *table;
    const struct encoded *e;
    const struct block_rule *rules;
    int n_rules;
    uint32_t limit;                            /* blocks above it are refined */
    struct rule_count counts[BLOCK_RULES_MAX]; /* pairs, new_pairs: by block_rules_count */
    uint32_t first[BLOCK_RULES_MAX + 1];       /* blocks of rule i: first[i] .. first[i + 1] */
    uint32_t n_blocks;
    uint64_t *from; /* by block, + 1: into members */
    uint32_t *members;
    uint8_t *refined;  /* by block */
    uint64_t *of_from; /* by rank, + 1: into of */
    uint32_t *of;      /* blocks of each record, ascending */
    uint32_t *task;    /* by task, + 1: its first block */
    size_t n_tasks;
};

struct block_rules_options {
    const struct match_rules *rules; /* block, n_block */
    const uint8_t *skip;             /* by rank: 1 leaves a record out; NULL none */
};

/* ERR_CONFIG for a field that no column has, with the nearest. */
int block_rules_init(struct block_rules *b, const struct block_rules_options *o,
                     const struct match_table *t, const struct encoded *e, struct error *err);
void block_rules_done(struct block_rules *b);

/* Calls fn for each pair of ranks a < b of one task, with its rule; `first`: 1 when no rule before
 * yields it, else 0 (then it is the first of its rule). */
typedef void (*rule_pair_fn)(void *arg, uint32_t a, uint32_t b, uint32_t block, int first);
void block_rules_visit(const struct block_rules *b, size_t task, rule_pair_fn fn, void *arg);
static inline int block_rule_of(const struct block_rules *b, uint32_t block)
{
    int rule = 0;
    while (block >= b->first[rule + 1])
        rule++;
    return rule;
}

/* Fills counts; exact. 0 or ERR_MEMORY. */
int block_rules_count(struct block_rules *b, struct pool *pool);
/* Scores the pairs that are not among `known` (NULL: none is) and puts the edges worth keeping
 * among *edges. Returns how many pairs were scored, or a negative code. */
int64_t block_rules_score(const struct block_rules *b, const struct scorer *s,
                          const struct candidates *known, struct pool *pool, struct edge **edges,
                          size_t *n_edges, struct error *err);

/* The keys of a large block as text: "smith + 1970". */
int block_rules_key_text(const struct block_rules *b, int rule, const struct large_block *block,
                         char ret_text[160]);

#endif
