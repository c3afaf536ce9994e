#include "transform/match/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transform/match/birth.h"
#include "transform/match/codes.h"

/* Levels by kind, as bits. */
static const uint16_t valid_levels[COMPARE_KINDS] = {
    [COMPARE_GIVEN] = 0x0FFE,  [COMPARE_FAMILY] = 0x077E,   [COMPARE_EXTRA] = 0x001E,
    [COMPARE_SUFFIX] = 0x0046, [COMPARE_DATE] = 0x7FFE,     [COMPARE_POSTCODE] = 0x007E,
    [COMPARE_PHONE] = 0x005E,  [COMPARE_EMAIL] = 0x003E,    [COMPARE_ID] = 0x001E,
    [COMPARE_NUMBER] = 0x000E, [COMPARE_PLACE] = 0x061E,    [COMPARE_EXACT] = 0x0006,
    [COMPARE_TEXT] = 0x007E,   [COMPARE_QUANTITY] = 0x003E, [COMPARE_CODE] = 0x007E};

int model_level_valid(enum compare_kind kind, int level)
{
    return valid_levels[kind] >> level & 1;
}

/* Where training starts: the shares of levels among pairs of the same person. */
static double start_m(enum compare_kind kind, int level)
{
    static const double names[12] = {0, .70, .10, .05, .03, .03, .05, .01, .03, .01, .01, .01};
    static const double dates[15] = {0, .60, .10, .03, .10, .05, .02, .02, .02};
    static const double others[7] = {0, .70, .10, .05, .05, .05, .05};
    static const double codes[7] = {0, .55, .20, .05, .06, .04, .10};
    if (kind == COMPARE_GIVEN || kind == COMPARE_FAMILY)
        return names[level];
    if (kind == COMPARE_CODE)
        return codes[level];
    if (kind == COMPARE_DATE)
        return level <= 8 ? dates[level] : .01;
    if (kind == COMPARE_SUFFIX)
        return level == 1 ? .70 : level == 2 ? .27 : .03;
    return level <= 6 ? others[level] : .01;
}

static void normalise_levels(double v[LEVELS])
{
    double sum = 0;
    for (int l = 1; l < LEVELS; l++)
        sum += v[l];
    for (int l = 1; l < LEVELS; l++)
        v[l] = sum > 0 ? v[l] / sum : 0;
}

void model_start_m(enum compare_kind kind, double ret[LEVELS])
{
    ret[0] = 0;
    for (int l = 1; l < LEVELS; l++)
        ret[l] = model_level_valid(kind, l) ? start_m(kind, l) : 0;
    normalise_levels(ret);
}

/* Things of one make or subject share some words of their texts, and hardly ever all. */
void model_start_h(const struct field_model *f, double ret[LEVELS])
{
    static const double related[LEVELS] = {0, .01, .04, .10, .25, .35, .25};
    static const double related_codes[LEVELS] = {0, .01, .02, .07, .15, .25, .50};
    if (f->household == HOUSEHOLD_RELATED)
        memcpy(ret, f->kind == COMPARE_CODE ? related_codes : related, sizeof related);
    else if (f->household == HOUSEHOLD_SHARED)
        memcpy(ret, f->u[0], sizeof f->u[0]);
    else
        model_start_m(f->kind, ret);
}

static enum household household_of(enum meaning m)
{
    switch (m) {
    case MEANING_FAMILY_NAME:
    case MEANING_CITY:
    case MEANING_POSTCODE:
    case MEANING_REGION:
    case MEANING_PHONE:
    case MEANING_EMAIL:
    case MEANING_HOUSE_NUMBER:
    case MEANING_STREET:
    case MEANING_ADDRESS:
    case MEANING_ADDRESS_2:
        return HOUSEHOLD_LEARNED;
    case MEANING_CATEGORY:
    case MEANING_ID: /* numbers given out in turn are near within a family */
        return HOUSEHOLD_SHARED;
    case MEANING_GIVEN_NAME:
        return HOUSEHOLD_GIVEN;
    case MEANING_BIRTH_DATE:
        return HOUSEHOLD_DATE;
    default:
        return HOUSEHOLD_SAME_AS_U;
    }
}

