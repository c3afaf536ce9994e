/* The normal form of a value, by kind of comparison: what two spellings of one thing share. */
#include <stdlib.h>

#include "transform/match/encode_parts.h"

static int64_t copy(struct slice s, char *out)
{
    size_t len = s.len < NORMAL_MAX ? s.len : NORMAL_MAX;
    memcpy(out, s.ptr, len);
    return (int64_t)len;
}

static int one_byte_repeated(const char *p, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if (p[i] != p[0])
            return 0;
    return len > 0;
}

/* Words that stand for "nothing" in every kind of column. */
static int is_junk(struct slice s)
{
    static const char *const junk[] = {"n a",  "na",      "none",      "null",           "nil",
                                       "nan",  "unknown", "not known", "not applicable", "unk",
                                       "test", "xxx",     "not given", "not provided",   "no data"};
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++)
        if (slice_equal(s, slice_str(junk[i])))
            return 1;
    return 0;
}

static int64_t normal_words(struct folder *f, struct slice raw, char *out)
{
    struct slice words;
    TRY(fold_words(f, raw, &words));
    return is_junk(words) ? 0 : copy(words, out);
}

static int64_t normal_postcode(struct folder *f, struct slice raw, char *out)
{
    struct slice text;
    TRY(fold_text(f, raw, &text));
    size_t n = fold_alphanumerics(text, out, 16);
    if (one_byte_repeated(out, n) && out[0] == '0')
        return 0;
    char digits[16];
    int zip_plus_4 = n == 9 && fold_digits(slice_of(out, n), digits, 16) == 9;
    return zip_plus_4 ? 5 : (int64_t)n;
}

static int64_t normal_phone(struct folder *f, struct slice raw, char *out)
{
    struct slice text;
    TRY(fold_text(f, raw, &text));
    char digits[64];
    size_t end = 0;
    while (end < text.len && text.ptr[end] != 'x' && text.ptr[end] != 'e')
        end++;
    size_t n = fold_digits(slice_of(text.ptr, end), digits, sizeof digits);
    if (n < 5 || one_byte_repeated(digits, n))
        return 0;
    size_t from = n > 10 ? n - 10 : 0;
    return copy(slice_of(digits + from, n - from), out);
}

static int64_t normal_email(struct folder *f, struct slice raw, char *out)
{
    struct slice text;
    TRY(fold_text(f, raw, &text));
    size_t n = 0;
    const char *open = text.len ? memrchr(text.ptr, '<', text.len) : NULL; /* "Ann Lee <a@b.org>" */
    if (open && memchr(open, '@', text.len - (size_t)(open - text.ptr)))
        text = slice_of(open + 1, text.len - (size_t)(open - text.ptr) - 1);
    for (size_t i = 0; i < text.len && text.ptr[i] != '>' && n < 64; i++)
        if (text.ptr[i] != ' ')
            out[n++] = text.ptr[i];
    return n < 3 || is_junk(slice_of(out, n)) ? 0 : (int64_t)n;
}

static int64_t normal_id(struct folder *f, struct slice raw, char *out)
{
    struct slice text;
    TRY(fold_text(f, raw, &text));
    size_t n = fold_alphanumerics(text, out, 64);
    if (one_byte_repeated(out, n) || is_junk(slice_of(out, n)))
        return 0;
    return (int64_t)n;
}

/* House numbers: 7, 33 and 111 are as good as any; 0 and 000 are none. */
static int64_t normal_number(struct folder *f, struct slice raw, char *out)
{
    struct slice text;
    TRY(fold_text(f, raw, &text));
    size_t n = fold_alphanumerics(text, out, 64);
    return is_junk(slice_of(out, n)) || (one_byte_repeated(out, n) && out[0] == '0') ? 0
                                                                                     : (int64_t)n;
}

