#include "schemas/block_rule.h"

#include <stdio.h>

#include "schemas/finding.h"

static const char *const functions[BLOCK_FUNCTIONS] = {
    "",     "exact", "lower", "prefix", "suffix", "soundex", "phonetic",
    "year", "month", "day",   "tokens", "digits", "user",    "domain"};

const char *block_function_name(enum block_function f)
{
    return functions[f];
}

static int find_function(struct slice name, struct block_key *ret, char ret_why[160])
{
    const char *near;

    for (int i = BLOCK_VALUE + 1; i < BLOCK_FUNCTIONS; i++)
        if (slice_equal(name, slice_str(functions[i]))) {
            ret->function = (enum block_function)i;
            return 1;
        }
    near = slice_nearest(name, functions + 1, BLOCK_FUNCTIONS - 1);
    if (near)
        snprintf(ret_why, 160, "no blocking function '%.*s', did you mean '%s'?",
                 FINDING_SLICE(name), near);
    else
        snprintf(ret_why, 160,
                 "no blocking function '%.*s': there are exact, lower, prefix, suffix, soundex, "
                 "phonetic, year, month, day, tokens, digits, user, domain",
                 FINDING_SLICE(name));
    return 0;
}

static int takes_length(enum block_function f)
{
    return f == BLOCK_PREFIX || f == BLOCK_SUFFIX;
}

static int parse_length(struct slice text, int *ret)
{
    int n = 0;

    for (size_t i = 0; i < text.len && n <= BLOCK_LENGTH_MAX; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
        n = 10 * n + (text.ptr[i] - '0');
    }
    *ret = n;
    return n > 0 && n <= BLOCK_LENGTH_MAX;
}

/* What stands between the parentheses: a field, and for some functions a length. */
static int parse_arguments(struct slice inside, struct block_key *key, char ret_why[160])
{
    const char *name = functions[key->function];
    struct slice length = {0};
    /* the last comma: a column may have one in its name */
    const char *comma = takes_length(key->function) ? memrchr(inside.ptr, ',', inside.len) : NULL;

    if (comma) {
        length = slice_trim(slice_of(comma + 1, inside.len - (size_t)(comma + 1 - inside.ptr)));
        inside.len = (size_t)(comma - inside.ptr);
    }
    key->field = slice_trim(inside);
    if (key->field.len == 0) {
        snprintf(ret_why, 160, "'%s' needs a field, as in '%s(%s)'", name, name,
                 takes_length(key->function) ? "postcode,3" : "family_name");
        return 0;
    }
    if (takes_length(key->function) && !parse_length(length, &key->length)) {
        snprintf(ret_why, 160, "'%s' needs a length from 1 to %d, as in '%s(postcode,3)'", name,
                 BLOCK_LENGTH_MAX, name);
        return 0;
    }
    return 1;
}

int block_key_parse(struct slice text, struct block_key *ret, char ret_why[160])
{
    struct block_key key = {.function = BLOCK_VALUE};
    const char *open;

    text = slice_trim(text);
    open = text.len ? memchr(text.ptr, '(', text.len) : NULL;
    if (text.len == 0) {
        snprintf(ret_why, 160, "a blocking key is empty");
        return 0;
    }
    if (open && text.ptr[text.len - 1] != ')') {
        snprintf(ret_why, 160, "the blocking key '%.*s' needs a ')' at its end",
                 FINDING_SLICE(text));
        return 0;
    }
    if (!open) {
        key.field = text;
    } else {
        struct slice name = slice_trim(slice_of(text.ptr, (size_t)(open - text.ptr)));
        struct slice inside = slice_of(open + 1, text.len - (size_t)(open + 1 - text.ptr) - 1);

        if (!find_function(name, &key, ret_why) || !parse_arguments(inside, &key, ret_why))
            return 0;
    }
    *ret = key;
    return 1;
}

/* Cuts a key off: up to a comma outside parentheses. */
static struct slice cut_key(struct slice *rest)
{
    size_t i = 0;
    int depth = 0;

    for (; i < rest->len && (depth > 0 || rest->ptr[i] != ','); i++)
        depth += (rest->ptr[i] == '(') - (rest->ptr[i] == ')');
    struct slice key = slice_of(rest->ptr, i);
    size_t skip = i < rest->len ? i + 1 : i;
    *rest = slice_of(rest->ptr + skip, rest->len - skip);
    return key;
}

int block_rule_parse(struct slice text, struct block_rule *ret, struct error *err)
{
    struct block_rule rule = {.n_keys = 0};
    struct slice rest = text;
    char why[160];

    do {
        if (rule.n_keys == BLOCK_KEYS_MAX)
            return error_set(err, ERR_USAGE, "a blocking rule has at most %d keys, '%.*s' has more",
                             BLOCK_KEYS_MAX, FINDING_SLICE(text));
        if (!block_key_parse(cut_key(&rest), &rule.keys[rule.n_keys++], why))
            return error_set(err, ERR_USAGE, "--block '%.*s': %s", FINDING_SLICE(text), why);
    } while (rest.len);
    *ret = rule;
    return 0;
}

int block_mode_parse(struct slice text, enum block_mode *ret)
{
    int join = slice_equal(text, SLICE_LIT("join"));

    if (join || slice_equal(text, SLICE_LIT("replace"))) {
        *ret = join ? BLOCK_JOIN : BLOCK_REPLACE;
        return 1;
    }
    return 0;
}

void block_rule_text(const struct block_rule *rule, char ret_text[200])
{
    size_t at = 0;

    ret_text[0] = 0;
    for (int i = 0; i < rule->n_keys && at < 199; i++) {
        const struct block_key *k = &rule->keys[i];
        char length[8] = "";
        int n;

        if (takes_length(k->function))
            snprintf(length, sizeof length, ",%d", k->length);
        n = snprintf(ret_text + at, 200 - at, "%s%s%s%.*s%s%s", i ? " + " : "",
                     functions[k->function], k->function ? "(" : "", FINDING_SLICE(k->field),
                     length, k->function ? ")" : "");
        at += n > 0 ? (size_t)n : 0;
    }
}
