#include "schemas/yaml.h"

#include <libfyaml.h>

enum { MAX_BYTES = 4 << 20, MAX_DEPTH = 64, MAX_NODES = 200000 };

struct anchor {
    struct slice name;
    struct yaml_node node;
    struct anchor *next;
};

struct reader {
    const char *name;
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct arena *arena;
    struct anchor *anchors; /* newest first */
    int n_nodes;
    struct position last; /* of the last event that had one */
    struct error *err;
};

static int fail_at(const struct reader *r, struct position at, const char *text)
{
    error_set(r->err, ERR_CONFIG, "%s", text);
    return error_where(r->err, "%s:%d:%d", r->name, at.line, at.column);
}

static int fail_scan(const struct reader *r)
{
    void *at = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(r->diag, &at);
    struct position place = r->last;
    const char *hint = "";

    if (!first)
        return fail_at(r, place, "not valid YAML");
    place = (struct position){.line = first->line, .column = first->column};
    if (strstr(first->msg, "plain scalar cannot start"))
        hint = ": put it in quotes";
    error_set(r->err, ERR_CONFIG, "not valid YAML: %s%s", first->msg, hint);
    return error_where(r->err, "%s:%d:%d", r->name, place.line, place.column);
}

/* libfyaml ends quietly at bytes that YAML does not allow, so they are looked for beforehand. */
static int check_bytes(const struct reader *r, struct slice bytes)
{
    size_t valid = slice_utf8_valid(bytes);
    struct position at = {.line = 1, .column = 1};

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];

        if (i == valid)
            return fail_at(r, at, "not valid UTF-8");
        if (c < ' ' && c != '\n' && c != '\t' && c != '\r')
            return fail_at(r, at, "a control character that YAML does not allow");
        if (c == '\n')
            at = (struct position){.line = at.line + 1, .column = 0};
        at.column += (c & 0xc0) != 0x80;
    }
    return 0;
}

static struct position event_place(struct reader *r, struct fy_event *e)
{
    const struct fy_mark *mark = fy_event_start_mark(e);

    if (mark)
        r->last = (struct position){.line = mark->line + 1, .column = mark->column + 1};
    return r->last;
}

static int next_event(struct reader *r, struct fy_event **ret)
{
    struct fy_event *e = fy_parser_parse(r->parser);

    if (!e || fy_diag_got_error(r->diag)) {
        fy_parser_event_free(r->parser, e);
        return fail_scan(r);
    }
    *ret = e;
    return 0;
}

static int copy_token(struct reader *r, struct fy_token *token, struct slice *ret)
{
    size_t len = 0;
    const char *text = fy_token_get_text(token, &len);

    *ret = arena_copy(r->arena, slice_of(text, text ? len : 0));
    return ret->ptr ? 0 : error_memory(r->err);
}

static int is_one_of(struct slice s, const char *const *names)
{
    for (; *names; names++)
        if (slice_equal(s, slice_str(*names)))
            return 1;
    return 0;
}

static size_t skip_digits(struct slice s, size_t at)
{
    while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')
        at++;
    return at;
}

/* The core schema's [-+]?[0-9]+ and [-+]?([0-9]*)(.[0-9]*)?([eE][-+]?[0-9]+)?; octal, hexadecimal,
 * infinity and NaN stay text: no setting needs them. */
static enum yaml_kind number_kind(struct slice s)
{
    size_t start = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
    size_t at = skip_digits(s, start);
    size_t digits = at - start;

    if (at == s.len)
        return digits ? YAML_INT : YAML_TEXT;
    if (s.ptr[at] == '.') {
        size_t end = skip_digits(s, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if (!digits)
        return YAML_TEXT;
    if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
        at++;
        at += at < s.len && (s.ptr[at] == '-' || s.ptr[at] == '+');
        size_t end = skip_digits(s, at);
        if (end == at)
            return YAML_TEXT;
        at = end;
    }
    return at == s.len ? YAML_REAL : YAML_TEXT;
}

static enum yaml_kind plain_kind(struct slice s)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};

    if (is_one_of(s, nulls))
        return YAML_NULL;
    return is_one_of(s, bools) ? YAML_BOOL : number_kind(s);
}

