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

int model_columns_check(const struct match_model *m, const struct meaning_column *columns, int n,
                        struct error *err)
{
    const struct column_entry *missing = NULL;
    int here = 0;
    for (uint32_t i = 0; i < m->n_columns; i++) {
        const struct column_entry *c = &m->columns[i];
        if (c->why_not.len || c->meaning == MEANING_UNKNOWN)
            continue;
        if (is_here(c, columns, n)) {
            here++;
            continue;
        }
        missing = missing ? missing : c;
        const char *near = nearest_new(m, c, columns, n);
        if (near)
            return error_set(
                err, ERR_DATA,
                "the model compares a column '%s' (%s), which is not here: is it '%s'? "
                "Then give --as '%s=%s'",
                c->name.ptr, meaning_name(c->meaning), near, near, meaning_name(c->meaning));
    }
    if (!missing || here)
        return 0;
    return error_set(
        err, ERR_DATA,
        "the model was made for other columns: '%s' (%s) is not here, nor any other of "
        "its columns; --as COLUMN=%s says which is",
        missing->name.ptr, meaning_name(missing->meaning), meaning_name(missing->meaning));
}
