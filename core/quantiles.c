#include "core/quantiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"

enum { STEP_BITS = 12, LEAST = -32, MOST = 63, SIDE = (MOST - LEAST) << STEP_BITS };
enum { CELLS = 2 * SIDE + 1 };

/* The cell of a value: SIDE is zero. */
static int cell_of(double v)
{
    uint64_t bits;
    double a = fabs(v);
    memcpy(&bits, &a, sizeof bits);
    int64_t at = (int64_t)(bits >> (52 - STEP_BITS)) - ((int64_t)(1023 + LEAST) << STEP_BITS) + 1;
    if (at <= 0)
        return SIDE;
    if (at > SIDE)
        at = SIDE;
    return v < 0 ? SIDE - (int)at : SIDE + (int)at;
}

/* The lower end of a cell, by magnitude: whole numbers stand there. */
static double value_of(int cell)
{
    int at = cell < SIDE ? SIDE - cell : cell - SIDE;
    double v;
    if (at == 0)
        return 0;
    uint64_t bits = (uint64_t)(at - 1 + ((1023 + LEAST) << STEP_BITS)) << (52 - STEP_BITS);
    memcpy(&v, &bits, sizeof v);
    return cell < SIDE ? -v : v;
}

int quantiles_init(struct quantiles *q)
{
    q->n = 0;
    q->cells = calloc(CELLS, sizeof *q->cells); /* pages come as they are written */
    q->low = CELLS;
    q->high = -1;
    return q->cells ? 0 : ERR_MEMORY;
}

void quantiles_done(struct quantiles *q)
{
    free(q->cells);
    q->cells = NULL;
}

void quantiles_add(struct quantiles *q, double value, int64_t times)
{
    if (value != value)
        return;
    int at = cell_of(value);
    q->cells[at] += times;
    q->n += times;
    q->low = at < q->low ? at : q->low;
    q->high = at > q->high ? at : q->high;
}

double quantiles_at(const struct quantiles *q, double p)
{
    int64_t want = (int64_t)ceil(p * (double)q->n), seen = 0;
    if (want < 1)
        want = 1;
    for (int i = q->low; i <= q->high; i++) {
        seen += q->cells[i];
        if (seen >= want)
            return value_of(i);
    }
    return 0;
}

int64_t quantiles_below(const struct quantiles *q, double value)
{
    int64_t n = 0;
    for (int i = q->low, end = cell_of(value); i < end; i++)
        n += q->cells[i];
    return n;
}

int64_t quantiles_above(const struct quantiles *q, double value)
{
    int64_t n = 0;
    for (int i = cell_of(value) + 1; i <= q->high; i++)
        n += q->cells[i];
    return n;
}
