#include "transform/map/street.h"

#include "core/error.h"
#include "transform/map/text.h"

/* Lower case without the dot behind; sorted by bytes. */

/* Behind a name: "Main St", "Park Ave N". */
static const struct word_pair english_behind[] = {
    {"aly", "Alley"},     {"av", "Avenue"},       {"ave", "Avenue"},      {"aven", "Avenue"},
    {"avn", "Avenue"},    {"bldgs", "Buildings"}, {"blvd", "Boulevard"},  {"boul", "Boulevard"},
    {"brg", "Bridge"},    {"bvd", "Boulevard"},   {"byp", "Bypass"},      {"cir", "Circle"},
    {"cl", "Close"},      {"cr", "Crescent"},     {"cres", "Crescent"},   {"crk", "Creek"},
    {"crs", "Crescent"},  {"crt", "Court"},       {"cswy", "Causeway"},   {"ct", "Court"},
    {"ctr", "Centre"},    {"cv", "Cove"},         {"dr", "Drive"},        {"drv", "Drive"},
    {"esp", "Esplanade"}, {"est", "Estate"},      {"expy", "Expressway"}, {"frk", "Fork"},
    {"fwy", "Freeway"},   {"gdn", "Garden"},      {"gdns", "Gardens"},    {"gln", "Glen"},
    {"gr", "Grove"},      {"grn", "Green"},       {"gro", "Grove"},       {"grv", "Grove"},
    {"hbr", "Harbor"},    {"hl", "Hill"},         {"ho", "House"},        {"hse", "House"},
    {"hts", "Heights"},   {"hwy", "Highway"},     {"hwy.", "Highway"},    {"ind", "Industrial"},
    {"jct", "Junction"},  {"la", "Lane"},         {"lk", "Lake"},         {"ln", "Lane"},
    {"lndg", "Landing"},  {"loop", "Loop"},       {"mdws", "Meadows"},    {"mnr", "Manor"},
    {"mt", "Mount"},      {"orch", "Orchard"},    {"pk", "Park"},         {"pkwy", "Parkway"},
    {"pky", "Parkway"},   {"pl", "Place"},        {"plz", "Plaza"},       {"prom", "Promenade"},
    {"psge", "Passage"},  {"pt", "Point"},        {"pwy", "Parkway"},     {"qy", "Quay"},
    {"rd", "Road"},       {"rdg", "Ridge"},       {"row", "Row"},         {"rte", "Route"},
    {"shr", "Shore"},     {"spg", "Spring"},      {"sq", "Square"},       {"st", "Street"},
    {"sta", "Station"},   {"str", "Street"},      {"tce", "Terrace"},     {"ter", "Terrace"},
    {"terr", "Terrace"},  {"tpke", "Turnpike"},   {"tr", "Trail"},        {"trl", "Trail"},
    {"vlg", "Village"},   {"vly", "Valley"},      {"vw", "View"},         {"walk", "Walk"},
    {"wlk", "Walk"},      {"wy", "Way"},          {"xing", "Crossing"},   {"yd", "Yard"},
};

/* Anywhere: units. */
static const struct word_pair english_anywhere[] = {
    {"appt", "Apartment"}, {"apt", "Apartment"}, {"bldg", "Building"}, {"bsmnt", "Basement"},
    {"bsmt", "Basement"},  {"fl", "Floor"},      {"flr", "Floor"},     {"flt", "Flat"},
    {"gnd", "Ground"},     {"grnd", "Ground"},   {"rm", "Room"},       {"ste", "Suite"},
};

static const struct word_pair german[] = {
    {"bgm", "Bürgermeister"}, {"dr", "Doktor"},      {"eg", "Erdgeschoss"}, {"hs", "Haus"},
    {"og", "Obergeschoss"},   {"pl", "Platz"},       {"prof", "Professor"}, {"st", "Sankt"},
    {"str", "Straße"},        {"strasse", "Straße"}, {"wg", "Weg"},         {"whg", "Wohnung"},
};

