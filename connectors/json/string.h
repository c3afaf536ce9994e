/* The leaves of a JSON value; parts of a walk (walk.h), which stands at their first byte and is
 * moved behind them. 0, ERR_DATA (the walk tells why) or ERR_MEMORY. */
#ifndef SLUICE_CONNECTORS_JSON_STRING_H
#define SLUICE_CONNECTORS_JSON_STRING_H

#include "connectors/json/walk.h"

/* Notes what is wrong at w->at, unless something was noted before; returns ERR_DATA. */
int walk_fault(struct json_walk *w, const char *problem);
/* Unescaped; points into the record, or into the scratch when it had escapes. */
int walk_string(struct json_walk *w, struct slice *ret);
int walk_number(struct json_walk *w, struct slice *ret);
int walk_word(struct json_walk *w, struct slice word);
/* Valid JSON without the white space between its tokens, in the scratch. */
int walk_compact(struct json_walk *w, struct slice raw, struct slice *ret);

#endif
