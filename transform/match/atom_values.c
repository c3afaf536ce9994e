#include "transform/match/atom_values.h"

#include "core/hash.h"

enum { PREFIX = 3, TEXT_WORDS_MAX = 12 };

static void put(struct value_atoms *d, enum atom_kind kind, struct slice text, int group)
{
    if (d->n == VALUE_ATOMS_MAX || text.len == 0)
        return;
    d->text[d->n] = text;
    d->kind[d->n] = (uint8_t)kind;
    d->group[d->n++] = (uint8_t)group;
}

static void name_atoms(struct value_atoms *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    put(d, ATOM_NAME, s, 0);
    if (s.len < 2)
        return;
    put(d, ATOM_SOUND, slice_of(d->sound, phonetic_skeleton(s, d->sound)), 0);
    put(d, ATOM_PREFIX, slice_of(s.ptr, s.len < PREFIX ? s.len : PREFIX), 0);
}

static void date_atoms(struct value_atoms *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    put(d, ATOM_DATE, s, 0);
    put(d, ATOM_YEAR, slice_of(s.ptr, 4), 0);
    if (memcmp(s.ptr + 4, "0101", 4) != 0)
        put(d, ATOM_MONTH_DAY, slice_of(s.ptr + 4, 4), 0);
}

static void email_atoms(struct value_atoms *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    const char *at = memchr(s.ptr, '@', s.len);
    put(d, ATOM_EMAIL, s, 0);
    if (at && at - s.ptr >= 3)
        put(d, ATOM_USER, slice_of(s.ptr, (size_t)(at - s.ptr)), 0);
}

static void phone_atoms(struct value_atoms *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    size_t take = s.len < 8 ? s.len : 8;
    put(d, ATOM_PHONE, slice_of(s.ptr + s.len - take, take), 0);
}

/* The heaviest words of a text, each its own group. */
static void word_atoms(struct value_atoms *d, const struct value_set *set, uint32_t v)
{
    uint32_t from = set->word_from[v], end = set->word_from[v + 1];
    uint32_t best[TEXT_WORDS_MAX];
    int n = 0;
    for (uint32_t i = from; i < end; i++) {
        uint32_t word = set->word[i];
        int at = n < TEXT_WORDS_MAX ? n++ : TEXT_WORDS_MAX;
        while (at > 0 && set->word_weight[best[at - 1]] < set->word_weight[word]) {
            if (at < TEXT_WORDS_MAX)
                best[at] = best[at - 1];
            at--;
        }
        if (at < TEXT_WORDS_MAX)
            best[at] = word;
    }
    for (int i = 0; i < n; i++)
        put(d, ATOM_WORD, dict_get(&set->words, best[i]), i);
}

void value_atoms(const struct encoded *e, int k, uint32_t v, struct value_atoms *d)
{
    const struct comparison *f = &e->comparisons[k];
    struct slice s = value_string(f, v);
    d->n = 0;
    switch (f->kind) {
    case COMPARE_GIVEN:
    case COMPARE_FAMILY:
    case COMPARE_EXTRA:
        name_atoms(d, f, v);
        break;
    case COMPARE_DATE:
        date_atoms(d, f, v);
        break;
    case COMPARE_POSTCODE:
        put(d, ATOM_POSTCODE, s, 0);
        if (s.len > 3)
            put(d, ATOM_DISTRICT, slice_of(s.ptr, s.len - 2), 0);
        break;
    case COMPARE_EMAIL:
        email_atoms(d, f, v);
        break;
    case COMPARE_PHONE:
        phone_atoms(d, f, v);
        break;
    case COMPARE_TEXT:
    case COMPARE_CODE:
        word_atoms(d, f->values, v);
        break;
    case COMPARE_ID:
    case COMPARE_PLACE:
    case COMPARE_QUANTITY:
        put(d, ATOM_VALUE, s, 0);
        break;
    default:
        break;
    }
}

uint64_t value_atom_hash(const struct value_atoms *d, int i, int k)
{
    uint64_t kind = d->kind[i];
    if (kind == ATOM_VALUE) /* the same text in two columns is not the same fact */
        kind += 32 * ((uint64_t)k + 1);
    return hash_pair(hash_fixed(d->text[i].ptr, d->text[i].len), kind);
}

const char *atom_kind_words(enum atom_kind kind)
{
    static const char *const words[] = {
        [ATOM_NAME] = "",
        [ATOM_SOUND] = "sounding like",
        [ATOM_PREFIX] = "starting with",
        [ATOM_DATE] = "",
        [ATOM_YEAR] = "year",
        [ATOM_MONTH_DAY] = "month and day",
        [ATOM_POSTCODE] = "",
        [ATOM_DISTRICT] = "district",
        [ATOM_EMAIL] = "",
        [ATOM_USER] = "user",
        [ATOM_PHONE] = "ending in",
        [ATOM_WORD] = "with",
        [ATOM_VALUE] = "",
        [ATOM_ADDRESS] = "",
    };
    return words[kind];
}
