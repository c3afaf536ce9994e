/* Models out of JSON. Every number is checked, and what is wrong is named by its place:
 * "comparisons[3].levels[0].m". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "transform/match/blocks.h"
#include "transform/match/model_json.h"
#include "transform/splink/splink.h"

#define MODEL_LIMIT ((size_t)256 << 20)

struct reading {
    struct match_model *model;
    const char *path;
    struct error *err;
    char place[96]; /* of the object at work */
};

static int wrong(struct reading *r, const char *key, const char *expected)
{
    return error_at(r->err, ERR_DATA, r->path, "%s%s%s of the match model is no %s", r->place,
                    r->place[0] && key[0] ? "." : "", key, expected);
}

/* A number from `low` to `high`; a missing one is `other` unless that is NAN. */
static int read_real(struct reading *r, json_t *object, const char *key, const double range[2],
                     double other, double *ret)
{
    json_t *value = json_object_get(object, key);
    *ret = value ? json_number_value(value) : other;
    if (value ? json_is_number(value) && *ret >= range[0] && *ret <= range[1] : !isnan(other))
        return 0;
    char expected[64];
    snprintf(expected, sizeof expected, "number from %g to %g", range[0], range[1]);
    return wrong(r, key, expected);
}

static int read_count(struct reading *r, json_t *object, const char *key, uint32_t *ret)
{
    static const double range[] = {0, UINT32_MAX};
    double value;
    TRY(read_real(r, object, key, range, 0, &value));
    *ret = (uint32_t)value;
    return 0;
}

/* One of `names`: its index. */
static int read_word(struct reading *r, json_t *object, const char *key, const char *const *names,
                     int *ret)
{
    const char *word = json_string_value(json_object_get(object, key));
    for (int i = 0; word && names[i]; i++)
        if (strcmp(names[i], word) == 0) {
            *ret = i;
            return 0;
        }
    char expected[64];
    snprintf(expected, sizeof expected, "known word%s%.40s%s", word ? ": '" : "", word ? word : "",
             word ? "'" : "");
    return wrong(r, key, expected);
}

static int read_meaning(struct reading *r, json_t *object, enum meaning *ret)
{
    const char *word = json_string_value(json_object_get(object, "meaning"));
    if (word && meaning_parse(slice_str(word), ret))
        return 0;
    return wrong(r, "meaning", "meaning of a column");
}

/* A share for each state. */
static int read_shares(struct reading *r, json_t *level, const char *key, double v[STATES][LEVELS],
                       int at, int n)
{
    json_t *list = json_object_get(level, key);
    for (int s = 0; s < n; s++) {
        double x = json_number_value(json_array_get(list, (size_t)s));
        if (!(x > 0 && x <= 1))
            return wrong(r, key,
                         n == 1 ? "list of one share above 0, at most 1"
                                : "list of three shares above 0, at most 1");
        v[s][at] = x;
    }
    return 0;
}

static int read_level(struct reading *r, json_t *level, struct field_model *f, uint32_t *seen)
{
    static const double any[] = {0, 1e15};
    int n = f->depends == DEPENDS_NONE ? 1 : STATES;
    json_int_t at = json_integer_value(json_object_get(level, "level"));
    if (at < 1 || at >= LEVELS || !model_level_valid(f->kind, (int)at) || *seen >> at & 1)
        return wrong(r, "level", "level of this comparison, or stands twice");
    TRY(read_shares(r, level, "m", f->m, (int)at, n));
    TRY(read_shares(r, level, "h", f->h, (int)at, n));
    TRY(read_shares(r, level, "u", f->u, (int)at, n));
    TRY(read_real(r, level, "expected_matches", any, 0, &f->seen_m[at]));
    TRY(read_real(r, level, "random_pairs", any, 0, &f->seen_u[at]));
    *seen |= UINT32_C(1) << at;
    return 0;
}

static int read_levels(struct reading *r, json_t *levels, struct field_model *f)
{
    size_t i;
    json_t *level;
    uint32_t seen = 0;
    size_t end = strlen(r->place);
    json_array_foreach(levels, i, level)
    {
        snprintf(r->place + end, sizeof r->place - end, ".levels[%zu]", i);
        TRY(read_level(r, level, f, &seen));
    }
    r->place[end] = 0;
    for (int l = 1; l < LEVELS; l++)
        if (model_level_valid(f->kind, l) && !(seen >> l & 1))
            return wrong(r, "levels", "complete list of this comparison's levels");
    for (int s = f->depends == DEPENDS_NONE ? 1 : STATES; s < STATES; s++) {
        memcpy(f->m[s], f->m[0], sizeof f->m[0]);
        memcpy(f->h[s], f->h[0], sizeof f->h[0]);
        memcpy(f->u[s], f->u[0], sizeof f->u[0]);
    }
    return 0;
}

static struct slice read_text(struct arena *a, json_t *t)
{
    return arena_copy(a, slice_of(json_string_value(t), json_string_length(t)));
}

