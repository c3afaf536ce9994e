#include "schemas/meaning_settle.h"

#include <stdarg.h>
#include <stdio.h>

void column_say(struct view *v, enum meaning m, const char *format, ...)
{
    va_list args;

    v->column->meaning = m;
    va_start(args, format);
    vsnprintf(v->column->why, sizeof v->column->why, format, args);
    va_end(args);
}

int column_share(const struct view *v, enum meaning m)
{
    const struct meaning_stats *s = &v->column->stats;

    return s->filled ? (int)(100 * s->looks[m] / s->filled) : 0;
}

static int has_sense(const struct table_view *t, int sense)
{
    for (int i = 0; i < t->n; i++) {
        const struct view *v = &t->views[i];

        if (v->rows &&
            (v->column->fixed ? (int)v->column->meaning == sense : v->name.sense == sense))
            return 1;
    }
    return 0;
}

void table_look(struct table_view *t)
{
    t->has_given = has_sense(t, MEANING_GIVEN_NAME);
    t->has_family = has_sense(t, MEANING_FAMILY_NAME);
    t->has_birth = has_sense(t, MEANING_BIRTH_DATE) || has_sense(t, MEANING_BIRTH_YEAR);
    t->has_contact = has_sense(t, MEANING_EMAIL) || has_sense(t, MEANING_PHONE);
    t->has_company = has_sense(t, SENSE_COMPANY_SIGN);
    t->has_street = has_sense(t, MEANING_STREET);
    t->has_place = has_sense(t, MEANING_CITY) || has_sense(t, MEANING_POSTCODE);
    t->has_person = t->has_given || t->has_family || t->has_birth || has_sense(t, MEANING_GENDER) ||
                    has_sense(t, MEANING_FULL_NAME) ||
                    (has_sense(t, SENSE_NAME) && has_sense(t, MEANING_EMAIL));
}

static int average_len(const struct view *v)
{
    const struct meaning_stats *s = &v->column->stats;

    return s->filled ? (int)(s->total_len / s->filled) : 0;
}

static int is_lettered(const struct view *v)
{
    return v->column->stats.letters > 4 * v->column->stats.digits;
}

/* Columns that help to match only where rows are no people: a person's notes, dates and amounts are
 * not the person. */
static void settle_plain(const struct table_view *t, struct view *v, enum meaning m,
                         const char *what)
{
    if (t->has_person)
        column_say(v, MEANING_UNKNOWN, "%s, which tells nothing about a person", what);
    else
        column_say(v, m, "%s", what);
}

static int repeats(const struct view *v)
{
    return v->column->stats.distinct > 1 && v->column->stats.distinct * 5 <= v->rows;
}

/* What the values alone say, where the name says nothing that holds. */
static void settle_by_contents(const struct table_view *t, struct view *v)
{
    if (v->column->stats.distinct == 1)
        column_say(v, MEANING_UNKNOWN, "one value in all rows");
    else if (column_share(v, MEANING_DATE) >= 80)
        settle_plain(t, v, MEANING_DATE, "values are dates");
    else if (column_share(v, MEANING_NUMBER) >= 80)
        settle_plain(t, v, MEANING_NUMBER, "values are numbers");
    else if (column_share(v, MEANING_TEXT) >= 30)
        settle_plain(t, v, MEANING_TEXT, "values are running text");
    else if (repeats(v) && is_lettered(v) && v->name.sense != SENSE_ASIDE)
        column_say(v, MEANING_CATEGORY, "%lld values that repeat",
                   (long long)v->column->stats.distinct);
    else if (2 * v->column->stats.multi_word >= v->column->stats.filled)
        settle_plain(t, v, MEANING_TEXT, "values are several words");
    else
        column_say(v, MEANING_UNKNOWN, "neither its name nor its values say");
}

/* Do the values bear out what the name says? */
static int fits(const struct view *v, enum meaning m)
{
    const struct meaning_stats *s = &v->column->stats;

    switch (m) {
    case MEANING_GIVEN_NAME:
    case MEANING_MIDDLE_NAME:
    case MEANING_FAMILY_NAME:
    case MEANING_FULL_NAME:
        return is_lettered(v);
    case MEANING_SUFFIX:
        return average_len(v) <= 8;
    case MEANING_TITLE:
        return column_share(v, m) >= 40;
    case MEANING_BIRTH_DATE:
        return column_share(v, MEANING_DATE) >= 30;
    case MEANING_BIRTH_YEAR:
    case MEANING_BIRTH_MONTH:
    case MEANING_BIRTH_DAY:
        return column_share(v, m) >= 60;
    case MEANING_GENDER:
        return column_share(v, m) >= 50 || (s->distinct > 0 && s->distinct <= 6);
    case MEANING_EMAIL:
    case MEANING_PHONE:
        return column_share(v, m) >= 20;
    case MEANING_HOUSE_NUMBER:
        return column_share(v, m) >= 30;
    case MEANING_POSTCODE:
        return column_share(v, m) >= 30 || (s->digits > 0 && average_len(v) <= 12);
    case MEANING_STREET:
    case MEANING_ADDRESS:
        return 2 * s->letters >= s->digits;
    case MEANING_CITY:
    case MEANING_REGION:
    case MEANING_COUNTRY:
    case MEANING_PLACE:
    case MEANING_OCCUPATION:
        return s->letters > s->digits;
    case MEANING_SOURCE:
        return s->distinct <= 100;
    case MEANING_NUMBER:
    case MEANING_DATE:
        return column_share(v, m) >= 60;
    default:
        return 1;
    }
}

