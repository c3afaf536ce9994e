/* Our model as Splink's settings. Each comparison becomes levels of SQL over the raw column, with
 * the shares of our levels that each stands for; an exact level keeps its term frequencies.
 * Blocking rules are the equalities, alone or two together, that few strangers and many of the same
 * person share. What SQL over one column cannot say is left out with a warning. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "transform/match/model.h"
#include "transform/splink/splink.h"

enum { RULES_MAX = 12, WRITTEN_MAX = 8 };
/* A rule is worth it when no more than this share of strangers meets by it. */
static const double rule_share = 1e-4;

#define L(level) (UINT32_C(1) << (level))

/* What stands for some of our levels; in the SQL, @ is the column's name. */
struct written_level {
    uint32_t levels;
    const char *sql, *label;
};

#define EXACT(levels_)                                                                             \
    {                                                                                              \
        levels_, "\"@_l\" = \"@_r\"", "exact"                                                      \
    }
#define EDITS(levels_, n, label_)                                                                  \
    {                                                                                              \
        levels_, "damerau_levenshtein(CAST(\"@_l\" AS TEXT), CAST(\"@_r\" AS TEXT)) <= " n, label_ \
    }
#define SIMILAR(levels_, at, label_)                                                               \
    {                                                                                              \
        levels_, "jaro_winkler_similarity(\"@_l\", \"@_r\") >= " at, label_                        \
    }
#define FIRST(levels_, n, label_)                                                                  \
    {                                                                                              \
        levels_,                                                                                   \
            "SUBSTRING(CAST(\"@_l\" AS TEXT), 1, " n ") = SUBSTRING(CAST(\"@_r\" AS TEXT), 1, " n  \
            ")",                                                                                   \
            label_                                                                                 \
    }
#define DIGITS(side) "RIGHT(REGEXP_REPLACE(CAST(\"@_" side "\" AS TEXT), '[^0-9]', '', 'g'), 9)"
#define USER(side) "NULLIF(REGEXP_EXTRACT(\"@_" side "\", '^[^@@]+', 0), '')"
#define WITHIN(levels_, share, label_)                                                             \
    {                                                                                              \
        levels_,                                                                                   \
            "ABS(TRY_CAST(\"@_l\" AS DOUBLE) - TRY_CAST(\"@_r\" AS DOUBLE)) <= " share             \
            " * GREATEST(ABS(TRY_CAST(\"@_l\" AS DOUBLE)), ABS(TRY_CAST(\"@_r\" AS DOUBLE)))",     \
            label_                                                                                 \
    }
#define ELSE(levels_)                                                                              \
    {                                                                                              \
        levels_, "ELSE", "differs"                                                                 \
    }

#define NAME_LEVELS                                                                                \
    {                                                                                              \
        EXACT(L(NAME_EXACT)), EDITS(L(NAME_EDIT), "1", "one edit"),                                \
            SIMILAR(L(NAME_SIMILAR), "0.9", "similar"),                                            \
            {L(NAME_INITIAL),                                                                      \
             "(LENGTH(\"@_l\") = 1 OR LENGTH(\"@_r\") = 1) AND SUBSTRING(\"@_l\", 1, 1) = "        \
             "SUBSTRING(\"@_r\", 1, 1)",                                                           \
             "initial"},                                                                           \
            SIMILAR(L(NAME_ALIKE), "0.8", "alike"),                                                \
            ELSE(L(NAME_DIFFERS) | L(NAME_IN_EXTRA) | L(NAME_ALIAS) | L(NAME_ALIAS_STRONG) |       \
                 L(NAME_NICK))                                                                     \
    }

