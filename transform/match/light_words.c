#include "transform/match/light_words.h"

struct forms {
    const char *country, *words;
};

/* Without dots, as names are folded; the first country of several that share a form is "*". */
static const struct forms legal_forms[] = {
    {"*", "sa ag spa gmbh ltd limited co company sas sarl snc"},
    {"AT", "gesmbh"},
    {"AU", "pty proprietary"},
    {"BE", "bvba sprl cvba scrl"},
    {"BG", "ood eood ead"},
    {"BR", "ltda eireli"},
    {"CH", "sagl"},
    {"CN", "wfoe"},
    {"CZ", "sro akciova"},
    {"DE", "mbh kg kgaa ohg gbr ug ev eg partg ek"},
    {"DK", "aps"},
    {"EE", "ou"},
    {"ES", "sl slu sau sll"},
    {"FI", "oy oyj ky"},
    {"FR", "eurl sasu sci scop"},
    {"GB", "plc llp cic"},
    {"HR", "doo"},
    {"HU", "kft zrt nyrt bt"},
    {"IE", "dac clg teoranta"},
    {"IN", "pvt private"},
    {"IT", "srl srls sapa"},
    {"JP", "kk kabushiki kaisha"},
    {"LT", "uab"},
    {"LU", "sarls"},
    {"LV", "sia"},
    {"MX", "cv sapi"},
    {"MY", "bhd sdn berhad"},
    {"NL", "bv nv vof"},
    {"NO", "asa"},
    {"PL", "zoo spolka"},
    {"PT", "lda unipessoal"},
    {"RU", "ooo zao oao pao"},
    {"SE", "ab hb kb"},
    {"SG", "pte"},
    {"SK", "spol"},
    {"TR", "sti anonim sirketi"},
    {"UA", "tov"},
    {"US", "inc incorporated corp corporation llc lp lllp pllc pc na"},
    {"ZA", "cc"},
};

static const char kinds[] =
    "the and und et y of de di group gruppe groupe grupo gruppo holding holdings international "
    "services service store stores shop restaurant ristorante restaurante cafe bar grill inn hotel "
    "bistro tavern kitchen";

static const char address_words[] =
    "n s e w ne nw se sw suite ste unit apt apartment flat floor fl room rm bldg building";

static int is_among(const char *list, struct slice word)
{
    struct slice rest = slice_str(list), one;
    while (rest.len) {
        slice_cut(&rest, ' ', &one);
        if (slice_equal(one, word))
            return 1;
    }
    return 0;
}

const char *legal_form_country(struct slice word)
{
    for (size_t i = 0; i < sizeof legal_forms / sizeof *legal_forms; i++)
        if (is_among(legal_forms[i].words, word))
            return legal_forms[i].country;
    return NULL;
}

int is_light_word(enum meaning meaning, struct slice word)
{
    switch (meaning) {
    case MEANING_ORGANISATION:
        return legal_form_country(word) || is_among(kinds, word);
    case MEANING_STREET:
    case MEANING_ADDRESS:
    case MEANING_ADDRESS_2:
        return is_among(address_words, word);
    default:
        return 0;
    }
}
