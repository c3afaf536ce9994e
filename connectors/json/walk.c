#include "connectors/json/walk.h"

#include <stdlib.h>

#include "connectors/json/string.h"
#include "core/hash.h"

static int walk_value(struct json_walk *w, struct shape_node *node);

static inline void skip_space(struct json_walk *w)
{
    const char *p = w->at, *end = w->end;
    if (p < end && (unsigned char)*p > ' ')
        return;
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    w->at = p;
}

/* The next token's first byte, 0 at the end. */
static inline char next_token(struct json_walk *w)
{
    skip_space(w);
    return w->at < w->end ? *w->at : 0;
}

static int surprised(struct json_walk *w, const struct shape_node *node, struct slice key)
{
    if (!w->surprise) {
        w->surprise = node;
        w->surprise_key = key;
    }
    return 0;
}

static int key_note(struct json_walk *w, struct slice key)
{
    if (w->n_keys == w->cap_keys) {
        size_t cap = w->cap_keys ? w->cap_keys * 2 : 64;
        struct json_key *keys = realloc(w->keys, cap * sizeof *keys);
        if (!keys)
            return ERR_MEMORY;
        w->keys = keys;
        w->cap_keys = cap;
    }
    w->keys[w->n_keys++] = (struct json_key){hash_fixed(key.ptr, key.len), key};
    return 0;
}

static int key_order(const void *a, const void *b)
{
    const struct json_key *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return slice_compare(x->text, y->text);
}

/* Are two keys since `from` the same? They are forgotten. */
static int keys_repeat(struct json_walk *w, size_t from)
{
    size_t n = w->n_keys - from;
    int repeat = 0;
    w->n_keys = from;
    if (n < 2)
        return 0;
    struct json_key *k = w->keys + from;
    qsort(k, n, sizeof *k, key_order);
    for (size_t i = 1; i < n && !repeat; i++)
        repeat = k[i].hash == k[i - 1].hash && slice_equal(k[i].text, k[i - 1].text);
    return repeat;
}

static int duplicate(struct json_walk *w)
{
    if (!w->code) {
        w->code = "duplicate-key";
        w->problem = "an object has the same key twice";
    }
    return ERR_DATA;
}

/* Does the key that is expected next stand here? Most records have the keys of the one before. */
static int key_expected(struct json_walk *w, const struct shape_node *hint)
{
    if (!hint || !hint->plain || (size_t)(w->end - w->at) < hint->name.len + 2)
        return 0;
    if (w->at[hint->name.len + 1] != '"' ||
        !name_equal(slice_of(w->at + 1, hint->name.len), hint->name))
        return 0;
    w->at += hint->name.len + 2;
    return 1;
}

/* No node stands for the key: a new path, or one that nobody wants. */
static int key_unknown(struct json_walk *w, struct shape_node *node, struct slice key,
                       struct shape_node **ret)
{
    if (w->learn && w->grow && node) {
        *ret = shape_grow(w->learn, node, key);
        return *ret ? 0 : ERR_MEMORY;
    }
    if (w->learn) {
        w->news |= node != NULL;
        return 0;
    }
    if (node && !w->rows->shape->closed)
        surprised(w, node, key);
    return w->duplicates_fine ? 0 : key_note(w, key);
}

/* The node that the key at a quote leads to, NULL when nobody wants what is there. */
static int walk_key(struct json_walk *w, struct shape_node *node, uint64_t object,
                    struct shape_node **hint, struct shape_node **ret)
{
    struct slice key;
    struct shape_node *child = *hint;
    if (key_expected(w, child)) {
        *hint = child->next;
    } else {
        TRY(walk_string(w, &key));
        child = node ? shape_child(w->learn ? w->learn : w->rows->shape, node, key, hint) : NULL;
        if (!child)
            TRY(key_unknown(w, node, key, &child));
    }
    *ret = child;
    return child && w->rows && maker_met(w->rows, child, object) ? duplicate(w) : 0;
}

static int walk_member(struct json_walk *w, struct shape_node *node, uint64_t object,
                       struct shape_node **hint)
{
    struct shape_node *child;
    if (next_token(w) != '"')
        return walk_fault(w, "expected a key in quotes");
    TRY(walk_key(w, node, object, hint, &child));
    if (next_token(w) != ':')
        return walk_fault(w, "expected ':' after a key");
    w->at++;
    skip_space(w);
    return walk_value(w, child);
}

