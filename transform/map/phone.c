#include "transform/map/phone.h"

#include "transform/map/junk.h"
#include "transform/map/text.h"

enum { DIGITS_MAX = 24, NUMBER_MIN = 7 };

/* One number as written. */
struct dialled {
    char digits[DIGITS_MAX];
    size_t n;
    int plus;      /* began with + */
    int paren_nil; /* had "(0)": a trunk prefix in an international number */
};

/* A full-width plus or an ASCII one. */
static size_t plus_len(struct slice s)
{
    if (s.len && s.ptr[0] == '+')
        return 1;
    return slice_starts(s, SLICE_LIT("\xEF\xBC\x8B")) ? 3 : 0;
}

static size_t digits_in(struct slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += (size_t)ascii_is_digit(s.ptr[i]);
    return n;
}

static int ends_number(char c)
{
    return c == ';' || c == ',' || c == '|' || c == '\n' || c == '\r';
}

/* The part of *rest up to a mark between numbers. A slash is one only where both sides are long
 * enough to be numbers: "030/123456" is one. */
static struct slice take_part(struct slice *rest)
{
    size_t to = 0;
    for (; to < rest->len && !ends_number(rest->ptr[to]); to++) {
        struct slice left = slice_of(rest->ptr, to);
        struct slice right = slice_of(rest->ptr + to, rest->len - to);
        if (rest->ptr[to] == '/' && digits_in(left) >= NUMBER_MIN && digits_in(right) >= NUMBER_MIN)
            break;
    }
    struct slice part = slice_of(rest->ptr, to);
    size_t used = to + (to < rest->len);
    *rest = slice_of(rest->ptr + used, rest->len - used);
    return part;
}

/* Words before the number ("Tel: ") are skipped; from a letter or # behind digits on it is an
 * extension or a remark. Returns where the number ends. */
static void read_digits(struct slice part, struct dialled *d)
{
    *d = (struct dialled){0};
    for (size_t i = 0; i < part.len; i++) {
        struct slice here = slice_of(part.ptr + i, part.len - i);
        char c = part.ptr[i];
        if (ascii_is_digit(c)) {
            if (d->n == DIGITS_MAX) {
                d->n = 0;
                return;
            }
            d->digits[d->n++] = c;
        } else if (d->n == 0 && plus_len(here)) {
            d->plus = 1;
        } else if (d->n > 0 && slice_starts(here, SLICE_LIT("(0)"))) {
            d->paren_nil = 1;
            i += 2;
        } else if (d->n > 0 && (c == '#' || ascii_is_letter(c))) {
            return;
        }
    }
}

static size_t write_number(const struct phone_plan *plan, struct slice national,
                           char ret[PHONE_TEXT])
{
    char code[4];
    size_t n_code = 0, n = 0;
    for (int left = plan->code; left; left /= 10)
        code[n_code++] = (char)('0' + left % 10);
    ret[n++] = '+';
    while (n_code)
        ret[n++] = code[--n_code];
    if (n + national.len > 16)
        return 0;
    memcpy(ret + n, national.ptr, national.len);
    return n + national.len;
}

/* Without the trunk prefix; 0 when there is none on it. */
static int cut_trunk(const struct phone_plan *plan, struct slice *national)
{
    struct slice rest = slice_str(plan->trunk), trunk;
    while (slice_cut(&rest, '|', &trunk))
        if (trunk.len && slice_starts(*national, trunk)) {
            *national = slice_of(national->ptr + trunk.len, national->len - trunk.len);
            return 1;
        }
    return 0;
}

/* Behind a calling code: the trunk prefix does not belong there, but is often written. */
static size_t international(struct slice digits, char ret[PHONE_TEXT])
{
    size_t code_len;
    const struct phone_plan *plan = phone_plan_match(digits, &code_len);
    if (!plan)
        return 0;
    struct slice national = slice_of(digits.ptr + code_len, digits.len - code_len);
    if (phone_plan_fits(plan, national))
        return write_number(plan, national, ret);
    if (cut_trunk(plan, &national) && phone_plan_fits(plan, national))
        return write_number(plan, national, ret);
    return 0;
}

/* Brazil: the carrier's two digits stand between the trunk prefix and the number. */
static size_t behind_carrier(const struct phone_plan *plan, struct slice national,
                             char ret[PHONE_TEXT])
{
    if (memcmp(plan->country, "BR", 2) != 0 || national.len < 12)
        return 0;
    national = slice_of(national.ptr + 2, national.len - 2);
    return phone_plan_fits(plan, national) ? write_number(plan, national, ret) : 0;
}

static size_t national_number(const struct phone_plan *plan, struct slice digits,
                              char ret[PHONE_TEXT])
{
    struct slice bare = digits;
    size_t n, code_len;
    int trunk = cut_trunk(plan, &bare);
    if (trunk && phone_plan_fits(plan, bare))
        return write_number(plan, bare, ret);
    if (trunk && (n = behind_carrier(plan, bare, ret)))
        return n;
    if (phone_plan_fits(plan, digits))
        return write_number(plan, digits, ret);
    /* The calling code without its plus. */
    const struct phone_plan *named = phone_plan_match(digits, &code_len);
    return named && named->code == plan->code ? international(digits, ret) : 0;
}

static size_t understand(const struct dialled *d, const struct phone_plan *home,
                         char ret[PHONE_TEXT])
{
    struct slice digits = slice_of(d->digits, d->n), abroad = SLICE_LIT("00");
    size_t n;
    if (d->plus)
        return international(digits, ret);
    if (home)
        abroad = slice_str(home->abroad);
    if (digits.len > abroad.len && slice_starts(digits, abroad)) {
        n = international(slice_of(digits.ptr + abroad.len, digits.len - abroad.len), ret);
        if (n)
            return n;
    }
    /* 00 is understood everywhere: it is what most of the world dials. */
    if (digits.len > 2 && slice_starts(digits, SLICE_LIT("00"))) {
        n = international(slice_of(digits.ptr + 2, digits.len - 2), ret);
        if (n)
            return n;
    }
    if (d->paren_nil && (n = international(digits, ret)))
        return n;
    return home ? national_number(home, digits, ret) : 0;
}

size_t phone_take(struct slice *rest, const struct phone_plan *home, char ret[PHONE_TEXT])
{
    while (rest->len) {
        struct dialled d;
        struct slice part = take_part(rest);
        read_digits(part, &d);
        if (d.n < 6 || junk_digits(slice_of(d.digits, d.n)))
            continue;
        size_t n = understand(&d, home, ret);
        if (n)
            return n;
    }
    return 0;
}