static const struct written_level written[COMPARE_KINDS][WRITTEN_MAX] = {
    [COMPARE_GIVEN] = NAME_LEVELS,
    [COMPARE_FAMILY] = NAME_LEVELS,
    [COMPARE_DATE] = {EXACT(L(1) | L(2)), EDITS(L(4) | L(5) | L(6), "1", "one digit"),
                      FIRST(L(3) | L(7) | L(8), "4", "year"),
                      EDITS(L(11) | L(12), "2", "two digits"), ELSE(L(9) | L(10) | L(13) | L(14))},
    [COMPARE_POSTCODE] = {EXACT(L(1)), EDITS(L(2), "1", "one edit"),
                          FIRST(L(3), "4", "district and more"), FIRST(L(4), "3", "district"),
                          FIRST(L(5), "2", "first two"), ELSE(L(6))},
    [COMPARE_PHONE] = {EXACT(L(1)),
                       {L(1), DIGITS("l") " = " DIGITS("r"), "last nine digits"},
                       EDITS(L(2), "1", "one edit"),
                       EDITS(L(3), "2", "two edits"),
                       FIRST(L(4), "3", "first three"),
                       ELSE(L(6))},
    [COMPARE_EMAIL] = {EXACT(L(1)),
                       {L(2), USER("l") " = " USER("r"), "user part"},
                       EDITS(L(3), "2", "two edits"),
                       SIMILAR(L(4), "0.88", "similar"),
                       ELSE(L(5))},
    [COMPARE_ID] = {EXACT(L(1)), EDITS(L(2), "1", "one edit"), EDITS(L(3), "2", "two edits"),
                    ELSE(L(4))},
    [COMPARE_NUMBER] = {EXACT(L(1)), EDITS(L(2), "1", "one edit"), ELSE(L(3))},
    [COMPARE_PLACE] = {EXACT(L(1)), SIMILAR(L(2), "0.93", "very similar"),
                       SIMILAR(L(3), "0.85", "similar"),
                       ELSE(L(4) | L(NAME_ALIAS) | L(NAME_ALIAS_STRONG))},
    [COMPARE_EXACT] = {EXACT(L(1)), ELSE(L(2))},
    [COMPARE_TEXT] = {EXACT(L(1)), SIMILAR(L(2), "0.95", "nearly the same"),
                      SIMILAR(L(3), "0.9", "similar"), SIMILAR(L(4) | L(5), "0.8", "alike"),
                      ELSE(L(6))},
    [COMPARE_QUANTITY] = {EXACT(L(1)), WITHIN(L(2), "0.02", "within 2 %"),
                          WITHIN(L(3), "0.15", "within 15 %"), WITHIN(L(4), "0.4", "within 40 %"),
                          ELSE(L(5))},
};

struct writing {
    const struct match_model *m;
    struct buffer *warnings;
    int failed;
};

static void warn(struct writing *w, const char *before, const char *name, const char *after)
{
    if (buffer_printf(w->warnings, "%s%s%s\n", before, name, after) < 0)
        w->failed = 1;
}

/* SQL with the column's name for @, and @ for @@; quotes in the name doubled. */
static json_t *sql_json(struct writing *w, const char *sql, const char *name)
{
    struct buffer out = {0};
    for (const char *c = sql; *c; c++) {
        if (*c != '@' || c[1] == '@') {
            w->failed |= buffer_putc(&out, *c) < 0;
            c += *c == '@';
            continue;
        }
        for (const char *n = name; *n; n++) {
            w->failed |= *n == '"' && buffer_putc(&out, '"') < 0;
            w->failed |= buffer_putc(&out, *n) < 0;
        }
    }
    json_t *text = json_stringn((const char *)out.data, out.len);
    buffer_done(&out);
    return text;
}

/* A share of levels: over all states, as far as they were counted; else of the one where parents
 * differ. */
static double share_of(const struct field_model *f, const double shares[STATES][LEVELS],
                       const double seen[LEVELS], uint32_t levels)
{
    double sum = 0, part = 0, alone = 0;
    int state = f->depends == DEPENDS_NONE ? 0 : STATE_DIFFER;
    for (int l = 1; l < LEVELS; l++) {
        sum += seen[l];
        part += levels >> l & 1 ? seen[l] : 0;
        alone += levels >> l & 1 ? shares[state][l] : 0;
    }
    double x = f->depends != DEPENDS_NONE && sum > 0 ? part / sum : alone;
    return x > 1e-9 ? x : 1e-9;
}

static json_t *level_json(struct writing *w, const struct field_model *f,
                          const struct written_level *l)
{
    json_t *j = json_object();
    json_object_set_new(j, "sql_condition", sql_json(w, l->sql, f->name));
    json_object_set_new(j, "label_for_charts", json_string(l->label));
    json_object_set_new(j, "m_probability", json_real(share_of(f, f->m, f->seen_m, l->levels)));
    json_object_set_new(j, "u_probability", json_real(share_of(f, f->u, f->seen_u, l->levels)));
    json_object_set_new(j, "fix_m_probability", json_false());
    json_object_set_new(j, "fix_u_probability", json_false());
    if (f->frequency && strcmp(l->label, "exact") == 0) {
        json_object_set_new(j, "tf_adjustment_column", json_string(f->name));
        json_object_set_new(j, "tf_adjustment_weight", json_real(1));
    }
    return j;
}