static int read_frequent(struct reading *r, int k, json_t *list)
{
    struct match_model *m = r->model;
    size_t n = json_array_size(list);
    m->frequent[k] = ARENA_ARRAY(&m->arena, struct frequency_entry, n + 1);
    if (!m->frequent[k] || n > UINT32_MAX)
        return error_memory(r->err);
    for (size_t i = 0; i < n; i++) {
        json_t *entry = json_array_get(list, i), *value = json_array_get(entry, 0);
        double share = json_number_value(json_array_get(entry, 1));
        if (!json_is_string(value) || !(share > 0 && share <= 1))
            return wrong(r, "frequent", "list of values and their shares");
        m->frequent[k][i] = (struct frequency_entry){read_text(&m->arena, value), share};
        if (!m->frequent[k][i].value.ptr)
            return error_memory(r->err);
    }
    m->n_frequent[k] = (uint32_t)n;
    return 0;
}

static int read_aliases(struct reading *r, int k, json_t *list)
{
    struct match_model *m = r->model;
    size_t n = json_array_size(list);
    m->aliases[k] = ARENA_ARRAY(&m->arena, struct alias_entry, n + 1);
    if (!m->aliases[k] || n > UINT32_MAX)
        return error_memory(r->err);
    for (size_t i = 0; i < n; i++) {
        json_t *entry = json_array_get(list, i), *a = json_array_get(entry, 0),
               *b = json_array_get(entry, 1);
        json_int_t level = json_integer_value(json_array_get(entry, 2));
        if (!json_is_string(a) || !json_is_string(b) || level < NAME_ALIAS ||
            level > NAME_ALIAS_STRONG)
            return wrong(r, "aliases", "list of two values and a level of 9 or 10");
        struct alias_entry *to = &m->aliases[k][i];
        *to = (struct alias_entry){read_text(&m->arena, a), read_text(&m->arena, b), (int)level};
        if (!to->a.ptr || !to->b.ptr)
            return error_memory(r->err);
    }
    m->n_aliases[k] = (uint32_t)n;
    return 0;
}

static int read_parents(struct reading *r, int k, json_t *list)
{
    struct field_model *f = &r->model->fields[k];
    size_t i;
    json_t *p;
    json_array_foreach(list, i, p)
    {
        json_int_t at = json_integer_value(p);
        if (!json_is_integer(p) || at < 0 || at >= r->model->n_fields || at == k)
            return wrong(r, "parents", "list of other comparisons, from 0");
        f->parents |= UINT32_C(1) << at;
    }
    if ((f->depends == DEPENDS_NONE) != (f->parents == 0))
        return wrong(r, "parents", "list that goes with its 'depends_on'");
    return 0;
}

static int read_names(struct reading *r, json_t *j, struct field_model *f)
{
    const char *kinds[COMPARE_KINDS + 1] = {0};
    int kind, household, depends;
    for (int k = 0; k < COMPARE_KINDS; k++)
        kinds[k] = compare_kind_name((enum compare_kind)k);
    const char *name = json_string_value(json_object_get(j, "name"));
    if (!name || strlen(name) >= sizeof f->name)
        return wrong(r, "name", "text of at most 63 bytes");
    memcpy(f->name, name, strlen(name) + 1);
    TRY(read_meaning(r, j, &f->meaning));
    TRY(read_word(r, j, "comparison", kinds, &kind));
    TRY(read_word(r, j, "household", model_household_names, &household));
    TRY(read_word(r, j, "depends_on", model_depends_names, &depends));
    f->kind = (enum compare_kind)kind;
    f->household = (enum household)household;
    f->depends = (enum dependency)depends;
    f->frequency = json_is_true(json_object_get(j, "frequency"));
    return read_count(r, j, "filled", &f->filled);
}

static int read_field(struct reading *r, int k, json_t *j)
{
    static const double share[] = {0, 1};
    struct field_model *f = &r->model->fields[k];
    snprintf(r->place, sizeof r->place, "comparisons[%d]", k);
    TRY(read_names(r, j, f));
    TRY(read_parents(r, k, json_object_get(j, "parents")));
    TRY(read_real(r, j, "rest_share", share, 0, &r->model->rest_share[k]));
    TRY(read_levels(r, json_object_get(j, "levels"), f));
    TRY(read_frequent(r, k, json_object_get(j, "frequent")));
    return read_aliases(r, k, json_object_get(j, "aliases"));
}

static int read_columns(struct reading *r, json_t *list)
{
    size_t i;
    json_t *j;
    json_array_foreach(list, i, j)
    {
        json_t *name = json_object_get(j, "name"), *why = json_object_get(j, "why_not");
        enum meaning meaning;
        snprintf(r->place, sizeof r->place, "columns[%zu]", i);
        if (!json_is_string(name))
            return wrong(r, "name", "text");
        TRY(read_meaning(r, j, &meaning));
        struct slice column = slice_of(json_string_value(name), json_string_length(name));
        struct slice words = slice_of(json_string_value(why), json_string_length(why));
        if (model_add_column(r->model, column, meaning, words) < 0)
            return error_memory(r->err);
    }
    r->place[0] = 0;
    return 0;
}

