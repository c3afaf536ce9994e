/* Built-in weights for tables too small to learn from. The parts of an address are one event: who
 * has moved differs in all of them, and who has not agrees in all. */
#include <string.h>

#include "transform/match/model.h"

/* Most telling first: each part hangs on those before it. */
static const enum meaning address_parts[] = {MEANING_POSTCODE, MEANING_STREET, MEANING_HOUSE_NUMBER,
                                             MEANING_CITY,     MEANING_REGION, MEANING_ADDRESS_2};

static const double agree_again = .5, moved = .85, nick = .02, alike = .02, suffix_differs = .01,
                    near_name = .005;

void model_small_depend(struct match_model *model)
{
    uint32_t before = 0;
    for (size_t i = 0; i < sizeof address_parts / sizeof *address_parts; i++) {
        uint32_t found = 0;
        for (int k = 0; k < model->n_fields; k++) {
            struct field_model *f = &model->fields[k];
            if (f->meaning != address_parts[i] || f->depends != DEPENDS_NONE)
                continue;
            f->depends = before ? DEPENDS_PARENT : DEPENDS_NONE;
            f->parents = before;
            found |= UINT32_C(1) << k;
        }
        before |= found;
    }
}

/* What training would find of names: the listed nicknames are used, names that are merely alike are
 * mostly two. Junior and senior are two, however rarely strangers show it. */
static void settle_names(struct field_model *f)
{
    for (int s = 0; s < STATES; s++) {
        for (int l = NAME_EDIT; l <= NAME_SIMILAR; l++)
            if ((f->kind == COMPARE_GIVEN || f->kind == COMPARE_FAMILY) && f->u[s][l] < near_name)
                f->u[s][l] = near_name;
        if (f->kind == COMPARE_GIVEN) {
            f->base_m[s][NAME_NICK] = nick;
            f->base_m[s][NAME_ALIKE] = alike;
        } else if (f->kind == COMPARE_SUFFIX) {
            f->base_m[s][6] = f->u[s][6] * suffix_differs;
        }
    }
}

/* Few pairs hardly show how rarely strangers share a code or most words of a text. */
static void settle_texts(struct field_model *f)
{
    static const double most_codes[] = {0, .0005, .0005, .005};
    static const double most_words[] = {0, .0005, .001, .004};
    const double *most = f->kind == COMPARE_CODE ? most_codes : most_words;
    if (f->kind != COMPARE_CODE && f->household != HOUSEHOLD_RELATED)
        return;
    for (int l = 1; l <= 3; l++)
        for (int s = 0; s < STATES; s++)
            if (f->u[s][l] > most[l])
                f->u[s][l] = most[l];
}

/* Who has moved shares the parts of an address as strangers do. */
static void settle_address(struct field_model *f, const double start[LEVELS])
{
    for (int l = 1; l < LEVELS; l++) {
        double u = f->u[STATE_MISSING][l];
        f->u[STATE_AGREE][l] = agree_again * start[l] + (1 - agree_again) * u;
        f->u[STATE_DIFFER][l] = u;
        f->base_m[STATE_DIFFER][l] = moved * u + (1 - moved) * start[l];
        f->base_h[STATE_DIFFER][l] = f->base_m[STATE_DIFFER][l];
    }
}

void model_small_settle(struct match_model *model)
{
    for (int k = 0; k < model->n_fields; k++) {
        struct field_model *f = &model->fields[k];
        double start[LEVELS], start_h[LEVELS];
        model_start_m(f->kind, start);
        settle_texts(f);
        model_start_h(f, start_h);
        for (int s = 0; s < STATES; s++) {
            memcpy(f->base_m[s], start, sizeof start);
            memcpy(f->base_h[s], start_h, sizeof start_h);
        }
        settle_names(f);
        if (f->depends == DEPENDS_PARENT)
            settle_address(f, start);
        memcpy(f->m, f->base_m, sizeof f->m);
        if (model_learns_h(f))
            memcpy(f->h, f->base_h, sizeof f->h);
    }
}

void model_small_fit(struct field_model *f, double m[STATES][LEVELS], double h[STATES][LEVELS],
                     double prior, double share)
{
    int one_m = f->depends == DEPENDS_GIVEN || f->depends == DEPENDS_NAMES;
    int states = f->depends == DEPENDS_NONE ? 1 : STATES;
    for (int s = 1; s < STATES && one_m; s++)
        for (int l = 1; l < LEVELS; l++)
            m[0][l] += m[s][l];
    for (int s = 0; s < states; s++) {
        model_fit_levels(f->base_m[s], m[one_m ? 0 : s], prior, share, f->m[s]);
        model_cap_disagreement(f, f->m[s]);
        if (model_learns_h(f))
            model_fit_levels(f->base_h[s], h[s], prior, share, f->h[s]);
    }
}
