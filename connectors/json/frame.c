#include "connectors/json/frame.h"

#include <stdlib.h>

#include "connectors/json/cut.h"
#include "connectors/json/parse.h"

/* What may come next in the frame. */
enum expect {
    EXPECT_VALUE,
    EXPECT_FIRST, /* in an array: a value or its end */
    EXPECT_KEY,
    EXPECT_FIRST_KEY, /* or the object's end */
    EXPECT_COLON,
    EXPECT_NEXT, /* a comma or the container's end */
    EXPECT_END,  /* of the document: another one, or nothing */
};

struct frame {
    struct json_path path;
    int path_known;
    char open[JSON_DEPTH];
    int depth, matched; /* containers open; how many of them lie on the path */
    int on_path;        /* the value to come does */
    int records;        /* depth of the open array of records; 0: none is */
    int any;            /* an array (or the record) was found */
    int several;        /* documents that are records stand in a row */
    enum expect expect;
    struct json_cut cut;
    struct json_walk walk;
};

static int frame_new(struct nested_reader *r, struct part *part, struct slice head, void **ret,
                     struct error *err)
{
    (void)part, (void)head;
    const char *each = nested_options(r)->layout.each;
    struct frame *f = calloc(1, sizeof *f);
    if (!f)
        return error_memory(err);
    f->on_path = 1;
    f->cut.kind = -1;
    json_walk_init(&f->walk, NULL);
    *ret = f;
    if (!each)
        return 0;
    f->path_known = 1;
    return json_path_parse(&f->path, each, err);
}

static void frame_free(void *cutter)
{
    struct frame *f = cutter;
    arena_done(&f->path.arena);
    buffer_done(&f->cut.raw);
    json_walk_done(&f->walk);
    free(f);
}

static void cut_begin(struct frame *f, char c)
{
    struct json_cut *k = &f->cut;
    int quoted = c == '"', bracket = c == '{' || c == '[';
    k->kind = quoted || bracket ? c : 0;
    k->depth = bracket;
    k->in_string = quoted;
    k->done = quoted || bracket;
    f->any = 1;
}

/* The record at `from` ends before *at, or goes on in the next text. 1, 0 or negative. */
static int cut_record(struct frame *f, struct chunk *c, size_t from, size_t *at, struct error *err)
{
    struct json_cut *k = &f->cut;
    const char *p = c->text.ptr + from + k->done, *end = c->text.ptr + c->text.len;
    int whole = json_cut_on(k, &p, end);
    *at = (size_t)(p - c->text.ptr);
    if (!whole && !(c->last && k->kind == 0)) {
        k->done = *at - from;
        if (c->last)
            return chunk_broken(c, from, err, "the file ends inside this record: it was cut off");
        return 0;
    }
    int r = k->skipping ? chunk_long(c, buffer_view(&k->raw), k->line, k->offset)
                        : chunk_span(c, from, *at - from);
    k->kind = -1;
    return r < 0 ? error_memory(err) : 1;
}

/* The record is too long to hold: what is there is let go. */
static int skip_begin(struct frame *f, struct chunk *c, size_t from, struct error *err)
{
    struct json_cut *k = &f->cut;
    struct slice before = slice_of(c->text.ptr, from);
    k->skipping = 1;
    k->line = c->line + (int64_t)newlines_count(before);
    k->offset = c->offset + (int64_t)from;
    buffer_reset(&k->raw);
    return buffer_append(&k->raw, c->text.ptr + from, RAW_BYTES) < 0 ? error_memory(err) : 0;
}

static int frame_open(struct frame *f, struct chunk *c, size_t at, struct error *err)
{
    char kind = c->text.ptr[at];
    if (f->depth == JSON_DEPTH)
        return chunk_broken(c, at, err, "the document is nested too deeply");
    f->open[f->depth++] = kind;
    if (f->on_path && f->matched == f->depth - 1)
        f->matched = f->depth;
    if (f->on_path && kind == '[' && f->path.n == f->depth - 1) {
        f->records = f->depth;
        f->any = 1;
    }
    f->on_path = 0;
    f->expect = kind == '{' ? EXPECT_FIRST_KEY : EXPECT_FIRST;
    return 0;
}

