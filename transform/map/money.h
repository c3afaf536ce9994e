/* Amounts: exact decimals with any marks, and currencies to ISO 4217. "1.234,50 €" with marks ','
 * and '.' → 1234.5000; "(12.50)" and "12.50-" are negative; a currency's sign or code beside the
 * number is skipped. */
#ifndef SLUICE_TRANSFORM_MAP_MONEY_H
#define SLUICE_TRANSFORM_MAP_MONEY_H

#include "core/decimal.h"

/* 1 and the value, 0: not an amount, or more than `scale` digits behind the point, or more than 18
 * in all. Group mark ' ' takes no-break and thin spaces too; 0 takes none. */
int money_parse(struct slice text, int scale, char point, char group, decimal128 *ret);

/* "eur", "€", "Euro" → "EUR". Returns 3, or 0 when it is none. */
size_t currency_standard(struct slice text, char ret[3]);

#endif
