/* The order of records: by unique id, so that l is the smaller of a pair as in Splink. */
#include <math.h>
#include <stdlib.h>

#include "transform/splink/data.h"
#include "transform/splink/value.h"

struct id_order {
    struct sql_value id;
    uint32_t row, source;
};

static int compare_ids(const struct id_order *x, const struct id_order *y)
{
    int order = 0;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    if (sql_is_null(&x->id) != sql_is_null(&y->id))
        return sql_is_null(&x->id) ? 1 : -1;
    return sql_compare(&x->id, &y->id, &order) ? order : 0;
}

static int by_id(const void *a, const void *b)
{
    const struct id_order *x = a, *y = b;
    int order = compare_ids(x, y);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static int all_whole(const struct splink_values *v)
{
    for (uint32_t i = 0; i < v->n_values; i++) {
        double x;
        if (!sql_to_number(&v->values[i], &x) || x != floor(x))
            return 0;
    }
    return 1;
}

/* Sources by the order of their names. */
static uint32_t source_rank(const struct splink_values *v, uint32_t code)
{
    uint32_t rank = 0;
    for (uint32_t i = 0; i < v->n_values; i++) {
        int order;
        rank += sql_compare(&v->values[i], &v->values[code], &order) && order < 0;
    }
    return rank;
}

/* With datasets, Splink's ids are texts, "dataset-__-id"; alone, they are what they are. */
int splink_order_rows(struct splink_data *d, struct splink_values *ids,
                      const struct splink_values *sources)
{
    struct id_order *order = calloc((size_t)d->n + 1, sizeof *order);
    uint32_t *ranks = sources ? calloc((size_t)sources->n_values + 1, sizeof *ranks) : NULL;
    int whole = ids && !sources && all_whole(ids);
    if (!order || (sources && !ranks)) {
        free(order);
        free(ranks);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; ranks && i <= sources->n_values; i++)
        ranks[i] = i < sources->n_values ? source_rank(sources, i) : i;
    for (uint32_t i = 0; i < d->n; i++) {
        order[i].row = i;
        order[i].source = ranks && d->source ? ranks[sources->codes[i]] : 0;
        if (ids)
            order[i].id = ids->values[ids->codes[i]];
        if (whole)
            sql_as_number(&order[i].id);
        else if (sources && ids && order[i].id.type == SQL_NUMBER)
            order[i].id = sql_text_value(sql_to_text(&order[i].id, &ids->arena));
    }
    qsort(order, d->n, sizeof *order, by_id);
    for (uint32_t i = 0; i < d->n; i++) {
        d->row[i] = order[i].row;
        int tied =
            i && ids && !sql_is_null(&order[i].id) && compare_ids(&order[i - 1], &order[i]) == 0;
        d->id_rank[i] = tied ? d->id_rank[i - 1] : i;
        if (d->source)
            d->source[i] = order[i].source;
    }
    free(order);
    free(ranks);
    return 0;
}
