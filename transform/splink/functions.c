#include "transform/splink/functions.h"

#include <math.h>

#include "transform/splink/value.h"

static int number_or_null(double x, struct sql_value *ret)
{
    *ret = isfinite(x) ? sql_number(x) : (struct sql_value){0};
    return 0;
}

/* Operators of two numbers; sums of times are not made. */
#define BINARY(name, expression)                                                                   \
    static int name(struct sql_scope *s, const struct sql_value *args, int n,                      \
                    struct sql_value *ret)                                                         \
    {                                                                                              \
        double x, y;                                                                               \
        (void)s;                                                                                   \
        (void)n;                                                                                   \
        if (!sql_to_number(&args[0], &x) || !sql_to_number(&args[1], &y))                          \
            return number_or_null(NAN, ret);                                                       \
        return number_or_null(expression, ret);                                                    \
    }
#define UNARY(name, expression)                                                                    \
    static int name(struct sql_scope *s, const struct sql_value *args, int n,                      \
                    struct sql_value *ret)                                                         \
    {                                                                                              \
        double x;                                                                                  \
        (void)s;                                                                                   \
        (void)n;                                                                                   \
        if (!sql_to_number(&args[0], &x))                                                          \
            return number_or_null(NAN, ret);                                                       \
        return number_or_null(expression, ret);                                                    \
    }

BINARY(add, x + y)
BINARY(multiply, x *y)
BINARY(divide, y != 0 ? x / y : NAN)
BINARY(divide_whole, y != 0 ? trunc(x / y) : NAN)
BINARY(remainder_of, y != 0 ? fmod(x, y) : NAN)
BINARY(power, pow(x, y))
UNARY(negate, -x)
UNARY(absolute, fabs(x))
UNARY(rounded_down, floor(x))
UNARY(rounded_up, ceil(x))
UNARY(square_root, x >= 0 ? sqrt(x) : NAN)
UNARY(natural_log, x > 0 ? log(x) : NAN)
UNARY(log_2, x > 0 ? log2(x) : NAN)
UNARY(log_10, x > 0 ? log10(x) : NAN)
UNARY(exponential, exp(x))
UNARY(sine, sin(x))
UNARY(cosine, cos(x))
UNARY(arc_cosine, x >= -1 && x <= 1 ? acos(x) : NAN)
UNARY(arc_sine, x >= -1 && x <= 1 ? asin(x) : NAN)
UNARY(to_radians, x *(M_PI / 180))

/* Dates apart are whole days, as DuckDB has them; times apart have no number here. */
static int subtract(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    double x, y;
    if (args[0].type == SQL_DATE && args[1].type == SQL_DATE)
        return sql_datediff_days(s, args, n, ret);
    if (!sql_to_number(&args[0], &x) || !sql_to_number(&args[1], &y))
        return number_or_null(NAN, ret);
    return number_or_null(x - y, ret);
}

static int round_to(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    double x, digits = 0;
    (void)s;
    if (!sql_to_number(&args[0], &x) || (n > 1 && !sql_to_number(&args[1], &digits)))
        return number_or_null(NAN, ret);
    double unit = pow(10, digits);
    return number_or_null(round(x * unit) / unit, ret);
}

#define RELATION(name, condition)                                                                  \
    static int name(struct sql_scope *s, const struct sql_value *args, int n,                      \
                    struct sql_value *ret)                                                         \
    {                                                                                              \
        int order;                                                                                 \
        (void)s;                                                                                   \
        (void)n;                                                                                   \
        *ret =                                                                                     \
            sql_compare(&args[0], &args[1], &order) ? sql_bool(condition) : (struct sql_value){0}; \
        return 0;                                                                                  \
    }

RELATION(equal, order == 0)
RELATION(unequal, order != 0)
RELATION(less, order < 0)
RELATION(less_equal, order <= 0)
RELATION(greater, order > 0)
RELATION(greater_equal, order >= 0)

