/* What training took the columns for, kept in the model for whoever reads it. */
#include <stdio.h>

#include "transform/match/model_entries.h"

static int is_name(enum meaning m)
{
    return m == MEANING_GIVEN_NAME || m == MEANING_MIDDLE_NAME || m == MEANING_FAMILY_NAME ||
           m == MEANING_FULL_NAME || m == MEANING_SUFFIX;
}

static int is_birth_part(enum meaning m)
{
    return m == MEANING_BIRTH_YEAR || m == MEANING_BIRTH_MONTH || m == MEANING_BIRTH_DAY;
}

/* Names, mailboxes, phones and parts of a date are compared together, under one column's name. */
static int is_compared(const struct match_column *c, const struct encoded *e)
{
    int names = is_name(c->meaning) && (e->given >= 0 || e->family >= 0 || e->extra >= 0);
    if (names || (is_birth_part(c->meaning) && e->date >= 0))
        return 1;
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *f = &e->comparisons[k];
        int merged = f->kind == COMPARE_EMAIL || f->kind == COMPARE_PHONE;
        if (f->meaning == c->meaning && (merged || slice_equal(f->name, c->name)))
            return 1;
    }
    return 0;
}

static uint32_t count_filled(const struct match_column *c, uint32_t n)
{
    uint32_t filled = 0;
    for (uint32_t i = 0; i < n; i++)
        filled += c->offsets ? c->offsets[i + 1] > c->offsets[i] : c->codes[i] != MATCH_MISSING;
    return filled;
}

static const char *why_not(const struct match_column *c, const struct match_table *t,
                           const struct encoded *e, char text[96])
{
    uint32_t filled = count_filled(c, t->n);
    if (is_compared(c, e))
        return "";
    if (filled == 0)
        return "no record has a value";
    if (c->values.n == 1)
        return "all values are the same";
    if (filled < 2 || (uint64_t)filled * 200 < t->n) {
        snprintf(text, 96, "too thin: %u of %u records have a value, and 0.5 %% are needed", filled,
                 t->n);
        return text;
    }
    if (c->meaning == MEANING_TITLE || c->meaning == MEANING_COUNTRY || c->meaning == MEANING_DATE)
        return "does not tell one customer from another";
    if (e->n_comparisons == COMPARISONS_MAX)
        return "no room: a model has 16 comparisons";
    return "others of its meaning come first";
}

/* Room doubles: the list is full where its number is a power of two. */
static int make_room(struct match_model *m)
{
    uint32_t n = m->n_columns;
    if (n & (n - 1))
        return 0;
    struct column_entry *list = ARENA_ARRAY(&m->arena, struct column_entry, (size_t)n * 2 + 1);
    if (!list)
        return ERR_MEMORY;
    if (n)
        memcpy(list, m->columns, n * sizeof *list);
    m->columns = list;
    return 0;
}

int model_add_column(struct match_model *m, struct slice name, enum meaning meaning,
                     struct slice why)
{
    TRY(make_room(m));
    name.len = slice_utf8_valid(name);
    struct column_entry *c = &m->columns[m->n_columns];
    *c = (struct column_entry){arena_copy(&m->arena, name), meaning, arena_copy(&m->arena, why)};
    if (!c->name.ptr || !c->why_not.ptr)
        return ERR_MEMORY;
    m->n_columns++;
    return 0;
}

int model_keep_columns(struct match_model *m, const struct match_table *t, const struct encoded *e,
                       struct error *err)
{
    char text[96];
    for (int k = 0; k < m->n_fields; k++)
        m->fields[k].filled = e->comparisons[k].filled;
    for (int c = 0; c < t->n_columns; c++) {
        const struct match_column *column = &t->columns[c];
        if (column->meaning == MEANING_UNKNOWN || column->meaning == MEANING_KEY ||
            column->meaning == MEANING_SOURCE)
            continue;
        struct slice why = slice_str(why_not(column, t, e, text));
        if (model_add_column(m, column->name, column->meaning, why) < 0)
            return error_memory(err);
    }
    return 0;
}
