/* A blocking rule: what two records must share to be compared. A rule is one or more keys, all of
 * them; a key is a field, or a function of one: `email`, `prefix(postcode,3)`. Written as a list in
 * the project file, and with commas between the keys on the command line. Slices point into the
 * text that was parsed. */
#ifndef SLUICE_SCHEMAS_BLOCK_RULE_H
#define SLUICE_SCHEMAS_BLOCK_RULE_H

#include "core/error.h"
#include "schemas/yaml.h"

enum block_function { /* of a value in the form that matching compares, but for EXACT */
                      BLOCK_VALUE,
                      BLOCK_EXACT,    /* as it is written */
                      BLOCK_LOWER,    /* lower case without accents, punctuation kept */
                      BLOCK_PREFIX,   /* the first n characters */
                      BLOCK_SUFFIX,   /* the last n */
                      BLOCK_SOUNDEX,  /* American Soundex of the first word */
                      BLOCK_PHONETIC, /* sluice's own, finer */
                      BLOCK_YEAR,
                      BLOCK_MONTH,
                      BLOCK_DAY,
                      BLOCK_TOKENS, /* each word is a key of its own */
                      BLOCK_DIGITS, /* the digits alone */
                      BLOCK_USER,   /* of an e-mail: before the @ */
                      BLOCK_DOMAIN, /* after it */
                      BLOCK_FUNCTIONS
};

enum { BLOCK_KEYS_MAX = 8, BLOCK_RULES_MAX = 32, BLOCK_LENGTH_MAX = 64 };

struct block_key {
    enum block_function function;
    struct slice field;
    int length; /* prefix, suffix */
};

struct block_rule {
    struct block_key keys[BLOCK_KEYS_MAX];
    int n_keys;
    struct position at;
};

enum block_mode {
    BLOCK_REPLACE, /* the rules alone say which pairs are compared; the default */
    BLOCK_JOIN     /* they join the automatic candidates */
};

const char *block_function_name(enum block_function f); /* "" of BLOCK_VALUE */

/* 1; 0 with the reason in ret_why when the text is no key. */
int block_key_parse(struct slice text, struct block_key *ret, char ret_why[160]);
/* "prefix(postcode,3),family_name"; ERR_USAGE names what is wrong. */
int block_rule_parse(struct slice text, struct block_rule *ret, struct error *err);
/* "replace" or "join"; 0 when it is neither. */
int block_mode_parse(struct slice text, enum block_mode *ret);

/* The rule as text, keys apart by " + "; cut to what fits. */
void block_rule_text(const struct block_rule *rule, char ret_text[200]);

#endif
