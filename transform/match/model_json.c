/* Models as JSON: the same bytes for the same model. Shares are written to 17 digits, so that a
 * model that was read weighs exactly as the one that was written. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/hash.h"
#include "transform/match/blocks.h"
#include "transform/match/model_entries.h"

enum { VERSION = 1 };
#define MODEL_LIMIT ((size_t)256 << 20)

static const char *const kind_names[COMPARE_KINDS] = {
    [COMPARE_GIVEN] = "given name",  [COMPARE_FAMILY] = "family name",
    [COMPARE_EXTRA] = "other names", [COMPARE_SUFFIX] = "suffix",
    [COMPARE_DATE] = "date",         [COMPARE_POSTCODE] = "postcode",
    [COMPARE_PHONE] = "phone",       [COMPARE_EMAIL] = "e-mail",
    [COMPARE_ID] = "identifier",     [COMPARE_NUMBER] = "house number",
    [COMPARE_PLACE] = "place",       [COMPARE_EXACT] = "exact",
    [COMPARE_TEXT] = "text",         [COMPARE_QUANTITY] = "quantity"};
static const char *const household_names[] = {"as strangers", "learned", "given name", "date",
                                              "related"};
static const char *const depends_names[] = {"nothing", "parents", "given name", "names"};

static json_t *reals(double v[STATES][LEVELS], int level, int n_states)
{
    json_t *a = json_array();
    for (int s = 0; s < n_states; s++)
        json_array_append_new(a, json_real(v[s][level]));
    return a;
}

static json_t *level_json(struct field_model *f, int level)
{
    int n = f->depends == DEPENDS_NONE ? 1 : STATES;
    json_t *weight = json_array();
    for (int s = 0; s < n; s++)
        json_array_append_new(weight, json_real((double)f->weight_m[s][level] / BIT));
    return json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:f, s:f}", "level", level, "name",
                     compare_level_name(f->kind, level), "m", reals(f->m, level, n), "h",
                     reals(f->h, level, n), "u", reals(f->u, level, n), "bits", weight,
                     "expected_matches", f->seen_m[level], "random_pairs", f->seen_u[level]);
}

static json_t *text_json(struct slice s)
{
    json_t *t = json_stringn(s.ptr, s.len);
    return t ? t : json_string("");
}

static json_t *entries_json(const struct match_model *m, int k)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < m->n_frequent[k]; i++)
        json_array_append_new(
            list, json_pack("[o, f]", text_json(m->frequent[k][i].value), m->frequent[k][i].share));
    return list;
}

static json_t *aliases_json(const struct match_model *m, int k)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < m->n_aliases[k]; i++) {
        const struct alias_entry *a = &m->aliases[k][i];
        json_array_append_new(list,
                              json_pack("[o, o, i]", text_json(a->a), text_json(a->b), a->level));
    }
    return list;
}

static json_t *field_json(struct match_model *m, int k)
{
    struct field_model *f = &m->fields[k];
    json_t *levels = json_array(), *parents = json_array();
    for (int l = 1; l < LEVELS; l++)
        if (model_level_valid(f->kind, l))
            json_array_append_new(levels, level_json(f, l));
    for (int p = 0; p < m->n_fields; p++)
        if (f->parents >> p & 1)
            json_array_append_new(parents, json_integer(p));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:o, s:f, s:o, s:o}", "name", f->name,
                     "meaning", meaning_name(f->meaning), "comparison", kind_names[f->kind],
                     "household", household_names[f->household], "depends_on",
                     depends_names[f->depends], "parents", parents, "frequency", f->frequency,
                     "levels", levels, "rest_share", m->rest_share[k], "frequent",
                     entries_json(m, k), "aliases", aliases_json(m, k));
}

/* What candidates are sought by; null when nothing was counted. */
static json_t *census_json(const struct match_model *m)
{
    struct buffer text = {0};
    json_t *j = NULL;
    if (m->census.n_records == 0)
        return json_null();
    if (census_text(&m->census, &text) == 0)
        j = json_pack("{s:I, s:I, s:o}", "records", (json_int_t)m->census.n_records, "largest",
                      (json_int_t)m->census.largest, "atoms", text_json(buffer_view(&text)));
    buffer_done(&text);
    return j;
}

