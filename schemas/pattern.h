/* Regular expressions without backtracking: an automaton of at most PATTERN_STATES states, all of
 * which are followed at once (K. Thompson, CACM 11:6, 1968), so that time is at most states ×
 * bytes.
 *
 *   . any character   [a-z] [^a-z] a class   \d \w \s \D \W \S   \. the character itself
 *   x* x+ x? x{2} x{2,} x{2,5}   x|y   (x)   ^ $ begin and end of the text
 *
 * Characters are bytes below 128 and whole code points above; classes hold ASCII, and [^…] and .
 * take any code point. A pattern is found anywhere in the text unless ^ and $ say otherwise. */
#ifndef SLUICE_SCHEMAS_PATTERN_H
#define SLUICE_SCHEMAS_PATTERN_H

#include "core/arena.h"
#include "core/error.h"

enum { PATTERN_STATES = 2000 };

struct pattern;

/* ERR_CONFIG with what is wrong. */
int pattern_parse(struct slice text, struct arena *a, struct pattern **ret, struct error *err);
/* 1 or 0. */
int pattern_found(const struct pattern *p, struct slice text);

#endif
