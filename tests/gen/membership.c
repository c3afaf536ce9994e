/* Who is a customer of which source, in which order, under which key. */
#include "tests/gen/record.h"

const char *source_name(enum source_id source)
{
    static const char *const names[SOURCES] = {"billing", "sales", "service", "loyalty"};
    return names[source];
}

static struct chance membership(const struct company *c, enum source_id source, uint64_t person)
{
    return chance_for(c->seed, person * SOURCES + (uint64_t)source, FOR_MEMBERSHIP);
}

static int is_present(const struct company *c, enum source_id source, uint64_t person)
{
    struct chance chance = membership(c, source, person);
    return chance_hit(&chance, c->rates.of[RATE_PRESENT][source]);
}

int record_copies(const struct company *c, enum source_id source, uint64_t person)
{
    struct chance chance = membership(c, source, person);
    if (!chance_hit(&chance, c->rates.of[RATE_PRESENT][source])) {
        if (source != (enum source_id)(person % SOURCES))
            return 0;
        for (int s = 0; s < SOURCES; s++) /* everyone is somewhere */
            if (is_present(c, (enum source_id)s, person))
                return 0;
    }
    return 1 + chance_hit(&chance, c->rates.of[RATE_SECOND_RECORD][source]);
}

int record_removed(const struct company *c, enum source_id source, uint64_t person, int copy,
                   int night)
{
    uint64_t subject = (person * SOURCES + (uint64_t)source) * COPIES_MOST + (uint64_t)copy;
    for (int n = 2; n <= night; n++) {
        struct chance chance = chance_for(c->seed + (uint64_t)n, subject, FOR_REMOVAL);
        if (chance_hit(&chance, company_rate(c, RATE_NIGHT_REMOVED)))
            return 1;
    }
    return 0;
}

uint64_t source_person(const struct company *c, enum source_id source, uint64_t place)
{
    return place < c->people ? shuffle_at(&c->order[source], place) : place;
}

uint64_t source_place(const struct company *c, enum source_id source, uint64_t person)
{
    return person < c->people ? shuffle_find(&c->order[source], person) : person;
}

/* 15 characters of base 62, as Salesforce's are. */
static void add_base62(struct text *t, uint64_t n, int width)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char out[16] = {0};
    for (int i = width - 1; i >= 0; i--, n /= 62)
        out[i] = digits[n % 62];
    text_add(t, out);
}

/* The digit that makes a number pass Luhn's check. */
static uint64_t luhn(uint64_t n)
{
    int sum = 0;
    for (int i = 0; n; i++, n /= 10) {
        int digit = (int)(n % 10) * (i % 2 ? 1 : 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return (uint64_t)((10 - sum % 10) % 10);
}

void record_key(enum source_id source, uint64_t number, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    switch (source) {
    case BILLING:
        text_uint(&t, 10000000 + number, 8);
        break;
    case SALES:
        text_add(&t, "0035g00000");
        add_base62(&t, number, 5);
        text_add(&t, "AAC");
        break;
    case SERVICE:
        text_uint(&t, 370000000000 + number * 7, 12);
        break;
    default: /* eleven digits, zeros in front, the last a check digit */
        text_uint(&t, 1000000 + number, 10);
        text_uint(&t, luhn(1000000 + number), 1);
    }
}
