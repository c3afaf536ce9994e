/* Telephone numbering plans of all countries: calling codes, trunk and international prefixes,
 * lengths. A constant table; nothing is allocated. */
#ifndef SLUICE_SCHEMAS_PHONE_PLAN_H
#define SLUICE_SCHEMAS_PHONE_PLAN_H

#include "core/slice.h"

struct phone_plan {
    char country[3];    /* ISO alpha-2 */
    short code;         /* calling code */
    const char *trunk;  /* before a national number, not part of it: "0"; "8|0": either */
    const char *abroad; /* before a calling code: "00" */
    unsigned lengths;   /* bit n: a national number may have n digits */
    unsigned first;     /* bit d: it may begin with digit d */
};

/* The plan of a country (ISO alpha-2), or NULL. Linear: keep what it returns. */
const struct phone_plan *phone_plan_of(struct slice country);

/* The plan whose calling code `digits` begin with (the main country where several share it), and
 * the code's length; or NULL. */
const struct phone_plan *phone_plan_match(struct slice digits, size_t *ret_code_len);

/* Is a national number (digits, no trunk prefix) one that the plan can have? 1 or 0. */
int phone_plan_fits(const struct phone_plan *plan, struct slice national);

/* "+442079460958": E.164, with a known calling code and a length and first digit that its plan has.
 * 1 or 0. */
int phone_valid(struct slice e164);

#endif
