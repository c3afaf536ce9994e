/* A profile as JSON. */
#include <jansson.h>
#include <stdlib.h>

#include "pipelines/profile.h"

static const char *const keys[] = {"no", "yes", "likely"};

static json_t *text_of(struct slice s)
{
    json_t *j = s.len ? json_stringn(s.ptr, s.len) : json_string("");
    return j ? j : json_null();
}

static json_t *shares_of(const struct profile_share *list, int n, const char *name)
{
    json_t *all = json_array();
    for (int i = 0; i < n; i++) {
        json_t *o = json_object();
        json_object_set_new(o, name, text_of(list[i].text));
        json_object_set_new(o, "count", json_integer(list[i].count));
        json_array_append_new(all, o);
    }
    return all;
}

static json_t *numbers_of(const struct profile_column *c)
{
    static const char *const names[PROFILE_QUANTILES] = {"p05", "p25", "p50", "p75", "p95"};
    json_t *o = json_object();
    for (int i = 0; i < PROFILE_QUANTILES; i++)
        json_object_set_new(o, names[i], json_real(c->quantiles[i]));
    return o;
}

static json_t *column_of(const struct profile_column *c)
{
    struct arena a = {0};
    json_t *o = json_object();
    json_object_set_new(o, "name", text_of(c->name));
    json_object_set_new(o, "type", json_string(type_name(&c->type, &a)));
    json_object_set_new(o, "nulls", json_integer(c->nulls));
    json_object_set_new(o, "empty", json_integer(c->empty));
    json_object_set_new(o, "distinct", json_integer(c->distinct));
    json_object_set_new(o, "distinct_exact", json_boolean(c->distinct_exact));
    if (!c->distinct_exact)
        json_object_set_new(o, "distinct_error", json_real(HLL_ERROR));
    json_object_set_new(o, "key", json_string(keys[c->key]));
    if (c->filled) {
        json_object_set_new(o, "shortest", json_integer(c->shortest));
        json_object_set_new(o, "shortest_value", text_of(c->shortest_text));
        json_object_set_new(o, "longest", json_integer(c->longest));
        json_object_set_new(o, "longest_value", text_of(c->longest_text));
        json_object_set_new(o, "min", text_of(c->least));
        json_object_set_new(o, "max", text_of(c->greatest));
    }
    if (c->has_numbers) {
        json_object_set_new(o, "quantiles", numbers_of(c));
        json_object_set_new(o, "outliers", json_integer(c->outliers));
    }
    json_object_set_new(o, "commonest", shares_of(c->top, c->n_top, "value"));
    json_object_set_new(o, "commonest_exact", json_boolean(c->top_exact));
    json_object_set_new(o, "patterns", shares_of(c->shapes, c->n_shapes, "pattern"));
    json_object_set_new(o, "patterns_of", json_integer(c->shaped));
    arena_done(&a);
    return o;
}

int profile_json(const char *name, const struct profile *p, const struct profile_column *columns,
                 struct buffer *out)
{
    json_t *o = json_object(), *list = json_array();
    json_object_set_new(o, "name", text_of(slice_str(name)));
    json_object_set_new(o, "rows", json_integer(p->rows));
    for (int i = 0; i < p->schema->n_fields; i++)
        json_array_append_new(list, column_of(&columns[i]));
    json_object_set_new(o, "columns", list);
    char *text = json_dumps(o, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    int code = text ? buffer_string(out, text) : ERR_MEMORY;
    if (code == 0)
        code = buffer_putc(out, '\n');
    free(text);
    json_decref(o);
    return code;
}
