/* Any bytes as a condition of a Splink model: parsed, printed, and evaluated over two records. The
 * first byte chooses the dialect and how columns say whose they are. */
#include <stdlib.h>

#include "transform/splink/sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sql_value *value(void *arg, const struct sql_node *n)
{
    static const struct sql_value items[] = {{.type = SQL_TEXT, .text = SLICE_INIT("ann")}, {0}};
    static const struct sql_value values[] = {
        {0},
        {.type = SQL_TEXT, .text = SLICE_INIT("h\xc3\xa9llo@mail.com")},
        {.type = SQL_TEXT, .text = SLICE_INIT("2001-02-03")},
        {.type = SQL_NUMBER, .number = -7.5},
        {.type = SQL_DATE, .time = 86400000000},
        {.type = SQL_LIST, .n = 2, .items = items},
        {.type = SQL_BOOL, .boolean = 1},
        {.type = SQL_TEXT, .text = SLICE_INIT("")},
    };
    (void)arg;
    return &values[((n->name.len ? (size_t)(unsigned char)n->name.ptr[0] : 0) + (size_t)n->side) %
                   8];
}

static void run(struct sql_regexes *regexes, const struct sql_source *source, struct arena *tree)
{
    struct arena scratch;
    struct sql_node *n;
    struct sql_value v;
    struct buffer text = {0};
    arena_init(&scratch, (size_t)1 << 24);
    if (sql_parse(source, tree, &n, NULL) == 0) {
        struct sql_scope scope = {.dialect = source->dialect,
                                  .value = value,
                                  .pair = 1,
                                  .arena = &scratch,
                                  .regexes = regexes};
        sql_print(n, SQL_PRINT_SIDES, &text);
        sql_eval(&scope, n, &v);
    }
    buffer_done(&text);
    arena_done(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena tree;
    struct sql_regexes *regexes = sql_regexes_new();
    if (size == 0 || !regexes) {
        sql_regexes_free(regexes);
        return 0;
    }
    const struct sql_source source = {slice_of((const char *)data + 1, size - 1),
                                      data[0] & 1 ? SQL_SPARK : SQL_DUCKDB,
                                      data[0] & 2 ? SQL_SIDE_PREFIX : SQL_SIDE_SUFFIX};
    arena_init(&tree, (size_t)1 << 24);
    run(regexes, &source, &tree);
    arena_done(&tree);
    sql_regexes_free(regexes);
    return 0;
}