static const struct word_pair french[] = {
    {"all", "Allée"},
    {"appt", "Appartement"},
    {"apt", "Appartement"},
    {"av", "Avenue"},
    {"ave", "Avenue"},
    {"bat", "Bâtiment"},
    {"bd", "Boulevard"},
    {"bld", "Boulevard"},
    {"blvd", "Boulevard"},
    {"boul", "Boulevard"},
    {"bvd", "Boulevard"},
    {"bât", "Bâtiment"},
    {"che", "Chemin"},
    {"chem", "Chemin"},
    {"chm", "Chemin"},
    {"crs", "Cours"},
    {"dr", "Docteur"},
    {"esc", "Escalier"},
    {"et", "Étage"},
    {"fbg", "Faubourg"},
    {"fg", "Faubourg"},
    {"gal", "Général"},
    {"imp", "Impasse"},
    {"lot", "Lotissement"},
    {"mal", "Maréchal"},
    {"pass", "Passage"},
    {"pdt", "Président"},
    {"pl", "Place"},
    {"qu", "Quai"},
    {"r", "Rue"},
    {"res", "Résidence"},
    {"rte", "Route"},
    {"rés", "Résidence"},
    {"sq", "Square"},
    {"za", "Zone Artisanale"},
    {"zi", "Zone Industrielle"},
};

static const struct word_pair spanish[] = {
    {"av", "Avenida"},    {"avd", "Avenida"},   {"avda", "Avenida"},   {"avenida", "Avenida"},
    {"bda", "Barriada"},  {"c", "Calle"},       {"c/", "Calle"},       {"cam", "Camino"},
    {"cl", "Calle"},      {"cno", "Camino"},    {"crta", "Carretera"}, {"ctra", "Carretera"},
    {"dcha", "Derecha"},  {"esc", "Escalera"},  {"gta", "Glorieta"},   {"izda", "Izquierda"},
    {"izq", "Izquierda"}, {"pl", "Plaza"},      {"plza", "Plaza"},     {"po", "Paseo"},
    {"pol", "Polígono"},  {"pso", "Paseo"},     {"pza", "Plaza"},      {"pº", "Paseo"},
    {"rda", "Ronda"},     {"trav", "Travesía"}, {"trva", "Travesía"},  {"urb", "Urbanización"},
};

enum { WORD = 20, WORDS = 40 };

enum language { ENGLISH, GERMAN, FRENCH, SPANISH };

static enum language language_of(struct slice country)
{
    static const struct word_pair languages[] = {
        {"AR", "s"}, {"AT", "g"}, {"BE", "f"}, {"CH", "g"}, {"CL", "s"}, {"CO", "s"},
        {"CR", "s"}, {"DE", "g"}, {"EC", "s"}, {"ES", "s"}, {"FR", "f"}, {"GF", "f"},
        {"GP", "f"}, {"LI", "g"}, {"LU", "f"}, {"MC", "f"}, {"MQ", "f"}, {"MX", "s"},
        {"PE", "s"}, {"RE", "f"}, {"UY", "s"}, {"VE", "s"},
    };
    struct slice found = WORD_VALUE(country, languages);
    if (!found.ptr)
        return ENGLISH;
    return found.ptr[0] == 'g' ? GERMAN : found.ptr[0] == 'f' ? FRENCH : SPANISH;
}

/* A word of the line, and what it is looked up as. */
struct piece {
    struct slice word;
    char lower[WORD];
    size_t lower_len;
    int comma; /* one stood behind it */
};

