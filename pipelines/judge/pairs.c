/* What compared pairs say: the result at each threshold, and what blocking lost. */
#include <stdlib.h>

#include "pipelines/judge/parts.h"

static const double thresholds[JUDGE_THRESHOLDS] = {.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99};

struct compared_pair {
    uint64_t key; /* a << 32 | b, a < b */
    double probability;
};

struct looking {
    struct judging *g;
    int a, b, probability; /* columns */
    struct buffer right;   /* struct compared_pair of the true ones */
    struct buffer text[3];
};

static int find_named(const struct schema *s, const char *const *names)
{
    for (; *names; names++)
        for (int i = 0; i < s->n_fields; i++)
            if (slice_equal(s->fields[i].name, slice_str(*names)))
                return i;
    return -1;
}

static int find_ending(const struct schema *s, const char *end)
{
    for (int i = 0; i < s->n_fields; i++)
        if (slice_ends(s->fields[i].name, slice_str(end)))
            return i;
    return -1;
}

/* id_l, id_r, match_probability; or the like of other tools. */
static int find_columns(struct looking *l, const struct schema *s, struct error *err)
{
    static const char *const a[] = {"id_l", "id_a", "unique_id_l", NULL};
    static const char *const b[] = {"id_r", "id_b", "unique_id_r", NULL};
    static const char *const probability[] = {"probability", "match_probability", NULL};
    l->a = find_named(s, a);
    l->b = find_named(s, b);
    if (l->a < 0 || l->b < 0) {
        l->a = find_ending(s, "_l");
        l->b = find_ending(s, "_r");
    }
    l->probability = find_named(s, probability);
    if (l->a < 0 || l->b < 0 || l->probability < 0)
        return error_set(
            err, ERR_DATA,
            "the compared pairs need columns 'id_l', 'id_r' and 'match_probability', as "
            "'sluice dedupe --pairs' writes them");
    return 0;
}

static int count_thresholds(struct judgement *j, double probability, int right)
{
    for (int t = 0; t < JUDGE_THRESHOLDS; t++)
        if (probability >= thresholds[t]) {
            j->thresholds[t].found++;
            j->thresholds[t].right += right;
        }
    return 0;
}

static int take_pair(struct looking *l, const struct sheet *s, size_t row, struct error *err)
{
    const int columns[3] = {l->a, l->b, l->probability};
    struct slice value[3];
    char *end;
    for (int i = 0; i < 3; i++)
        if (sheet_value(s, columns[i], row, &l->text[i], &value[i]) < 0)
            return error_memory(err);
    int64_t a = dict_find(&l->g->ids, value[0]), b = dict_find(&l->g->ids, value[1]);
    if (a < 0 || b < 0 || a == b) {
        l->g->j->foreign_pairs++;
        return 0;
    }
    char number[40] = "";
    memcpy(number, value[2].ptr ? value[2].ptr : "", value[2].len < 39 ? value[2].len : 39);
    double probability = strtod(number, &end);
    if (end == number || *end || !(probability >= 0 && probability <= 1))
        return error_set(err, ERR_DATA,
                         "line %lld of the compared pairs: '%s' is not a probability from 0 to 1",
                         (long long)sheet_line(s, row), number);
    uint32_t low = (uint32_t)(a < b ? a : b), high = (uint32_t)(a < b ? b : a);
    if (!judging_judged(l->g, low) || !judging_judged(l->g, high))
        return 0;
    int right = judging_is_true(l->g, low, high);
    const struct compared_pair pair = {(uint64_t)low << 32 | high, probability};
    count_thresholds(l->g->j, probability, right);
    return right && buffer_append(&l->right, &pair, sizeof pair) < 0 ? error_memory(err) : 0;
}

static int read_pairs(struct looking *l, struct stream *from, struct error *err)
{
    struct batch *b;
    int more;
    TRY(find_columns(l, from->schema, err));
    while ((more = stream_next(from, &b, err)) > 0) {
        struct sheet one = {.schema = from->schema,
                            .line = schema_find(from->schema, SLICE_LIT("__line"))};
        int code = rows_list(&b, 1, &one.rows, &one.n) < 0 ? error_memory(err) : 0;
        for (size_t i = 0; i < one.n && code == 0; i++)
            code = take_pair(l, &one, i, err);
        free(one.rows);
        batch_free(b);
        TRY(code);
    }
    return more;
}

static int compare_keys(const void *a, const void *b)
{
    const struct compared_pair *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static int sort_true_pair(void *arg, uint32_t a, uint32_t b)
{
    struct looking *l = arg;
    struct judge_blocking *k = &l->g->j->blocking;
    const struct compared_pair wanted = {.key = (uint64_t)a << 32 | b};
    size_t n = l->right.len / sizeof wanted;
    const struct compared_pair *found =
        n ? bsearch(&wanted, l->right.data, n, sizeof wanted, compare_keys) : NULL;
    int joined = judging_found(l->g)[a] == judging_found(l->g)[b];
    k->compared += found != NULL;
    if (!found) {
        k->joined_unseen += joined;
        k->lost += !joined;
    } else if (!joined) {
        k->scored_low += found->probability < .5;
        k->kept_apart += found->probability >= .5;
    }
    return 0;
}

static struct agreement_rates rates_of(int64_t found, int64_t right, int64_t all)
{
    struct agreement_rates r = {.precision = found ? (double)right / (double)found : 1,
                                .recall = all ? (double)right / (double)all : 1};
    double sum = r.precision + r.recall;
    r.f1 = sum > 0 ? 2 * r.precision * r.recall / sum : 0;
    return r;
}

static int look(struct looking *l, struct error *err)
{
    struct judgement *j = l->g->j;
    TRY(read_pairs(l, l->g->pairs, err));
    if (l->right.len)
        qsort(l->right.data, l->right.len / sizeof(struct compared_pair),
              sizeof(struct compared_pair), compare_keys);
    if (judging_each_true(l->g, sort_true_pair, l) < 0)
        return error_memory(err);
    for (int t = 0; t < JUDGE_THRESHOLDS; t++) {
        struct judge_threshold *h = &j->thresholds[t];
        h->at = thresholds[t];
        h->rates = rates_of(h->found, h->right, j->e.pairs_true);
    }
    j->blocking.best = rates_of(j->blocking.compared, j->blocking.compared, j->e.pairs_true);
    return 0;
}

int judge_pairs(struct judging *g, struct error *err)
{
    struct looking l = {.g = g};
    int code = look(&l, err);
    buffer_done(&l.right);
    for (int i = 0; i < 3; i++)
        buffer_done(&l.text[i]);
    return code;
}
