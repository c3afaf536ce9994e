/* Built-in weights for tables too small to learn from. The parts of an address are one event: who
 * has moved differs in all of them, and who has not agrees in all. */
#include "transform/match/model.h"

/* Most telling first: each part hangs on those before it. */
static const enum meaning address_parts[] = {MEANING_POSTCODE, MEANING_STREET, MEANING_HOUSE_NUMBER,
                                             MEANING_CITY,     MEANING_REGION, MEANING_ADDRESS_2};

static const double agree_again = .5, moved = .85, nick = .02, alike = .02, suffix_differs = .02,
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
            f->m[s][NAME_NICK] = nick;
            f->m[s][NAME_ALIKE] = alike;
        } else if (f->kind == COMPARE_SUFFIX) {
            f->m[s][6] = f->u[s][6] * suffix_differs;
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

void model_small_settle(struct match_model *model)
{
    for (int k = 0; k < model->n_fields; k++) {
        struct field_model *f = &model->fields[k];
        settle_texts(f);
        settle_names(f);
        double start[LEVELS];
        model_start_m(f->kind, start);
        for (int l = 1; l < LEVELS && f->depends == DEPENDS_PARENT; l++) {
            double u = f->u[STATE_MISSING][l];
            f->u[STATE_AGREE][l] = agree_again * start[l] + (1 - agree_again) * u;
            f->u[STATE_DIFFER][l] = u;
            f->m[STATE_DIFFER][l] = moved * u + (1 - moved) * start[l];
            f->h[STATE_DIFFER][l] = f->m[STATE_DIFFER][l];
        }
    }
}