/* Lower case; 0 when it is too long to be looked up. */
static size_t lower_word(struct slice s, char out[WORD])
{
    size_t n = 0;
    while (n < s.len && n < WORD && !(s.ptr[n] & 0x80)) {
        out[n] = ascii_lower(s.ptr[n]);
        n++;
    }
    s = slice_of(s.ptr + n, s.len - n);
    while (s.len) {
        uint32_t rune;
        size_t len = slice_utf8_next(s, &rune);
        if (n + 4 > WORD)
            return 0;
        n += utf8_put(rune_lower(rune), out + n);
        s = slice_of(s.ptr + len, s.len - len);
    }
    return n;
}

static void read_piece(struct slice word, struct piece *p)
{
    p->word = word;
    p->comma = 0;
    if (word.len && word.ptr[word.len - 1] == ',') {
        p->comma = 1;
        p->word.len--;
    }
    struct slice s = p->word;
    while (s.len && s.ptr[s.len - 1] == '.')
        s.len--;
    p->lower_len = lower_word(s, p->lower);
}

static int has_letters(const struct piece *p)
{
    return p->lower_len && !ascii_is_digit(p->lower[0]) && (p->lower_len > 1 || p->lower[0] & 0x80);
}

/* Is there a name before word i, in the same part between commas? "12 St Mary's" has none before
 * its St. */
static int name_before(const struct piece *pieces, int i)
{
    for (int k = i - 1; k >= 0 && !pieces[k].comma; k--)
        if (has_letters(&pieces[k]))
            return 1;
    return 0;
}

/* Does a name follow? Then "St" is a saint in "Great St Helen's", but directions, numbers and units
 * are no names. */
static int name_behind(const struct piece *pieces, int n, int i)
{
    static const char *const no_names[] = {
        "apartment", "apt", "e",  "east",  "flat", "floor", "n",  "ne",   "north", "nw",  "rm",
        "room",      "s",   "se", "south", "ste",  "suite", "sw", "unit", "w",     "west"};
    if (pieces[i].comma || i + 1 == n)
        return 0;
    const struct piece *next = &pieces[i + 1];
    return has_letters(next) && next->word.ptr[0] != '#' &&
           !WORD_IN(slice_of(next->lower, next->lower_len), no_names);
}

static struct slice expand_english(const struct piece *pieces, int n, int i)
{
    const struct piece *p = &pieces[i];
    struct slice lower = slice_of(p->lower, p->lower_len);
    struct slice found = WORD_VALUE(lower, english_anywhere);
    if (found.ptr)
        return found;
    if (!name_before(pieces, i) || name_behind(pieces, n, i))
        return (struct slice){0};
    return WORD_VALUE(lower, english_behind);
}

/* "Hauptstr." and "Hauptstrasse" end in it; Swiss streets keep their ss. */
static int expand_german_ending(const struct piece *p, struct slice country, struct arena *a,
                                struct slice *ret)
{
    static const struct {
        struct slice ending, whole;
    } endings[] = {{SLICE_INIT("str"), SLICE_INIT("straße")},
                   {SLICE_INIT("strasse"), SLICE_INIT("straße")},
                   {SLICE_INIT("pl"), SLICE_INIT("platz")}};
    struct slice lower = slice_of(p->lower, p->lower_len), word = p->word;
    int dot = word.len > p->lower_len;
    for (size_t i = 0; i < 3; i++) {
        struct slice ending = endings[i].ending, whole = endings[i].whole;
        if (lower.len <= ending.len + 2 || !slice_ends(lower, ending) || (i == 2 && !dot))
            continue;
        if (i < 2 && slice_equal(country, SLICE_LIT("CH")))
            whole = SLICE_LIT("strasse");
        size_t stem = word.len - (size_t)dot - ending.len;
        char *out = arena_alloc(a, stem + whole.len);
        if (!out)
            return ERR_MEMORY;
        memcpy(out, word.ptr, stem);
        memcpy(out + stem, whole.ptr, whole.len);
        *ret = slice_of(out, stem + whole.len);
        return 0;
    }
    return 0;
}

