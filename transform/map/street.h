/* Abbreviations in address lines to one form, in the language of the country. */
#ifndef SLUICE_TRANSFORM_MAP_STREET_H
#define SLUICE_TRANSFORM_MAP_STREET_H

#include "core/arena.h"

/* "12 Main St." in US → "12 Main Street"; "Hauptstr. 5" in DE → "Hauptstraße 5"; "5 bd Voltaire" in
 * FR → "5 Boulevard Voltaire"; "C/ Mayor 3" in ES → "Calle Mayor 3". What has nothing to expand is
 * returned as it came. 0 or ERR_MEMORY. */
int street_expand(struct slice line, struct slice country, struct arena *a, struct slice *ret);

#endif
