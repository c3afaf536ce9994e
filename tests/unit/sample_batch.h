/* A batch with every type and every kind of null, made from a seed, for round trips. */
#ifndef SLUICE_TESTS_UNIT_SAMPLE_BATCH_H
#define SLUICE_TESTS_UNIT_SAMPLE_BATCH_H

#include "core/builder.h"
#include "core/decimal.h"

#define SAMPLE_FIELD(n, t, ...)                                                                    \
    {                                                                                              \
        .name = {(n), sizeof(n) - 1}, .type = (t), __VA_ARGS__                                     \
    }

static const struct field sample_text[] = {SAMPLE_FIELD("item", TYPE_UTF8, .n_children = 0)};
static const struct field sample_parts[] = {
    SAMPLE_FIELD("field", TYPE_UTF8, .n_children = 0),
    SAMPLE_FIELD("on", TYPE_DATE, .n_children = 0),
    SAMPLE_FIELD("tags", TYPE_LIST, .n_children = 1, .children = sample_text),
};
static const struct field sample_items[] = {
    SAMPLE_FIELD("item", TYPE_STRUCT, .n_children = 3, .children = sample_parts)};
static const struct field sample_lists[] = {
    SAMPLE_FIELD("item", TYPE_LIST, .n_children = 1, .children = sample_text)};
static const struct field sample_fields[] = {
    SAMPLE_FIELD("flag", TYPE_BOOL, .n_children = 0),
    SAMPLE_FIELD("small", TYPE_INT32, .n_children = 0),
    SAMPLE_FIELD("big", TYPE_INT64, .n_children = 0),
    SAMPLE_FIELD("real", TYPE_FLOAT32, .n_children = 0),
    SAMPLE_FIELD("double", TYPE_FLOAT64, .n_children = 0),
    SAMPLE_FIELD("d9", TYPE_DECIMAL, .precision = 9, .scale = 2),
    SAMPLE_FIELD("d18", TYPE_DECIMAL, .precision = 18, .scale = 4),
    SAMPLE_FIELD("d38", TYPE_DECIMAL, .precision = 38, .scale = 0),
    SAMPLE_FIELD("text", TYPE_UTF8, .n_children = 0),
    SAMPLE_FIELD("bytes", TYPE_BINARY, .n_children = 0),
    SAMPLE_FIELD("day", TYPE_DATE, .n_children = 0),
    SAMPLE_FIELD("time", TYPE_TIMESTAMP, .n_children = 0),
    SAMPLE_FIELD("texts", TYPE_LIST, .n_children = 1, .children = sample_text),
    SAMPLE_FIELD("record", TYPE_STRUCT, .n_children = 3, .children = sample_parts),
    SAMPLE_FIELD("records", TYPE_LIST, .n_children = 1, .children = sample_items),
    SAMPLE_FIELD("nested", TYPE_LIST, .n_children = 1, .children = sample_lists),
};
enum { SAMPLE_FIELDS = sizeof sample_fields / sizeof *sample_fields };

static inline uint32_t sample_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static inline void sample_value(struct builder *b, uint64_t *state)
{
    static const char *const words[] = {
        "", "a", "Zo\xc3\xab", "a longer text than twelve bytes", "\xe6\xbc\xa2\xe5\xad\x97", "b"};
    uint32_t r = sample_random(state);
    if (r % 5 == 0) {
        builder_null(b);
        return;
    }
    switch (b->field->type) {
    case TYPE_BOOL:
        builder_bool(b, r & 8 ? 1 : 0);
        break;
    case TYPE_INT32:
    case TYPE_DATE:
        builder_i32(b, (int32_t)(r % 100000) - 50000);
        break;
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
        builder_i64(b, ((int64_t)r - INT32_MAX / 2) * 1000003);
        break;
    case TYPE_FLOAT32:
        builder_f32(b, (float)r / 3);
        break;
    case TYPE_FLOAT64:
        builder_f64(b, (double)r / 7 - 1e8);
        break;
    case TYPE_DECIMAL:
        builder_decimal(b, ((decimal128)r - INT32_MAX / 2) % decimal_power(b->field->precision));
        break;
    case TYPE_UTF8:
    case TYPE_BINARY:
        builder_slice(b, slice_str(words[r / 8 % 6]));
        break;
    case TYPE_STRUCT:
        for (int i = 0; i < b->field->n_children; i++)
            sample_value(builder_child(b, i), state);
        builder_close(b);
        break;
    default:
        for (uint32_t i = 0; i < r / 8 % 4; i++)
            sample_value(builder_child(b, 0), state);
        builder_close(b);
    }
}

static inline struct batch *sample_batch(int64_t rows, uint64_t seed)
{
    struct schema *schema = schema_new(sample_fields, SAMPLE_FIELDS);
    struct batch_builder bb;
    struct batch *b = NULL;
    batch_builder_init(&bb, schema, NULL);
    for (int64_t i = 0; i < rows; i++)
        for (int c = 0; c < SAMPLE_FIELDS; c++)
            sample_value(&bb.columns[c], &seed);
    batch_builder_finish(&bb, &b, NULL);
    batch_builder_done(&bb);
    schema_unref(schema);
    return b;
}

#endif
