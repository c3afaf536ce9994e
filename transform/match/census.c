#include "transform/match/census.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

uint32_t census_df(const struct atom_census *c, uint64_t hash)
{
    uint64_t wanted = census_hash(hash);
    uint32_t low = 0, high = c->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (c->atoms[middle].hash < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n && c->atoms[low].hash == wanted ? c->atoms[low].df : CENSUS_RARE;
}

static int compare_atoms(const void *a, const void *b)
{
    const struct census_atom *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->df < y->df) - (x->df > y->df);
}

/* Two atoms of one hash are as good as one: the more frequent stays. */
static uint32_t drop_repeats(struct census_atom *list, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || list[i].hash != list[kept - 1].hash)
            list[kept++] = list[i];
    return kept;
}

int census_take(const uint64_t *hash, const uint32_t *df, uint32_t n_atoms, uint32_t n_records,
                uint32_t largest, struct arena *arena, struct atom_census *ret)
{
    size_t n = 0;
    for (uint32_t i = 0; i < n_atoms; i++)
        n += df[i] > largest;
    struct census_atom *list = ARENA_ARRAY(arena, struct census_atom, n + 1);
    if (!list)
        return ERR_MEMORY;
    n = 0;
    for (uint32_t i = 0; i < n_atoms; i++)
        if (df[i] > largest)
            list[n++] = (struct census_atom){census_hash(hash[i]), df[i]};
    if (n)
        qsort(list, n, sizeof *list, compare_atoms);
    *ret = (struct atom_census){.n_records = n_records, .largest = largest, .atoms = list};
    ret->n = drop_repeats(list, (uint32_t)n);
    return 0;
}

int census_copy(const struct atom_census *from, struct arena *arena, struct atom_census *ret)
{
    struct census_atom *list = ARENA_ARRAY(arena, struct census_atom, (size_t)from->n + 1);
    if (!list)
        return ERR_MEMORY;
    if (from->n)
        memcpy(list, from->atoms, from->n * sizeof *list);
    *ret = *from;
    ret->atoms = list;
    return 0;
}

static int put_varint(struct buffer *out, uint64_t v)
{
    uint8_t bytes[10];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        bytes[n++] = (uint8_t)(v | 0x80);
    bytes[n++] = (uint8_t)v;
    return buffer_append(out, bytes, n);
}

int census_text(const struct atom_census *c, struct buffer *out)
{
    struct buffer bytes = {0};
    uint64_t before = 0;
    int code = 0;
    for (uint32_t i = 0; i < c->n && code == 0; i++) {
        code = put_varint(&bytes, c->atoms[i].hash - before);
        if (code == 0)
            code = put_varint(&bytes, c->atoms[i].df);
        before = c->atoms[i].hash;
    }
    for (size_t i = 0; i < bytes.len && code == 0; i += 3) {
        uint32_t three = 0;
        char four[4];
        size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
        for (size_t k = 0; k < 3; k++)
            three = three << 8 | (k < n ? ((const uint8_t *)bytes.data)[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            four[k] = digits[three >> (18 - 6 * k) & 63];
        code = buffer_append(out, four, n + 1);
    }
    buffer_done(&bytes);
    return code;
}

static int decode_bytes(struct slice text, struct buffer *out)
{
    uint32_t bits = 0;
    int n_bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *at = text.ptr[i] ? strchr(digits, text.ptr[i]) : NULL;
        if (!at)
            return ERR_DATA;
        bits = bits << 6 | (uint32_t)(at - digits);
        n_bits += 6;
        if (n_bits < 8)
            continue;
        n_bits -= 8;
        uint8_t byte = (uint8_t)(bits >> n_bits);
        TRY(buffer_append(out, &byte, 1));
    }
    return 0;
}

/* 0 when there is none, or it is longer than a hash. */
static int take_varint(struct slice *bytes, uint64_t *ret)
{
    uint64_t v = 0;
    for (int shift = 0; bytes->len && shift < 56; shift += 7) {
        uint8_t byte = (uint8_t)*bytes->ptr;
        *bytes = slice_of(bytes->ptr + 1, bytes->len - 1);
        v |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *ret = v;
            return 1;
        }
    }
    return 0;
}

static int parse_atoms(struct slice bytes, struct buffer *list)
{
    uint64_t hash = 0, step, df;
    while (bytes.len) {
        if (!take_varint(&bytes, &step) || !take_varint(&bytes, &df) || (step == 0 && list->len) ||
            df == 0 || df > UINT32_MAX)
            return ERR_DATA;
        hash += step;
        if (hash >> 48)
            return ERR_DATA;
        struct census_atom atom = {hash, (uint32_t)df};
        TRY(buffer_append(list, &atom, sizeof atom));
    }
    return 0;
}

int census_parse(struct slice text, struct arena *arena, struct atom_census *ret)
{
    struct buffer bytes = {0}, list = {0};
    int code = decode_bytes(text, &bytes);
    if (code == 0)
        code = parse_atoms(buffer_view(&bytes), &list);
    if (code == 0) {
        struct atom_census c = {.n = (uint32_t)(list.len / sizeof(struct census_atom)),
                                .atoms = (const struct census_atom *)(const void *)list.data};
        c.n_records = ret->n_records;
        c.largest = ret->largest;
        code = census_copy(&c, arena, ret);
    }
    buffer_done(&bytes);
    buffer_done(&list);
    return code;
}
