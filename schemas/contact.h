/* Can a contact be reached as it is written: e-mail addresses, postcodes. Pure functions of text,
 * with no memory and no look-up outside the program: they tell form, not existence. Telephone
 * numbers: phone_plan.h. */
#ifndef SLUICE_SCHEMAS_CONTACT_H
#define SLUICE_SCHEMAS_CONTACT_H

#include "core/slice.h"

/* local@domain.tld of at most 254 bytes, as mail systems take them (RFC 5321 without quoted locals
 * and address literals; UTF-8 as in RFC 6531). 1 or 0. */
int email_valid(struct slice email);

/* The domain that this address's domain is an obvious slip of ("gmial.com": "gmail.com"), else
 * NULL. For flagging: nothing is to be changed by it. The address is in lower case. */
const char *email_slip(struct slice email);

enum { POSTCODE_TEXT = 16 };

/* The postcode as its country writes it ("sw1a1aa" of GB: "SW1A 1AA"; "D-10115" of DE: "10115";
 * "2134" of US: "02134", as spreadsheets drop leading zeros). Returns its length, or 0 when it is
 * none of that country's, or the country's form is not known. `country` is ISO alpha-2. */
size_t postcode_format(struct slice text, struct slice country, char ret[POSTCODE_TEXT]);

/* Is it written as its country writes it? 1 or 0; 0 too when the country's form is not known. */
int postcode_valid(struct slice postcode, struct slice country);

#endif
