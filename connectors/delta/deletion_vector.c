#include "connectors/delta/deletion_vector.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "connectors/delta/partition.h"
#include "connectors/delta/roaring.h"
#include "core/file.h"

enum {
    MAGIC = 1681511377,
    UUID_CHARS = 20,     /* of Z85 */
    FRAME = 8,           /* a vector's length before it, its checksum behind */
    MOST_BYTES = 1 << 28 /* of a file of vectors, and of one */
};

struct deletion_vector {
    struct roaring_ranges gone;
    size_t at;   /* the range that the next row may be in */
    int64_t row; /* the next */
};

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int digit_of(char c)
{
    static const char z85[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^"
                              "!/*?&<>()[]{}@%$#";
    const char *at = c ? strchr(z85, c) : NULL;
    return at ? (int)(at - z85) : -1;
}

/* Z85 (ZeroMQ RFC 32): five characters for four bytes. */
static int decode_z85(struct slice text, struct buffer *out, struct error *err)
{
    if (text.len % 5)
        return error_set(err, ERR_DATA, "a deletion vector's text is not Z85");
    for (size_t i = 0; i < text.len; i += 5) {
        uint64_t n = 0;
        for (size_t k = i; k < i + 5; k++) {
            int digit = digit_of(text.ptr[k]);
            if (digit < 0)
                return error_set(err, ERR_DATA, "a deletion vector's text is not Z85");
            n = n * 85 + (uint64_t)digit;
        }
        for (int shift = 24; shift >= 0; shift -= 8)
            if (buffer_putc(out, (char)(n >> shift & 255)) < 0)
                return error_memory(err);
    }
    return 0;
}

/* "deletion_vector_UUID.bin" in the folder before the last 20 characters, which are the UUID. */
static int relative_path(const char *folder, struct slice text, char **ret, struct error *err)
{
    struct buffer id = {0};
    char name[64];
    int code = text.len < UUID_CHARS
                   ? error_set(err, ERR_DATA, "a deletion vector has no path")
                   : decode_z85(slice_of(text.ptr + text.len - UUID_CHARS, UUID_CHARS), &id, err);
    if (code == 0) {
        int n = snprintf(name, sizeof name, "deletion_vector_");
        for (size_t i = 0; i < id.len; i++)
            n += snprintf(name + n, sizeof name - (size_t)n, "%s%02x",
                          i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id.data[i]);
        struct slice prefix = slice_of(text.ptr, text.len - UUID_CHARS);
        struct buffer path = {0};
        if (buffer_append(&path, prefix.ptr, prefix.len) < 0 ||
            (prefix.len && buffer_putc(&path, '/') < 0) || buffer_string(&path, name) < 0 ||
            buffer_string(&path, ".bin") < 0 || buffer_putc(&path, 0) < 0)
            code = error_memory(err);
        /* No prefix leads out of the table. */
        struct slice whole = slice_of((const char *)path.data, path.len ? path.len - 1 : 0);
        if (code == 0 &&
            (memchr(prefix.ptr, '/', prefix.len) || slice_starts(whole, SLICE_LIT("."))))
            code = error_set(err, ERR_DATA, "a deletion vector lies outside of the table");
        if (code == 0 && !(*ret = file_join(folder, (const char *)path.data)))
            code = error_memory(err);
        buffer_done(&path);
    }
    buffer_done(&id);
    return code;
}

/* An absolute one: only one inside of the table's own folder is followed, as with data files. */
static int absolute_path(const char *folder, struct slice uri, char **ret, struct error *err)
{
    struct buffer path = {0};
    char *real = realpath(folder, NULL);
    struct slice rest = uri, home = real ? slice_str(real) : SLICE_LIT("");
    if (slice_starts(rest, SLICE_LIT("file://")))
        rest = slice_of(rest.ptr + 7, rest.len - 7);
    else if (slice_starts(rest, SLICE_LIT("file:")))
        rest = slice_of(rest.ptr + 5, rest.len - 5);
    int inside = home.len && slice_starts(rest, home) && rest.len > home.len + 1 &&
                 rest.ptr[home.len] == '/';
    int code =
        inside ? path_decode(slice_of(rest.ptr + home.len + 1, rest.len - home.len - 1), &path) : 0;
    if (code == 0)
        code = error_set(err, ERR_DATA, "the deletion vector '%.*s' lies outside of the table",
                         (int)uri.len, uri.ptr);
    else if (code < 0 || buffer_putc(&path, 0) < 0 ||
             !(*ret = file_join(folder, (const char *)path.data)))
        code = error_memory(err);
    buffer_done(&path);
    free(real);
    return code < 0 ? code : 0;
}

/* The vector's bytes out of its file. */
static int cut_vector(struct slice file, int64_t offset, int64_t size, const char *path,
                      struct buffer *out, struct error *err)
{
    const uint8_t *from = (const uint8_t *)file.ptr;
    if (file.len < 1 || from[0] != 1 || offset < 0 || size < 0 || size > MOST_BYTES ||
        (uint64_t)offset > file.len || file.len - (size_t)offset < (size_t)size + FRAME)
        return error_at(err, ERR_DATA, path, "the file of deletion vectors is cut or not one");
    from += offset;
    if (big_endian(from) != (uint32_t)size ||
        crc32(0, from + 4, (uInt)size) != big_endian(from + 4 + size))
        return error_at(err, ERR_DATA, path, "a deletion vector has another length or checksum");
    return buffer_append(out, from + 4, (size_t)size) < 0 ? error_memory(err) : 0;
}

struct descriptor {
    const char *type;
    struct slice text;
    int64_t offset, size, rows;
};

static int read_file(const char *folder, const struct descriptor *d, struct buffer *out,
                     struct error *err)
{
    struct buffer file = {0};
    char *path = NULL;
    int code = *d->type == 'u' ? relative_path(folder, d->text, &path, err)
                               : absolute_path(folder, d->text, &path, err);
    if (code == 0)
        code = file_slurp(path, MOST_BYTES, &file, err);
    if (code == 0)
        code = cut_vector(buffer_view(&file), d->offset, d->size, path, out, err);
    buffer_done(&file);
    free(path);
    return code;
}

static int read_bytes(const char *folder, const struct descriptor *d, struct buffer *out,
                      struct error *err)
{
    if (strcmp(d->type, "u") == 0 || strcmp(d->type, "p") == 0)
        return read_file(folder, d, out, err);
    if (strcmp(d->type, "i") != 0)
        return error_set(err, ERR_DATA,
                         "a deletion vector is stored as '%s', which sluice does "
                         "not know",
                         d->type);
    TRY(decode_z85(d->text, out, err));
    if (d->size < 0 || (uint64_t)d->size > out->len)
        return error_set(err, ERR_DATA, "a deletion vector is shorter than the log says");
    out->len = (size_t)d->size;
    return 0;
}

static int read_bitmap(struct slice bytes, const struct descriptor *d, struct deletion_vector *v,
                       struct error *err)
{
    const uint8_t *p = (const uint8_t *)bytes.ptr;
    if (bytes.len < 4 || (p[0] | p[1] << 8 | p[2] << 16 | (int64_t)p[3] << 24) != MAGIC)
        return error_set(err, ERR_DATA, "a deletion vector is of a format that sluice cannot read");
    TRY(roaring_read(slice_of(bytes.ptr + 4, bytes.len - 4), &v->gone, err));
    if (v->gone.bits != d->rows)
        return error_set(err, ERR_DATA, "a deletion vector has %lld rows, the log says %lld of it",
                         (long long)v->gone.bits, (long long)d->rows);
    return 0;
}

static int64_t number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

static int read_described(const char *folder, const json_t *json, struct deletion_vector *v,
                          struct error *err)
{
    const json_t *text = json_object_get(json, "pathOrInlineDv");
    struct descriptor d = {.type = json_string_value(json_object_get(json, "storageType")),
                           .text = slice_of(json_string_value(text), json_string_length(text)),
                           .offset = number_of(json, "offset"),
                           .size = number_of(json, "sizeInBytes"),
                           .rows = number_of(json, "cardinality")};
    struct buffer bytes = {0};
    if (!d.type || !d.text.ptr)
        return error_set(err, ERR_DATA, "a deletion vector in the log has no type or text");
    /* Without one, the vector is its file's first, behind the format's version. */
    if (d.offset < 0)
        d.offset = 1;
    int code = read_bytes(folder, &d, &bytes, err);
    if (code == 0)
        code = read_bitmap(buffer_view(&bytes), &d, v, err);
    buffer_done(&bytes);
    return code;
}

int deletion_vector_read(const char *folder, struct slice descriptor, struct deletion_vector **ret,
                         struct error *err)
{
    json_t *json = json_loadb(descriptor.ptr, descriptor.len, 0, NULL);
    struct deletion_vector *v = calloc(1, sizeof *v);
    int code = json && v ? read_described(folder, json, v, err) : error_memory(err);
    json_decref(json);
    if (code < 0) {
        deletion_vector_free(v);
        return code;
    }
    *ret = v;
    return 0;
}

void deletion_vector_free(struct deletion_vector *v)
{
    if (v)
        roaring_done(&v->gone);
    free(v);
}

/* Is the row deleted? Rows are asked in order. */
static int gone(struct deletion_vector *v, int64_t row)
{
    const struct roaring_ranges *r = &v->gone;
    while (v->at < r->n && r->list[v->at].end <= row)
        v->at++;
    return v->at < r->n && r->list[v->at].first <= row;
}

int deletion_vector_apply(struct deletion_vector *v, struct batch **b, struct error *err)
{
    int64_t n = (*b)->n_rows, kept = 0;
    int32_t *rows = malloc(((size_t)n + 1) * sizeof *rows);
    if (!rows)
        return error_memory(err);
    for (int64_t i = 0; i < n; i++)
        if (!gone(v, v->row + i))
            rows[kept++] = (int32_t)i;
    v->row += n;
    struct batch *left = NULL;
    int code = kept < n ? batch_take(*b, rows, kept, &left, err) : 0;
    free(rows);
    if (code == 0 && left) {
        batch_free(*b);
        *b = left;
    }
    return code;
}
