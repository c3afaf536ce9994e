/* Steps over fields that are understood together: addresses, names. */
#include "transform/map/address.h"
#include "transform/map/name.h"
#include "transform/map/standard.h"

enum { GROUP_MAX = 8 };

/* Columns of a group, in the order of the struct's slices that they are loaded into. */
struct group {
    int columns[GROUP_MAX];
    int n, fed;
};

static struct group find_group(const struct block *b, const char *const *names, int n)
{
    struct group g = {.n = n};
    for (int i = 0; i < n; i++) {
        g.columns[i] = plan_column(b->plan, names[i]);
        g.fed += g.columns[i] >= 0 && b->plan->fed[g.columns[i]];
    }
    return g;
}

/* Standardising may fill fields that no mapping feeds. */
static int ready_all(struct block *b, const struct group *g)
{
    for (int i = 0; i < g->n; i++)
        if (g->columns[i] >= 0 && !b->columns[g->columns[i]].text)
            TRY(vector_ready(b, g->columns[i]));
    return 0;
}

static void load(const struct block *b, const struct group *g, int row, struct slice *const *to)
{
    for (int i = 0; i < g->n; i++)
        *to[i] = b->columns[g->columns[i]].text[row];
}

static void store(struct block *b, const struct group *g, int row, struct slice *const *from)
{
    for (int i = 0; i < g->n; i++)
        b->columns[g->columns[i]].text[row] = *from[i];
}

/* A source that says nothing of countries is in the project's; one that leaves a row's country open
 * has left it open. */
static void default_country(const struct plan *p, int country, struct postal *postal)
{
    if (!p->fed[country] && p->region.len && (postal->line1.ptr || postal->postcode.ptr))
        postal->country = p->region;
}

int standard_addresses(struct block *b)
{
    static const char *const names[] = {"line1", "line2", "city", "region", "postcode", "country"};
    const struct plan *p = b->plan;
    struct group g = find_group(b, names, 6);
    struct postal a;
    struct slice *const parts[] = {&a.line1, &a.line2, &a.city, &a.region, &a.postcode, &a.country};
    if (!g.fed)
        return 0;
    TRY(ready_all(b, &g));
    for (int row = 0; row < b->n; row++) {
        load(b, &g, row, parts);
        TRY(address_standard(&a, p->region, &p->countries, &b->arena));
        default_country(p, g.columns[5], &a);
        store(b, &g, row, parts);
    }
    return 0;
}

int standard_names(struct block *b)
{
    static const char *const names[] = {"title",  "given_name", "middle_name", "family_name",
                                        "suffix", "full_name",  "formal_name", "organisation"};
    struct group g = find_group(b, names, 8);
    struct person_name n;
    struct slice *const parts[] = {&n.title,  &n.given, &n.middle, &n.family,
                                   &n.suffix, &n.full,  &n.formal, &n.organisation};
    if (!g.fed)
        return 0;
    TRY(ready_all(b, &g));
    for (int row = 0; row < b->n; row++) {
        load(b, &g, row, parts);
        TRY(name_standard(&n, &b->arena));
        store(b, &g, row, parts);
    }
    return 0;
}