static const char *described(enum meaning m)
{
    switch (m) {
    case MEANING_ADDRESS:
    case MEANING_ADDRESS_2:
        return "part of an address";
    case MEANING_ORGANISATION:
        return "an organisation";
    case MEANING_EMAIL:
        return "an e-mail address";
    case MEANING_ID:
        return "an identifier of the person";
    case MEANING_OCCUPATION:
        return "an occupation";
    default:
        return NULL;
    }
}

static void say_named(struct view *v, enum meaning m)
{
    char name[32];
    const char *what = described(m);

    if (!what) {
        snprintf(name, sizeof name, "a %s", meaning_name(m));
        for (char *c = name; *c; c++)
            *c = (char)(*c == '-' ? ' ' : *c);
        what = name;
    }
    if (v->column->stats.looks[m])
        column_say(v, m, "named like %s; %d%% of its values look like one", what,
                   column_share(v, m));
    else
        column_say(v, m, "named like %s", what);
}

static void settle_mismatch(const struct table_view *t, struct view *v, enum meaning m)
{
    const struct meaning_stats *s = &v->column->stats;

    if (m == MEANING_BIRTH_DATE && column_share(v, MEANING_BIRTH_YEAR) >= 80) {
        column_say(v, MEANING_BIRTH_YEAR, "named like a birth date; its values are years");
    } else if ((m == MEANING_EMAIL || m == MEANING_PHONE) && average_len(v) >= 16 &&
               s->multi_word == 0) {
        /* Pseudonyms still tell equal from different. */
        column_say(v, MEANING_ID, "named like %s, but its values are codes",
                   m == MEANING_EMAIL ? "an e-mail address" : "a phone");
    } else {
        settle_by_contents(t, v);
        if (v->column->meaning == MEANING_UNKNOWN)
            column_say(v, MEANING_UNKNOWN, "named like %s, but its values are not like it",
                       meaning_name(m));
    }
}

static void settle_named(const struct table_view *t, struct view *v, enum meaning m)
{
    const struct meaning_stats *s = &v->column->stats;

    if (!fits(v, m))
        settle_mismatch(t, v, m);
    else if (m == MEANING_FULL_NAME && column_share(v, MEANING_ORGANISATION) >= 30)
        column_say(v, MEANING_ORGANISATION, "named like a name; %d%% of its values are companies",
                   column_share(v, MEANING_ORGANISATION));
    else if (m == MEANING_ID && s->distinct > 0 && v->rows > 30 * s->distinct)
        column_say(v, MEANING_UNKNOWN, "named like an identifier, but many rows share a value");
    else if (m == MEANING_NUMBER || m == MEANING_DATE || m == MEANING_TEXT)
        settle_plain(t, v, m,
                     m == MEANING_NUMBER ? "named like an amount"
                     : m == MEANING_DATE ? "named like a date"
                                         : "named like running text");
    else if (m == MEANING_CATEGORY && column_share(v, MEANING_TEXT) >= 30)
        settle_plain(t, v, MEANING_TEXT, "values are running text");
    else
        say_named(v, m);
}

/* "name", "nom": the other half of a name, a whole one, a company, or a thing. */
static void settle_name(const struct table_view *t, struct view *v)
{
    int single = column_share(v, MEANING_GIVEN_NAME), full = column_share(v, MEANING_FULL_NAME);
    int firms = column_share(v, MEANING_ORGANISATION);

    if (t->has_given && !t->has_family && single >= 60 && is_lettered(v))
        column_say(v, MEANING_FAMILY_NAME, "a name of one word beside the given name");
    else if (t->has_family && !t->has_given && single >= 60 && is_lettered(v))
        column_say(v, MEANING_GIVEN_NAME, "a name of one word beside the family name");
    else if (firms >= 15 || (t->has_company && !t->has_given && !t->has_family && !t->has_birth))
        column_say(v, MEANING_ORGANISATION, "a name; %d%% of its values have a company's words",
                   firms);
    else if ((full >= 60 && single <= 25) || (t->has_person && is_lettered(v)))
        column_say(v, MEANING_FULL_NAME, "a name; %d%% of its values are two to five words", full);
    else if ((t->has_street || t->has_place || t->has_contact) && is_lettered(v))
        column_say(v, MEANING_ORGANISATION, "a name with an address, and not shaped like people's");
    else
        column_say(v, MEANING_TEXT, "a name, and not shaped like people's");
}

