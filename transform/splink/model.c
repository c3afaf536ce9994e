#include "transform/splink/splink.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

enum { COMPARISONS_LIMIT = 200, LEVELS_LIMIT = 100, RULES_LIMIT = 200 };
static const double least_share = 1e-300, unobserved = 1e-6;

struct reading {
    struct splink_model *m;
    const char *path;
    struct error *err;
    char place[160]; /* the comparison and level, or the rule, that is read */
};

static int wrong(struct reading *r, const char *what)
{
    return error_at(r->err, ERR_DATA, r->path, "the Splink model's %s: %s", r->place, what);
}

/* SQL on one line, as long as a message can hold. */
static void squeeze(struct slice sql, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < sql.len && n + 1 < size; i++) {
        char c = sql.ptr[i];
        int blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank || (n && out[n - 1] != ' '))
            out[n++] = blank ? ' ' : c;
    }
    out[n] = 0;
}

/* An error of the parser, with its place and the SQL. */
static int refuse_sql(struct reading *r, struct slice sql)
{
    char quoted[260], what[300];
    if (r->err && r->err->code == ERR_MEMORY)
        return ERR_MEMORY;
    squeeze(sql, quoted, sizeof quoted);
    snprintf(what, sizeof what, "%.299s", r->err ? r->err->text : "");
    return error_at(r->err, ERR_DATA, r->path,
                    "the Splink model's %s cannot be taken over: %s, in %s", r->place, what,
                    quoted);
}

static struct slice text_of(struct reading *r, json_t *j)
{
    return json_is_string(j)
               ? arena_copy(&r->m->arena, slice_of(json_string_value(j), json_string_length(j)))
               : slice_of(NULL, 0);
}

static int parse_sql(struct reading *r, struct slice sql, enum sql_sides sides,
                     struct sql_node **ret)
{
    struct sql_source source = {sql, r->m->dialect, sides};
    return sql_parse(&source, &r->m->arena, ret, r->err) < 0 ? refuse_sql(r, sql) : 0;
}

/* Without the quotes of a column's name. */
static struct slice unquoted(struct slice s)
{
    if (s.len > 1 && (s.ptr[0] == '"' || s.ptr[0] == '`') && s.ptr[s.len - 1] == s.ptr[0])
        return slice_of(s.ptr + 1, s.len - 2);
    return s;
}

/* Where Splink starts m and u of levels that were not trained; `value` counts from the ELSE, 0. */
static double default_m(int n_levels, int value)
{
    return n_levels < 2 || value == n_levels - 1 ? .95 : .05 / (n_levels - 1);
}

static double default_u(int n_levels, int value)
{
    double weight = value == n_levels - 1 ? 10
                    : n_levels < 3        ? -5
                                          : -5 + 8.0 * value / (n_levels - 2);
    return default_m(n_levels, value) / exp2(weight);
}

static double share(json_t *j, double otherwise)
{
    double x = json_is_number(j)   ? json_number_value(j)
               : json_is_string(j) ? unobserved
                                   : otherwise;
    return x > least_share ? x : least_share;
}

/* The column of "x_l" = "x_r", or -1. */
static int exact_column(const struct splink_level *l)
{
    const struct sql_node *c = l->condition;
    if (!c || c->kind != SQL_CALL || c->n_args != 2 || c->args[0]->kind != SQL_COLUMN ||
        c->args[1]->kind != SQL_COLUMN || c->args[0]->slot != c->args[1]->slot ||
        c->args[0]->side == c->args[1]->side)
        return -1;
    struct buffer text = {0};
    int equals = sql_print(c, SQL_PRINT_NO_SIDES, &text) == 0 && text.len && text.data[0] == '=';
    buffer_done(&text);
    return equals ? c->args[0]->slot : -1;
}

static int read_level(struct reading *r, json_t *j, int n_levels, int value,
                      struct splink_level *ret)
{
    json_t *sql = json_object_get(j, "sql_condition");
    int is_null = json_is_true(json_object_get(j, "is_null_level"));
    *ret = (struct splink_level){.sql = text_of(r, sql),
                                 .label = text_of(r, json_object_get(j, "label_for_charts")),
                                 .frequency_column = -1};
    if (!ret->sql.ptr)
        return wrong(r, "it has no 'sql_condition'");
    if (!slice_equal_nocase(slice_trim(ret->sql), SLICE_LIT("else"))) {
        TRY(parse_sql(r, ret->sql, SQL_SIDE_SUFFIX, &ret->condition));
        if (splink_bind(r->m, ret->condition, NULL, r->err) < 0)
            return refuse_sql(r, ret->sql);
    }
    if (!is_null)
        ret->weight = log2(share(json_object_get(j, "m_probability"), default_m(n_levels, value)) /
                           share(json_object_get(j, "u_probability"), default_u(n_levels, value)));
    return 0;
}