static void value_done(struct frame *f)
{
    f->on_path = f->depth == 0;
    f->expect = f->depth ? EXPECT_NEXT : EXPECT_END;
}

static void frame_close(struct frame *f)
{
    if (f->records == f->depth)
        f->records = 0;
    f->depth--;
    if (f->matched > f->depth)
        f->matched = f->depth;
    value_done(f);
}

/* Where the string or other scalar at `at` ends; 0 when that is not seen. */
static size_t scalar_end(const struct chunk *c, size_t at)
{
    const char *p = c->text.ptr + at, *end = c->text.ptr + c->text.len;
    struct json_cut k = {.kind = *p == '"' ? '"' : 0, .in_string = *p == '"'};
    p += k.in_string;
    if (!json_cut_on(&k, &p, end) && !(c->last && !k.kind))
        return 0;
    return (size_t)(p - c->text.ptr);
}

/* 0 when the token goes on in the next text. */
static int frame_scalar(struct frame *f, struct chunk *c, size_t *at, struct error *err)
{
    size_t end = scalar_end(c, *at);
    if (!end && c->last)
        return chunk_broken(c, *at, err, "the file ends inside a string: it was cut off");
    if (!end && c->text.len - *at > RECORD_BYTES)
        return chunk_broken(c, *at, err, "a string outside the records is over %d MiB",
                            RECORD_BYTES >> 20);
    if (!end)
        return 0;
    struct slice text = slice_of(c->text.ptr + *at, end - *at);
    int is_target = f->path.n && f->on_path && f->matched == f->path.n;
    if (!json_valid(text))
        return chunk_broken(c, *at, err, "expected a value");
    if (is_target && !slice_equal(text, SLICE_LIT("null")))
        return chunk_broken(c, *at, err, "what should be the array of records is a single value");
    f->any |= is_target;
    *at = end;
    value_done(f);
    return 1;
}

static int frame_key(struct frame *f, struct chunk *c, size_t *at, struct error *err)
{
    struct slice key;
    size_t end = scalar_end(c, *at);
    if (!end && c->last)
        return chunk_broken(c, *at, err, "the file ends inside a key: it was cut off");
    if (!end && c->text.len - *at > RECORD_BYTES)
        return chunk_broken(c, *at, err, "a key is over %d MiB", RECORD_BYTES >> 20);
    if (!end)
        return 0;
    int r = json_walk_string(&f->walk, slice_of(c->text.ptr + *at, end - *at), &key);
    if (r == ERR_MEMORY)
        return error_memory(err);
    if (r < 0)
        return chunk_broken(c, *at, err, "a key: %s", f->walk.problem);
    f->on_path = f->matched == f->depth && f->depth <= f->path.n &&
                 slice_equal(key, f->path.keys[f->depth - 1]);
    f->expect = EXPECT_COLON;
    *at = end;
    return 1;
}

static int is_record(const struct frame *f, char c)
{
    if (f->records && f->records == f->depth)
        return 1;
    return c == '{' && f->on_path && f->matched == f->path.n && f->depth == f->path.n;
}

static int frame_value(struct frame *f, struct chunk *c, size_t *at, struct error *err)
{
    char ch = c->text.ptr[*at];
    size_t from = *at;
    if (f->cut.kind >= 0 || is_record(f, ch)) {
        if (f->cut.kind < 0)
            cut_begin(f, ch);
        int r = cut_record(f, c, from, at, err);
        if (r <= 0) {
            *at = from;
            return r;
        }
        f->several = f->depth == 0;
        value_done(f);
        return r;
    }
    if (ch == '{' || ch == '[') {
        TRY(frame_open(f, c, *at, err));
        ++*at;
        return 1;
    }
    return frame_scalar(f, c, at, err);
}

static int frame_next(struct frame *f, struct chunk *c, size_t *at, struct error *err)
{
    char ch = c->text.ptr[*at], open = f->open[f->depth - 1];
    if (ch == ',') {
        f->expect = open == '{' ? EXPECT_KEY : EXPECT_VALUE;
    } else if (ch == (open == '{' ? '}' : ']')) {
        frame_close(f);
    } else {
        return chunk_broken(c, *at, err, "expected ',' or '%c'", open == '{' ? '}' : ']');
    }
    ++*at;
    return 1;
}

