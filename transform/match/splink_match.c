/* A Splink model at work: blocks, pairs scored on all threads in units of some ten thousand, those
 * that weigh enough kept, and their components. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "transform/match/evidence.h"
#include "transform/match/splink.h"
#include "transform/match/splink_block.h"
#include "transform/match/splink_score.h"

enum { UNIT_PAIRS = 1 << 15, WAVE_UNITS = 256, BIT_PARTS = 1024 };

struct kept_pair {
    uint32_t l, r;
    double weight;
};

/* Some left members of a block, each with all it meets on the right. */
struct unit {
    uint32_t block, from, to;
    struct buffer pairs;
    int64_t scored;
};

struct run {
    const struct splink_model *m;
    const struct match_options *options;
    struct match_result *result;
    struct splink_data data;
    struct splink_blocks *blocks;
    double join, keep; /* weights: of clusters, of what is kept at all */
    int rule;
    struct unit units[WAVE_UNITS];
    size_t n_units, next;
    struct splink_scorer *scorers; /* one a thread */
    int n_scorers, failed;
    struct buffer pairs; /* struct kept_pair */
};

static double bits_of(double probability)
{
    return log2(probability / (1 - probability));
}

static double probability_of(double bits)
{
    return 1 / (1 + exp2(-bits));
}

/* Does an earlier rule bring the pair too? 1, 0 or ERR_MEMORY. */
static int came_before(struct run *r, struct splink_scorer *s, uint32_t left, uint32_t right)
{
    for (int i = 0; i < r->rule; i++) {
        if (splink_blocks_common(&r->blocks[i], left, right) == MATCH_MISSING)
            continue;
        int holds = splink_scorer_filter(s, &r->m->rules[i]);
        if (holds != 0)
            return holds;
    }
    return 0;
}

static int is_linked(const struct run *r, uint32_t left, uint32_t right)
{
    return r->m->link != SPLINK_LINK_ONLY || r->data.source[left] != r->data.source[right];
}

static int take_pair(struct run *r, struct splink_scorer *s, struct unit *u, uint32_t left,
                     uint32_t right)
{
    struct kept_pair pair = {left, right, 0};
    if (r->data.id_rank[left] == r->data.id_rank[right] || !is_linked(r, left, right) ||
        splink_blocks_common(&r->blocks[r->rule], left, right) != u->block)
        return 0;
    splink_scorer_pair(s, left, right);
    int holds = splink_scorer_filter(s, &r->m->rules[r->rule]);
    if (holds <= 0)
        return holds;
    int before = came_before(r, s, left, right);
    if (before != 0)
        return before < 0 ? before : 0;
    u->scored++;
    int known = splink_scorer_weight(s, &pair.weight);
    if (known <= 0 || pair.weight < r->keep)
        return known < 0 ? known : 0;
    return buffer_append(&u->pairs, &pair, sizeof pair);
}

