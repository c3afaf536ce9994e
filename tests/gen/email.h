/* E-mail addresses as people choose them. */
#ifndef GEN_EMAIL_H
#define GEN_EMAIL_H

#include "tests/gen/person.h"

/* A mailbox of one's own. */
void email_own(const struct person *p, struct chance *c, char ret_email[EMAIL_SIZE]);
/* A mailbox of the household: "thehalls4@...", "hallfamily@...". */
void email_shared(const char *family, struct chance *c, char ret_email[EMAIL_SIZE]);
/* Letters a-z of a name, accents and everything else gone. */
void name_letters(const char *name, char *buffer, size_t size);

#endif
