/* The language of `where`, `when` and `--where`; docs/expressions.md is its manual.
 *
 *   condition  = all {"or" all}            all = one {"and" one}         one = ["not"] one | test
 *   test       = sum (("=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=") sum
 *              | "is" ["not"] "null" | ["not"] "in" "(" sum {"," sum} ")"
 *              | ["not"] "between" sum "and" sum
 *              | ["not"] ("like" | "starts" | "ends" | "contains" | "matches") string)
 *   sum        = product {("+" | "-") product}    product = factor {("*" | "/") factor}
 *   factor     = ["-"] factor | number | string | "true" | "false" | column
 *              | function "(" sum {"," sum} ")" | "(" condition or sum ")"
 *   number     = digits ["." digits]       string = '…' or "…"; the quote itself is doubled in it
 *   column     = a name of letters, digits and _ . / @ [ ] : $ # - (not beginning with a digit or
 *                -), or any name between `…`
 *
 * A condition is true or false. Null is no value or an empty text: it differs from everything (!=
 * is true), equals nothing, not even null, and is neither less nor greater; NaN likewise. Numbers
 * are exact decimals of up to 38 digits. Text is compared with a number, date or time by what it
 * says; where it says none, it compares as null.
 *
 * An expression is parsed once into an arena, may be bound to a schema once, and is then only read,
 * by any thread. Evaluation is by column, 1024 rows at a time, linear in rows, nodes and bytes. */
#ifndef SLUICE_SCHEMAS_EXPRESSION_H
#define SLUICE_SCHEMAS_EXPRESSION_H

#include "core/stream.h"

struct expression {
    struct slice *columns; /* each once, in order of first use */
    int n_columns;
    int *indexes; /* of the schema it is bound to; NULL: not bound, all columns are text */
    const struct schema *schema;
    struct node *root;
    struct slice text;
};

/* ERR_CONFIG with "character N: what is wrong". The text must live as long as the expression. */
int expression_parse(struct slice text, struct arena *a, struct expression **ret,
                     struct error *err);
/* Finds the columns and checks the types, against a schema that must outlive the expression.
 * ERR_CONFIG with the character and, of an unknown column, the nearest name. */
int expression_bind(struct expression *e, const struct schema *schema, struct arena *a,
                    struct error *err);

/* The rows of a batch of the bound schema for which it is true, in order; `rows` has room for all.
 * 0 or ERR_MEMORY. */
int expression_filter(const struct expression *e, const struct batch *b, int32_t *rows,
                      int64_t *ret_n);
/* Of texts, not bound: values[c][row] is the value of column c, ptr NULL for null. ret[row] is 1 or
 * 0. 0 or ERR_MEMORY. */
int expression_texts(const struct expression *e, const struct slice *const *values, int64_t n,
                     uint8_t *ret);
/* The same of one row: 1, 0 or ERR_MEMORY. */
int expression_true(const struct expression *e, const struct slice *values);

/* Two numbers ("-12", "3.50") by value: negative, 0, positive. 1 and *ret, or 0 when one is none.
 */
int number_compare(struct slice a, struct slice b, int *ret);

/* The rows that pass; `from` is taken over, also on failure. The expression is bound to its schema
 * and must outlive the stream. */
int stream_where(struct stream *from, const struct expression *e, struct stream **ret,
                 struct error *err);

#endif
