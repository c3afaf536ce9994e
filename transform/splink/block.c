#include "transform/splink/block.h"

#include <stdlib.h>

#include "transform/splink/value.h"

enum { NO_KEYS_RECORDS = 20000 };

/* One side of one rule while its keys are made. */
struct keying {
    const struct splink_data *d;
    const struct splink_rule *rule;
    int right;
    struct dict *blocks;
    struct sql_scope scope;
    struct splink_view view;
    struct arena scratch;
    struct buffer key, found, from;
};

/* The key of the record, with the items that the view holds. 1, 0 when a part is null. */
static int make_key(struct keying *k)
{
    buffer_reset(&k->key);
    for (int i = 0; i < k->rule->n_keys; i++) {
        struct sql_value v;
        TRY(sql_eval(&k->scope, k->right ? k->rule->keys[i].right : k->rule->keys[i].left, &v));
        if (sql_is_null(&v))
            return 0;
        TRY(sql_value_key(&v, &k->key));
    }
    return 1;
}

static int add_block(struct keying *k)
{
    arena_reset(&k->scratch);
    k->scope.pair++;
    int has = make_key(k);
    if (has <= 0)
        return has;
    int64_t block = dict_add(k->blocks, buffer_view(&k->key));
    uint32_t b = (uint32_t)block;
    return block < 0 ? ERR_MEMORY : buffer_append(&k->found, &b, sizeof b);
}

/* Every combination of the items of the exploded columns. */
static int explode(struct keying *k, uint32_t record, int column)
{
    if (column == k->rule->n_exploded)
        return add_block(k);
    const struct splink_values *v = &k->d->columns[k->rule->exploded[column]];
    for (uint32_t i = v->offsets[record]; i < v->offsets[record + 1]; i++) {
        k->view.item[0][column] = k->view.item[1][column] = i;
        TRY(explode(k, record, column + 1));
    }
    return 0;
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Ascending, each once. */
static void settle(struct buffer *found, size_t from)
{
    uint32_t *blocks = (uint32_t *)(void *)found->data;
    size_t n = found->len / sizeof *blocks, kept = from;
    if (n - from < 2)
        return;
    qsort(blocks + from, n - from, sizeof *blocks, compare_u32);
    for (size_t i = from; i < n; i++)
        if (kept == from || blocks[i] != blocks[kept - 1])
            blocks[kept++] = blocks[i];
    found->len = kept * sizeof *blocks;
}

static int key_records(struct keying *k)
{
    for (uint32_t r = 0; r < k->d->n; r++) {
        uint32_t from = (uint32_t)(k->found.len / sizeof from);
        TRY(buffer_append(&k->from, &from, sizeof from));
        k->view.record[0] = k->view.record[1] = r;
        TRY(explode(k, r, 0));
        settle(&k->found, from);
    }
    uint32_t end = (uint32_t)(k->found.len / sizeof end);
    return buffer_append(&k->from, &end, sizeof end) < 0 ? ERR_MEMORY
                                                         : buffer_reserve(&k->found, sizeof end);
}

static int key_side(const struct splink_data *d, const struct splink_rule *rule, int right,
                    struct dict *blocks, struct splink_side *ret)
{
    struct keying k = {.d = d, .rule = rule, .right = right, .blocks = blocks};
    k.view = (struct splink_view){.data = d, .rule = rule};
    arena_init(&k.scratch, 0);
    k.scope = (struct sql_scope){.dialect = d->model->dialect,
                                 .value = splink_view_value,
                                 .arg = &k.view,
                                 .arena = &k.scratch,
                                 .regexes = sql_regexes_new()};
    int code = k.scope.regexes ? key_records(&k) : ERR_MEMORY;
    if (code == 0) {
        ret->from = buffer_take(&k.from);
        ret->blocks = buffer_take(&k.found);
    }
    sql_regexes_free(k.scope.regexes);
    arena_done(&k.scratch);
    buffer_done(&k.key);
    buffer_done(&k.found);
    buffer_done(&k.from);
    return code < 0 ? ERR_MEMORY : 0;
}

/* Records by block, from blocks by record. */
static int list_members(struct splink_side *s, uint32_t n, uint32_t n_blocks)
{
    s->member_from = calloc((size_t)n_blocks + 2, sizeof *s->member_from);
    s->members = malloc(((size_t)s->from[n] + 1) * sizeof *s->members);
    if (!s->member_from || !s->members)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < s->from[n]; i++)
        s->member_from[s->blocks[i] + 2]++;
    for (uint32_t b = 0; b < n_blocks; b++)
        s->member_from[b + 2] += s->member_from[b + 1];
    for (uint32_t r = 0; r < n; r++)
        for (uint32_t i = s->from[r]; i < s->from[r + 1]; i++)
            s->members[s->member_from[s->blocks[i] + 1]++] = r;
    return 0;
}

static int build(const struct splink_data *d, const struct splink_rule *rule,
                 struct splink_blocks *b)
{
    struct dict blocks;
    if (dict_init(&blocks) < 0)
        return ERR_MEMORY;
    int code = key_side(d, rule, 0, &blocks, &b->left);
    if (code == 0 && !rule->symmetric)
        code = key_side(d, rule, 1, &blocks, &b->right);
    b->n_blocks = blocks.n;
    dict_done(&blocks);
    if (code == 0)
        code = list_members(&b->left, d->n, b->n_blocks);
    if (code == 0 && !rule->symmetric)
        code = list_members(&b->right, d->n, b->n_blocks);
    if (rule->symmetric)
        b->right = b->left;
    return code;
}

int splink_blocks_build(const struct splink_data *d, struct splink_blocks **ret, struct error *err)
{
    const struct splink_model *m = d->model;
    struct splink_blocks *b = calloc((size_t)m->n_rules + 1, sizeof *b);
    int code = b ? 0 : error_memory(err);
    for (int i = 0; i < m->n_rules && code == 0; i++) {
        if (m->rules[i].n_keys == 0 && d->n > NO_KEYS_RECORDS)
            code =
                error_set(err, ERR_DATA,
                          "the Splink model's blocking rule %d asks nothing to be equal, so all "
                          "pairs of %u records would be compared: %.*s",
                          i + 1, d->n, (int)(m->rules[i].sql.len < 200 ? m->rules[i].sql.len : 200),
                          m->rules[i].sql.ptr);
        else if (build(d, &m->rules[i], &b[i]) < 0)
            code = error_memory(err);
    }
    if (code < 0)
        splink_blocks_free(b, m);
    else
        *ret = b;
    return code;
}

static void side_done(struct splink_side *s)
{
    free(s->from);
    free(s->blocks);
    free(s->member_from);
    free(s->members);
}

void splink_blocks_free(struct splink_blocks *b, const struct splink_model *m)
{
    for (int i = 0; b && i < m->n_rules; i++) {
        side_done(&b[i].left);
        if (!m->rules[i].symmetric)
            side_done(&b[i].right);
    }
    free(b);
}

uint32_t splink_blocks_common(const struct splink_blocks *b, uint32_t left, uint32_t right)
{
    uint32_t i = b->left.from[left], i_end = b->left.from[left + 1];
    uint32_t j = b->right.from[right], j_end = b->right.from[right + 1];
    while (i < i_end && j < j_end) {
        uint32_t x = b->left.blocks[i], y = b->right.blocks[j];
        if (x == y)
            return x;
        if (x < y)
            i++;
        else
            j++;
    }
    return MATCH_MISSING;
}
