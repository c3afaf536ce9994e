/* The keys of a blocking rule: what a value gives for `email`, `prefix(postcode,3)`,
 * `tokens(full_name)`. A value may give several keys (words), or none (nothing in it, a word such
 * as "n/a"). Made once per distinct value of a column. */
#ifndef SLUICE_TRANSFORM_MATCH_BLOCK_KEYS_H
#define SLUICE_TRANSFORM_MATCH_BLOCK_KEYS_H

#include "schemas/block_rule.h"
#include "transform/match/birth.h"
#include "transform/match/encode_parts.h"

enum { KEY_TEXTS_MAX = 32 };

/* Reads values of one column; used by one thread at a time. */
struct key_reader {
    struct folder folder;
    const struct match_column *column;
    enum compare_kind kind;
    enum date_order dates;
    char text[NORMAL_MAX];
    char written[64];
};

void key_reader_init(struct key_reader *r, const struct match_column *column);
void key_reader_done(struct key_reader *r);
/* The texts of a key for a raw value, valid until the next call; how many, or ERR_MEMORY. */
int key_texts(struct key_reader *r, const struct block_key *key, struct slice raw,
              struct slice ret[KEY_TEXTS_MAX]);

/* The keys of every distinct value of a column: hash[from[v] .. from[v + 1]). */
struct key_values {
    const struct match_column *column;
    uint32_t *from;
    uint64_t *hash;
};
/* `silent`: values that give no key, by code; NULL none. */
int key_values_init(struct key_values *k, const struct block_key *key,
                    const struct match_column *column, const uint8_t *silent);
void key_values_done(struct key_values *k);

#endif
