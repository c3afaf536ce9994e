#include "transform/map/standard.h"

#include "core/decimal.h"

static const struct {
    const char *field;
    standard_step *step;
} table[] = {
    {"key", standard_key},
    {"id", standard_key},
    {"customer", standard_trimmed},
    {"updated_at", standard_time},
    {"at", standard_time},
    {"organisation", standard_text},
    {"birth_date", standard_birth},
    {"gender", standard_gender},
    {"language", standard_language},
    {"email", standard_email},
    {"phone", standard_phone},
    {"tax_id", standard_number},
    {"loyalty_id", standard_number},
    {"ids", standard_ids},
    {"consent_email", standard_flag},
    {"consent_sms", standard_flag},
    {"consent_phone", standard_flag},
    {"consent_post", standard_flag},
    {"consent_profiling", standard_flag},
    {"status", standard_tidy},
    {"kind", standard_kind},
    {"channel", standard_tidy},
    {"location", standard_tidy},
    {"seller", standard_tidy},
    {"product", standard_tidy},
    {"category", standard_tidy},
    {"quantity", standard_amount},
    {"net", standard_amount},
    {"tax", standard_amount},
    {"gross", standard_amount},
    {"cost", standard_amount},
    {"currency", standard_currency},
    {"points", standard_points},
    {"campaign", standard_tidy},
    {"outcome", standard_tidy},
};

static int is_canonical(enum canonical_kind kind, struct slice name)
{
    for (const struct canonical_field *f = canonical_fields(kind); f->name; f++)
        if (slice_equal(name, slice_str(f->name)))
            return 1;
    return 0;
}

static int standard_own(struct block *b)
{
    for (int i = 0; i < b->plan->n_feeds; i++) {
        const struct feed *f = &b->plan->feeds[i];
        if (is_canonical(b->plan->kind, b->plan->out->fields[f->to].name))
            continue;
        if (f->mapping->n_formats)
            TRY(standard_own_time(b, f));
        else if (f->mapping->decimal || f->mapping->group)
            TRY(standard_own_amount(b, f));
    }
    return 0;
}

/* A source that gives net and tax but no gross has it all the same. */
static int add_gross(struct block *b)
{
    int tax = plan_column(b->plan, "tax"), net = b->plan->net, gross = b->plan->gross;
    if (gross < 0 || b->plan->fed[gross] || !b->plan->fed[net] || !b->plan->fed[tax])
        return 0;
    TRY(vector_ready(b, gross));
    const struct vector *n = &b->columns[net], *t = &b->columns[tax];
    struct vector *g = &b->columns[gross];
    for (int row = 0; row < b->n; row++)
        if (n->filled[row] && t->filled[row] &&
            decimal_add(n->amount[row], t->amount[row], &g->amount[row]) &&
            decimal_digits(g->amount[row]) <= MONEY_PRECISION)
            g->filled[row] = 1;
    return 0;
}

/* Groups come first: a phone number is read by the address's country. Then the fields in the order
 * of the table: a birth date is judged by updated_at. Free text stays as it is, less the white
 * space around it. */
int standard_block(struct block *b)
{
    if (b->plan->kind == CANONICAL_RECORD) {
        TRY(standard_addresses(b));
        TRY(standard_names(b));
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int column = plan_column(b->plan, table[i].field);
        if (column >= 0 && b->plan->fed[column])
            TRY(table[i].step(b, b->plan->fed[column]));
    }
    TRY(add_gross(b));
    return standard_own(b);
}
