#include "transform/map/name_words.h"

#include "transform/map/text.h"

/* Keys are in lower case without dots, sorted by bytes. */
static const struct word_pair titles[] = {
    {"capt", "Capt"},
    {"captain", "Capt"},
    {"col", "Col"},
    {"colonel", "Col"},
    {"dame", "Dame"},
    {"dhr", "Dhr"},
    {"dipl-ing", "Dipl-Ing"},
    {"dipling", "Dipl-Ing"},
    {"doctor", "Dr"},
    {"dott", "Dott"},
    {"dottssa", "Dott.ssa"},
    {"doña", "Dña"},
    {"dr", "Dr"},
    {"dra", "Dra"},
    {"dring", "Dr"},
    {"drjur", "Dr"},
    {"drmed", "Dr"},
    {"drphil", "Dr"},
    {"drrernat", "Dr"},
    {"dña", "Dña"},
    {"em", "Em"},
    {"fr", "Frau"},
    {"frau", "Frau"},
    {"frl", "Frau"},
    {"fru", "Fru"},
    {"fräulein", "Frau"},
    {"herr", "Herr"},
    {"hon", "Hon"},
    {"hr", "Herr"},
    {"hrn", "Herr"},
    {"ing", "Ing"},
    {"lady", "Lady"},
    {"lord", "Lord"},
    {"lt", "Lt"},
    {"madame", "Mme"},
    {"mademoiselle", "Mlle"},
    {"mag", "Mag"},
    {"maj", "Maj"},
    {"master", "Master"},
    {"maître", "Me"},
    {"meneer", "Dhr"},
    {"messrs", "Messrs"},
    {"mevr", "Mevr"},
    {"mevrouw", "Mevr"},
    {"mgr", "Mgr"},
    {"miss", "Miss"},
    {"mister", "Mr"},
    {"mlle", "Mlle"},
    {"mme", "Mme"},
    {"monsieur", "M"},
    {"mr", "Mr"},
    {"mrs", "Mrs"},
    {"ms", "Ms"},
    {"mw", "Mevr"},
    {"mx", "Mx"},
    {"pan", "Pan"},
    {"pani", "Pani"},
    {"prof", "Prof"},
    {"professor", "Prof"},
    {"rev", "Rev"},
    {"revd", "Rev"},
    {"reverend", "Rev"},
    {"señor", "Sr"},
    {"señora", "Sra"},
    {"señorita", "Srta"},
    {"sgt", "Sgt"},
    {"sig", "Sig"},
    {"signor", "Sig"},
    {"signora", "Sig.ra"},
    {"sigra", "Sig.ra"},
    {"sir", "Sir"},
    {"sr", "Sr"},
    {"sra", "Sra"},
    {"srta", "Srta"},
    {"univ-prof", "Prof"},
};

static const struct word_pair suffixes[] = {
    {"2nd", "II"},    {"3rd", "III"},   {"4th", "IV"},    {"bsc", "BSc"},
    {"cbe", "CBE"},   {"cpa", "CPA"},   {"dds", "DDS"},   {"dipling", "Dipl-Ing"},
    {"dmd", "DMD"},   {"dvm", "DVM"},   {"esq", "Esq"},   {"esquire", "Esq"},
    {"fils", "fils"}, {"frcs", "FRCS"}, {"ii", "II"},     {"iii", "III"},
    {"iv", "IV"},     {"jd", "JD"},     {"jnr", "Jr"},    {"jr", "Jr"},
    {"junior", "Jr"}, {"kc", "KC"},     {"llb", "LLB"},   {"llm", "LLM"},
    {"mba", "MBA"},   {"mbe", "MBE"},   {"md", "MD"},     {"mp", "MP"},
    {"msc", "MSc"},   {"obe", "OBE"},   {"phd", "PhD"},   {"qc", "QC"},
    {"ret", "Ret"},   {"rn", "RN"},     {"senior", "Sr"}, {"snr", "Sr"},
    {"sr", "Sr"},
};

static const char *const forms[] = {
    "a/s",     "ag",          "aps",      "associates",   "bhd",        "bv",     "company",
    "corp",    "corporation", "doo",      "eurl",         "foundation", "gbr",    "gesmbh",
    "gmbh",    "holdings",    "inc",      "incorporated", "kft",        "kg",     "kgaa",
    "limited", "llc",         "llp",      "lp",           "ltd",        "mbh",    "nv",
    "ohg",     "plc",         "pte",      "pty",          "pvt",        "rt",     "sarl",
    "sas",     "sasu",        "sau",      "slu",          "snc",        "spa",    "spzoo",
    "srl",     "sro",         "stiftung", "uab",          "ug",         "verlag", "vof",
};

enum { WORD = 16 };

/* Lower case, dots dropped: "Ph.D." → "phd". Empty when it is longer than any listed word. */
static struct slice plain(struct slice word, char out[WORD])
{
    size_t n = 0;
    if (word.len > WORD + 4)
        return slice_of(out, 0);
    for (size_t i = 0; i < word.len && n < WORD && !(word.ptr[i] & 0x80); i++) {
        if (word.ptr[i] != '.' && word.ptr[i] != ',')
            out[n++] = ascii_lower(word.ptr[i]);
        if (i + 1 == word.len)
            return slice_of(out, n);
    }
    n = 0;
    while (word.len) {
        uint32_t rune;
        size_t len = slice_utf8_next(word, &rune);
        if (n + 4 > WORD)
            return slice_of(out, 0);
        if (rune != '.' && rune != ',')
            n += utf8_put(rune_lower(rune), out + n);
        word = slice_of(word.ptr + len, word.len - len);
    }
    return slice_of(out, n);
}

struct slice name_title(struct slice word)
{
    char out[WORD];
    return WORD_VALUE(plain(word, out), titles);
}

struct slice name_suffix(struct slice word)
{
    char out[WORD];
    return WORD_VALUE(plain(word, out), suffixes);
}

int name_legal_form(struct slice word)
{
    char out[WORD];
    return WORD_IN(plain(word, out), forms);
}
