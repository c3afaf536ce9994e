/* Totals: what went in and where it went. in = out + rejected + filtered + duplicates, for rows and
 * for an order-independent hash of keys (sum of hash_fixed, modulo 2^64); money by currency as
 * exact decimals of scale 4. Travels as JSON in the custom metadata ("sluice:totals") of a stream's
 * last, empty batch. */
#ifndef SLUICE_CORE_TOTALS_H
#define SLUICE_CORE_TOTALS_H

#include "core/batch.h"

enum totals_class {
    TOTALS_IN,
    TOTALS_OUT,
    TOTALS_REJECTED,
    TOTALS_FILTERED,
    TOTALS_DUPLICATES,
    TOTALS_CLASSES
};
enum { TOTALS_CURRENCIES = 64, TOTALS_SCALE = 4 };

struct totals_money {
    char currency[4];
    decimal128 sum[TOTALS_CLASSES];
};

struct totals {
    int64_t rows[TOTALS_CLASSES];
    uint64_t keys[TOTALS_CLASSES];
    int64_t unread_amounts; /* rows whose amount could not be read */
    int n_money;
    struct totals_money money[TOTALS_CURRENCIES]; /* sorted by currency */
};

void totals_row(struct totals *t, enum totals_class c, uint64_t key_hash);
/* 1, or 0 when there are too many currencies or it overflows. */
int totals_money_add(struct totals *t, enum totals_class c, struct slice currency,
                     decimal128 amount);
void totals_merge(struct totals *into, const struct totals *from);
/* ERR_DATA with what does not balance. */
int totals_check(const struct totals *t, const char *step, struct error *err);
int totals_json(const struct totals *t, struct buffer *out);

#endif
