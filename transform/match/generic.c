#include "transform/match/generic.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/buffer.h"

/* A household's telephone is shared by a few family names, a typing error adds one or two. A date
 * is suspect when it is so many times as frequent as its neighbours; one that systems are known to
 * fill in, sooner. */
enum { FAMILIES_MIN = 8, NEIGHBOURS = 5, DATE_MIN = 20, DATE_TIMES = 10 };
enum { KNOWN_DATE_MIN = 3, KNOWN_DATE_TIMES = 4 };

struct holder {
    uint32_t value, family;
};

static int compare_holders(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->family > y->family) - (x->family < y->family);
}

static uint32_t family_sound(const struct encoded *e, uint32_t r)
{
    const struct comparison *f = &e->comparisons[e->family];
    return f->codes[r] == MATCH_MISSING ? MATCH_MISSING : f->values->key[f->codes[r]];
}

static uint32_t families_min(const struct comparison *c)
{
    return c->kind == COMPARE_DATE ? KNOWN_DATE_MIN : FAMILIES_MIN;
}

/* Who holds the values that enough records hold for them to be suspect. */
static int list_holders(const struct encoded *e, const struct comparison *c, struct buffer *ret)
{
    for (uint32_t r = 0; r < e->n; r++) {
        uint32_t n, family = family_sound(e, r);
        const uint32_t *codes = comparison_values(c, r, &n);
        for (uint32_t i = 0; i < n && family != MATCH_MISSING; i++) {
            struct holder h = {codes[i], family};
            if (c->counts[codes[i]] >= families_min(c))
                TRY(buffer_append(ret, &h, sizeof h));
        }
    }
    return 0;
}

/* Marks values of several family names, mostly each holder of another. */
static int mark_crowded(const struct encoded *e, const struct comparison *c, uint8_t *generic)
{
    struct buffer list = {0};
    int code = list_holders(e, c, &list);
    struct holder *h = (struct holder *)(void *)list.data;
    size_t n = list.len / sizeof *h;
    if (code == 0 && n)
        qsort(h, n, sizeof *h, compare_holders);
    for (size_t i = 0, end; i < n && code == 0; i = end) {
        uint32_t families = 0;
        for (end = i; end < n && h[end].value == h[i].value; end++)
            families += end == i || h[end].family != h[end - 1].family;
        generic[h[i].value] = families >= families_min(c) && families * 2 > end - i;
    }
    buffer_done(&list);
    return code;
}

static int is_known_date(struct slice s)
{
    static const char *const known[] = {"19000101", "19010101", "19700101", "18991230", "18991231",
                                        "11111111", "00010101", "99991231", "17530101"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_equal(s, slice_str(known[i])))
            return 1;
    return 0;
}

static int number_at(struct slice date, int from, int n)
{
    int value = 0;
    for (int i = from; i < from + n; i++)
        value = value * 10 + (date.ptr[i] - '0');
    return value;
}

/* Holders of the dates around whose digits from..from+n differ: years or days. At least one each,
 * so that a lone date does not look crowded. */
static uint32_t around(const struct comparison *c, struct slice date, int from, int n)
{
    char near[8];
    uint32_t sum = 0;
    int number = number_at(date, from, n);
    memcpy(near, date.ptr, sizeof near);
    for (int apart = -NEIGHBOURS; apart <= NEIGHBOURS; apart++) {
        if (apart == 0)
            continue;
        for (int i = from + n - 1, y = number + apart > 0 ? number + apart : 0; i >= from; i--) {
            near[i] = (char)('0' + y % 10);
            y /= 10;
        }
        int64_t code = dict_find(&c->values->strings, slice_of(near, sizeof near));
        sum += code >= 0 && c->counts[code] ? c->counts[code] : 1;
    }
    return sum;
}

static int stands_out(const struct comparison *c, uint32_t v, struct slice date)
{
    int known = is_known_date(date);
    uint32_t years = around(c, date, 0, 4), days = around(c, date, 6, 2);
    uint64_t times = known ? KNOWN_DATE_TIMES : DATE_TIMES;
    return c->counts[v] >= (known ? KNOWN_DATE_MIN : DATE_MIN) &&
           (uint64_t)c->counts[v] * 2 * NEIGHBOURS > times * (years > days ? years : days);
}

/* Of the crowded dates those stay marked that stand out. */
static void keep_outstanding(const struct comparison *c, uint8_t *generic)
{
    for (uint32_t v = 0; v < c->values->strings.n; v++) {
        struct slice s = dict_get(&c->values->strings, v);
        if (generic[v])
            generic[v] = s.len == 8 && stands_out(c, v, s);
    }
}

static void note(struct encoded *e, const struct comparison *c, uint32_t v)
{
    size_t used = strlen(e->generic);
    struct slice s = value_string(c, v);
    int len = (int)(s.len < 40 ? s.len : 40);
    if (used + (size_t)len + 16 < sizeof e->generic)
        snprintf(e->generic + used, sizeof e->generic - used, "%s'%.*s'", used ? ", " : "", len,
                 s.ptr);
    e->n_generic++;
}

/* Takes generic values out of the records' lists or codes. */
static void drop_marked(struct encoded *e, struct comparison *c, const uint8_t *generic)
{
    uint32_t kept = 0, from = 0;
    c->filled = 0;
    for (uint32_t r = 0; r < e->n; r++) {
        uint32_t end = c->offsets ? c->offsets[r + 1] : r + 1, any = 0;
        for (uint32_t i = c->offsets ? from : r; i < end; i++) {
            uint32_t code = c->codes[i];
            int there = code != MATCH_MISSING && !generic[code];
            any |= (uint32_t)there;
            if (c->offsets && there)
                c->codes[kept++] = code;
            else if (!c->offsets && !there)
                c->codes[i] = MATCH_MISSING;
        }
        from = end;
        if (c->offsets)
            c->offsets[r + 1] = kept;
        c->filled += any;
    }
    for (uint32_t v = 0; v < c->values->strings.n; v++)
        if (generic[v]) {
            note(e, c, v);
            c->counts[v] = 0;
        }
}

static int silence(struct encoded *e, struct comparison *c)
{
    uint8_t *generic = calloc((size_t)c->values->strings.n + 1, 1);
    int code = generic ? 0 : ERR_MEMORY;
    if (code == 0)
        code = mark_crowded(e, c, generic);
    if (code == 0 && c->kind == COMPARE_DATE)
        keep_outstanding(c, generic);
    if (code == 0 && memchr(generic, 1, c->values->strings.n))
        drop_marked(e, c, generic);
    free(generic);
    return code;
}

int generic_silence(struct encoded *e)
{
    for (int k = 0; k < e->n_comparisons && e->family >= 0; k++) {
        struct comparison *c = &e->comparisons[k];
        if (c->kind == COMPARE_DATE || c->kind == COMPARE_EMAIL || c->kind == COMPARE_PHONE ||
            c->kind == COMPARE_ID)
            TRY(silence(e, c));
    }
    return 0;
}
