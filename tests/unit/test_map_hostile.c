/* Any bytes, in any field: the standardisers must come back, and what they make must be UTF-8 when
 * what they got was. Run under ASan to mean something. */
#include "tests/unit/unit.h"

#include "schemas/contact.h"
#include "schemas/expression.h"
#include "transform/map/address.h"
#include "transform/map/date.h"
#include "transform/map/email.h"
#include "transform/map/flag.h"
#include "transform/map/gender.h"
#include "transform/map/junk.h"
#include "transform/map/language.h"
#include "transform/map/money.h"
#include "transform/map/name.h"
#include "transform/map/phone.h"
#include "transform/map/street.h"
#include "transform/map/text.h"

enum { ROUNDS = 20000, TEXT = 160 };

/* A small generator of our own: the same texts everywhere. */
static uint32_t chance(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static const char *const pieces[] = {
    "",
    " ",
    "  ",
    "\t",
    "\xC2\xA0",
    "-",
    "'",
    "\xE2\x80\x99",
    ".",
    ",",
    ", ",
    "/",
    "@",
    "<",
    ">",
    "+",
    "(0)",
    "00",
    "0",
    "1",
    "12345",
    "999999",
    "MC",
    "mac",
    "O'",
    "van ",
    "de la ",
    "DR. ",
    " JR",
    " III",
    "Str.",
    " st",
    "C/",
    "apt ",
    "ß",
    "İ",
    "É",
    "e\xCC\x81",
    "ŉ",
    "ǰ",
    "ΐ",
    "漢字",
    "😀",
    "Ö",
    "z",
    "X",
    "xxx",
    "n/a",
    "%",
    "_",
    "`",
    "\"",
    "=",
    " and ",
    " or not ",
    " in (",
    " like ",
    "null",
    "2026",
    "-02-30",
    "T12:0",
    "é.com",
    ".co",
    "mailto:",
    "#",
    "ext",
    "\xEF\xBC\x8B",
    "\xE2\x80\xAF",
    "\xEF\xBB\xBF",
    "GmbH",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
};

static struct slice random_text(uint32_t *state, int bytes, char out[TEXT])
{
    size_t n = 0;
    for (uint32_t left = chance(state) % 9; left > 0; left--) {
        const char *piece = pieces[chance(state) % (sizeof pieces / sizeof pieces[0])];
        char raw[2] = {(char)chance(state), 0};
        if (bytes && chance(state) % 4 == 0)
            piece = raw;
        size_t len = strlen(piece);
        if (n + len > TEXT)
            break;
        memcpy(out + n, piece, len);
        n += len;
    }
    return slice_of(out, n);
}

static void check(struct slice made, int bytes)
{
    if (!bytes && slice_utf8_valid(made) != made.len)
        fail_msg("not UTF-8: '%.*s'", (int)made.len, made.ptr);
}

static void try_names(struct slice s, struct arena *a, int bytes)
{
    struct person_name whole = {.full = s}, parts = {.given = s, .family = s, .title = s};
    assert_int_equal(name_standard(&whole, a), 0);
    assert_int_equal(name_standard(&parts, a), 0);
    check(whole.full, bytes);
    check(whole.given, bytes);
    check(parts.full, bytes);
    check(parts.title, bytes);
}

static void try_address(struct slice s, const struct countries *c, struct arena *a, int bytes)
{
    static const char *const homes[] = {"GB", "DE", "FR", "ES", "US", ""};
    for (int i = 0; i < 6; i++) {
        struct postal p = {s, s, s, s, s, s};
        assert_int_equal(address_standard(&p, slice_str(homes[i]), c, a), 0);
        check(p.line1, bytes);
        check(p.city, bytes);
        check(p.postcode, bytes);
        struct slice line;
        assert_int_equal(street_expand(s, slice_str(homes[i]), a, &line), 0);
        check(line, bytes);
    }
}

static void try_contacts(struct slice s, struct arena *a, int bytes)
{
    struct slice rest = s, email;
    char phone[PHONE_TEXT];
    size_t n;
    while (email_take(&rest, a, &email) > 0) {
        check(email, bytes);
        assert_true(email_valid(email));
    }
    rest = s;
    while ((n = phone_take(&rest, phone_plan_of(SLICE_LIT("GB")), phone)) > 0)
        assert_true(phone_valid(slice_of(phone, n)));
}

static void try_words(struct slice s, struct arena *a)
{
    char folded[24], code[4];
    decimal128 amount;
    struct moment m;
    struct expression *e;
    struct slice values[64] = {0};
    assert_true(text_key(s, folded, sizeof folded) <= sizeof folded);
    gender_standard(s);
    language_standard(s, code);
    flag_standard(s);
    currency_standard(s, code);
    money_parse(s, 4, ',', ' ', &amount);
    junk_number(s);
    junk_date_text(s);
    date_parse_usual(s, SLICE_LIT("US"), &m);
    date_parse_format(s, SLICE_LIT("%d %B %y %I:%M %p %z%f"), &m);
    date_parse_format(SLICE_LIT("01.02.2026"), s, &m);
    if (expression_parse(s, a, &e, NULL) == 0 && e->n_columns <= 64)
        assert_true(expression_true(e, values) >= 0);
}

static void any_text_is_survived(void **state)
{
    struct countries c;
    struct arena a;
    uint32_t seed = 7;
    char text[TEXT];

    (void)state;
    arena_init(&a, 0);
    assert_int_equal(countries_init(&c), 0);
    for (int i = 0; i < ROUNDS; i++) {
        int bytes = i % 2;
        struct slice s = random_text(&seed, bytes, text);
        arena_reset(&a);
        try_names(s, &a, bytes);
        try_address(s, &c, &a, bytes);
        try_contacts(s, &a, bytes);
        try_words(s, &a);
    }
    countries_done(&c);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_text_is_survived)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
