#include "cmd/evidence.h"

#include "pipelines/scored_pairs.h"

static int write_page(const struct evidence_witness *w, const struct matched *m, struct error *err)
{
    struct session *s = w->session;
    const char *of = s->n_operands == 1 ? s->operands[0] : NULL;
    const char *slash = of ? strrchr(of, '/') : NULL;
    const char *lead = s->n_operands > 1 ? arena_printf(&s->arena, "%d files", s->n_operands)
                       : of              ? (slash ? slash + 1 : of)
                                         : "standard input";
    const struct match_page page = {.m = m,
                                    .title = "Match report",
                                    .lead = lead ? lead : "",
                                    .columns = w->report ? w->report->columns : NULL,
                                    .n_columns = w->report ? w->report->n_columns : 0};
    return match_page_write(&page, w->options->report, err);
}

static int look(void *arg, const struct matched *m, struct error *err)
{
    const struct evidence_witness *w = arg;
    struct stream *rows;
    if (w->options->report)
        TRY(write_page(w, m, err));
    if (!w->options->pairs)
        return 0;
    TRY(scored_pairs(m, w->options->pairs_above, &rows, err));
    return session_pump_path(w->session, rows, w->options->pairs, err);
}

int probability_check(double p, const char *option, struct error *err)
{
    return p >= 0 && p <= 1
               ? 0
               : error_set(err, ERR_USAGE, "%s takes a probability between 0 and 1", option);
}

int evidence_check(const struct evidence_options *o, struct error *err)
{
    return probability_check(o->pairs_above, "--pairs-above", err);
}

const struct match_witness *evidence_witness(struct evidence_witness *ret, struct session *s,
                                             const struct evidence_options *o,
                                             const struct dedupe_report *report)
{
    *ret = (struct evidence_witness){.session = s, .options = o, .report = report};
    ret->witness = (struct match_witness){.look = look, .arg = ret, .wants_evidence = 1};
    return o->report || o->pairs ? &ret->witness : NULL;
}
