/* The words of column names, glued ("dateofbirth") and without accents; spaces between words. */
#ifndef SLUICE_SCHEMAS_MEANING_VOCABULARY_H
#define SLUICE_SCHEMAS_MEANING_VOCABULARY_H

/* Words that may stand beside a meaning's own without changing it. */
enum generic {
    WITH_NUMBER = 1, /* phone_number */
    WITH_ID = 2,
    WITH_CODE = 4,
    WITH_DATE = 8,
    WITH_NAME = 16,
    WITH_ADDRESS = 32,
    WITH_LINE = 64,
};

struct vocabulary {
    int sense, generics;
    const char *words; /* spaces between; "=" before one that must stand alone */
};

extern const struct vocabulary vocabularies[]; /* ends in {.words = NULL} */

/* Beside a meaning's word these change nothing. */
extern const char neutral_words[];
/* Which of several addresses; ends in NULL. */
extern const char *const address_roles[];
/* Beside a meaning's word these say that it is somebody else's, or something about it. */
extern const char aside_words[];
/* Beside an address's word these say that it is another thing's. */
extern const char not_address_words[];

#endif
