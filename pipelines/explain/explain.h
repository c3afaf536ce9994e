/* Explanations for a person: why two records are, or are not, the same customer; what holds a
 * customer together; why a golden value won. From the lake and the project's model, or from a file
 * of rows, which is matched again for it. */
#ifndef SLUICE_PIPELINES_EXPLAIN_EXPLAIN_H
#define SLUICE_PIPELINES_EXPLAIN_EXPLAIN_H

#include <jansson.h>

#include "core/buffer.h"
#include "pipelines/dedupe.h"
#include "schemas/project.h"

/* Where an explanation goes: words for 80 columns, or an object when there is one. */
struct explanation {
    struct buffer text;
    json_t *json; /* an object to be filled, or NULL: words */
};

/* JSON when asked for; words otherwise. 0 or ERR_MEMORY. */
enum explain_format { EXPLAIN_TEXT, EXPLAIN_JSON };
int explanation_init(struct explanation *x, enum explain_format format);
/* Puts the object, when there is one, into the text. */
int explanation_finish(struct explanation *x);
void explanation_done(struct explanation *x);

/* A customer of the lake: its golden values, each with its source and rule and what lost, then the
 * links that hold its records together. With a field, that value alone. ERR_INPUT when the lake has
 * no such customer. */
int explain_customer(const struct project *p, struct slice customer, const char *field,
                     struct explanation *out, struct error *err);
int explain_golden(const struct project *p, struct slice customer, const char *field,
                   struct explanation *out, struct error *err);

/* The match of two records of the lake, each named "source:key". */
int explain_pair(const struct project *p, struct slice a, struct slice b, struct explanation *out,
                 struct error *err);

/* The same of rows that dedupe takes: the customer of a name, or two rows by their ids. Customers
 * are those of the rows' column customer_id where they have one, else what dedupe finds now.
 * `rows` is taken over. */
int explain_rows(struct stream *rows, const struct dedupe_options *options, struct slice first,
                 struct slice second, struct explanation *out, struct error *err);

/* What holds records of a table together, weakest link first. names: of records, in their order. */
struct link_records {
    struct explainer *explainer;
    const uint32_t *records; /* of the explainer's table */
    const struct slice *names;
    uint32_t n;
};
int explain_links(const struct link_records *r, struct explanation *out, struct error *err);

#endif
