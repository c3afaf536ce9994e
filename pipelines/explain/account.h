/* The account of a pair in words: for a terminal of 80 columns, as JSON, and as the reasons alone.
 */
#ifndef SLUICE_PIPELINES_EXPLAIN_ACCOUNT_H
#define SLUICE_PIPELINES_EXPLAIN_ACCOUNT_H

#include <jansson.h>

#include "core/buffer.h"
#include "transform/match/explain.h"

/* 1/1024 bit as bits. */
double account_bits(int32_t weight);
/* The weight of a link in words: "+9.13 bits", or "certain" for one that a rule made. */
int account_weight(int32_t weight, struct buffer *out);

/* The waterfall and the verdict. These append to `out`; 0 or ERR_MEMORY. */
int account_text(const struct pair_account *a, struct slice first, struct slice second,
                 struct buffer *out);
/* "the same household or family, 9:1, not the same person: given_name differs …"; indented, lines
 * of at most 80 columns. */
int account_verdict(const struct pair_account *a, struct buffer *out);
/* "for: birth_date exact (+9.2), …" and "against: …", the strongest three of each, and what the
 * household alternative takes. */
int account_reasons(const struct pair_account *a, int indent, struct buffer *out);
/* The same as an object; NULL when memory is out. */
json_t *account_json(const struct pair_account *a, struct slice first, struct slice second);

/* A number that reads as it was meant: six digits behind the point. */
json_t *account_real(double value);

#endif
