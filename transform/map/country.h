/* Countries to ISO 3166 alpha-2: codes of two or three letters, and names in English,
 * German, French, Spanish, Italian, Dutch, Portuguese and Polish (ICU's), with the usual short
 * forms
 * ("UK", "Holland", "D"). The index is made once and then only read, by any thread. */
#ifndef SLUICE_TRANSFORM_MAP_COUNTRY_H
#define SLUICE_TRANSFORM_MAP_COUNTRY_H

#include "core/dict.h"

struct countries {
    struct dict names; /* folded names (text.h) and codes in lower case */
    char (*codes)[3];  /* by the dict's code */
    uint32_t n, cap;
};

int countries_init(struct countries *c); /* 0 or ERR_MEMORY; some 2,500 names, 10 ms */
void countries_done(struct countries *c);
/* "United  Kingdom" → "GB"; the empty slice when it is not known. The text lives with `c`. */
struct slice country_code(const struct countries *c, struct slice text);

#endif
