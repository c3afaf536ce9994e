/* Builders: batches made value by value. Appends return 0 or ERR_MEMORY (bounded by `limit` and by
 * 2 GiB of bytes a column). Every row must append exactly one value to every column (builder_null
 * included); for a list, append the elements to builder_child(b, 0), then builder_close(b); for a
 * struct, append to each child, then builder_close(b). batch_builder_finish checks that the lengths
 * agree. */
#ifndef SLUICE_CORE_BUILDER_H
#define SLUICE_CORE_BUILDER_H

#include "core/batch.h"

struct builder {
    const struct field *field;
    int64_t length, null_count;
    struct buffer validity; /* empty until the first null */
    struct buffer offsets;  /* i32, starts with a 0 */
    struct buffer values;
    struct builder *children;
};

struct batch_builder {
    struct schema *schema;
    struct builder *columns;
    struct arena arena; /* the builders themselves */
};

int batch_builder_init(struct batch_builder *bb, const struct schema *schema, struct error *err);
void batch_builder_done(struct batch_builder *bb);
/* Rows so far: the length of column 0. */
int64_t batch_builder_rows(const struct batch_builder *bb);
/* Bytes of values so far, over all columns: for cutting batches before they grow too big. */
size_t batch_builder_bytes(const struct batch_builder *bb);
/* The batch, the caller's to free; the builder is empty again and ready for the next. With no
 * columns the batch has no rows. */
int batch_builder_finish(struct batch_builder *bb, struct batch **ret, struct error *err);
/* Throws away what is there. */
void batch_builder_reset(struct batch_builder *bb);

int builder_null(struct builder *b);
int builder_slice(struct builder *b, struct slice s); /* utf8, binary; dict: not here, see dict.h */
/* n of them at once; one whose ptr is NULL is a null. utf8 and binary. */
int builder_slices(struct builder *b, const struct slice *values, size_t n);
int builder_i32(struct builder *b, int32_t v); /* int32, date */
int builder_i64(struct builder *b, int64_t v); /* int64, timestamp */
int builder_f32(struct builder *b, float v);
int builder_f64(struct builder *b, double v);
int builder_bool(struct builder *b, int v);
int builder_decimal(struct builder *b, decimal128 v);
static inline struct builder *builder_child(struct builder *b, int i)
{
    return &b->children[i];
}
int builder_close(struct builder *b);
/* Copies one value of an equal type, nested ones too. */
int builder_copy(struct builder *b, const struct column *from, int64_t row);

/* Puts finished columns (all of b->n_rows) among a batch's own, before column `at`, under a schema
 * that has all of them (schema_insert). The builders are emptied; the batch owns the buffers. */
int batch_insert_columns(struct batch *b, struct schema *schema, int at, struct builder *cols,
                         int n_cols, struct error *err);
/* One builder on its own, for the above; `field` must outlive it. */
int builder_init(struct builder *b, const struct field *field);
void builder_done(struct builder *b);

/* Text into a column of any flat type: the one place where strings become typed values. Dates are
 * ISO (2026-03-01), timestamps RFC 3339 (a missing zone is UTC), decimals with `.`; "" is a null
 * but for utf8 and binary. Returns 1 when done, 0 when the text is not a value of the type (nothing
 * appended), negative when memory is out. */
int builder_text(struct builder *b, struct slice text);

#endif
