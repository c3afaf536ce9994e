/* Levels in words, for models and explanations. */
#include "transform/match/compare.h"

static const char *const name_words[] = {"missing",
                                         "exact",
                                         "one edit",
                                         "similar",
                                         "initial",
                                         "alike",
                                         "differs",
                                         "given and family swapped",
                                         "among the other names",
                                         "learned alias",
                                         "learned alias, strong",
                                         "listed nickname"};
static const char *const date_words[] = {"missing",
                                         "exact",
                                         "exact, 1 January",
                                         "year, one is 1 January",
                                         "one digit differs",
                                         "one digit, one 1 January",
                                         "swapped parts or digits",
                                         "year, and month or day",
                                         "year alone",
                                         "month and day, not year",
                                         "1 January, not the year",
                                         "two digits differ",
                                         "two digits, one 1 January",
                                         "three digits differ",
                                         "differs"};
static const char *const others[COMPARE_KINDS][7] = {
    [COMPARE_EXTRA] = {"missing", "all", "some", "similar", "none"},
    [COMPARE_SUFFIX] = {"neither", "exact", "one only", "", "", "", "differs"},
    [COMPARE_POSTCODE] = {"missing", "exact", "one edit", "district and more", "district",
                          "first two", "differs"},
    [COMPARE_PHONE] = {"missing", "exact", "one edit", "two edits", "first three digits", "",
                       "differs"},
    [COMPARE_EMAIL] = {"missing", "exact", "user part", "two edits", "similar", "differs"},
    [COMPARE_ID] = {"missing", "exact", "one edit", "two edits", "differs"},
    [COMPARE_NUMBER] = {"missing", "exact", "one edit", "differs"},
    [COMPARE_PLACE] = {"missing", "exact", "very similar", "similar", "differs"},
    [COMPARE_EXACT] = {"missing", "exact", "differs"},
    [COMPARE_TEXT] = {"missing", "the same words", "80 % of the words", "60 %", "40 %", "20 %",
                      "differs"},
    [COMPARE_CODE] = {"missing", "the same code", "code within the other's text",
                      "a code, and others that differ", "nearly the same code",
                      "first four of a code", "differs"},
    [COMPARE_QUANTITY] = {"missing", "exact", "within 2 %", "within 15 %", "within 40 %",
                          "differs"},
};

const char *compare_level_name(enum compare_kind kind, int level)
{
    if (level < 0 || level >= LEVELS)
        return "";
    if (kind == COMPARE_GIVEN || kind == COMPARE_FAMILY)
        return level <= NAME_NICK ? name_words[level] : "";
    if (kind == COMPARE_DATE)
        return level < 15 ? date_words[level] : "";
    if (kind == COMPARE_PLACE && level > 8)
        return level <= NAME_ALIAS_STRONG ? name_words[level] : "";
    return level < 7 && others[kind][level] ? others[kind][level] : "";
}
