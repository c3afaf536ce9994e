#include "transform/match/labels.h"

#include <stdlib.h>

static uint64_t pair_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct label_pair *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->same - y->same;
}

int label_set_init(struct label_set *s, const struct match_labels *given, const struct encoded *e)
{
    *s = (struct label_set){.weight = given && given->weight > 0 ? given->weight : 1};
    if (!given || !given->n)
        return 0;
    s->pairs = malloc(given->n * sizeof *s->pairs);
    if (!s->pairs)
        return ERR_MEMORY;
    for (size_t i = 0; i < given->n; i++) {
        const struct match_label *l = &given->list[i];
        if (l->a != l->b)
            s->pairs[s->n++] = (struct label_pair){pair_key(e->rank[l->a], e->rank[l->b]), l->same};
    }
    qsort(s->pairs, s->n, sizeof *s->pairs, compare_pairs);
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++)
        if (!kept || s->pairs[i].key != s->pairs[kept - 1].key)
            s->pairs[kept++] = s->pairs[i];
    s->n = kept;
    for (size_t i = 0; i < kept; i++)
        s->n_same += s->pairs[i].same != 0;
    return 0;
}

void label_set_done(struct label_set *s)
{
    free(s->pairs);
    *s = (struct label_set){0};
}

int label_set_holds(const struct label_set *s, uint32_t a, uint32_t b)
{
    uint64_t key = pair_key(a, b);
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->pairs[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->n && s->pairs[low].key == key;
}

static void train_pair(const struct label_pair *p, struct comparer *c, const struct match_model *m,
                       const struct frequency_table *frequency, struct labelled_group *ret)
{
    uint32_t a = (uint32_t)(p->key >> 32), b = (uint32_t)p->key;
    struct agreement g;
    compare_records(c, a, b, &g);
    struct frequency_part part = frequency_of_pair(frequency, m, c->e, &g, a, b);
    *ret = (struct labelled_group){{g.pattern, part.m / NATS_TO_WEIGHT, part.h / NATS_TO_WEIGHT, 0},
                                   p->same};
}

int label_set_train(const struct label_set *s, const struct encoded *e, struct match_model *model,
                    struct training_set *t)
{
    struct frequency_table frequency;
    struct comparer c;
    if (!s->n)
        return 0;
    t->labelled = malloc(s->n * sizeof *t->labelled);
    if (!t->labelled || frequency_table_init(&frequency, model, e) < 0)
        return ERR_MEMORY;
    comparer_init(&c, e, NULL);
    t->n_labelled = s->n;
    model->label_weight = s->weight;
    for (size_t i = 0; i < s->n; i++) {
        train_pair(&s->pairs[i], &c, model, &frequency, &t->labelled[i]);
        t->labelled[i].group.count = s->weight;
        model->labels_same += s->pairs[i].same != 0;
        model->labels_different += s->pairs[i].same == 0;
    }
    frequency_table_done(&frequency);
    return 0;
}

double label_set_correct(const struct label_set *s, struct comparer *c,
                         const struct match_model *model, const struct cluster_lists *lists,
                         uint32_t members_max, double counts[COMPARISONS_MAX][STATES][LEVELS])
{
    struct agreement g;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t a = (uint32_t)(s->pairs[i].key >> 32), b = (uint32_t)s->pairs[i].key;
        uint32_t of = lists->index[a], size = lists->from[of + 1] - lists->from[of];
        int counted = of == lists->index[b] && size <= members_max;
        double more = (s->pairs[i].same ? s->weight : 0) - counted;
        sum += more;
        compare_records(c, a, b, &g);
        for (int k = 0; k < model->n_fields; k++)
            counts[k][model_state(model, k, g.pattern)][level_of(g.pattern, k)] += more;
    }
    return sum;
}
