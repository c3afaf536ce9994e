/* SQL conditions as Splink's settings hold them: the expressions that its comparison and blocking
 * libraries write for DuckDB and Spark, and what people write like them. Text becomes a tree, the
 * tree is evaluated over the values of two records, `l` and `r`, with SQL's three-valued logic.
 *
 * What is not known (a function, a type, a date format) is an error when the text is parsed, never
 * a wrong answer later. Nesting, length and the number of nodes are bounded: settings come from
 * outside. Nodes live in the caller's arena and are not changed by evaluating. */
#ifndef SLUICE_TRANSFORM_SPLINK_SQL_H
#define SLUICE_TRANSFORM_SPLINK_SQL_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"

enum { SQL_DEPTH_MAX = 60, SQL_NODES_MAX = 2000, SQL_ARGS_MAX = 16 };
enum { SQL_TEXT_MAX = 64 << 10 };

enum sql_type {
    SQL_NULL,
    SQL_BOOL,
    SQL_NUMBER,
    SQL_FLOAT, /* single precision: what it is compared with is rounded to that too */
    SQL_TEXT,
    SQL_DATE, /* microseconds since 1970, at midnight; shown without the time */
    SQL_TIME,
    SQL_LIST
};

struct sql_value {
    enum sql_type type;
    uint32_t n; /* items of a list */
    union {
        double number;
        int64_t time;
        int boolean;
        struct slice text;
        const struct sql_value *items;
    };
};

enum sql_dialect { SQL_DUCKDB, SQL_SPARK };
/* How a column says whose it is: "name_l", or l."name". */
enum sql_sides { SQL_SIDE_SUFFIX, SQL_SIDE_PREFIX };

enum sql_kind {
    SQL_LITERAL,
    SQL_COLUMN,   /* slot: index of the column */
    SQL_DERIVED,  /* slot: index of an expression over one column, made once per distinct value */
    SQL_VARIABLE, /* of a lambda; slot: how many lambdas stand around the one that names it */
    SQL_LAMBDA,   /* args[0]: the body */
    SQL_AND,
    SQL_OR,
    SQL_CASE, /* when, then, when, then …, else */
    SQL_CALL
};

struct sql_function;

struct sql_node {
    enum sql_kind kind;
    int side; /* of a column: 0 l, 1 r */
    int slot;
    int memo; /* calls that a pair may need twice share a number; -1 */
    int n_args;
    struct sql_node **args;
    const struct sql_function *function;
    struct sql_value literal;
    struct slice name; /* of a column or a variable */
};

struct sql_source {
    struct slice text;
    enum sql_dialect dialect;
    enum sql_sides sides;
};

/* ERR_DATA with what is not understood and where in the text; the caller says whose text it is. */
int sql_parse(const struct sql_source *source, struct arena *arena, struct sql_node **ret,
              struct error *err);

/* The tree as text, the same for equal trees; without the sides, the same expression of either
 * record reads the same. 0 or ERR_MEMORY. */
enum sql_print { SQL_PRINT_NO_SIDES, SQL_PRINT_SIDES };
int sql_print(const struct sql_node *n, enum sql_print how, struct buffer *out);

/* What evaluation hangs on: the values of the pair's columns, and a place for what is made. */
struct sql_memo {
    uint64_t pair;
    struct sql_value value;
};

struct sql_scope {
    enum sql_dialect dialect;
    /* The value of a column or a derived expression for a side. */
    const struct sql_value *(*value)(void *arg, const struct sql_node *n);
    void *arg;
    struct sql_memo *memo; /* by number; may be NULL when no node has one */
    uint64_t pair;         /* changes with every pair, from 1 */
    struct arena *arena;   /* texts and lists that functions make; the caller empties it */
    struct sql_regexes *regexes;
    const struct sql_value *variables[8];
};

/* 0 or ERR_MEMORY. A value that cannot be converted is null. */
int sql_eval(struct sql_scope *s, const struct sql_node *n, struct sql_value *ret);
/* 1 true, 0 false or null, or ERR_MEMORY. */
int sql_holds(struct sql_scope *s, const struct sql_node *n);

/* Compiled patterns of one thread. */
struct sql_regexes *sql_regexes_new(void); /* NULL when out of memory */
void sql_regexes_free(struct sql_regexes *r);

#endif
