/* Steps over columns of several values: each is standardised, and stands once. */
#include "transform/map/email.h"
#include "transform/map/junk.h"
#include "transform/map/phone.h"
#include "transform/map/pick.h"
#include "transform/map/standard.h"
#include "transform/map/text.h"

/* Adds a value that the row does not have yet. */
static int add_once(struct block *b, struct vector *v, int row, struct slice item,
                    struct slice name)
{
    for (int32_t i = v->from[row]; i < v->n_items; i++)
        if (slice_equal(v->items[i], item) && slice_equal(v->names[i], name))
            return 0;
    return vector_add(b, v, item, name);
}

int standard_email(struct block *b, const struct feed *f)
{
    struct vector *v = &b->columns[f->to];
    for (int row = 0; row < b->n; row++) {
        struct slice values[PICK_VALUES], email;
        int n, more;
        v->from[row] = v->n_items;
        TRY(pick_values(b, f, row, values, &n));
        for (int i = 0; i < n; i++) {
            while ((more = email_take(&values[i], &b->arena, &email)) > 0)
                TRY(add_once(b, v, row, email, (struct slice){0}));
            TRY(more);
        }
    }
    v->from[b->n] = v->n_items;
    return 0;
}

/* The plan of the address's country, else of the project's region; the last one asked is kept. */
static const struct phone_plan *home_plan(const struct block *b, int row, int country,
                                          const struct phone_plan **last)
{
    const struct vector *v = country >= 0 ? &b->columns[country] : NULL;
    if (!v || !v->text || v->text[row].len != 2)
        return b->plan->phones;
    if (!*last || memcmp((*last)->country, v->text[row].ptr, 2) != 0)
        *last = phone_plan_of(v->text[row]);
    return *last ? *last : b->plan->phones;
}

static int add_phones(struct block *b, struct vector *v, int row, struct slice value,
                      const struct phone_plan *home)
{
    char text[PHONE_TEXT];
    size_t len;
    while ((len = phone_take(&value, home, text)) > 0) {
        struct slice phone = arena_copy(&b->arena, slice_of(text, len));
        if (!phone.ptr)
            return ERR_MEMORY;
        TRY(add_once(b, v, row, phone, (struct slice){0}));
    }
    return 0;
}

int standard_phone(struct block *b, const struct feed *f)
{
    struct vector *v = &b->columns[f->to];
    const struct phone_plan *last = NULL;
    int country = plan_column(b->plan, "country");
    for (int row = 0; row < b->n; row++) {
        struct slice values[PICK_VALUES];
        int n;
        v->from[row] = v->n_items;
        TRY(pick_values(b, f, row, values, &n));
        const struct phone_plan *home = n ? home_plan(b, row, country, &last) : NULL;
        for (int i = 0; i < n; i++)
            TRY(add_phones(b, v, row, values[i], home));
    }
    v->from[b->n] = v->n_items;
    return 0;
}

static int add_ids(struct block *b, struct vector *v, int row, const struct feed *f)
{
    struct slice values[PICK_VALUES];
    int n;
    TRY(pick_values(b, f, row, values, &n));
    for (int i = 0; i < n; i++) {
        TRY(text_tidy(values[i], &b->arena, &values[i]));
        if (!junk_number(values[i]))
            TRY(add_once(b, v, row, values[i], f->id_name));
    }
    return 0;
}

/* All of ids' mappings at once, in the rules' order. */
int standard_ids(struct block *b, const struct feed *first)
{
    struct vector *v = &b->columns[first->to];
    const struct feed *end = b->plan->feeds + b->plan->n_feeds;
    for (int row = 0; row < b->n; row++) {
        v->from[row] = v->n_items;
        for (const struct feed *f = first; f < end; f++)
            if (f->to == first->to)
                TRY(add_ids(b, v, row, f));
    }
    v->from[b->n] = v->n_items;
    return 0;
}