static double number_or(json_t *j, double otherwise)
{
    return json_is_number(j) ? json_number_value(j) : otherwise;
}

/* Term frequencies: u of the exact level of the same column is what they replace. */
static int read_frequency(struct reading *r, json_t *levels, struct splink_comparison *c, int at,
                          const double *u)
{
    json_t *j = json_array_get(levels, (size_t)at);
    struct splink_level *l = &c->levels[at];
    struct slice name = text_of(r, json_object_get(j, "tf_adjustment_column"));
    l->frequency_weight = number_or(json_object_get(j, "tf_adjustment_weight"), 1);
    l->frequency_least = number_or(json_object_get(j, "tf_minimum_u_value"), 0);
    if (!name.len || !l->condition || l->frequency_weight == 0 ||
        json_is_true(json_object_get(j, "is_null_level")))
        return 0;
    int exact = at;
    l->frequency_column = splink_column(r->m, unquoted(name), 0, r->err);
    if (l->frequency_column < 0)
        return wrong(r, "there are too many columns");
    if (!json_is_true(json_object_get(j, "disable_tf_exact_match_detection")))
        for (exact = 0; exact < c->n_levels; exact++)
            if (exact_column(&c->levels[exact]) == l->frequency_column)
                break;
    if (exact == c->n_levels)
        return wrong(r, "its term frequencies need a level that says the column is equal");
    l->exact_bits = log2(u[exact]);
    return 0;
}

static void note_column(void *arg, int column)
{
    struct splink_comparison *c = arg;
    for (int i = 0; i < c->n_columns; i++)
        if (c->columns[i] == column)
            return;
    if (c->n_columns == SPLINK_COMPARISON_COLUMNS)
        c->n_columns = -1;
    if (c->n_columns >= 0)
        c->columns[c->n_columns++] = column;
}

static int count_levels(json_t *levels)
{
    size_t i;
    json_t *j;
    int n = 0;
    json_array_foreach(levels, i, j) n += !json_is_true(json_object_get(j, "is_null_level"));
    return n;
}

static int read_levels(struct reading *r, json_t *levels, struct splink_comparison *c)
{
    char name[80];
    double u[LEVELS_LIMIT];
    int n_levels = count_levels(levels), value = n_levels;
    snprintf(name, sizeof name, "%.*s", (int)(c->name.len < 79 ? c->name.len : 79), c->name.ptr);
    for (int i = 0; i < c->n_levels; i++) {
        json_t *j = json_array_get(levels, (size_t)i);
        snprintf(r->place, sizeof r->place, "comparison '%s', level %d", name, i + 1);
        value -= !json_is_true(json_object_get(j, "is_null_level"));
        TRY(read_level(r, j, n_levels, value, &c->levels[i]));
        u[i] = share(json_object_get(j, "u_probability"), default_u(n_levels, value));
    }
    for (int i = 0; i < c->n_levels; i++) {
        snprintf(r->place, sizeof r->place, "comparison '%s', level %d", name, i + 1);
        TRY(read_frequency(r, levels, c, i, u));
        if (c->levels[i].condition)
            splink_each_column(r->m, c->levels[i].condition, note_column, c);
    }
    return 0;
}

static int read_comparison(struct reading *r, json_t *j, int at)
{
    struct splink_comparison *c = &r->m->comparisons[at];
    json_t *levels = json_object_get(j, "comparison_levels");
    size_t n = json_array_size(levels);
    snprintf(r->place, sizeof r->place, "comparison %d", at + 1);
    c->name = text_of(r, json_object_get(j, "output_column_name"));
    if (!c->name.ptr)
        c->name = slice_str(arena_printf(&r->m->arena, "comparison %d", at + 1));
    if (n == 0 || n > LEVELS_LIMIT)
        return wrong(r, "it has no 'comparison_levels', or too many");
    c->levels = ARENA_ARRAY(&r->m->arena, struct splink_level, n);
    c->n_levels = (int)n;
    return c->levels && c->name.ptr ? read_levels(r, levels, c) : error_memory(r->err);
}

