/* Comparing: two records give a level of agreement for each comparison, four bits each, packed in
 * one word (comparison k at bits 4 k). Level 0 is missing: no evidence. 1 is exact.
 *
 *   given, family   2 one edit (two from seven letters) 3 similar or same sound 4 initial 5 alike
 *                   6 differs 7 given and family swapped 8 among the other's extra names
 *                   9, 10 learned alias 11 listed nickname
 *   extra           1 all of the smaller set 2 some 3 fuzzy only 4 none
 *   suffix          1 same 2 one only 6 differ; 0 neither
 *   date            enum date_level
 *   postcode        2 one edit 3 same district and more 4 same district 5 first two 6 differs
 *   phone           2 one edit 3 two edits 4 first three digits 6 differs
 *   e-mail          2 same user part 3 two edits 4 similar 5 differs
 *   id              2 one edit 3 two edits 4 differs; house number: 3 differs
 *   place           2 one edit or very similar 3 similar 4 differs
 *   exact kinds     2 differs
 *   text            1 the same words, 2..5 falling overlap, 6 none
 *   code            enum code_level (codes.h)
 *   quantity        2 within 2 % 3 within 15 % 4 within 40 % 5 further (years: 1, 3, 10 apart) */
#ifndef SLUICE_TRANSFORM_MATCH_COMPARE_H
#define SLUICE_TRANSFORM_MATCH_COMPARE_H

#include "transform/match/alias.h"
#include "transform/match/edit.h"
#include "transform/match/encode.h"
#include "transform/match/pair_cache.h"

enum { LEVELS = 16 };

enum name_level {
    NAME_EXACT = 1,
    NAME_EDIT,
    NAME_SIMILAR,
    NAME_INITIAL,
    NAME_ALIKE,
    NAME_DIFFERS,
    NAME_SWAPPED,
    NAME_IN_EXTRA,
    NAME_ALIAS,
    NAME_ALIAS_STRONG,
    NAME_NICK
};

struct agreement {
    uint64_t pattern;
    uint32_t code[COMPARISONS_MAX]; /* where exact: the value that both hold */
};

/* What one thread compares with; about 260 KB. */
struct comparer {
    const struct encoded *e;
    const struct alias_set *aliases; /* by comparison; NULL: none learned */
    struct edit_scratch scratch;
    struct pair_cache values, words; /* levels of values, likeness of words of texts */
};

void comparer_init(struct comparer *c, const struct encoded *e, const struct alias_set *aliases);
/* a, b: ranks of two records. */
void compare_records(struct comparer *c, uint32_t a, uint32_t b, struct agreement *ret);

/* The first comparison that is not of given, family or extra names. */
int compare_first_other(const struct encoded *e);
/* The level of comparison k, of such as are not names, and the value that both hold where exact. */
int compare_field(struct comparer *c, int k, uint32_t a, uint32_t b, uint32_t *ret_code);
/* May equal values of the kind be of another level than 1? */
static inline int compare_looks_at_equals(enum compare_kind kind)
{
    return kind == COMPARE_DATE || kind == COMPARE_CODE;
}
/* The level of two values, learned aliases too. */
int compare_codes(struct comparer *c, int k, uint32_t x, uint32_t y);
/* The level of two different values of one kind; no list, no alias. */
int compare_values(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y);
int compare_name_values(struct comparer *c, const struct value_set *v, uint32_t x, uint32_t y);
/* idf-weighted soft overlap of words, in thousandths. */
int compare_overlap(struct comparer *c, const struct comparison *f, uint32_t x, uint32_t y);
/* given, family, extra of a pair. */
void compare_names(struct comparer *c, uint32_t a, uint32_t b, struct agreement *ret);

const char *compare_level_name(enum compare_kind kind, int level); /* "one edit" */
const char *compare_kind_name(enum compare_kind kind);             /* "given name"; as in models */

static inline int level_of(uint64_t pattern, int k)
{
    return (int)(pattern >> (4 * k) & 15);
}

static inline uint64_t level_bits(int level, int k)
{
    return (uint64_t)(unsigned)level << (4 * k);
}

#endif
