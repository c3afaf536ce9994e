/* The functions of expressions. */
#include <unicode/uchar.h>

#include "core/calendar.h"
#include "core/decimal.h"
#include "schemas/expression_node.h"

const struct function expression_functions[FUNCTIONS] = {
    [FUNCTION_ABS] = {"abs", 1, 1, VALUE_NUMBER, VALUE_NUMBER},
    [FUNCTION_COALESCE] = {"coalesce", 1, 100, VALUE_ANY, VALUE_ANY},
    [FUNCTION_DATE] = {"date", 1, 1, VALUE_DATE, VALUE_DATE},
    [FUNCTION_DAY] = {"day", 1, 1, VALUE_DATE, VALUE_NUMBER},
    [FUNCTION_LENGTH] = {"length", 1, 1, VALUE_TEXT, VALUE_NUMBER},
    [FUNCTION_LOWER] = {"lower", 1, 1, VALUE_TEXT, VALUE_TEXT},
    [FUNCTION_MONTH] = {"month", 1, 1, VALUE_DATE, VALUE_NUMBER},
    [FUNCTION_NUMBER] = {"number", 1, 1, VALUE_NUMBER, VALUE_NUMBER},
    [FUNCTION_ROUND] = {"round", 1, 2, VALUE_NUMBER, VALUE_NUMBER},
    [FUNCTION_TEXT] = {"text", 1, 1, VALUE_ANY, VALUE_TEXT},
    [FUNCTION_TIMESTAMP] = {"timestamp", 1, 1, VALUE_DATE, VALUE_TIME},
    [FUNCTION_TRIM] = {"trim", 1, 1, VALUE_TEXT, VALUE_TEXT},
    [FUNCTION_UPPER] = {"upper", 1, 1, VALUE_TEXT, VALUE_TEXT},
    [FUNCTION_YEAR] = {"year", 1, 1, VALUE_DATE, VALUE_NUMBER},
};

static struct value whole(int64_t n)
{
    return (struct value){.kind = VALUE_NUMBER, .number = n};
}

static struct value text_of(struct slice s)
{
    return (struct value){.kind = s.len ? VALUE_TEXT : VALUE_NULL, .text = s};
}

/* Character by character, whatever the locale; ß stays ß. */
static int change_case(struct slice from, UChar32 (*change)(UChar32), struct arena *a,
                       struct value *ret)
{
    char *out = arena_alloc(a, from.len * 4 + 1);
    size_t n = 0;
    uint32_t rune;
    if (!out)
        return ERR_MEMORY;
    while (from.len) {
        size_t used = slice_utf8_next(from, &rune);
        n += utf8_put((uint32_t)change((UChar32)rune), out + n);
        from = slice_of(from.ptr + used, from.len - used);
    }
    *ret = text_of(slice_of(out, n));
    return 0;
}

static struct value length_of(struct slice s)
{
    uint32_t rune;
    int64_t n = 0;
    for (; s.len; n++) {
        size_t used = slice_utf8_next(s, &rune);
        s = slice_of(s.ptr + used, s.len - used);
    }
    return whole(n);
}

static int as_text(const struct value *v, struct arena *a, struct value *ret)
{
    char text[64];
    size_t n = 0;
    switch (v->kind) {
    case VALUE_BOOL:
        *ret = text_of(v->at ? SLICE_LIT("true") : SLICE_LIT("false"));
        return 0;
    case VALUE_NUMBER:
        n = decimal_text(v->number, v->scale, text);
        break;
    case VALUE_DATE:
        n = date_text((int32_t)v->at, text);
        break;
    case VALUE_TIME:
        n = timestamp_text(v->at, text);
        break;
    default:
        *ret = *v;
        return 0;
    }
    *ret = text_of(arena_copy(a, slice_of(text, n)));
    return ret->text.ptr ? 0 : ERR_MEMORY;
}

static struct value date_part(enum function_id part, const struct value *v)
{
    struct value day = value_as(VALUE_DATE, v);
    struct civil c;
    if (day.kind == VALUE_TIME)
        day = value_as(VALUE_DATE, &day);
    if (day.kind == VALUE_NULL || part == FUNCTION_DATE)
        return day;
    calendar_civil((int32_t)day.at, &c);
    return whole(part == FUNCTION_YEAR ? c.year : part == FUNCTION_MONTH ? c.month : c.day);
}

static struct value absolute(const struct value *of)
{
    struct value v = value_as(VALUE_NUMBER, of);
    if (v.kind == VALUE_NUMBER && v.number < 0)
        v.number = -v.number;
    if (v.kind == VALUE_REAL && v.real < 0)
        v.real = -v.real;
    return v;
}

static struct value rounded(const struct node *n, const struct value *args)
{
    struct value v = value_as(VALUE_NUMBER, &args[0]);
    int digits = 0;
    if (n->n_args > 1 && args[1].kind == VALUE_NUMBER && args[1].scale == 0 &&
        args[1].number >= 0 && args[1].number <= DECIMAL_DIGITS)
        digits = (int)args[1].number;
    return value_round(&v, digits);
}

static struct value first_there_is(const struct node *n, const struct value *args)
{
    for (int i = 0; i < n->n_args; i++)
        if (args[i].kind != VALUE_NULL)
            return args[i];
    return (struct value){.kind = VALUE_NULL};
}

static int call_text(const struct node *n, const struct value *v, struct arena *a,
                     struct value *ret)
{
    *ret = (struct value){.kind = VALUE_NULL};
    if (n->function == FUNCTION_TEXT)
        return as_text(v, a, ret);
    if (v->kind != VALUE_TEXT)
        return 0;
    if (n->function == FUNCTION_LOWER)
        return change_case(v->text, u_tolower, a, ret);
    if (n->function == FUNCTION_UPPER)
        return change_case(v->text, u_toupper, a, ret);
    *ret = n->function == FUNCTION_TRIM ? text_of(slice_trim(v->text)) : length_of(v->text);
    return 0;
}

int expression_call(const struct node *n, const struct value *args, struct arena *a,
                    struct value *ret)
{
    switch (n->function) {
    case FUNCTION_ABS:
        *ret = absolute(args);
        return 0;
    case FUNCTION_COALESCE:
        *ret = first_there_is(n, args);
        return 0;
    case FUNCTION_DATE:
    case FUNCTION_DAY:
    case FUNCTION_MONTH:
    case FUNCTION_YEAR:
        *ret = date_part(n->function, args);
        return 0;
    case FUNCTION_NUMBER:
        *ret = value_as(VALUE_NUMBER, args);
        return 0;
    case FUNCTION_ROUND:
        *ret = rounded(n, args);
        return 0;
    case FUNCTION_TIMESTAMP:
        *ret = value_as(VALUE_TIME, args);
        return 0;
    default:
        return call_text(n, args, a, ret);
    }
}