static int expand_german(const struct piece *p, struct slice country, struct arena *a,
                         struct slice *ret)
{
    struct slice lower = slice_of(p->lower, p->lower_len);
    int dot = p->word.len > p->lower_len, street = slice_starts(lower, SLICE_LIT("str"));
    struct slice found = dot || street ? WORD_VALUE(lower, german) : (struct slice){0};
    if (found.ptr && street && slice_equal(country, SLICE_LIT("CH")))
        found = SLICE_LIT("Strasse");
    *ret = found;
    /* The ending is measured in bytes, so the word must be as long in lower case. */
    if (!found.ptr && p->lower_len && p->word.len - p->lower_len <= 1)
        return expand_german_ending(p, country, a, ret);
    return 0;
}

/* The kind of street stands before its name: first, or behind the house number. */
static int before_name(const struct piece *pieces, int i)
{
    return !name_before(pieces, i);
}

static struct slice expand_romance(const struct piece *pieces, int i, enum language language)
{
    const struct piece *p = &pieces[i];
    struct slice lower = slice_of(p->lower, p->lower_len);
    int dot = p->word.len > p->lower_len;
    struct slice found =
        language == FRENCH ? WORD_VALUE(lower, french) : WORD_VALUE(lower, spanish);
    return dot || before_name(pieces, i) ? found : (struct slice){0};
}

/* "C/Mayor": the slash joins. */
static struct slice split_calle(struct slice line, struct arena *a, int *ret_code)
{
    char *out;
    *ret_code = 0;
    if (line.len < 4 || ascii_lower(line.ptr[0]) != 'c' || line.ptr[1] != '/' || line.ptr[2] == ' ')
        return line;
    out = arena_alloc(a, line.len + 1);
    if (!out) {
        *ret_code = ERR_MEMORY;
        return line;
    }
    memcpy(out, line.ptr, 2);
    out[2] = ' ';
    memcpy(out + 3, line.ptr + 2, line.len - 2);
    return slice_of(out, line.len + 1);
}

static int expand(const struct piece *pieces, int n, int i, struct slice country, struct arena *a,
                  struct slice *ret)
{
    enum language language = language_of(country);
    *ret = (struct slice){0};
    if (!pieces[i].lower_len)
        return 0;
    if (language == GERMAN)
        return expand_german(&pieces[i], country, a, ret);
    *ret = language == ENGLISH ? expand_english(pieces, n, i) : expand_romance(pieces, i, language);
    return 0;
}

static int write_line(const struct piece *pieces, const struct slice *words, int n, struct arena *a,
                      struct slice *ret)
{
    size_t len = 0;
    for (int i = 0; i < n; i++)
        len += words[i].len + 2;
    char *out = arena_alloc(a, len), *at = out;
    if (!out)
        return ERR_MEMORY;
    for (int i = 0; i < n; i++) {
        if (i)
            *at++ = ' ';
        memcpy(at, words[i].ptr, words[i].len);
        at += words[i].len;
        if (pieces[i].comma)
            *at++ = ',';
    }
    *ret = slice_of(out, (size_t)(at - out));
    return 0;
}

int street_expand(struct slice line, struct slice country, struct arena *a, struct slice *ret)
{
    struct piece pieces[WORDS];
    struct slice words[WORDS], rest, word;
    int n = 0, changed = 0, code = 0;
    *ret = line;
    if (language_of(country) == SPANISH) {
        line = *ret = split_calle(line, a, &code);
        TRY(code);
    }
    for (rest = line; slice_cut(&rest, ' ', &word); n++) {
        if (n == WORDS)
            return 0;
        read_piece(word, &pieces[n]);
    }
    for (int i = 0; i < n; i++) {
        TRY(expand(pieces, n, i, country, a, &words[i]));
        changed |= words[i].ptr != NULL;
        if (!words[i].ptr)
            words[i] = pieces[i].word;
    }
    return changed ? write_line(pieces, words, n, a, ret) : 0;
}
