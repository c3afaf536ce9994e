#include "transform/map/standard.h"

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

/* Groups come first: a phone number is read by the address's country. Then the fields in the order
 * of the table: a birth date is judged by updated_at. The project's own fields, and free text, stay
 * as they are, less the white space around them. */
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
    return 0;
}
