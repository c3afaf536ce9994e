#include "pipelines/link.h"

#include <math.h>
#include <stdlib.h>

#include "core/builder.h"

static const struct field link_fields[] = {
    {.name = SLICE_INIT("customer_id"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("match_probability"), .type = TYPE_FLOAT64},
};

/* Six digits say enough, and read as they were meant. */
static double probability_shown(float p)
{
    return round((double)p * 1e6) / 1e6;
}

static int link_batch(struct batch *b, const struct identity_member *members,
                      const float *probability, struct schema *schema, struct error *err)
{
    struct builder links[2];
    int code = builder_init(&links[0], &link_fields[0]);
    if (code == 0)
        code = builder_init(&links[1], &link_fields[1]);
    for (int64_t i = 0; i < b->n_rows && code == 0; i++) {
        code = builder_slice(&links[0], members[i].id);
        if (code == 0)
            code = builder_f64(&links[1], probability_shown(probability[i]));
    }
    code = code < 0 ? error_memory(err) : batch_insert_columns(b, schema, 0, links, 2, err);
    builder_done(&links[0]);
    builder_done(&links[1]);
    return code;
}

struct link_job {
    struct batch **batches;
    const size_t *first; /* by batch: the number of its first row */
    const struct identity_member *members;
    const float *probability;
    struct schema *linked;
    int *codes;
    struct error *errors;
};

static void link_task(void *arg, size_t i)
{
    struct link_job *j = arg;
    size_t first = j->first[i];
    j->codes[i] = link_batch(j->batches[i], j->members + first, j->probability + first, j->linked,
                             &j->errors[i]);
}

static int link_all(struct link_job *j, int n, struct pool *pool, struct error *err)
{
    size_t sum = 0, *first = calloc((size_t)n + 1, sizeof *first);
    int code = 0;
    j->codes = calloc((size_t)n + 1, sizeof *j->codes);
    j->errors = calloc((size_t)n + 1, sizeof *j->errors);
    if (!first || !j->codes || !j->errors)
        code = error_memory(err);
    for (int i = 0; i < n && code == 0; i++) {
        first[i] = sum;
        sum += (size_t)j->batches[i]->n_rows;
    }
    j->first = first;
    if (code == 0)
        pool_for(pool, (size_t)n, link_task, j);
    for (int i = 0; i < n && code == 0; i++)
        if ((code = j->codes[i]) < 0)
            *err = j->errors[i];
    free(first);
    free(j->codes);
    free(j->errors);
    return code;
}

int link_batches_by(struct pool *pool, const struct schema *schema, struct batch ***batches,
                    int *n_batches, const struct identity_member *members, const float *probability,
                    struct stream **ret, struct error *err)
{
    struct schema *linked = schema_insert(schema, 0, link_fields, 2);
    struct link_job j = {
        .batches = *batches, .members = members, .probability = probability, .linked = linked};
    int code = linked ? link_all(&j, *n_batches, pool, err) : error_memory(err);
    if (code == 0) {
        code = stream_of_batches(linked, *batches, *n_batches, ret, err);
        free(*batches); /* the batches themselves are the stream's now */
    } else {
        batches_free(*batches, *n_batches);
    }
    *batches = NULL;
    *n_batches = 0;
    schema_unref(linked);
    return code;
}

int link_batches(const struct schema *schema, struct batch ***batches, int *n_batches,
                 const struct identity_member *members, const float *probability,
                 struct stream **ret, struct error *err)
{
    return link_batches_by(NULL, schema, batches, n_batches, members, probability, ret, err);
}

void link_sizes(const uint32_t *cluster, size_t n, int64_t *ret_clusters, int64_t *ret_largest)
{
    uint32_t *sizes = calloc(n + 1, sizeof *sizes);
    *ret_clusters = *ret_largest = 0;
    for (size_t i = 0; sizes && i < n; i++) {
        int64_t size = ++sizes[cluster[i]];
        *ret_clusters += size == 1;
        *ret_largest = size > *ret_largest ? size : *ret_largest;
    }
    free(sizes);
}