static int add_filter(struct reading *r, struct splink_rule *rule, struct sql_node *n)
{
    if (rule->n_exploded)
        return wrong(r, "a rule that explodes lists can have equalities alone");
    if (!rule->filter) {
        rule->filter = n;
        return 0;
    }
    struct sql_node *both = ARENA_NEW(&r->m->arena, struct sql_node);
    struct sql_node **args = ARENA_ARRAY(&r->m->arena, struct sql_node *, 2);
    if (!both || !args)
        return error_memory(r->err);
    args[0] = rule->filter;
    args[1] = n;
    *both = (struct sql_node){.kind = SQL_AND, .memo = -1, .args = args, .n_args = 2};
    rule->filter = both;
    return 0;
}

static int is_equality(const struct sql_node *n)
{
    struct buffer text = {0};
    int yes = n->kind == SQL_CALL && n->n_args == 2 &&
              sql_print(n, SQL_PRINT_NO_SIDES, &text) == 0 && text.data[0] == '=';
    buffer_done(&text);
    return yes;
}

/* Conjunctions: equalities of the one record with the other are keys, the rest filters. */
static int add_condition(struct reading *r, struct splink_rule *rule, struct sql_node *n)
{
    if (n->kind == SQL_AND) {
        for (int i = 0; i < n->n_args; i++)
            TRY(add_condition(r, rule, n->args[i]));
        return 0;
    }
    unsigned a = is_equality(n) ? splink_sides(r->m, n->args[0]) : 3;
    unsigned b = is_equality(n) ? splink_sides(r->m, n->args[1]) : 3;
    if (a + b != 3 || a == 0 || b == 0 || rule->n_keys == SPLINK_KEYS_MAX)
        return add_filter(r, rule, n);
    rule->keys[rule->n_keys++] = (struct splink_key){n->args[a == 1 ? 0 : 1], n->args[a == 1]};
    return 0;
}

static int is_symmetric(const struct splink_rule *rule)
{
    struct buffer left = {0}, right = {0};
    int same = 1;
    for (int i = 0; i < rule->n_keys && same; i++) {
        buffer_reset(&left);
        buffer_reset(&right);
        same = sql_print(rule->keys[i].left, SQL_PRINT_NO_SIDES, &left) == 0 &&
               sql_print(rule->keys[i].right, SQL_PRINT_NO_SIDES, &right) == 0 &&
               slice_equal(buffer_view(&left), buffer_view(&right));
    }
    buffer_done(&left);
    buffer_done(&right);
    return same;
}

static int read_exploded(struct reading *r, json_t *list, struct splink_rule *rule)
{
    size_t i;
    json_t *j;
    if (json_array_size(list) > SPLINK_EXPLODE_MAX)
        return wrong(r, "too many lists to explode");
    json_array_foreach(list, i, j)
    {
        struct slice name = text_of(r, j);
        if (!name.ptr)
            return wrong(r, "'arrays_to_explode' is not a list of names");
        int column = splink_column(r->m, unquoted(name), 1, r->err);
        TRY(column);
        rule->exploded[rule->n_exploded++] = column;
    }
    return 0;
}

static int read_rule(struct reading *r, json_t *j, int at)
{
    struct splink_rule *rule = &r->m->rules[at];
    struct sql_node *condition;
    snprintf(r->place, sizeof r->place, "blocking rule %d", at + 1);
    rule->sql = text_of(r, json_is_string(j) ? j : json_object_get(j, "blocking_rule"));
    if (!rule->sql.ptr)
        return wrong(r, "it has no 'blocking_rule'");
    TRY(read_exploded(r, json_object_get(j, "arrays_to_explode"), rule));
    TRY(parse_sql(r, rule->sql, SQL_SIDE_PREFIX, &condition));
    if (splink_bind(r->m, condition, rule, r->err) < 0)
        return refuse_sql(r, rule->sql);
    TRY(add_condition(r, rule, condition));
    rule->symmetric = is_symmetric(rule);
    return 0;
}

static int read_dialect(struct reading *r, json_t *root)
{
    json_t *rules = json_object_get(root, "blocking_rules_to_generate_predictions");
    const char *name = json_string_value(json_object_get(root, "sql_dialect"));
    if (!name)
        name = json_string_value(json_object_get(json_array_get(rules, 0), "sql_dialect"));
    snprintf(r->place, sizeof r->place, "SQL dialect");
    if (!name || strcmp(name, "duckdb") == 0)
        r->m->dialect = SQL_DUCKDB;
    else if (strcmp(name, "spark") == 0 || strcmp(name, "databricks") == 0)
        r->m->dialect = SQL_SPARK;
    else
        return wrong(r, "it is not DuckDB's or Spark's: save the model from a linker on DuckDB");
    return 0;
}

