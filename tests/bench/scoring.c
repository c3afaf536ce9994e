/* Where the time of a match goes, on one core: pairs a second of the scoring loop, nanoseconds a
 * pair of each comparison, milliseconds a round of training.
 *
 *   scoring FILE     any file that `sluice dedupe` reads
 *
 * Built against build/release/libsluice.a by tests/bench/bench.py. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "connectors/format.h"
#include "pipelines/columns.h"
#include "transform/match/compare_block.h"
#include "transform/match/model_entries.h"
#include "transform/match/score.h"
#include "transform/match/train.h"

enum { BEST = 12, ROUNDS = 3 };

struct scoring {
    struct batch **batches;
    int n_batches;
    struct schema *schema;
    struct coded_columns coded;
    struct match_table table;
    struct encoded e;
    struct twins twins;
    struct candidates candidates;
    struct match_model *model;
    double began;
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double lap(struct scoring *s)
{
    double now = seconds(), took = now - s->began;
    s->began = now;
    return took;
}

static void say(struct scoring *s, const char *what)
{
    printf("%-28s %8.3f s\n", what, lap(s));
}

static int load(struct scoring *s, const char *path, struct error *err)
{
    struct read_options options = {.layout = LAYOUT_DETECT};
    struct stream *rows;
    TRY(format_read(&path, 1, &options, &rows, err));
    s->schema = schema_ref(rows->schema);
    int code = stream_collect(rows, &s->batches, &s->n_batches, err);
    stream_close(rows);
    TRY(code);
    say(s, "read");
    TRY(columns_code(s->batches, s->n_batches, s->schema, NULL, &s->coded, err));
    say(s, "collect values");
    int n = s->coded.n_columns;
    struct meaning_column *meanings = calloc((size_t)n + 1, sizeof *meanings);
    s->table.columns = calloc((size_t)n + 1, sizeof *s->table.columns);
    if (!meanings || !s->table.columns)
        return error_memory(err);
    for (int i = 0; i < n; i++) {
        meanings[i].name = s->schema->fields[i].name;
        columns_look(&s->coded, i, &meanings[i].stats);
    }
    meaning_decide(meanings, n, s->coded.n);
    s->table.n = s->coded.n;
    for (int i = 0; i < n; i++) {
        s->coded.columns[i].meaning = meanings[i].meaning;
        if (meanings[i].meaning != MEANING_UNKNOWN && meanings[i].meaning != MEANING_KEY &&
            meanings[i].meaning != MEANING_SOURCE)
            s->table.columns[s->table.n_columns++] = s->coded.columns[i];
    }
    free(meanings);
    say(s, "look");
    return 0;
}

static int prepare(struct scoring *s, struct error *err)
{
    struct atoms atoms;
    struct blocks blocks;
    TRY(encode(&s->table, NULL, &s->e, err));
    say(s, "encode");
    if (twins_find(&s->twins, &s->e) < 0)
        return error_memory(err);
    say(s, "twins");
    struct blocks_options o = {.wave_keys = 1 << 25, .skip = s->twins.skip, .coarse_only = 1};
    TRY(atoms_init(&atoms, &s->e, NULL, err));
    say(s, "atoms");
    TRY(blocks_build(&atoms, &o, NULL, &blocks, err));
    atoms_done(&atoms);
    say(s, "blocks");
    TRY(candidates_find(&blocks, s->e.n, BEST, NULL, &s->candidates, err));
    blocks_done(&blocks);
    say(s, "candidates");
    return 0;
}

static int train(struct scoring *s, struct error *err)
{
    struct training_set set;
    s->model = model_new();
    if (!s->model)
        return error_memory(err);
    model_init(s->model, &s->e, s->twins.n_kept);
    TRY(train_u(s->model, &s->e, &s->twins, NULL, err));
    say(s, "u from random pairs");
    TRY(training_sample(&s->e, &s->twins, s->model, &s->candidates, NULL, &set, err));
    say(s, "sample of candidates");
    int rounds = 0;
    if (s->model->learned)
        rounds += em_run(s->model, &set, EM_SEEDS);
    rounds += em_run(s->model, &set, EM_ALL);
    double took = lap(s);
    printf("%-28s %8.3f s   %d rounds on %zu groups: %.1f ms a round\n", "EM", took, rounds, set.n,
           took * 1000 / rounds);
    training_set_done(&set);
    return 0;
}

/* All candidate pairs, in the order in which they are scored. */
static struct edge *list_pairs(const struct scoring *s, size_t *ret_n)
{
    uint32_t owned[CANDIDATES_MAX];
    size_t n = 0;
    struct edge *pairs = malloc((size_t)s->e.n * BEST * sizeof *pairs);
    for (uint32_t r = 0; pairs && r < s->e.n; r++) {
        uint32_t n_owned = candidates_owned(&s->candidates, r, owned);
        for (uint32_t k = 0; k < n_owned; k++)
            pairs[n++] =
                (struct edge){.a = owned[k] < r ? owned[k] : r, .b = owned[k] < r ? r : owned[k]};
    }
    *ret_n = n;
    return pairs;
}

