#include "core/hyperloglog.h"

#include <math.h>

enum { RANKS = 64 - HLL_BITS };

static double sigma(double x)
{
    double y = 1, z = x, before;
    if (x == 1)
        return INFINITY;
    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);
    return z;
}

static double tau(double x)
{
    double y = 1, z = 1 - x, before;
    if (x == 0 || x == 1)
        return 0;
    do {
        x = sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
}

double hyperloglog_estimate(const struct hyperloglog *h)
{
    const double m = HLL_REGISTERS;
    int counts[RANKS + 2] = {0};
    for (int i = 0; i < HLL_REGISTERS; i++)
        counts[h->registers[i]]++;
    double z = m * tau(1 - counts[RANKS + 1] / m);
    for (int k = RANKS; k >= 1; k--)
        z = 0.5 * (z + counts[k]);
    z += m * sigma(counts[0] / m);
    return m * m / (2 * M_LN2) / z;
}
