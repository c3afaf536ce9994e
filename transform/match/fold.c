#include "transform/match/fold.h"

#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

void folder_init(struct folder *f)
{
    *f = (struct folder){0};
    buffer_init(&f->plain, (size_t)FOLD_MAX * 8);
}

void folder_done(struct folder *f)
{
    if (f->transliterator)
        utrans_close(f->transliterator);
    buffer_done(&f->plain);
    *f = (struct folder){0};
}

static UTransliterator *open_transliterator(void)
{
    static const UChar id[] = u"Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower";
    UErrorCode status = U_ZERO_ERROR;
    UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    return U_SUCCESS(status) ? t : NULL;
}

/* Values that ICU cannot read keep their bytes: matching compares them as they are. */
static int fold_unicode(struct folder *f, struct slice s)
{
    enum { UNITS = FOLD_MAX * 3 };
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    if (!f->transliterator && !(f->transliterator = open_transliterator()))
        return buffer_slice(&f->plain, s);
    UChar *units = malloc(UNITS * sizeof *units);
    if (!units)
        return ERR_MEMORY;
    u_strFromUTF8WithSub(units, FOLD_MAX, &len, s.ptr, (int32_t)s.len, 0xFFFD, NULL, &status);
    int32_t limit = len;
    if (U_SUCCESS(status))
        utrans_transUChars(f->transliterator, units, &len, UNITS, 0, &limit, &status);
    int code = buffer_reserve(&f->plain, (size_t)UNITS * 3 / 2);
    int32_t bytes = 0;
    if (code == 0 && U_SUCCESS(status))
        u_strToUTF8WithSub((char *)f->plain.data, UNITS * 3 / 2, &bytes, units, limit, '?', NULL,
                           &status);
    free(units);
    if (code < 0)
        return code;
    if (U_FAILURE(status))
        return buffer_slice(&f->plain, s);
    f->plain.len = (size_t)bytes;
    return 0;
}

static int is_ascii(struct slice s)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < s.len; i++)
        seen = (unsigned char)(seen | (unsigned char)s.ptr[i]);
    return seen < 0x80;
}

int fold_text(struct folder *f, struct slice value, struct slice *ret)
{
    value = slice_trim(value);
    if (value.len > FOLD_MAX)
        value.len = slice_utf8_valid(slice_of(value.ptr, FOLD_MAX));
    buffer_reset(&f->plain);
    if (is_ascii(value))
        TRY(buffer_slice(&f->plain, value));
    else
        TRY(fold_unicode(f, value));
    for (size_t i = 0; i < f->plain.len; i++)
        if (f->plain.data[i] >= 'A' && f->plain.data[i] <= 'Z')
            f->plain.data[i] = (uint8_t)(f->plain.data[i] | 0x20);
    *ret = buffer_view(&f->plain);
    return 0;
}

static int cut_words(struct folder *f, struct slice *ret)
{
    char *text = (char *)f->plain.data;
    size_t len = 0;
    for (size_t i = 0; i < f->plain.len; i++) {
        char c = text[i];
        if (c == '\'' || c == '`')
            continue;
        if (fold_is_letter(c) || fold_is_digit(c))
            text[len++] = c;
        else if (len && text[len - 1] != ' ')
            text[len++] = ' ';
    }
    while (len && text[len - 1] == ' ')
        len--;
    f->plain.len = len;
    *ret = buffer_view(&f->plain);
    return 0;
}

/* "ps-lx350h" is one code: hyphens between letters and digits go when the word holds a digit. */
int fold_codes(struct folder *f, struct slice value, struct slice *ret)
{
    struct slice text;
    TRY(fold_text(f, value, &text));
    char *p = (char *)f->plain.data;
    size_t len = 0;
    for (size_t from = 0, to; from < text.len; from = to + 1) {
        int digits = 0;
        for (to = from; to < text.len && p[to] != ' '; to++)
            digits |= fold_is_digit(p[to]);
        for (size_t i = from; i < to; i++)
            if (!digits || p[i] != '-' || i == from || i + 1 == to)
                p[len++] = p[i];
        if (to < text.len)
            p[len++] = ' ';
    }
    f->plain.len = len;
    return cut_words(f, ret);
}

int fold_words(struct folder *f, struct slice value, struct slice *ret)
{
    struct slice folded;
    TRY(fold_text(f, value, &folded));
    return cut_words(f, ret);
}

int fold_next_word(struct slice *rest, struct slice *ret_word)
{
    while (rest->len && *rest->ptr == ' ')
        *rest = slice_of(rest->ptr + 1, rest->len - 1);
    if (rest->len == 0)
        return 0;
    const char *end = memchr(rest->ptr, ' ', rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    *ret_word = slice_of(rest->ptr, len);
    *rest = slice_of(rest->ptr + len, rest->len - len);
    return 1;
}

size_t fold_alphanumerics(struct slice s, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len && n < cap; i++)
        if (fold_is_letter(s.ptr[i]) || fold_is_digit(s.ptr[i]))
            out[n++] = s.ptr[i];
    return n;
}

size_t fold_digits(struct slice s, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len && n < cap; i++)
        if (fold_is_digit(s.ptr[i]))
            out[n++] = s.ptr[i];
    return n;
}
