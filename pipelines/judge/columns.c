/* Which columns of a result and of a truth hold the row's id and who it is. */
#include "pipelines/judge/parts.h"

int judge_is_cluster_name(struct slice name)
{
    static const char *const names[] = {"customer_id", "cluster_id", "cluster",
                                        "entity_id",   "entity",     "group_id"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(name, slice_str(names[i])))
            return 1;
    return 0;
}

static int is_result(struct slice name)
{
    return judge_is_cluster_name(name) || slice_equal(name, SLICE_LIT("match_probability"));
}

static int find_named(const struct sheet *s, struct slice name, int *ret, struct error *err)
{
    *ret = schema_find(s->schema, name);
    return *ret < 0 ? schema_no_field(s->schema, name, err) : 0;
}

int judge_find_id(const struct sheet *s, const struct sheet *other, struct slice name, int *ret,
                  struct error *err)
{
    const struct field *f = s->schema->fields;
    if (name.len)
        return find_named(s, name, ret, err);
    for (int i = 0; i < s->n_fields && other->schema; i++) {
        int there = schema_find(other->schema, f[i].name);
        if (!is_result(f[i].name) && there >= 0 && there < other->n_fields) {
            *ret = i;
            return 0;
        }
    }
    for (int i = 0; i < s->n_fields; i++)
        if (!is_result(f[i].name)) {
            *ret = i;
            return 0;
        }
    return error_set(err, ERR_DATA, "no column could be the row's id: name it");
}

int judge_find_cluster(const struct sheet *s, int id, struct slice name, int *ret,
                       struct error *err)
{
    if (name.len)
        return find_named(s, name, ret, err);
    for (int i = 0; i < s->n_fields; i++)
        if (i != id && judge_is_cluster_name(s->schema->fields[i].name)) {
            *ret = i;
            return 0;
        }
    if (s->n_fields == 2) {
        *ret = 1 - id;
        return 0;
    }
    return error_set(err, ERR_DATA, "no column could be the customer's id: name it");
}
