#include "connectors/place.h"

#include <stdlib.h>

#include "core/builder.h"

enum { N_PLACES = 5, RAW_LIMIT = 64 << 10 };

int place_schema(const struct schema *data, struct schema **ret, struct error *err)
{
    struct field *fields = calloc((size_t)data->n_fields + N_PLACES, sizeof *fields);
    if (!fields)
        return error_memory(err);
    for (int i = 0; i < data->n_fields; i++)
        fields[i] = data->fields[i];
    for (int i = 0; i < N_PLACES; i++)
        fields[data->n_fields + i] = place_fields[i];
    *ret = schema_new_meta(fields, data->n_fields + N_PLACES, data->meta, data->n_meta);
    free(fields);
    return *ret ? 0 : error_memory(err);
}

static int put_key(struct buffer *out, struct slice key)
{
    struct column name = {.offsets = (int32_t[]){0, (int32_t)key.len},
                          .values = (void *)(uintptr_t)key.ptr,
                          .length = 1};
    return value_json(&(struct field){.type = TYPE_UTF8}, &name, 0, out);
}

static int row_json(const struct batch *b, int64_t row, struct buffer *out)
{
    buffer_reset(out);
    TRY(buffer_putc(out, '{'));
    for (int i = 0; i < b->schema->n_fields; i++) {
        if (i)
            TRY(buffer_putc(out, ','));
        TRY(put_key(out, b->schema->fields[i].name));
        TRY(buffer_putc(out, ':'));
        TRY(value_json(&b->schema->fields[i], &b->columns[i], row, out));
    }
    TRY(buffer_putc(out, '}'));
    if (out->len > RAW_LIMIT)
        out->len = RAW_LIMIT;
    return 0;
}

static int put_row(const struct batch *b, int64_t row, const struct place *place,
                   struct builder *columns, struct buffer *json)
{
    TRY(builder_slice(&columns[0], slice_str(place->file)));
    TRY(builder_slice(&columns[1], SLICE_LIT("")));
    TRY(builder_i64(&columns[2], place->row + row + 1));
    TRY(builder_i64(&columns[3], -1));
    TRY(row_json(b, row, json));
    return builder_slice(&columns[4], buffer_view(json));
}

int place_append(struct batch *b, struct schema *schema, const struct place *place,
                 struct error *err)
{
    struct builder columns[N_PLACES] = {0};
    struct buffer json = {0};
    int code = 0;
    for (int i = 0; i < N_PLACES; i++)
        builder_init(&columns[i], &place_fields[i]);
    for (int64_t row = 0; code == 0 && row < b->n_rows; row++)
        code = put_row(b, row, place, columns, &json) < 0 ? error_memory(err) : 0;
    if (code == 0)
        code = batch_insert_columns(b, schema, b->schema->n_fields, columns, N_PLACES, err);
    for (int i = 0; i < N_PLACES; i++)
        builder_done(&columns[i]);
    buffer_done(&json);
    return code;
}
