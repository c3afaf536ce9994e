#include "tests/gen/person.h"

#include "tests/gen/email.h"

/* The households of a block: 24 people behind eleven doors. */
static const int household_sizes[] = {1, 2, 3, 1, 2, 4, 1, 3, 2, 2, 3};
enum { BLOCK_PEOPLE = 24, BLOCK_HOUSEHOLDS = 11, HOUSEHOLD_MOST = 4 };

enum household_kind { ALONE, COUPLE, PARENT, FLATMATES };
enum role { FIRST, PARTNER, CHILD };

struct household {
    uint64_t id, first_person;
    int size;
    enum household_kind kind;
    char family[NAME_SIZE], partner_family[NAME_SIZE];
    enum sex first_sex;
    int same_name, married_lately, hyphenated;
    int parent_age, twins;
    uint64_t birthday; /* the draws of twins' one birthday */
    int year;          /* now */
    struct address now, before;
    char landline[PHONE_SIZE], mailbox[EMAIL_SIZE];
};

static void find_door(uint64_t person, uint64_t *ret_block, int *ret_place, int *ret_member,
                      int *ret_size)
{
    int left = (int)(person % BLOCK_PEOPLE), place = 0;
    while (left >= household_sizes[place])
        left -= household_sizes[place++];
    *ret_block = person / BLOCK_PEOPLE;
    *ret_place = place;
    *ret_member = left;
    *ret_size = household_sizes[place];
}

/* Some other block's address: its households lived there too, as former tenants do. */
static void former_address(const struct company *c, struct chance *chance, struct address *ret)
{
    uint64_t blocks = c->people / BLOCK_PEOPLE + 1;
    uint64_t block = chance_next(chance) % (blocks * 3);
    address_of(c->seed, &c->towns, block, (int)chance_below(chance, BLOCK_HOUSEHOLDS), ret);
}

static void household_people(const struct company *c, struct chance *chance, struct household *h)
{
    h->kind = ALONE;
    if (h->size > 1) {
        double u = chance_unit(chance), flat = company_rate(c, RATE_UNRELATED);
        h->kind = u < flat ? FLATMATES : u < flat + 0.14 ? PARENT : COUPLE;
    }
    h->first_sex = chance_hit(chance, h->kind == PARENT ? 0.8 : 0.5) ? FEMALE : MALE;
    if (h->kind == COUPLE)
        h->first_sex = MALE;
    name_family(&c->names, chance, h->family);
    name_family(&c->names, chance, h->partner_family);
    h->same_name = chance_hit(chance, company_rate(c, RATE_SAME_NAME_COUPLE));
    h->married_lately = chance_hit(chance, company_rate(c, RATE_MARRIED_LATELY));
    h->hyphenated = chance_hit(chance, company_rate(c, RATE_HYPHENATED));
    int children = h->kind == PARENT || (h->kind == COUPLE && h->size > 2);
    h->parent_age = children ? chance_between(chance, 40, 72) : chance_between(chance, 20, 88);
    if (children)
        h->married_lately = 0;
    h->twins = chance_hit(chance, company_rate(c, RATE_TWINS));
    h->birthday = chance_next(chance);
}

static void household_make(const struct company *c, uint64_t block, int place, struct household *h)
{
    h->id = block * BLOCK_HOUSEHOLDS + (uint64_t)place;
    struct chance chance = chance_for(c->seed, h->id, FOR_HOUSEHOLD);
    h->year = day_of(c->first_day).year;
    household_people(c, &chance, h);
    address_of(c->seed, &c->towns, block, place, &h->now);
    h->before.house = 0;
    if (chance_hit(&chance, company_rate(c, RATE_MOVED)))
        former_address(c, &chance, &h->before);
    h->landline[0] = h->mailbox[0] = 0;
    if (chance_hit(&chance, company_rate(c, RATE_LANDLINE)))
        landline_of(h->now.town, &chance, h->landline);
    if (h->size > 1 && h->kind != FLATMATES && chance_hit(&chance, company_rate(c, RATE_MAILBOX)))
        email_shared(h->family, &chance, h->mailbox);
}

