/* The canonical record (who they are) and event (what happened): field names, types, order. The
 * names are the contract of the project file, the streams between tools and the lake. */
#ifndef SLUICE_SCHEMAS_CANONICAL_H
#define SLUICE_SCHEMAS_CANONICAL_H

#include "core/type.h"

/* Columns of a record, in order:
 *   source, key utf8; updated_at timestamp;
 *   title, given_name, middle_name, family_name, suffix, full_name, formal_name (the given name a
 * nickname stands for), organisation utf8; birth_date date; gender (female, male, other), language
 * utf8; email, phone list<utf8>; line1, line2, city, region, postcode, country utf8; tax_id,
 * loyalty_id utf8; ids list<struct<name, value>>; consent_email, consent_sms, consent_phone,
 * consent_post, consent_profiling bool; status utf8; the project's extra fields utf8, by name; raw
 * list<struct<field, value>>. Columns of an event, in order: source, id, customer utf8; at
 * timestamp; kind, channel, location, seller, product, category utf8; quantity, net, tax, gross,
 * cost decimal(18,4); currency utf8; points int64; campaign, outcome, text utf8; the project's
 * extra fields utf8. */

enum canonical_kind { CANONICAL_RECORD, CANONICAL_EVENT };

enum { MONEY_PRECISION = 18, MONEY_SCALE = 4 };

struct canonical_field {
    const char *name;
    enum type_id type;
    const char *group; /* "address" for its parts in the project file, else NULL */
    const char *help;
};

/* All canonical fields in order; ends in {NULL}. */
const struct canonical_field *canonical_fields(enum canonical_kind kind);
/* The schema; extra fields (utf8) are put in order of name before `raw`. NULL when out of memory.
 */
struct schema *canonical_schema(enum canonical_kind kind, const struct slice *extra, int n_extra);
const char *const *event_kinds(void); /* purchase, return, invoice …; ends in NULL */

#endif
