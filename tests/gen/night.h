/* All exports of all nights into a folder, and the truth. */
#ifndef GEN_NIGHT_H
#define GEN_NIGHT_H

#include "tests/gen/export.h"

/* `truth` NULL: FOLDER/truth. Returns an exit status, having complained on standard error. */
int nights_write(const struct company *c, const char *folder, const char *truth,
                 enum with_events events);

#endif
