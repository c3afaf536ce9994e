/* The figures of a judgement as rows: measure, value. */
#include <math.h>
#include <stdio.h>

#include "core/builder.h"
#include "pipelines/judge/judge.h"

/* Rates to six digits, as people quote them. */
static int put(struct batch_builder *bb, const char *measure, double value)
{
    TRY(builder_slice(&bb->columns[0], slice_str(measure)));
    return builder_f64(&bb->columns[1], round(value * 1e6) / 1e6);
}

static int put_rates(struct batch_builder *bb, const char *kind, const char *at,
                     const struct agreement_rates *r)
{
    char name[64];
    snprintf(name, sizeof name, "%s precision%s", kind, at);
    TRY(put(bb, name, r->precision));
    snprintf(name, sizeof name, "%s recall%s", kind, at);
    TRY(put(bb, name, r->recall));
    snprintf(name, sizeof name, "%s F1%s", kind, at);
    return put(bb, name, r->f1);
}

static int put_truth(struct batch_builder *bb, const struct judgement *j)
{
    const struct evaluation *e = &j->e;
    TRY(put_rates(bb, "pairwise", "", &e->pairwise));
    TRY(put(bb, "pairs found", (double)e->pairs_found));
    TRY(put(bb, "pairs true", (double)e->pairs_true));
    TRY(put(bb, "pairs right", (double)e->pairs_both));
    if (e->has_clusters) {
        TRY(put_rates(bb, "B-cubed", "", &e->bcubed));
        TRY(put(bb, "clusters found", (double)e->clusters_found));
        TRY(put(bb, "clusters true", (double)e->clusters_true));
        TRY(put(bb, "clusters exactly right", (double)e->clusters_exact));
        TRY(put(bb, "largest true cluster", (double)e->largest_true));
    }
    TRY(put(bb, "largest cluster found", (double)e->largest_found));
    TRY(put(bb, "records judged", (double)e->records));
    TRY(put(bb, "records the truth does not have", (double)j->unjudged));
    return put(bb, "truth rows of unknown records", (double)j->unknown);
}

static int put_pairs(struct batch_builder *bb, const struct judgement *j)
{
    char at[32];
    for (int t = 0; t < JUDGE_THRESHOLDS; t++) {
        snprintf(at, sizeof at, " at %g", j->thresholds[t].at);
        TRY(put_rates(bb, "pairs'", at, &j->thresholds[t].rates));
    }
    TRY(put(bb, "true pairs compared", (double)j->blocking.compared));
    TRY(put(bb, "true pairs never compared, missed", (double)j->blocking.lost));
    TRY(put(bb, "true pairs never compared, joined", (double)j->blocking.joined_unseen));
    TRY(put(bb, "true pairs compared, scored low", (double)j->blocking.scored_low));
    TRY(put(bb, "true pairs compared, kept apart", (double)j->blocking.kept_apart));
    return put(bb, "F1 of a perfect scorer", j->blocking.best.f1);
}

static int put_comparison(struct batch_builder *bb, const struct judgement *j)
{
    const struct judge_comparison *c = &j->comparison;
    if (j->has_truth)
        TRY(put_rates(bb, "other's pairwise", "", &c->other.pairwise));
    TRY(put(bb, "pairs joined in both", (double)c->pairs_both));
    TRY(put(bb, "pairs joined only here", (double)(c->pairs_here - c->pairs_both)));
    TRY(put(bb, "pairs joined only in the other", (double)(c->pairs_there - c->pairs_both)));
    if (j->has_truth) {
        TRY(put(bb, "right pairs only here", (double)c->right_here));
        TRY(put(bb, "right pairs only in the other", (double)c->right_there));
    }
    TRY(put(bb, "clusters the same", (double)c->same));
    TRY(put(bb, "clusters the other splits", (double)c->split));
    TRY(put(bb, "clusters the other merges", (double)c->merged));
    return put(bb, "clusters mixed", (double)c->mixed);
}

static int put_all(struct batch_builder *bb, const struct judgement *j)
{
    if (j->has_truth)
        TRY(put_truth(bb, j));
    if (j->has_truth && j->has_pairs)
        TRY(put_pairs(bb, j));
    return j->has_other ? put_comparison(bb, j) : 0;
}

int judgement_rows(const struct judgement *j, struct stream **ret, struct error *err)
{
    static const struct field fields[] = {
        {.name = SLICE_INIT("measure"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("value"), .type = TYPE_FLOAT64},
    };
    struct schema *schema = schema_new(fields, 2);
    struct batch_builder bb = {0};
    if (!schema)
        return error_memory(err);
    int code = batch_builder_init(&bb, schema, err);
    if (code == 0 && put_all(&bb, j) < 0)
        code = error_memory(err);
    if (code == 0)
        code = stream_of_builder(&bb, ret, err);
    batch_builder_done(&bb);
    schema_unref(schema);
    return code;
}
