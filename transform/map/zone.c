#include "transform/map/zone.h"

#include <unicode/ucal.h>

enum { NAME_MAX_LEN = 64, CHANGES_MAX = 1024 };

#define MILLIS_1900 (-2208988800000.0)
#define MILLIS_2100 4102444800000.0

struct change {
    int64_t local;  /* from this local time on … */
    int64_t offset; /* … the clock is this many microseconds ahead of UTC */
};

struct zone {
    int n;
    struct change changes[]; /* the first one reaches back for ever */
};

static int wide_name(struct slice name, UChar out[NAME_MAX_LEN])
{
    if (name.len >= NAME_MAX_LEN)
        return 0;
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.ptr[i] >= 0x80)
            return 0;
        out[i] = (UChar)name.ptr[i];
    }
    return (int)name.len;
}

static int64_t offset_now(UCalendar *cal, UErrorCode *status)
{
    return ((int64_t)ucal_get(cal, UCAL_ZONE_OFFSET, status) +
            ucal_get(cal, UCAL_DST_OFFSET, status)) *
           1000;
}

static int next_change(UCalendar *cal, UErrorCode *status)
{
    UDate at;
    if (!ucal_getTimeZoneTransitionDate(cal, UCAL_TZ_TRANSITION_NEXT, &at, status) ||
        U_FAILURE(*status) || at > MILLIS_2100)
        return 0;
    ucal_setMillis(cal, at, status);
    return U_SUCCESS(*status);
}

static int ask(UCalendar *cal, struct change *changes, UErrorCode *status)
{
    int n = 0;
    ucal_setMillis(cal, MILLIS_1900, status);
    changes[n++] = (struct change){INT64_MIN, offset_now(cal, status)};
    while (n < CHANGES_MAX && next_change(cal, status)) {
        int64_t before = changes[n - 1].offset, offset = offset_now(cal, status);
        int64_t utc = (int64_t)ucal_getMillis(cal, status) * 1000;
        /* Put forward: the new offset begins where the skipped times end. Put back: where the
         * repeated times end. Both are the later of the two clocks at the change. */
        int64_t local = utc + (offset > before ? offset : before);
        if (offset != before)
            changes[n++] = (struct change){local, offset};
    }
    return n;
}

static int ask_named(const UChar *wide, int len, struct arena *a, const struct zone **ret,
                     struct error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    struct change *changes = ARENA_ARRAY(a, struct change, CHANGES_MAX);
    UCalendar *cal = ucal_open(wide, len, "", UCAL_GREGORIAN, &status);
    int n = changes && U_SUCCESS(status) ? ask(cal, changes, &status) : 0;
    ucal_close(cal);
    if (!changes || status == U_MEMORY_ALLOCATION_ERROR)
        return error_memory(err);
    if (U_FAILURE(status))
        return error_set(err, ERR_BUG, "time zones cannot be read: %s", u_errorName(status));
    struct zone *z = arena_alloc(a, sizeof *z + (size_t)n * sizeof(struct change));
    if (!z)
        return error_memory(err);
    z->n = n;
    memcpy(z->changes, changes, (size_t)n * sizeof(struct change));
    *ret = z;
    return 0;
}

int zone_open(struct slice name, struct arena *a, const struct zone **ret, struct error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[NAME_MAX_LEN], canonical[NAME_MAX_LEN];
    UBool known = 0;
    *ret = NULL;
    if (!name.len || slice_equal(name, SLICE_LIT("UTC")))
        return 0;
    int len = wide_name(name, wide);
    if (len)
        ucal_getCanonicalTimeZoneID(wide, len, canonical, NAME_MAX_LEN, &known, &status);
    if (!len || U_FAILURE(status) || !known)
        return error_set(err, ERR_CONFIG,
                         "'%.*s' is no time zone: an IANA name like Europe/London is expected",
                         (int)name.len, name.ptr);
    return ask_named(wide, len, a, ret, err);
}

int64_t zone_to_utc(const struct zone *z, int64_t local_micros)
{
    if (!z)
        return local_micros;
    int low = 0, high = z->n;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (z->changes[middle].local <= local_micros)
            low = middle;
        else
            high = middle;
    }
    return local_micros - z->changes[low].offset;
}