static int read_scalar(struct reader *r, struct fy_event *e, struct yaml_node *ret)
{
    struct fy_token *token = e->scalar.value;
    int plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;

    TRY(copy_token(r, token, &ret->text));
    if (memchr(ret->text.ptr, 0, ret->text.len))
        return fail_at(r, ret->at, "a zero byte in a text");
    ret->kind = plain ? plain_kind(ret->text) : YAML_TEXT;
    /* The scanner's mark of a quoted scalar is behind its quote. */
    if (!plain && ret->at.column > 1 && fy_token_scalar_style(token) <= FYSS_DOUBLE_QUOTED)
        ret->at.column--;
    return 0;
}

static int read_alias(struct reader *r, struct fy_event *e, struct yaml_node *ret)
{
    struct slice name;
    struct position at = ret->at;

    at.column -= at.column > 1; /* the mark is behind the star */
    TRY(copy_token(r, e->alias.anchor, &name));
    for (const struct anchor *a = r->anchors; a; a = a->next) {
        if (!slice_equal(a->name, name))
            continue;
        *ret = a->node;
        ret->at = at;
        return 0;
    }
    error_set(r->err, ERR_CONFIG, "no anchor '&%s' above", name.ptr);
    return error_where(r->err, "%s:%d:%d", r->name, at.line, at.column);
}

static int read_node(struct reader *r, struct fy_event *e, int depth, struct yaml_node *ret);

/* Room for one more in an array of the arena that doubles; the new element is not counted yet. */
static void *room(struct reader *r, void *array, int n, size_t size)
{
    void *grown;

    if (n & (n - 1)) /* not a power of two: there is room */
        return array;
    grown = arena_array(r->arena, size, n ? 2 * (size_t)n : 1);
    if (grown && n)
        memcpy(grown, array, (size_t)n * size);
    return grown;
}

/* Reads one node whose event is already there, and frees the event. */
static int read_event(struct reader *r, struct fy_event *e, int depth, struct yaml_node *ret)
{
    int code = read_node(r, e, depth, ret);

    fy_parser_event_free(r->parser, e);
    return code;
}

/* Checked after every addition, so that a weight never passes twice the limit. */
static int check_weight(const struct reader *r, const struct yaml_node *node)
{
    return node->weight > MAX_NODES ? fail_at(r, node->at, "more than 200,000 entries") : 0;
}

static int read_list(struct reader *r, int depth, struct yaml_node *ret)
{
    for (;;) {
        struct fy_event *e;

        TRY(next_event(r, &e));
        if (e->type == FYET_SEQUENCE_END) {
            fy_parser_event_free(r->parser, e);
            return 0;
        }
        ret->items = room(r, ret->items, ret->n, sizeof *ret->items);
        if (!ret->items) {
            fy_parser_event_free(r->parser, e);
            return error_memory(r->err);
        }
        TRY(read_event(r, e, depth, &ret->items[ret->n]));
        ret->weight += ret->items[ret->n++].weight;
        TRY(check_weight(r, ret));
    }
}

static int read_key(struct reader *r, struct fy_event *e, struct yaml_pair *ret)
{
    struct yaml_node key = {.at = event_place(r, e)};
    enum fy_event_type type = e->type;
    int code = type == FYET_SCALAR ? read_scalar(r, e, &key) : 0;

    fy_parser_event_free(r->parser, e);
    TRY(code);
    if (type != FYET_SCALAR)
        return fail_at(r, key.at, "a key must be a plain or quoted word");
    ret->key = key.text;
    ret->key_at = key.at;
    return 0;
}

static int read_map(struct reader *r, int depth, struct yaml_node *ret)
{
    for (;;) {
        struct fy_event *e;
        struct yaml_pair pair = {.key = {0}};

        TRY(next_event(r, &e));
        if (e->type == FYET_MAPPING_END) {
            fy_parser_event_free(r->parser, e);
            return 0;
        }
        TRY(read_key(r, e, &pair));
        TRY(next_event(r, &e));
        TRY(read_event(r, e, depth, &pair.value));
        ret->pairs = room(r, ret->pairs, ret->n, sizeof *ret->pairs);
        if (!ret->pairs)
            return error_memory(r->err);
        ret->weight += pair.value.weight;
        ret->pairs[ret->n++] = pair;
        TRY(check_weight(r, ret));
    }
}

