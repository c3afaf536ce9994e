#include <stdlib.h>

#include "connectors/columns.h"
#include "connectors/parquet/parquet_assemble.h"
#include "connectors/parquet/parquet_files.h"
#include "connectors/parquet/parquet_skip.h"
#include "connectors/place.h"

enum { BATCH_BYTES = 64 << 20, BATCH_LEVELS = 4 << 20 };
#define ARENA_LIMIT ((size_t)4 << 30)

/* The file being read. */
struct source {
    struct parquet_source bytes;
    struct arena arena;
    struct parquet_meta meta;
    struct parquet_tree tree;
    int *wanted;                         /* per top field: the column it becomes, or -1 */
    struct parquet_leaf_reader *readers; /* one per leaf */
    int group;                           /* the next one */
    int64_t batch_rows;                  /* in the current one */
    struct parquet_skip skip;            /* which of its rows are read */
    struct arena skip_arena;
    int keep;        /* the range of them that is being read */
    int64_t n_rows;  /* of the current group */
    int64_t row, to; /* where its readers are, and where the next batch begins */
    int64_t rows;    /* of the groups before it */
};

struct parquet_stream {
    struct stream stream;
    struct read_options options;
    const char *const *paths;
    int n_paths, path;
    struct schema *data_schema; /* the stream's without the place columns */
    struct source source;
};

static void source_done(struct source *s)
{
    for (int i = 0; s->readers && i < s->tree.n_leaves; i++)
        parquet_leaf_reader_done(&s->readers[i]);
    parquet_source_close(&s->bytes);
    arena_done(&s->arena);
    arena_done(&s->skip_arena);
    free(s->wanted);
    free(s->readers);
    *s = (struct source){.bytes = {.fd = -1}};
}

static int source_open(struct source *s, const struct parquet_stream *stream, struct error *err)
{
    TRY(parquet_source_open(&s->bytes, &stream->options, stream->paths, stream->path, err));
    arena_init(&s->arena, ARENA_LIMIT);
    TRY(parquet_meta_read(&s->bytes, &s->arena, &s->meta, err));
    TRY(parquet_tree_make(&s->meta, &s->arena, &s->tree, err));
    s->wanted = calloc((size_t)s->tree.n_fields + 1, sizeof *s->wanted);
    s->readers = calloc((size_t)s->tree.n_leaves + 1, sizeof *s->readers);
    return s->wanted && s->readers ? 0 : error_memory(err);
}

static int map_columns(struct parquet_stream *s, struct error *err)
{
    struct source *src = &s->source;
    struct columns_have have = {.fields = src->tree.out,
                                .n_fields = src->tree.n_fields,
                                .meta = src->meta.pairs,
                                .n_meta = src->meta.n_pairs};
    return columns_map(&have, &s->options, s->paths[0], src->wanted, &s->data_schema,
                       &s->stream.schema, err);
}

static int next_source(struct parquet_stream *s, struct error *err)
{
    source_done(&s->source);
    int code = source_open(&s->source, s, err);
    if (code == 0)
        code = map_columns(s, err);
    if (code < 0)
        error_where(err, "%s", s->paths[s->path]);
    return code;
}

static int check_chunk(const struct source *s, const struct parquet_node *leaf,
                       const struct parquet_chunk_meta *c, struct error *err)
{
    const char *what = NULL;
    if (c->encrypted)
        what = "is encrypted, which is not read";
    else if (c->in_other_file)
        what = "lies in another file, which is not read";
    else if (c->type != leaf->element->type || c->n_values < 0 || c->packed_bytes < 0 ||
             c->unpacked_bytes < 0 ||
             (c->n_values && (c->data_at < 4 || c->data_at > s->bytes.size)))
        what = "is damaged";
    if (!what)
        return 0;
    return error_set(err, ERR_DATA, "column '%.*s' of the Parquet file %s",
                     (int)leaf->out->name.len, leaf->out->name.ptr, what);
}

