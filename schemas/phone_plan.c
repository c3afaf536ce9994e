#include "schemas/phone_plan.h"

static const struct phone_plan plans[] = {
#define P(country, code, trunk, abroad, lengths, first)                                            \
    {country, code, trunk, abroad, lengths, first},
#include "schemas/phone_plan.inc"
#undef P
};

enum { N_PLANS = sizeof plans / sizeof plans[0], CODE_DIGITS = 3, NORTH_AMERICA = 1 };

const struct phone_plan *phone_plan_of(struct slice country)
{
    if (country.len != 2)
        return NULL;
    for (int i = 0; i < N_PLANS; i++)
        if (memcmp(plans[i].country, country.ptr, 2) == 0)
            return &plans[i];
    return NULL;
}

/* The first plan of a calling code: the table is in order of codes, main countries first. */
static const struct phone_plan *first_with(int code)
{
    int low = 0, high = N_PLANS;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (plans[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < N_PLANS && plans[low].code == code ? &plans[low] : NULL;
}

const struct phone_plan *phone_plan_match(struct slice digits, size_t *ret_code_len)
{
    int code = 0;
    for (size_t i = 0; i < digits.len && i < CODE_DIGITS; i++) {
        unsigned digit = (unsigned char)digits.ptr[i] - (unsigned)'0';
        if (digit > 9)
            return NULL;
        code = code * 10 + (int)digit;
        const struct phone_plan *plan = first_with(code);
        if (plan) {
            *ret_code_len = i + 1;
            return plan;
        }
    }
    return NULL;
}

int phone_plan_fits(const struct phone_plan *plan, struct slice national)
{
    if (national.len < 4 || national.len > 17 || !(plan->lengths >> national.len & 1))
        return 0;
    for (size_t i = 0; i < national.len; i++)
        if (national.ptr[i] < '0' || national.ptr[i] > '9')
            return 0;
    /* Area code and exchange of North America: neither begins with 0 or 1. */
    if (plan->code == NORTH_AMERICA && national.len == 10 &&
        (national.ptr[0] < '2' || national.ptr[3] < '2'))
        return 0;
    return (int)(plan->first >> (national.ptr[0] - '0') & 1);
}

int phone_valid(struct slice e164)
{
    size_t code_len;
    if (e164.len < 6 || e164.len > 16 || e164.ptr[0] != '+')
        return 0;
    struct slice digits = slice_of(e164.ptr + 1, e164.len - 1);
    const struct phone_plan *plan = phone_plan_match(digits, &code_len);
    return plan && phone_plan_fits(plan, slice_of(digits.ptr + code_len, digits.len - code_len));
}
