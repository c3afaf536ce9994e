#include "transform/match/birth.h"

enum { PIVOT = 30 }; /* two-digit years below are of this century */

/* Up to three runs of digits, or a month's name, as found. */
struct date_runs {
    int n;
    int value[3], digits[3];
    int month; /* 1..12 when written as a word, else 0 */
};

static int month_of_word(const char *p, size_t len)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (len < 3)
        return 0;
    for (int m = 0; m < 12; m++) {
        int same = 1;
        for (int k = 0; k < 3; k++)
            same &= (p[k] | 0x20) == names[3 * m + k];
        if (same)
            return m + 1;
    }
    return 0;
}

static int is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The text up to a time of day. 0 when there are other than one to three numbers. */
static int read_runs(struct slice s, struct date_runs *r)
{
    *r = (struct date_runs){0};
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        if (is_digit(s.ptr[i])) {
            if (r->n == 3)
                break;
            int64_t value = 0;
            for (; i < s.len && is_digit(s.ptr[i]); i++)
                if (i - from < 9)
                    value = value * 10 + (s.ptr[i] - '0');
            r->digits[r->n] = (int)(i - from);
            r->value[r->n++] = (int)value;
        } else if (is_letter(s.ptr[i])) {
            for (; i < s.len && is_letter(s.ptr[i]); i++)
                ;
            if (!r->month)
                r->month = month_of_word(s.ptr + from, i - from);
        } else {
            i++;
        }
    }
    return r->n > 0;
}

void birth_vote(struct date_votes *v, struct slice text)
{
    struct date_runs r;
    if (!read_runs(text, &r) || r.n < 3 || r.month || r.digits[0] > 2 || r.digits[1] > 2)
        return;
    v->day_first += r.value[0] > 12 && r.value[1] <= 12;
    v->month_first += r.value[1] > 12 && r.value[0] <= 12;
}

enum date_order birth_order_of(const struct date_votes *v)
{
    return v->month_first > v->day_first ? DATE_MONTH_FIRST : DATE_DAY_FIRST;
}

uint64_t birth_pack(int year, int month, int day)
{
    uint64_t date = 0;
    int value = year % 10000 * 10000 + month % 100 * 100 + day % 100;
    if (value <= 0)
        return 0;
    for (int i = 7; i >= 0; i--, value /= 10)
        date |= (uint64_t)('0' + value % 10) << (8 * i);
    return date;
}

void birth_digits(uint64_t date, char ret[8])
{
    for (int i = 0; i < 8; i++)
        ret[i] = (char)(date >> (8 * i) & 0xFF);
}

static int part(uint64_t date, int from, int n)
{
    int value = 0;
    for (int i = from; i < from + n; i++)
        value = value * 10 + ((int)(date >> (8 * i) & 0xFF) - '0');
    return value;
}

int64_t birth_days(uint64_t date)
{
    int64_t y = part(date, 0, 4), m = part(date, 4, 2), d = part(date, 6, 2);
    y -= m <= 2;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d;
}

static int full_year(int value, int digits)
{
    if (digits > 2)
        return value;
    return value < PIVOT ? 2000 + value : 1900 + value;
}

static uint64_t parse_one(const struct date_runs *r)
{
    if (r->digits[0] == 4)
        return birth_pack(r->value[0], r->month ? r->month : 1, 1);
    if (r->digits[0] == 6 && r->value[0] / 100 >= 1000)
        return birth_pack(r->value[0] / 100, r->value[0] % 100, 1);
    if (r->digits[0] != 8)
        return 0;
    int year = r->value[0] / 10000, v = r->value[0];
    if (year < 1300 && v % 10000 >= 1300) /* ddmmyyyy */
        return birth_pack(v % 10000, v / 10000 % 100, v / 1000000);
    return birth_pack(year, v / 100 % 100, v % 100);
}

static uint64_t parse_two(const struct date_runs *r)
{
    if (r->month) { /* 4 July 1980's day may be missing: 1980 Jul, or July 4 */
        int year_at = r->digits[0] >= 3 ? 0 : 1;
        return birth_pack(full_year(r->value[year_at], r->digits[year_at]), r->month,
                          r->value[1 - year_at]);
    }
    if (r->digits[0] == 4)
        return birth_pack(r->value[0], r->value[1], 1);
    return r->digits[1] == 4 ? birth_pack(r->value[1], r->value[0], 1) : 0;
}

uint64_t birth_parse(struct slice text, enum date_order order)
{
    struct date_runs r;
    if (!read_runs(slice_trim(text), &r))
        return 0;
    if (r.n == 1)
        return parse_one(&r);
    if (r.n == 2 || r.month)
        return parse_two(&r);
    if (r.digits[0] >= 3)
        return birth_pack(r.value[0], r.value[1], r.value[2]);
    int year = full_year(r.value[2], r.digits[2]);
    int month_first = order == DATE_MONTH_FIRST;
    if (r.value[0] > 12 && r.value[1] <= 12)
        month_first = 0;
    else if (r.value[1] > 12 && r.value[0] <= 12)
        month_first = 1;
    return month_first ? birth_pack(year, r.value[0], r.value[1])
                       : birth_pack(year, r.value[1], r.value[0]);
}

static int is_default(uint64_t date)
{
    return date >> 32 == UINT32_C(0x31303130); /* "0101" */
}

/* Bit 8 i + 7 is set where byte i differs. */
static uint64_t differing(uint64_t a, uint64_t b)
{
    uint64_t x = a ^ b; /* digits: bit 7 is clear in both, so no carry crosses a byte */
    return ((x + UINT64_C(0x7F7F7F7F7F7F7F7F)) & UINT64_C(0x8080808080808080));
}

static int is_swap(uint64_t a, uint64_t b, uint64_t differ)
{
    uint64_t swapped = (a & 0xFFFFFFFFu) | (a >> 48 << 32) | ((a >> 32 & 0xFFFF) << 48);
    if (swapped == b)
        return 1;
    int at = __builtin_ctzll(differ) / 8;
    if (__builtin_popcountll(differ) != 2 || differ >> (8 * at + 15) != 1)
        return 0;
    uint64_t two_a = a >> (8 * at) & 0xFFFF, two_b = b >> (8 * at) & 0xFFFF;
    return (two_a >> 8 | (two_a & 0xFF) << 8) == two_b;
}

enum date_level birth_compare(uint64_t a, uint64_t b)
{
    int any_default = is_default(a) || is_default(b);
    if (a == b)
        return any_default ? DATE_EXACT_DEFAULT : DATE_EXACT;
    int same_year = (uint32_t)a == (uint32_t)b, same_md = a >> 32 == b >> 32;
    if (same_year && any_default)
        return DATE_YEAR_DEFAULT;
    uint64_t differ = differing(a, b);
    int digits = __builtin_popcountll(differ);
    if (digits == 1)
        return any_default ? DATE_DIGIT_DEFAULT : DATE_DIGIT;
    if (is_swap(a, b, differ))
        return DATE_SWAP;
    if (same_year)
        return (a >> 48 == b >> 48 || (a >> 32 & 0xFFFF) == (b >> 32 & 0xFFFF)) ? DATE_YEAR_AND_ONE
                                                                                : DATE_YEAR;
    if (same_md)
        return any_default ? DATE_MONTH_DAY_DEFAULT : DATE_MONTH_DAY;
    if (digits == 2)
        return any_default ? DATE_TWO_DIGITS_DEFAULT : DATE_TWO_DIGITS;
    return digits == 3 ? DATE_THREE_DIGITS : DATE_DIFFERS;
}
