#include "connectors/xml/cut.h"

static int is_name_end(const char *p, const char *end)
{
    return p < end && ((unsigned char)*p <= ' ' || *p == '>' || *p == '/');
}

/* Does the record's name stand at p? */
static int name_at(const struct xml_cut *k, const char *p, const char *end)
{
    return *p == *k->name && (size_t)(end - p) > k->name_len &&
           memcmp(p, k->name, k->name_len) == 0 && is_name_end(p + k->name_len, end);
}

/* A start or end tag of the record's own name, at p. The byte behind it; NULL: not seen whole. */
static const char *own_tag(struct xml_cut *k, const char *p, const char *end)
{
    size_t tag;
    if (xml_tag_end(slice_of(p, (size_t)(end - p)), &tag) < 0)
        return NULL;
    if (p[1] == '/')
        k->nest--;
    else if (p[tag - 2] != '/' || p[tag - 1] != '>')
        k->nest++;
    return p + tag;
}

const char *xml_terminator(const char *p, const char *end)
{
    struct slice rest = slice_of(p, (size_t)(end - p));
    if (p[1] == '?')
        return "?>";
    if (p[1] != '!')
        return NULL;
    if (slice_starts(rest, SLICE_LIT("<!--")))
        return "-->";
    if (slice_starts(rest, SLICE_LIT("<![CDATA[")))
        return "]]>";
    return NULL;
}

const char *xml_skip_until(const char *until, const char *p, const char *end, const char **ret_at)
{
    size_t n = strlen(until);
    const char *found = memmem(p, (size_t)(end - p), until, n);
    if (found)
        return found + n;
    *ret_at = (size_t)(end - p) < n ? p : end - (n - 1);
    return NULL;
}

int xml_cut_on(struct xml_cut *k, const char **at, const char *end, int last)
{
    const char *p = *at, *next;
    while (p < end) {
        if (k->until) {
            next = xml_skip_until(k->until, p, end, at);
            if (!next)
                return 0;
            k->until = NULL;
            p = next;
        }
        p = memchr(p, '<', (size_t)(end - p));
        if (!p)
            break;
        *at = p;
        if ((size_t)(end - p) < k->name_len + 10 && !last)
            return 0;
        if (end - p < 2)
            break;
        if ((k->until = xml_terminator(p, end))) {
            p += 2;
            continue;
        }
        if (!name_at(k, p + 1 + (p[1] == '/'), end)) {
            p++;
            continue;
        }
        next = own_tag(k, p, end);
        if (!next)
            return 0;
        *at = p = next;
        if (k->nest <= 0)
            return 1;
    }
    *at = end;
    return 0;
}