static enum role role_of(const struct household *h, int member)
{
    if (member == 0 || h->kind == FLATMATES)
        return FIRST;
    return member == 1 && h->kind == COUPLE ? PARTNER : CHILD;
}

static struct chance member_chance(const struct company *c, const struct household *h, int member)
{
    return chance_for(c->seed, h->first_person + (uint64_t)member, FOR_PERSON);
}

/* The first draws of every member, so that a child can ask for its parent's. */
static void sex_and_given(const struct company *c, const struct household *h, int member,
                          struct chance *chance, struct person *p)
{
    enum role role = role_of(h, member);
    p->sex = chance_hit(chance, 0.5) ? MALE : FEMALE;
    if (h->kind == COUPLE && role != CHILD)
        p->sex = role == FIRST ? MALE : FEMALE;
    else if (role == FIRST && h->kind == PARENT)
        p->sex = h->first_sex;
    name_given(&c->names, p->sex, chance, p->given);
}

/* A child with the name of the parent of its sex; a mother's is passed on less often. */
static void given_after_parent(const struct company *c, const struct household *h, int member,
                               struct chance *chance, struct person *p)
{
    double rate = company_rate(c, p->sex == MALE ? RATE_SON_NAMED_ALIKE : RATE_DAUGHTER_ALIKE);
    int parent = h->kind == COUPLE && p->sex == FEMALE ? 1 : 0;
    int eldest = member == (h->kind == COUPLE ? 2 : 1);
    if (!chance_hit(chance, rate) || !eldest)
        return;
    struct person other;
    struct chance draws = member_chance(c, h, parent);
    sex_and_given(c, h, parent, &draws, &other);
    if (other.sex != p->sex)
        return;
    TEXT_SET(p->given, other.given);
    p->suffix = p->sex == MALE ? JUNIOR : NO_SUFFIX;
}

/* Whether a father's eldest child was named after him: asked when the father is made. */
static int has_junior(const struct company *c, const struct household *h, const struct person *p)
{
    int eldest = h->kind == COUPLE ? 2 : 1;
    if (p->sex != MALE || h->kind == FLATMATES || eldest >= h->size)
        return 0;
    struct person child = {0};
    struct chance draws = member_chance(c, h, eldest);
    sex_and_given(c, h, eldest, &draws, &child);
    given_after_parent(c, h, eldest, &draws, &child);
    return child.suffix == JUNIOR;
}

static void birth_of(const struct household *h, int member, struct chance *chance, struct person *p)
{
    enum role role = role_of(h, member);
    int age = h->parent_age + (member ? chance_between(chance, -5, 5) : 0);
    struct chance day = *chance;
    if (h->kind == FLATMATES)
        age = chance_between(chance, 19, 38);
    if (role == CHILD) {
        int first = h->kind == COUPLE ? 2 : 1, later = member - first;
        if (h->twins) {
            day.state = h->birthday;
            later = 0;
        }
        age = h->parent_age - 24 - later * 2 - (int)chance_below(&day, 3);
    }
    age = age < 16 ? 16 + (16 - age) % 3 : age;
    p->birth = (struct day){h->year - age, chance_between(&day, 1, 12), 1};
    p->birth.date = chance_between(&day, 1, p->birth.month == 2 ? 28 : 30);
}

static void family_of(const struct company *c, const struct household *h, int member,
                      struct chance *chance, struct person *p)
{
    TEXT_SET(p->family, h->family);
    p->former[0] = 0;
    if (h->kind == FLATMATES && member)
        name_family(&c->names, chance, p->family);
    if (role_of(h, member) != PARTNER)
        return;
    if (!h->same_name) {
        TEXT_SET(p->family, h->partner_family);
        return;
    }
    if (h->hyphenated) {
        struct text t = TEXT_ON(p->family);
        text_add(&t, h->partner_family);
        text_char(&t, '-');
        text_add(&t, h->family);
    }
    if (h->married_lately)
        TEXT_SET(p->former, h->partner_family);
}

