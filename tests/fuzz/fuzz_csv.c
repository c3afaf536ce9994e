/* The two ways of splitting CSV must agree field for field, on any bytes and marks. */
#include "connectors/csv_split.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_value(const struct csv_split *a, const struct csv_split *b, int quote, size_t row,
                       uint32_t i, struct arena *scratch)
{
    struct slice x, y;

    if (csv_field(a, quote, row, i, scratch, &x) < 0 ||
        csv_field(b, quote, row, i, scratch, &y) < 0)
        return;
    if ((x.ptr == NULL) != (y.ptr == NULL) || !slice_equal(x, y))
        abort();
}

static void compare(const struct csv_split *a, const struct csv_split *b, int quote)
{
    struct arena scratch;

    arena_init(&scratch, 0);
    if (a->n_rows != b->n_rows)
        abort();
    for (size_t r = 0; r < a->n_rows; r++) {
        if (a->starts[r] != b->starts[r] || csv_row_fields(a, r) != csv_row_fields(b, r))
            abort();
        for (uint32_t i = 0; i < csv_row_fields(a, r); i++)
            same_value(a, b, quote, r, i, &scratch);
    }
    arena_done(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct csv_marks all[] = {{',', '"', 0, '\n', 0},  {',', '"', 0, '\r', 0},
                                           {';', '\'', 0, '\n', 0}, {',', '"', '\\', '\n', 0},
                                           {'\t', 0, 0, '\n', 0},   {0, 0, 0, '\n', 0},
                                           {',', '"', 0, '\n', 1}};
    struct csv_split a = {0}, b = {0};
    struct csv_cut cut, slow;
    const struct csv_marks *marks;
    struct slice text;

    if (!size)
        return 0;
    marks = &all[data[0] % 7];
    text = slice_of((const char *)data + 1, size - 1);
    for (int at_end = 0; at_end < 2; at_end++) {
        csv_cut(marks, text, at_end, &cut);
        csv_cut_slow(marks, text, at_end, &slow);
        if (cut.len != slow.len || cut.lines != slow.lines || cut.open != slow.open)
            abort();
    }
    text.len = cut.len;
    if (csv_split_slow(&b, marks, text) == 0 && cut.regular && csv_split_fast(&a, marks, text) == 0)
        compare(&a, &b, marks->quote);
    csv_split_done(&a);
    csv_split_done(&b);
    return 0;
}
