#include "tests/gen/iso.h"

void iso_day(struct text *t, struct day d)
{
    text_uint(t, (uint64_t)d.year, 4);
    text_char(t, '-');
    text_uint(t, (uint64_t)d.month, 2);
    text_char(t, '-');
    text_uint(t, (uint64_t)d.date, 2);
}

void iso_moment(struct text *t, int64_t seconds, int offset, enum iso_style style)
{
    struct moment m = moment_at(seconds, offset);
    iso_day(t, m.day);
    text_char(t, 'T');
    text_uint(t, (uint64_t)m.hour, 2);
    text_char(t, ':');
    text_uint(t, (uint64_t)m.minute, 2);
    text_char(t, ':');
    text_uint(t, (uint64_t)m.second, 2);
    if (style == ISO_Z) {
        text_char(t, 'Z');
        return;
    }
    text_add(t, style == ISO_MILLIS_NO_COLON ? ".000+" : "+");
    text_uint(t, (uint64_t)offset / 3600, 2);
    text_add(t, style == ISO_COLON ? ":" : "");
    text_uint(t, (uint64_t)offset / 60 % 60, 2);
}
