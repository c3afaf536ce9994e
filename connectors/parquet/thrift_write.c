#include "connectors/parquet/thrift.h"

static void put(struct thrift_out *t, const void *bytes, size_t len)
{
    if (buffer_append(t->to, bytes, len) < 0)
        t->failed = 1;
}

static void put_byte(struct thrift_out *t, unsigned v)
{
    uint8_t byte = (uint8_t)v;
    put(t, &byte, 1);
}

static void put_varint(struct thrift_out *t, uint64_t v)
{
    uint8_t bytes[10];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        bytes[n++] = (uint8_t)(v | 0x80);
    bytes[n++] = (uint8_t)v;
    put(t, bytes, n);
}

static void put_zigzag(struct thrift_out *t, int64_t v)
{
    put_varint(t, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

static void put_field(struct thrift_out *t, int id, enum thrift_type type)
{
    int step = id - t->last;
    if (step > 0 && step < 16) {
        put_byte(t, (unsigned)step << 4 | type);
    } else {
        put_byte(t, type);
        put_zigzag(t, id);
    }
    t->last = id;
}

void thrift_put_bool(struct thrift_out *t, int id, int v)
{
    put_field(t, id, v ? THRIFT_TRUE : THRIFT_FALSE);
}

void thrift_put_i8(struct thrift_out *t, int id, int v)
{
    put_field(t, id, THRIFT_I8);
    put_byte(t, (unsigned)v & 0xff);
}

void thrift_put_i16(struct thrift_out *t, int id, int v)
{
    put_field(t, id, THRIFT_I16);
    put_zigzag(t, v);
}

void thrift_put_i32(struct thrift_out *t, int id, int32_t v)
{
    put_field(t, id, THRIFT_I32);
    put_zigzag(t, v);
}

void thrift_put_i64(struct thrift_out *t, int id, int64_t v)
{
    put_field(t, id, THRIFT_I64);
    put_zigzag(t, v);
}

void thrift_put_element_bytes(struct thrift_out *t, struct slice v)
{
    put_varint(t, v.len);
    put(t, v.ptr, v.len);
}

void thrift_put_bytes(struct thrift_out *t, int id, struct slice v)
{
    put_field(t, id, THRIFT_BINARY);
    thrift_put_element_bytes(t, v);
}

int thrift_begin(struct thrift_out *t, int id)
{
    if (id)
        put_field(t, id, THRIFT_STRUCT);
    int outer = t->last;
    t->last = 0;
    return outer;
}

void thrift_end(struct thrift_out *t, int outer)
{
    put_byte(t, THRIFT_STOP);
    t->last = outer;
}

void thrift_put_list(struct thrift_out *t, int id, enum thrift_type of, size_t n)
{
    put_field(t, id, THRIFT_LIST);
    if (n < 15) {
        put_byte(t, (unsigned)n << 4 | of);
    } else {
        put_byte(t, 0xf0u | of);
        put_varint(t, n);
    }
}

void thrift_put_element_int(struct thrift_out *t, int64_t v)
{
    put_zigzag(t, v);
}

void thrift_put_element_bool(struct thrift_out *t, int v)
{
    put_byte(t, v ? 1 : 2);
}
