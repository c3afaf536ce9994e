/* What the company sells, where, and by whom. Prices in pence, without VAT. */
#ifndef GEN_GOODS_H
#define GEN_GOODS_H

#include "tests/gen/chance.h"

struct good {
    const char *sku, *name, *category;
    int price;
    int vat; /* per cent */
};

/* A good a person may buy: six in ten from the two categories the person likes. */
const struct good *good_for(uint64_t person, struct chance *c);
const char *branch_for(int town, struct chance *c);
const char *seller_for(const char *branch, struct chance *c);

#endif