/* Readers of all leaves below a node; adds up what they hold. */
static int start_leaves(struct source *s, const struct parquet_node *n,
                        const struct parquet_group_meta *g, int64_t ret_sizes[2], struct error *err)
{
    for (int i = 0; i < n->n_children; i++)
        TRY(start_leaves(s, &n->children[i], g, ret_sizes, err));
    if (n->kind != PARQUET_NODE_LEAF)
        return 0;
    struct parquet_leaf_reader *r = &s->readers[n->first_leaf];
    const struct parquet_chunk_meta *c = &g->chunks[n->first_leaf];
    TRY(check_chunk(s, n, c, err));
    parquet_pages_start(&r->pages, &s->bytes, n, c);
    r->ahead = r->n_ahead = 0;
    ret_sizes[0] += c->unpacked_bytes < INT32_MAX ? c->unpacked_bytes : INT32_MAX;
    ret_sizes[1] = c->n_values > ret_sizes[1] ? c->n_values : ret_sizes[1];
    return 0;
}

/* Fewer rows a batch when rows are long. */
static int64_t rows_for(const struct parquet_group_meta *g, const int64_t sizes[2])
{
    int64_t rows = BATCH_ROWS;
    int64_t bytes = sizes[0] / (g->n_rows ? g->n_rows : 1) + 1;
    int64_t levels = sizes[1] / (g->n_rows ? g->n_rows : 1) + 1;
    rows = rows < BATCH_BYTES / bytes ? rows : BATCH_BYTES / bytes;
    rows = rows < BATCH_LEVELS / levels ? rows : BATCH_LEVELS / levels;
    return rows < 1 ? 1 : rows;
}

/* Rows of the group that are not read were in the file all the same. */
static void count_skipped(const struct parquet_stream *stream)
{
    const struct source *s = &stream->source;
    int64_t kept = 0;
    for (int i = 0; i < s->skip.n_keep; i++)
        kept += s->skip.keep[i].end - s->skip.keep[i].from;
    if (stream->options.ret_rows_in)
        *stream->options.ret_rows_in += s->n_rows - kept;
}

static int start_group(struct parquet_stream *stream, struct error *err)
{
    struct source *s = &stream->source;
    const struct parquet_group_meta *g = &s->meta.groups[s->group++];
    int64_t sizes[2] = {0, 0};
    if (g->n_chunks != s->tree.n_leaves || g->n_rows < 0)
        return error_set(err, ERR_DATA, "a row group of the Parquet file is damaged");
    s->rows += s->n_rows;
    s->n_rows = g->n_rows;
    s->row = s->keep = 0;
    arena_reset(&s->skip_arena);
    TRY(parquet_skip_plan(&s->bytes, &s->tree, g, &stream->options, s->wanted, &s->skip_arena,
                          &s->skip, err));
    count_skipped(stream);
    s->to = s->skip.n_keep ? s->skip.keep[0].from : 0;
    for (int i = 0; s->skip.n_keep && i < s->tree.n_fields; i++)
        if (s->wanted[i] >= 0)
            TRY(start_leaves(s, &s->tree.fields[i], g, sizes, err));
    s->batch_rows = rows_for(g, sizes);
    return 0;
}

/* A column's part of the work, on any thread. */
struct column_work {
    const struct parquet_node *node;
    struct column *to;
    struct arena arena;
    struct error error;
};

struct batch_work {
    struct source *source;
    int64_t n_rows;
    struct column_work *columns;
};

static int read_column(struct source *s, struct column_work *c, int64_t n_rows)
{
    for (int i = c->node->first_leaf; i < c->node->end_leaf; i++)
        TRY(parquet_skip_to(&s->readers[i], &s->skip.places[i], s->n_rows, s->row, s->to,
                            &c->error));
    for (int i = c->node->first_leaf; i < c->node->end_leaf; i++)
        TRY(parquet_leaf_read(&s->readers[i], n_rows, &c->error));
    TRY(parquet_assemble(c->node, s->readers, &c->arena, c->to, &c->error));
    return c->to->length == n_rows
               ? 0
               : error_set(&c->error, ERR_DATA, "a column of the Parquet file is damaged");
}

