#include "connectors/parquet/parquet_group.h"

#include <stdlib.h>

#include "schemas/expression.h"

enum { BATCH_BYTES = 64 << 20, BATCH_LEVELS = 4 << 20 };
#define ARENA_LIMIT ((size_t)4 << 30)

int parquet_group_init(struct parquet_group *g, const struct parquet_file *file,
                       const struct parquet_parts *parts, const struct read_options *options,
                       struct error *err)
{
    *g = (struct parquet_group){
        .file = file, .parts = parts, .options = *options, .pool = options->pool};
    g->readers = calloc((size_t)file->tree.n_leaves + 1, sizeof *g->readers);
    g->at = calloc((size_t)file->tree.n_fields + 1, sizeof *g->at);
    arena_init(&g->arena, 0);
    return g->readers && g->at ? 0 : error_memory(err);
}

void parquet_group_done(struct parquet_group *g)
{
    for (int i = 0; g->readers && i < g->file->tree.n_leaves; i++)
        parquet_leaf_reader_done(&g->readers[i]);
    arena_done(&g->arena);
    free(g->readers);
    free(g->at);
    *g = (struct parquet_group){0};
}

static int check_chunk(const struct parquet_file *file, const struct parquet_node *leaf,
                       const struct parquet_chunk_meta *c, struct error *err)
{
    const char *what = NULL;
    if (c->encrypted)
        what = "is encrypted, which is not read";
    else if (c->in_other_file)
        what = "lies in another file, which is not read";
    else if (c->type != leaf->element->type || c->n_values < 0 || c->packed_bytes < 0 ||
             c->unpacked_bytes < 0 ||
             (c->n_values && (c->data_at < 4 || c->data_at > file->bytes.size)))
        what = "is damaged";
    if (!what)
        return 0;
    return error_set(err, ERR_DATA, "column '%.*s' of the Parquet file %s",
                     (int)leaf->out->name.len, leaf->out->name.ptr, what);
}

/* Readers of all leaves below a node; adds up what they hold. */
static int start_leaves(struct parquet_group *g, const struct parquet_node *n,
                        const struct parquet_group_meta *meta, int64_t ret_sizes[2],
                        struct error *err)
{
    for (int i = 0; i < n->n_children; i++)
        TRY(start_leaves(g, &n->children[i], meta, ret_sizes, err));
    if (n->kind != PARQUET_NODE_LEAF)
        return 0;
    struct parquet_leaf_reader *r = &g->readers[n->first_leaf];
    const struct parquet_chunk_meta *c = &meta->chunks[n->first_leaf];
    TRY(check_chunk(g->file, n, c, err));
    parquet_pages_start(&r->pages, &g->file->bytes, n, c);
    r->ahead = r->n_ahead = 0;
    ret_sizes[0] += c->unpacked_bytes < INT32_MAX ? c->unpacked_bytes : INT32_MAX;
    ret_sizes[1] = c->n_values > ret_sizes[1] ? c->n_values : ret_sizes[1];
    return 0;
}

/* Fewer rows a batch when rows are long. */
static int64_t rows_for(const struct parquet_group_meta *meta, const int64_t sizes[2])
{
    int64_t rows = BATCH_ROWS;
    int64_t bytes = sizes[0] / (meta->n_rows ? meta->n_rows : 1) + 1;
    int64_t levels = sizes[1] / (meta->n_rows ? meta->n_rows : 1) + 1;
    rows = rows < BATCH_BYTES / bytes ? rows : BATCH_BYTES / bytes;
    rows = rows < BATCH_LEVELS / levels ? rows : BATCH_LEVELS / levels;
    return rows < 1 ? 1 : rows;
}

int parquet_group_start(struct parquet_group *g, int number, struct error *err)
{
    const struct parquet_file *file = g->file;
    const struct parquet_group_meta *meta = &file->meta.groups[number];
    int64_t sizes[2] = {0, 0};
    if (meta->n_chunks != file->tree.n_leaves || meta->n_rows < 0)
        return error_set(err, ERR_DATA, "a row group of the Parquet file is damaged");
    g->n_rows = meta->n_rows;
    g->keep = 0;
    arena_reset(&g->arena);
    g->options.ret_skipped = &g->skipped;
    TRY(parquet_skip_plan(&file->bytes, &file->tree, meta, &g->options, file->wanted, &g->arena,
                          &g->skip, err));
    g->rows_in += g->n_rows; /* rows that are not read were in the file all the same */
    g->row = g->skip.n_keep ? g->skip.keep[0].from : 0;
    for (int i = 0; g->skip.n_keep && i < file->tree.n_fields; i++) {
        g->at[i] = 0;
        if (file->wanted[i] >= 0)
            TRY(start_leaves(g, &file->tree.fields[i], meta, sizes, err));
    }
    g->batch_rows = rows_for(meta, sizes);
    return 0;
}

