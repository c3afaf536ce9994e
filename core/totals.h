/* Totals: what went in and where it went. in = out + rejected + filtered + duplicates, for rows and
 * for an order-independent hash of keys (sum of hash_fixed, modulo 2^64); money by currency as
 * exact decimals of scale 4. Travels as JSON in the custom metadata ("sluice:totals") of a stream's
 * last, empty batch. A plain value of about 18 KB that starts as {0}; one thread at a time. */
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
/* ISO 4217 has about 180 currencies. */
enum { TOTALS_CURRENCIES = 192, TOTALS_SCALE = 4 };

struct totals_money {
    char currency[4];
    decimal128 sum[TOTALS_CLASSES];
};

struct totals {
    int64_t rows[TOTALS_CLASSES];
    uint64_t keys[TOTALS_CLASSES];
    int64_t unread_amounts; /* rows whose amount could not be read */
    int overflow;           /* money was lost in totals_merge; totals_check fails */
    int n_money;
    struct totals_money money[TOTALS_CURRENCIES]; /* sorted by currency */
};

void totals_row(struct totals *t, enum totals_class c, uint64_t key_hash);
/* The amount has scale TOTALS_SCALE. 1, or 0 (nothing added) when the currency is not at most
 * three visible ASCII characters ("" will do), there are too many, or it overflows. */
int totals_money_add(struct totals *t, enum totals_class c, struct slice currency,
                     decimal128 amount);
void totals_merge(struct totals *into, const struct totals *from);
/* ERR_DATA with what does not balance; `step` names where. */
int totals_check(const struct totals *t, const char *step, struct error *err);
/* {"rows":{"in":1,…},"keys":{"in":"0011223344556677",…},"unread_amounts":0,
 *  "money":{"EUR":{"in":"12.0000",…}}}; classes in their order, currencies by name. 0 or
 * ERR_MEMORY. */
int totals_json(const struct totals *t, struct buffer *out);
/* The same read back, whatever its order and spaces. ERR_DATA when it is something else; *ret is
 * left alone then. */
int totals_parse(struct slice json, struct totals *ret, struct error *err);

#endif
