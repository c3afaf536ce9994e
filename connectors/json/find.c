/* Finding the array of records in the first bytes of a document, which may be cut off or broken:
 * nothing is checked here. */
#include "connectors/json/frame.h"
#include "connectors/json/scan.h"

enum { FOUND_MAX = 64 };

struct found {
    struct slice keys[FRAME_PATH];
    int n;
    int64_t objects;
};

struct search {
    const char *at, *end;
    char open[JSON_DEPTH];
    struct slice keys[FRAME_PATH]; /* by depth */
    int depth;
    int arrays; /* arrays among the open containers */
    struct found found[FOUND_MAX];
    int n_found, current; /* the candidate that is open, or -1 */
};

int json_path_parse(struct json_path *p, const char *each, struct error *err)
{
    struct slice rest = slice_str(each), key;
    p->n = 0;
    if (strcmp(each, ".") == 0 || strcmp(each, "$") == 0)
        return 0;
    if (slice_starts(rest, SLICE_LIT("$.")))
        rest = slice_of(rest.ptr + 2, rest.len - 2);
    if (slice_ends(rest, SLICE_LIT("[]")))
        rest.len -= 2;
    while (slice_cut(&rest, '.', &key)) {
        if (p->n == FRAME_PATH || !key.len)
            return error_set(err, ERR_CONFIG, "'%s' is not the path of an array", each);
        p->keys[p->n] = arena_copy(&p->arena, key);
        if (!p->keys[p->n++].ptr)
            return error_memory(err);
    }
    return 0;
}

/* The candidate with the same path, or a new one. */
static int candidate(struct search *s)
{
    for (int i = 0; i < s->n_found; i++) {
        int same = s->found[i].n == s->depth;
        for (int k = 0; same && k < s->depth; k++)
            same = slice_equal(s->found[i].keys[k], s->keys[k]);
        if (same)
            return i;
    }
    if (s->n_found == FOUND_MAX)
        return -1;
    struct found *f = &s->found[s->n_found];
    f->n = s->depth;
    f->objects = 0;
    memcpy(f->keys, s->keys, sizeof f->keys);
    return s->n_found++;
}

static void search_open(struct search *s, char c)
{
    if (c == '{' && s->current >= 0 && s->depth == s->found[s->current].n + 1)
        s->found[s->current].objects++;
    if (c == '[' && !s->arrays && s->depth < FRAME_PATH)
        s->current = candidate(s);
    s->arrays += c == '[';
    if (s->depth < JSON_DEPTH)
        s->open[s->depth] = c;
    s->depth++;
}

static void search_close(struct search *s)
{
    if (!s->depth)
        return;
    s->depth--;
    if (s->depth < JSON_DEPTH && s->open[s->depth] == '[' && --s->arrays == 0)
        s->current = -1;
}

/* At a quote. A string before a colon is the key of the open object. */
static void search_string(struct search *s)
{
    int high = 0;
    const char *from = ++s->at;
    for (;;) {
        s->at = scan_string(s->at, s->end, &high);
        if (s->at >= s->end || *s->at == '"')
            break;
        s->at += *s->at == '\\' ? 2 : 1;
    }
    if (s->at >= s->end)
        return;
    struct slice key = slice_of(from, (size_t)(s->at++ - from));
    while (s->at < s->end && (unsigned char)*s->at <= ' ')
        s->at++;
    if (s->at < s->end && *s->at == ':' && s->depth > 0 && s->depth <= FRAME_PATH)
        s->keys[s->depth - 1] = key;
}

static void search_run(struct search *s)
{
    while (s->at < s->end && s->depth < JSON_DEPTH) {
        char c = *s->at;
        if (c == '"') {
            search_string(s);
            continue;
        }
        if (c == '{' || c == '[')
            search_open(s, c);
        else if (c == '}' || c == ']')
            search_close(s);
        s->at++;
    }
}

static const struct found *best(const struct search *s)
{
    const struct found *most = NULL;
    for (int i = 0; i < s->n_found; i++)
        if (s->found[i].objects > (most ? most->objects : 0))
            most = &s->found[i];
    return most;
}

int json_path_find(struct json_path *p, struct slice text, struct error *err)
{
    struct search s = {.at = text.ptr, .end = text.ptr + text.len, .current = -1};
    p->n = 0;
    while (s.at < s.end && (unsigned char)*s.at <= ' ')
        s.at++;
    if (s.at < s.end && *s.at == '[')
        return 0;
    search_run(&s);
    const struct found *f = best(&s);
    for (int i = 0; f && i < f->n; i++) {
        p->keys[i] = arena_copy(&p->arena, f->keys[i]);
        if (!p->keys[i].ptr)
            return error_memory(err);
    }
    p->n = f ? f->n : 0;
    return 0;
}