static void mobile_of(struct chance *chance, char ret_number[PHONE_SIZE])
{
    struct text t = text_on(ret_number, PHONE_SIZE);
    text_char(&t, '7');
    text_uint(&t, 300000000 + chance_next(chance) % 700000000, 9);
}

/* A VAT number whose last two digits check by weights 8 .. 2, as His Majesty's do. */
static void tax_id_of(struct chance *chance, char ret_id[12])
{
    uint64_t body = 1000000 + chance_next(chance) % 9000000, rest = body;
    int sum = 0;
    for (int weight = 2; weight <= 8; weight++, rest /= 10)
        sum += (int)(rest % 10) * weight;
    struct text t = text_on(ret_id, 12);
    text_add(&t, "GB");
    text_uint(&t, body, 7);
    text_uint(&t, (uint64_t)(97 - sum % 97) % 97, 2);
}

static void contacts_of(const struct company *c, const struct household *h, struct chance *chance,
                        struct person *p)
{
    TEXT_SET(p->mailbox, h->mailbox);
    TEXT_SET(p->landline, h->landline);
    p->email[0][0] = p->email[1][0] = p->mobile[0][0] = p->mobile[1][0] = p->tax_id[0] = 0;
    if (chance_hit(chance, company_rate(c, RATE_EMAIL_OWNED)))
        email_own(p, chance, p->email[0]);
    if (chance_hit(chance, company_rate(c, RATE_SECOND_EMAIL)))
        email_own(p, chance, p->email[1]);
    if (chance_hit(chance, company_rate(c, RATE_MOBILE_OWNED)))
        mobile_of(chance, p->mobile[0]);
    if (chance_hit(chance, company_rate(c, RATE_NEW_MOBILE)))
        mobile_of(chance, p->mobile[1]);
    if (chance_hit(chance, company_rate(c, RATE_TAX_ID)))
        tax_id_of(chance, p->tax_id);
}

static void member_make(const struct company *c, const struct household *h, int member,
                        struct person *p)
{
    struct chance chance = member_chance(c, h, member);
    p->id = h->first_person + (uint64_t)member;
    p->suffix = NO_SUFFIX;
    sex_and_given(c, h, member, &chance, p);
    if (role_of(h, member) == CHILD)
        given_after_parent(c, h, member, &chance, p);
    else if (has_junior(c, h, p))
        p->suffix = SENIOR;
    birth_of(h, member, &chance, p);
    family_of(c, h, member, &chance, p);
    p->middle[0] = 0;
    if (chance_hit(&chance, company_rate(c, RATE_MIDDLE)))
        name_given(&c->names, p->sex, &chance, p->middle);
    contacts_of(c, h, &chance, p);
    p->now = h->now;
    p->before = h->before;
    if (!p->before.house && chance_hit(&chance, company_rate(c, RATE_LEFT_HOME)))
        former_address(c, &chance, &p->before);
}

static int household_of(const struct company *c, uint64_t id, struct household *h)
{
    uint64_t block;
    int place, member;
    find_door(id, &block, &place, &member, &h->size);
    h->first_person = id - (uint64_t)member;
    household_make(c, block, place, h);
    return member;
}

void person_make(const struct company *c, uint64_t id, struct person *ret)
{
    struct household h;
    int member = household_of(c, id, &h);
    member_make(c, &h, member, ret);
}

void person_other_email(const struct company *c, uint64_t id, char ret_email[EMAIL_SIZE])
{
    struct household h;
    struct person other;
    int member = household_of(c, id, &h);
    ret_email[0] = 0;
    if (h.size == 1)
        return;
    member_make(c, &h, member ? 0 : 1, &other);
    text_set(ret_email, EMAIL_SIZE, other.email[0]);
}
