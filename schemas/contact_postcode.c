#include "schemas/contact.h"

/* A: a letter, 9: a digit, X: either; space and hyphen are written, not asked for; a comma parts
 * alternatives, tried in order. */
static const struct form {
    const char *country, *patterns;
} forms[] = {
    {"AD", "AD999"},
    {"AF", "9999"},
    {"AL", "9999"},
    {"AM", "9999"},
    {"AR", "A9999AAA,9999"},
    {"AS", "99999-9999,99999"},
    {"AT", "9999"},
    {"AU", "9999"},
    {"AX", "99999"},
    {"AZ", "AZ 9999"},
    {"BA", "99999"},
    {"BB", "BB99999"},
    {"BD", "9999"},
    {"BE", "9999"},
    {"BG", "9999"},
    {"BH", "9999,999"},
    {"BL", "99999"},
    {"BM", "AA 99"},
    {"BN", "AA9999"},
    {"BR", "99999-999"},
    {"BT", "99999"},
    {"BY", "999999"},
    {"CA", "A9A 9A9"},
    {"CC", "9999"},
    {"CH", "9999"},
    {"CL", "9999999"},
    {"CN", "999999"},
    {"CO", "999999"},
    {"CR", "99999"},
    {"CU", "99999"},
    {"CV", "9999"},
    {"CX", "9999"},
    {"CY", "9999"},
    {"CZ", "999 99"},
    {"DE", "99999"},
    {"DK", "9999"},
    {"DO", "99999"},
    {"DZ", "99999"},
    {"EC", "999999"},
    {"EE", "99999"},
    {"EG", "99999"},
    {"ES", "99999"},
    {"ET", "9999"},
    {"FI", "99999"},
    {"FM", "99999"},
    {"FO", "999"},
    {"FR", "99999"},
    {"GA", "99"},
    {"GB", "AA9A 9AA,A9A 9AA,AA99 9AA,A99 9AA,AA9 9AA,A9 9AA"},
    {"GE", "9999"},
    {"GF", "99999"},
    {"GG", "AA99 9AA,AA9 9AA"},
    {"GI", "AA99 9AA"},
    {"GL", "9999"},
    {"GP", "99999"},
    {"GR", "999 99"},
    {"GT", "99999"},
    {"GU", "99999-9999,99999"},
    {"HN", "99999"},
    {"HR", "99999"},
    {"HT", "9999"},
    {"HU", "9999"},
    {"ID", "99999"},
    {"IE", "A9X XXXX"},
    {"IL", "9999999,99999"},
    {"IM", "AA99 9AA,AA9 9AA"},
    {"IN", "999999"},
    {"IQ", "99999"},
    {"IR", "9999999999"},
    {"IS", "999"},
    {"IT", "99999"},
    {"JE", "AA99 9AA,AA9 9AA"},
    {"JO", "99999"},
    {"JP", "999-9999"},
    {"KE", "99999"},
    {"KG", "999999"},
    {"KH", "999999,99999"},
    {"KR", "99999"},
    {"KW", "99999"},
    {"KY", "AA9-9999"},
    {"KZ", "999999"},
    {"LA", "99999"},
    {"LB", "9999 9999,9999"},
    {"LI", "9999"},
    {"LK", "99999"},
    {"LR", "9999"},
    {"LS", "999"},
    {"LT", "99999"},
    {"LU", "9999"},
    {"LV", "AA-9999"},
    {"MA", "99999"},
    {"MC", "99999"},
    {"MD", "9999"},
    {"ME", "99999"},
    {"MF", "99999"},
    {"MG", "999"},
    {"MH", "99999-9999,99999"},
    {"MK", "9999"},
    {"MM", "99999"},
    {"MN", "99999"},
    {"MP", "99999-9999,99999"},
    {"MQ", "99999"},
    {"MT", "AAA 9999"},
    {"MU", "99999"},
    {"MV", "99999"},
    {"MX", "99999"},
    {"MY", "99999"},
    {"MZ", "9999"},
    {"NC", "99999"},
    {"NE", "9999"},
    {"NF", "9999"},
    {"NG", "999999"},
    {"NI", "99999"},
    {"NL", "9999 AA"},
    {"NO", "9999"},
    {"NP", "99999"},
    {"NZ", "9999"},
    {"OM", "999"},
    {"PE", "99999"},
    {"PF", "99999"},
    {"PG", "999"},
    {"PH", "9999"},
    {"PK", "99999"},
    {"PL", "99-999"},
    {"PM", "99999"},
    {"PR", "99999-9999,99999"},
    {"PT", "9999-999"},
    {"PW", "99999-9999,99999"},
    {"PY", "9999"},
    {"RE", "99999"},
    {"RO", "999999"},
    {"RS", "99999"},
    {"RU", "999999"},
    {"SA", "99999"},
    {"SE", "999 99"},
    {"SG", "999999"},
    {"SI", "9999"},
    {"SK", "999 99"},
    {"SM", "99999"},
    {"SN", "99999"},
    {"SV", "9999"},
    {"SZ", "A999"},
    {"TH", "99999"},
    {"TJ", "999999"},
    {"TM", "999999"},
    {"TN", "9999"},
    {"TR", "99999"},
    {"TT", "999999"},
    {"TW", "999999,99999,999"},
    {"TZ", "99999"},
    {"UA", "99999"},
    {"US", "99999-9999,99999"},
    {"UY", "99999"},
    {"UZ", "999999"},
    {"VA", "99999"},
    {"VC", "AA9999"},
    {"VE", "9999"},
    {"VI", "99999-9999,99999"},
    {"VN", "99999,999999"},
    {"WF", "99999"},
    {"XK", "99999"},
    {"YT", "99999"},
    {"ZA", "9999"},
    {"ZM", "99999"},
};

