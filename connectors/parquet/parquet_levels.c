#include "connectors/parquet/parquet_levels.h"

static int shred_flat(const struct column *c, int64_t first, int64_t n, struct parquet_shreds *s)
{
    size_t count = (size_t)n;
    TRY(buffer_reserve(&s->def, count));
    s->def.len = count;
    s->leaf = c;
    s->first = first;
    s->n_slots = s->n_values = n;
    if (!c->validity) {
        memset(s->def.data, 1, count);
        return 0;
    }
    TRY(buffer_reserve(&s->rows, (count + 1) * sizeof(int32_t)));
    int32_t *rows = (int32_t *)(void *)s->rows.data;
    int64_t n_values = 0;
    for (int64_t i = 0; i < n; i++) {
        int there = bit_get(c->validity, first + i);
        s->def.data[i] = (uint8_t)there;
        rows[n_values] = (int32_t)(first + i);
        n_values += there;
    }
    s->n_values = n_values;
    s->rows.len = n_values == n ? 0 : (size_t)n_values * sizeof(int32_t);
    return 0;
}

struct shredding {
    const struct parquet_leaf *leaf;
    struct parquet_shreds *to;
};

static int put_slot(struct parquet_shreds *s, int def, int rep)
{
    s->n_slots++;
    TRY(buffer_putc(&s->def, (char)def));
    return buffer_putc(&s->rep, (char)rep);
}

static int shred_row(struct shredding *w, const struct field *f, const struct column *c,
                     int64_t row, const int at[4]);

/* An entry of a map: its key or its value. A key that is there is as deep as its entry. */
static int shred_entry(struct shredding *w, const struct field *f, const struct column *c,
                       int64_t row, const int at[4])
{
    int child = w->leaf->path[at[0]];
    return shred_row(w, &f->children[child], &c->children[child], row,
                     (int[]){at[0] + 1, at[1] - w->leaf->is_key, at[2], at[3]});
}

/* A row of the column `step` fields below the top. `rep_level` counts the lists above it. */
static int shred_row(struct shredding *w, const struct field *f, const struct column *c,
                     int64_t row, const int at[4])
{
    int step = at[0], def = at[1], rep = at[2], rep_level = at[3];
    if (column_null(c, row))
        return put_slot(w->to, def, rep);
    if (step == w->leaf->depth - 1) {
        int32_t index = (int32_t)row;
        w->to->leaf = c;
        w->to->n_values++;
        TRY(buffer_append(&w->to->rows, &index, sizeof index));
        return put_slot(w->to, def + 1, rep);
    }
    int child = w->leaf->path[step];
    if (f->type == TYPE_STRUCT)
        return shred_row(w, &f->children[child], &c->children[child], row,
                         (int[]){step + 1, def + 1, rep, rep_level});
    int32_t first, n = column_list(c, row, &first);
    if (!n)
        return put_slot(w->to, def + 1, rep);
    for (int32_t i = 0; i < n && w->leaf->map_depth == step + 1; i++)
        TRY(shred_entry(w, &f->children[0], &c->children[0], first + i,
                        (int[]){step + 1, def + 2, i ? rep_level + 1 : rep, rep_level + 1}));
    for (int32_t i = 0; i < n && w->leaf->map_depth != step + 1; i++)
        TRY(shred_row(w, &f->children[0], &c->children[0], first + i,
                      (int[]){step + 1, def + 2, i ? rep_level + 1 : rep, rep_level + 1}));
    return 0;
}

int parquet_shred(const struct parquet_leaf *leaf, const struct field *top_field,
                  const struct column *top, int64_t first, int64_t n, struct parquet_shreds *ret)
{
    buffer_reset(&ret->def);
    buffer_reset(&ret->rep);
    buffer_reset(&ret->rows);
    if (leaf->depth == 1)
        return shred_flat(top, first, n, ret);
    ret->n_slots = ret->n_values = ret->first = 0;
    ret->leaf = top;
    struct shredding w = {.leaf = leaf, .to = ret};
    for (int64_t i = 0; i < n; i++)
        TRY(shred_row(&w, top_field, top, first + i, (int[]){0, 0, 0, 0}));
    if (!leaf->max_rep)
        buffer_reset(&ret->rep);
    return 0;
}

void parquet_shreds_done(struct parquet_shreds *s)
{
    buffer_done(&s->def);
    buffer_done(&s->rep);
    buffer_done(&s->rows);
}
