/* The raw blocks of one rule: keys of every record, sorted. */
#include "transform/match/block_rules_build.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/generic.h"
#include "transform/match/radix.h"

void block_list_done(struct block_list *l)
{
    buffer_done(&l->members);
    buffer_done(&l->ends);
}

int block_list_put(struct block_list *l, const uint32_t *members, size_t n)
{
    TRY(buffer_append(&l->members, members, n * sizeof *members));
    uint64_t end = l->members.len / sizeof *members;
    return buffer_append(&l->ends, &end, sizeof end);
}

const struct match_column *rule_column(const struct match_table *t, struct slice name,
                                       struct error *err)
{
    const char *names[64], *near;
    char text[64][64];
    size_t n = 0;
    for (int k = 0; k < t->n_columns; k++)
        if (slice_equal_nocase(t->columns[k].name, name))
            return &t->columns[k];
    for (int k = 0; k < t->n_columns && n < 64; k++, n++) {
        struct slice s = t->columns[k].name;
        snprintf(text[n], sizeof text[n], "%.*s", (int)(s.len < 63 ? s.len : 63), s.ptr);
        names[n] = text[n];
    }
    near = n ? slice_nearest(name, names, n) : NULL;
    error_set(err, ERR_CONFIG, "the blocking rules name '%.*s', which no record has%s%s%s",
              (int)(name.len < 100 ? name.len : 100), name.ptr, near ? ", did you mean '" : "",
              near ? near : "", near ? "'?" : "");
    return NULL;
}

/* The distinct hashes of one key for a record, over all elements of a list. */
static int part_keys(const struct key_values *v, uint32_t record, uint64_t ret[KEYS_OF_RECORD],
                     int *ret_cut)
{
    uint32_t n_codes;
    const uint32_t *codes;
    int n = 0;
    column_code(v->column, record, &n_codes, &codes);
    for (uint32_t i = 0; i < n_codes; i++) {
        if (codes[i] == MATCH_MISSING)
            continue;
        for (uint32_t k = v->from[codes[i]]; k < v->from[codes[i] + 1]; k++) {
            int at = 0;
            while (at < n && ret[at] != v->hash[k])
                at++;
            if (at < n)
                continue;
            if (n == KEYS_OF_RECORD)
                *ret_cut = 1;
            else
                ret[n++] = v->hash[k];
        }
    }
    return n;
}

int record_rule_keys(const struct key_values *values, int n_values, uint32_t record,
                     uint64_t ret[KEYS_OF_RECORD], int *ret_cut)
{
    uint64_t part[KEYS_OF_RECORD], next[KEYS_OF_RECORD];
    int n = 1;
    ret[0] = 0;
    for (int p = 0; p < n_values && n; p++) {
        int n_part = part_keys(&values[p], record, part, ret_cut), n_next = 0;
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n_part; k++) {
                if (n_next == KEYS_OF_RECORD)
                    *ret_cut = 1;
                else
                    next[n_next++] = hash_pair(ret[i], part[k]);
            }
        n = n_next;
        memcpy(ret, next, (size_t)n * sizeof *ret);
    }
    return n;
}

/* Values that too many people share give no key. */
static int key_values(const struct block_rules *b, const struct block_key *key,
                      struct key_values *ret, struct error *err)
{
    uint8_t *silent;
    const struct match_column *c = rule_column(b->table, key->field, err);
    if (!c)
        return ERR_CONFIG;
    int code = generic_of_column(b->e, c, &silent);
    if (code == 0)
        code = key_values_init(ret, key, c, silent);
    free(silent);
    return code < 0 ? error_memory(err) : 0;
}

static int list_keys(const struct block_rules *b, const struct key_values *values, int n_values,
                     const uint8_t *skip, struct rule_count *count, struct buffer *list)
{
    uint64_t keys[KEYS_OF_RECORD];
    for (uint32_t r = 0; r < b->e->n; r++) {
        int cut = 0;
        int n =
            skip && skip[r] ? 0 : record_rule_keys(values, n_values, b->e->record[r], keys, &cut);
        count->cut += cut;
        for (int i = 0; i < n; i++) {
            struct keyed k = {keys[i], r};
            TRY(buffer_append(list, &k, sizeof k));
        }
    }
    return 0;
}

/* Keeps the largest blocks in order of their size, the first among equals. */
static void note_large(struct rule_count *count, const struct keyed *first, uint32_t n)
{
    int at = count->n_largest;
    while (at > 0 && count->largest[at - 1].n < n)
        at--;
    if (at == LARGEST_BLOCKS)
        return;
    int last = count->n_largest < LARGEST_BLOCKS ? count->n_largest++ : LARGEST_BLOCKS - 1;
    for (int i = last; i > at; i--)
        count->largest[i] = count->largest[i - 1];
    count->largest[at] = (struct large_block){first->key, n, first->value};
}

static int cut_runs(const struct keyed *list, size_t n, struct rule_count *count,
                    struct block_list *ret)
{
    struct buffer run = {0};
    int code = 0;
    for (size_t i = 0, end; i < n && code == 0; i = end) {
        buffer_reset(&run);
        for (end = i; end < n && list[end].key == list[i].key && code == 0; end++)
            if (end == i || list[end].value != list[end - 1].value)
                code = buffer_append(&run, &list[end].value, sizeof list[end].value);
        size_t held = run.len / sizeof(uint32_t);
        if (code < 0 || held < 2)
            continue;
        count->n_blocks++;
        note_large(count, &list[i], (uint32_t)held);
        code = block_list_put(ret, (const uint32_t *)(const void *)run.data, held);
    }
    buffer_done(&run);
    return code;
}

int rule_blocks(struct block_rules *b, int rule, const struct block_rules_options *o,
                struct block_list *ret, struct error *err)
{
    const struct block_rule *r = &b->rules[rule];
    struct key_values values[BLOCK_KEYS_MAX] = {{0}};
    struct buffer list = {0};
    int code = 0;
    for (int i = 0; i < r->n_keys && code == 0; i++)
        code = key_values(b, &r->keys[i], &values[i], err);
    if (code == 0) {
        code = list_keys(b, values, r->n_keys, o->skip, &b->counts[rule], &list);
        struct keyed *keys = (struct keyed *)(void *)list.data;
        if (code == 0 && list.len)
            code = radix_sort_keyed(keys, list.len / sizeof *keys);
        if (code == 0)
            code = cut_runs(keys, list.len / sizeof *keys, &b->counts[rule], ret);
        if (code < 0)
            error_memory(err);
    }
    for (int i = 0; i < r->n_keys; i++)
        key_values_done(&values[i]);
    buffer_done(&list);
    return code;
}
