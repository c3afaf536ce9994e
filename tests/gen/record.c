#include "tests/gen/record.h"

#include "tests/gen/email.h"
#include "tests/gen/spelling.h"

/* What is needed while a record is made. */
struct maker {
    const struct company *c;
    const struct person *p;
    struct record *r;
    struct chance chance;
    int stale;   /* from before the move, the marriage, the new number */
    int missing; /* bits of enum gap: what the source was not told */
};

enum gap { NO_BIRTH = 1, NO_EMAIL = 2, NO_PHONE = 4, NO_ADDRESS = 8 };

static int hit(struct maker *m, enum rate_id id)
{
    return chance_hit(&m->chance, m->c->rates.of[id][m->r->source]);
}

/* What is not given; but nobody becomes a customer on a name alone: what is missing is asked for
 * until two of the four are known. */
static void make_gaps(struct maker *m)
{
    static const enum rate_id rates[] = {RATE_DOB_MISSING, RATE_EMAIL_MISSING, RATE_PHONE_MISSING,
                                         RATE_ADDRESS_MISSING};
    int known = 0;
    for (int i = 0; i < 4; i++) {
        int gap = hit(m, rates[i]);
        m->missing |= gap << i;
        known += !gap;
    }
    for (int i = chance_between(&m->chance, 1, 3); known < 2; i = i % 3 + 1) {
        known += m->missing >> i & 1;
        m->missing &= ~(1 << i);
    }
}

static void make_given(struct maker *m)
{
    struct record *r = m->r;
    TEXT_SET(r->given, m->p->given);
    int middle_instead = hit(m, RATE_MIDDLE_AS_GIVEN), initial = hit(m, RATE_GIVEN_INITIAL);
    int short_form = hit(m, RATE_NICKNAME), wrong = hit(m, RATE_GIVEN_TYPO);
    int missing = hit(m, RATE_GIVEN_MISSING);
    if (middle_instead && m->p->middle[0]) {
        TEXT_SET(r->given, m->p->middle);
        r->middle[0] = 0;
    } else if (short_form) {
        name_short_form(m->p->given, &m->chance, r->given);
    }
    if (wrong)
        spell_wrong(r->given, sizeof(r->given), &m->chance);
    if (missing)
        r->given[0] = 0;
    else if (initial && (r->given[0] & 0x80) == 0)
        r->given[1] = 0;
}

static void lose_accents(char *s, size_t size, struct chance *c)
{
    char plain[2 * NAME_SIZE], out[2 * NAME_SIZE];
    text_set(plain, sizeof(plain), s);
    if (chance_hit(c, 0.4))
        spell_umlauts_out(s, plain, sizeof(plain));
    spell_ascii(plain, out, sizeof(out));
    text_set(s, size, out);
}

static void make_name(struct maker *m)
{
    struct record *r = m->r;
    TEXT_SET(r->middle, hit(m, RATE_MIDDLE_SHOWN) ? m->p->middle : "");
    make_given(m);
    TEXT_SET(r->family, m->stale && m->p->former[0] ? m->p->former : m->p->family);
    if (hit(m, RATE_FAMILY_TYPO))
        spell_wrong(r->family, sizeof(r->family), &m->chance);
    r->suffix = "";
    if (m->p->suffix && hit(m, RATE_SUFFIX_SHOWN))
        r->suffix = m->p->suffix == JUNIOR ? "Jr" : "Sr";
    if (hit(m, RATE_ACCENTS_LOST)) {
        lose_accents(r->given, sizeof(r->given), &m->chance);
        lose_accents(r->middle, sizeof(r->middle), &m->chance);
        lose_accents(r->family, sizeof(r->family), &m->chance);
    }
    if (hit(m, RATE_NAME_SWAPPED) && r->given[0]) {
        char kept[NAME_SIZE];
        TEXT_SET(kept, r->given);
        TEXT_SET(r->given, r->family);
        TEXT_SET(r->family, kept);
    }
}

/* A slip that leaves a date that exists. */
static void birth_wrong(struct day *d, struct chance *c)
{
    double u = chance_unit(c);
    if (u < 0.35 && d->date <= 12) {
        int month = d->month;
        d->month = d->date;
        d->date = month;
    } else if (u < 0.60) {
        d->year += (chance_hit(c, 0.5) ? 1 : -1) * (chance_hit(c, 0.5) ? 1 : 10);
    } else if (u < 0.85) {
        d->date = d->date >= 10 ? d->date % 10 + (d->date < 20 ? 20 : 10) : d->date + 10;
    } else {
        d->month = d->month >= 10 ? d->month - 9 : 1 + (d->month + 2) % 9;
    }
    if (d->date > 28)
        d->date = 28;
}

static void make_birth(struct maker *m)
{
    struct day *d = &m->r->birth;
    *d = m->p->birth;
    if (hit(m, RATE_DOB_TYPO))
        birth_wrong(d, &m->chance);
    if (hit(m, RATE_DOB_DEFAULT))
        d->month = d->date = 1;
    if (m->missing & NO_BIRTH)
        *d = (struct day){0};
    if (hit(m, RATE_JUNK_DOB))
        *d = (struct day){1900, 1, 1};
}