/* Short forms of the words that addresses and firms are made of. */
static struct slice short_word(struct slice word, enum meaning meaning)
{
    static const struct {
        const char *full, *brief;
        enum meaning only;
    } forms[] = {
        {"street", "st", MEANING_STREET},
        {"saint", "st", MEANING_STREET},
        {"road", "rd", MEANING_STREET},
        {"avenue", "ave", MEANING_STREET},
        {"av", "ave", MEANING_STREET},
        {"boulevard", "blvd", MEANING_STREET},
        {"blv", "blvd", MEANING_STREET},
        {"drive", "dr", MEANING_STREET},
        {"lane", "ln", MEANING_STREET},
        {"court", "ct", MEANING_STREET},
        {"place", "pl", MEANING_STREET},
        {"square", "sq", MEANING_STREET},
        {"terrace", "tce", MEANING_STREET},
        {"crescent", "cres", MEANING_STREET},
        {"close", "cl", MEANING_STREET},
        {"highway", "hwy", MEANING_STREET},
        {"parkway", "pkwy", MEANING_STREET},
        {"circle", "cir", MEANING_STREET},
        {"apartment", "apt", MEANING_STREET},
        {"north", "n", MEANING_STREET},
        {"south", "s", MEANING_STREET},
        {"east", "e", MEANING_STREET},
        {"west", "w", MEANING_STREET},
        {"limited", "ltd", MEANING_ORGANISATION},
        {"incorporated", "inc", MEANING_ORGANISATION},
        {"corporation", "corp", MEANING_ORGANISATION},
        {"company", "co", MEANING_ORGANISATION},
        {"and", "", MEANING_ORGANISATION},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].only == meaning && slice_equal(word, slice_str(forms[i].full)))
            return slice_str(forms[i].brief);
    return word;
}

static int is_address(enum meaning m)
{
    return m == MEANING_STREET || m == MEANING_ADDRESS || m == MEANING_ADDRESS_2;
}

static int64_t normal_text(struct folder *f, enum meaning meaning, struct slice raw, char *out)
{
    struct slice rest, word;
    size_t n = 0;
    int letter = 0; /* the word before is one letter */
    enum meaning forms = is_address(meaning) ? MEANING_STREET : meaning;
    TRY(meaning == MEANING_TEXT ? fold_codes(f, raw, &rest) : fold_words(f, raw, &rest));
    if (is_junk(rest))
        return 0;
    while (fold_next_word(&rest, &word)) {
        word = short_word(word, forms);
        int joins = forms == MEANING_ORGANISATION && word.len == 1 && letter;
        letter = word.len == 1 && fold_is_letter(*word.ptr);
        if (joins && letter && n < NORMAL_MAX) { /* "s a r l" */
            out[n++] = *word.ptr;
            continue;
        }
        if (word.len == 0 || n + word.len + 1 > NORMAL_MAX)
            continue;
        if (n)
            out[n++] = ' ';
        memcpy(out + n, word.ptr, word.len);
        n += word.len;
    }
    return (int64_t)n;
}

/* A number in thousandths, as decimal text; units and currency signs are dropped. */
static int64_t normal_quantity(struct slice raw, char *out)
{
    int64_t whole = 0, part = 0, scale = 1000;
    int seen = 0, in_part = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        if (fold_is_digit(c) && !in_part && whole < INT64_C(1000000000000)) {
            whole = whole * 10 + (c - '0');
            seen = 1;
        } else if (fold_is_digit(c) && in_part && scale > 1) {
            part += (c - '0') * (scale /= 10);
        } else if (c == '.' && seen) {
            in_part = 1;
        } else if (seen && c != ',' && !fold_is_digit(c)) {
            break;
        }
    }
    if (!seen)
        return 0;
    struct buffer b = {0};
    if (buffer_printf(&b, "%lld", (long long)(whole * 1000 + part)) < 0)
        return ERR_MEMORY;
    int64_t n = copy(buffer_view(&b), out);
    buffer_done(&b);
    return n;
}

int64_t normalise(struct folder *f, enum compare_kind kind, enum meaning meaning, struct slice raw,
                  char out[NORMAL_MAX])
{
    switch (kind) {
    case COMPARE_POSTCODE:
        return normal_postcode(f, raw, out);
    case COMPARE_PHONE:
        return normal_phone(f, raw, out);
    case COMPARE_EMAIL:
        return normal_email(f, raw, out);
    case COMPARE_ID:
        return normal_id(f, raw, out);
    case COMPARE_NUMBER:
        return normal_number(f, raw, out);
    case COMPARE_TEXT:
        return normal_text(f, meaning, raw, out);
    case COMPARE_CODE: {
        struct slice text;
        TRY(fold_text(f, raw, &text));
        return copy(text, out);
    }
    case COMPARE_QUANTITY:
        return normal_quantity(raw, out);
    default:
        return normal_words(f, raw, out);
    }
}
