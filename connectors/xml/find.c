/* Finding the record element in the first bytes of a document, which may be cut off or broken. */
#include "connectors/xml/frame.h"

enum { KINDS_MAX = 256, LEVELS_MAX = 8 };

/* An element by its name and level; the root's is 0. */
struct kind {
    struct slice name, parent;
    int level;
    int64_t n;      /* seen in all */
    int64_t in_one; /* seen in the parent that is open */
    int repeats;    /* stood twice in one parent */
    int nests;      /* has child elements */
};

struct search {
    struct slice open[LEVELS_MAX + 1];
    int depth;
    struct kind kinds[KINDS_MAX];
    int n_kinds;
};

static struct kind *kind_of(struct search *s, struct slice name)
{
    struct slice parent = s->depth ? s->open[s->depth - 1] : slice_of(NULL, 0);
    for (int i = 0; i < s->n_kinds; i++)
        if (s->kinds[i].level == s->depth && slice_equal(s->kinds[i].name, name) &&
            slice_equal(s->kinds[i].parent, parent))
            return &s->kinds[i];
    if (s->n_kinds == KINDS_MAX)
        return NULL;
    s->kinds[s->n_kinds] = (struct kind){.name = name, .parent = parent, .level = s->depth};
    return &s->kinds[s->n_kinds++];
}

static void search_start(struct search *s, struct slice name)
{
    if (s->depth < LEVELS_MAX) {
        struct kind *k = kind_of(s, name);
        if (k) {
            k->n++;
            k->repeats |= ++k->in_one > 1;
        }
        for (int i = 0; i < s->n_kinds; i++)
            if (s->kinds[i].level == s->depth + 1)
                s->kinds[i].in_one = 0;
        for (int i = 0; s->depth && i < s->n_kinds; i++)
            if (s->kinds[i].level == s->depth - 1 &&
                slice_equal(s->kinds[i].name, s->open[s->depth - 1]))
                s->kinds[i].nests = 1;
        s->open[s->depth] = name;
    }
    s->depth++;
}

/* Past a comment, CDATA or instruction; the end of the text when it does not end. */
static const char *past(struct slice text, const char *terminator)
{
    const char *p = memmem(text.ptr, text.len, terminator, strlen(terminator));
    return p ? p + strlen(terminator) : text.ptr + text.len;
}

/* The markup at p (a <); returns what is behind it, or NULL when it is cut off. */
static const char *search_markup(struct search *s, const char *p, const char *end)
{
    struct slice rest = slice_of(p + 1, (size_t)(end - p - 1));
    size_t tag;
    if (slice_starts(rest, SLICE_LIT("!--")))
        return past(rest, "-->");
    if (slice_starts(rest, SLICE_LIT("![CDATA[")))
        return past(rest, "]]>");
    if (slice_starts(rest, SLICE_LIT("?")))
        return past(rest, "?>");
    if (xml_tag_end(rest, &tag) < 0)
        return NULL;
    if (rest.ptr[0] == '/') {
        s->depth -= s->depth > 0;
    } else if (rest.ptr[0] != '!') {
        search_start(s, xml_name(rest));
        s->depth -= tag >= 2 && rest.ptr[tag - 2] == '/';
    }
    return rest.ptr + tag;
}

/* Is "ticket" in "tickets" (entries, boxes) the one of many? */
static int is_singular(struct slice one, struct slice many)
{
    size_t stem = one.len && one.ptr[one.len - 1] == 'y' ? one.len - 1 : one.len;
    return one.len > 1 && many.len > one.len && slice_starts(many, slice_of(one.ptr, stem)) &&
           many.ptr[many.len - 1] == 's';
}

/* The nearest to the root wins; there, the most frequent. A lone "ticket" in "tickets" counts as
 * repeated. */
static const struct kind *best(const struct search *s)
{
    const struct kind *b = NULL;
    for (int i = 0; i < s->n_kinds; i++) {
        const struct kind *k = &s->kinds[i];
        int level_better = !b || k->level < b->level;
        if (!k->repeats && !(k->nests && is_singular(k->name, k->parent)))
            continue;
        if (k->level && (level_better || (k->level == b->level && k->n > b->n)))
            b = k;
    }
    return b;
}

/* Nothing repeats: the root's only child, if it has just one with children; else the root. */
static const struct kind *lone(const struct search *s)
{
    const struct kind *child = NULL;
    int n = 0;
    for (int i = 0; i < s->n_kinds; i++)
        if (s->kinds[i].level == 1) {
            child = &s->kinds[i];
            n++;
        }
    return n == 1 && child->nests ? child : &s->kinds[0];
}

int xml_find_record(struct slice text, char ret[XML_NAME])
{
    struct search s = {0};
    const char *p = text.ptr, *end = text.ptr + text.len;
    while (p && p < end && (p = memchr(p, '<', (size_t)(end - p))))
        p = search_markup(&s, p, end);
    if (s.n_kinds < 2)
        return 0;
    const struct kind *k = best(&s);
    if (!k)
        k = lone(&s);
    size_t n = k->name.len < XML_NAME ? k->name.len : XML_NAME - 1;
    memcpy(ret, k->name.ptr, n);
    ret[n] = 0;
    return 1;
}
