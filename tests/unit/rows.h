/* Rows as text for unit tests: columns "source utf8, id utf8, at timestamp", rows "a|1|2026-03-01",
 * "~" a null. */
#ifndef SLUICE_TESTS_UNIT_ROWS_H
#define SLUICE_TESTS_UNIT_ROWS_H

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "core/builder.h"
#include "core/stream.h"

static inline struct schema *rows_schema(const char *columns)
{
    struct field fields[32] = {0};
    struct error err = {0};
    int n = 0;
    struct slice rest = slice_str(columns);
    while (rest.len) {
        struct slice part = rest;
        int depth = 0;
        size_t i = 0;
        for (; i < rest.len && (depth || rest.ptr[i] != ','); i++)
            depth += rest.ptr[i] == '(' ? 1 : rest.ptr[i] == ')' ? -1 : 0;
        part.len = i;
        rest = i < rest.len ? slice_of(rest.ptr + i + 1, rest.len - i - 1) : (struct slice){0};
        part = slice_trim(part);
        const char *space = memrchr(part.ptr, ' ', part.len);
        assert_non_null(space);
        size_t len = (size_t)(space - part.ptr);
        assert_int_equal(type_parse(slice_of(space + 1, part.len - len - 1), &fields[n], &err), 0);
        fields[n++].name = slice_of(part.ptr, len);
    }
    struct schema *s = schema_new(fields, n);
    assert_non_null(s);
    return s;
}

static inline struct batch *rows_batch(struct schema *s, const char *const *rows, int n)
{
    struct batch_builder bb;
    struct batch *b;
    struct error err = {0};
    assert_int_equal(batch_builder_init(&bb, s, &err), 0);
    for (int i = 0; i < n; i++) {
        struct slice rest = slice_str(rows[i]), part;
        for (int c = 0; c < s->n_fields; c++) {
            assert_true(slice_cut(&rest, '|', &part));
            if (slice_equal(part, SLICE_LIT("~")))
                assert_int_equal(builder_null(&bb.columns[c]), 0);
            else
                assert_int_equal(builder_text(&bb.columns[c], part), 1);
        }
    }
    assert_int_equal(batch_builder_finish(&bb, &b, &err), 0);
    batch_builder_done(&bb);
    return b;
}

/* All rows of a stream (closed) as "a|1|…\n…"; malloc'ed. */
static inline char *rows_text(struct stream *s)
{
    struct buffer out = {0};
    struct batch *b;
    struct error err = {0};
    int more;
    while ((more = stream_next(s, &b, &err)) > 0) {
        for (int64_t row = 0; row < b->n_rows; row++)
            for (int c = 0; c < b->schema->n_fields; c++) {
                if (column_null(&b->columns[c], row))
                    buffer_putc(&out, '~');
                else
                    value_text(&b->schema->fields[c], &b->columns[c], row, &out);
                buffer_putc(&out, c + 1 < b->schema->n_fields ? '|' : '\n');
            }
        batch_free(b);
    }
    assert_int_equal(more, 0);
    stream_close(s);
    buffer_putc(&out, 0);
    return buffer_take(&out);
}

static inline int line_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The same with the lines sorted. */
static inline char *rows_sorted(struct stream *s)
{
    char *text = rows_text(s), *lines[4096], *sorted = calloc(1, strlen(text) + 1);
    int n = 0;
    for (char *line = strtok(text, "\n"); line && n < 4096; line = strtok(NULL, "\n"))
        lines[n++] = line;
    qsort(lines, (size_t)n, sizeof *lines, line_order);
    for (int i = 0; i < n; i++)
        strcat(strcat(sorted, lines[i]), "\n");
    free(text);
    return sorted;
}

#endif
