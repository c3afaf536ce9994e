/* Steps over columns of one value: keys, words, amounts. */
#include "transform/map/flag.h"
#include "transform/map/gender.h"
#include "transform/map/junk.h"
#include "transform/map/language.h"
#include "transform/map/money.h"
#include "transform/map/standard.h"
#include "transform/map/text.h"

static struct slice *texts(struct block *b, const struct feed *f)
{
    return b->columns[f->to].text;
}

int standard_key(struct block *b, const struct feed *f)
{
    struct slice *v = texts(b, f);
    for (int row = 0; row < b->n; row++)
        if (!v[row].ptr)
            TRY(block_fault(b, row, f, "missing-key", "there is no '%.*s'",
                            SHOWN(f->mapping->field)));
    return 0;
}

int standard_trimmed(struct block *b, const struct feed *f)
{
    (void)b;
    (void)f;
    return 0; /* picked values are trimmed */
}

int standard_tidy(struct block *b, const struct feed *f)
{
    struct slice *v = texts(b, f);
    for (int row = 0; row < b->n; row++)
        if (v[row].ptr)
            TRY(text_tidy(v[row], &b->arena, &v[row]));
    return 0;
}

static int drop_junk(struct block *b, const struct feed *f, int (*is_junk)(struct slice))
{
    struct slice *v = texts(b, f);
    TRY(standard_tidy(b, f));
    for (int row = 0; row < b->n; row++)
        if (v[row].ptr && is_junk(v[row]))
            v[row] = (struct slice){0};
    return 0;
}

int standard_text(struct block *b, const struct feed *f)
{
    return drop_junk(b, f, junk_text);
}

int standard_number(struct block *b, const struct feed *f)
{
    return drop_junk(b, f, junk_number);
}

int standard_gender(struct block *b, const struct feed *f)
{
    struct slice *v = texts(b, f);
    for (int row = 0; row < b->n; row++)
        if (v[row].ptr)
            v[row] = gender_standard(v[row]);
    return 0;
}

int standard_language(struct block *b, const struct feed *f)
{
    struct slice *v = texts(b, f);
    char buffer[4];
    for (int row = 0; row < b->n; row++) {
        if (!v[row].ptr)
            continue;
        v[row] = language_standard(v[row], buffer);
        if (v[row].ptr == buffer)
            v[row] = arena_copy(&b->arena, v[row]);
    }
    return 0;
}

int standard_flag(struct block *b, const struct feed *f)
{
    struct vector *v = &b->columns[f->to];
    for (int row = 0; row < b->n; row++) {
        enum flag flag = v->text[row].ptr ? flag_standard(v->text[row]) : FLAG_NOT_SAID;
        v->filled[row] = flag == FLAG_YES || flag == FLAG_NO;
        v->integer[row] = flag == FLAG_YES;
        if (flag == FLAG_NOT_UNDERSTOOD)
            TRY(block_fault(b, row, f, "bad-flag", "'%.*s' is neither yes nor no: map it",
                            SHOWN(v->text[row])));
    }
    return 0;
}

int standard_currency(struct block *b, const struct feed *f)
{
    struct slice *v = texts(b, f);
    for (int row = 0; row < b->n; row++) {
        char code[3];
        if (!v[row].ptr)
            continue;
        if (!currency_standard(v[row], code)) {
            TRY(block_fault(b, row, f, "bad-currency",
                            "'%.*s' is no currency: ISO 4217 is expected", SHOWN(v[row])));
            v[row] = (struct slice){0};
            continue;
        }
        if (slice_equal(v[row], slice_of(code, 3)))
            continue;
        v[row] = arena_copy(&b->arena, slice_of(code, 3));
        if (!v[row].ptr)
            return ERR_MEMORY;
    }
    return 0;
}

/* "Points Earned" → "points_earned". */
static int plain_kind(struct slice text, struct arena *a, struct slice *ret)
{
    char *out = arena_alloc(a, text.len + 1);
    if (!out)
        return ERR_MEMORY;
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.ptr[i] == ' ' || text.ptr[i] == '-' ? '_' : ascii_lower(text.ptr[i]);
    *ret = slice_of(out, text.len);
    return 0;
}

