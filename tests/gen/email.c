#include "tests/gen/email.h"

#include "tests/gen/spelling.h"

static const char *const providers[] = {
    "gmail.com",  "hotmail.co.uk", "yahoo.co.uk", "outlook.com",    "btinternet.com",  "gmail.com",
    "icloud.com", "hotmail.com",   "sky.com",     "talktalk.net",   "virginmedia.com", "gmail.com",
    "live.co.uk", "aol.com",       "me.com",      "googlemail.com",
};

static const char *const handles[] = {
    "sunny",  "blue",   "rover",  "gunner",  "kipper", "wizard",   "tigger",
    "pebble", "rocket", "dusty",  "magpie",  "biker",  "gardener", "baker",
    "piper",  "angler", "walker", "spanner", "flower", "misty",
};

void name_letters(const char *name, char *buffer, size_t size)
{
    char plain[2 * NAME_SIZE];
    spell_ascii(name, plain, sizeof(plain));
    struct text t = text_on(buffer, size);
    for (const char *p = plain; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            text_char(&t, (char)(*p + 32));
        else if (*p >= 'a' && *p <= 'z')
            text_char(&t, *p);
    }
}

static void add_provider(struct text *t, struct chance *c)
{
    text_char(t, '@');
    text_add(t, providers[chance_below(c, sizeof(providers) / sizeof(*providers))]);
}

/* Two digits of the year of birth, a number, or nothing. */
static void add_digits(struct text *t, const struct person *p, struct chance *c)
{
    double u = chance_unit(c);
    if (u < 0.30)
        text_uint(t, (uint64_t)p->birth.year % 100, 2);
    else if (u < 0.85)
        text_uint(t, chance_below(c, u < 0.5 ? 100 : 10000), 1);
}

static void named(struct text *t, const char *given, const char *family, struct chance *c)
{
    const char *const between[] = {".", "", "_", ".", ""};
    switch (chance_below(c, 4)) {
    case 0: /* initial and family name */
        text_char(t, given[0]);
        text_add(t, between[chance_below(c, 5)]);
        text_add(t, family);
        break;
    case 1:
        text_add(t, family);
        text_add(t, between[chance_below(c, 5)]);
        text_add(t, given);
        break;
    default:
        text_add(t, given);
        text_add(t, between[chance_below(c, 5)]);
        text_add(t, family);
    }
}

void email_own(const struct person *p, struct chance *c, char ret_email[EMAIL_SIZE])
{
    char given[NAME_SIZE], family[NAME_SIZE], nick[NAME_SIZE];
    struct text t = text_on(ret_email, EMAIL_SIZE);
    int nicked = chance_hit(c, 0.3) && name_short_form(p->given, c, nick);
    name_letters(nicked ? nick : p->given, given, sizeof(given));
    name_letters(p->former[0] && chance_hit(c, 0.4) ? p->former : p->family, family,
                 sizeof(family));
    if (chance_hit(c, 0.18)) {
        text_add(&t, handles[chance_below(c, sizeof(handles) / sizeof(*handles))]);
        text_uint(&t, chance_below(c, 100000), 3);
    } else {
        named(&t, given, family, c);
        add_digits(&t, p, c);
    }
    add_provider(&t, c);
}

void email_shared(const char *family, struct chance *c, char ret_email[EMAIL_SIZE])
{
    char letters[NAME_SIZE];
    struct text t = text_on(ret_email, EMAIL_SIZE);
    name_letters(family, letters, sizeof(letters));
    uint32_t style = chance_below(c, 3);
    text_add(&t, style == 0 ? "the" : "");
    text_add(&t, letters);
    text_add(&t, style == 0 ? "s" : style == 1 ? "family" : ".home");
    text_uint(&t, chance_below(c, 1000), 1);
    add_provider(&t, c);
}
