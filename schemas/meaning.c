#include "schemas/meaning.h"

static const char *const names[MEANING_COUNT + 1] = {
    "unknown",      "key",       "source",    "title",        "given-name", "middle-name",
    "family-name",  "suffix",    "full-name", "organisation", "birth-date", "birth-year",
    "birth-month",  "birth-day", "gender",    "email",        "phone",      "address",
    "house-number", "street",    "address-2", "city",         "region",     "postcode",
    "country",      "place",     "id",        "occupation",   "category",   "number",
    "date",         "text",      NULL,
};

const char *meaning_name(enum meaning m)
{
    return names[m];
}

const char *const *meaning_names(void)
{
    return names;
}

int meaning_parse(struct slice text, enum meaning *ret)
{
    for (int i = 0; i < MEANING_COUNT; i++)
        if (slice_equal(text, slice_str(names[i]))) {
            *ret = (enum meaning)i;
            return 1;
        }
    return 0;
}
