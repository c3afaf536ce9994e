#include "pipelines/witness.h"

#include "transform/match/fold.h"

int matched_name(const struct matched *m, uint32_t record, struct buffer *out)
{
    const struct identity_member *one = &m->members[record];
    if (one->source.len) {
        TRY(buffer_slice(out, one->source));
        TRY(buffer_putc(out, ':'));
    }
    return buffer_slice(out, one->key);
}

static const uint32_t *codes_of(const struct match_column *c, uint32_t record, uint32_t *ret_n)
{
    if (c->offsets) {
        *ret_n = c->offsets[record + 1] - c->offsets[record];
        return c->codes + c->offsets[record];
    }
    *ret_n = c->codes[record] != MATCH_MISSING;
    return c->codes + record;
}

int matched_value(const struct matched *m, int column, uint32_t record, struct buffer *out)
{
    uint32_t n;
    const struct match_column *c = &m->table->columns[column];
    const uint32_t *codes = codes_of(c, record, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            TRY(buffer_string(out, ", "));
        TRY(buffer_slice(out, dict_get(&c->values, codes[i])));
    }
    return 0;
}

/* The next byte that tells values apart, in lower case; -1 at the end. */
static int next_told(struct slice *rest)
{
    for (; rest->len; rest->ptr++, rest->len--) {
        char c = *rest->ptr;
        c = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        if (!fold_is_digit(c) && !fold_is_letter(c))
            continue;
        rest->ptr++;
        rest->len--;
        return (unsigned char)c;
    }
    return -1;
}

static int same_value(const struct match_column *c, uint32_t x, uint32_t y)
{
    struct slice a = dict_get(&c->values, x), b = dict_get(&c->values, y);
    int one = 0, other = 0;
    while (x != y && one == other && one >= 0) {
        one = next_told(&a);
        other = next_told(&b);
    }
    return one == other;
}

static int all_in(const struct match_column *c, const uint32_t *x, uint32_t n_x, const uint32_t *y,
                  uint32_t n_y)
{
    for (uint32_t i = 0; i < n_x; i++) {
        uint32_t k = 0;
        while (k < n_y && !same_value(c, x[i], y[k]))
            k++;
        if (k == n_y)
            return 0;
    }
    return 1;
}

enum matched_sameness matched_compare(const struct matched *m, int column, uint32_t a, uint32_t b)
{
    uint32_t n_a, n_b;
    const struct match_column *c = &m->table->columns[column];
    const uint32_t *x = codes_of(c, a, &n_a), *y = codes_of(c, b, &n_b);
    if (!n_a || !n_b)
        return MATCHED_MISSING;
    return all_in(c, x, n_a, y, n_b) && all_in(c, y, n_b, x, n_a) ? MATCHED_SAME : MATCHED_DIFFERS;
}