enum { N_FORMS = sizeof forms / sizeof forms[0], SQUEEZED = 12 };

static const char *patterns_of(struct slice country)
{
    int low = 0, high = N_FORMS;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = slice_compare(country, slice_str(forms[middle].country));
        if (order == 0)
            return forms[middle].patterns;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Letters in upper case and digits alone; 0 when there is anything but them, spaces, hyphens and
 * dots, or too much. */
static size_t squeeze(struct slice text, char out[SQUEEZED])
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if (is_digit(c) || is_letter(c)) {
            if (n == SQUEEZED)
                return 0;
            out[n++] = c;
        } else if (c != ' ' && c != '-' && c != '.') {
            return 0;
        }
    }
    return n;
}

static int fits(char c, char pattern)
{
    return pattern == '9'   ? is_digit(c)
           : pattern == 'A' ? is_letter(c)
                            : is_digit(c) || is_letter(c);
}

static int is_mark(char pattern)
{
    return pattern == ' ' || pattern == '-';
}

/* Writes `code` as one pattern has it; the length, or 0 when it does not fit. */
static size_t write_as(struct slice code, struct slice pattern, char *out)
{
    size_t at = 0, n = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        char p = pattern.ptr[i];
        if (is_mark(p)) {
            out[n++] = p;
            continue;
        }
        if (at == code.len)
            return 0;
        /* Letters that a pattern has beyond A and X stand for themselves. */
        if (p != '9' && p != 'A' && p != 'X' ? code.ptr[at] != p : !fits(code.ptr[at], p))
            return 0;
        out[n++] = code.ptr[at++];
    }
    return at == code.len ? n : 0;
}

static size_t write_as_any(struct slice code, const char *patterns, char *out)
{
    struct slice rest = slice_str(patterns), pattern;
    while (slice_cut(&rest, ',', &pattern)) {
        size_t n = write_as(code, pattern, out);
        if (n)
            return n;
    }
    return 0;
}

/* "D-10115", "CH 8000": the country before a code of digits. */
static struct slice without_country(struct slice code, const char *patterns)
{
    size_t letters = 0;
    if (patterns[0] != '9')
        return code;
    while (letters < code.len && letters < 3 && is_letter(code.ptr[letters]))
        letters++;
    return slice_of(code.ptr + letters, code.len - letters);
}

size_t postcode_format(struct slice text, struct slice country, char ret[POSTCODE_TEXT])
{
    char squeezed[SQUEEZED + 1];
    const char *patterns = patterns_of(country);
    if (!patterns)
        return 0;
    squeezed[0] = '0';
    struct slice code = slice_of(squeezed + 1, squeeze(text, squeezed + 1));
    size_t n = write_as_any(code, patterns, ret);
    if (n || !code.len)
        return n;
    struct slice bare = without_country(code, patterns);
    if (bare.len && bare.len < code.len)
        return write_as_any(bare, patterns, ret);
    /* A spreadsheet took it for a number. */
    const char *last = strrchr(patterns, ',');
    if (strcmp(last ? last + 1 : patterns, "99999") == 0 && code.len == 4)
        return write_as_any(slice_of(squeezed, 5), patterns, ret);
    return 0;
}

int postcode_valid(struct slice postcode, struct slice country)
{
    char text[POSTCODE_TEXT];
    size_t n = postcode_format(postcode, country, text);
    return n && slice_equal(postcode, slice_of(text, n));
}
