/* Filter expressions: `where: STATUS != 'deleted' and (KIND in ('P', 'B') or AMOUNT >= 10)`.
 *
 *   expression = all {"or" all}
 *   all        = one {"and" one}
 *   one        = ["not"] one | "(" expression ")" | operand test
 *   test       = ("=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=") operand
 *              | "is" ["not"] "null" | ["not"] "in" "(" operand {"," operand} ")"
 *              | ["not"] "like" string
 *   operand    = number | string | column
 *   number     = ["-"] digits ["." digits]
 *   string     = '…' or "…"; the quote itself is doubled in it
 *   column     = a name of letters, digits and _ . / @ [ ] : $ # - (not beginning with a digit or
 *                -), or any name between `…`
 *
 * Keywords in any case. Numbers are compared as exact decimals: when a number is written, or both
 * sides are columns, and both values are numbers; otherwise bytes are compared. Null is no value,
 * an empty one or white space: it differs from everything (!= is true), equals nothing, not even
 * null, and is neither less nor greater. Of a column of lists the first value that is not empty
 * counts. In `like`, % stands for any text and _ for one character.
 *
 * An expression is parsed once into an arena and then only read, by any thread. */
#ifndef SLUICE_TRANSFORM_MAP_EXPRESSION_H
#define SLUICE_TRANSFORM_MAP_EXPRESSION_H

#include "core/arena.h"
#include "core/error.h"

struct expression {
    struct slice *columns; /* each once, in order of first use */
    int n_columns;
    struct node *root;
};

/* ERR_CONFIG with "character N: what is wrong". The text must live as long as the expression. */
int expression_parse(struct slice text, struct arena *a, struct expression **ret,
                     struct error *err);

/* values[i] is the value of columns[i], ptr NULL for null. 1 or 0. */
int expression_true(const struct expression *e, const struct slice *values);

/* Two numbers ("-12", "3.50") by value: negative, 0, positive. 1 and *ret, or 0 when one is none.
 */
int number_compare(struct slice a, struct slice b, int *ret);

#endif
