#include "connectors/json/cut.h"

#include "connectors/json/scan.h"

/* Goes on from p; the byte behind the record, or `end` when it is not seen whole. */
static const char *cut_string(struct json_cut *k, const char *p, const char *end)
{
    int high = 0;
    while ((p = scan_string(p, end, &high)) < end) {
        if (*p == '"') {
            k->in_string = 0;
            return p + 1;
        }
        if (*p == '\\' && p + 1 == end)
            return p; /* the backslash is looked at again with what it escapes */
        p += *p == '\\' ? 2 : 1;
    }
    return end;
}

/* 1 when the record ends at *at. Else *at is where to go on. */
static int cut_brackets(struct json_cut *k, const char **at, const char *end)
{
    char up = (char)k->kind, down = k->kind == '{' ? '}' : ']';
    const char *p = *at;
    while (p < end) {
        if (k->in_string) {
            const char *q = cut_string(k, p, end);
            if (k->in_string) {
                *at = q;
                return 0;
            }
            p = q;
            continue;
        }
        p = scan_brackets(p, end, up, down);
        if (p == end)
            break;
        k->in_string = *p == '"';
        k->depth += *p == up ? 1 : *p == down ? -1 : 0;
        p++;
        if (!k->depth) {
            *at = p;
            return 1;
        }
    }
    *at = p;
    return 0;
}

static int cut_plain(const char **at, const char *end)
{
    const char *p = *at;
    while (p < end && *p != ',' && *p != ']' && *p != '}' && (unsigned char)*p > ' ')
        p++;
    *at = p;
    return p < end;
}

int json_cut_on(struct json_cut *k, const char **at, const char *end)
{
    if (k->kind == '{' || k->kind == '[')
        return cut_brackets(k, at, end);
    if (k->kind == 0)
        return cut_plain(at, end);
    *at = cut_string(k, *at, end);
    return !k->in_string;
}
