#include "pipelines/profile.h"

#include <math.h>

const double profile_quantiles[PROFILE_QUANTILES] = {.05, .25, .5, .75, .95};

static struct slice kept(const struct kept_text *k)
{
    return slice_of(k->bytes, k->len < 0 ? 0 : (size_t)k->len);
}

static int take_top(const struct frequent *f, struct profile_share *to)
{
    uint32_t top[PROFILE_TOP + 1];
    int n = frequent_top(f, top, PROFILE_TOP);
    for (int i = 0; i < n; i++)
        to[i] = (struct profile_share){f->values[top[i]].text, f->values[top[i]].count};
    return n;
}

static int is_number(const struct field *f)
{
    return f->type == TYPE_INT64 || f->type == TYPE_INT32 || f->type == TYPE_DECIMAL ||
           f->type == TYPE_FLOAT64 || f->type == TYPE_FLOAT32;
}

static void set_distinct(const struct profile_look *l, struct profile_column *c)
{
    c->distinct_exact = c->top_exact = !l->streaming;
    c->distinct = l->streaming ? llround(hyperloglog_estimate(l->distinct)) : l->values.n;
    if (c->distinct > c->filled)
        c->distinct = c->filled;
    int repeated = 0;
    for (uint32_t i = 0; i < l->values.n && !repeated; i++)
        repeated = l->values.values[i].count > 1;
    c->key = KEY_NO;
    if (!c->rows || c->filled < c->rows || repeated)
        return;
    if (!l->streaming)
        c->key = KEY_YES;
    else if ((double)c->distinct >= (double)c->rows * (1 - 3 * HLL_ERROR) && !l->values.error_seen)
        c->key = KEY_LIKELY;
}

static void set_numbers(const struct profile_look *l, struct profile_column *c)
{
    const struct quantiles *q = &l->numbers;
    c->has_numbers = is_number(&c->type) && q->n > 0;
    if (!c->has_numbers)
        return;
    for (int i = 0; i < PROFILE_QUANTILES; i++) {
        double v = quantiles_at(q, profile_quantiles[i]);
        c->quantiles[i] = v < l->low ? l->low : v > l->high ? l->high : v;
    }
    double low = quantiles_at(q, .25), high = quantiles_at(q, .75), range = high - low;
    if (range > 0)
        c->outliers = quantiles_below(q, low - 3 * range) + quantiles_above(q, high + 3 * range);
}

static void sum_up(const struct profile_look *l, struct profile_column *c)
{
    int typed = l->field->type != TYPE_UTF8 && l->field->type != TYPE_DICT;
    *c = (struct profile_column){.name = l->field->name, .rows = l->rows, .nulls = l->nulls};
    c->empty = l->empty;
    c->filled = l->rows - l->nulls - l->empty;
    c->shortest = c->filled ? l->shortest : 0;
    c->longest = c->filled ? l->longest : 0;
    c->shortest_text = kept(&l->shortest_text);
    c->longest_text = kept(&l->longest_text);
    text_types_decide(&l->types, &c->type);
    if (typed)
        c->type = *l->field;
    set_distinct(l, c);
    set_numbers(l, c);
    c->least = kept(c->has_numbers ? &l->low_text : &l->least);
    c->greatest = kept(c->has_numbers ? &l->high_text : &l->greatest);
    c->n_top = take_top(&l->values, c->top);
    c->n_shapes = take_top(&l->shapes, c->shapes);
    c->shapes_sampled = l->streaming;
    c->shaped = l->shaped;
}

int profile_columns(struct profile *p, struct arena *a, struct profile_column **ret,
                    struct error *err)
{
    int n = p->schema->n_fields;
    struct profile_column *columns = ARENA_ARRAY(a, struct profile_column, (size_t)n + 1);
    if (!columns)
        return error_memory(err);
    for (int i = 0; i < n; i++)
        sum_up(&p->looks[i], &columns[i]);
    *ret = columns;
    return 0;
}
