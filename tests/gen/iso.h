/* ISO 8601 as systems write it. */
#ifndef GEN_ISO_H
#define GEN_ISO_H

#include "tests/gen/calendar.h"
#include "tests/gen/text.h"

enum iso_style {
    ISO_COLON,           /* 2026-02-27T09:12:33+01:00 */
    ISO_MILLIS_NO_COLON, /* 2026-02-27T09:12:33.000+0100 */
    ISO_Z                /* 2026-02-27T08:12:33Z; the offset must be 0 */
};

void iso_day(struct text *t, struct day d);
void iso_moment(struct text *t, int64_t seconds, int offset, enum iso_style style);

#endif
