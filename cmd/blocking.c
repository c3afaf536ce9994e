#include "cmd/blocking.h"

#include "pipelines/plan_rows.h"

int blocking_rules(struct session *s, const struct blocking_options *o, struct match_rules *into,
                   struct error *err)
{
    int n = o->rules.n;
    if (n > BLOCK_RULES_MAX)
        return error_set(err, ERR_USAGE, "--block may be given at most %d times", BLOCK_RULES_MAX);
    if (n) {
        into->block = ARENA_ARRAY(&s->arena, struct block_rule, (size_t)n);
        if (!into->block)
            return error_memory(err);
        for (int i = 0; i < n; i++)
            TRY(block_rule_parse(slice_str(o->rules.items[i]), &into->block[i], err));
        into->n_block = n;
        into->block_mode = BLOCK_REPLACE;
    }
    if (o->mode && !into->n_block)
        return error_set(err, ERR_USAGE,
                         "--block-mode says what the rules of --block do, and "
                         "there are none");
    if (o->mode && !block_mode_parse(slice_str(o->mode), &into->block_mode))
        return error_set(err, ERR_USAGE, "--block-mode takes replace or join, not '%s'", o->mode);
    return 0;
}

static void say_figures(struct session *s, const struct match_plan *p)
{
    session_say(s, "%lld pairs of %u records would be compared, %.1f a record", (long long)p->pairs,
                p->records, p->records ? (double)p->pairs / p->records : 0);
    if (p->scaled > 1)
        session_say(s, "  automatic candidates: told apart by one pair in %lld, and scaled",
                    (long long)p->scaled);
    session_say(s, p->from_model
                       ? "  expected matches: by the model, from a sample of each rule's pairs"
                       : "  expected matches: by built-in weights, from a sample of each rule's "
                         "pairs: to compare rules by; --model gives better ones");
    for (int i = 0; i < p->n_rows; i++)
        if (p->rows[i].lost > 0)
            session_say(s,
                        "warning: '%s' has blocks of more than %u records: at most %lld of their "
                        "pairs are not compared",
                        p->rows[i].rule, p->limit, (long long)p->rows[i].lost);
    if (p->cut)
        session_say(s, "warning: %lld times a record has more keys than a rule uses",
                    (long long)p->cut);
}

int blocking_plan(struct session *s, struct match_plan *p, struct error *err)
{
    struct stream *rows;
    say_figures(s, p);
    int code = plan_rows(p, &rows, err);
    match_plan_done(p);
    return code < 0 ? code : session_pump(s, rows, err);
}
