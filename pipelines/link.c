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

int link_batches(const struct schema *schema, struct batch ***batches, int *n_batches,
                 const struct identity_member *members, const float *probability,
                 struct stream **ret, struct error *err)
{
    size_t first = 0;
    struct schema *linked = schema_insert(schema, 0, link_fields, 2);
    int code = linked ? 0 : error_memory(err);
    for (int i = 0; i < *n_batches && code == 0; i++) {
        size_t n = (size_t)(*batches)[i]->n_rows;
        code = link_batch((*batches)[i], members + first, probability + first, linked, err);
        first += n;
    }
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
