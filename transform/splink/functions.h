/* The functions and operators that SQL conditions may use, as a table: a new one is a line. Names
 * are DuckDB's and Spark's; where both have one of a name, the scope's dialect decides what it
 * does. Arguments are not null unless the function asks for nulls; else the answer is null. */
#ifndef SLUICE_TRANSFORM_SPLINK_FUNCTIONS_H
#define SLUICE_TRANSFORM_SPLINK_FUNCTIONS_H

#include "transform/splink/sql.h"

typedef int sql_fn(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret);

enum {
    SQL_TAKES_NULLS = 1,
    SQL_TAKES_LAMBDA = 2,   /* its last argument */
    SQL_TAKES_FORMAT = 4,   /* its last argument is a date format, written out */
    SQL_TAKES_PATTERN = 8,  /* its second argument is a regular expression, written out */
    SQL_TAKES_UNIT = 16,    /* its first argument is a unit of time, written out */
    SQL_WANTS_NUMBERS = 32, /* columns among its arguments hold numbers */
    SQL_WANTS_TEXTS = 64    /* of a list it is null */
};

enum sql_where { SQL_BOTH, SQL_DUCKDB_ALONE, SQL_SPARK_ALONE };

struct sql_function {
    const char *name;
    int min_args, max_args;
    unsigned flags;
    sql_fn *call;
    enum sql_where where;
};

/* By name in any case, number of arguments and dialect; NULL when there is none. */
const struct sql_function *sql_function_find(struct slice name, int n_args,
                                             enum sql_dialect dialect);
int sql_function_known(struct slice name);
const char *sql_function_name(const struct sql_function *f);
/* Are the arguments that must be written out so, and understood? */
int sql_function_check(const struct sql_node *call, enum sql_dialect dialect, struct error *err);
/* A lambda applied to an item. */
int sql_apply(struct sql_scope *s, const struct sql_node *lambda, const struct sql_value *item,
              struct sql_value *ret);
/* A function of lists with a lambda: list is evaluated, the lambda is not. */
int sql_transform_list(struct sql_scope *s, const struct sql_value *list,
                       const struct sql_node *lambda, struct sql_value *ret);

/* The families, one file each. */
sql_fn sql_levenshtein, sql_damerau, sql_jaro, sql_jaro_winkler, sql_jaccard, sql_hamming;
sql_fn sql_lower, sql_upper, sql_trim, sql_ltrim, sql_rtrim, sql_substr, sql_left, sql_right,
    sql_length, sql_concat, sql_join, sql_replace, sql_split_part, sql_reverse, sql_like, sql_ilike,
    sql_starts_with, sql_contains_text;
sql_fn sql_regexp_extract, sql_regexp_matches, sql_regexp_replace;
sql_fn sql_strptime, sql_epoch, sql_date_diff, sql_datediff_days, sql_to_date, sql_year, sql_month,
    sql_day;
sql_fn sql_list, sql_list_item, sql_list_size, sql_list_intersect, sql_list_contains,
    sql_list_has_any, sql_list_max, sql_list_min, sql_list_flatten, sql_list_distinct,
    sql_list_cosine;

/* Is the format, or the pattern, one that is understood? 0, or ERR_DATA. */
int sql_format_check(struct slice format, enum sql_dialect dialect, struct error *err);
int sql_pattern_check(struct slice pattern, struct error *err);
int sql_unit_check(struct slice unit, struct error *err);

#endif
