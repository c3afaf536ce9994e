/* Shares of levels from counts, a prior, and bounds that keep a class from dissolving. */
#include <string.h>

#include "transform/match/birth.h"
#include "transform/match/model.h"

void model_fit_levels(const double start[LEVELS], const double counts[LEVELS], double prior,
                      double share, double ret[LEVELS])
{
    double total = 0, sum = 0;
    for (int l = 1; l < LEVELS; l++)
        total += counts[l];
    for (int l = 1; l < LEVELS; l++) {
        ret[l] = counts[l] + (prior + share * total) * start[l];
        sum += ret[l];
    }
    for (int l = 1; l < LEVELS; l++)
        ret[l] /= sum;
}

/* At most `most` of one person's pairs may disagree in `levels` (bits); the rest grows. */
static void cap_share(double m[LEVELS], unsigned levels, double most)
{
    double in = 0, out = 0;
    for (int l = 1; l < LEVELS; l++)
        *(levels >> l & 1 ? &in : &out) += m[l];
    if (in <= most || out <= 0)
        return;
    for (int l = 1; l < LEVELS; l++)
        m[l] *= levels >> l & 1 ? most / in : (1 - most) / out;
}

double model_cap(enum compare_kind kind, unsigned *ret_levels)
{
    switch (kind) {
    case COMPARE_GIVEN:
    case COMPARE_FAMILY:
        *ret_levels = 1u << NAME_DIFFERS;
        return .45;
    case COMPARE_SUFFIX:
        *ret_levels = 1u << 6;
        return .03;
    case COMPARE_DATE:
        *ret_levels = 1u << DATE_YEAR | 0x7C00u;
        return .45;
    case COMPARE_ID:
        *ret_levels = 1u << 4;
        return .45;
    default:
        *ret_levels = 0;
        return 1;
    }
}

void model_cap_disagreement(const struct field_model *f, double m[LEVELS])
{
    unsigned levels;
    double most = model_cap(f->kind, &levels);
    cap_share(m, levels, most);
}

void model_fit_m(struct field_model *f, double counts[STATES][LEVELS], double prior, double share)
{
    int one_m = f->depends == DEPENDS_GIVEN || f->depends == DEPENDS_NAMES;
    double all[LEVELS] = {0}, start[LEVELS];
    model_start_m(f->kind, start);
    for (int s = 0; s < STATES; s++) {
        for (int l = 1; l < LEVELS; l++)
            all[l] += counts[s][l];
        if (!one_m && (s == 0 || f->depends != DEPENDS_NONE)) {
            model_fit_levels(start, counts[s], prior, share, f->m[s]);
            model_cap_disagreement(f, f->m[s]);
        }
    }
    if (!one_m)
        return;
    model_fit_levels(start, all, prior, share, f->m[0]);
    model_cap_disagreement(f, f->m[0]);
    memcpy(f->m[1], f->m[0], sizeof f->m[0]);
    memcpy(f->m[2], f->m[0], sizeof f->m[0]);
}
