/* Any bytes as an expression: parsed, and asked of texts. */
#include <stdlib.h>

#include "schemas/expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_COLUMNS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice values[] = {SLICE_INIT("10"),         {0},
                                          SLICE_INIT(""),           SLICE_INIT("h\xc3\xa9llo"),
                                          SLICE_INIT("2026-03-01"), SLICE_INIT("-9.50")};
    struct slice row[MOST_COLUMNS];
    struct expression *e;
    struct error err;
    struct arena a;

    for (size_t i = 0; i < MOST_COLUMNS; i++)
        row[i] = values[i % (sizeof values / sizeof *values)];
    arena_init(&a, (size_t)1 << 26);
    if (expression_parse(slice_of((const char *)data, size), &a, &e, &err) == 0 &&
        e->n_columns <= MOST_COLUMNS && expression_true(e, row) > 1)
        abort();
    arena_done(&a);
    return 0;
}
