#include "transform/map/country.h"

#include <stdlib.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "transform/map/text.h"

enum { FOLDED = 96 };

/* Names that people write and ICU does not. Folded; sorted by name for the eye only. */
static const struct word_pair aliases[] = {
    {"a", "AT"},
    {"america", "US"},
    {"b", "BE"},
    {"bolivia", "BO"},
    {"bosnia", "BA"},
    {"brasil", "BR"},
    {"brd", "DE"},
    {"britain", "GB"},
    {"bundesrepublik deutschland", "DE"},
    {"burma", "MM"},
    {"cz", "CZ"},
    {"czech republic", "CZ"},
    {"d", "DE"},
    {"e", "ES"},
    {"eire", "IE"},
    {"england", "GB"},
    {"espana", "ES"},
    {"f", "FR"},
    {"fl", "LI"},
    {"gb", "GB"},
    {"gbr", "GB"},
    {"great britain", "GB"},
    {"grossbritannien", "GB"},
    {"holland", "NL"},
    {"hong kong", "HK"},
    {"i", "IT"},
    {"irish republic", "IE"},
    {"italia", "IT"},
    {"ivory coast", "CI"},
    {"korea", "KR"},
    {"l", "LU"},
    {"macau", "MO"},
    {"macedonia", "MK"},
    {"n ireland", "GB"},
    {"northern ireland", "GB"},
    {"nederland", "NL"},
    {"p", "PT"},
    {"palestine", "PS"},
    {"pr china", "CN"},
    {"republic of ireland", "IE"},
    {"republic of korea", "KR"},
    {"roi", "IE"},
    {"russia", "RU"},
    {"russian federation", "RU"},
    {"scotland", "GB"},
    {"schottland", "GB"},
    {"south korea", "KR"},
    {"swaziland", "SZ"},
    {"switzerland", "CH"},
    {"syria", "SY"},
    {"taiwan", "TW"},
    {"the netherlands", "NL"},
    {"turkey", "TR"},
    {"turkei", "TR"},
    {"u k", "GB"},
    {"u s", "US"},
    {"u s a", "US"},
    {"uae", "AE"},
    {"uk", "GB"},
    {"united kingdom of great britain and northern ireland", "GB"},
    {"united states of america", "US"},
    {"usa", "US"},
    {"vereinigte staaten von amerika", "US"},
    {"vietnam", "VN"},
    {"wales", "GB"},
};

/* The first meaning of a name stays. */
static int add(struct countries *c, struct slice folded, const char *code)
{
    uint32_t before = c->names.n;
    if (!folded.len)
        return 0;
    int64_t at = dict_add(&c->names, folded);
    if (at < 0)
        return ERR_MEMORY;
    if (c->names.n == before)
        return 0;
    if (c->names.n > c->cap) {
        uint32_t cap = c->cap ? c->cap * 2 : 1024;
        char(*grown)[3] = realloc(c->codes, cap * sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        c->codes = grown;
        c->cap = cap;
    }
    memcpy(c->codes[at], code, 3);
    return 0;
}

static int add_text(struct countries *c, const char *text, const char *code)
{
    char folded[FOLDED];
    size_t n = text_key(slice_str(text), folded, sizeof folded);
    return add(c, slice_of(folded, n), code);
}

static int add_display_name(struct countries *c, const char *code, const char *language)
{
    char locale[8] = "und_", name[FOLDED * 3];
    UChar wide[FOLDED];
    UErrorCode status = U_ZERO_ERROR;
    int32_t len;
    memcpy(locale + 4, code, 3);
    uloc_getDisplayCountry(locale, language, wide, FOLDED, &status);
    if (U_FAILURE(status) || status == U_USING_DEFAULT_WARNING)
        return 0;
    u_strToUTF8(name, sizeof name, &len, wide, -1, &status);
    return U_FAILURE(status) ? 0 : add_text(c, name, code);
}

static int add_country(struct countries *c, const char *code)
{
    static const char *const languages[] = {"en", "de", "fr", "es", "it", "nl", "pt", "pl"};
    char locale[8] = "und_";
    memcpy(locale + 4, code, 3);
    TRY(add_text(c, code, code));
    TRY(add_text(c, uloc_getISO3Country(locale), code));
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        TRY(add_display_name(c, code, languages[i]));
    return 0;
}

int countries_init(struct countries *c)
{
    *c = (struct countries){0};
    TRY(dict_init(&c->names));
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        TRY(add(c, slice_str(aliases[i].word), aliases[i].value));
    for (const char *const *code = uloc_getISOCountries(); *code; code++)
        TRY(add_country(c, *code));
    return 0;
}

void countries_done(struct countries *c)
{
    dict_done(&c->names);
    free(c->codes);
    *c = (struct countries){0};
}

struct slice country_code(const struct countries *c, struct slice text)
{
    char folded[FOLDED];
    size_t n = text_key(text, folded, sizeof folded);
    int64_t at = n ? dict_find(&c->names, slice_of(folded, n)) : DICT_NONE;
    return at < 0 ? (struct slice){0} : slice_of(c->codes[at], 2);
}
