/* The parts that encoding is made of; see encode.h for the whole. */
#ifndef SLUICE_TRANSFORM_MATCH_ENCODE_PARTS_H
#define SLUICE_TRANSFORM_MATCH_ENCODE_PARTS_H

#include "transform/match/encode.h"

enum { COLUMNS_MERGED_MAX = 16, NORMAL_MAX = FOLD_MAX, EDIT_WORD_MAX = 64 };

/* Columns that are read together into one comparison. */
struct column_group {
    const struct match_column *columns[COLUMNS_MERGED_MAX];
    int n;
};

/* Fills rank and record: the table's own order, else by a hash of the contents. */
int encode_order(const struct match_table *t, struct encoded *e, struct error *err);

/* Given, family, extra and suffix from all name columns of the table. */
int encode_names(const struct match_table *t, struct encoded *e, struct error *err);

/* A comparison of `kind` from one column, or several as a list. Nothing is added when hardly any
 * record has a value or all have the same. */
int encode_values(const struct match_table *t, const struct column_group *group,
                  enum compare_kind kind, struct encoded *e, struct error *err);
/* The birth date from its parts in separate columns; any may be NULL but the year. */
int encode_date_parts(const struct match_table *t, const struct match_column *const parts[3],
                      struct encoded *e, struct error *err);

/* Adds an empty comparison and returns it, or NULL when there are too many. */
struct comparison *encode_add(struct encoded *e, enum compare_kind kind,
                              const struct match_column *column, struct value_set *values);
/* Notes a column that is not compared for want of room. */
void encode_skip(struct encoded *e, struct slice name);
struct value_set *encode_add_set(struct encoded *e);
/* Counts values and drops the comparison again when it is thin or constant; 1 kept, 0 dropped. */
int encode_finish(struct encoded *e, struct comparison *c, struct error *err);

/* Writes the normal form of a value; its length, 0 for a missing one, negative ERR_MEMORY. */
int64_t normalise(struct folder *f, enum compare_kind kind, enum meaning meaning, struct slice raw,
                  char out[NORMAL_MAX]);

/* Per distinct value: numbers, or words with their idf. */
int value_set_numbers(struct value_set *v);
int value_set_words(struct value_set *v, enum meaning meaning, const uint32_t *counts);

/* The code of record `i` (table index) in a column without a list. */
static inline uint32_t column_code(const struct match_column *c, uint32_t i, uint32_t *ret_n,
                                   const uint32_t **ret_codes)
{
    if (c->offsets) {
        *ret_n = c->offsets[i + 1] - c->offsets[i];
        *ret_codes = c->codes + c->offsets[i];
    } else {
        *ret_n = c->codes[i] != MATCH_MISSING;
        *ret_codes = c->codes + i;
    }
    return *ret_n ? **ret_codes : MATCH_MISSING;
}

#endif
