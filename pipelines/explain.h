/* Explanations for a person: why two records are, or are not, the same customer; why a golden value
 * won. From the lake and the project's model alone. */
#ifndef SLUICE_PIPELINES_EXPLAIN_H
#define SLUICE_PIPELINES_EXPLAIN_H

#include "core/buffer.h"
#include "schemas/project.h"

/* The golden values of a customer (or one field's), each with its source and rule and what lost.
 * ERR_INPUT when the lake has no such customer. */
int explain_customer(const struct project *p, struct slice customer, const char *field,
                     struct buffer *out, struct error *err);

/* The match waterfall of two records, each named "source:key". */
int explain_pair(const struct project *p, struct slice a, struct slice b, struct buffer *out,
                 struct error *err);

#endif