static int is_kind(struct slice kind)
{
    for (const char *const *k = event_kinds(); *k; k++)
        if (slice_equal(kind, slice_str(*k)))
            return 1;
    return 0;
}

int standard_kind(struct block *b, const struct feed *f)
{
    struct slice *v = texts(b, f);
    for (int row = 0; row < b->n; row++) {
        struct slice was = v[row];
        if (!was.ptr || is_kind(was))
            continue;
        TRY(plain_kind(was, &b->arena, &v[row]));
        if (!is_kind(v[row]))
            TRY(block_fault(b, row, f, "unknown-kind", "'%.*s' is no kind of event: map it",
                            SHOWN(was)));
    }
    return 0;
}

/* "#VALUE!", "#REF!" of a spreadsheet: there was an amount, and it is lost. */
static int failed_formula(struct slice text)
{
    return text.ptr[0] == '#' && !slice_equal_nocase(text, SLICE_LIT("#n/a"));
}

/* "-" and "n/a" in an amount say that there is none. Of an amount in minor units the last digits
 * are behind the point. */
static int read_amount(struct block *b, int row, const struct feed *f, int scale, decimal128 *ret)
{
    struct vector *v = &b->columns[f->to];
    struct slice text = v->text[row];
    if (!text.ptr)
        return 0;
    if (money_parse(text, scale ? scale - f->mapping->minor : 0, f->mapping->decimal,
                    f->mapping->group, ret)) {
        v->filled[row] = 1;
        return 0;
    }
    if (junk_text(text) && !failed_formula(text))
        return 0;
    b->unread[row] |= f->to == b->plan->net || f->to == b->plan->gross;
    if (scale)
        return block_fault(b, row, f, "bad-amount",
                           "'%.*s' is no amount with decimal mark '%c' of at most %d decimals",
                           SHOWN(text), f->mapping->decimal ? f->mapping->decimal : '.', scale);
    return block_fault(b, row, f, "bad-number", "'%.*s' is no whole number", SHOWN(text));
}

int standard_amount(struct block *b, const struct feed *f)
{
    struct vector *v = &b->columns[f->to];
    for (int row = 0; row < b->n; row++)
        TRY(read_amount(b, row, f, MONEY_SCALE, &v->amount[row]));
    return 0;
}

int standard_points(struct block *b, const struct feed *f)
{
    struct vector *v = &b->columns[f->to];
    for (int row = 0; row < b->n; row++) {
        decimal128 points = 0;
        TRY(read_amount(b, row, f, 0, &points));
        v->integer[row] = (int64_t)points;
    }
    return 0;
}

/* Digits behind the mark, so that "1.234,50" becomes "1234.50" and nothing is rounded or added. */
static int decimals_of(struct slice text, char point)
{
    const char *at = memchr(text.ptr, point, text.len);
    int n = 0;
    for (const char *c = at; at && c < text.ptr + text.len; c++)
        n += ascii_is_digit(*c);
    return n;
}

static int own_amount(struct block *b, const struct feed *f, int row, struct slice *text)
{
    char point = f->mapping->decimal ? f->mapping->decimal : '.', plain[DECIMAL_TEXT];
    int scale = decimals_of(*text, point);
    decimal128 amount;
    if (scale <= DECIMAL_DIGITS && money_parse(*text, scale, point, f->mapping->group, &amount)) {
        *text = arena_copy(&b->arena, slice_of(plain, decimal_text(amount, scale, plain)));
        return text->ptr ? 0 : ERR_MEMORY;
    }
    if (!junk_text(*text))
        TRY(block_fault(b, row, f, "bad-amount", "'%.*s' is no amount with decimal mark '%c'",
                        SHOWN(*text), point));
    *text = (struct slice){0};
    return 0;
}

int standard_own_amount(struct block *b, const struct feed *f)
{
    struct slice *v = texts(b, f);
    for (int row = 0; row < b->n; row++)
        if (v[row].ptr)
            TRY(own_amount(b, f, row, &v[row]));
    return 0;
}
