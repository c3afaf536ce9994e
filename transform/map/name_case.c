#include "transform/map/name_case.h"

#include "transform/map/text.h"

/* Lower case inside a family name when another word follows. */
static const char *const low_particles[] = {"'t",  "af",  "av",  "d'",  "da",  "das", "de",  "del",
                                            "den", "der", "do",  "dos", "du",  "e",   "en",  "het",
                                            "la",  "las", "le",  "les", "los", "te",  "ten", "ter",
                                            "und", "van", "vom", "von", "y",   "zu",  "zum", "zur"};

/* Low behind another particle only: "de la Cruz", but "La Fontaine". */
static const char *const follower_particles[] = {"'t",  "do", "e",   "en",  "het", "la",
                                                 "las", "le", "les", "los", "und", "y"};

/* Belong to the family name, whatever their case. */
static const char *const particles[] = {
    "'t",  "abu", "af",    "al",     "ap",     "av",    "ben",   "bin",   "bint", "da",
    "das", "de",  "degli", "dei",    "del",    "della", "delle", "dello", "den",  "der",
    "di",  "do",  "dos",   "du",     "el",     "het",   "ibn",   "la",    "las",  "le",
    "los", "mac", "mc",    "o",      "saint",  "san",   "santa", "st",    "te",   "ten",
    "ter", "van", "vande", "vanden", "vander", "vom",   "von",   "zu",    "zum",  "zur"};

/* Words that are low in the names of places and streets, but for the first. */
static const char *const low_places[] = {
    "aan", "am",  "an",    "and",  "at",  "au",   "auf", "aux",   "bei",  "beim", "bij", "by",
    "cum", "da",  "das",   "de",   "del", "dem",  "den", "der",   "des",  "die",  "do",  "dos",
    "du",  "e",   "el",    "en",   "et",  "im",   "in",  "juxta", "la",   "las",  "le",  "les",
    "los", "lès", "next",  "ob",   "of",  "on",   "op",  "over",  "près", "sous", "sur", "ter",
    "the", "und", "under", "upon", "vor", "with", "y",   "zum",   "zur"};

/* "Mac" is a prefix before these, and a plain beginning in "Mackie" or "Macey". */
static const char *const mac_names[] = {
    "abee",    "adam",     "alister", "allister", "andrew",    "arthur",  "askill",   "aulay",
    "auley",   "bain",     "bean",    "beth",     "bride",     "callum",  "carthy",   "caulay",
    "clellan", "conachie", "connell", "cormack",  "crae",      "cready",  "culloch",  "dermott",
    "donald",  "donell",   "donnell", "dougal",   "dougall",   "duff",    "eachern",  "ewan",
    "ewen",    "farland",  "farlane", "gill",     "gillivray", "gowan",   "gregor",   "guire",
    "innes",   "innis",    "intosh",  "intyre",   "isaac",     "iver",    "ivor",     "kay",
    "kellar",  "keller",   "kenna",   "kenzie",   "kinlay",    "kinley",  "kinnon",   "lachlan",
    "laine",   "laren",    "laurin",  "lean",     "leay",      "lehose",  "lellan",   "lennan",
    "leod",    "lure",     "mahon",   "master",   "millan",    "nab",     "naughton", "neil",
    "neill",   "nicol",    "niven",   "phail",    "phee",      "pherson", "quarrie",  "queen",
    "rae",     "taggart",  "tavish",  "vicar",    "vie",       "williams"};

enum { WORD = 32 };

int name_particle(struct slice lower)
{
    return WORD_IN(lower, particles);
}

/* A word in lower case: what the lists are asked with. The empty slice when it is too long. */
static struct slice lower_word(struct slice word, char out[WORD])
{
    size_t n = 0;
    while (n < word.len && n < WORD && !(word.ptr[n] & 0x80)) {
        out[n] = ascii_lower(word.ptr[n]);
        n++;
    }
    if (n == word.len)
        return slice_of(out, n);
    word = slice_of(word.ptr + n, word.len - n);
    while (word.len) {
        uint32_t rune;
        size_t len = slice_utf8_next(word, &rune);
        if (n + 4 > WORD)
            return slice_of(out, 0);
        n += utf8_put(rune_lower(rune), out + n);
        word = slice_of(word.ptr + len, word.len - len);
    }
    return slice_of(out, n);
}