/* One token of the frame, or one record. 1, 0 when it goes on in the next text, negative. */
static int frame_step(struct frame *f, struct chunk *c, size_t *at, struct error *err)
{
    char ch = c->text.ptr[*at];
    if (f->cut.kind >= 0)
        return frame_value(f, c, at, err);
    switch (f->expect) {
    case EXPECT_FIRST_KEY:
    case EXPECT_KEY:
        if (ch == '}' && f->expect == EXPECT_FIRST_KEY) {
            frame_close(f);
            ++*at;
            return 1;
        }
        if (ch != '"')
            return chunk_broken(c, *at, err, "expected a key in quotes");
        return frame_key(f, c, at, err);
    case EXPECT_COLON:
        if (ch != ':')
            return chunk_broken(c, *at, err, "expected ':' after a key");
        f->expect = EXPECT_VALUE;
        ++*at;
        return 1;
    case EXPECT_NEXT:
        return frame_next(f, c, at, err);
    case EXPECT_END:
        if (ch != '{' || !f->several)
            return chunk_broken(c, *at, err, "something follows the document");
        return frame_value(f, c, at, err);
    case EXPECT_FIRST:
        if (ch == ']') {
            frame_close(f);
            ++*at;
            return 1;
        }
        return frame_value(f, c, at, err);
    case EXPECT_VALUE:
        break;
    }
    if (ch == ',' || ch == ']' || ch == '}')
        return chunk_broken(c, *at, err, "expected a value");
    return frame_value(f, c, at, err);
}

static int frame_ended(struct frame *f, struct chunk *c, struct error *err)
{
    if (f->expect != EXPECT_END)
        return chunk_broken(c, c->text.len, err, "%s",
                            f->depth || f->expect != EXPECT_VALUE
                                ? "the file ends inside the document: it was cut off"
                                : "the file is empty: no JSON document");
    if (f->any)
        return 0;
    const char *each = nested_options(c->reader)->layout.each;
    if (f->path.n)
        return chunk_broken(c, c->text.len, err, "the document has no array at '%s'",
                            each ? each : "the path that was found");
    return chunk_broken(c, 0, err, "the document is neither an array nor an object");
}

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* A record goes on past the text. What stands before it is used; the too long ones wholly. */
static int frame_pause(struct frame *f, struct chunk *c, size_t at, size_t *ret_used,
                       struct error *err)
{
    *ret_used = at;
    if (f->cut.kind < 0)
        return 0;
    if (!f->cut.skipping && c->text.len - at < RECORD_BYTES)
        return 0;
    if (!f->cut.skipping)
        TRY(skip_begin(f, c, at, err));
    *ret_used = at + f->cut.done;
    f->cut.done = 0;
    return 0;
}

static int frame_cut(void *cutter, struct chunk *c, size_t *ret_used, struct error *err)
{
    struct frame *f = cutter;
    size_t at = 0;
    if (!f->path_known) {
        TRY(json_path_find(&f->path, c->text, err));
        f->path_known = 1;
    }
    for (;;) {
        while (f->cut.kind < 0 && at < c->text.len && is_space(c->text.ptr[at]))
            at++;
        if (at == c->text.len)
            break;
        int was_long = f->cut.skipping;
        int more = frame_step(f, c, &at, err);
        TRY(more);
        if (!more)
            return frame_pause(f, c, at, ret_used, err);
        if (was_long) {
            f->cut.skipping = 0;
            *ret_used = at;
            return 0;
        }
    }
    *ret_used = at;
    return c->last ? frame_ended(f, c, err) : 0;
}

const struct nested_kind json_document_kind = {
    .style = SHAPE_JSON,
    .cutter_new = frame_new,
    .cut = frame_cut,
    .cutter_free = frame_free,
    .parser_new = json_parser_new,
    .parse = json_parse_spans,
    .parser_free = json_parser_free,
};
