#include "transform/match/acronym.h"

#include "transform/match/fold.h"
#include "transform/match/light_words.h"

enum { LETTERS_MIN = 2, LETTERS_MAX = 8, NAME_MAX_LEN = 24 };

/* The words that initials mostly leave out. */
static int is_small_word(struct slice word)
{
    static const char *const small[] = {"of", "and", "the", "for", "in", "de",  "la", "du",
                                        "et", "del", "y",   "und", "f",  "fur", "di", "e"};
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        if (slice_equal(word, slice_str(small[i])))
            return 1;
    return 0;
}

/* The only word that is no legal form or kind; empty when there are more, or none. */
static struct slice only_word(struct slice name)
{
    struct slice word, only = {0};
    while (fold_next_word(&name, &word)) {
        if (is_light_word(MEANING_ORGANISATION, word))
            continue;
        if (only.len)
            return slice_of(NULL, 0);
        only = word;
    }
    return only;
}

/* Do letters[at..] come from the words of `rest`? */
static int spells(struct slice letters, size_t at, struct slice rest)
{
    struct slice word;
    if (!fold_next_word(&rest, &word))
        return at == letters.len;
    if (at < letters.len && word.ptr[0] == letters.ptr[at] && spells(letters, at + 1, rest))
        return 1;
    int silent = is_small_word(word) || is_light_word(MEANING_ORGANISATION, word);
    return silent && spells(letters, at, rest);
}

static int stands_for(struct slice name, struct slice words)
{
    struct slice letters, rest = words, word;
    size_t n = 0;
    if (name.len > NAME_MAX_LEN || name.len >= words.len || name.len == 0 ||
        name.ptr[0] != words.ptr[0])
        return 0; /* most pairs */
    letters = only_word(name);
    if (letters.len < LETTERS_MIN || letters.len > LETTERS_MAX)
        return 0;
    while (n <= 2 * LETTERS_MAX && fold_next_word(&rest, &word))
        n++;
    return n >= 2 && n <= 2 * LETTERS_MAX && spells(letters, 0, words);
}

int is_acronym(struct slice a, struct slice b)
{
    return stands_for(a, b) || stands_for(b, a);
}