/* The letters at the front of `lower` after which a capital follows: "mc", "mac", "o'", "d'". */
static size_t prefix_len(struct slice lower)
{
    if (lower.len >= 4 && slice_starts(lower, SLICE_LIT("mc")) && lower.ptr[2] != '\'')
        return 2;
    if (slice_starts(lower, SLICE_LIT("mac")) &&
        WORD_IN(slice_of(lower.ptr + 3, lower.len - 3), mac_names))
        return 3;
    return 0;
}

static size_t apostrophe_len(struct slice s)
{
    static const char curly[] = "\xE2\x80\x99";
    if (s.len && (s.ptr[0] == '\'' || s.ptr[0] == '`'))
        return 1;
    return slice_starts(s, slice_of(curly, 3)) ? 3 : 0;
}

/* Does a capital follow this apostrophe? After one or two letters, when more than one follows:
 * "O'Brien", "D'Angelo", "Dell'Acqua" is left to mixed case, "King's" is not one. */
static int capital_behind(size_t letters_before, struct slice behind)
{
    uint32_t rune;
    size_t len = slice_utf8_next(behind, &rune);
    return letters_before >= 1 && letters_before <= 2 && behind.len > len + 1;
}

struct casing {
    char *out;
    size_t n;
    int start;      /* the next letter begins a part */
    size_t letters; /* since the part began */
    size_t prefix;  /* bytes until the next capital, from prefix_len */
};

static void put_letter(struct casing *c, uint32_t rune)
{
    int capital = c->start || (c->prefix && c->letters == c->prefix);
    c->n += utf8_put(capital ? rune_title(rune) : rune_lower(rune), c->out + c->n);
    c->start = 0;
    c->letters++;
}

static void start_part(struct casing *c, struct slice rest, enum name_part part)
{
    char lower[WORD];
    size_t len = 0;
    while (len < rest.len && (rest.ptr[len] & 0x80 || ascii_is_letter(rest.ptr[len])))
        len++;
    c->start = 1;
    c->letters = 0;
    c->prefix = part == NAME_GIVEN ? 0 : prefix_len(lower_word(slice_of(rest.ptr, len), lower));
}

static void put_mark(struct casing *c, struct slice rest, size_t len, enum name_part part)
{
    struct slice behind = slice_of(rest.ptr + len, rest.len - len);
    memcpy(c->out + c->n, rest.ptr, len);
    c->n += len;
    if (apostrophe_len(rest) ? capital_behind(c->letters, behind) : !ascii_is_digit(rest.ptr[0]))
        start_part(c, behind, part);
    else
        c->start = 0;
}

/* "12A", "4B/2": digits with a letter or two keep their letters' case as capitals. */
static int is_house_number(struct slice word)
{
    size_t letters = 0;
    if (!ascii_is_digit(word.ptr[0]))
        return 0;
    for (size_t i = 0; i < word.len; i++)
        letters += (size_t)ascii_is_letter(word.ptr[i]);
    return letters <= 1;
}

/* "N", "NW", "PO", "P.O.", "BP", "II": stay in capitals. */
static int is_initials(struct slice lower, enum name_part part)
{
    static const char *const street[] = {"bp", "cs", "n",  "ne", "nw", "p.o.",
                                         "po", "rr", "se", "sw", "us"};
    static const char *const given[] = {"cj", "dj", "jb", "jd", "jp", "jr",
                                        "jt", "kc", "pj", "rj", "tj"};
    static const char *const romans[] = {"ii", "iii", "iv", "vi", "vii", "viii"};
    if (WORD_IN(lower, romans))
        return 1;
    if (part == NAME_STREET)
        return WORD_IN(lower, street);
    return part == NAME_GIVEN && WORD_IN(lower, given);
}

static void put_upper(struct casing *c, struct slice word)
{
    for (size_t i = 0; i < word.len; i++)
        c->out[c->n++] = ascii_upper(word.ptr[i]);
}

