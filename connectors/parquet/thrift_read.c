#include "connectors/parquet/thrift.h"

enum { MAX_DEPTH = 64 };

static unsigned get_byte(struct thrift_in *t)
{
    if (t->at == t->end) {
        t->failed = 1;
        return 0;
    }
    return *t->at++;
}

static uint64_t get_varint(struct thrift_in *t)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        unsigned byte = get_byte(t);
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return v;
    }
    t->failed = 1;
    return 0;
}

static int64_t get_zigzag(struct thrift_in *t)
{
    uint64_t v = get_varint(t);
    return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

int thrift_field(struct thrift_in *t, struct thrift_field *ret)
{
    unsigned head = get_byte(t);
    if (t->failed || (head & 0xf) == THRIFT_STOP)
        return 0;
    int64_t id = head >> 4 ? t->last + (int64_t)(head >> 4) : get_zigzag(t);
    if (t->failed || id < 0 || id > INT16_MAX || (head & 0xf) > THRIFT_STRUCT) {
        t->failed = 1;
        return 0;
    }
    t->last = (int)id;
    *ret = (struct thrift_field){.id = (int)id, .type = (enum thrift_type)(head & 0xf)};
    return 1;
}

int64_t thrift_int(struct thrift_in *t, enum thrift_type type)
{
    if (type == THRIFT_I8)
        return (int8_t)get_byte(t);
    if (type == THRIFT_I16 || type == THRIFT_I32 || type == THRIFT_I64)
        return get_zigzag(t);
    t->failed = 1;
    return 0;
}

int thrift_bool(struct thrift_in *t, enum thrift_type type)
{
    if (type != THRIFT_TRUE && type != THRIFT_FALSE)
        t->failed = 1;
    return type == THRIFT_TRUE;
}

struct slice thrift_bytes(struct thrift_in *t, enum thrift_type type)
{
    uint64_t len = type == THRIFT_BINARY ? get_varint(t) : UINT64_MAX;
    if (t->failed || len > (size_t)(t->end - t->at)) {
        t->failed = 1;
        return slice_of(NULL, 0);
    }
    struct slice s = slice_of((const char *)t->at, (size_t)len);
    t->at += len;
    return s;
}

int thrift_enter(struct thrift_in *t, enum thrift_type type)
{
    int outer = t->last;
    t->last = 0;
    if (type != THRIFT_STRUCT || ++t->depth > MAX_DEPTH) {
        t->failed = 1;
        t->at = t->end;
    }
    return outer;
}

void thrift_leave(struct thrift_in *t, int outer)
{
    t->last = outer;
    t->depth--;
}

size_t thrift_list(struct thrift_in *t, enum thrift_type type, enum thrift_type *ret_of)
{
    unsigned head = type == THRIFT_LIST || type == THRIFT_SET ? get_byte(t) : 0;
    uint64_t n = head >> 4 == 15 ? get_varint(t) : head >> 4;
    *ret_of = (enum thrift_type)(head & 0xf);
    if ((head & 0xf) > THRIFT_STRUCT || n > (size_t)(t->end - t->at) || !head)
        t->failed = 1;
    return t->failed ? 0 : (size_t)n;
}

/* Booleans take a byte in lists and maps, though none as fields: nothing takes no bytes at all, so
 * no count can keep us longer than the input is. */
static void skip_element(struct thrift_in *t, enum thrift_type of)
{
    if (of == THRIFT_TRUE || of == THRIFT_FALSE)
        get_byte(t);
    else
        thrift_skip(t, of);
}

static void skip_map(struct thrift_in *t)
{
    uint64_t n = get_varint(t);
    unsigned types = n ? get_byte(t) : 0;
    for (uint64_t i = 0; i < n && !t->failed; i++) {
        skip_element(t, (enum thrift_type)(types >> 4));
        skip_element(t, (enum thrift_type)(types & 0xf));
    }
}

static void skip_list(struct thrift_in *t)
{
    enum thrift_type of;
    size_t n = thrift_list(t, THRIFT_LIST, &of);
    for (size_t i = 0; i < n && !t->failed; i++)
        skip_element(t, of);
}

static void skip_struct(struct thrift_in *t)
{
    struct thrift_field f;
    int outer = thrift_enter(t, THRIFT_STRUCT);
    while (thrift_field(t, &f))
        thrift_skip(t, f.type);
    thrift_leave(t, outer);
}

void thrift_skip(struct thrift_in *t, enum thrift_type type)
{
    if (++t->depth > MAX_DEPTH)
        t->failed = 1;
    if (!t->failed)
        switch (type) {
        case THRIFT_TRUE:
        case THRIFT_FALSE:
            break;
        case THRIFT_I8:
            get_byte(t);
            break;
        case THRIFT_I16:
        case THRIFT_I32:
        case THRIFT_I64:
            get_varint(t);
            break;
        case THRIFT_DOUBLE:
            for (int i = 0; i < 8; i++)
                get_byte(t);
            break;
        case THRIFT_BINARY:
            thrift_bytes(t, type);
            break;
        case THRIFT_LIST:
        case THRIFT_SET:
            skip_list(t);
            break;
        case THRIFT_MAP:
            skip_map(t);
            break;
        case THRIFT_STRUCT:
            skip_struct(t);
            break;
        default:
            t->failed = 1;
        }
    t->depth--;
}