static char *model_text(const struct match_model *model)
{
    struct match_model m = *model; /* the packers take no const */
    json_t *fields = json_array();
    for (int k = 0; k < m.n_fields; k++)
        json_array_append_new(fields, field_json(&m, k));
    json_t *root =
        json_pack("{s:s, s:i, s:I, s:b, s:b, s:f, s:f, s:o, s:o}", "format", "sluice match model",
                  "version", VERSION, "records", (json_int_t)m.n_records, "learned", m.learned,
                  "household_frequency", m.household_frequency, "same_person_share", m.lambda_m,
                  "household_share", m.lambda_h, "comparisons", fields, "blocks", census_json(&m));
    char *text = root ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(root);
    return text;
}

int match_model_write(const struct match_model *m, const char *path, struct error *err)
{
    char *text = model_text(m);
    if (!text)
        return error_memory(err);
    int code = file_store(path, 0, slice_str(text), err);
    free(text);
    return code;
}

void match_model_digest(const struct match_model *m, char ret_hex[65])
{
    char *text = model_text(m);
    sha256_of(text ? text : "", text ? strlen(text) : 0, ret_hex);
    free(text);
}

static int find_name(const char *const *names, int n, const char *name)
{
    for (int i = 0; name && i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* One share for each state; 0 when something else is there. */
static int read_shares(json_t *level, const char *name, double v[STATES][LEVELS], int at, int n)
{
    json_t *list = json_object_get(level, name);
    for (int s = 0; s < n; s++) {
        double x = json_number_value(json_array_get(list, (size_t)s));
        if (!(x > 0 && x <= 1))
            return 0;
        v[s][at] = x;
    }
    return 1;
}

static int read_levels(json_t *levels, struct field_model *f)
{
    size_t i;
    json_t *level;
    int n = f->depends == DEPENDS_NONE ? 1 : STATES;
    uint32_t seen = 0;
    json_array_foreach(levels, i, level)
    {
        json_int_t at = json_integer_value(json_object_get(level, "level"));
        if (at < 1 || at >= LEVELS || !model_level_valid(f->kind, (int)at) ||
            !read_shares(level, "m", f->m, (int)at, n) ||
            !read_shares(level, "h", f->h, (int)at, n) ||
            !read_shares(level, "u", f->u, (int)at, n))
            return 0;
        f->seen_m[at] = json_number_value(json_object_get(level, "expected_matches"));
        f->seen_u[at] = json_number_value(json_object_get(level, "random_pairs"));
        seen |= UINT32_C(1) << at;
    }
    for (int l = 1; l < LEVELS; l++)
        if (model_level_valid(f->kind, l) && !(seen >> l & 1))
            return 0;
    for (int s = n; s < STATES; s++) {
        memcpy(f->m[s], f->m[0], sizeof f->m[0]);
        memcpy(f->h[s], f->h[0], sizeof f->h[0]);
        memcpy(f->u[s], f->u[0], sizeof f->u[0]);
    }
    return 1;
}

static struct slice read_text(struct arena *a, json_t *t)
{
    return arena_copy(a, slice_of(json_string_value(t), json_string_length(t)));
}

static int read_frequent(struct match_model *m, int k, json_t *list)
{
    size_t n = json_array_size(list);
    m->frequent[k] = ARENA_ARRAY(&m->arena, struct frequency_entry, n + 1);
    for (size_t i = 0; m->frequent[k] && i < n; i++) {
        json_t *entry = json_array_get(list, i);
        double share = json_number_value(json_array_get(entry, 1));
        if (!json_is_string(json_array_get(entry, 0)) || !(share > 0 && share <= 1))
            return 0;
        m->frequent[k][i] =
            (struct frequency_entry){read_text(&m->arena, json_array_get(entry, 0)), share};
    }
    m->n_frequent[k] = (uint32_t)n;
    return m->frequent[k] != NULL;
}

static int read_aliases(struct match_model *m, int k, json_t *list)
{
    size_t n = json_array_size(list);
    m->aliases[k] = ARENA_ARRAY(&m->arena, struct alias_entry, n + 1);
    for (size_t i = 0; m->aliases[k] && i < n; i++) {
        json_t *entry = json_array_get(list, i), *a = json_array_get(entry, 0),
               *b = json_array_get(entry, 1);
        json_int_t level = json_integer_value(json_array_get(entry, 2));
        if (!json_is_string(a) || !json_is_string(b) || level < NAME_ALIAS ||
            level > NAME_ALIAS_STRONG)
            return 0;
        m->aliases[k][i] =
            (struct alias_entry){read_text(&m->arena, a), read_text(&m->arena, b), (int)level};
    }
    m->n_aliases[k] = (uint32_t)n;
    return m->aliases[k] != NULL;
}

static uint32_t read_parents(json_t *list)
{
    uint32_t bits = 0;
    size_t i;
    json_t *p;
    json_array_foreach(list, i, p)
    {
        json_int_t at = json_integer_value(p);
        if (at >= 0 && at < COMPARISONS_MAX)
            bits |= UINT32_C(1) << at;
    }
    return bits;
}

static int read_field(struct match_model *m, int k, json_t *j)
{
    struct field_model *f = &m->fields[k];
    const char *name = json_string_value(json_object_get(j, "name"));
    const char *meaning = json_string_value(json_object_get(j, "meaning"));
    int kind =
        find_name(kind_names, COMPARE_KINDS, json_string_value(json_object_get(j, "comparison")));
    int household =
        find_name(household_names, 5, json_string_value(json_object_get(j, "household")));
    int depends = find_name(depends_names, 4, json_string_value(json_object_get(j, "depends_on")));
    if (!name || kind < 0 || household < 0 || depends < 0 || !meaning ||
        !meaning_parse(slice_str(meaning), &f->meaning))
        return 0;
    size_t len = strlen(name) < sizeof f->name ? strlen(name) : sizeof f->name - 1;
    memcpy(f->name, name, len);
    f->name[len] = 0;
    f->kind = (enum compare_kind)kind;
    f->household = (enum household)household;
    f->depends = (enum dependency)depends;
    f->parents = read_parents(json_object_get(j, "parents"));
    f->frequency = json_is_true(json_object_get(j, "frequency"));
    m->rest_share[k] = json_number_value(json_object_get(j, "rest_share"));
    return m->rest_share[k] >= 0 && m->rest_share[k] <= 1 &&
           read_levels(json_object_get(j, "levels"), f) &&
           read_frequent(m, k, json_object_get(j, "frequent")) &&
           read_aliases(m, k, json_object_get(j, "aliases"));
}

static int read_census(struct match_model *m, json_t *j)
{
    json_int_t n = json_integer_value(json_object_get(j, "records"));
    json_int_t largest = json_integer_value(json_object_get(j, "largest"));
    json_t *atoms = json_object_get(j, "atoms");
    if (!j || json_is_null(j)) /* a model of before */
        return 1;
    if (n < 1 || n > UINT32_MAX || largest < 2 || largest > BLOCK_MAX || !json_is_string(atoms))
        return 0;
    m->census = (struct atom_census){.n_records = (uint32_t)n, .largest = (uint32_t)largest};
    return census_parse(slice_of(json_string_value(atoms), json_string_length(atoms)), &m->arena,
                        &m->census) == 0;
}

static int read_root(struct match_model *m, json_t *root, const char *path, struct error *err)
{
    json_t *fields = json_object_get(root, "comparisons");
    const char *format = json_string_value(json_object_get(root, "format"));
    if (!format || strcmp(format, "sluice match model") != 0 ||
        json_integer_value(json_object_get(root, "version")) != VERSION)
        return error_at(err, ERR_DATA, path, "not a match model of version %d", VERSION);
    m->n_fields = (int)json_array_size(fields);
    m->n_records = (uint32_t)json_integer_value(json_object_get(root, "records"));
    m->learned = json_is_true(json_object_get(root, "learned"));
    m->household_frequency = json_is_true(json_object_get(root, "household_frequency"));
    m->lambda_m = json_number_value(json_object_get(root, "same_person_share"));
    m->lambda_h = json_number_value(json_object_get(root, "household_share"));
    if (m->n_fields > COMPARISONS_MAX || !(m->lambda_m > 0 && m->lambda_h > 0))
        return error_at(err, ERR_DATA, path, "the match model's shares or comparisons are wrong");
    for (int k = 0; k < m->n_fields; k++)
        if (!read_field(m, k, json_array_get(fields, (size_t)k)))
            return error_at(err, ERR_DATA, path, "comparison %d of the match model is wrong",
                            k + 1);
    if (!read_census(m, json_object_get(root, "blocks")))
        return error_at(err, ERR_DATA, path, "the match model's 'blocks' are wrong");
    model_weigh(m);
    return 0;
}

int match_model_read(const char *path, struct match_model **ret, struct error *err)
{
    struct buffer text = {0};
    json_error_t where;
    TRY(file_slurp(path, MODEL_LIMIT, &text, err));
    json_t *root = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &where);
    buffer_done(&text);
    if (!root) {
        error_set(err, ERR_DATA, "the match model is no JSON: %s", where.text);
        return error_where(err, "%s:%d:%d", path, where.line, where.column);
    }
    struct match_model *m = model_new();
    int code = m ? read_root(m, root, path, err) : error_memory(err);
    json_decref(root);
    if (code < 0)
        match_model_free(m);
    else
        *ret = m;
    return code;
}
