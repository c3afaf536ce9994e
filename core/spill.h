/* Spill: a temporary file for what does not fit in memory. It has no name once it is open, so
 * nothing is left behind however the process ends. Written at places, read at places; several
 * threads may do both at once, each with its own bytes and its own struct error. A full disk is
 * ERR_IO and names the folder; so is more than the limit. */
#ifndef SLUICE_CORE_SPILL_H
#define SLUICE_CORE_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct spill;

/* In `folder`; NULL: $TMPDIR, else /tmp. `limit`: bytes that may be written, 0 for any. */
int spill_open(const char *folder, uint64_t limit, struct spill **ret, struct error *err);
int spill_write(struct spill *s, const void *bytes, size_t len, uint64_t at, struct error *err);
int spill_read(const struct spill *s, void *bytes, size_t len, uint64_t at, struct error *err);
/* The first `len` bytes, to be read in place; spill_close unmaps them. */
int spill_map(struct spill *s, size_t len, const void **ret, struct error *err);
void spill_close(struct spill *s); /* NULL is fine */

#endif
