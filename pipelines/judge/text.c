/* A judgement in words, for 80 columns. */
#include "core/html.h"
#include "core/wrap.h"
#include "pipelines/judge/judge.h"

static int put_rates(struct buffer *out, const char *name, const struct agreement_rates *r)
{
    return buffer_printf(out, "%-24s %9.4f %9.4f %9.4f\n", name, r->precision, r->recall, r->f1);
}

static int put_count(struct buffer *out, const char *name, int64_t n)
{
    char text[32];
    return buffer_printf(out, "%-44s %14s\n", name, html_count(n, text));
}

static int put_head(const struct judgement *j, struct buffer *out)
{
    const struct evaluation *e = &j->e;
    TRY(buffer_printf(out, "%-24s %9s %9s %9s\n", "", "precision", "recall", "F1"));
    TRY(put_rates(out, "pairs", &e->pairwise));
    if (e->has_clusters)
        TRY(put_rates(out, "B-cubed", &e->bcubed));
    if (j->has_other)
        TRY(put_rates(out, "pairs, the other", &j->comparison.other.pairwise));
    TRY(buffer_putc(out, '\n'));
    TRY(put_count(out, "pairs joined", e->pairs_found));
    TRY(put_count(out, "  of them wrong", e->pairs_found - e->pairs_both));
    TRY(put_count(out, "pairs true", e->pairs_true));
    TRY(put_count(out, "  of them missed", e->pairs_true - e->pairs_both));
    if (e->has_clusters) {
        TRY(put_count(out, "customers found", e->clusters_found));
        TRY(put_count(out, "  exactly right", e->clusters_exact));
        TRY(put_count(out, "customers true", e->clusters_true));
        TRY(put_count(out, "records of the largest true customer", e->largest_true));
    }
    TRY(put_count(out, "records of the largest customer found", e->largest_found));
    return put_count(out, "records judged", e->records);
}

static int put_thresholds(const struct judgement *j, struct buffer *out)
{
    TRY(buffer_string(out, "\ncompared pairs at a probability or above, each joined by itself\n"));
    TRY(buffer_printf(out, "%-12s %11s %9s %9s %9s\n", "probability", "pairs", "precision",
                      "recall", "F1"));
    for (int t = 0; t < JUDGE_THRESHOLDS; t++) {
        const struct judge_threshold *h = &j->thresholds[t];
        char text[32];
        TRY(buffer_printf(out, "%-12.2f %11s %9.4f %9.4f %9.4f\n", h->at,
                          html_count(h->found, text), h->rates.precision, h->rates.recall,
                          h->rates.f1));
    }
    return 0;
}

static int put_blocking(const struct judgement *j, struct buffer *out)
{
    const struct judge_blocking *k = &j->blocking;
    TRY(buffer_string(out, "\nwhere true pairs were lost\n"));
    TRY(put_count(out, "  never compared (blocking)", k->lost));
    TRY(put_count(out, "  compared, and scored below one half", k->scored_low));
    TRY(put_count(out, "  scored above, and kept apart (clustering)", k->kept_apart));
    TRY(put_count(out, "never compared, joined by way of others", k->joined_unseen));
    return buffer_printf(out, "a perfect scorer of the compared pairs: recall %.4f, F1 %.4f\n",
                         k->best.recall, k->best.f1);
}

static int put_cluster(const struct judge_cluster *c, const char *what, const char *parts,
                       struct buffer *out)
{
    struct wrap w = {out, 80, 4, 0};
    TRY(buffer_string(out, "  "));
    TRY(text_padded(out, c->name, text_width(c->name) < 40 ? text_width(c->name) : 40));
    TRY(buffer_printf(out, ": %lld records, %lld %s pairs", (long long)c->size, (long long)c->wrong,
                      what));
    if (c->parts)
        TRY(buffer_printf(out, ", %lld %s", (long long)c->parts, parts));
    TRY(buffer_string(out, "\n    "));
    w.column = 4;
    for (int i = 0; i < c->n_ids; i++) {
        if (i)
            TRY(wrap_words(&w, SLICE_LIT(", ")));
        TRY(wrap_words(&w, c->ids[i]));
    }
    if (c->n_ids < c->size)
        TRY(wrap_words(&w, SLICE_LIT(", …")));
    return wrap_end(&w);
}