/* `node` NULL: only checked. */
static int walk_object(struct json_walk *w, struct shape_node *node)
{
    uint64_t object = w->rows ? maker_object(w->rows) : 0;
    struct shape_node *hint = node ? node->first : NULL;
    size_t keys = w->n_keys;
    w->at++;
    if (next_token(w) == '}') {
        w->at++;
        return 0;
    }
    for (;;) {
        TRY(walk_member(w, node, object, &hint));
        char c = next_token(w);
        if (c != ',' && c != '}')
            return walk_fault(w, "expected ',' or '}' after a member");
        w->at++;
        if (c == '}')
            break;
    }
    return keys_repeat(w, keys) ? duplicate(w) : 0;
}

/* Passes on a code from the row maker, which knows two faults. */
static int rows_code(struct json_walk *w, int code)
{
    if (code > 0)
        return duplicate(w);
    if (code == ERR_DATA) {
        w->code = "too-large";
        w->problem = "a list has too many elements";
    }
    return code;
}

static int walk_element(struct json_walk *w, struct shape_node *items)
{
    TRY(walk_value(w, items));
    return w->rows && items ? rows_code(w, maker_element(w->rows, items)) : 0;
}

static int walk_array(struct json_walk *w, struct shape_node *items)
{
    if (w->rows && items)
        maker_list(w->rows, items);
    w->at++;
    if (next_token(w) == ']') {
        w->at++;
        return 0;
    }
    for (;;) {
        skip_space(w);
        TRY(walk_element(w, items));
        char c = next_token(w);
        if (c != ',' && c != ']')
            return walk_fault(w, "expected ',' or ']' after an element");
        w->at++;
        if (c == ']')
            return 0;
    }
}

static int deeper(struct json_walk *w)
{
    if (++w->depth <= JSON_DEPTH)
        return 0;
    w->code = "too-deep";
    w->problem = "the record is nested too deeply";
    return ERR_DATA;
}

static int walk_scalar(struct json_walk *w, struct slice *ret)
{
    const char *start = w->at;
    switch (w->at < w->end ? *w->at : 0) {
    case '"':
        return walk_string(w, ret);
    case 't':
        TRY(walk_word(w, SLICE_LIT("true")));
        break;
    case 'f':
        TRY(walk_word(w, SLICE_LIT("false")));
        break;
    case 'n':
        *ret = slice_of(NULL, 0);
        return walk_word(w, SLICE_LIT("null"));
    default:
        if (w->at < w->end && (*w->at == '-' || (unsigned char)(*w->at - '0') <= 9))
            return walk_number(w, ret);
        return walk_word(w, SLICE_LIT("true")); /* a fault, with its sentence */
    }
    *ret = slice_of(start, (size_t)(w->at - start));
    return 0;
}

/* Checked, and forgotten. */
static int walk_past(struct json_walk *w)
{
    struct slice ignored;
    char c = w->at < w->end ? *w->at : 0;
    if (c != '{' && c != '[')
        return walk_scalar(w, &ignored);
    TRY(deeper(w));
    TRY(c == '{' ? walk_object(w, NULL) : walk_array(w, NULL));
    w->depth--;
    return 0;
}

static void mark(struct json_walk *w, struct shape_node *node, unsigned kind)
{
    if (node->kinds & kind)
        return;
    if (w->grow)
        shape_seen(node, kind);
    else
        w->news = 1;
}

static int learn_array(struct json_walk *w, struct shape_node *node)
{
    struct shape_node *items = node->items;
    mark(w, node, SHAPE_ARRAY);
    if (!items && !w->grow) {
        w->news = 1;
        return walk_array(w, NULL);
    }
    if (!items && !(items = shape_items(w->learn, node)))
        return ERR_MEMORY;
    return walk_array(w, items);
}

/* Objects in arrays are not taken apart, unless there is to be a row for each. */
static int learn_nested(struct json_walk *w, struct shape_node *node, char c)
{
    int in_array = node->parent && node->parent->items == node;
    if (c == '[' && !in_array)
        return learn_array(w, node);
    mark(w, node, c == '[' ? SHAPE_ARRAY : SHAPE_OBJECT);
    if (c == '[')
        return walk_array(w, NULL);
    return walk_object(w, in_array && node != w->learn->exploded ? NULL : node);
}

static int learn_value(struct json_walk *w, struct shape_node *node, char c)
{
    struct slice text = slice_of("", 0);
    if (c == '[' || c == '{') {
        TRY(deeper(w));
        TRY(learn_nested(w, node, c));
        w->depth--;
        return 0;
    }
    TRY(walk_scalar(w, &text));
    mark(w, node, text.ptr ? SHAPE_SCALAR : SHAPE_NULL);
    return 0;
}

