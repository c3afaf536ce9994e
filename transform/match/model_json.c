/* Models as JSON: the same bytes for the same model. Shares are written to 17 digits, so that a
 * model that was read weighs exactly as the one that was written. */
#include "transform/match/model_json.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/hash.h"
#include "transform/splink/model.h"

static const char *const kind_names[COMPARE_KINDS] = {
    [COMPARE_GIVEN] = "given name",  [COMPARE_FAMILY] = "family name",
    [COMPARE_EXTRA] = "other names", [COMPARE_SUFFIX] = "suffix",
    [COMPARE_DATE] = "date",         [COMPARE_POSTCODE] = "postcode",
    [COMPARE_PHONE] = "phone",       [COMPARE_EMAIL] = "e-mail",
    [COMPARE_ID] = "identifier",     [COMPARE_NUMBER] = "house number",
    [COMPARE_PLACE] = "place",       [COMPARE_EXACT] = "exact",
    [COMPARE_TEXT] = "text",         [COMPARE_QUANTITY] = "quantity",
    [COMPARE_CODE] = "code"};
const char *const model_household_names[] = {"as strangers", "learned", "given name", "date",
                                             "related",      "shared",  NULL};
const char *const model_depends_names[] = {"nothing", "parents", "given name", "names", NULL};

const char *compare_kind_name(enum compare_kind kind)
{
    return kind_names[kind];
}

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
    return json_pack("{s:o, s:s, s:s, s:I, s:s, s:s, s:o, s:b, s:o, s:f, s:o, s:o}", "name",
                     text_json(slice_str(f->name)), "meaning", meaning_name(f->meaning),
                     "comparison", compare_kind_name(f->kind), "filled", (json_int_t)f->filled,
                     "household", model_household_names[f->household], "depends_on",
                     model_depends_names[f->depends], "parents", parents, "frequency", f->frequency,
                     "levels", levels, "rest_share", m->rest_share[k], "frequent",
                     entries_json(m, k), "aliases", aliases_json(m, k));
}

static json_t *columns_json(const struct match_model *m)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < m->n_columns; i++) {
        const struct column_entry *c = &m->columns[i];
        json_t *column = json_pack("{s:o, s:s, s:b}", "name", text_json(c->name), "meaning",
                                   meaning_name(c->meaning), "compared", c->why_not.len == 0);
        if (column && c->why_not.len)
            json_object_set_new(column, "why_not", text_json(c->why_not));
        json_array_append_new(list, column);
    }
    return list;
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
    json_t *labels = json_pack("{s:I, s:I, s:f}", "same", (json_int_t)m.labels_same, "different",
                               (json_int_t)m.labels_different, "weight", m.label_weight);
    json_t *root =
        json_pack("{s:s, s:i, s:I, s:b, s:s, s:i, s:o, s:b, s:f, s:f, s:o, s:o, s:o}", "format",
                  MODEL_FORMAT, "version", MODEL_VERSION, "records", (json_int_t)m.n_records,
                  "learned", m.learned, "effort", m.effort == MATCH_LOW ? "low" : "full", "rounds",
                  m.rounds, "labels", labels, "household_frequency", m.household_frequency,
                  "same_person_share", m.lambda_m, "household_share", m.lambda_h, "columns",
                  columns_json(&m), "comparisons", fields, "blocks", census_json(&m));
    char *text = root ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(root);
    return text;
}

int match_model_write(const struct match_model *m, const char *path, struct error *err)
{
    if (m->splink)
        return file_store(path, 0, m->splink->json, err);
    char *text = model_text(m);
    if (!text)
        return error_memory(err);
    int code = file_store(path, 0, slice_str(text), err);
    free(text);
    return code;
}

void match_model_digest(const struct match_model *m, char ret_hex[65])
{
    if (m->splink) {
        sha256_of(m->splink->json.ptr, m->splink->json.len, ret_hex);
        return;
    }
    char *text = model_text(m);
    sha256_of(text ? text : "", text ? strlen(text) : 0, ret_hex);
    free(text);
}
