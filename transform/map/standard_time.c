/* Steps over dates and times. */
#include "transform/map/date.h"
#include "transform/map/junk.h"
#include "transform/map/standard.h"

enum { BIRTH_CENTURY = 2020, BIRTH_END = 2100 };

/* By the mapping's formats in their order, else the usual ones. */
static int parse(const struct block *b, const struct feed *f, struct slice text, struct moment *ret)
{
    const struct mapping *m = f->mapping;
    for (int i = 0; i < m->n_formats; i++)
        if (date_parse_format(text, m->formats[i], ret))
            return 1;
    return m->n_formats == 0 && date_parse_usual(text, b->plan->region, ret);
}

static int bad_date(struct block *b, int row, const struct feed *f, struct slice text)
{
    struct slice format = f->mapping->n_formats ? f->mapping->formats[0] : SLICE_LIT("2026-03-01");
    return block_fault(b, row, f, "bad-date", "'%.*s' is no date like '%.*s'", SHOWN(text),
                       SHOWN(format));
}

/* 1 and the moment, 0 when there is none (and the row may have been rejected), or ERR_MEMORY. */
static int take(struct block *b, int row, const struct feed *f, struct moment *ret)
{
    struct slice text = b->columns[f->to].text[row];
    if (!text.ptr)
        return 0;
    if (!parse(b, f, text, ret)) {
        if (!junk_date_text(text))
            TRY(bad_date(b, row, f, text));
        return 0;
    }
    return !junk_date(ret->civil.year, ret->civil.month, ret->civil.day);
}

static int64_t to_utc(const struct feed *f, const struct moment *m)
{
    int64_t local = calendar_micros(&m->civil);
    return m->has_zone ? local - (int64_t)m->zone_seconds * 1000000 : zone_to_utc(f->zone, local);
}

/* An event must have happened at some time; a record may not know when it changed. */
int standard_time(struct block *b, const struct feed *f)
{
    struct vector *v = &b->columns[f->to];
    int required = b->plan->kind == CANONICAL_EVENT;
    for (int row = 0; row < b->n; row++) {
        struct moment m;
        int there = take(b, row, f, &m);
        TRY(there);
        v->filled[row] = (unsigned char)there;
        if (there)
            v->integer[row] = to_utc(f, &m);
        else if (required)
            TRY(block_fault(b, row, f, "missing-time", "there is no '%.*s'",
                            SHOWN(f->mapping->field)));
    }
    return 0;
}

/* The day that the record was changed on, or a day later than all. */
static int32_t known_on(const struct block *b, int row)
{
    const struct vector *v = &b->columns[b->plan->time];
    struct civil c;
    if (!v->filled || !v->filled[row])
        return calendar_days(BIRTH_END, 1, 1);
    calendar_civil_micros(v->integer[row], &c);
    return calendar_days(c.year, c.month, c.day) + 1;
}

/* Two digits of a year of birth: 20–99 and what would be in the future are of the last century. */
static int32_t birth_days(struct civil c, int short_year, int32_t known)
{
    if (short_year && c.year >= BIRTH_CENTURY)
        c.year -= 100;
    if (!calendar_valid(c.year, c.month, c.day))
        c.day = 28;
    int32_t days = calendar_days(c.year, c.month, c.day);
    if (!short_year || days <= known || !calendar_valid(c.year - 100, c.month, c.day))
        return days;
    return calendar_days(c.year - 100, c.month, c.day);
}

/* Nobody is born after the record says so: such a date is junk. */
int standard_birth(struct block *b, const struct feed *f)
{
    struct vector *v = &b->columns[f->to];
    for (int row = 0; row < b->n; row++) {
        struct moment m;
        int there = take(b, row, f, &m);
        TRY(there);
        if (!there)
            continue;
        int32_t known = known_on(b, row), days = birth_days(m.civil, m.short_year, known);
        v->filled[row] = days <= known;
        v->integer[row] = days;
    }
    return 0;
}

/* Does the format tell a time of day? */
static int has_clock(struct slice format)
{
    for (size_t i = 0; i + 1 < format.len; i++)
        if (format.ptr[i] == '%' && strchr("HIMSTRs", format.ptr[i + 1]))
            return 1;
    return 0;
}

/* 2026-03-01, or 2026-03-01T11:00:00Z where the format has a time. */
int standard_own_time(struct block *b, const struct feed *f)
{
    struct slice *v = b->columns[f->to].text;
    int clock = has_clock(f->mapping->formats[0]);
    for (int row = 0; row < b->n; row++) {
        struct moment m;
        char text[40];
        int there = take(b, row, f, &m);
        TRY(there);
        v[row] = (struct slice){0};
        if (!there)
            continue;
        size_t n = clock ? timestamp_text(to_utc(f, &m), text)
                         : date_text(calendar_days(m.civil.year, m.civil.month, m.civil.day), text);
        v[row] = arena_copy(&b->arena, slice_of(text, n));
        if (!v[row].ptr)
            return ERR_MEMORY;
    }
    return 0;
}
