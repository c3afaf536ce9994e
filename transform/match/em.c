/* Expectation and maximisation for the three classes. */
#include <math.h>
#include <string.h>

#include "transform/match/labels.h"

enum { GUARD_ROUNDS = 10, MIN_ROUNDS = 14, MAX_ROUNDS = 40 };

static const double prior_pairs = 5, prior_share = .15, converged = 1e-3, mail_prior = 20,
                    few_people = 80000, few_things = 5000, many_matches = .005;

struct em_sums {
    double p, h; /* expected pairs of the same person, of a household */
    double of_m[COMPARISONS_MAX][STATES][LEVELS], of_h[COMPARISONS_MAX][STATES][LEVELS];
    double labelled[COMPARISONS_MAX][STATES][LEVELS]; /* of of_m: by a person's word */
    double unrelated[COMPARISONS_MAX]
                    [LEVELS]; /* e-mail levels of strangers with both names alike */
};

struct em_run {
    struct match_model *model;
    const struct training_set *set;
    enum em_pairs which;
    int round;
    struct em_sums sums;
};

static int is_seed_field(const struct field_model *f)
{
    switch (f->meaning) {
    case MEANING_GIVEN_NAME:
    case MEANING_FAMILY_NAME:
    case MEANING_BIRTH_DATE:
    case MEANING_POSTCODE:
    case MEANING_CITY:
    case MEANING_PLACE:
    case MEANING_EMAIL:
    case MEANING_ID:
    case MEANING_PHONE:
    case MEANING_STREET:
    case MEANING_ADDRESS:
    case MEANING_ORGANISATION:
    case MEANING_TEXT:
        return 1;
    default:
        return 0;
    }
}

static int is_seed(const struct match_model *model, uint64_t pattern)
{
    int exact = 0;
    for (int k = 0; k < model->n_fields; k++)
        exact += level_of(pattern, k) == 1
                     ? model->fields[k].kind == COMPARE_CODE ? 2 : is_seed_field(&model->fields[k])
                     : 0;
    return exact >= 2;
}

/* What a pattern adds, frequencies apart. */
struct pattern_logs {
    double m, h;
    int skip, guarded;
    uint8_t state[COMPARISONS_MAX];
};

static struct pattern_logs logs_of(const struct em_run *r, uint64_t pattern)
{
    const struct match_model *model = r->model;
    struct pattern_logs l = {.m = log(model->lambda_m), .h = log(model->lambda_h)};
    for (int k = 0; k < model->n_fields; k++) {
        int level = level_of(pattern, k), state = model_state(model, k, pattern);
        l.state[k] = (uint8_t)state;
        if (level) {
            l.m += model->fields[k].log_m[state][level];
            l.h += model->fields[k].log_h[state][level];
        }
    }
    l.skip = r->which == EM_SEEDS && !is_seed(model, pattern);
    l.guarded = r->round < GUARD_ROUNDS && model_contradicts(model, pattern);
    return l;
}

struct class_counts {
    double m, h, u;
};

/* Probabilities of the three classes by their log-odds against "unrelated". */
static void add_group(const struct pattern_logs *l, const struct training_group *g,
                      struct class_counts *sum)
{
    double a = l->m + g->m, b = l->h + g->h;
    double top = a > b ? a : b;
    if (top < 0)
        top = 0;
    double ea = l->guarded ? 0 : exp(a - top), eb = exp(b - top), eu = exp(-top);
    double all = ea + eb + eu;
    sum->m += g->count * ea / all;
    sum->h += g->count * eb / all;
    sum->u += g->count * eu / all;
}

static void add_levels(struct em_run *r, uint64_t pattern, const struct pattern_logs *l,
                       const struct class_counts *c)
{
    r->sums.p += c->m;
    r->sums.h += c->h;
    for (int k = 0; k < r->model->n_fields; k++) {
        int level = level_of(pattern, k), s = l->state[k];
        if (!level)
            continue;
        r->sums.of_m[k][s][level] += c->m;
        r->sums.of_h[k][s][level] += c->h;
        if (r->model->fields[k].depends == DEPENDS_NAMES && s == 0)
            r->sums.unrelated[k][level] += c->u;
    }
}

/* Labelled pairs: which of the other two classes a different pair is of, the model says. */
static void add_labelled(struct em_run *r)
{
    for (size_t i = 0; i < r->set->n_labelled; i++) {
        const struct training_group *g = &r->set->labelled[i].group;
        struct pattern_logs l = logs_of(r, g->pattern);
        struct class_counts counts = {0, 0, 0};
        l.guarded = 1; /* no share for the same person */
        if (r->set->labelled[i].same)
            counts.m = g->count;
        else
            add_group(&l, g, &counts);
        add_levels(r, g->pattern, &l, &counts);
        for (int k = 0; k < r->model->n_fields; k++)
            r->sums.labelled[k][l.state[k]][level_of(g->pattern, k)] += counts.m;
    }
}

static void e_step(struct em_run *r)
{
    const struct training_set *t = r->set;
    memset(&r->sums, 0, sizeof r->sums);
    for (size_t i = 0; i < t->n;) {
        uint64_t pattern = t->groups[i].pattern;
        struct pattern_logs l = logs_of(r, pattern);
        struct class_counts counts = {0, 0, 0};
        for (; i < t->n && t->groups[i].pattern == pattern; i++)
            if (!l.skip)
                add_group(&l, &t->groups[i], &counts);
        if (!l.skip)
            add_levels(r, pattern, &l, &counts);
    }
    add_labelled(r);
}