static void time_comparisons(struct scoring *s, const struct edge *pairs, size_t n)
{
    struct comparer *c = malloc(sizeof *c);
    struct pair_block *block = malloc(sizeof *block);
    double sum = 0;
    for (int k = -1; c && block && k < s->e.n_comparisons; k++) {
        if (k == s->e.given || k == s->e.family || k == s->e.extra)
            if (k >= 0)
                continue;
        comparer_init(c, &s->e, NULL);
        lap(s);
        for (size_t at = 0; at < n; at += PAIR_BLOCK) {
            pair_block_reset(block);
            for (size_t i = at; i < n && i < at + PAIR_BLOCK; i++)
                pair_block_add(block, &s->e, pairs[i].a, pairs[i].b);
            if (k < 0)
                compare_block_names(c, block);
            else
                compare_block_field(c, k, block);
        }
        double took = lap(s);
        sum += took;
        const struct comparison *f = &s->e.comparisons[k < 0 ? 0 : k];
        printf("  %-26.*s %8.1f ns a pair, %u values\n", k < 0 ? 5 : (int)f->name.len,
               k < 0 ? "names" : f->name.ptr, took * 1e9 / (double)n,
               f->values ? f->values->strings.n : 0);
    }
    printf("  %-26s %8.1f ns a pair\n", "sum", sum * 1e9 / (double)n);
    free(c);
    free(block);
}

static int score(struct scoring *s, struct error *err)
{
    struct scorer scorer;
    size_t n, n_edges;
    struct edge *edges, *pairs = list_pairs(s, &n);
    if (!pairs || scorer_init(&scorer, &s->e, s->model, NULL) < 0)
        return error_memory(err);
    time_comparisons(s, pairs, n);
    for (int i = 0; i < ROUNDS; i++) {
        lap(s);
        score_edges(&scorer, pairs, n, NULL);
        double took = lap(s);
        printf("%-28s %8.3f s   %zu pairs: %.2f M a second, %.0f ns a pair\n", "score pairs", took,
               n, (double)n / took / 1e6, took * 1e9 / (double)n);
    }
    TRY(score_candidates(&scorer, &s->candidates, NULL, &edges, &n_edges, err));
    double took = lap(s);
    printf("%-28s %8.3f s   %zu edges\n", "score candidates", took, n_edges);
    free(edges);
    free(pairs);
    scorer_done(&scorer);
    return 0;
}

int main(int argc, char **argv)
{
    struct scoring s = {.began = seconds()};
    struct error err = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: scoring FILE\n");
        return 64;
    }
    if (load(&s, argv[1], &err) < 0 || prepare(&s, &err) < 0 || train(&s, &err) < 0 ||
        score(&s, &err) < 0) {
        fprintf(stderr, "scoring: %s\n", err.text);
        return 70;
    }
    return 0;
}