static void settle_honorific(const struct table_view *t, struct view *v)
{
    if (fits(v, MEANING_TITLE))
        say_named(v, MEANING_TITLE);
    else if (t->has_person && is_lettered(v))
        column_say(v, MEANING_OCCUPATION, "a title, and few of its values are Mr, Dr and the like");
    else
        settle_by_contents(t, v);
}

static void settle_line(const struct table_view *t, struct view *v)
{
    if (!fits(v, MEANING_ADDRESS))
        settle_mismatch(t, v, MEANING_ADDRESS);
    else if (t->has_street || !t->has_place || column_share(v, MEANING_ADDRESS) >= 60)
        column_say(v, MEANING_ADDRESS, "named like an address; %d%% of its values are whole ones",
                   column_share(v, MEANING_ADDRESS));
    else
        column_say(v, MEANING_STREET, "named like an address, beside a city or postcode");
}

static void settle_system_id(struct view *v)
{
    v->id = ID_SYSTEM;
    if (v->column->stats.distinct > 0 && v->rows > 30 * v->column->stats.distinct)
        column_say(v, MEANING_UNKNOWN, "an id that many rows share");
    else if (v->unique)
        column_say(v, MEANING_UNKNOWN, "an id that is different in every row");
    else
        column_say(v, MEANING_ID, "the customer's id in a system, in several rows");
}

/* Nothing in the name: what can be told from the values with some certainty. */
static void settle_unnamed(const struct table_view *t, struct view *v)
{
    const struct meaning_stats *s = &v->column->stats;

    if (column_share(v, MEANING_EMAIL) >= 80)
        column_say(v, MEANING_EMAIL, "%d%% of its values are e-mail addresses",
                   column_share(v, MEANING_EMAIL));
    else if (column_share(v, MEANING_PHONE) >= 80 && column_share(v, MEANING_DATE) < 20 &&
             column_share(v, MEANING_NUMBER) < 50 && average_len(v) >= 8)
        column_say(v, MEANING_PHONE, "%d%% of its values look like phone numbers",
                   column_share(v, MEANING_PHONE));
    else if (column_share(v, MEANING_GENDER) >= 95 && s->distinct >= 2 && s->distinct <= 6 &&
             (v->name.nameless || average_len(v) >= 3))
        column_say(v, MEANING_GENDER, "its values are genders");
    else if (!v->name.nameless)
        settle_by_contents(t, v);
    else if (column_share(v, MEANING_BIRTH_DATE) >= 80 && !t->has_birth)
        column_say(v, MEANING_BIRTH_DATE, "its values are dates that people are born on");
    else if (column_share(v, MEANING_ADDRESS) >= 60)
        column_say(v, MEANING_ADDRESS, "its values look like addresses");
    else if (column_share(v, MEANING_STREET) >= 60)
        column_say(v, MEANING_STREET, "its values look like streets");
    else if (column_share(v, MEANING_POSTCODE) >= 90 && (s->letters || s->min_len == s->max_len))
        column_say(v, MEANING_POSTCODE, "its values look like postcodes");
    else if (column_share(v, MEANING_FULL_NAME) >= 80 && s->distinct * 3 >= v->rows)
        column_say(v, MEANING_FULL_NAME, "its values look like full names");
    else
        settle_by_contents(t, v);
}

/* "f" and "m" are genders before "f" and "t" are answers. */
static int is_yes_or_no(const struct view *v)
{
    return column_share(v, MEANING_CATEGORY) >= 95 && column_share(v, MEANING_GENDER) < 60;
}

void column_settle(const struct table_view *t, struct view *v)
{
    int sense = v->name.sense;

    if (sense == MEANING_KEY)
        v->id = ID_ROW;
    else if (sense == SENSE_OTHER_ID)
        v->id = ID_OTHER;
    if (v->rows == 0)
        column_say(v, MEANING_UNKNOWN, "empty");
    else if (is_yes_or_no(v))
        column_say(v, MEANING_UNKNOWN, "its values are yes and no");
    else if (v->id == ID_ROW)
        column_say(v, MEANING_UNKNOWN, "named like the row's own id, but values repeat or lack");
    else if (v->id == ID_OTHER)
        column_say(v, MEANING_UNKNOWN, "the id of something else than the person");
    else if (sense == SENSE_SYSTEM_ID)
        settle_system_id(v);
    else if (sense == SENSE_NAME)
        settle_name(t, v);
    else if (sense == SENSE_HONORIFIC)
        settle_honorific(t, v);
    else if (sense == SENSE_LINE)
        settle_line(t, v);
    else if (sense == SENSE_REGION && (t->has_place || t->has_street) && fits(v, MEANING_REGION))
        say_named(v, MEANING_REGION);
    else if (sense == SENSE_AGE)
        settle_plain(t, v, MEANING_NUMBER, "named like an age or a year");
    else if (sense == MEANING_UNKNOWN)
        settle_unnamed(t, v);
    else if (sense >= MEANING_COUNT)
        settle_by_contents(t, v);
    else
        settle_named(t, v, (enum meaning)sense);
}