static int is_true(const struct sql_value *v)
{
    double x;
    return sql_to_number(v, &x) && x != 0;
}

static int negation(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)s;
    (void)n;
    *ret = sql_bool(!is_true(args));
    return 0;
}

static int null_test(struct sql_scope *s, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    (void)s;
    (void)n;
    *ret = sql_bool(sql_is_null(args));
    return 0;
}

static int true_test(struct sql_scope *s, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    (void)s;
    (void)n;
    *ret = sql_bool(!sql_is_null(args) && is_true(args));
    return 0;
}

static int false_test(struct sql_scope *s, const struct sql_value *args, int n,
                      struct sql_value *ret)
{
    (void)s;
    (void)n;
    *ret = sql_bool(!sql_is_null(args) && !is_true(args));
    return 0;
}

/* IS NOT DISTINCT FROM. */
static int same(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    int order, nulls = sql_is_null(&args[0]) + sql_is_null(&args[1]);
    (void)s;
    (void)n;
    *ret = sql_bool(nulls == 2 ||
                    (nulls == 0 && sql_compare(&args[0], &args[1], &order) && order == 0));
    return 0;
}

static int coalesce(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)s;
    *ret = (struct sql_value){0};
    for (int i = 0; i < n && sql_is_null(ret); i++)
        *ret = args[i];
    return 0;
}

static int null_if(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    int order;
    (void)s;
    (void)n;
    *ret = args[0];
    if (sql_compare(&args[0], &args[1], &order) && order == 0)
        *ret = (struct sql_value){0};
    return 0;
}

static int choose(const struct sql_value *args, int n, int wanted, struct sql_value *ret)
{
    int order;
    *ret = args[0];
    for (int i = 1; i < n; i++)
        if (sql_is_null(ret) || (sql_compare(&args[i], ret, &order) && order == wanted))
            *ret = args[i];
    return 0;
}

static int greatest(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)s;
    return choose(args, n, 1, ret);
}

static int smallest(struct sql_scope *s, const struct sql_value *args, int n, struct sql_value *ret)
{
    (void)s;
    return choose(args, n, -1, ret);
}

static int cast_text(struct sql_scope *s, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    struct slice text = sql_to_text(args, s->arena);
    (void)n;
    *ret = text.ptr ? sql_text_value(text) : (struct sql_value){0};
    return 0;
}

/* DuckDB rounds, half to even; Spark cuts. */
static int cast_whole(struct sql_scope *s, const struct sql_value *args, int n,
                      struct sql_value *ret)
{
    double x;
    (void)n;
    if (!sql_to_number(args, &x))
        return number_or_null(NAN, ret);
    return number_or_null(s->dialect == SQL_SPARK ? trunc(x) : rint(x), ret);
}

static int cast_number(struct sql_scope *s, const struct sql_value *args, int n,
                       struct sql_value *ret)
{
    double x;
    (void)s;
    (void)n;
    return number_or_null(sql_to_number(args, &x) ? x : NAN, ret);
}

static int cast_float(struct sql_scope *s, const struct sql_value *args, int n,
                      struct sql_value *ret)
{
    TRY(cast_number(s, args, n, ret));
    if (ret->type == SQL_NUMBER)
        *ret = (struct sql_value){.type = SQL_FLOAT, .number = (float)ret->number};
    return 0;
}

static int cast_bool(struct sql_scope *s, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    double x;
    (void)s;
    (void)n;
    *ret = (struct sql_value){0};
    if (args->type == SQL_TEXT && slice_equal_nocase(args->text, SLICE_LIT("true")))
        *ret = sql_bool(1);
    else if (args->type == SQL_TEXT && slice_equal_nocase(args->text, SLICE_LIT("false")))
        *ret = sql_bool(0);
    else if (sql_to_number(args, &x))
        *ret = sql_bool(x != 0);
    return 0;
}

