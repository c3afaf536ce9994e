#include "transform/map/address.h"

#include "core/error.h"
#include "schemas/contact.h"
#include "transform/map/junk.h"
#include "transform/map/name_case.h"
#include "transform/map/street.h"
#include "transform/map/text.h"

static struct slice without_commas(struct slice s)
{
    while (s.len && (s.ptr[s.len - 1] == ',' || s.ptr[s.len - 1] == ' '))
        s.len--;
    while (s.len && (s.ptr[0] == ',' || s.ptr[0] == ' '))
        s = slice_of(s.ptr + 1, s.len - 1);
    return s;
}

static int tidy_part(struct slice *part, struct arena *a)
{
    if (!part->ptr)
        return 0;
    TRY(text_tidy(*part, a, part));
    *part = without_commas(*part);
    if (junk_text(*part))
        *part = (struct slice){0};
    return 0;
}

static int standard_line(struct slice *line, struct slice country, struct arena *a)
{
    if (!line->ptr)
        return 0;
    TRY(name_case(*line, NAME_STREET, a, line));
    return street_expand(*line, country, a, line);
}

/* "ca", "Nsw": codes of states and provinces are in capitals; names have their case. */
static int standard_region(struct slice *region, struct arena *a)
{
    if (!region->ptr)
        return 0;
    if (region->len <= 3 && text_is_ascii(*region))
        return text_upper(*region, a, region);
    return name_case(*region, NAME_PLACE, a, region);
}

static int standard_postcode(struct slice *postcode, struct slice country, struct arena *a)
{
    char text[POSTCODE_TEXT];
    if (!postcode->ptr)
        return 0;
    size_t n = postcode_format(*postcode, country, text);
    if (!n)
        return text_upper(*postcode, a, postcode);
    if (slice_equal(*postcode, slice_of(text, n)))
        return 0;
    *postcode = arena_copy(a, slice_of(text, n));
    return postcode->ptr ? 0 : ERR_MEMORY;
}

static int standard_city(struct slice *city, struct arena *a)
{
    return city->ptr ? name_case(*city, NAME_PLACE, a, city) : 0;
}

int address_standard(struct postal *p, struct slice home, const struct countries *countries,
                     struct arena *a)
{
    struct slice *const parts[] = {&p->line1,  &p->line2,    &p->city,
                                   &p->region, &p->postcode, &p->country};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        TRY(tidy_part(parts[i], a));
    if (p->country.ptr)
        p->country = country_code(countries, p->country);
    if (p->country.ptr)
        home = p->country;
    if (!p->line1.ptr) {
        p->line1 = p->line2;
        p->line2 = (struct slice){0};
    }
    TRY(standard_line(&p->line1, home, a));
    TRY(standard_line(&p->line2, home, a));
    TRY(standard_city(&p->city, a));
    TRY(standard_region(&p->region, a));
    return standard_postcode(&p->postcode, home, a);
}
