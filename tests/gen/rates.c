#include "tests/gen/rates.h"

#include <stdio.h>

enum rate_scale { FIXED, ERROR };

static const double most = 0.9;

struct rate {
    const char *name;
    enum rate_scale scale;
    double of[SOURCES];
    const char *help;
};

#define OPEN(...) __VA_ARGS__
#define R_ROW(name, scale, columns, help) {#name, scale, {OPEN columns}, help},
static const struct rate table[] = {GEN_RATES(R_ROW)};
#undef R_ROW
#undef OPEN

void rates_init(struct rates *r, double noise)
{
    for (int i = 0; i < RATE_COUNT; i++)
        for (int s = 0; s < SOURCES; s++) {
            double x = table[i].of[s];
            if (table[i].scale == ERROR) {
                x *= i == RATE_WRONG_ROWS && noise > 1 ? 1 : noise;
                x = x > most ? most : x;
            }
            r->of[i][s] = x;
        }
}

static void print_row(const struct rate *rate, const double of[SOURCES])
{
    printf("%-18s %-5s", rate->name, rate->scale == ERROR ? "error" : "");
    if (of[0] == of[1] && of[1] == of[2] && of[2] == of[3])
        printf(" %-31.4g", of[0]);
    else
        printf(" %-7.4g %-7.4g %-7.4g %-7.4g", of[0], of[1], of[2], of[3]);
    printf(" %s\n", rate->help);
}

void rates_print(const struct rates *r)
{
    printf("%-18s %-5s %-7s %-7s %-7s %-7s what\n", "rate", "", "billing", "sales", "service",
           "loyalty");
    for (int i = 0; i < RATE_COUNT; i++)
        print_row(&table[i], r->of[i]);
}
