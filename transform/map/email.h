/* E-mail addresses: " Mailto:<Ann.Lee@Example.COM> " → "ann.lee@example.com"; "Ann Lee
 * <ann@example.com>" → "ann@example.com". What is no valid address, or junk, is dropped (the raw
 * value stays in the record's raw). Slips of the keyboard in domains are kept as they are: see
 * email_slip in schemas/contact.h. */
#ifndef SLUICE_TRANSFORM_MAP_EMAIL_H
#define SLUICE_TRANSFORM_MAP_EMAIL_H

#include "core/arena.h"

/* The first address that `*rest` begins with, cut off it ("a@x.com; b@y.org" holds two); commas,
 * semicolons and white space part addresses. 1 and *ret, 0 when there is none left, or
 * ERR_MEMORY. */
int email_take(struct slice *rest, struct arena *a, struct slice *ret);

#endif