static const char *own_email(struct maker *m)
{
    const char *second = m->p->email[1];
    if (second[0] && hit(m, RATE_SECOND_EMAIL_GIVEN))
        return second;
    return m->p->email[0];
}

static void make_email(struct maker *m)
{
    static const char *const junk[] = {"test@test.com",       "n/a",      "none@none.com",
                                       "noemail@noemail.com", "no-email", "-"};
    struct record *r = m->r;
    TEXT_SET(r->email, own_email(m));
    if (m->p->mailbox[0] && hit(m, RATE_MAILBOX_GIVEN))
        TEXT_SET(r->email, m->p->mailbox);
    if (hit(m, RATE_PARTNER_EMAIL)) {
        char other[EMAIL_SIZE];
        person_other_email(m->c, m->p->id, other);
        if (other[0])
            TEXT_SET(r->email, other);
    }
    if (hit(m, RATE_EMAIL_TYPO))
        spell_wrong(r->email, sizeof(r->email), &m->chance);
    if (m->missing & NO_EMAIL)
        r->email[0] = 0;
    if (hit(m, RATE_JUNK_EMAIL))
        TEXT_SET(r->email, junk[chance_below(&m->chance, 6)]);
}

/* Ten digits with gaps after the first `one` and the next `two`. */
static void add_grouped(struct text *t, const char *digits, int one, int two)
{
    for (int i = 0; digits[i]; i++) {
        if (i == one || i == one + two)
            text_char(t, ' ');
        text_char(t, digits[i]);
    }
}

/* The spellings of a number that people leave behind; digits: ten, after the 0. */
static void spell_phone(const char *digits, struct chance *c, char *buffer, size_t size)
{
    int code = digits[0] == '7'                       ? 4
               : digits[0] == '2'                     ? 2
               : digits[2] == '1' || digits[1] == '1' ? 3
                                                      : 4;
    struct text t = text_on(buffer, size);
    switch (chance_below(c, 9)) {
    case 0:
        text_add(&t, "+44");
        text_add(&t, digits);
        break;
    case 1:
        text_add(&t, "+44 ");
        add_grouped(&t, digits, code, 3);
        break;
    case 2:
        text_add(&t, "+44 (0)");
        add_grouped(&t, digits, code, 6);
        break;
    case 3:
        text_add(&t, "0044 ");
        text_add(&t, digits);
        break;
    case 4:
        text_add(&t, "(0");
        for (int i = 0; i < code; i++)
            text_char(&t, digits[i]);
        text_add(&t, ") ");
        add_grouped(&t, digits + code, 3, 9);
        break;
    case 5: /* the zero lost in a spreadsheet */
        text_add(&t, digits);
        break;
    case 6:
        text_char(&t, '0');
        add_grouped(&t, digits, code, 3);
        break;
    default:
        text_char(&t, '0');
        text_add(&t, digits);
    }
}

static void make_phone(struct maker *m)
{
    static const char *const junk[] = {"0000000000", "n/a", "00000000000", "1111111111", "-"};
    struct record *r = m->r;
    const struct person *p = m->p;
    char mobile[PHONE_SIZE], landline[PHONE_SIZE];
    TEXT_SET(mobile, m->stale && p->mobile[1][0] ? p->mobile[1] : p->mobile[0]);
    TEXT_SET(landline, p->landline);
    r->phone[0][0] = r->phone[1][0] = 0;
    int home = landline[0] && hit(m, RATE_LANDLINE_GIVEN), both = chance_hit(&m->chance, 0.25);
    if (hit(m, RATE_PHONE_TYPO))
        spell_digit_wrong(home ? landline : mobile, &m->chance);
    const char *first = home ? landline : mobile, *second = home ? mobile : landline;
    if (m->missing & NO_PHONE)
        first = second = "";
    if (first[0])
        spell_phone(first, &m->chance, r->phone[0], sizeof(r->phone[0]));
    if (both && second[0])
        spell_phone(second, &m->chance, r->phone[1], sizeof(r->phone[1]));
    if (hit(m, RATE_JUNK_PHONE))
        TEXT_SET(r->phone[0], junk[chance_below(&m->chance, 5)]);
}

static void make_lines(struct maker *m, const struct address *a)
{
    struct record *r = m->r;
    char street[LINE_SIZE];
    struct text t = TEXT_ON(street);
    text_add(&t, a->street);
    text_char(&t, ' ');
    text_add(&t, hit(m, RATE_STREET_SHORT) ? street_kind_short(a->kind) : a->kind);
    if (hit(m, RATE_STREET_TYPO))
        spell_wrong(street, sizeof(street), &m->chance);
    int own_line = a->flat[0] && chance_hit(&m->chance, 0.5);
    t = TEXT_ON(r->line1);
    if (a->flat[0] && !own_line) {
        text_add(&t, a->flat);
        text_add(&t, ", ");
    }
    text_uint(&t, (uint64_t)a->house, 1);
    text_char(&t, ' ');
    text_add(&t, street);
    TEXT_SET(r->line2, own_line ? a->flat : "");
    if (!own_line && chance_hit(&m->chance, 0.01))
        TEXT_SET(r->line2, "c/o \"The Lodge\"; rear entrance");
}

