/* `verified`: is a value one that can be used as it stands, a valid e-mail address, phone number or
 * postcode? */
#ifndef SLUICE_TRANSFORM_GOLDEN_VERIFIED_H
#define SLUICE_TRANSFORM_GOLDEN_VERIFIED_H

#include "transform/golden/choose.h"

/* 1 or 0; 0 for fields that cannot be checked. `cell` is not empty. */
int value_verified(struct slice field, const struct cell *cell);

#endif
