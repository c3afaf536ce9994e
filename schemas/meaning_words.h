/* What a column's name says it means: a dictionary of words in English, German, French, Spanish,
 * Italian, Dutch, Portuguese and the Nordic languages, over the name cut into words
 * ("MailingAddress.street", "ADDR1", "fname_c1"). No contents are looked at. */
#ifndef SLUICE_SCHEMAS_MEANING_WORDS_H
#define SLUICE_SCHEMAS_MEANING_WORDS_H

#include "schemas/meaning.h"

/* Beyond the meanings: what a name can say that only the contents or the other columns settle. */
enum sense {
    SENSE_NAME = MEANING_COUNT, /* a person's, a company's or a thing's: "name", "nom" */
    SENSE_HONORIFIC,            /* Mr and Dr, a job or a book's title: "title" */
    SENSE_LINE,                 /* an address or only its street: "address" */
    SENSE_SYSTEM_ID,            /* the customer's number in a system: the key, or an identifier */
    SENSE_OTHER_ID,             /* the id of anything: "account_id" */
    SENSE_AGE,                  /* changes with time: age, year */
    SENSE_REGION,               /* a state, or the state of something */
    SENSE_COMPANY_SIGN,         /* tells that rows are companies: "industry" */
    SENSE_ASIDE,                /* about something else than the person: "email_verified" */
};

struct name_sense {
    int sense;     /* a meaning or a sense; MEANING_UNKNOWN when the name says nothing */
    int strength;  /* 3 all words understood, 2 some left over, 0 nothing */
    uint32_t role; /* which of several addresses: a number per "billing", "shipping" …; 0 none */
    int nameless;  /* "c1", "column_3": the file has no names */
};

void meaning_read_name(struct slice name, struct name_sense *ret);

#endif
