#include "transform/match/seek.h"

#include "core/memory.h"
#include "transform/match/evidence.h"

/* Candidates a record. Measured on the trial data: 12 finds what 40 find, within .002 of F1; and
 * conjunctions with an atom that is a block by itself only repeat its pairs. Among a million
 * records a block of more than 16 crowds out the pairs that finer blocks bring. With low effort the
 * 12 finest keys of a record in a large table cost .002 of F1 and save half of the time. */
enum { BEST_SMALL = 24, BEST_LARGE = 12, BEST_LOW = 6, LARGE = 50000, BLOCK_LARGE = 16 };
enum { HUGE = 5000000, KEYS_HUGE = 40, KEYS_LOW = 12, CENSUS_GROWTH = 4 };
/* The least worth working with, and what one temporary file may hold. */
#define MEMORY_LEAST (UINT64_C(8) << 20)
#define TEMPORARY_MOST (UINT64_C(50) << 30)

struct key_rules seek_rules(uint32_t n_records)
{
    int large = n_records > LARGE;
    return (struct key_rules){.largest = large ? BLOCK_LARGE : BLOCK_MAX,
                              .coarse_only = large,
                              .per_record = n_records > HUGE ? KEYS_HUGE : 0};
}

int census_fits(const struct atom_census *c, uint32_t n)
{
    return c->n_records > 0 && n / CENSUS_GROWTH <= c->n_records;
}

/* What is left of the memory; results do not hang on it. */
static uint64_t memory_left(uint64_t allowed)
{
    uint64_t most = allowed ? allowed : memory_total() / 4 * 3, held = memory_held();
    return most > held + MEMORY_LEAST ? most - held : MEMORY_LEAST;
}

static uint32_t best_of(enum match_effort effort, const struct key_rules *rules)
{
    if (effort == MATCH_LOW)
        return BEST_LOW;
    return rules->coarse_only ? BEST_LARGE : BEST_SMALL;
}

static int find_best(struct blocks *blocks, const struct atoms *a, const struct seek_options *o,
                     struct match_account *account, struct candidates *ret, struct error *err)
{
    struct find_options find = {.k = account->best, .n_counted = a->n_records, .e = a->e};
    if (o->evidence)
        evidence_blocks(o->evidence, blocks);
    TRY(candidates_find(blocks, &find, o->pool, ret, err));
    account->pairs = ret->n_pairs;
    account->without = ret->n_without - account->twins;
    return 0;
}

int seek_candidates(const struct encoded *e, const struct twins *twins,
                    const struct seek_options *o, struct arena *arena,
                    struct atom_census *ret_census, struct match_account *account,
                    struct candidates *ret, struct error *err)
{
    uint32_t n_counted = o->census ? o->census->n_records : twins->n_kept;
    struct blocks_options b = {.rules = seek_rules(n_counted), .skip = twins->skip};
    struct atoms atoms;
    struct blocks blocks;
    if (o->effort == MATCH_LOW && b.rules.coarse_only)
        b.rules.per_record = KEYS_LOW;
    if (o->census)
        b.rules.largest = o->census->largest;
    *account = (struct match_account){.records = twins->n_kept,
                                      .twins = e->n - twins->n_kept,
                                      .block_limit = b.rules.largest,
                                      .key_limit = b.rules.per_record,
                                      .best = best_of(o->effort, &b.rules)};
    TRY(atoms_init(&atoms, e, o->census, n_counted, o->pool, err));
    int code = 0;
    if (ret_census && census_take(atoms.hash, atoms.df, atoms.n, n_counted, b.rules.largest, arena,
                                  ret_census) < 0)
        code = error_memory(err);
    b.limits = (struct store_limits){
        .memory = memory_left(o->memory), .temporary = TEMPORARY_MOST / 2, .folder = o->temporary};
    if (code == 0)
        code = blocks_build(&atoms, &b, o->pool, account, &blocks, err);
    if (code == 0) {
        code = find_best(&blocks, &atoms, o, account, ret, err);
        blocks_done(&blocks);
    }
    atoms_done(&atoms);
    return code;
}