static int read_link(struct reading *r, json_t *root)
{
    static const char *const names[] = {"dedupe_only", "link_only", "link_and_dedupe"};
    const char *name = json_string_value(json_object_get(root, "link_type"));
    snprintf(r->place, sizeof r->place, "'link_type'");
    for (int i = 0; name && i < 3; i++)
        if (strcmp(names[i], name) == 0) {
            r->m->link = (enum splink_link)i;
            return 0;
        }
    return wrong(r, "it is none of dedupe_only, link_only, link_and_dedupe");
}

static int read_scalars(struct reading *r, json_t *root)
{
    struct splink_model *m = r->m;
    double prior = number_or(json_object_get(root, "probability_two_random_records_match"), .0001);
    TRY(read_dialect(r, root));
    TRY(read_link(r, root));
    snprintf(r->place, sizeof r->place, "'probability_two_random_records_match'");
    if (!(prior > 0 && prior < 1))
        return wrong(r, "it is not between 0 and 1");
    m->prior = log2(prior / (1 - prior));
    m->id_column = unquoted(text_of(r, json_object_get(root, "unique_id_column_name")));
    m->source_column = unquoted(text_of(r, json_object_get(root, "source_dataset_column_name")));
    if (!m->id_column.len)
        m->id_column = SLICE_LIT("unique_id");
    if (!m->source_column.len)
        m->source_column = SLICE_LIT("source_dataset");
    return 0;
}

static int read_root(struct reading *r, json_t *root)
{
    struct splink_model *m = r->m;
    json_t *comparisons = json_object_get(root, "comparisons");
    json_t *rules = json_object_get(root, "blocking_rules_to_generate_predictions");
    size_t n = json_array_size(comparisons), n_rules = json_array_size(rules);
    TRY(read_scalars(r, root));
    snprintf(r->place, sizeof r->place, "settings");
    if (n == 0 || n > COMPARISONS_LIMIT)
        return wrong(r, "they have no comparisons, or too many");
    if (n_rules == 0 || n_rules > RULES_LIMIT)
        return wrong(r, "they have no blocking rules to generate predictions, or too many");
    m->comparisons = ARENA_ARRAY(&m->arena, struct splink_comparison, n);
    m->rules = ARENA_ARRAY(&m->arena, struct splink_rule, n_rules);
    if (!m->comparisons || !m->rules)
        return error_memory(r->err);
    for (; m->n_comparisons < (int)n; m->n_comparisons++)
        TRY(read_comparison(r, json_array_get(comparisons, (size_t)m->n_comparisons),
                            m->n_comparisons));
    for (; m->n_rules < (int)n_rules; m->n_rules++)
        TRY(read_rule(r, json_array_get(rules, (size_t)m->n_rules), m->n_rules));
    return 0;
}

int splink_is_model(struct slice json)
{
    json_error_t where;
    json_t *root = json_loadb(json.ptr, json.len, 0, &where);
    int is = json_is_object(root) && !json_object_get(root, "format") &&
             (json_object_get(root, "blocking_rules_to_generate_predictions") ||
              json_object_get(root, "probability_two_random_records_match") ||
              (json_object_get(root, "link_type") && json_object_get(root, "comparisons")));
    json_decref(root);
    return is;
}

int splink_model_parse(struct slice json, const char *path, struct splink_model **ret,
                       struct error *err)
{
    json_error_t where;
    struct splink_model *m = calloc(1, sizeof *m);
    if (!m)
        return error_memory(err);
    m->refs = 1;
    arena_init(&m->arena, 0);
    struct reading r = {.m = m, .path = path, .err = err};
    json_t *root = json_loadb(json.ptr, json.len, 0, &where);
    m->json = arena_copy(&m->arena, json);
    int code = !root ? error_at(err, ERR_DATA, path, "the Splink model is no JSON: %s", where.text)
               : !m->json.ptr ? error_memory(err)
                              : read_root(&r, root);
    json_decref(root);
    if (code < 0)
        splink_model_unref(m);
    else
        *ret = m;
    return code;
}

struct splink_model *splink_model_ref(struct splink_model *m)
{
    if (m)
        __atomic_add_fetch(&m->refs, 1, __ATOMIC_RELAXED);
    return m;
}

void splink_model_unref(struct splink_model *m)
{
    if (!m || __atomic_sub_fetch(&m->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    arena_done(&m->arena);
    free(m);
}
