#include "pipelines/judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/builder.h"
#include "core/dict.h"

/* A file's rows as text columns, found by index. */
struct sheet {
    struct schema *schema;
    struct batch **batches;
    int n_batches;
};

static int sheet_load(struct sheet *s, struct stream *from, struct error *err)
{
    s->schema = schema_ref(from->schema);
    return stream_collect(from, &s->batches, &s->n_batches, err);
}

static void sheet_done(struct sheet *s)
{
    batches_free(s->batches, s->n_batches);
    schema_unref(s->schema);
}

/* Calls fn for each row with two of its columns as text. */
static int sheet_each(const struct sheet *s, int a, int b,
                      int (*fn)(void *arg, struct slice a, struct slice b), void *arg)
{
    struct buffer text[2] = {{0}, {0}};
    const int columns[2] = {a, b};
    int code = 0;
    for (int i = 0; i < s->n_batches && code == 0; i++)
        for (int64_t row = 0; row < s->batches[i]->n_rows && code == 0; row++) {
            for (int c = 0; c < 2 && code == 0; c++) {
                buffer_reset(&text[c]);
                code = value_text(&s->schema->fields[columns[c]],
                                  &s->batches[i]->columns[columns[c]], row, &text[c]);
            }
            if (code == 0)
                code =
                    fn(arg, slice_trim(buffer_view(&text[0])), slice_trim(buffer_view(&text[1])));
        }
    buffer_done(&text[0]);
    buffer_done(&text[1]);
    return code;
}

static int is_cluster_name(struct slice name)
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
    return is_cluster_name(name) || slice_equal(name, SLICE_LIT("match_probability"));
}

static int find_named(const struct schema *s, struct slice name, int *ret, struct error *err)
{
    *ret = schema_find(s, name);
    return *ret < 0 ? schema_no_field(s, name, err) : 0;
}

static int find_id(const struct schema *s, const struct schema *other, struct slice name, int *ret,
                   struct error *err)
{
    if (name.len)
        return find_named(s, name, ret, err);
    for (int i = 0; i < s->n_fields; i++)
        if (!is_result(s->fields[i].name) && schema_find(other, s->fields[i].name) >= 0) {
            *ret = i;
            return 0;
        }
    for (int i = 0; i < s->n_fields; i++)
        if (!is_result(s->fields[i].name)) {
            *ret = i;
            return 0;
        }
    return error_set(err, ERR_DATA, "no column could be the row's id: name it");
}

static int find_cluster(const struct schema *s, int id, struct slice name, int *ret,
                        struct error *err)
{
    if (name.len)
        return find_named(s, name, ret, err);
    for (int i = 0; i < s->n_fields; i++)
        if (i != id && is_cluster_name(s->fields[i].name)) {
            *ret = i;
            return 0;
        }
    if (s->n_fields == 2) {
        *ret = 1 - id;
        return 0;
    }
    return error_set(err, ERR_DATA, "no column could be the customer's id: name it");
}

struct judging {
    struct dict ids;                /* row ids of the result, numbered as records */
    struct dict clusters, entities; /* names of clusters here and there */
    struct buffer found, truth;     /* u32 per record */
    struct buffer pairs;            /* struct true_pair */
    int64_t unknown, twice, both_known;
    char twice_id[64];
};

static int take_result(void *arg, struct slice id, struct slice cluster)
{
    struct judging *j = arg;
    uint32_t before = j->ids.n, skip = EVALUATE_SKIP;
    int64_t record = dict_add(&j->ids, id), code = dict_add(&j->clusters, cluster);
    if (record < 0 || code < 0)
        return ERR_MEMORY;
    if (j->ids.n == before) {
        if (j->twice++ == 0)
            snprintf(j->twice_id, sizeof j->twice_id, "%.*s", (int)id.len, id.ptr);
        return 0;
    }
    uint32_t found = (uint32_t)code;
    TRY(buffer_append(&j->found, &found, sizeof found));
    return buffer_append(&j->truth, &skip, sizeof skip);
}

