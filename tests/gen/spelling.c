#include "tests/gen/spelling.h"

/* U+00C0 .. U+00FF without their accents. */
static const char *const plain_letters[64] = {
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I",  "I",
    "D", "N", "O", "O", "O", "O", "O",  "x", "O", "U", "U", "U", "U", "Y", "Th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "/", "o", "u", "u", "u", "u", "y", "th", "y",
};

static int is_latin1_pair(const char *p)
{
    return (unsigned char)p[0] == 0xc3 && (unsigned char)p[1] >= 0x80;
}

void spell_ascii(const char *s, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    while (*s) {
        if (is_latin1_pair(s)) {
            text_add(&t, plain_letters[(unsigned char)s[1] - 0x80]);
            s += 2;
        } else {
            text_char(&t, *s++);
        }
    }
}

void spell_umlauts_out(const char *s, char *buffer, size_t size)
{
    static const char *const pairs[][2] = {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"},
                                           {"Ä", "Ae"}, {"Ö", "Oe"}, {"Ü", "Ue"}};
    struct text t = text_on(buffer, size);
    while (*s) {
        const char *found = NULL;
        for (int i = 0; i < 6; i++)
            if (!strncmp(s, pairs[i][0], 2))
                found = pairs[i][1];
        if (found) {
            text_add(&t, found);
            s += 2;
        } else {
            text_char(&t, *s++);
        }
    }
}

void spell_upper(char *s)
{
    for (; *s; s++) {
        if (*s >= 'a' && *s <= 'z')
            *s = (char)(*s - 32);
        else if (is_latin1_pair(s)) {
            unsigned char low = (unsigned char)*++s;
            if (low >= 0xa0 && low != 0xb7 && low != 0xbf)
                *s = (char)(low - 0x20);
        }
    }
}

void spell_lower_ascii(char *s)
{
    for (; *s; s++)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s + 32);
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void replace(char *s, size_t size, size_t at, size_t len, const char *by)
{
    size_t n = strlen(s), m = strlen(by);
    if (n - len + m + 1 > size)
        return;
    memmove(s + at + m, s + at + len, n - at - len + 1);
    memcpy(s + at, by, m);
}

/* The neighbour of a letter on the keyboard. */
static char near_key(char letter, struct chance *c)
{
    static const char rows[] = "qwertyuiop.asdfghjkl.zxcvbnm";
    int upper = letter < 'a';
    const char *at = strchr(rows, upper ? letter + 32 : letter);
    if (!at)
        return letter;
    char to = at == rows ? at[1] : !at[1] ? at[-1] : at[chance_hit(c, 0.5) ? 1 : -1];
    if (to == '.')
        to = at[-1] == '.' ? at[1] : at[-1];
    return (char)(upper ? to - 32 : to);
}

static void edit_wrong(char *s, size_t size, struct chance *c)
{
    size_t n = strlen(s), at = chance_below(c, (uint32_t)n);
    char one[3] = {s[at], 0, 0};
    if (!is_letter(s[at]))
        return;
    switch (chance_below(c, 4)) {
    case 0: /* left out */
        replace(s, size, at, 1, "");
        break;
    case 1: /* twice */
        one[1] = s[at] < 'a' ? (char)(s[at] + 32) : s[at];
        replace(s, size, at, 1, one);
        break;
    case 2:
        one[0] = near_key(s[at], c);
        replace(s, size, at, 1, one);
        break;
    default: /* exchanged with the next */
        if (at + 1 < n && at > 0 && is_letter(s[at + 1])) {
            s[at] = s[at + 1];
            s[at + 1] = one[0];
        }
    }
}

static const char *const misread[][2] = {
    {"rn", "m"}, {"m", "rn"}, {"cl", "d"}, {"d", "cl"}, {"l", "1"}, {"o", "0"},
    {"e", "c"},  {"S", "5"},  {"B", "8"},  {"h", "b"},  {"i", "l"}, {"g", "q"},
};

static const char *const misheard[][2] = {
    {"ph", "f"},  {"f", "ph"},  {"ey", "y"},  {"y", "ie"},    {"ie", "y"},  {"ck", "k"},
    {"c", "k"},   {"k", "c"},   {"th", "t"},  {"ll", "l"},    {"tt", "t"},  {"s", "z"},
    {"gh", "g"},  {"ee", "ea"}, {"ai", "ay"}, {"son", "sen"}, {"er", "ar"}, {"wr", "r"},
    {"ns", "ms"}, {"au", "or"}, {"kn", "n"},
};

/* The first of the pairs, from a random one on, whose left side is in the word. */
static void swap_pair(char *s, size_t size, const char *const (*pairs)[2], uint32_t n,
                      struct chance *c)
{
    uint32_t from = chance_below(c, n);
    for (uint32_t i = 0; i < n; i++) {
        const char *const *pair = pairs[(from + i) % n];
        const char *at = strstr(s, pair[0]);
        if (at) {
            replace(s, size, (size_t)(at - s), strlen(pair[0]), pair[1]);
            return;
        }
    }
}

void spell_wrong(char *s, size_t size, struct chance *c)
{
    if (strlen(s) < 3)
        return;
    double u = chance_unit(c);
    if (u < 0.6)
        edit_wrong(s, size, c);
    else if (u < 0.75)
        swap_pair(s, size, misread, sizeof(misread) / sizeof(*misread), c);
    else
        swap_pair(s, size, misheard, sizeof(misheard) / sizeof(*misheard), c);
}

void spell_digit_wrong(char *s, struct chance *c)
{
    size_t n = strlen(s), digits = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        digits += s[i] >= '0' && s[i] <= '9';
    if (digits < 4)
        return;
    size_t want = 2 + chance_below(c, (uint32_t)(digits - 2)); /* not the first two */
    for (size_t seen = 0; at < n; at++)
        if (s[at] >= '0' && s[at] <= '9' && seen++ == want)
            break;
    if (at >= n)
        return;
    int next = at + 1 < n && s[at + 1] >= '0' && s[at + 1] <= '9' && s[at + 1] != s[at];
    if (next && chance_hit(c, 0.4)) {
        char digit = s[at];
        s[at] = s[at + 1];
        s[at + 1] = digit;
    } else {
        s[at] = (char)('0' + (s[at] - '0' + chance_between(c, 1, 9)) % 10);
    }
}