int64_t parquet_group_bytes(const struct parquet_file *file, int number)
{
    const struct parquet_group_meta *meta = &file->meta.groups[number];
    int64_t bytes = 0;
    for (int i = 0; i < file->tree.n_fields && meta->n_chunks == file->tree.n_leaves; i++) {
        const struct parquet_node *n = &file->tree.fields[i];
        for (int leaf = n->first_leaf; file->wanted[i] >= 0 && leaf < n->end_leaf; leaf++)
            bytes += meta->chunks[leaf].unpacked_bytes < INT32_MAX
                         ? meta->chunks[leaf].unpacked_bytes
                         : INT32_MAX;
    }
    return bytes;
}

/* A column's part of the work, on any thread. */
struct column_work {
    struct column *to;
    struct arena arena;
    struct error error;
};

struct part_work {
    struct parquet_group *group;
    const struct parquet_part *part;
    int64_t from, n_rows;
    struct column_work *columns;
};

static int read_column(const struct part_work *w, int field, struct column_work *c)
{
    struct parquet_group *g = w->group;
    const struct parquet_node *node = &g->file->tree.fields[field];
    for (int i = node->first_leaf; i < node->end_leaf; i++) {
        TRY(parquet_skip_to(&g->readers[i], &g->skip.places[i], g->n_rows, g->at[field], w->from,
                            &c->error));
        TRY(parquet_leaf_read(&g->readers[i], w->n_rows, &c->error));
    }
    g->at[field] = w->from + w->n_rows;
    TRY(parquet_assemble(node, g->readers, &c->arena, c->to, &c->error));
    return c->to->length == w->n_rows
               ? 0
               : error_set(&c->error, ERR_DATA, "a column of the Parquet file is damaged");
}

static void work_column(void *arg, size_t i)
{
    struct part_work *w = arg;
    arena_init(&w->columns[i].arena, ARENA_LIMIT);
    w->columns[i].error.code = 0;
    w->columns[i].error.code = read_column(w, w->part->field[i], &w->columns[i]);
}

static int work_all(struct part_work *w, struct batch *b, struct error *err)
{
    int n = b->schema->n_fields, code = 0;
    for (int i = 0; i < n; i++)
        w->columns[i].to = &b->columns[i];
    pool_for(w->group->pool, (size_t)n, work_column, w);
    for (int i = 0; i < n; i++) {
        arena_merge(&b->arena, &w->columns[i].arena);
        if (w->columns[i].error.code < 0 && code == 0) {
            code = w->columns[i].error.code;
            if (err)
                *err = w->columns[i].error;
        }
    }
    return code;
}

static struct batch *batch_new(struct schema *schema, int64_t n_rows)
{
    struct batch *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->n_rows = n_rows;
    b->schema = schema_ref(schema);
    b->columns = ARENA_ARRAY(&b->arena, struct column, (size_t)schema->n_fields + 1);
    if (b->columns)
        return b;
    batch_free(b);
    return NULL;
}

/* Rows `from` on of some columns. */
static int read_part(struct parquet_group *g, const struct parquet_part *part, int64_t from,
                     int64_t n_rows, struct batch **ret, struct error *err)
{
    struct part_work w = {.group = g, .part = part, .from = from, .n_rows = n_rows};
    struct batch *b = batch_new(part->schema, n_rows);
    w.columns = b ? calloc((size_t)part->schema->n_fields, sizeof *w.columns) : NULL;
    int code = w.columns ? work_all(&w, b, err) : error_memory(err);
    free(w.columns);
    if (code < 0)
        batch_free(b);
    else
        *ret = b;
    return code;
}

