#include "tests/gen/names.h"

void ranks_init(struct ranks *r, int n, double flat)
{
    double sum = 0;
    r->n = n < RANKS_MOST ? n : RANKS_MOST;
    for (int i = 0; i < r->n; i++)
        r->sum[i] = sum += 1 / (i + 1 + flat);
}

int ranks_draw(const struct ranks *r, struct chance *c)
{
    double want = chance_unit(c) * r->sum[r->n - 1];
    int low = 0, high = r->n - 1;
    while (low < high) {
        int mid = (low + high) / 2;
        if (r->sum[mid] > want)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

/* Squaring skews the draw to the front of the list. */
static const char *part_of(const char *const *parts, int n, struct chance *c)
{
    double u = chance_unit(c);
    return parts[(int)(u * u * n)];
}

static void rare_given(enum sex sex, struct chance *c, char ret_name[NAME_SIZE])
{
    struct text t = text_on(ret_name, NAME_SIZE);
    text_add(&t, part_of(given_starts, n_given_starts, c));
    if (sex == MALE)
        text_add(&t, part_of(given_ends_male, n_given_ends_male, c));
    else
        text_add(&t, part_of(given_ends_female, n_given_ends_female, c));
}

void name_given(const struct name_ranks *ranks, enum sex sex, struct chance *c,
                char ret_name[NAME_SIZE])
{
    if (chance_hit(c, ranks->rare_given)) {
        rare_given(sex, c, ret_name);
        return;
    }
    const struct given_name *list = sex == MALE ? male_names : female_names;
    const struct ranks *r = sex == MALE ? &ranks->male : &ranks->female;
    text_set(ret_name, NAME_SIZE, list[ranks_draw(r, c)].name);
}

void name_family(const struct name_ranks *ranks, struct chance *c, char ret_name[NAME_SIZE])
{
    if (!chance_hit(c, ranks->rare_family)) {
        text_set(ret_name, NAME_SIZE, surnames[ranks_draw(&ranks->family, c)]);
        return;
    }
    struct text t = text_on(ret_name, NAME_SIZE);
    text_add(&t, part_of(surname_starts, n_surname_starts, c));
    text_add(&t, part_of(surname_middles, n_surname_middles, c));
    text_add(&t, part_of(surname_ends, n_surname_ends, c));
}

static const struct given_name *listed(const char *given, const struct given_name *list, int n)
{
    for (int i = 0; i < n; i++)
        if (list[i].name[0] == given[0] && !strcmp(list[i].name, given))
            return &list[i];
    return NULL;
}

int name_short_form(const char *given, struct chance *c, char ret_name[NAME_SIZE])
{
    const struct given_name *g = listed(given, male_names, n_male_names);
    if (!g)
        g = listed(given, female_names, n_female_names);
    if (!g || !g->short_forms[0])
        return 0;
    int n = 1;
    for (const char *p = g->short_forms; *p; p++)
        n += *p == ',';
    /* The first form is the usual one. */
    double u = chance_unit(c);
    int skip = (int)(u * u * n);
    const char *p = g->short_forms;
    while (skip > 0)
        skip -= *p++ == ',';
    struct text t = text_on(ret_name, NAME_SIZE);
    while (*p && *p != ',')
        text_char(&t, *p++);
    return 1;
}
