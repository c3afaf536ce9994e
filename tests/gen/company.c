#include "tests/gen/person.h"

void company_init(struct company *c, uint64_t seed, uint64_t people, double noise)
{
    *c = (struct company){.seed = seed, .people = people, .nights = 1};
    rates_init(&c->rates, noise);
    ranks_init(&c->names.male, n_male_names, 5);
    ranks_init(&c->names.female, n_female_names, 7);
    ranks_init(&c->names.family, n_surnames, 8);
    ranks_init(&c->towns, n_towns, 6);
    c->names.rare_given = company_rate(c, RATE_RARE_GIVEN);
    c->names.rare_family = company_rate(c, RATE_RARE_FAMILY);
    for (int s = 0; s < SOURCES; s++)
        c->order[s] = shuffle_of(people, chance_for(seed, (uint64_t)s, FOR_ORDER).state);
}

double company_rate(const struct company *c, enum rate_id id)
{
    return c->rates.of[id][0];
}

uint64_t company_people(const struct company *c, int night)
{
    double more = company_rate(c, RATE_NIGHT_NEW) * (double)c->people;
    return c->people + (uint64_t)(more * (night - 1) + 0.5 * (night > 1));
}

int company_joined(const struct company *c, uint64_t person)
{
    int night = 1;
    while (company_people(c, night) <= person)
        night++;
    return night;
}
