/* Every rate of the generator, in one table. `build/gen --rates` prints it. The four columns are
 * the sources billing, sales, service and loyalty; a rate of the population has one value. ERROR
 * rates are multiplied by --noise (up to 0.9), the others are not. */
#ifndef GEN_RATES_H
#define GEN_RATES_H

enum source_id { BILLING, SALES, SERVICE, LOYALTY, SOURCES };

#define ALL(x) (x, x, x, x)

/* clang-format off */
#define GEN_RATES(R) \
/* who is where */ \
R(PRESENT,          FIXED, (0.74, 0.60, 0.44, 0.56), "a person is a customer of the source (at least of one)") \
R(SECOND_RECORD,    FIXED, (0.05, 0.07, 0.06, 0.04), "a customer has a second record in the same source") \
/* the population */ \
R(RARE_GIVEN,       FIXED, ALL(0.06), "a given name is put together from parts, not listed") \
R(RARE_FAMILY,      FIXED, ALL(0.42), "a family name is put together from parts, not listed") \
R(MIDDLE,           FIXED, ALL(0.55), "a person has a middle name") \
R(UNRELATED,        FIXED, ALL(0.07), "a household of two or more is people who share a flat: other names") \
R(SAME_NAME_COUPLE, FIXED, ALL(0.80), "a couple shares the family name") \
R(HYPHENATED,       FIXED, ALL(0.03), "a wife's name joins both (Hall-Price)") \
R(MARRIED_LATELY,   FIXED, ALL(0.15), "a wife who took the name: so lately that older records hold the former one") \
R(SON_NAMED_ALIKE,  FIXED, ALL(.045), "a son has his father's given name") \
R(DAUGHTER_ALIKE,   FIXED, ALL(0.01), "a daughter has her mother's given name") \
R(TWINS,            FIXED, ALL(0.06), "two children of a household are twins") \
R(MOVED,            FIXED, ALL(0.18), "a household has moved in the last years") \
R(LEFT_HOME,        FIXED, ALL(.06), "a person has an address of their own from before (studies, a former partner)") \
R(LANDLINE,         FIXED, ALL(0.65), "a household has a telephone at home, shared") \
R(MAILBOX,          FIXED, ALL(.20), "a household of two or more has a mailbox, shared") \
R(EMAIL_OWNED,      FIXED, ALL(0.92), "a person has a mailbox of their own") \
R(MOBILE_OWNED,     FIXED, ALL(0.93), "a person has a mobile") \
R(NEW_MOBILE,       FIXED, ALL(.08), "a person has changed the mobile's number") \
R(SECOND_EMAIL,     FIXED, ALL(.10), "a person uses a second mailbox of their own") \
R(TAX_ID,           FIXED, ALL(0.06), "a person trades and has a VAT number") \
/* what a source knows */ \
R(DOB_MISSING,      FIXED, (0.45, 0.55, 0.50, 0.30), "birth date not given") \
R(EMAIL_MISSING,    FIXED, (0.30, 0.08, 0.10, 0.28), "e-mail not given") \
R(PHONE_MISSING,    FIXED, (0.18, 0.15, 0.35, 0.32), "telephone not given") \
R(ADDRESS_MISSING,  FIXED, (0.02, 0.15, 0.40, 0.03), "address not given") \
R(MIDDLE_SHOWN,     FIXED, (0.70, 0.20, 0.08, 0.30), "a middle name, or its initial, is recorded") \
R(SUFFIX_SHOWN,     FIXED, (0.40, 0.35, 0.15, 0.30), "Jr or Sr is recorded") \
R(STALE,            FIXED, (0.10, 0.22, 0.12, 0.32), "record from before a move or marriage or a new number") \
R(LANDLINE_GIVEN,   FIXED, (0.40, 0.25, 0.15, 0.30), "the shared telephone is given rather than the mobile") \
R(MAILBOX_GIVEN,    FIXED, (0.35, 0.18, 0.12, 0.28), "the shared mailbox is given rather than one's own") \
R(PARTNER_EMAIL,    FIXED, (.02, .012, .012, .025), "another member's e-mail is given") \
R(SECOND_EMAIL_GIVEN, FIXED, (0.25, 0.30, 0.25, 0.45), "the second mailbox is given, where there is one") \
R(LOYALTY_KNOWN,    FIXED, (0.00, 0.15, 0.00, 0.00), "a contact's loyalty number is known, where there is one") \
/* how it was written */ \
R(NICKNAME,         ERROR, (0.04, 0.18, 0.22, 0.10), "a short form of the given name") \
R(GIVEN_INITIAL,    ERROR, (0.04, 0.01, 0.02, 0.02), "the given name's initial only") \
R(GIVEN_MISSING,    ERROR, (.003, .006, .012, .003), "no given name") \
R(MIDDLE_AS_GIVEN,  ERROR, (.008, .012, .012, .008), "known by the middle name") \
R(NAME_SWAPPED,     ERROR, (.004, .01, .012, .006), "given and family name in each other's place") \
R(GIVEN_TYPO,       ERROR, (0.02, 0.025, 0.04, 0.035), "typing, scanning or hearing error in the given name") \
R(FAMILY_TYPO,      ERROR, (0.02, 0.025, 0.045, 0.04), "the same in the family name") \
R(DOB_TYPO,         ERROR, (0.03, 0.04, 0.05, 0.04), "a digit of the birth date, or day and month exchanged") \
R(DOB_DEFAULT,      ERROR, (0.02, 0.02, 0.01, 0.03), "birth date kept as 1 January of its year") \
R(EMAIL_TYPO,       ERROR, (0.03, 0.02, 0.015, 0.05), "error in the e-mail") \
R(PHONE_TYPO,       ERROR, (0.025, 0.03, 0.03, 0.035), "a wrong digit, or two exchanged") \
R(STREET_TYPO,      ERROR, (0.04, 0.04, 0.06, 0.06), "error in the street") \
R(STREET_SHORT,     FIXED, (0.35, 0.20, 0.30, 0.45), "Road, Street … abbreviated") \
R(CITY_TYPO,        ERROR, (0.015, 0.02, 0.03, 0.02), "error in the town") \
R(POSTCODE_TYPO,    ERROR, (0.015, 0.02, 0.03, 0.03), "error in the postcode") \
R(POSTCODE_MISSING, ERROR, (0.01, 0.05, 0.05, 0.02), "address without a postcode") \
R(ACCENTS_LOST,     FIXED, (0.20, 0.10, 0.40, 1.00), "written without accents") \
R(JUNK_EMAIL,       ERROR, (0.012, 0.008, 0.01, 0.015), "a junk value (test@test.com, n/a) for an e-mail") \
R(JUNK_PHONE,       ERROR, (0.012, 0.010, 0.008, 0.012), "a junk value (0000000000, n/a) for a telephone") \
R(JUNK_DOB,         ERROR, (0.020, 0.010, 0.010, 0.020), "a junk value (1 January 1900) for a birth date") \
/* what they do: means per record and year */ \
R(EVENTS,           FIXED, (2.1, 1.6, 1.0, 5.6), "invoices, orders, tickets beyond the first, point entries per record and year") \
R(ITEMS,            FIXED, ALL(1.1), "lines of an order beyond the first") \
R(OPPORTUNITIES,    FIXED, ALL(0.4), "opportunities per contact") \
R(PAID,             FIXED, ALL(0.93), "an invoice is paid") \
R(PAID_TWICE,       FIXED, ALL(0.04), "… in two payments") \
R(CREDIT_NOTE,      FIXED, ALL(0.03), "a billing document is a credit note") \
R(REDEEMED,         FIXED, ALL(0.12), "a point entry is a redemption") \
/* the nights */ \
R(NIGHT_CHANGED,    FIXED, ALL(0.010), "a record changes in a night") \
R(NIGHT_REMOVED,    FIXED, ALL(0.002), "a record is gone from a night on") \
R(NIGHT_NEW,        FIXED, ALL(0.003), "new people in a night, of --people") \
/* what is broken */ \
R(WRONG_ROWS,       ERROR, ALL(0.001), "wrong rows of each kind in a file, of its usual rows, rounded down (noise counts up to 1)")
/* clang-format on */

#define R_ENUM(name, scale, columns, help) RATE_##name,
enum rate_id { GEN_RATES(R_ENUM) RATE_COUNT };
#undef R_ENUM

struct rates {
    double of[RATE_COUNT][SOURCES];
};

void rates_init(struct rates *r, double noise);
void rates_print(const struct rates *r);

#endif