static int weighs_by_frequency(enum compare_kind kind)
{
    return kind == COMPARE_GIVEN || kind == COMPARE_FAMILY || kind == COMPARE_DATE ||
           kind == COMPARE_POSTCODE || kind == COMPARE_PLACE || kind == COMPARE_EMAIL ||
           kind == COMPARE_PHONE || kind == COMPARE_ID;
}

static uint32_t with_meaning(const struct match_model *model, enum meaning m)
{
    uint32_t bits = 0;
    for (int k = 0; k < model->n_fields; k++)
        if (model->fields[k].meaning == m)
            bits |= UINT32_C(1) << k;
    return bits;
}

static void set_dependency(struct match_model *model, struct field_model *f, int has_given)
{
    uint32_t given = with_meaning(model, MEANING_GIVEN_NAME);
    uint32_t family = with_meaning(model, MEANING_FAMILY_NAME);
    uint32_t postcode = with_meaning(model, MEANING_POSTCODE);
    if (f->meaning == MEANING_GENDER && given) {
        f->depends = DEPENDS_GIVEN;
        f->parents = given;
    } else if (f->meaning == MEANING_EMAIL && given && family) {
        f->depends = DEPENDS_NAMES;
        f->parents = given | family;
    } else if (has_given) {
        uint32_t parents = 0;
        if (f->meaning == MEANING_CITY || f->meaning == MEANING_HOUSE_NUMBER ||
            f->meaning == MEANING_STREET || f->meaning == MEANING_ADDRESS)
            parents = postcode;
        else if (f->meaning == MEANING_REGION)
            parents = postcode | with_meaning(model, MEANING_CITY);
        else if (f->meaning == MEANING_ADDRESS_2)
            parents = with_meaning(model, MEANING_STREET) | with_meaning(model, MEANING_ADDRESS);
        f->depends = parents ? DEPENDS_PARENT : DEPENDS_NONE;
        f->parents = parents;
    }
}

void model_init(struct match_model *model, const struct encoded *e, uint32_t n)
{
    double pairs = (double)n * ((double)n - 1) / 2;
    model->n_fields = e->n_comparisons;
    model->n_records = n;
    model->learned = n >= MODEL_MIN_RECORDS;
    model->household_frequency = e->given >= 0;
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *c = &e->comparisons[k];
        struct field_model *f = &model->fields[k];
        *f = (struct field_model){.kind = c->kind, .meaning = c->meaning};
        snprintf(f->name, sizeof f->name, "%.*s", (int)(c->name.len < 63 ? c->name.len : 63),
                 c->name.len ? c->name.ptr : "");
        f->household = household_of(c->meaning);
        if (e->given < 0 && (c->kind == COMPARE_TEXT || c->kind == COMPARE_CODE) &&
            f->household == HOUSEHOLD_SAME_AS_U)
            f->household = HOUSEHOLD_RELATED;
        f->frequency = weighs_by_frequency(c->kind);
        model_start_m(c->kind, f->m[0]);
        model_start_h(f, f->h[0]);
        for (int s = 0; s < STATES; s++)
            for (int l = 1; l < LEVELS; l++) {
                f->m[s][l] = f->m[0][l];
                f->h[s][l] = f->h[0][l];
                f->u[s][l] = model_level_valid(c->kind, l) ? 1.0 / LEVELS : 0;
            }
    }
    for (int k = 0; k < model->n_fields && model->learned; k++)
        set_dependency(model, &model->fields[k], e->given >= 0);
    if (!model->learned)
        model_small_depend(model);
    model->lambda_m = pairs > 0 ? .25 * n / pairs : .5;
    model->lambda_h = .2 * model->lambda_m;
}