/* The first of ascending members that is larger than x. */
static uint32_t after(const uint32_t *members, uint32_t n, uint32_t x)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (members[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int score_unit(struct run *r, struct splink_scorer *s, struct unit *u)
{
    const struct splink_blocks *b = &r->blocks[r->rule];
    const uint32_t *left = b->left.members + b->left.member_from[u->block];
    const uint32_t *right = b->right.members + b->right.member_from[u->block];
    uint32_t n = b->right.member_from[u->block + 1] - b->right.member_from[u->block];
    for (uint32_t i = u->from; i < u->to; i++)
        for (uint32_t j = after(right, n, left[i]); j < n; j++)
            TRY(take_pair(r, s, u, left[i], right[j]));
    return 0;
}

static void score_some(void *arg, size_t thread)
{
    struct run *r = arg;
    for (;;) {
        size_t at = __atomic_fetch_add(&r->next, 1, __ATOMIC_RELAXED);
        if (at >= r->n_units)
            return;
        if (score_unit(r, &r->scorers[thread], &r->units[at]) < 0)
            __atomic_store_n(&r->failed, 1, __ATOMIC_RELAXED);
    }
}

/* Scores the units that wait, and takes their pairs in order. */
static int wave(struct run *r)
{
    r->next = 0;
    pool_for(r->options->pool, (size_t)r->n_scorers, score_some, r);
    for (size_t i = 0; i < r->n_units; i++) {
        struct unit *u = &r->units[i];
        r->result->n_candidates += u->scored;
        if (buffer_append(&r->pairs, u->pairs.data, u->pairs.len) < 0)
            r->failed = 1;
        buffer_reset(&u->pairs);
        u->scored = 0;
    }
    r->n_units = 0;
    return r->failed ? ERR_MEMORY : 0;
}

/* Cuts a block into units of about UNIT_PAIRS. */
static int add_block(struct run *r, uint32_t block)
{
    const struct splink_blocks *b = &r->blocks[r->rule];
    uint32_t left = b->left.member_from[block + 1] - b->left.member_from[block];
    uint32_t right = b->right.member_from[block + 1] - b->right.member_from[block];
    uint32_t step = UNIT_PAIRS / (right + 1) + 1;
    for (uint32_t from = 0; right && from < left; from += step) {
        struct unit *u = &r->units[r->n_units];
        u->block = block;
        u->from = from;
        u->to = left - from < step ? left : from + step;
        if (++r->n_units == WAVE_UNITS)
            TRY(wave(r));
    }
    return 0;
}

static int score_all(struct run *r, struct error *err)
{
    for (r->rule = 0; r->rule < r->m->n_rules; r->rule++) {
        for (uint32_t b = 0; b < r->blocks[r->rule].n_blocks; b++)
            if (add_block(r, b) < 0)
                return error_memory(err);
        if (wave(r) < 0)
            return error_memory(err);
    }
    return 0;
}

static uint32_t root_of(uint32_t *parent, uint32_t x)
{
    while (parent[x] != x)
        x = parent[x] = parent[parent[x]];
    return x;
}

/* Components by rows of the table; a cluster's name is its first row. */
static int cluster(struct run *r)
{
    const struct kept_pair *pairs = (const struct kept_pair *)(void *)r->pairs.data;
    size_t n_pairs = r->pairs.len / sizeof *pairs;
    struct match_result *result = r->result;
    uint32_t n = r->data.n;
    result->cluster = malloc(((size_t)n + 1) * sizeof *result->cluster);
    result->probability = calloc((size_t)n + 1, sizeof *result->probability);
    if (!result->cluster || !result->probability)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        result->cluster[i] = i;
    for (size_t i = 0; i < n_pairs; i++) {
        if (pairs[i].weight < r->join)
            continue;
        uint32_t a = r->data.row[pairs[i].l], b = r->data.row[pairs[i].r];
        float p = (float)probability_of(pairs[i].weight);
        result->probability[a] = fmaxf(result->probability[a], p);
        result->probability[b] = fmaxf(result->probability[b], p);
        a = root_of(result->cluster, a);
        b = root_of(result->cluster, b);
        result->cluster[a > b ? a : b] = a > b ? b : a;
    }
    for (uint32_t i = 0; i < n; i++) {
        result->cluster[i] = root_of(result->cluster, i);
        if (result->probability[i] <= 0)
            result->probability[i] = 1; /* alone */
    }
    return 0;
}

static int by_weight(const void *a, const void *b)
{
    const struct match_pair *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static int by_records(const void *a, const void *b)
{
    const struct match_pair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Kept pairs with a probability within the bounds, by rows of the table. */
static int list_pairs(const struct run *r, double low, double high,
                      int (*order)(const void *, const void *), struct match_pair **ret,
                      size_t *ret_n)
{
    const struct kept_pair *pairs = (const struct kept_pair *)(void *)r->pairs.data;
    struct buffer out = {0};
    int code = buffer_reserve(&out, sizeof **ret);
    for (size_t i = 0; i < r->pairs.len / sizeof *pairs && code == 0; i++) {
        double p = probability_of(pairs[i].weight);
        uint32_t a = r->data.row[pairs[i].l], b = r->data.row[pairs[i].r];
        struct match_pair pair = {a < b ? a : b, a < b ? b : a,
                                  (int32_t)lround(pairs[i].weight * BIT_PARTS)};
        if (p >= low && p <= high)
            code = buffer_append(&out, &pair, sizeof pair);
    }
    *ret_n = out.len / sizeof **ret;
    *ret = buffer_take(&out);
    if (code == 0 && *ret_n)
        qsort(*ret, *ret_n, sizeof **ret, order);
    return code;
}

static void warn(struct match_result *r, const char *text)
{
    if (r->n_warnings < MATCH_WARNINGS)
        snprintf(r->warnings[r->n_warnings++], sizeof r->warnings[0], "%s", text);
}

/* Weights from the probabilities that were asked for. */
static void set_bounds(struct run *r)
{
    const struct match_rules *rules = r->options->rules;
    double threshold = rules && rules->threshold > 0 ? rules->threshold : .95;
    double review = rules && rules->review[0] > 0 ? rules->review[0] : .2;
    double keep = threshold < review ? threshold : review;
    if (r->options->evidence)
        keep = 0; /* all are asked for */
    r->join = bits_of(threshold < 1 ? threshold : 1 - 1e-9);
    r->keep = keep > 0 ? bits_of(keep) : -INFINITY;
    if (rules && (rules->n_certain || rules->n_never))
        warn(r->result, "the rules 'certain' and 'never' play no part with a Splink model");
}

static int start_scorers(struct run *r)
{
    r->n_scorers = r->options->pool ? pool_threads(r->options->pool) : 1;
    r->scorers = calloc((size_t)r->n_scorers, sizeof *r->scorers);
    for (int i = 0; r->scorers && i < r->n_scorers; i++)
        TRY(splink_scorer_init(&r->scorers[i], &r->data));
    return r->scorers ? 0 : ERR_MEMORY;
}

static int stages(struct run *r, const struct match_table *t, struct error *err)
{
    const struct match_rules *rules = r->options->rules;
    double low = rules && rules->review[1] > 0 ? rules->review[0] : .2;
    double high = rules && rules->review[1] > 0 ? rules->review[1] : .8;
    set_bounds(r);
    progress_stage(r->options->progress, "reading values", "records", 0);
    TRY(splink_data_init(&r->data, t, r->m, r->options->pool, err));
    progress_stage(r->options->progress, "blocking by the model's rules", "records", 0);
    TRY(splink_blocks_build(&r->data, &r->blocks, err));
    progress_stage(r->options->progress, "scoring pairs", "records", 0);
    if (start_scorers(r) < 0)
        return error_memory(err);
    TRY(score_all(r, err));
    if (cluster(r) < 0 ||
        list_pairs(r, low, high, by_weight, &r->result->review, &r->result->n_review) < 0 ||
        (r->options->evidence && list_pairs(r, 0, 1, by_records, &r->options->evidence->pairs,
                                            &r->options->evidence->n_pairs) < 0))
        return error_memory(err);
    return 0;
}

int splink_match(const struct match_table *t, const struct splink_model *m,
                 const struct match_options *options, struct match_result *ret, struct error *err)
{
    struct match_result result = {0};
    struct run *r = calloc(1, sizeof *r);
    if (!r)
        return error_memory(err);
    r->m = m;
    r->options = options;
    r->result = &result;
    int code = stages(r, t, err);
    progress_end(options->progress);
    for (int i = 0; r->scorers && i < r->n_scorers; i++)
        splink_scorer_done(&r->scorers[i]);
    for (size_t i = 0; i < WAVE_UNITS; i++)
        buffer_done(&r->units[i].pairs);
    splink_blocks_free(r->blocks, m);
    splink_data_done(&r->data);
    buffer_done(&r->pairs);
    free(r->scorers);
    free(r);
    if (code < 0)
        match_result_done(&result);
    else
        *ret = result;
    return code;
}
