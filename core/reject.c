#include "core/reject.h"

#include <stdlib.h>

enum { RAW_MAX = 1 << 16, TEXT_MAX = 4096, BATCH_BYTES = 32 << 20 };

struct node {
    struct node *next;
    struct reject reject;
};

struct code_count {
    const char *code;
    int64_t n;
};

struct rejects {
    struct arena arena; /* nodes, their bytes, and the codes */
    struct node *first, **last;
    int64_t n;
    struct code_count *codes; /* in order */
    size_t n_codes;
};

static const struct field columns[] = {
    {.name = SLICE_INIT("source"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("file"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("member"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("line"), .type = TYPE_INT64},
    {.name = SLICE_INIT("offset"), .type = TYPE_INT64},
    {.name = SLICE_INIT("column"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("code"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("text"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("raw"), .type = TYPE_BINARY},
};

struct schema *reject_schema(void)
{
    return schema_new(columns, sizeof columns / sizeof *columns);
}

struct rejects *rejects_new(void)
{
    struct rejects *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    arena_init(&r->arena, 0);
    r->last = &r->first;
    return r;
}

void rejects_free(struct rejects *r)
{
    if (!r)
        return;
    arena_done(&r->arena);
    free(r->codes);
    free(r);
}

int64_t rejects_count(const struct rejects *r)
{
    return r->n;
}

static size_t code_position(const struct rejects *r, const char *code)
{
    size_t i = 0;
    while (i < r->n_codes && strcmp(r->codes[i].code, code) < 0)
        i++;
    return i;
}

/* The list's own copy of the code, counted n times more; NULL when out of memory. */
static const char *count_code(struct rejects *r, const char *code, int64_t n)
{
    size_t i = code_position(r, code);
    if (i == r->n_codes || strcmp(r->codes[i].code, code) != 0) {
        char *copy = arena_string(&r->arena, slice_str(code));
        struct code_count *codes =
            copy ? realloc(r->codes, (r->n_codes + 1) * sizeof *codes) : NULL;
        if (!codes)
            return NULL;
        memmove(codes + i + 1, codes + i, (r->n_codes - i) * sizeof *codes);
        codes[i] = (struct code_count){copy, 0};
        r->codes = codes;
        r->n_codes++;
    }
    r->codes[i].n += n;
    return r->codes[i].code;
}

void rejects_by_code(const struct rejects *r, void (*fn)(void *arg, const char *code, int64_t n),
                     void *arg)
{
    for (size_t i = 0; i < r->n_codes; i++)
        if (r->codes[i].n)
            fn(arg, r->codes[i].code, r->codes[i].n);
}

static struct slice cut(struct slice s, size_t max)
{
    return s.len > max ? slice_of(s.ptr, max) : s;
}

/* Each invalid byte grows to three at most. */
static struct slice copy_repaired(struct arena *a, struct slice s)
{
    char *to = arena_alloc(a, s.len * 3 + 1);
    size_t len = 0, used;
    uint32_t rune;
    if (!to)
        return slice_of(NULL, 0);
    for (; (used = slice_utf8_next(s, &rune)); s = slice_of(s.ptr + used, s.len - used)) {
        char bytes[4];
        size_t n = utf8_put(rune, bytes);
        memcpy(to + len, bytes, n);
        len += n;
    }
    return slice_of(to, len);
}

static int keep_text(struct arena *a, struct slice s, struct slice *ret)
{
    *ret = slice_utf8_valid(s) == s.len ? arena_copy(a, s) : copy_repaired(a, s);
    return ret->ptr ? 0 : ERR_MEMORY;
}

/* Names mostly repeat those of the row before. */
static int keep_name(struct arena *a, struct slice s, const struct slice *before, struct slice *ret)
{
    if (before && slice_equal(s, *before)) {
        *ret = *before;
        return 0;
    }
    return keep_text(a, s, ret);
}

static int keep(struct rejects *r, const struct reject *from, const struct reject *before,
                struct reject *ret)
{
    struct arena *a = &r->arena;
    ret->line = from->line;
    ret->offset = from->offset;
    TRY(keep_name(a, from->source, before ? &before->source : NULL, &ret->source));
    TRY(keep_name(a, from->file, before ? &before->file : NULL, &ret->file));
    TRY(keep_name(a, from->member, before ? &before->member : NULL, &ret->member));
    TRY(keep_name(a, from->column, before ? &before->column : NULL, &ret->column));
    TRY(keep_text(a, cut(from->text, TEXT_MAX), &ret->text));
    ret->raw = arena_copy(a, cut(from->raw, RAW_MAX));
    if (!ret->raw.ptr)
        return ERR_MEMORY;
    ret->code = count_code(r, from->code, 1);
    return ret->code ? 0 : ERR_MEMORY;
}

static struct node *node_before(struct rejects *r)
{
    return r->first ? (struct node *)((char *)r->last - offsetof(struct node, next)) : NULL;
}

int reject_add(struct rejects *r, const struct reject *reject)
{
    struct node *n = ARENA_NEW(&r->arena, struct node), *before = node_before(r);
    if (!n)
        return ERR_MEMORY;
    TRY(keep(r, reject, before ? &before->reject : NULL, &n->reject));
    *r->last = n;
    r->last = &n->next;
    r->n++;
    return 0;
}

static void empty(struct rejects *r)
{
    r->first = NULL;
    r->last = &r->first;
    r->n = 0;
    free(r->codes);
    r->codes = NULL;
    r->n_codes = 0;
}

/* The codes are counted with 0 first: what can fail comes before what cannot be undone. */
int rejects_append(struct rejects *into, struct rejects *from)
{
    if (!from->n)
        return 0;
    for (size_t i = 0; i < from->n_codes; i++)
        if (!count_code(into, from->codes[i].code, 0))
            return ERR_MEMORY;
    for (size_t i = 0; i < from->n_codes; i++)
        count_code(into, from->codes[i].code, from->codes[i].n);
    *into->last = from->first;
    into->last = from->last;
    into->n += from->n;
    arena_merge(&into->arena, &from->arena);
    empty(from);
    return 0;
}

struct reject_stream {
    struct stream stream;
    struct arena arena;
    const struct node *next;
    struct batch_builder builder;
};

static int put_name(struct builder *b, struct slice s)
{
    return s.len ? builder_slice(b, s) : builder_null(b);
}

static int put_row(struct builder *b, const struct reject *r)
{
    TRY(put_name(&b[0], r->source));
    TRY(put_name(&b[1], r->file));
    TRY(put_name(&b[2], r->member));
    TRY(r->line > 0 ? builder_i64(&b[3], r->line) : builder_null(&b[3]));
    TRY(r->offset >= 0 ? builder_i64(&b[4], r->offset) : builder_null(&b[4]));
    TRY(put_name(&b[5], r->column));
    TRY(builder_slice(&b[6], slice_str(r->code)));
    TRY(builder_slice(&b[7], r->text));
    return builder_slice(&b[8], r->raw);
}

static int reject_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct reject_stream *rs = (struct reject_stream *)s;
    struct batch_builder *bb = &rs->builder;
    if (!rs->next)
        return 0;
    for (; rs->next && batch_builder_rows(bb) < BATCH_ROWS && batch_builder_bytes(bb) < BATCH_BYTES;
         rs->next = rs->next->next)
        if (put_row(bb->columns, &rs->next->reject) < 0)
            return error_memory(err);
    TRY(batch_builder_finish(bb, ret, err));
    return 1;
}

static void reject_close(struct stream *s)
{
    struct reject_stream *rs = (struct reject_stream *)s;
    batch_builder_done(&rs->builder);
    arena_done(&rs->arena);
    schema_unref(s->schema);
    free(rs);
}

static const struct stream_ops reject_ops = {reject_next, reject_close};

int rejects_stream(struct rejects *r, struct stream **ret, struct error *err)
{
    struct reject_stream *rs = calloc(1, sizeof *rs);
    struct schema *schema = reject_schema();
    if (!rs || !schema || batch_builder_init(&rs->builder, schema, err) < 0) {
        if (rs)
            batch_builder_done(&rs->builder);
        schema_unref(schema);
        free(rs);
        return error_memory(err);
    }
    rs->stream = (struct stream){&reject_ops, schema};
    arena_init(&rs->arena, 0);
    arena_merge(&rs->arena, &r->arena);
    rs->next = r->first;
    empty(r);
    *ret = &rs->stream;
    return 0;
}
