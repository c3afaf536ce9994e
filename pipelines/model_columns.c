#include "pipelines/model_columns.h"

#include <stdlib.h>

#include "transform/match/model.h"

static const struct column_entry *find_entry(const struct match_model *m, struct slice name)
{
    for (uint32_t i = 0; i < m->n_columns; i++)
        if (slice_equal(m->columns[i].name, name))
            return &m->columns[i];
    return NULL;
}

void model_columns_take(const struct match_model *m, struct meaning_column *columns, int n)
{
    for (int i = 0; i < n; i++) {
        const struct column_entry *entry = find_entry(m, columns[i].name);
        if (!entry || columns[i].fixed)
            continue;
        columns[i].meaning = entry->meaning;
        columns[i].fixed = 1;
    }
}

static int is_here(const struct column_entry *c, const struct meaning_column *columns, int n)
{
    for (int i = 0; i < n; i++)
        if (slice_equal(columns[i].name, c->name) || columns[i].meaning == c->meaning)
            return 1;
    return 0;
}

/* The nearest of the names that the model does not know itself. */
static const char *nearest_new(const struct match_model *m, const struct column_entry *c,
                               const struct meaning_column *columns, int n)
{
    const char **names = calloc((size_t)n + 1, sizeof *names);
    size_t n_names = 0;
    for (int i = 0; names && i < n; i++)
        if (!find_entry(m, columns[i].name))
            names[n_names++] = columns[i].name.ptr;
    const char *near = n_names ? slice_nearest(c->name, names, n_names) : NULL;
    free(names);
    return near;
}

/* What the model compares and these are not: one with a near name, or the first. */
struct lack {
    const struct column_entry *missing; /* NULL: nothing */
    const char *near;
    int here; /* columns of the model that these are */
};

static struct lack find_lack(const struct match_model *m, const struct meaning_column *columns,
                             int n)
{
    struct lack lack = {.here = 0};
    for (uint32_t i = 0; i < m->n_columns; i++) {
        const struct column_entry *c = &m->columns[i];
        if (c->why_not.len || c->meaning == MEANING_UNKNOWN)
            continue;
        if (is_here(c, columns, n)) {
            lack.here++;
            continue;
        }
        const char *near = lack.near ? NULL : nearest_new(m, c, columns, n);
        if (near || !lack.missing)
            lack.missing = c;
        if (near)
            lack.near = near;
    }
    return lack;
}

int model_columns_check(const struct match_model *m, const struct meaning_column *columns, int n,
                        struct error *err)
{
    struct lack lack = find_lack(m, columns, n);
    if (lack.near)
        return error_set(err, ERR_DATA,
                         "the model compares a column '%s' (%s), which is not here: is it '%s'? "
                         "Then give --as '%s=%s'",
                         lack.missing->name.ptr, meaning_name(lack.missing->meaning), lack.near,
                         lack.near, meaning_name(lack.missing->meaning));
    if (!lack.missing || lack.here)
        return 0;
    return error_set(
        err, ERR_DATA,
        "the model was made for other columns: '%s' (%s) is not here, nor any other of "
        "its columns; --as COLUMN=%s says which is",
        lack.missing->name.ptr, meaning_name(lack.missing->meaning),
        meaning_name(lack.missing->meaning));
}

/* The columns of a table, as far as a check asks; NULL: no memory. */
static struct meaning_column *columns_of(const struct match_table *t)
{
    struct meaning_column *columns = calloc((size_t)t->n_columns + 1, sizeof *columns);
    for (int i = 0; columns && i < t->n_columns; i++) {
        columns[i].name = t->columns[i].name;
        columns[i].meaning = t->columns[i].meaning;
    }
    return columns;
}

int model_columns_check_records(const struct match_model *m, const struct match_table *t,
                                const char *path, struct error *err)
{
    struct meaning_column *columns = columns_of(t);
    if (!columns)
        return error_memory(err);
    struct lack lack = find_lack(m, columns, t->n_columns);
    free(columns);
    if (!lack.missing || lack.here)
        return 0;
    return error_set(err, ERR_DATA,
                     "%s: the model was made for other columns: '%s' (%s) is not here, nor any "
                     "other of its columns%s%s%s; train one on these records with 'sluice train'",
                     path, lack.missing->name.ptr, meaning_name(lack.missing->meaning),
                     lack.near ? "; the nearest is '" : "", lack.near ? lack.near : "",
                     lack.near ? "'" : "");
}
