/* --report and --pairs, which match and dedupe share: what was compared, as a page and as rows. */
#ifndef SLUICE_CMD_EVIDENCE_H
#define SLUICE_CMD_EVIDENCE_H

#include "cmd/session.h"
#include "pipelines/page/page.h"

struct evidence_options {
    const char *report, *pairs;
    double pairs_above;
};

/* clang-format off */
#define EVIDENCE_OPTIONS(T) \
    {.kind = OPTION_STRING, .name = "report", .arg = "FILE.html", .at = offsetof(struct T, evidence.report), \
     .help = "a page about the match: weights, scores, the largest and weakest customers, unclear pairs"}, \
    {.kind = OPTION_STRING, .name = "pairs", .arg = "FILE", .at = offsetof(struct T, evidence.pairs), \
     .help = "every compared pair with its weight and probability, for 'sluice eval --pairs'"}, \
    {.kind = OPTION_REAL, .name = "pairs-above", .arg = "P", .at = offsetof(struct T, evidence.pairs_above), \
     .help = "the least probability of a pair in that file (0: all that were kept)"}
/* clang-format on */

struct evidence_witness {
    struct session *session;
    const struct evidence_options *options;
    const struct dedupe_report *report; /* NULL: canonical records */
    struct match_witness witness;
};

/* Is it between 0 and 1? Else ERR_USAGE naming the option. */
int probability_check(double p, const char *option, struct error *err);
int evidence_check(const struct evidence_options *o, struct error *err);

/* Sets up `ret`, which must outlive the job. Its witness, or NULL when neither option is given. */
const struct match_witness *evidence_witness(struct evidence_witness *ret, struct session *s,
                                             const struct evidence_options *o,
                                             const struct dedupe_report *report);

#endif
