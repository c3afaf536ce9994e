#include "tests/gen/happenings.h"

struct happenings happenings_of(const struct company *c, const struct record *r, int least,
                                double mean, int night)
{
    uint64_t subject =
        (r->person * SOURCES + (uint64_t)r->source) * COPIES_MOST + (uint64_t)r->copy;
    struct chance chance = chance_for(c->seed, subject, FOR_EVENTS);
    int n = least + chance_times(&chance, mean, YEAR_MOST - least);
    int joined = company_joined(c, r->person);
    return (struct happenings){c, r, subject, n, joined, joined > 1 ? least : n, 0, joined, night};
}

static int64_t opening_hours(int64_t day, struct chance *c)
{
    return day * DAY_SECONDS + (int64_t)chance_between(c, 8 * 3600, 20 * 3600);
}

/* A record that does much in a year does something in a night more often: its mean a day. */
static int night_has_one(const struct happenings *h, int night, struct chance *ret_draws)
{
    struct chance c = chance_for(h->company->seed + (uint64_t)night, h->subject, FOR_EVENT_NIGHT);
    int hit = chance_hit(&c, (double)h->in_year / 365);
    *ret_draws = c;
    return hit;
}

int happening_next(struct happenings *h, struct happening *ret)
{
    const struct company *c = h->company;
    if (h->next < h->past) {
        ret->draws = chance_for(c->seed, h->subject * 64 + (uint64_t)h->next, FOR_TEXT);
        int64_t ago = 1 + (int64_t)chance_below(&ret->draws, 365);
        if (h->joined > 1)
            ago = 2 - h->joined;
        ret->at = opening_hours(c->first_day - ago, &ret->draws);
        ret->number = h->next++;
        return 1;
    }
    while (++h->night <= h->last_night)
        if (night_has_one(h, h->night, &ret->draws)) {
            ret->at = opening_hours(c->first_day + h->night - 2, &ret->draws);
            ret->number = 100 + h->night;
            return 1;
        }
    return 0;
}
