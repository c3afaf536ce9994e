/* Scoring the pairs of blocking rules, and the keys of a block as text. */
#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/block_rules_build.h"

struct score_job {
    const struct block_rules *b;
    const struct scorer *s;
    const struct candidates *known;
    struct buffer *found; /* by task */
    int64_t *scored;
    int failed; /* set, never cleared, by any thread */
};

struct score_arg {
    struct score_job *j;
    struct comparer comparer;
    struct buffer *found;
    int64_t scored;
};

static int owns(const struct candidates *c, uint32_t rank, uint32_t other)
{
    uint32_t list[CANDIDATES_MAX], n = candidates_owned(c, rank, list);
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == other)
            return 1;
    return 0;
}

static void score_one(void *arg, uint32_t x, uint32_t y, uint32_t block, int first)
{
    struct score_arg *a = arg;
    struct pair_score p;
    (void)block;
    if (!first || (a->j->known && (owns(a->j->known, x, y) || owns(a->j->known, y, x))))
        return;
    a->scored++;
    score_pair(a->j->s, &a->comparer, x, y, &p);
    struct edge edge = {x, y, weight_clip(p.weight)};
    if (edge.weight > WEIGHT_EDGE && buffer_append(a->found, &edge, sizeof edge) < 0)
        __atomic_store_n(&a->j->failed, 1, __ATOMIC_RELAXED);
}

static void score_task(void *arg, size_t task)
{
    struct score_job *j = arg;
    struct score_arg *a = calloc(1, sizeof *a);
    if (!a) {
        __atomic_store_n(&j->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    a->j = j;
    a->found = &j->found[task];
    comparer_init(&a->comparer, j->s->e, j->s->aliases);
    block_rules_visit(j->b, task, score_one, a);
    j->scored[task] = a->scored;
    free(a);
}

static int gather(struct score_job *j, struct edge **edges, size_t *n_edges)
{
    struct buffer all = {0};
    int code = buffer_append(&all, *edges, *n_edges * sizeof **edges);
    for (size_t t = 0; t < j->b->n_tasks && code == 0; t++)
        code = buffer_slice(&all, buffer_view(&j->found[t]));
    if (code == 0)
        code = buffer_reserve(&all, sizeof **edges);
    if (code < 0) {
        buffer_done(&all);
        return code;
    }
    free(*edges);
    *n_edges = all.len / sizeof **edges;
    *edges = buffer_take(&all);
    return edges_sort(*edges, *n_edges);
}

int64_t block_rules_score(const struct block_rules *b, const struct scorer *s,
                          const struct candidates *known, struct pool *pool, struct edge **edges,
                          size_t *n_edges, struct error *err)
{
    struct score_job j = {.b = b, .s = s, .known = known};
    int64_t n = 0;
    j.found = calloc(b->n_tasks + 1, sizeof *j.found);
    j.scored = calloc(b->n_tasks + 1, sizeof *j.scored);
    int code = j.found && j.scored ? 0 : ERR_MEMORY;
    if (code == 0)
        pool_for(pool, b->n_tasks, score_task, &j);
    if (code == 0)
        code = j.failed ? ERR_MEMORY : gather(&j, edges, n_edges);
    for (size_t t = 0; j.found && t < b->n_tasks; t++)
        buffer_done(&j.found[t]);
    for (size_t t = 0; j.scored && t < b->n_tasks; t++)
        n += j.scored[t];
    free(j.found);
    free(j.scored);
    return code < 0 ? error_memory(err) : n;
}

/* A record's choice of texts, one a key of the rule, whose hashes make the block's key. */
struct key_choice {
    const struct block_rules *b;
    const struct block_rule *rule;
    const struct large_block *block;
    char *text; /* 160 bytes */
};

static int put_text(char text[160], size_t at, int key, struct slice s)
{
    int n = snprintf(text + at, 160 - at, "%s%.*s", key ? " + " : "",
                     (int)(s.len < 60 ? s.len : 60), s.ptr);
    return n < 0 ? (int)at : (int)at + n < 159 ? (int)at + n : 159;
}

/* Tries the texts of key `key` after those before it; 1 found, 0 not, negative. */
static int choose(const struct key_choice *c, int key, uint64_t hash, size_t at)
{
    if (key == c->rule->n_keys)
        return hash == c->block->key;
    const struct match_column *column = rule_column(c->b->table, c->rule->keys[key].field, NULL);
    struct key_reader *r = malloc(sizeof *r);
    uint32_t n_codes;
    const uint32_t *codes;
    int found = r && column ? 0 : ERR_MEMORY;
    if (found < 0) {
        free(r);
        return found;
    }
    key_reader_init(r, column);
    column_code(column, c->b->e->record[c->block->rank], &n_codes, &codes);
    for (uint32_t i = 0; i < n_codes && found == 0; i++) {
        struct slice texts[KEY_TEXTS_MAX];
        if (codes[i] == MATCH_MISSING)
            continue;
        int n = key_texts(r, &c->rule->keys[key], dict_get(&column->values, codes[i]), texts);
        for (int k = 0; k < n && found == 0; k++) {
            int next = put_text(c->text, at, key, texts[k]);
            uint64_t h = hash_pair(hash, hash_fixed(texts[k].ptr, texts[k].len));
            found = choose(c, key + 1, h, (size_t)next);
        }
        found = n < 0 ? n : found;
    }
    key_reader_done(r);
    free(r);
    return found;
}

int block_rules_key_text(const struct block_rules *b, int rule, const struct large_block *block,
                         char ret_text[160])
{
    struct key_choice c = {b, &b->rules[rule], block, ret_text};
    ret_text[0] = 0;
    int found = choose(&c, 0, 0, 0);
    return found < 0 ? found : 0;
}