static int cast_time(struct sql_scope *s, const struct sql_value *args, int n,
                     struct sql_value *ret)
{
    int64_t micros;
    (void)s;
    (void)n;
    *ret = sql_to_time(args, &micros) ? (struct sql_value){.type = SQL_TIME, .time = micros}
                                      : (struct sql_value){0};
    return 0;
}

#define NUMBERS SQL_WANTS_NUMBERS
#define TEXTS SQL_WANTS_TEXTS

static const struct sql_function functions[] = {
    {"=", 2, 2, 0, equal, SQL_BOTH},
    {"==", 2, 2, 0, equal, SQL_BOTH},
    {"<>", 2, 2, 0, unequal, SQL_BOTH},
    {"!=", 2, 2, 0, unequal, SQL_BOTH},
    {"<", 2, 2, 0, less, SQL_BOTH},
    {"<=", 2, 2, 0, less_equal, SQL_BOTH},
    {">", 2, 2, 0, greater, SQL_BOTH},
    {">=", 2, 2, 0, greater_equal, SQL_BOTH},
    {"not", 1, 1, 0, negation, SQL_BOTH},
    {"is null", 1, 1, SQL_TAKES_NULLS, null_test, SQL_BOTH},
    {"is true", 1, 1, SQL_TAKES_NULLS, true_test, SQL_BOTH},
    {"is false", 1, 1, SQL_TAKES_NULLS, false_test, SQL_BOTH},
    {"same", 2, 2, SQL_TAKES_NULLS, same, SQL_BOTH},
    {"+", 2, 2, NUMBERS, add, SQL_BOTH},
    {"-", 2, 2, NUMBERS, subtract, SQL_BOTH},
    {"*", 2, 2, NUMBERS, multiply, SQL_BOTH},
    {"/", 2, 2, NUMBERS, divide, SQL_BOTH},
    {"//", 2, 2, NUMBERS, divide_whole, SQL_DUCKDB_ALONE},
    {"%", 2, 2, NUMBERS, remainder_of, SQL_BOTH},
    {"negate", 1, 1, NUMBERS, negate, SQL_BOTH},
    {"||", 2, 2, TEXTS, sql_concat, SQL_BOTH},
    {"[]", 0, SQL_ARGS_MAX, SQL_TAKES_NULLS, sql_list, SQL_BOTH},
    {"[i]", 2, 2, 0, sql_list_item, SQL_BOTH},
    {"like", 2, 2, TEXTS, sql_like, SQL_BOTH},
    {"ilike", 2, 2, TEXTS, sql_ilike, SQL_BOTH},
    {"cast text", 1, 1, TEXTS, cast_text, SQL_BOTH},
    {"cast varchar", 1, 1, TEXTS, cast_text, SQL_BOTH},
    {"cast string", 1, 1, TEXTS, cast_text, SQL_BOTH},
    {"cast int", 1, 1, 0, cast_whole, SQL_BOTH},
    {"cast integer", 1, 1, 0, cast_whole, SQL_BOTH},
    {"cast bigint", 1, 1, 0, cast_whole, SQL_BOTH},
    {"cast smallint", 1, 1, 0, cast_whole, SQL_BOTH},
    {"cast float", 1, 1, 0, cast_float, SQL_BOTH},
    {"cast real", 1, 1, 0, cast_float, SQL_BOTH},
    {"cast double", 1, 1, 0, cast_number, SQL_BOTH},
    {"cast float8", 1, 1, 0, cast_number, SQL_BOTH},
    {"cast decimal", 1, 1, 0, cast_number, SQL_BOTH},
    {"cast boolean", 1, 1, 0, cast_bool, SQL_BOTH},
    {"cast bool", 1, 1, 0, cast_bool, SQL_BOTH},
    {"cast date", 1, 1, 0, sql_to_date, SQL_BOTH},
    {"cast timestamp", 1, 1, 0, cast_time, SQL_BOTH},
    {"coalesce", 1, SQL_ARGS_MAX, SQL_TAKES_NULLS, coalesce, SQL_BOTH},
    {"ifnull", 2, 2, SQL_TAKES_NULLS, coalesce, SQL_BOTH},
    {"nullif", 2, 2, SQL_TAKES_NULLS, null_if, SQL_BOTH},
    {"greatest", 1, SQL_ARGS_MAX, SQL_TAKES_NULLS, greatest, SQL_BOTH},
    {"least", 1, SQL_ARGS_MAX, SQL_TAKES_NULLS, smallest, SQL_BOTH},
    {"abs", 1, 1, NUMBERS, absolute, SQL_BOTH},
    {"floor", 1, 1, NUMBERS, rounded_down, SQL_BOTH},
    {"ceil", 1, 1, NUMBERS, rounded_up, SQL_BOTH},
    {"ceiling", 1, 1, NUMBERS, rounded_up, SQL_BOTH},
    {"round", 1, 2, NUMBERS, round_to, SQL_BOTH},
    {"sqrt", 1, 1, NUMBERS, square_root, SQL_BOTH},
    {"ln", 1, 1, NUMBERS, natural_log, SQL_BOTH},
    {"log2", 1, 1, NUMBERS, log_2, SQL_BOTH},
    {"log10", 1, 1, NUMBERS, log_10, SQL_BOTH},
    {"exp", 1, 1, NUMBERS, exponential, SQL_BOTH},
    {"pow", 2, 2, NUMBERS, power, SQL_BOTH},
    {"power", 2, 2, NUMBERS, power, SQL_BOTH},
    {"mod", 2, 2, NUMBERS, remainder_of, SQL_BOTH},
    {"sin", 1, 1, NUMBERS, sine, SQL_BOTH},
    {"cos", 1, 1, NUMBERS, cosine, SQL_BOTH},
    {"acos", 1, 1, NUMBERS, arc_cosine, SQL_BOTH},
    {"asin", 1, 1, NUMBERS, arc_sine, SQL_BOTH},
    {"radians", 1, 1, NUMBERS, to_radians, SQL_BOTH},
    {"levenshtein", 2, 2, TEXTS, sql_levenshtein, SQL_BOTH},
    {"editdist3", 2, 2, TEXTS, sql_levenshtein, SQL_DUCKDB_ALONE},
    {"damerau_levenshtein", 2, 2, TEXTS, sql_damerau, SQL_BOTH},
    {"jaro_similarity", 2, 2, TEXTS, sql_jaro, SQL_DUCKDB_ALONE},
    {"jaro_sim", 2, 2, TEXTS, sql_jaro, SQL_SPARK_ALONE},
    {"jaro_winkler_similarity", 2, 2, TEXTS, sql_jaro_winkler, SQL_DUCKDB_ALONE},
    {"jaro_winkler", 2, 2, TEXTS, sql_jaro_winkler, SQL_SPARK_ALONE},
    {"jaccard", 2, 2, TEXTS, sql_jaccard, SQL_BOTH},
    {"hamming", 2, 2, TEXTS, sql_hamming, SQL_DUCKDB_ALONE},
    {"mismatches", 2, 2, TEXTS, sql_hamming, SQL_DUCKDB_ALONE},
    {"lower", 1, 1, TEXTS, sql_lower, SQL_BOTH},
    {"lcase", 1, 1, TEXTS, sql_lower, SQL_BOTH},
    {"upper", 1, 1, TEXTS, sql_upper, SQL_BOTH},
    {"ucase", 1, 1, TEXTS, sql_upper, SQL_BOTH},
    {"trim", 1, 1, TEXTS, sql_trim, SQL_BOTH},
    {"ltrim", 1, 1, TEXTS, sql_ltrim, SQL_BOTH},
    {"rtrim", 1, 1, TEXTS, sql_rtrim, SQL_BOTH},
    {"substr", 2, 3, TEXTS, sql_substr, SQL_BOTH},
    {"substring", 2, 3, TEXTS, sql_substr, SQL_BOTH},
    {"left", 2, 2, TEXTS, sql_left, SQL_BOTH},
    {"right", 2, 2, TEXTS, sql_right, SQL_BOTH},
    {"length", 1, 1, 0, sql_length, SQL_BOTH},
    {"len", 1, 1, 0, sql_length, SQL_BOTH},
    {"char_length", 1, 1, 0, sql_length, SQL_BOTH},
    {"concat", 1, SQL_ARGS_MAX, SQL_TAKES_NULLS, sql_concat, SQL_BOTH},
    {"concat_ws", 2, SQL_ARGS_MAX, SQL_TAKES_NULLS, sql_join, SQL_BOTH},
    {"replace", 2, 3, TEXTS, sql_replace, SQL_BOTH},
    {"split_part", 3, 3, TEXTS, sql_split_part, SQL_BOTH},
    {"reverse", 1, 1, TEXTS, sql_reverse, SQL_BOTH},
    {"starts_with", 2, 2, TEXTS, sql_starts_with, SQL_DUCKDB_ALONE},
    {"startswith", 2, 2, TEXTS, sql_starts_with, SQL_SPARK_ALONE},
    {"contains", 2, 2, TEXTS, sql_contains_text, SQL_BOTH},
    {"regexp_extract", 2, 3, SQL_TAKES_PATTERN | TEXTS, sql_regexp_extract, SQL_BOTH},
    {"regexp_matches", 2, 2, SQL_TAKES_PATTERN | TEXTS, sql_regexp_matches, SQL_DUCKDB_ALONE},
    {"regexp_like", 2, 2, SQL_TAKES_PATTERN | TEXTS, sql_regexp_matches, SQL_SPARK_ALONE},
    {"regexp_replace", 3, 4, SQL_TAKES_PATTERN | TEXTS, sql_regexp_replace, SQL_BOTH},
    {"try_strptime", 2, 2, SQL_TAKES_FORMAT, sql_strptime, SQL_DUCKDB_ALONE},
    {"strptime", 2, 2, SQL_TAKES_FORMAT, sql_strptime, SQL_DUCKDB_ALONE},
    {"try_to_timestamp", 2, 2, SQL_TAKES_FORMAT, sql_strptime, SQL_SPARK_ALONE},
    {"to_timestamp", 2, 2, SQL_TAKES_FORMAT, sql_strptime, SQL_SPARK_ALONE},
    {"to_date", 2, 2, SQL_TAKES_FORMAT, sql_to_date, SQL_SPARK_ALONE},
    {"to_date", 1, 1, 0, sql_to_date, SQL_SPARK_ALONE},
    {"date", 1, 1, 0, sql_to_date, SQL_BOTH},
    {"epoch", 1, 1, 0, sql_epoch, SQL_DUCKDB_ALONE},
    {"unix_timestamp", 1, 1, 0, sql_epoch, SQL_SPARK_ALONE},
    {"date_diff", 3, 3, SQL_TAKES_UNIT, sql_date_diff, SQL_DUCKDB_ALONE},
    {"datediff", 3, 3, SQL_TAKES_UNIT, sql_date_diff, SQL_DUCKDB_ALONE},
    {"datediff", 2, 2, 0, sql_datediff_days, SQL_SPARK_ALONE},
    {"year", 1, 1, 0, sql_year, SQL_BOTH},
    {"month", 1, 1, 0, sql_month, SQL_BOTH},
    {"day", 1, 1, 0, sql_day, SQL_BOTH},
    {"array_length", 1, 1, 0, sql_list_size, SQL_DUCKDB_ALONE},
    {"size", 1, 1, 0, sql_list_size, SQL_SPARK_ALONE},
    {"list_intersect", 2, 2, 0, sql_list_intersect, SQL_DUCKDB_ALONE},
    {"array_intersect", 2, 2, 0, sql_list_intersect, SQL_BOTH},
    {"list_contains", 2, 2, 0, sql_list_contains, SQL_DUCKDB_ALONE},
    {"array_contains", 2, 2, 0, sql_list_contains, SQL_BOTH},
    {"list_has_any", 2, 2, 0, sql_list_has_any, SQL_DUCKDB_ALONE},
    {"arrays_overlap", 2, 2, 0, sql_list_has_any, SQL_SPARK_ALONE},
    {"list_max", 1, 1, 0, sql_list_max, SQL_DUCKDB_ALONE},
    {"array_max", 1, 1, 0, sql_list_max, SQL_BOTH},
    {"list_min", 1, 1, 0, sql_list_min, SQL_DUCKDB_ALONE},
    {"array_min", 1, 1, 0, sql_list_min, SQL_BOTH},
    {"list_distinct", 1, 1, 0, sql_list_distinct, SQL_DUCKDB_ALONE},
    {"array_distinct", 1, 1, 0, sql_list_distinct, SQL_BOTH},
    {"flatten", 1, 1, 0, sql_list_flatten, SQL_BOTH},
    {"array_cosine_similarity", 2, 2, 0, sql_list_cosine, SQL_DUCKDB_ALONE},
    {"list_cosine_similarity", 2, 2, 0, sql_list_cosine, SQL_DUCKDB_ALONE},
    {"list_transform", 2, 2, SQL_TAKES_LAMBDA, NULL, SQL_DUCKDB_ALONE},
    {"array_transform", 2, 2, SQL_TAKES_LAMBDA, NULL, SQL_DUCKDB_ALONE},
    {"transform", 2, 2, SQL_TAKES_LAMBDA, NULL, SQL_SPARK_ALONE},
};

enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

const struct sql_function *sql_function_find(struct slice name, int n_args,
                                             enum sql_dialect dialect)
{
    enum sql_where other = dialect == SQL_SPARK ? SQL_DUCKDB_ALONE : SQL_SPARK_ALONE;
    for (int i = 0; i < N_FUNCTIONS; i++)
        if (slice_equal_nocase(name, slice_str(functions[i].name)) &&
            n_args >= functions[i].min_args && n_args <= functions[i].max_args &&
            functions[i].where != other)
            return &functions[i];
    return NULL;
}

int sql_function_known(struct slice name)
{
    for (int i = 0; i < N_FUNCTIONS; i++)
        if (slice_equal_nocase(name, slice_str(functions[i].name)))
            return 1;
    return 0;
}

const char *sql_function_name(const struct sql_function *f)
{
    return f->name;
}

static const struct sql_node *written_out(const struct sql_node *n)
{
    return n->kind == SQL_LITERAL && n->literal.type == SQL_TEXT ? n : NULL;
}

int sql_function_check(const struct sql_node *call, enum sql_dialect dialect, struct error *err)
{
    const struct sql_function *f = call->function;
    const struct sql_node *text = NULL;
    for (int i = 0; i < call->n_args; i++)
        if ((call->args[i]->kind == SQL_LAMBDA) !=
            ((f->flags & SQL_TAKES_LAMBDA) && i == call->n_args - 1))
            return error_set(err, ERR_DATA, "'%s' and a lambda do not go together here", f->name);
    if (!(f->flags & (SQL_TAKES_FORMAT | SQL_TAKES_PATTERN | SQL_TAKES_UNIT)))
        return 0;
    text = written_out(call->args[f->flags & SQL_TAKES_UNIT ? 0 : 1]);
    if (!text)
        return error_set(err, ERR_DATA, "'%s' needs its text written out", f->name);
    return f->flags & SQL_TAKES_FORMAT    ? sql_format_check(text->literal.text, dialect, err)
           : f->flags & SQL_TAKES_PATTERN ? sql_pattern_check(text->literal.text, err)
                                          : sql_unit_check(text->literal.text, err);
}