int model_uses_frequency(const struct field_model *f, int state, int level)
{
    if (!f->frequency || (f->depends == DEPENDS_PARENT && state == STATE_AGREE))
        return 0;
    return level == 1 || (f->kind == COMPARE_DATE && level == 2);
}

static double household_log(const struct match_model *model, const struct field_model *f, int s,
                            int l)
{
    int frequency = model->household_frequency && model_uses_frequency(f, s, l);
    int exact = l == 1;
    switch (f->household) {
    case HOUSEHOLD_LEARNED:
    case HOUSEHOLD_SHARED:
    case HOUSEHOLD_RELATED:
        return frequency ? log(f->h[s][l]) : log(f->h[s][l] / f->u[s][l]);
    case HOUSEHOLD_GIVEN:
        return frequency ? 0 : exact ? log(.98 + .02 / f->u[s][l]) : log(.98);
    case HOUSEHOLD_DATE:
        return frequency ? 0 : exact ? log(.97 + .03 / f->u[s][l]) : log(.97);
    default:
        return 0;
    }
}

void model_weigh(struct match_model *model)
{
    for (int k = 0; k < model->n_fields; k++) {
        struct field_model *f = &model->fields[k];
        for (int s = 0; s < STATES; s++)
            for (int l = 1; l < LEVELS; l++) {
                if (!model_level_valid(f->kind, l))
                    continue;
                int swapped = f->kind == COMPARE_GIVEN && l == NAME_SWAPPED;
                int frequency = swapped || model_uses_frequency(f, s, l);
                f->log_m[s][l] = log(f->m[s][l]) - (frequency ? 0 : log(f->u[s][l]));
                f->log_h[s][l] = swapped ? 0 : household_log(model, f, s, l);
                f->weight_m[s][l] = (int32_t)lround(f->log_m[s][l] * NATS_TO_WEIGHT);
                f->weight_h[s][l] = (int32_t)lround(f->log_h[s][l] * NATS_TO_WEIGHT);
            }
    }
    model->prior_m = (int32_t)lround(log(model->lambda_m) * NATS_TO_WEIGHT);
    model->prior_h = (int32_t)lround(log(model->lambda_h) * NATS_TO_WEIGHT);
}

int model_agrees(const struct field_model *f, int level)
{
    if (f->kind == COMPARE_GIVEN || f->kind == COMPARE_FAMILY)
        return (level >= NAME_EXACT && level <= NAME_SIMILAR) || level >= NAME_ALIAS;
    if (f->kind == COMPARE_POSTCODE)
        return level >= 1 && level <= 3;
    return level == 1;
}

int model_state(const struct match_model *model, int k, uint64_t pattern)
{
    const struct field_model *f = &model->fields[k];
    int agree = 0, there = 0;
    if (f->depends == DEPENDS_NONE)
        return 0;
    for (uint32_t bits = f->parents; bits; bits &= bits - 1) {
        int parent = __builtin_ctz(bits), level = level_of(pattern, parent);
        there += level > 0;
        agree += model_agrees(&model->fields[parent], level);
    }
    if (f->depends == DEPENDS_NAMES)
        return agree == 2 ? 0 : agree == 1 ? 1 : 2;
    return agree ? STATE_AGREE : there ? STATE_DIFFER : STATE_MISSING;
}

int model_is_disagreement(const struct field_model *f, int level)
{
    switch (f->kind) {
    case COMPARE_GIVEN:
        return level == NAME_DIFFERS;
    case COMPARE_DATE:
        return level == DATE_YEAR || level >= DATE_TWO_DIGITS;
    case COMPARE_EXACT:
        return f->meaning == MEANING_GENDER && level == 2;
    case COMPARE_ID:
        return level == 4;
    case COMPARE_CODE:
        return level >= CODE_AMONG_OTHERS;
    default:
        return 0;
    }
}

int model_contradicts(const struct match_model *model, uint64_t pattern)
{
    int n = 0;
    for (int k = 0; k < model->n_fields; k++)
        n += model_is_disagreement(&model->fields[k], level_of(pattern, k));
    return n >= 2;
}
