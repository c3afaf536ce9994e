/* Conditions as text, to tell whether two are the same. */
#include "transform/splink/functions.h"

static int print_args(const struct sql_node *n, enum sql_print how, struct buffer *out)
{
    TRY(buffer_putc(out, '('));
    for (int i = 0; i < n->n_args; i++) {
        TRY(i ? buffer_putc(out, ',') : 0);
        TRY(sql_print(n->args[i], how, out));
    }
    return buffer_putc(out, ')');
}

static int print_literal(const struct sql_value *v, struct buffer *out)
{
    switch (v->type) {
    case SQL_NUMBER:
    case SQL_FLOAT:
        return buffer_printf(out, "%.17g", v->number);
    case SQL_BOOL:
        return buffer_string(out, v->boolean ? "true" : "false");
    case SQL_TEXT:
        TRY(buffer_printf(out, "'%zu:", v->text.len));
        return buffer_slice(out, v->text);
    default:
        return buffer_string(out, "null");
    }
}

int sql_print(const struct sql_node *n, enum sql_print how, struct buffer *out)
{
    static const char *const names[] = {
        [SQL_LAMBDA] = "lambda", [SQL_AND] = "and", [SQL_OR] = "or", [SQL_CASE] = "case"};
    switch (n->kind) {
    case SQL_LITERAL:
        return print_literal(&n->literal, out);
    case SQL_COLUMN:
    case SQL_DERIVED:
        return buffer_printf(out, "%c%d%s", n->kind == SQL_COLUMN ? 'c' : 'd', n->slot,
                             how == SQL_PRINT_NO_SIDES ? ""
                             : n->side                 ? "r"
                                                       : "l");
    case SQL_VARIABLE:
        return buffer_printf(out, "v%d", n->slot);
    case SQL_CALL:
        TRY(buffer_string(out, sql_function_name(n->function)));
        return print_args(n, how, out);
    default:
        TRY(buffer_string(out, names[n->kind]));
        return print_args(n, how, out);
    }
}