static int put_clusters(const struct judgement *j, struct buffer *out)
{
    if (j->n_worst)
        TRY(buffer_string(out, "\ncustomers with the most wrong pairs\n"));
    for (int i = 0; i < j->n_worst; i++)
        TRY(put_cluster(&j->worst[i], "wrong", "true customers", out));
    if (j->n_torn)
        TRY(buffer_string(out, "\ntrue customers with the most missed pairs\n"));
    for (int i = 0; i < j->n_torn; i++)
        TRY(put_cluster(&j->torn[i], "missed", "pieces", out));
    return 0;
}

static int put_missed(const struct judgement *j, struct buffer *out)
{
    if (!j->n_missed)
        return 0;
    TRY(buffer_string(out, "\nmissed pairs by the columns that differ\n"));
    for (int i = 0; i < j->n_missed; i++) {
        const struct judge_missed *m = &j->missed[i];
        struct wrap w = {.out = out, .width = 80, .indent = 11, .column = 11};
        TRY(buffer_printf(out, "%9lld  ", (long long)m->n));
        TRY(wrap_words(&w, m->differs.len ? m->differs : SLICE_LIT("nothing differs")));
        if (m->missing.len) {
            TRY(wrap_words(&w, SLICE_LIT("; half or more lack in one ")));
            TRY(wrap_words(&w, m->missing));
        }
        TRY(wrap_words(&w, SLICE_LIT(": such as ")));
        TRY(wrap_words(&w, m->a));
        TRY(wrap_words(&w, SLICE_LIT(" and ")));
        TRY(wrap_words(&w, m->b));
        TRY(wrap_end(&w));
    }
    if (j->missed_groups > j->n_missed)
        TRY(buffer_printf(out, "  … and %lld other combinations\n",
                          (long long)(j->missed_groups - j->n_missed)));
    if (j->missed_looked_at < j->e.pairs_true - j->e.pairs_both)
        TRY(buffer_printf(out, "  of the first %lld missed pairs\n",
                          (long long)j->missed_looked_at));
    return 0;
}

static int put_differences(const struct judge_difference *d, int n, const char *head,
                           struct buffer *out)
{
    static const char *const words[] = {"", ": wrong", ": right"};
    if (n)
        TRY(buffer_printf(out, "joined only %s, such as\n", head));
    for (int i = 0; i < n; i++)
        TRY(buffer_printf(out, "  %.*s and %.*s%s\n", (int)d[i].a.len, d[i].a.ptr, (int)d[i].b.len,
                          d[i].b.ptr, words[d[i].right + 1]));
    return 0;
}

static int put_comparison(const struct judgement *j, struct buffer *out)
{
    const struct judge_comparison *c = &j->comparison;
    int64_t here = c->pairs_here - c->pairs_both, there = c->pairs_there - c->pairs_both;
    TRY(buffer_string(out,
                      j->has_truth ? "\nbeside the other result\n" : "beside the other result\n"));
    TRY(put_count(out, "pairs joined in both", c->pairs_both));
    TRY(put_count(out, "pairs joined only here", here));
    if (j->has_truth)
        TRY(put_count(out, "  of them right", c->right_here));
    TRY(put_count(out, "pairs joined only in the other", there));
    if (j->has_truth)
        TRY(put_count(out, "  of them right", c->right_there));
    TRY(put_count(out, "customers the same in both", c->same));
    TRY(put_count(out, "customers that the other splits", c->split));
    TRY(put_count(out, "customers that the other merges into larger", c->merged));
    TRY(put_count(out, "customers cut and merged", c->mixed));
    if (c->only_here_records)
        TRY(put_count(out, "records that the other does not have", c->only_here_records));
    if (c->only_there_records)
        TRY(put_count(out, "records that only the other has", c->only_there_records));
    TRY(put_differences(c->here, c->n_here, "here", out));
    return put_differences(c->there, c->n_there, "in the other", out);
}

int judgement_text(const struct judgement *j, struct buffer *out)
{
    if (j->has_truth) {
        TRY(put_head(j, out));
        if (j->has_pairs) {
            TRY(put_thresholds(j, out));
            TRY(put_blocking(j, out));
        }
        TRY(put_clusters(j, out));
        TRY(put_missed(j, out));
    }
    return j->has_other ? put_comparison(j, out) : 0;
}