static int take_truth(void *arg, struct slice id, struct slice entity)
{
    struct judging *j = arg;
    int64_t record = dict_find(&j->ids, id), code = dict_add(&j->entities, entity);
    if (code < 0)
        return ERR_MEMORY;
    if (record < 0) {
        j->unknown++;
        return 0;
    }
    uint32_t truth = (uint32_t)code;
    memcpy(j->truth.data + (size_t)record * sizeof truth, &truth, sizeof truth);
    return 0;
}

static int take_pair(void *arg, struct slice a, struct slice b)
{
    struct judging *j = arg;
    int64_t x = dict_find(&j->ids, a), y = dict_find(&j->ids, b);
    if (x < 0 || y < 0) {
        j->unknown++;
        return 0;
    }
    struct true_pair pair = {(uint32_t)x, (uint32_t)y};
    return buffer_append(&j->pairs, &pair, sizeof pair);
}

static int count_known(void *arg, struct slice a, struct slice b)
{
    struct judging *j = arg;
    j->both_known += dict_find(&j->ids, a) >= 0 && dict_find(&j->ids, b) >= 0;
    return 0;
}

/* Two columns whose values are row ids in most rows, neither named after a customer: pairs. */
static int holds_pairs(struct judging *j, const struct sheet *truth, const struct judge_columns *c)
{
    int64_t rows = 0;
    if (truth->schema->n_fields != 2 || c->truth_id.len || c->truth_cluster.len ||
        is_cluster_name(truth->schema->fields[0].name) ||
        is_cluster_name(truth->schema->fields[1].name))
        return 0;
    for (int i = 0; i < truth->n_batches; i++)
        rows += truth->batches[i]->n_rows;
    sheet_each(truth, 0, 1, count_known, j);
    return j->both_known * 2 > rows;
}

static void used(char *out, size_t size, const struct schema *s, int a, int b)
{
    if (b < 0)
        snprintf(out, size, "%s", s->fields[a].name.ptr);
    else
        snprintf(out, size, "%s, %s", s->fields[a].name.ptr, s->fields[b].name.ptr);
}

static int by_pairs(struct judging *j, const struct sheet *truth, struct judgement *ret,
                    struct error *err)
{
    if (sheet_each(truth, 0, 1, take_pair, j) < 0)
        return error_memory(err);
    used(ret->truth, sizeof ret->truth, truth->schema, 0, 1);
    return evaluate_pairs((const uint32_t *)(void *)j->found.data, j->ids.n,
                          (struct true_pair *)(void *)j->pairs.data,
                          j->pairs.len / sizeof(struct true_pair), &ret->e, err);
}

static int by_clusters(struct judging *j, const struct sheet *truth, const struct sheet *result,
                       const struct judge_columns *c, struct judgement *ret, struct error *err)
{
    int id, cluster;
    TRY(find_id(truth->schema, result->schema, c->truth_id, &id, err));
    TRY(find_cluster(truth->schema, id, c->truth_cluster, &cluster, err));
    if (sheet_each(truth, id, cluster, take_truth, j) < 0)
        return error_memory(err);
    used(ret->truth, sizeof ret->truth, truth->schema, id, cluster);
    const uint32_t *codes = (const uint32_t *)(void *)j->truth.data;
    for (uint32_t i = 0; i < j->ids.n; i++)
        ret->unjudged += codes[i] == EVALUATE_SKIP;
    if (ret->unjudged == j->ids.n)
        return error_set(err, ERR_DATA, "no id of column '%s' stands in the truth's column '%s'",
                         ret->id, truth->schema->fields[id].name.ptr);
    return evaluate_clusters((const uint32_t *)(void *)j->found.data, codes, j->ids.n, &ret->e,
                             err);
}

