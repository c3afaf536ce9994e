/* Codes in texts of things: "PS-LX350H", "0618B002", "010-10747-03". A code mixes letters and
 * digits (a number with its unit does not count: "300W", "4GB") or is a long number; marks inside
 * it go. Values also keep their letters and digits in one run, so that a code is found there
 * however it was cut: "MDR EX32LP/BLK". */
#ifndef SLUICE_TRANSFORM_MATCH_CODES_H
#define SLUICE_TRANSFORM_MATCH_CODES_H

#include "transform/match/encode_parts.h"

enum { CODE_MIN = 4, CODE_MAX = 32 };

/* The next code of a folded text, written to `out`; 0 at the end. */
int codes_next(struct slice *rest, char out[CODE_MAX], struct slice *ret);

/* The text column whose values name things by their codes: the shortest of those where a fifth of
 * the values hold one. NULL: none. */
const struct match_column *codes_column(const struct match_table *t);

/* Codes of each value into words, the run of letters and digits into squeezed. */
int value_set_codes(struct value_set *v, const uint32_t *counts);

enum code_level {
    CODE_SAME = 1,
    CODE_WITHIN,       /* one's code is within the other's text */
    CODE_AMONG_OTHERS, /* one of these, but each has a code that the other lacks: a variant? */
    CODE_NEARLY,       /* three quarters of a code, or a common one */
    CODE_BEGINNING,    /* the first four characters */
    CODE_DIFFERS
};
/* 0 where no code says anything. */
int compare_model_codes(const struct value_set *v, uint32_t x, uint32_t y);

#endif