static void work_column(void *arg, size_t i)
{
    struct batch_work *w = arg;
    arena_init(&w->columns[i].arena, ARENA_LIMIT);
    w->columns[i].error.code = 0;
    w->columns[i].error.code = read_column(w->source, &w->columns[i], w->n_rows);
}

static int work_all(struct parquet_stream *s, struct batch *b, struct column_work *columns,
                    struct error *err)
{
    struct batch_work work = {.source = &s->source, .n_rows = b->n_rows, .columns = columns};
    int n = s->data_schema->n_fields, code = 0;
    for (int i = 0; i < s->source.tree.n_fields; i++)
        if (s->source.wanted[i] >= 0) {
            int at = s->source.wanted[i];
            columns[at].node = &s->source.tree.fields[i];
            columns[at].to = &b->columns[at];
        }
    pool_for(s->options.pool, (size_t)n, work_column, &work);
    for (int i = 0; i < n; i++) {
        arena_merge(&b->arena, &columns[i].arena);
        if (columns[i].error.code < 0 && code == 0) {
            code = columns[i].error.code;
            if (err)
                *err = columns[i].error;
        }
    }
    return code;
}

static int fill_batch(struct parquet_stream *s, struct batch *b, struct error *err)
{
    int n = s->data_schema->n_fields;
    b->columns = ARENA_ARRAY(&b->arena, struct column, (size_t)n + 1);
    struct column_work *columns = calloc((size_t)n + 1, sizeof *columns);
    int code = b->columns && columns ? work_all(s, b, columns, err) : error_memory(err);
    free(columns);
    struct place place = {.file = s->paths[s->path], .row = s->source.rows + s->source.to};
    if (code == 0 && s->options.flags & READ_WITH_PLACE)
        code = place_append(b, s->stream.schema, &place, err);
    return code;
}

static int next_batch(struct parquet_stream *s, struct batch **ret, struct error *err)
{
    struct source *src = &s->source;
    struct batch *b = calloc(1, sizeof *b);
    if (!b)
        return error_memory(err);
    b->schema = schema_ref(s->data_schema);
    int64_t left = src->skip.keep[src->keep].end - src->to;
    b->n_rows = left < src->batch_rows ? left : src->batch_rows;
    int code = fill_batch(s, b, err);
    if (code < 0) {
        batch_free(b);
        return code;
    }
    src->row = src->to += b->n_rows;
    if (src->to == src->skip.keep[src->keep].end && ++src->keep < src->skip.n_keep)
        src->to = src->skip.keep[src->keep].from;
    if (s->options.ret_rows_in)
        *s->options.ret_rows_in += b->n_rows;
    *ret = b;
    return 1;
}

/* 1 when rows are left, in this file or a later one. */
static int find_rows(struct parquet_stream *s, struct error *err)
{
    while (s->source.keep == s->source.skip.n_keep) {
        if (s->source.group < s->source.meta.n_groups) {
            TRY(start_group(s, err));
        } else {
            if (s->path + 1 == s->n_paths)
                return 0;
            s->path++;
            TRY(next_source(s, err));
        }
    }
    return 1;
}

static int parquet_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct parquet_stream *s = (struct parquet_stream *)stream;
    int more = find_rows(s, err);
    if (more > 0)
        more = next_batch(s, ret, err);
    if (more < 0)
        error_where(err, "%s", s->paths[s->path]);
    return more;
}

static void parquet_close(struct stream *stream)
{
    struct parquet_stream *s = (struct parquet_stream *)stream;
    source_done(&s->source);
    schema_unref(s->data_schema);
    schema_unref(stream->schema);
    free(s);
}

int parquet_read(const char *const *paths, int n_paths, const struct read_options *options,
                 struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = parquet_next, .close = parquet_close};
    struct parquet_stream *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    *s = (struct parquet_stream){.stream = {.ops = &ops},
                                 .options = *options,
                                 .paths = paths,
                                 .n_paths = n_paths,
                                 .source = {.bytes = {.fd = -1}}};
    int code = next_source(s, err);
    if (code < 0) {
        parquet_close(&s->stream);
        return code;
    }
    *ret = &s->stream;
    return 0;
}