/* The part of a field's expected matches that the prior guards. */
static double guarded_share(const struct em_run *r, int k)
{
    double all = 0, labelled = 0;
    for (int s = 0; s < STATES; s++)
        for (int l = 1; l < LEVELS; l++) {
            all += r->sums.of_m[k][s][l];
            labelled += r->sums.labelled[k][s][l];
        }
    return label_guarded(all, labelled);
}

/* How strangers' mailboxes agree when both their names do: no random pair shows it. */
static void fit_mail_u(struct em_run *r, int k)
{
    struct field_model *f = &r->model->fields[k];
    double sum = 0, counts[LEVELS] = {0};
    for (int l = 1; l < LEVELS; l++) {
        counts[l] = r->sums.unrelated[k][l] + mail_prior * f->u[1][l];
        sum += counts[l];
    }
    for (int l = 1; l < LEVELS; l++)
        f->u[0][l] = counts[l] / sum;
}

/* A small table leans on its base, the more the smaller it is; things less than people, of whom it
 * is better known how their names and dates vary. */
static void fit_small(struct em_run *r, int k)
{
    struct match_model *model = r->model;
    double few = (model->household_frequency ? few_people : few_things) / (model->n_records + 1.0);
    model_small_fit(&model->fields[k], r->sums.of_m[k], r->sums.of_h[k], few,
                    prior_share * guarded_share(r, k));
}

static void fit_learned(struct em_run *r, int k)
{
    struct field_model *f = &r->model->fields[k];
    int states = f->depends == DEPENDS_NONE ? 1 : STATES;
    model_fit_m(f, r->sums.of_m[k], prior_pairs, prior_share * guarded_share(r, k));
    double start[LEVELS];
    model_start_h(f, start);
    for (int s = 0; s < states && model_learns_h(f); s++)
        model_fit_levels(start, r->sums.of_h[k][s], prior_pairs, prior_share, f->h[s]);
}

static void fit_field(struct em_run *r, int k)
{
    if (r->model->learned)
        fit_learned(r, k);
    else
        fit_small(r, k);
    if (r->model->fields[k].depends == DEPENDS_NAMES)
        fit_mail_u(r, k);
}

/* Strangers' levels are what random pairs show less the matches among them: with few people of many
 * records they are most of the pairs that agree closely. (In a table too small to learn from they
 * are left out when u is counted.) */
static void fit_u(struct em_run *r, int k)
{
    struct field_model *f = &r->model->fields[k];
    static const double least = .1;
    int states = f->depends == DEPENDS_NONE ? 1 : STATES;
    for (int s = 0; s < states; s++) {
        double sum = 0, counts[LEVELS] = {0};
        if (f->depends == DEPENDS_NAMES)
            continue;
        for (int l = 1; l < LEVELS; l++) {
            double drawn = f->drawn_u[s][l];
            double rest = drawn - r->model->drawn_share * r->sums.of_m[k][s][l];
            counts[l] = (rest > least * drawn ? rest : least * drawn) + .5;
            if (!model_level_valid(f->kind, l))
                counts[l] = 0;
            sum += counts[l];
        }
        for (int l = 1; l < LEVELS; l++)
            f->u[s][l] = counts[l] / sum;
    }
    for (int s = states; s < STATES; s++)
        memcpy(f->u[s], f->u[0], sizeof f->u[0]);
}

static void keep_evidence(struct em_run *r)
{
    for (int k = 0; k < r->model->n_fields; k++)
        for (int l = 1; l < LEVELS; l++) {
            r->model->fields[k].seen_m[l] = 0;
            for (int s = 0; s < STATES; s++)
                r->model->fields[k].seen_m[l] += r->sums.of_m[k][s][l];
        }
}

static void m_step(struct em_run *r)
{
    struct match_model *model = r->model;
    for (int k = 0; k < model->n_fields; k++)
        fit_field(r, k);
    int many = model->learned && model->drawn_share > 0 && model->lambda_m > many_matches;
    for (int k = 0; k < model->n_fields && many; k++)
        fit_u(r, k);
    int enough = model->labels_same >= LABELS_TRUSTED_SMALL;
    for (int k = 0; k < model->n_fields && !model->learned && enough; k++)
        model_fit_m(&model->fields[k], r->sums.labelled[k], LABELS_TRUSTED_SMALL, 0);
    keep_evidence(r);
    if (r->set->n_all_pairs < 1)
        return; /* one record: no pair says anything about the shares */
    model->lambda_m = (r->sums.p > 1 ? r->sums.p : 1) / r->set->n_all_pairs;
    model->lambda_h = (r->sums.h > 1 ? r->sums.h : 1) / r->set->n_all_pairs;
}

int em_run(struct match_model *model, const struct training_set *t, enum em_pairs which)
{
    struct em_run r = {.model = model, .set = t, .which = which};
    for (r.round = 0; r.round < MAX_ROUNDS; r.round++) {
        double before = log(model->lambda_m);
        model_weigh(model);
        e_step(&r);
        m_step(&r);
        if (r.round >= MIN_ROUNDS && fabs(log(model->lambda_m) - before) < converged)
            break;
    }
    model_weigh(model);
    model->rounds = r.round;
    return r.round;
}
