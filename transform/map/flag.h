/* Yes and no, as people and programs write it: "J", "ja", "oui", "on", "1", "granted", "opt-in"
 * … */
#ifndef SLUICE_TRANSFORM_MAP_FLAG_H
#define SLUICE_TRANSFORM_MAP_FLAG_H

#include "core/slice.h"

enum flag { FLAG_NO, FLAG_YES, FLAG_NOT_SAID, FLAG_NOT_UNDERSTOOD };

/* FLAG_NOT_SAID for nothing and junk ("n/a", "unknown"). */
enum flag flag_standard(struct slice text);

#endif
