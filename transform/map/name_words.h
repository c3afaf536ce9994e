/* The words around names: titles before them, suffixes behind them, legal forms of companies. */
#ifndef SLUICE_TRANSFORM_MAP_NAME_WORDS_H
#define SLUICE_TRANSFORM_MAP_NAME_WORDS_H

#include "core/slice.h"

/* "dr." → "Dr", "HERR" → "Herr"; ptr NULL when the word is no title. */
struct slice name_title(struct slice word);
/* "jr." → "Jr", "iii" → "III"; ptr NULL when the word is no suffix. */
struct slice name_suffix(struct slice word);
/* "Ltd", "GmbH", "S.A.": the last word of a company's name. */
int name_legal_form(struct slice word);

#endif
