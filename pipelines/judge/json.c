/* A judgement as an object for programs. */
#include <math.h>

#include "pipelines/judge/judge.h"

static json_t *real(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

static json_t *text(struct slice s)
{
    return json_stringn(s.ptr ? s.ptr : "", s.len);
}

static json_t *rates(const struct agreement_rates *r)
{
    return json_pack("{s:o, s:o, s:o}", "precision", real(r->precision), "recall", real(r->recall),
                     "f1", real(r->f1));
}

static json_t *notes(const struct judge_note *list, int64_t n)
{
    json_t *all = json_array();
    for (int64_t i = 0; i < n && i < 5; i++)
        json_array_append_new(
            all, json_pack("{s:o, s:I}", "id", text(list[i].id), "line", (json_int_t)list[i].line));
    return json_pack("{s:I, s:o}", "rows", (json_int_t)n, "first", all);
}

static json_t *evaluation(const struct evaluation *e)
{
    json_t *o = json_pack("{s:o, s:{s:I, s:I, s:I}, s:I, s:I}", "pairwise", rates(&e->pairwise),
                          "pairs", "found", (json_int_t)e->pairs_found, "true",
                          (json_int_t)e->pairs_true, "right", (json_int_t)e->pairs_both, "records",
                          (json_int_t)e->records, "largest_found", (json_int_t)e->largest_found);
    if (!o || !e->has_clusters)
        return o;
    json_object_set_new(o, "b_cubed", rates(&e->bcubed));
    json_object_set_new(o, "largest_true", json_integer(e->largest_true));
    json_object_set_new(o, "clusters",
                        json_pack("{s:I, s:I, s:I}", "found", (json_int_t)e->clusters_found, "true",
                                  (json_int_t)e->clusters_true, "exact",
                                  (json_int_t)e->clusters_exact));
    return o;
}

static json_t *thresholds(const struct judgement *j)
{
    json_t *all = json_array();
    for (int t = 0; t < JUDGE_THRESHOLDS; t++) {
        const struct judge_threshold *h = &j->thresholds[t];
        json_array_append_new(all,
                              json_pack("{s:o, s:I, s:I, s:o, s:o, s:o}", "probability",
                                        real(h->at), "found", (json_int_t)h->found, "right",
                                        (json_int_t)h->right, "precision", real(h->rates.precision),
                                        "recall", real(h->rates.recall), "f1", real(h->rates.f1)));
    }
    return all;
}

static json_t *blocking(const struct judge_blocking *k)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o}", "compared", (json_int_t)k->compared, "lost",
                     (json_int_t)k->lost, "joined_unseen", (json_int_t)k->joined_unseen,
                     "scored_low", (json_int_t)k->scored_low, "kept_apart",
                     (json_int_t)k->kept_apart, "perfect_scorer", rates(&k->best));
}

static json_t *clusters(const struct judge_cluster *list, int n, const char *wrong)
{
    json_t *all = json_array();
    for (int i = 0; i < n; i++) {
        json_t *ids = json_array();
        for (int k = 0; k < list[i].n_ids; k++)
            json_array_append_new(ids, text(list[i].ids[k]));
        json_array_append_new(
            all, json_pack("{s:o, s:I, s:I, s:I, s:o}", "cluster", text(list[i].name), "records",
                           (json_int_t)list[i].size, wrong, (json_int_t)list[i].wrong, "parts",
                           (json_int_t)list[i].parts, "ids", ids));
    }
    return all;
}

static json_t *missed(const struct judgement *j)
{
    json_t *all = json_array();
    for (int i = 0; i < j->n_missed; i++) {
        const struct judge_missed *m = &j->missed[i];
        json_array_append_new(all, json_pack("{s:I, s:o, s:o, s:[o, o]}", "pairs", (json_int_t)m->n,
                                             "differs", text(m->differs), "missing",
                                             text(m->missing), "example", text(m->a), text(m->b)));
    }
    return all;
}

static json_t *differences(const struct judge_difference *d, int n)
{
    json_t *all = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(
            all, json_pack("{s:o, s:o, s:o}", "first", text(d[i].a), "second", text(d[i].b),
                           "right", d[i].right < 0 ? json_null() : json_boolean(d[i].right)));
    return all;
}

static json_t *comparison(const struct judgement *j)
{
    const struct judge_comparison *c = &j->comparison;
    json_t *o = json_pack(
        "{s:I, s:I, s:I, s:{s:I, s:I, s:I, s:I}, s:o, s:o}", "pairs_both",
        (json_int_t)c->pairs_both, "pairs_only_here", (json_int_t)(c->pairs_here - c->pairs_both),
        "pairs_only_other", (json_int_t)(c->pairs_there - c->pairs_both), "clusters", "same",
        (json_int_t)c->same, "split", (json_int_t)c->split, "merged", (json_int_t)c->merged,
        "mixed", (json_int_t)c->mixed, "only_here", differences(c->here, c->n_here), "only_other",
        differences(c->there, c->n_there));
    if (o && j->has_truth) {
        json_object_set_new(o, "other", evaluation(&c->other));
        json_object_set_new(o, "right_only_here", json_integer(c->right_here));
        json_object_set_new(o, "right_only_other", json_integer(c->right_there));
    }
    return o;
}

json_t *judgement_json(const struct judgement *j)
{
    json_t *o = j->has_truth ? evaluation(&j->e) : json_object();
    int failed = !o;
    if (o && j->has_truth) {
        failed |= json_object_set_new(o, "not_in_truth", notes(j->unjudged_first, j->unjudged));
        failed |= json_object_set_new(o, "not_in_result", notes(j->unknown_first, j->unknown));
        failed |= json_object_set_new(o, "worst", clusters(j->worst, j->n_worst, "wrong_pairs"));
        failed |= json_object_set_new(o, "torn", clusters(j->torn, j->n_torn, "missed_pairs"));
        failed |= json_object_set_new(o, "missed", missed(j));
    }
    if (o && j->has_truth && j->has_pairs) {
        failed |= json_object_set_new(o, "by_threshold", thresholds(j));
        failed |= json_object_set_new(o, "blocking", blocking(&j->blocking));
    }
    if (o && j->has_other)
        failed |= json_object_set_new(o, "comparison", comparison(j));
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}
