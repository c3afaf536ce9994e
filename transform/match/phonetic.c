#include "transform/match/phonetic.h"

/* Spellings and their sound, the longest first; `start`: at the front of the name only. */
struct spelling {
    char text[5];
    char sound[3];
    enum { ANYWHERE, START } where;
};

static const struct spelling spellings[] = {
    {"tsch", "x", ANYWHERE}, {"sch", "x", ANYWHERE}, {"tch", "x", ANYWHERE}, {"mac", "mk", START},
    {"cz", "x", ANYWHERE},   {"sz", "s", ANYWHERE},  {"sh", "x", ANYWHERE},  {"ch", "x", ANYWHERE},
    {"ph", "f", ANYWHERE},   {"gh", "", ANYWHERE},   {"ck", "k", ANYWHERE},  {"dg", "j", ANYWHERE},
    {"th", "t", ANYWHERE},   {"wh", "w", START},     {"kn", "n", START},     {"gn", "n", START},
    {"wr", "r", START},      {"ps", "s", START},     {"pf", "f", ANYWHERE},  {"ts", "s", ANYWHERE},
    {"tz", "s", ANYWHERE},   {"qu", "k", ANYWHERE},  {"mc", "mk", START},    {"ce", "s", ANYWHERE},
    {"ci", "s", ANYWHERE},   {"cy", "s", ANYWHERE},  {"ge", "j", ANYWHERE},  {"gi", "j", ANYWHERE},
    {"rh", "r", START},      {"x", "ks", ANYWHERE},  {"c", "k", ANYWHERE},   {"q", "k", ANYWHERE},
    {"v", "f", ANYWHERE},    {"z", "s", ANYWHERE},
};

static const struct spelling *find_spelling(struct slice rest, int at_start)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        const struct spelling *s = &spellings[i];
        if ((s->where == ANYWHERE || at_start) && slice_starts(rest, slice_str(s->text)))
            return s;
    }
    return NULL;
}

static int is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static size_t put(char *out, size_t n, char sound)
{
    if (n < PHONETIC_MAX && (n == 0 || out[n - 1] != sound))
        out[n++] = sound;
    return n;
}

size_t phonetic_skeleton(struct slice name, char out[PHONETIC_MAX])
{
    size_t n = 0, at = 0;
    while (at < name.len) {
        struct slice rest = slice_of(name.ptr + at, name.len - at);
        const struct spelling *s = find_spelling(rest, at == 0);
        char c = *rest.ptr;
        if (s) {
            for (const char *p = s->sound; *p; p++)
                n = put(out, n, *p);
            /* the vowel of "ce" or "gi" is dropped as any other */
            at += strlen(s->text);
            continue;
        }
        if (is_vowel(c)) {
            if (at == 0)
                n = put(out, n, 'a');
        } else if (c != 'h' && c != 'w' && c != ' ') {
            n = put(out, n, c);
        } else if (at == 0 && c != ' ') {
            n = put(out, n, c);
        }
        at++;
    }
    return n;
}
