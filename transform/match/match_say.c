/* What a run tells those who asked for it: its stages, and what was left out or not learned. */
#include <stdio.h>

#include "transform/match/generic.h"
#include "transform/match/match_run.h"

void run_warn(struct match_result *r, const char *text)
{
    if (r->n_warnings < MATCH_WARNINGS)
        snprintf(r->warnings[r->n_warnings++], sizeof r->warnings[0], "%.199s", text);
}

/* Blocks of rules that were too large for all of their pairs. */
void run_warn_of_blocks(struct run *r)
{
    for (int i = 0; i < r->by_rule.n_rules; i++) {
        const struct rule_count *c = &r->by_rule.counts[i];
        char rule[200], text[200];
        if (!c->n_refined)
            continue;
        block_rule_text(&r->by_rule.rules[i], rule);
        snprintf(text, sizeof text,
                 "%u blocks of '%.60s' hold more than %u records (the largest %u): only their "
                 "likeliest pairs are compared; --plan shows them",
                 c->n_refined, rule, r->by_rule.limit, c->largest[0].n);
        run_warn(r->result, text);
    }
}

/* What was left out, where it may have cost pairs. No values: messages reach logs. */
void run_warn_of_account(const struct run *run)
{
    struct match_result *r = run->result;
    const struct match_account *a = &r->account;
    char text[sizeof r->warnings[0]];
    if (a->memberships_large > a->memberships + a->keys_alone) {
        snprintf(text, sizeof text,
                 "most columns say little: %lld blocks of more than %u records were left out, the "
                 "largest of %lld",
                 (long long)a->blocks_large, a->block_limit,
                 (long long)(a->n_largest ? a->largest[0].records : 0));
        run_warn(r, text);
    }
    if (a->key_limit && run->options->effort != MATCH_LOW) { /* low effort asked for it */
        snprintf(text, sizeof text,
                 "of so many records each is sought by its %u rarest keys at most: %lld common "
                 "ones were left out",
                 a->key_limit, (long long)a->keys_pruned);
        run_warn(r, text);
    }
}

void run_stage(const struct run *r, const char *name)
{
    progress_stage(r->options->progress, name, "records", 0);
}

void run_warn_unlearned(struct run *r)
{
    if (r->e.n_comparisons == 0 || r->e.n < 2)
        return;
    run_warn(r->result, r->e.n < MODEL_MIN_RECORDS
                            ? "fewer than 500 records: the weights lean on built-in ones"
                            : "fewer than 500 different records: the weights lean on "
                              "built-in ones");
}

void run_warn_of_columns(struct run *r)
{
    char text[sizeof r->result->warnings[0]];
    if (!*r->e.skipped)
        return;
    snprintf(text, sizeof text,
             "columns beyond those that are compared (%d at most, and a few of "
             "a kind): %.100s",
             COMPARISONS_MAX, r->e.skipped);
    run_warn(r->result, text);
}

void run_warn_of_generic(struct run *r)
{
    char lines[4][200];
    int n = generic_say(r->e.generic, lines, 4);
    for (int i = 0; i < n; i++)
        run_warn(r->result, lines[i]);
}

void run_warn_of_guards(struct run *r)
{
    char line[1][200];
    if (guards_say(&r->guards, line, 1))
        run_warn(r->result, line[0]);
}
