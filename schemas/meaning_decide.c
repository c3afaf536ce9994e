/* All columns of a table together: one key, one given name, one family name, one address. */
#include <stdlib.h>

#include "schemas/meaning_settle.h"

/* The key: an id that is different in every row, the likeliest by name, the first among equals. */
static void choose_key(struct table_view *t)
{
    struct view *best = NULL;

    for (int i = 0; i < t->n; i++) {
        struct view *v = &t->views[i];

        if (v->column->fixed && v->column->meaning == MEANING_KEY)
            return;
        if (v->column->fixed || !v->rows || !v->unique || v->id == ID_NONE)
            continue;
        if (!best || v->id > best->id)
            best = v;
    }
    for (int i = 0; i < t->n && !best; i++) {
        struct view *v = &t->views[i];

        if (!v->column->fixed && v->rows && v->unique && v->column->stats.distinct > 1 &&
            v->name.sense == MEANING_UNKNOWN && column_share(v, MEANING_DATE) < 50 &&
            (column_share(v, MEANING_ID) >= 80 ||
             (v->name.nameless && i == 0 && column_share(v, MEANING_NUMBER) == 100)))
            best = v;
    }
    for (int i = 0; i < t->n; i++)
        if (&t->views[i] != best && t->views[i].id == ID_ROW && t->views[i].unique &&
            t->views[i].rows && !t->views[i].column->fixed)
            column_say(&t->views[i], MEANING_UNKNOWN, "another id of the row");
    if (best)
        column_say(best, MEANING_KEY, "an id that is different in every row");
}

static int is_address_part(enum meaning m)
{
    return m >= MEANING_ADDRESS && m <= MEANING_COUNTRY;
}

static int64_t role_rows(const struct table_view *t, uint32_t role)
{
    int64_t rows = 0;

    for (int i = 0; i < t->n; i++)
        if (is_address_part(t->views[i].column->meaning) && t->views[i].name.role == role)
            rows += t->views[i].rows;
    return rows;
}

/* Is the meaning there in the address of that role? */
static int has_part(const struct table_view *t, enum meaning m, uint32_t role)
{
    for (int i = 0; i < t->n; i++)
        if (t->views[i].column->meaning == m && t->views[i].name.role == role)
            return 1;
    return 0;
}

/* Of several addresses (billing, shipping …) the one with the most values; never a street of one
 * with the city of another. Parts with no such word belong to any. */
static void choose_address(struct table_view *t)
{
    uint32_t best = 0;

    for (int i = 0; i < t->n; i++)
        if (is_address_part(t->views[i].column->meaning) &&
            role_rows(t, t->views[i].name.role) > role_rows(t, best))
            best = t->views[i].name.role;
    for (int i = 0; i < t->n; i++) {
        struct view *v = &t->views[i];
        enum meaning m = v->column->meaning;

        if (v->column->fixed || !is_address_part(m) || v->name.role == best)
            continue;
        if (v->name.role != 0 || has_part(t, m, best))
            column_say(v, MEANING_UNKNOWN, "of another address than the one that is used");
    }
}

/* Meanings that a row has one of. */
static int is_single(enum meaning m)
{
    switch (m) {
    case MEANING_SOURCE:
    case MEANING_TITLE:
    case MEANING_GIVEN_NAME:
    case MEANING_FAMILY_NAME:
    case MEANING_SUFFIX:
    case MEANING_BIRTH_DATE:
    case MEANING_BIRTH_YEAR:
    case MEANING_BIRTH_MONTH:
    case MEANING_BIRTH_DAY:
    case MEANING_GENDER:
    case MEANING_ADDRESS:
    case MEANING_HOUSE_NUMBER:
    case MEANING_STREET:
    case MEANING_CITY:
    case MEANING_REGION:
    case MEANING_POSTCODE:
    case MEANING_COUNTRY:
        return 1;
    default:
        return 0;
    }
}

/* Said by the user, then the surer name, then the fuller column, then the earlier. */
static int is_before(const struct view *a, const struct view *b)
{
    if (a->column->fixed != b->column->fixed)
        return a->column->fixed > b->column->fixed;
    if (a->name.strength != b->name.strength)
        return a->name.strength > b->name.strength;
    return a->rows != b->rows ? a->rows > b->rows : a < b;
}

static void demote(struct view *v, const struct view *best)
{
    enum meaning m = v->column->meaning;
    int len = (int)(best->column->name.len > 60 ? 60 : best->column->name.len);

    if (m == MEANING_GIVEN_NAME || m == MEANING_FAMILY_NAME)
        column_say(v, MEANING_MIDDLE_NAME, "a further part of the name beside '%.*s'", len,
                   best->column->name.ptr);
    else
        column_say(v, MEANING_UNKNOWN, "'%.*s' is taken for the %s", len, best->column->name.ptr,
                   meaning_name(m));
}

static void choose_singles(struct table_view *t)
{
    for (int m = 0; m < MEANING_COUNT; m++) {
        const struct view *best = NULL;

        for (int i = 0; i < t->n && is_single((enum meaning)m); i++)
            if ((int)t->views[i].column->meaning == m && (!best || is_before(&t->views[i], best)))
                best = &t->views[i];
        for (int i = 0; i < t->n && best; i++)
            if ((int)t->views[i].column->meaning == m && &t->views[i] != best &&
                !t->views[i].column->fixed)
                demote(&t->views[i], best);
    }
}

/* Files without names: of the columns of single words, the first two are names, the one with fewer
 * values the given one; a third is the city. */
static void guess_words(struct table_view *t)
{
    struct view *found[3] = {NULL};
    int n = 0;

    if (t->has_given || t->has_family)
        return;
    for (int i = 0; i < t->n && n < 3; i++) {
        struct view *v = &t->views[i];

        if (v->name.nameless && !v->column->fixed && v->column->stats.distinct >= 10 &&
            column_share(v, MEANING_GIVEN_NAME) >= 80 &&
            (v->column->meaning == MEANING_UNKNOWN || v->column->meaning == MEANING_CATEGORY))
            found[n++] = v;
    }
    if (n >= 2 && found[0]->column->stats.distinct > found[1]->column->stats.distinct) {
        struct view *first = found[0];
        found[0] = found[1];
        found[1] = first;
    }
    if (n >= 2) {
        column_say(found[0], MEANING_GIVEN_NAME, "single words, fewer than in the other column");
        column_say(found[1], MEANING_FAMILY_NAME, "single words, more than in the other column");
    }
    if (n == 3)
        column_say(found[2], MEANING_CITY, "single words beside names");
}

void meaning_decide(struct meaning_column *columns, int n, int64_t n_rows)
{
    struct table_view t = {.n = n, .n_rows = n_rows};

    t.views = calloc((size_t)n + 1, sizeof *t.views);
    if (!t.views) /* no meaning is a safe answer */
        return;
    for (int i = 0; i < n; i++) {
        struct view *v = &t.views[i];
        const struct meaning_stats *s = &columns[i].stats;

        v->column = &columns[i];
        v->rows = s->filled_rows ? s->filled_rows : s->filled;
        v->unique = v->rows == n_rows && (s->distinct == 0 || s->distinct == n_rows);
        meaning_read_name(columns[i].name, &v->name);
    }
    table_look(&t);
    for (int i = 0; i < n; i++) {
        if (columns[i].fixed)
            column_say(&t.views[i], columns[i].meaning, "as you said");
        else
            column_settle(&t, &t.views[i]);
    }
    guess_words(&t);
    choose_key(&t);
    choose_address(&t);
    choose_singles(&t);
    free(t.views);
}