static int keep_anchor(struct reader *r, struct fy_token *token, const struct yaml_node *node)
{
    struct anchor *a;

    if (!token)
        return 0;
    a = ARENA_NEW(r->arena, struct anchor);
    if (!a)
        return error_memory(r->err);
    TRY(copy_token(r, token, &a->name));
    a->node = *node;
    a->next = r->anchors;
    r->anchors = a;
    return 0;
}

static int read_node(struct reader *r, struct fy_event *e, int depth, struct yaml_node *ret)
{
    *ret = (struct yaml_node){.at = event_place(r, e), .weight = 1};
    if (depth > MAX_DEPTH)
        return fail_at(r, ret->at, "nested too deep");
    switch (e->type) {
    case FYET_SCALAR:
        TRY(read_scalar(r, e, ret));
        TRY(keep_anchor(r, e->scalar.anchor, ret));
        break;
    case FYET_ALIAS:
        TRY(read_alias(r, e, ret));
        break;
    case FYET_SEQUENCE_START:
        ret->kind = YAML_LIST;
        TRY(read_list(r, depth + 1, ret));
        TRY(keep_anchor(r, e->sequence_start.anchor, ret));
        break;
    case FYET_MAPPING_START:
        ret->kind = YAML_MAP;
        TRY(read_map(r, depth + 1, ret));
        TRY(keep_anchor(r, e->mapping_start.anchor, ret));
        break;
    default:
        return fail_at(r, ret->at, "not valid YAML");
    }
    return 0;
}

static int read_stream(struct reader *r, struct yaml_node *ret)
{
    int n_documents = 0;

    for (;;) {
        struct fy_event *e;
        enum fy_event_type type;

        TRY(next_event(r, &e));
        type = e->type;
        if (type == FYET_SCALAR || type == FYET_SEQUENCE_START || type == FYET_MAPPING_START ||
            type == FYET_ALIAS) {
            TRY(read_event(r, e, 0, ret));
            continue;
        }
        event_place(r, e);
        fy_parser_event_free(r->parser, e);
        if (type == FYET_STREAM_END)
            return 0;
        if (type == FYET_DOCUMENT_START && n_documents++)
            return fail_at(r, r->last, "a second document: the file must hold one");
    }
}

static int open_parser(struct reader *r, struct slice bytes)
{
    struct fy_diag_cfg diag;
    struct fy_parse_cfg cfg = {.flags = FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE |
                                        FYPCF_DISABLE_MMAP_OPT};

    fy_diag_cfg_default(&diag);
    diag.fp = NULL;
    r->diag = fy_diag_create(&diag);
    if (!r->diag)
        return error_memory(r->err);
    fy_diag_set_collect_errors(r->diag, true);
    cfg.diag = r->diag;
    r->parser = fy_parser_create(&cfg);
    if (!r->parser || fy_parser_set_string(r->parser, bytes.ptr, bytes.len) != 0)
        return error_memory(r->err);
    return 0;
}

int yaml_parse(const char *name, struct slice bytes, struct arena *a, struct yaml_node *ret,
               struct error *err)
{
    struct reader r = {.name = name, .arena = a, .err = err, .last = {1, 1}};
    struct yaml_node root = {.kind = YAML_NULL, .at = {1, 1}, .weight = 1};
    int code;

    if (slice_starts(bytes, SLICE_LIT("\xef\xbb\xbf")))
        bytes = slice_of(bytes.ptr + 3, bytes.len - 3);
    if (bytes.len > MAX_BYTES)
        return fail_at(&r, r.last, "larger than 4 MiB");
    TRY(check_bytes(&r, bytes));
    if (bytes.len) {
        code = open_parser(&r, bytes);
        if (code == 0)
            code = read_stream(&r, &root);
        if (r.parser)
            fy_parser_destroy(r.parser);
        fy_diag_destroy(r.diag);
        TRY(code);
    }
    *ret = root;
    return 0;
}
