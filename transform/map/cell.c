#include "transform/map/cell.h"

int32_t cell_count(struct cell_source s, int64_t row)
{
    int32_t first;
    if (column_null(s.column, row))
        return 0;
    return s.field->type == TYPE_LIST ? column_list(s.column, row, &first) : 1;
}

static int typed_text(struct cell_source s, int64_t row, struct arena *a, struct slice *ret)
{
    struct buffer out;
    buffer_init(&out, 0);
    int code = value_text(s.field, s.column, row, &out);
    struct slice text = buffer_view(&out);
    if (code == 0) {
        *ret = arena_copy(a, text);
        code = ret->ptr ? 0 : ERR_MEMORY;
    }
    buffer_done(&out);
    return code;
}

int cell_raw(struct cell_source s, int64_t row, int32_t i, struct arena *a, struct slice *ret)
{
    *ret = (struct slice){0};
    if (s.field->type == TYPE_LIST) {
        int32_t first;
        if (i >= column_list(s.column, row, &first))
            return 0;
        s = (struct cell_source){&s.field->children[0], &s.column->children[0]};
        row = first + i;
    }
    if (column_null(s.column, row))
        return 0;
    if (s.field->type != TYPE_UTF8 && s.field->type != TYPE_DICT)
        return typed_text(s, row, a, ret);
    *ret = column_text(s.field, s.column, row);
    if (!ret->ptr)
        *ret = SLICE_LIT("");
    return 0;
}

int cell_value(struct cell_source s, int64_t row, int32_t i, struct arena *a, struct slice *ret)
{
    TRY(cell_raw(s, row, i, a, ret));
    *ret = slice_trim(*ret);
    if (!ret->len)
        *ret = (struct slice){0};
    return 0;
}

int cell_first(struct cell_source s, int64_t row, struct arena *a, struct slice *ret)
{
    int32_t n = cell_count(s, row);
    *ret = (struct slice){0};
    for (int32_t i = 0; i < n && !ret->ptr; i++)
        TRY(cell_value(s, row, i, a, ret));
    return 0;
}
