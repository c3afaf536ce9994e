/* What people write to customer service. */
#ifndef GEN_TICKET_TEXT_H
#define GEN_TICKET_TEXT_H

#include "tests/gen/chance.h"

struct ticket_text {
    const char *subject, *category;
    char body[640]; /* several lines */
    int is_cdata;
};

void ticket_text_make(struct chance *c, struct ticket_text *ret);

#endif
