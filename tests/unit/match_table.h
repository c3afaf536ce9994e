/* A small table of records for tests of the match engine, made from texts. */
#ifndef SLUICE_TESTS_UNIT_MATCH_TABLE_H
#define SLUICE_TESTS_UNIT_MATCH_TABLE_H

#include <stdlib.h>

#include "tests/unit/unit.h"

#include "transform/match/match.h"

enum { TABLE_COLUMNS_MAX = 8 };

/* What a test says of a column: its name, and how it is taken. */
struct table_column {
    const char *name;
    enum meaning meaning;
};

/* rows: n * columns texts, "" missing. */
static inline void table_make(struct match_table *t, const struct table_column *columns,
                              int n_columns, const char *const *rows, uint32_t n)
{
    *t = (struct match_table){.n = n, .n_columns = n_columns};
    t->columns = calloc((size_t)n_columns, sizeof *t->columns);
    assert_non_null(t->columns);
    for (int k = 0; k < n_columns; k++) {
        struct match_column *c = &t->columns[k];
        c->name = slice_str(columns[k].name);
        c->meaning = columns[k].meaning;
        assert_int_equal(dict_init(&c->values), 0);
        c->codes = malloc(((size_t)n + 1) * sizeof *c->codes);
        assert_non_null(c->codes);
        for (uint32_t i = 0; i < n; i++) {
            const char *text = rows[i * (uint32_t)n_columns + (uint32_t)k];
            c->codes[i] = *text ? (uint32_t)dict_add(&c->values, slice_str(text)) : MATCH_MISSING;
        }
    }
}

static inline void table_free(struct match_table *t)
{
    for (int k = 0; k < t->n_columns; k++) {
        dict_done(&t->columns[k].values);
        free(t->columns[k].codes);
    }
    free(t->columns);
}

#endif