/* The rows of the filter's columns that pass. */
static int filter_rows(const struct parquet_group *g, const struct batch *b, int32_t *rows,
                       int64_t *ret_n, struct error *err)
{
    const struct expression *e = g->parts->filter;
    struct column *columns = calloc((size_t)e->schema->n_fields + 1, sizeof *columns);
    if (!columns)
        return error_memory(err);
    for (int i = 0; i < b->schema->n_fields; i++)
        columns[schema_find(e->schema, b->schema->fields[i].name)] = b->columns[i];
    /* A batch of the schema that it is bound to, as far as it looks. */
    const struct batch seen = {.n_rows = b->n_rows, .columns = columns};
    int code = expression_filter(e, &seen, rows, ret_n) < 0 ? error_memory(err) : 0;
    free(columns);
    return code;
}

/* Only these rows of the batch, which is taken over; all of them are the batch itself. */
static int pick(struct batch **b, const int32_t *rows, int64_t n, struct error *err)
{
    struct batch *picked = NULL;
    if (n == (*b)->n_rows)
        return 0;
    int code = batch_take(*b, rows, n, &picked, err);
    batch_free(*b);
    *b = picked;
    return code;
}

/* The columns of a part become the whole batch's. Takes `from` over. */
static void move_columns(struct batch *to, const struct parquet_part *part, struct batch *from)
{
    for (int i = 0; from && i < from->schema->n_fields; i++)
        to->columns[part->column[i]] = from->columns[i];
    if (from)
        arena_merge(&to->arena, &from->arena);
    batch_free(from);
}

/* Takes both parts over; either may be NULL. */
static int join(const struct parquet_group *g, struct batch *looked_at, struct batch *others,
                int64_t n_rows, struct batch **ret, struct error *err)
{
    struct batch *b = batch_new(g->parts->schema, n_rows);
    if (!b) {
        batch_free(looked_at);
        batch_free(others);
        return error_memory(err);
    }
    move_columns(b, &g->parts->looked_at, looked_at);
    move_columns(b, &g->parts->others, others);
    *ret = b;
    return 0;
}

/* The other columns of the rows that passed, counted from g->row. */
static int read_others(struct parquet_group *g, int32_t *rows, int64_t n, struct batch **ret,
                       struct error *err)
{
    int32_t first = rows[0], last = rows[n - 1];
    *ret = NULL;
    if (!g->parts->others.schema)
        return 0;
    TRY(read_part(g, &g->parts->others, g->row + first, last - first + 1, ret, err));
    for (int64_t i = 0; i < n; i++)
        rows[i] -= first;
    return pick(ret, rows, n, err);
}

/* *ret NULL when no row passes. */
static int read_filtered(struct parquet_group *g, int64_t n_rows, int32_t *rows, struct batch **ret,
                         struct error *err)
{
    struct batch *looked_at, *others = NULL;
    int64_t n;
    TRY(read_part(g, &g->parts->looked_at, g->row, n_rows, &looked_at, err));
    int code = filter_rows(g, looked_at, rows, &n, err);
    if (code == 0 && n)
        code = pick(&looked_at, rows, n, err);
    if (code == 0 && n)
        code = read_others(g, rows, n, &others, err);
    if (code == 0 && n)
        return join(g, looked_at, others, n, ret, err);
    batch_free(looked_at);
    *ret = NULL;
    return code;
}

static int read_rows(struct parquet_group *g, int64_t n_rows, struct batch **ret, struct error *err)
{
    struct batch *all = NULL;
    if (g->parts->filter) {
        int32_t *rows = malloc((size_t)n_rows * sizeof *rows);
        int code = rows ? read_filtered(g, n_rows, rows, ret, err) : error_memory(err);
        free(rows);
        return code;
    }
    if (g->parts->others.schema)
        TRY(read_part(g, &g->parts->others, g->row, n_rows, &all, err));
    return join(g, NULL, all, n_rows, ret, err);
}

int parquet_group_next(struct parquet_group *g, struct batch **ret, int64_t *ret_row,
                       struct error *err)
{
    *ret = NULL;
    while (!*ret && g->keep < g->skip.n_keep) {
        int64_t left = g->skip.keep[g->keep].end - g->row;
        int64_t n_rows = left < g->batch_rows ? left : g->batch_rows;
        TRY(read_rows(g, n_rows, ret, err));
        *ret_row = g->row;
        g->row += n_rows;
        if (n_rows == left && ++g->keep < g->skip.n_keep)
            g->row = g->skip.keep[g->keep].from;
    }
    return *ret != NULL;
}