static void postcode_wrong(char *s, struct chance *c)
{
    size_t n = strlen(s), at = 1 + chance_below(c, (uint32_t)n - 1);
    if (s[at] == ' ')
        at++;
    if (s[at] >= '0' && s[at] <= '9')
        s[at] = (char)('0' + (s[at] - '0' + chance_between(c, 1, 9)) % 10);
    else
        s[at] = (char)('A' + (s[at] - 'A' + chance_between(c, 1, 25)) % 26);
}

static void make_address(struct maker *m)
{
    struct record *r = m->r;
    const struct address *a = m->stale && m->p->before.house ? &m->p->before : &m->p->now;
    make_lines(m, a);
    TEXT_SET(r->city, towns[a->town].name);
    TEXT_SET(r->postcode, a->postcode);
    r->county = towns[a->town].county;
    if (hit(m, RATE_CITY_TYPO))
        spell_wrong(r->city, sizeof(r->city), &m->chance);
    if (hit(m, RATE_POSTCODE_TYPO))
        postcode_wrong(r->postcode, &m->chance);
    if (hit(m, RATE_POSTCODE_MISSING))
        r->postcode[0] = 0;
    if (chance_hit(&m->chance, 0.08) && r->postcode[0]) { /* written without its space */
        char *gap = strchr(r->postcode, ' ');
        memmove(gap, gap + 1, strlen(gap));
    }
    if (m->missing & NO_ADDRESS) {
        r->line1[0] = r->line2[0] = r->city[0] = r->postcode[0] = 0;
        r->county = "";
    }
}

/* Between three years and one day before the first night; new people's, the day they join. */
static void make_changed(struct maker *m)
{
    int64_t days = 1 + (int64_t)chance_below(&m->chance, 1000);
    int joined = company_joined(m->c, m->p->id);
    if (m->stale)
        days += 300;
    if (joined > 1)
        days = 2 - joined;
    m->r->changed = (m->c->first_day - days) * DAY_SECONDS +
                    (int64_t)chance_between(&m->chance, 7 * 3600, 20 * 3600);
}

/* What may happen to a record in a night: a new mobile, a birth date given, a consent turned, or
 * what was stale put right. */
static void change(struct maker *m, int night, struct chance *c)
{
    struct record *r = m->r;
    char number[PHONE_SIZE];
    struct text t = TEXT_ON(number);
    switch (chance_below(c, 4)) {
    case 0:
        text_char(&t, '7');
        text_uint(&t, 300000000 + chance_next(c) % 700000000, 9);
        spell_phone(number, c, r->phone[0], sizeof(r->phone[0]));
        break;
    case 1:
        r->birth = m->p->birth;
        break;
    case 2:
        r->email_optin = !r->email_optin;
        break;
    default:
        m->stale = 0;
        make_name(m);
        make_address(m);
    }
    r->night = night;
    r->changed = (m->c->first_day + night - 2) * DAY_SECONDS +
                 (int64_t)chance_between(c, 7 * 3600, 20 * 3600);
}

static void apply_changes(struct maker *m, uint64_t subject, int night)
{
    for (int n = 2; n <= night; n++) {
        struct chance c = chance_for(m->c->seed + (uint64_t)n, subject, FOR_CHANGE);
        if (chance_hit(&c, company_rate(m->c, RATE_NIGHT_CHANGED)))
            change(m, n, &c);
    }
}

void record_make(const struct company *c, enum source_id source, const struct person *p,
                 uint64_t place, int copy, int night, struct record *ret)
{
    uint64_t subject = (p->id * SOURCES + (uint64_t)source) * COPIES_MOST + (uint64_t)copy;
    struct maker m = {c, p, ret, chance_for(c->seed, subject, FOR_RECORD), 0, 0};
    ret->source = source;
    ret->person = p->id;
    ret->number = place * KEY_STEP + (uint64_t)copy;
    ret->copy = copy;
    ret->night = 1;
    ret->sex = p->sex;
    m.stale = hit(&m, RATE_STALE) || (copy && chance_hit(&m.chance, 0.3));
    make_gaps(&m);
    make_name(&m);
    make_birth(&m);
    make_email(&m);
    make_phone(&m);
    make_address(&m);
    TEXT_SET(ret->tax_id, p->tax_id);
    ret->email_optin = chance_hit(&m.chance, 0.6);
    ret->sms_optin = chance_hit(&m.chance, 0.35);
    make_changed(&m);
    ret->text_draws = chance_next(&m.chance);
    apply_changes(&m, subject, night);
}