static json_t *null_json(struct writing *w, const char *name)
{
    json_t *j = json_object();
    json_object_set_new(j, "sql_condition",
                        sql_json(w, "\"@_l\" IS NULL OR \"@_r\" IS NULL", name));
    json_object_set_new(j, "label_for_charts", json_string("missing"));
    json_object_set_new(j, "is_null_level", json_true());
    return j;
}

static const struct field_model *find_kind(const struct match_model *m, enum compare_kind kind)
{
    for (int k = 0; k < m->n_fields; k++)
        if (m->fields[k].kind == kind)
            return &m->fields[k];
    return NULL;
}

/* Given and family name exchanged: a level of the given name, and no evidence of the family name,
 * which would be the same once more. */
static json_t *swapped_json(struct writing *w, const struct field_model *f)
{
    const struct field_model *other =
        find_kind(w->m, f->kind == COMPARE_GIVEN ? COMPARE_FAMILY : COMPARE_GIVEN);
    struct buffer sql = {0};
    if ((f->kind != COMPARE_GIVEN && f->kind != COMPARE_FAMILY) || !other ||
        strcmp(f->name, other->name) == 0 || strchr(f->name, '"') || strchr(other->name, '"'))
        return NULL;
    json_t *j = json_object();
    w->failed |= buffer_printf(&sql,
                               "\"%s_l\" = \"%s_r\" AND \"%s_r\" = \"%s_l\" AND \"%s_l\" <> "
                               "\"%s_r\"",
                               f->name, other->name, f->name, other->name, f->name, f->name) < 0;
    json_object_set_new(j, "sql_condition", json_stringn((const char *)sql.data, sql.len));
    buffer_done(&sql);
    json_object_set_new(j, "label_for_charts", json_string("given and family swapped"));
    if (f->kind == COMPARE_FAMILY) {
        json_object_set_new(j, "is_null_level", json_true());
        return j;
    }
    json_object_set_new(j, "m_probability",
                        json_real(share_of(f, f->m, f->seen_m, L(NAME_SWAPPED))));
    json_object_set_new(j, "u_probability",
                        json_real(share_of(f, f->u, f->seen_u, L(NAME_SWAPPED))));
    return j;
}

static json_t *field_json(struct writing *w, const struct field_model *f)
{
    json_t *levels = json_array(), *swapped = swapped_json(w, f);
    json_array_append_new(levels, null_json(w, f->name));
    if (swapped)
        json_array_append_new(levels, swapped);
    for (int i = 0; i < WRITTEN_MAX && written[f->kind][i].sql; i++)
        json_array_append_new(levels, level_json(w, f, &written[f->kind][i]));
    return json_pack("{s:s, s:s, s:o}", "output_column_name", f->name, "comparison_description",
                     f->name, "comparison_levels", levels);
}

/* One comparison a column: a full name gives us several, of which the family name's stands. */
static int is_written(struct writing *w, int k)
{
    const struct match_model *m = w->m;
    const struct field_model *f = &m->fields[k];
    if (!written[f->kind][0].sql) {
        warn(w, "the suffix or other names in '", f->name,
             "' have no column of their own, and are left out");
        return 0;
    }
    for (int other = 0; other < m->n_fields; other++)
        if (other != k && strcmp(m->fields[other].name, f->name) == 0 &&
            written[m->fields[other].kind][0].sql &&
            (m->fields[other].kind == COMPARE_FAMILY || (other < k && f->kind != COMPARE_FAMILY)))
            return 0;
    return 1;
}

struct candidate_rule {
    int a, b; /* comparisons; b -1: a alone */
    double strangers, same;
};

