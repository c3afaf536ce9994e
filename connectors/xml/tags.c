/* Looking at tags without parsing them. */
#include "connectors/xml/frame.h"

/* The closing quote from i on, or a < (which no value may hold), or the end. */
static size_t quote_end(struct slice text, size_t i, char quote)
{
    while (i < text.len && text.ptr[i] != quote && text.ptr[i] != '<')
        i++;
    return i;
}

int xml_tag_end(struct slice text, size_t *ret_end)
{
    int equals = 0;
    for (size_t i = text.len && *text.ptr == '<'; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '\'') {
            i = quote_end(text, i + 1, c);
            if (i == text.len)
                return -1;
            c = text.ptr[i];
        }
        if (c == '>' || c == '<') {
            *ret_end = i + (c == '>');
            return equals;
        }
        equals += c == '=';
    }
    return -1;
}

static int ends_name(char c)
{
    return (unsigned char)c <= ' ' || c == '>' || c == '/' || c == '<' || c == '=';
}

struct slice xml_name(struct slice text)
{
    size_t n = 0;
    while (n < text.len && !ends_name(text.ptr[n]))
        n++;
    return slice_of(text.ptr, n);
}

int xml_name_matches(struct slice name, struct slice wanted)
{
    if (slice_equal(name, wanted))
        return 1;
    if (name.len <= wanted.len + 1 || !slice_ends(name, wanted))
        return 0;
    return name.ptr[name.len - wanted.len - 1] == ':' && !memchr(wanted.ptr, ':', wanted.len);
}
