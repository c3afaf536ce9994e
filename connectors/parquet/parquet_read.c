#include <stdlib.h>

#include "connectors/columns.h"
#include "connectors/parquet/parquet_files.h"
#include "connectors/parquet/parquet_group.h"
#include "connectors/place.h"

enum { WAVE_MOST = 16, WAVE_GROUP_BYTES = 128 << 20 };
#define ARENA_LIMIT ((size_t)4 << 30)

/* A row group being read. Filtered ones are read whole, several at once. */
struct lane {
    struct parquet_group group;
    int number;             /* of its group */
    struct batch **batches; /* that are done */
    int n, next;
    struct error error;
};

struct parquet_stream {
    struct stream stream;
    struct read_options options;
    const char *const *paths;
    int n_paths, path;
    struct schema *data_schema; /* the stream's without the place columns */
    struct parquet_file file;
    struct parquet_parts parts;
    int parted;    /* parts and lanes are those of this file */
    int group;     /* the next one */
    int64_t rows;  /* of the groups before the one being read */
    int n_lanes;   /* at work */
    int lane;      /* whose batches are given out */
    int all_lanes; /* set up */
    struct lane lanes[WAVE_MOST];
};

static void lane_empty(struct lane *l)
{
    while (l->next < l->n)
        batch_free(l->batches[l->next++]);
    l->n = l->next = 0;
}

static void file_done(struct parquet_stream *s)
{
    for (int i = 0; i < s->all_lanes; i++) {
        lane_empty(&s->lanes[i]);
        free(s->lanes[i].batches);
        parquet_group_done(&s->lanes[i].group);
        s->lanes[i] = (struct lane){0};
    }
    s->all_lanes = s->n_lanes = s->lane = s->group = s->parted = 0;
    s->rows = 0;
    parquet_parts_done(&s->parts);
    parquet_source_close(&s->file.bytes);
    arena_done(&s->file.arena);
    free(s->file.wanted);
    s->file = (struct parquet_file){.bytes = {.fd = -1}};
}

static int file_open(struct parquet_stream *s, struct error *err)
{
    struct parquet_file *f = &s->file;
    TRY(parquet_source_open(&f->bytes, &s->options, s->paths, s->path, err));
    arena_init(&f->arena, ARENA_LIMIT);
    TRY(parquet_meta_read(&f->bytes, &f->arena, &f->meta, err));
    TRY(parquet_tree_make(&f->meta, &f->arena, &f->tree, err));
    f->wanted = calloc((size_t)f->tree.n_fields + 1, sizeof *f->wanted);
    return f->wanted ? 0 : error_memory(err);
}

static int map_columns(struct parquet_stream *s, struct error *err)
{
    struct parquet_file *f = &s->file;
    struct columns_have have = {.fields = f->tree.out,
                                .n_fields = f->tree.n_fields,
                                .meta = f->meta.pairs,
                                .n_meta = f->meta.n_pairs};
    return columns_map(&have, &s->options, s->paths[0], f->wanted, &s->data_schema,
                       &s->stream.schema, err);
}

static int next_file(struct parquet_stream *s, struct error *err)
{
    file_done(s);
    int code = file_open(s, err);
    if (code == 0)
        code = map_columns(s, err);
    if (code < 0)
        error_where(err, "%s", s->paths[s->path]);
    return code;
}

/* How many groups are read at once: their rows must be few, as they wait for each other. */
static int lanes_for(const struct parquet_stream *s)
{
    int n = s->options.pool ? pool_threads(s->options.pool) * 2 : 1;
    int left = s->file.meta.n_groups - s->group;
    if (!s->parts.filter || n <= 2)
        return 1;
    n = n < WAVE_MOST ? n : WAVE_MOST;
    n = n < left ? n : left;
    for (int i = 0; i < n; i++)
        if (parquet_group_bytes(&s->file, s->group + i) > WAVE_GROUP_BYTES)
            return 1;
    return n;
}

static int set_up_lanes(struct parquet_stream *s, int n, struct error *err)
{
    for (; s->all_lanes < n; s->all_lanes++)
        if (parquet_group_init(&s->lanes[s->all_lanes].group, &s->file, &s->parts, &s->options,
                               err) < 0) {
            parquet_group_done(&s->lanes[s->all_lanes].group);
            return err->code;
        }
    for (int i = 0; i < n; i++)
        s->lanes[i].group.pool = n > 1 ? NULL : s->options.pool;
    return 0;
}

/* The filter is bound by now: it is not when the stream is opened. A place is a row's number, which
 * rows lose where others between them are left out. */