static int compare_rules(const void *x, const void *y)
{
    const struct candidate_rule *a = x, *b = y;
    if (a->same != b->same)
        return a->same > b->same ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

/* Equalities of one comparison, or of two where one alone would bring too many strangers. */
static int find_rules(const struct match_model *m, const int *fields, int n,
                      struct candidate_rule *rules)
{
    double strangers[COMPARISONS_MAX], same[COMPARISONS_MAX];
    int n_rules = 0;
    for (int i = 0; i < n; i++) {
        const struct field_model *f = &m->fields[fields[i]];
        uint32_t exact = written[f->kind][0].levels;
        strangers[i] = share_of(f, f->u, f->seen_u, exact);
        same[i] = share_of(f, f->m, f->seen_m, exact);
        if (strangers[i] <= rule_share)
            rules[n_rules++] = (struct candidate_rule){fields[i], -1, strangers[i], same[i]};
    }
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            if (strangers[i] > rule_share && strangers[j] > rule_share &&
                strangers[i] * strangers[j] <= rule_share)
                rules[n_rules++] = (struct candidate_rule){
                    fields[i], fields[j], strangers[i] * strangers[j], same[i] * same[j]};
    qsort(rules, (size_t)n_rules, sizeof *rules, compare_rules);
    return n_rules < RULES_MAX ? n_rules : RULES_MAX;
}

static json_t *rule_json(struct writing *w, const struct candidate_rule *r)
{
    struct buffer sql = {0};
    const int fields[] = {r->a, r->b};
    for (int i = 0; i < 2 && fields[i] >= 0; i++) {
        json_t *one = sql_json(w, "l.\"@\" = r.\"@\"", w->m->fields[fields[i]].name);
        w->failed |= (i && buffer_string(&sql, " AND ") < 0) ||
                     buffer_printf(&sql, "(%s)", json_string_value(one)) < 0;
        json_decref(one);
    }
    json_t *text = json_stringn((const char *)sql.data, sql.len);
    buffer_done(&sql);
    return json_pack("{s:o, s:s}", "blocking_rule", text, "sql_dialect", "duckdb");
}

static json_t *rules_json(struct writing *w, const int *fields, int n)
{
    struct candidate_rule rules[COMPARISONS_MAX * (COMPARISONS_MAX + 1) / 2];
    json_t *list = json_array();
    int n_rules = find_rules(w->m, fields, n, rules);
    for (int i = 0; i < n_rules; i++)
        json_array_append_new(list, rule_json(w, &rules[i]));
    if (n_rules == 0 && n > 0) {
        const struct candidate_rule first = {.a = fields[0], .b = -1};
        json_array_append_new(list, rule_json(w, &first));
        warn(w, "no two columns together tell strangers apart: the blocking rule is '",
             w->m->fields[fields[0]].name, "' alone");
    }
    return list;
}

static void warn_of_all(struct writing *w)
{
    const struct match_model *m = w->m;
    int household = 0;
    for (int k = 0; k < m->n_fields; k++) {
        const struct field_model *f = &m->fields[k];
        household |= model_learns_h(f);
        if (m->n_aliases[k])
            warn(w, "the aliases learned for '", f->name, "' are left out");
        if (f->depends != DEPENDS_NONE)
            warn(w, "'", f->name,
                 "' hangs on other columns in our model, and is independent in Splink's");
    }
    if (household)
        warn(w, "the household class is left out: ", "relatives at one address",
             " score as high as one person");
    warn(w, "blocking rules are chosen for Splink", "; ", "ours needs none, and finds more pairs");
    warn(w, "set '", "unique_id_column_name", "' to the column that names your rows");
}

static json_t *settings_json(struct writing *w)
{
    json_t *comparisons = json_array();
    int fields[COMPARISONS_MAX], n = 0;
    for (int k = 0; k < w->m->n_fields; k++)
        if (is_written(w, k)) {
            fields[n++] = k;
            json_array_append_new(comparisons, field_json(w, &w->m->fields[k]));
        }
    warn_of_all(w);
    return json_pack("{s:s, s:f, s:s, s:s, s:o, s:o, s:b, s:b}", "link_type", "dedupe_only",
                     "probability_two_random_records_match", w->m->lambda_m, "sql_dialect",
                     "duckdb", "unique_id_column_name", "unique_id",
                     "blocking_rules_to_generate_predictions", rules_json(w, fields, n),
                     "comparisons", comparisons, "retain_matching_columns", 0,
                     "retain_intermediate_calculation_columns", 0);
}

int splink_model_write(const struct match_model *m, const char *path, struct buffer *warnings,
                       struct error *err)
{
    struct writing w = {.m = m, .warnings = warnings};
    if (m->splink)
        return file_store(path, 0, m->splink->json, err);
    if (m->n_fields == 0)
        return error_set(err, ERR_DATA, "the model compares nothing, so Splink could not use it");
    json_t *root = settings_json(&w);
    char *text =
        root && !w.failed ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(root);
    int code = text ? file_store(path, 0, slice_str(text), err) : error_memory(err);
    free(text);
    return code;
}