static int run(struct judging *j, const struct sheet *result, const struct sheet *truth,
               const struct judge_columns *c, struct judgement *ret, struct error *err)
{
    int id, cluster;
    if (dict_init(&j->ids) < 0 || dict_init(&j->clusters) < 0 || dict_init(&j->entities) < 0)
        return error_memory(err);
    TRY(find_id(result->schema, truth->schema, c->id, &id, err));
    TRY(find_cluster(result->schema, id, c->cluster, &cluster, err));
    used(ret->id, sizeof ret->id, result->schema, id, -1);
    used(ret->cluster, sizeof ret->cluster, result->schema, cluster, -1);
    if (sheet_each(result, id, cluster, take_result, j) < 0)
        return error_memory(err);
    if (j->twice)
        return error_set(err, ERR_DATA,
                         "column '%s' has '%s' in more than one row: it is not the row's id",
                         ret->id, j->twice_id);
    int code = holds_pairs(j, truth, c) ? by_pairs(j, truth, ret, err)
                                        : by_clusters(j, truth, result, c, ret, err);
    ret->unknown = j->unknown;
    return code;
}

int judge(struct stream *result, struct stream *truth, const struct judge_columns *columns,
          struct judgement *ret, struct error *err)
{
    struct sheet here = {0}, there = {0};
    struct judging j = {0};
    *ret = (struct judgement){0};
    int code = sheet_load(&here, result, err);
    if (code == 0)
        code = sheet_load(&there, truth, err);
    if (code == 0)
        code = run(&j, &here, &there, columns, ret, err);
    dict_done(&j.ids);
    dict_done(&j.clusters);
    dict_done(&j.entities);
    buffer_done(&j.found);
    buffer_done(&j.truth);
    buffer_done(&j.pairs);
    sheet_done(&here);
    sheet_done(&there);
    stream_close(result);
    stream_close(truth);
    return code;
}

/* Rates to six digits, as people quote them. */
static int put(struct batch_builder *bb, const char *measure, double value)
{
    TRY(builder_slice(&bb->columns[0], slice_str(measure)));
    return builder_f64(&bb->columns[1], round(value * 1e6) / 1e6);
}

static int put_rates(struct batch_builder *bb, const char *kind, const struct agreement_rates *r)
{
    char name[48];
    snprintf(name, sizeof name, "%s precision", kind);
    TRY(put(bb, name, r->precision));
    snprintf(name, sizeof name, "%s recall", kind);
    TRY(put(bb, name, r->recall));
    snprintf(name, sizeof name, "%s F1", kind);
    return put(bb, name, r->f1);
}

static int put_all(struct batch_builder *bb, const struct judgement *j)
{
    const struct evaluation *e = &j->e;
    TRY(put_rates(bb, "pairwise", &e->pairwise));
    TRY(put(bb, "pairs found", (double)e->pairs_found));
    TRY(put(bb, "pairs true", (double)e->pairs_true));
    TRY(put(bb, "pairs right", (double)e->pairs_both));
    if (e->has_clusters) {
        TRY(put_rates(bb, "B-cubed", &e->bcubed));
        TRY(put(bb, "clusters found", (double)e->clusters_found));
        TRY(put(bb, "clusters true", (double)e->clusters_true));
        TRY(put(bb, "clusters exactly right", (double)e->clusters_exact));
        TRY(put(bb, "largest true cluster", (double)e->largest_true));
    }
    TRY(put(bb, "largest cluster found", (double)e->largest_found));
    TRY(put(bb, "records judged", (double)e->records));
    TRY(put(bb, "records the truth does not have", (double)j->unjudged));
    return put(bb, "truth rows of unknown records", (double)j->unknown);
}

int judgement_rows(const struct judgement *j, struct stream **ret, struct error *err)
{
    static const struct field fields[] = {
        {.name = SLICE_INIT("measure"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("value"), .type = TYPE_FLOAT64},
    };
    struct schema *schema = schema_new(fields, 2);
    struct batch_builder bb = {0};
    struct batch *b;
    if (!schema)
        return error_memory(err);
    int code = batch_builder_init(&bb, schema, err);
    if (code == 0 && put_all(&bb, j) < 0)
        code = error_memory(err);
    if (code == 0)
        code = batch_builder_finish(&bb, &b, err);
    if (code == 0)
        code = stream_of_batches(schema, &b, 1, ret, err);
    batch_builder_done(&bb);
    schema_unref(schema);
    return code;
}
