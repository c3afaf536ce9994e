#include "transform/map/text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

int text_is_ascii(struct slice text)
{
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.ptr + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            return 0;
    }
    for (; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return 0;
    return 1;
}

static int ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Length of the white space that `s` begins with, in any script; zero-width marks count. */
static size_t space_len(struct slice s)
{
    uint32_t rune;
    if (!s.len)
        return 0;
    if ((unsigned char)s.ptr[0] < 0x80)
        return (size_t)ascii_space(s.ptr[0]);
    size_t len = slice_utf8_next(s, &rune);
    int space = u_isUWhiteSpace((UChar32)rune) || rune == 0xFEFF || rune == 0x200B;
    return space ? len : 0;
}

static int is_tidy(struct slice s)
{
    char before = ' ';
    if (!s.len)
        return 1;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if ((unsigned char)c >= 0x80 || (ascii_space(c) && (c != ' ' || before == ' ')))
            return 0;
        before = c;
    }
    return before != ' ';
}

int text_tidy(struct slice text, struct arena *a, struct slice *ret)
{
    size_t n = 0;
    int gap = 0;
    text = slice_trim(text);
    *ret = text;
    if (is_tidy(text))
        return 0;
    char *out = arena_alloc(a, text.len);
    if (!out)
        return ERR_MEMORY;
    while (text.len) {
        size_t space = space_len(text);
        if (space) {
            gap = n > 0;
            text = slice_of(text.ptr + space, text.len - space);
            continue;
        }
        if (gap)
            out[n++] = ' ';
        gap = 0;
        out[n++] = text.ptr[0];
        text = slice_of(text.ptr + 1, text.len - 1);
        /* Continuation bytes are never spaces. */
        while (text.len && ((unsigned char)text.ptr[0] & 0xC0) == 0x80) {
            out[n++] = text.ptr[0];
            text = slice_of(text.ptr + 1, text.len - 1);
        }
    }
    *ret = slice_of(out, n);
    return 0;
}

uint32_t rune_lower(uint32_t rune)
{
    if (rune < 0x80)
        return (uint32_t)(unsigned char)ascii_lower((char)rune);
    return (uint32_t)u_tolower((UChar32)rune);
}

uint32_t rune_title(uint32_t rune)
{
    if (rune < 0x80)
        return (uint32_t)(unsigned char)ascii_upper((char)rune);
    return (uint32_t)u_totitle((UChar32)rune);
}

int rune_is_letter(uint32_t rune)
{
    if (rune < 0x80)
        return ascii_is_letter((char)rune);
    return (U_GET_GC_MASK((UChar32)rune) & (U_GC_L_MASK | U_GC_M_MASK)) != 0;
}

enum text_case text_case_of(struct slice text)
{
    int upper = 0, lower = 0;
    while (text.len && !(upper && lower)) {
        uint32_t rune = (unsigned char)text.ptr[0];
        size_t len = 1;
        if (rune < 0x80) {
            upper |= ascii_is_upper((char)rune);
            lower |= ascii_is_lower((char)rune);
        } else {
            len = slice_utf8_next(text, &rune);
            upper |= u_isupper((UChar32)rune) != 0;
            /* ß and its like have no upper case that people write. */
            lower |= u_islower((UChar32)rune) && u_toupper((UChar32)rune) != (UChar32)rune;
        }
        text = slice_of(text.ptr + len, text.len - len);
    }
    return upper ? lower ? TEXT_MIXED : TEXT_UPPER : lower ? TEXT_LOWER : TEXT_CASELESS;
}

static uint32_t rune_upper(uint32_t rune)
{
    return rune < 0x80 ? rune_title(rune) : (uint32_t)u_toupper((UChar32)rune);
}

static int convert(struct slice text, uint32_t (*of)(uint32_t), struct arena *a, struct slice *ret)
{
    /* A code point may need a byte more in the other case. */
    char *out = arena_alloc(a, text.len * 2);
    size_t n = 0;
    if (!out && text.len)
        return ERR_MEMORY;
    while (text.len) {
        uint32_t rune;
        size_t len = slice_utf8_next(text, &rune);
        if (rune == 0xFFFD && len == 1)
            out[n++] = text.ptr[0];
        else
            n += utf8_put(of(rune), out + n);
        text = slice_of(text.ptr + len, text.len - len);
    }
    *ret = slice_of(out, n);
    return 0;
}