static int part_columns(struct parquet_stream *s, struct error *err)
{
    int placed = s->options.flags & READ_WITH_PLACE;
    if (!s->parted)
        TRY(parquet_parts_make(&s->parts, &s->file, s->data_schema,
                               placed ? NULL : s->options.where, &s->file.arena, err));
    s->parted = 1;
    return 0;
}

static int lane_keep(struct lane *l, struct batch *b)
{
    struct batch **grown = realloc(l->batches, (size_t)(l->n + 1) * sizeof(struct batch *));
    if (!grown) {
        batch_free(b);
        return error_memory(&l->error);
    }
    l->batches = grown;
    l->batches[l->n++] = b;
    return 0;
}

static int lane_read(struct lane *l)
{
    struct batch *b;
    int64_t row;
    int more;
    TRY(parquet_group_start(&l->group, l->number, &l->error));
    while ((more = parquet_group_next(&l->group, &b, &row, &l->error)) > 0)
        TRY(lane_keep(l, b));
    return more;
}

static void work_lane(void *arg, size_t i)
{
    struct lane *l = &((struct lane *)arg)[i];
    l->error = (struct error){0};
    l->error.code = lane_read(l);
}

/* Counts what the lanes met since the last time. */
static void count(struct parquet_stream *s)
{
    for (int i = 0; i < s->n_lanes; i++) {
        struct parquet_group *g = &s->lanes[i].group;
        if (s->options.ret_rows_in)
            *s->options.ret_rows_in += g->rows_in;
        struct read_skipped *to = s->options.ret_skipped, *from = &g->skipped;
        if (to) {
            to->groups += from->groups;
            to->all_groups += from->all_groups;
            to->pages += from->pages;
            to->all_pages += from->all_pages;
        }
        g->rows_in = 0;
        *from = (struct read_skipped){0};
    }
}

static int start_groups(struct parquet_stream *s, struct error *err)
{
    TRY(part_columns(s, err));
    if (s->n_lanes == 1)
        s->rows += s->lanes[0].group.n_rows;
    s->n_lanes = lanes_for(s);
    s->lane = 0;
    TRY(set_up_lanes(s, s->n_lanes, err));
    for (int i = 0; i < s->n_lanes; i++) {
        s->lanes[i].number = s->group++;
        lane_empty(&s->lanes[i]);
    }
    if (s->n_lanes == 1) {
        TRY(parquet_group_start(&s->lanes[0].group, s->lanes[0].number, err));
        count(s);
        return 0;
    }
    pool_for(s->options.pool, (size_t)s->n_lanes, work_lane, s->lanes);
    count(s);
    return 0;
}

/* The next batch of the groups that were started; 0 when there is none left. */
static int next_started(struct parquet_stream *s, struct batch **ret, int64_t *ret_row,
                        struct error *err)
{
    if (s->n_lanes == 1)
        return parquet_group_next(&s->lanes[0].group, ret, ret_row, err);
    for (; s->lane < s->n_lanes; s->lane++) {
        struct lane *l = &s->lanes[s->lane];
        if (l->next < l->n) {
            *ret = l->batches[l->next++];
            return 1;
        }
        if (l->error.code < 0) {
            if (err)
                *err = l->error;
            return l->error.code;
        }
    }
    return 0;
}

static int next_batch(struct parquet_stream *s, struct batch **ret, int64_t *ret_row,
                      struct error *err)
{
    for (;;) {
        int more = s->n_lanes ? next_started(s, ret, ret_row, err) : 0;
        if (more)
            return more;
        if (s->group < s->file.meta.n_groups) {
            TRY(start_groups(s, err));
        } else {
            if (s->path + 1 == s->n_paths)
                return 0;
            s->path++;
            TRY(next_file(s, err));
        }
    }
}

static int parquet_next(struct stream *stream, struct batch **ret, struct error *err)
{
    struct parquet_stream *s = (struct parquet_stream *)stream;
    int64_t row = 0;
    int more = next_batch(s, ret, &row, err);
    if (more > 0 && s->options.flags & READ_WITH_PLACE) {
        struct place place = {.file = s->paths[s->path], .row = s->rows + row};
        int code = place_append(*ret, stream->schema, &place, err);
        if (code < 0) {
            batch_free(*ret);
            more = code;
        }
    }
    if (more < 0)
        error_where(err, "%s", s->paths[s->path]);
    return more;
}

static void parquet_close(struct stream *stream)
{
    struct parquet_stream *s = (struct parquet_stream *)stream;
    file_done(s);
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
                                 .file = {.bytes = {.fd = -1}}};
    int code = next_file(s, err);
    if (code < 0) {
        parquet_close(&s->stream);
        return code;
    }
    *ret = &s->stream;
    return 0;
}