static void put_low(struct casing *c, struct slice lower)
{
    memcpy(c->out + c->n, lower.ptr, lower.len);
    c->n += lower.len;
}

/* Hyphenated parts may be low words too: "Stratford-upon-Avon". */
static int low_in_hyphens(struct slice rest, enum name_part part, char lower[WORD],
                          struct slice *ret)
{
    const char *hyphen = rest.len ? memchr(rest.ptr, '-', rest.len) : NULL;
    if (part != NAME_PLACE || !hyphen)
        return 0;
    *ret = lower_word(slice_of(rest.ptr, (size_t)(hyphen - rest.ptr)), lower);
    return WORD_IN(*ret, low_places);
}

/* The letters of ASCII at the front of the part that was started: the usual word, in one loop. */
static size_t put_plain_letters(struct casing *c, struct slice word)
{
    size_t n = 0;
    while (n < word.len && ascii_is_letter(word.ptr[n])) {
        c->out[c->n + n] = ascii_lower(word.ptr[n]);
        n++;
    }
    if (n)
        c->out[c->n] = ascii_upper(c->out[c->n]);
    if (c->prefix && n > c->prefix)
        c->out[c->n + c->prefix] = ascii_upper(c->out[c->n + c->prefix]);
    c->n += n;
    c->letters = n;
    c->start = n == 0;
    return n;
}

static void put_word(struct casing *c, struct slice word, enum name_part part)
{
    char lower[WORD];
    struct slice low;
    start_part(c, word, part);
    size_t plain = put_plain_letters(c, word);
    word = slice_of(word.ptr + plain, word.len - plain);
    while (word.len) {
        uint32_t rune;
        size_t len = slice_utf8_next(word, &rune);
        if (rune_is_letter(rune))
            put_letter(c, rune);
        else
            put_mark(c, word, len, part);
        word = slice_of(word.ptr + len, word.len - len);
        if (rune == '-' && low_in_hyphens(word, part, lower, &low)) {
            size_t part_len = (size_t)((const char *)memchr(word.ptr, '-', word.len) - word.ptr);
            put_low(c, low);
            word = slice_of(word.ptr + part_len, word.len - part_len);
        }
    }
}

static int stays_low(struct slice lower, enum name_part part, int first, int last,
                     int behind_particle)
{
    if (last || !lower.len)
        return 0;
    if (part == NAME_FAMILY || (part == NAME_GIVEN && !first)) {
        if (WORD_IN(lower, follower_particles))
            return behind_particle;
        return WORD_IN(lower, low_particles);
    }
    return part != NAME_GIVEN && !first && WORD_IN(lower, low_places);
}

static void put_cased(struct casing *c, struct slice word, enum name_part part, int first, int last,
                      int *behind_particle)
{
    char buffer[WORD];
    struct slice lower = lower_word(word, buffer);
    int low = stays_low(lower, part, first, last, *behind_particle);
    *behind_particle = low;
    if (low)
        put_low(c, lower);
    else if (is_initials(lower, part) || (part == NAME_STREET && is_house_number(word)))
        put_upper(c, word);
    else
        put_word(c, word, part);
}

int name_case(struct slice tidy, enum name_part part, struct arena *a, struct slice *ret)
{
    enum text_case now = text_case_of(tidy);
    struct slice rest = tidy, word;
    int first = 1, behind_particle = 0;
    *ret = tidy;
    if (now == TEXT_CASELESS || now == TEXT_MIXED || !tidy.len)
        return 0;
    struct casing c = {.out = arena_alloc(a, tidy.len * 2 + 4)};
    if (!c.out)
        return ERR_MEMORY;
    while (slice_cut(&rest, ' ', &word)) {
        int last = word.ptr + word.len == tidy.ptr + tidy.len;
        if (!first)
            c.out[c.n++] = ' ';
        if (word.len)
            put_cased(&c, word, part, first, last, &behind_particle);
        first = 0;
    }
    *ret = slice_of(c.out, c.n);
    return 0;
}