static int convert_ascii(struct slice text, char (*of)(char), struct arena *a, struct slice *ret)
{
    char *out = arena_alloc(a, text.len);
    if (!out)
        return ERR_MEMORY;
    for (size_t i = 0; i < text.len; i++)
        out[i] = of(text.ptr[i]);
    *ret = slice_of(out, text.len);
    return 0;
}

int text_lower(struct slice text, struct arena *a, struct slice *ret)
{
    size_t i = 0;
    while (i < text.len && !ascii_is_upper(text.ptr[i]) && (unsigned char)text.ptr[i] < 0x80)
        i++;
    *ret = text;
    if (i == text.len)
        return 0;
    return text_is_ascii(text) ? convert_ascii(text, ascii_lower, a, ret)
                               : convert(text, rune_lower, a, ret);
}

int text_upper(struct slice text, struct arena *a, struct slice *ret)
{
    size_t i = 0;
    while (i < text.len && !ascii_is_lower(text.ptr[i]) && (unsigned char)text.ptr[i] < 0x80)
        i++;
    *ret = text;
    if (i == text.len)
        return 0;
    return text_is_ascii(text) ? convert_ascii(text, ascii_upper, a, ret)
                               : convert(text, rune_upper, a, ret);
}

/* The letter under an accent: the first code point of the canonical decomposition, taken to its
 * end. */
static uint32_t bare(uint32_t rune)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    UChar parts[8];
    if (U_FAILURE(status))
        return rune;
    int32_t n = unorm2_getDecomposition(nfd, (UChar32)rune, parts, 8, &status);
    if (U_FAILURE(status) || n <= 0)
        return rune;
    if (n > 1 && U16_IS_LEAD(parts[0]))
        return (uint32_t)U16_GET_SUPPLEMENTARY(parts[0], parts[1]);
    return parts[0];
}

static const char *spelt_out(uint32_t rune)
{
    switch (rune) {
    case 0xDF:
        return "ss";
    case 0xE6:
        return "ae";
    case 0xF8:
        return "o";
    case 0x153:
        return "oe";
    case 0x142:
        return "l";
    case 0x131:
        return "i";
    default:
        return NULL;
    }
}

static size_t fold_rune(uint32_t rune, char out[4])
{
    uint32_t lower = rune_lower(bare(rune));
    const char *spelt = spelt_out(lower);
    if (u_getCombiningClass((UChar32)rune))
        return 0;
    if (spelt) {
        memcpy(out, spelt, strlen(spelt));
        return strlen(spelt);
    }
    if (!u_isalnum((UChar32)lower)) {
        out[0] = ' ';
        return 1;
    }
    return utf8_put(lower, out);
}

size_t text_key(struct slice text, char *out, size_t size)
{
    size_t n = 0;
    while (text.len) {
        char piece[4];
        uint32_t rune = (unsigned char)text.ptr[0];
        size_t len = 1, piece_len = 1;
        if (rune < 0x80) {
            char c = ascii_lower((char)rune);
            piece[0] = ascii_is_letter(c) || ascii_is_digit(c) ? c : ' ';
        } else {
            len = slice_utf8_next(text, &rune);
            piece_len = fold_rune(rune, piece);
        }
        text = slice_of(text.ptr + len, text.len - len);
        if (piece_len == 1 && piece[0] == ' ' && (n == 0 || out[n - 1] == ' '))
            continue;
        if (n + piece_len > size)
            return 0;
        memcpy(out + n, piece, piece_len);
        n += piece_len;
    }
    return n && out[n - 1] == ' ' ? n - 1 : n;
}

/* As slice_compare, without asking for the length of `listed`: most words differ in their first
 * bytes. */
static int word_order(struct slice word, const char *listed)
{
    for (size_t i = 0; i < word.len; i++) {
        unsigned char a = (unsigned char)word.ptr[i], b = (unsigned char)listed[i];
        if (a != b)
            return a < b && b ? -1 : 1;
        if (!b)
            return 1;
    }
    return listed[word.len] ? -1 : 0;
}

int word_in(struct slice word, const char *const *sorted, size_t n)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = word_order(word, sorted[middle]);
        if (order == 0)
            return 1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

struct slice word_value(struct slice word, const struct word_pair *sorted, size_t n)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = word_order(word, sorted[middle].word);
        if (order == 0)
            return slice_str(sorted[middle].value);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (struct slice){0};
}