/* A list whose single element stands without brackets is a list of one. */
static int walk_single(struct json_walk *w, struct shape_node *node)
{
    if (w->learn)
        mark(w, node, SHAPE_ARRAY);
    else
        maker_list(w->rows, node->items);
    return walk_element(w, node->items);
}

/* A value that no column takes: nobody asked for it, or the schema was found without it. */
static int homeless(struct json_walk *w, const struct shape_node *node)
{
    return w->rows->shape->closed ? 0 : surprised(w, node, slice_of(NULL, 0));
}

static int row_value(struct json_walk *w, struct shape_node *node, char c)
{
    struct slice text;
    const char *start = w->at;
    if (c != '{' && c != '[') {
        TRY(walk_scalar(w, &text));
        if (node->column >= 0)
            return rows_code(w, maker_set(w->rows, node, text));
        return text.ptr ? homeless(w, node) : 0;
    }
    TRY(deeper(w));
    if (c == '{')
        TRY(walk_object(w, node->first ? node : NULL));
    else
        TRY(walk_array(w, node->items));
    w->depth--;
    if (node->column < 0)
        return c == '[' && !node->items ? homeless(w, node) : 0;
    TRY(walk_compact(w, slice_of(start, (size_t)(w->at - start)), &text));
    return rows_code(w, maker_set(w->rows, node, text));
}

static int walk_wanted(struct json_walk *w, struct shape_node *node)
{
    char c = w->at < w->end ? *w->at : 0;
    int is_list = node->items && c != '[' && c != 'n';
    if (is_list && (w->rows ? node->column < 0 : node->explode))
        return walk_single(w, node);
    return w->learn ? learn_value(w, node, c) : row_value(w, node, c);
}

/* At a value's first byte. */
static int walk_value(struct json_walk *w, struct shape_node *node)
{
    if (!node)
        return walk_past(w);
    return walk_wanted(w, node);
}

void json_walk_init(struct json_walk *w, struct maker *rows)
{
    *w = (struct json_walk){.rows = rows};
    arena_init(&w->own_scratch, (size_t)1 << 28);
}

void json_walk_done(struct json_walk *w)
{
    free(w->keys);
    arena_done(&w->own_scratch);
}

static void walk_start(struct json_walk *w, struct slice record)
{
    w->start = w->at = record.ptr;
    w->end = record.ptr + record.len;
    w->depth = w->high = 0;
    w->n_keys = 0;
    w->code = w->problem = NULL;
    w->surprise = NULL;
    w->scratch = w->rows ? &w->rows->scratch : &w->own_scratch;
    if (!w->rows)
        arena_reset(&w->own_scratch);
}

static int check_utf8(struct json_walk *w)
{
    struct slice record = slice_of(w->start, (size_t)(w->end - w->start));
    size_t valid = slice_utf8_valid(record);
    if (valid == record.len)
        return 0;
    w->at = w->start + valid;
    w->code = "invalid-utf8";
    w->problem = "the bytes are not UTF-8";
    return ERR_DATA;
}

/* The whole of the text, any value. */
static int walk_text(struct json_walk *w, struct shape_node *root)
{
    skip_space(w);
    int r = walk_value(w, root);
    if (r == 0 && next_token(w))
        r = walk_fault(w, "something follows the record");
    if (r == 0 && w->at < w->end)
        r = walk_fault(w, "a zero byte");
    if (r == 0 ? w->high : r == ERR_DATA)
        r = check_utf8(w) < 0 ? ERR_DATA : r;
    return r == 0 && w->surprise ? ERR_DATA : r;
}

int json_walk_record(struct json_walk *w, struct slice record, struct shape_node *root)
{
    walk_start(w, record);
    if (next_token(w) != '{') {
        int r = walk_text(w, NULL);
        if (r == 0) {
            w->at = w->start;
            w->code = "not-object";
            w->problem = "a record must be an object";
        }
        return r == 0 ? ERR_DATA : r;
    }
    return walk_text(w, root);
}

int json_walk_string(struct json_walk *w, struct slice token, struct slice *ret)
{
    walk_start(w, token);
    int r = walk_string(w, ret);
    if (r == 0 && w->at < w->end)
        r = walk_fault(w, "something follows the string");
    return r == 0 && w->high ? check_utf8(w) : r;
}

int json_valid(struct slice text)
{
    struct json_walk w;
    json_walk_init(&w, NULL);
    w.duplicates_fine = 1;
    walk_start(&w, text);
    int r = walk_text(&w, NULL);
    json_walk_done(&w);
    return r == 0;
}
