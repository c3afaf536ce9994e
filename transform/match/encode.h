/* Encoding: a table's columns become comparisons, each a code per record into a set of distinct
 * normalised values. What comparing needs (skeletons, digits, words) is made once per distinct
 * value. Records are renumbered by a total order (the table's, else a hash of their contents), so
 * that no result depends on the order of the input. */
#ifndef SLUICE_TRANSFORM_MATCH_ENCODE_H
#define SLUICE_TRANSFORM_MATCH_ENCODE_H

#include "core/error.h"
#include "transform/match/fold.h"
#include "transform/match/match.h"
#include "transform/match/nicknames.h"

enum { COMPARISONS_MAX = 16, ROW = COMPARISONS_MAX, EXTRA_MAX = 8, LIST_MAX = 8 };
/* Fewer records than this are too few to learn from: weights are built in, and a column with one
 * value still counts. */
enum { MODEL_MIN_RECORDS = 500 };

/* How two values are compared; the levels of each are in compare.h. */
enum compare_kind {
    COMPARE_GIVEN,
    COMPARE_FAMILY,
    COMPARE_EXTRA,
    COMPARE_SUFFIX,
    COMPARE_DATE,
    COMPARE_POSTCODE,
    COMPARE_PHONE,
    COMPARE_EMAIL,
    COMPARE_ID,
    COMPARE_NUMBER,
    COMPARE_PLACE,
    COMPARE_EXACT,
    COMPARE_TEXT,
    COMPARE_QUANTITY,
    COMPARE_CODE,
    COMPARE_KINDS
};

struct value_set {
    struct dict strings;
    uint64_t *masks; /* edit_mask of each string */
    uint32_t *key;   /* what a kind looks at first: a name's skeleton, an e-mail's user part, a
                        phone's first three digits; equal numbers, equal parts. NULL for others */
    /* names */
    struct nickname_set *nicks; /* of each token */
    /* dates */
    uint64_t *dates;
    /* quantities, in thousandths; years: apart by their difference, not by their ratio */
    int64_t *numbers;
    int years;
    /* text: words of value v are word[word_from[v] .. word_from[v + 1]), ascending */
    struct dict words;
    uint32_t *word_from, *word;
    int32_t *word_weight; /* idf in 1/1024 nat, by word */
    uint64_t *word_masks;
    uint8_t *word_light; /* 1: says nothing where one side alone has it; NULL: none does */
    /* codes: they are the words; squeezed[key[v]] is the value's letters and digits in one run */
    struct dict squeezed;
    int32_t rare; /* a code's weight from which it says something */
};

struct comparison {
    enum compare_kind kind;
    enum meaning meaning;
    struct slice name;        /* of the column; the table's */
    struct value_set *values; /* given, family and extra share one */
    uint32_t *codes;          /* by record; MATCH_MISSING */
    uint32_t *offsets;        /* n + 1 for lists, else NULL */
    uint32_t *counts;         /* records that hold the value */
    uint32_t filled;          /* records with a value */
};

struct generic;

struct encoded {
    uint32_t n;
    uint32_t *record; /* by rank: the record's index in the table */
    uint32_t *rank;   /* by index */
    struct comparison comparisons[COMPARISONS_MAX];
    int n_comparisons;
    int given, family, extra, date; /* index of the comparison, or -1 */
    uint32_t *rows;                 /* n * ROW: all codes of a record in one cache line */
    uint32_t *source;               /* by rank, or NULL */
    uint32_t *clean; /* by rank: the source + 1 where it holds nobody twice, else 0; NULL: none */
    struct value_set sets[COMPARISONS_MAX];
    int n_sets;
    struct generic *generic; /* values and addresses that were taken out; generic.h */
    char skipped[200];       /* columns left out, for a warning; "" none */
};

int encode(const struct match_table *t, struct pool *pool, struct encoded *ret, struct error *err);
void encoded_done(struct encoded *e);

/* In rows: a list of several values; look at the comparison. */
#define ROW_LIST (UINT32_MAX - 1)

/* Values of a record: a pointer to the codes, their number in *ret_n. */
static inline const uint32_t *comparison_values(const struct comparison *c, uint32_t r,
                                                uint32_t *ret_n)
{
    if (c->offsets) {
        *ret_n = c->offsets[r + 1] - c->offsets[r];
        return c->codes + c->offsets[r];
    }
    *ret_n = c->codes[r] != MATCH_MISSING;
    return c->codes + r;
}

/* Are both of one source that holds nobody twice? */
static inline int encoded_apart(const struct encoded *e, uint32_t a, uint32_t b)
{
    return e->clean && e->clean[a] && e->clean[a] == e->clean[b];
}

static inline struct slice value_string(const struct comparison *c, uint32_t code)
{
    return c->values->strings.strings[code];
}

#endif
