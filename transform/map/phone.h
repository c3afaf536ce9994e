/* Telephone numbers to E.164: "(020) 7946 0958 ext. 12" in GB → "+442079460958"; "+49 (0) 30
 * 123456", "0049 30 123456" → "+4930123456". An extension is cut off. A number that its country's
 * plan cannot have is dropped (the raw value stays in the record's raw). */
#ifndef SLUICE_TRANSFORM_MAP_PHONE_H
#define SLUICE_TRANSFORM_MAP_PHONE_H

#include "schemas/phone_plan.h"

enum { PHONE_TEXT = 20 };

/* The first plausible number in `*rest`, cut off it ("020 7946 0958 / 07700 900123" holds two).
 * `home` is the plan of numbers without a calling code, or NULL. Returns its length, or 0 when
 * there is none left. */
size_t phone_take(struct slice *rest, const struct phone_plan *home, char ret[PHONE_TEXT]);

#endif