static int read_training(struct reading *r, json_t *root)
{
    static const char *const efforts[] = {"full", "low", NULL};
    static const double rounds[] = {0, 1e6}, any[] = {0, 1e15};
    struct match_model *m = r->model;
    json_t *labels = json_object_get(root, "labels");
    int effort = 0;
    double n;
    if (json_object_get(root, "effort"))
        TRY(read_word(r, root, "effort", efforts, &effort));
    m->effort = effort ? MATCH_LOW : MATCH_FULL;
    TRY(read_real(r, root, "rounds", rounds, 0, &n));
    m->rounds = (int)n;
    snprintf(r->place, sizeof r->place, "labels");
    TRY(read_count(r, labels, "same", &m->labels_same));
    TRY(read_count(r, labels, "different", &m->labels_different));
    TRY(read_real(r, labels, "weight", any, 0, &m->label_weight));
    r->place[0] = 0;
    return read_columns(r, json_object_get(root, "columns"));
}

/* A model of before has none: then the records are counted. */
static int read_census(struct reading *r, json_t *j)
{
    struct atom_census *c = &r->model->census;
    json_int_t n = json_integer_value(json_object_get(j, "records"));
    json_int_t largest = json_integer_value(json_object_get(j, "largest"));
    json_t *atoms = json_object_get(j, "atoms");
    if (!j || json_is_null(j))
        return 0;
    snprintf(r->place, sizeof r->place, "blocks");
    if (n < 1 || n > UINT32_MAX)
        return wrong(r, "records", "number of records");
    if (largest < 2 || largest > BLOCK_MAX)
        return wrong(r, "largest", "number from 2 to 50");
    *c = (struct atom_census){.n_records = (uint32_t)n, .largest = (uint32_t)largest};
    struct slice text = slice_of(json_string_value(atoms), json_string_length(atoms));
    if (!json_is_string(atoms) || census_parse(text, &r->model->arena, c) < 0)
        return wrong(r, "atoms", "census in base64");
    r->place[0] = 0;
    return 0;
}

static int read_root(struct reading *r, json_t *root)
{
    static const double share[] = {1e-300, 1e300};
    struct match_model *m = r->model;
    json_t *fields = json_object_get(root, "comparisons");
    const char *format = json_string_value(json_object_get(root, "format"));
    if (!format || strcmp(format, MODEL_FORMAT) != 0 ||
        json_integer_value(json_object_get(root, "version")) != MODEL_VERSION)
        return error_at(r->err, ERR_DATA, r->path, "not a match model of version %d",
                        MODEL_VERSION);
    if (!json_is_array(fields) || json_array_size(fields) > COMPARISONS_MAX)
        return wrong(r, "comparisons", "list of at most 16");
    m->n_fields = (int)json_array_size(fields);
    m->learned = json_is_true(json_object_get(root, "learned"));
    m->household_frequency = json_is_true(json_object_get(root, "household_frequency"));
    TRY(read_count(r, root, "records", &m->n_records));
    TRY(read_real(r, root, "same_person_share", share, NAN, &m->lambda_m));
    TRY(read_real(r, root, "household_share", share, NAN, &m->lambda_h));
    TRY(read_training(r, root));
    for (int k = 0; k < m->n_fields; k++)
        TRY(read_field(r, k, json_array_get(fields, (size_t)k)));
    TRY(read_census(r, json_object_get(root, "blocks")));
    model_weigh(m);
    return 0;
}

static int read_splink(struct slice json, const char *path, struct match_model **ret,
                       struct error *err)
{
    struct match_model *m = model_new();
    if (!m)
        return error_memory(err);
    int code = splink_model_parse(json, path, &m->splink, err);
    if (code < 0)
        match_model_free(m);
    else
        *ret = m;
    return code;
}

int match_model_read(const char *path, struct match_model **ret, struct error *err)
{
    struct buffer text = {0};
    json_error_t where;
    TRY(file_slurp(path, MODEL_LIMIT, &text, err));
    if (splink_is_model(buffer_view(&text))) {
        int splink = read_splink(buffer_view(&text), path, ret, err);
        buffer_done(&text);
        return splink;
    }
    json_t *root = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &where);
    buffer_done(&text);
    if (!root) {
        error_set(err, ERR_DATA, "the match model is no JSON: %s", where.text);
        return error_where(err, "%s:%d:%d", path, where.line, where.column);
    }
    struct match_model *m = model_new();
    struct reading r = {.model = m, .path = path, .err = err};
    int code = m ? read_root(&r, root) : error_memory(err);
    json_decref(root);
    if (code < 0)
        match_model_free(m);
    else
        *ret = m;
    return code;
}
