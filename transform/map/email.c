#include "transform/map/email.h"

#include "schemas/contact.h"
#include "transform/map/junk.h"
#include "transform/map/text.h"

static int parts_addresses(char c)
{
    return c == ' ' || c == ',' || c == ';' || c == '|' || c == '<' || c == '>' || c == '(' ||
           c == ')' || c == '[' || c == ']' || c == '"' || (c >= '\t' && c <= '\r');
}

static struct slice take_word(struct slice *rest)
{
    size_t from = 0, to;
    while (from < rest->len && parts_addresses(rest->ptr[from]))
        from++;
    for (to = from; to < rest->len && !parts_addresses(rest->ptr[to]); to++)
        ;
    struct slice word = slice_of(rest->ptr + from, to - from);
    *rest = slice_of(rest->ptr + to, rest->len - to);
    return word;
}

/* Dots and quotes around it are of the sentence it stood in. */
static struct slice without_marks(struct slice word)
{
    static const struct slice scheme = SLICE_INIT("mailto:");
    if (word.len > scheme.len && slice_equal_nocase(slice_of(word.ptr, scheme.len), scheme))
        word = slice_of(word.ptr + scheme.len, word.len - scheme.len);
    while (word.len && (word.ptr[0] == '\'' || word.ptr[0] == '.'))
        word = slice_of(word.ptr + 1, word.len - 1);
    while (word.len && strchr("'.:", word.ptr[word.len - 1]))
        word.len--;
    return word;
}

int email_take(struct slice *rest, struct arena *a, struct slice *ret)
{
    while (rest->len) {
        struct slice word = without_marks(take_word(rest));
        if (!word.len || !memchr(word.ptr, '@', word.len))
            continue;
        /* Lower case first: it may be longer. */
        TRY(text_lower(word, a, &word));
        if (!email_valid(word) || junk_email(word))
            continue;
        *ret = word;
        return 1;
    }
    return 0;
}
