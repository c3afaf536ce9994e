/* map over all sources: one export list after another, each source with its own rejects and totals.
 */
#include <stdlib.h>

#include "pipelines/landing.h"
#include "pipelines/steps.h"

/* One export list of a source: its records, or one entry of its events. */
struct part {
    const struct source *source;
    const struct record_rules *rules;
    const struct slice *pull;
    int n_pull;
};

struct map_stream {
    struct stream stream;
    struct steps *steps;
    enum canonical_kind kind;
    struct source_counts *counts;
    struct part *parts;
    int n_parts, at;
    struct stream *open; /* the part being read, or NULL */
    struct arena arena;  /* of the part */
    /* The reader's rejects and map's own: two lists, so that their order does not depend on how far
     * the reader is ahead. */
    struct rejects *read_rejects, *map_rejects;
    int64_t rows_read;    /* what the reader says it saw */
    int64_t rows_before;  /* totals' rows in when the part began */
    struct totals totals; /* of the source at work */
};

/* The reader was asked for a column that the export does not have: not the user's command line is
 * wrong, but the project file or the export. */
static int not_as_mapped(const struct map_stream *m, const struct part *p, struct error *err)
{
    struct error why = *err;
    error_set(err, ERR_CONFIG, "%s%s%s", why.where, why.where[0] ? ": " : "", why.text);
    return error_where(err, "%s:%d:%d", m->steps->project->path, p->rules->at.line,
                       p->rules->at.column);
}

static int part_read(struct map_stream *m, const struct part *p, struct stream **ret,
                     struct error *err)
{
    const char **paths;
    struct slice *columns;
    int n_paths, n_columns;
    int snapshot = m->kind == CANONICAL_RECORD && p->source->delivery == DELIVERY_SNAPSHOT;
    TRY(landing_files(m->steps->project, p->source, p->pull, p->n_pull,
                      snapshot ? LANDING_CURRENT : LANDING_ALL, &m->arena, &paths, &n_paths, err));
    if (map_columns(p->rules, &m->arena, &columns, &n_columns) < 0)
        return error_memory(err);
    struct read_options *options = ARENA_NEW(&m->arena, struct read_options);
    if (!options)
        return error_memory(err);
    *options = (struct read_options){.layout = p->rules->layout,
                                     .columns = columns,
                                     .n_columns = n_columns,
                                     .flags = READ_WITH_PLACE,
                                     .source = p->source->name,
                                     .rejects = m->read_rejects,
                                     .pool = m->steps->pool,
                                     .progress = m->steps->progress,
                                     .ret_rows_in = &m->rows_read};
    int code = format_read(paths, n_paths, options, ret, err);
    return code == ERR_USAGE ? not_as_mapped(m, p, err) : code;
}

static int part_open(struct map_stream *m, struct error *err)
{
    const struct part *p = &m->parts[m->at];
    struct stream *rows;
    m->rows_read = 0;
    m->rows_before = m->totals.rows[TOTALS_IN];
    TRY(part_read(m, p, &rows, err));
    struct map_options *options = ARENA_NEW(&m->arena, struct map_options);
    if (!options) {
        stream_close(rows);
        return error_memory(err);
    }
    *options = (struct map_options){.project = m->steps->project,
                                    .source = p->source,
                                    .rules = p->rules,
                                    .kind = m->kind,
                                    .schema = m->stream.schema,
                                    .rejects = m->map_rejects,
                                    .totals = &m->totals,
                                    .pool = m->steps->pool};
    return map_open(rows, options, &m->open, err);
}

/* Rows that the reader itself rejected never came to map: they are counted here, and what the
 * reader saw must be what it passed on and what it rejected. */
static int part_close(struct map_stream *m, struct error *err)
{
    const struct part *p = &m->parts[m->at];
    int64_t passed = m->totals.rows[TOTALS_IN] - m->rows_before;
    int64_t refused = rejects_count(m->read_rejects);
    stream_close(m->open);
    m->open = NULL;
    arena_reset(&m->arena);
    if (!p->rules->layout.explode && m->rows_read != passed + refused)
        return error_set(
            err, ERR_BUG, "source '%s': %lld rows were read, %lld passed on and %lld rejected",
            p->source->name.ptr, (long long)m->rows_read, (long long)passed, (long long)refused);
    m->totals.rows[TOTALS_IN] += refused;
    m->totals.rows[TOTALS_REJECTED] += refused;
    return 0;
}

static void source_count(struct map_stream *m, const struct source *source)
{
    if (!m->counts)
        return;
    const int64_t *rows = m->totals.rows;
    m->counts[source - m->steps->project->sources] =
        (struct source_counts){.source = source->name,
                               .in = rows[TOTALS_IN],
                               .out = rows[TOTALS_OUT],
                               .rejected = rows[TOTALS_REJECTED],
                               .filtered = rows[TOTALS_FILTERED],
                               .duplicates = rows[TOTALS_DUPLICATES]};
}

/* The last part of a source is done: too many rejects, or totals that do not balance, end the step
 * here. */
static int source_close(struct map_stream *m, const struct source *source, struct error *err)
{
    if (rejects_append(m->steps->rejects, m->read_rejects) < 0 ||
        rejects_append(m->steps->rejects, m->map_rejects) < 0)
        return error_memory(err);
    source_count(m, source);
    if (reject_limit_check(m->steps->limit ? *m->steps->limit : source->rejects,
                           m->totals.rows[TOTALS_REJECTED], m->totals.rows[TOTALS_IN], err) < 0)
        return error_where(err, "source '%s'", source->name.ptr);
    TRY(totals_check(&m->totals, source->name.ptr, err));
    totals_merge(&m->steps->totals, &m->totals);
    m->totals = (struct totals){0};
    return 0;
}

static int part_end(struct map_stream *m, struct error *err)
{
    const struct source *source = m->parts[m->at].source;
    TRY(part_close(m, err));
    m->at++;
    if (m->at == m->n_parts || m->parts[m->at].source != source)
        return source_close(m, source, err);
    if (rejects_append(m->map_rejects, m->read_rejects) < 0)
        return error_memory(err);
    return 0;
}

static int map_next(struct stream *s, struct batch **ret, struct error *err)
{
    struct map_stream *m = (struct map_stream *)s;
    while (m->at < m->n_parts) {
        if (!m->open)
            TRY(part_open(m, err));
        int more = stream_next(m->open, ret, err);
        if (more != 0)
            return more;
        TRY(part_end(m, err));
    }
    return 0;
}

static void map_close(struct stream *s)
{
    struct map_stream *m = (struct map_stream *)s;
    stream_close(m->open);
    rejects_free(m->read_rejects);
    rejects_free(m->map_rejects);
    schema_unref(s->schema);
    arena_done(&m->arena);
    free(m->parts);
    free(m);
}

static void add_part(struct map_stream *m, const struct source *source,
                     const struct record_rules *rules)
{
    int own = rules->n_pull > 0;
    m->parts[m->n_parts++] = (struct part){.source = source,
                                           .rules = rules,
                                           .pull = own ? rules->pull : source->pull,
                                           .n_pull = own ? rules->n_pull : source->n_pull};
}

static int wanted(const struct steps *s, const struct source *source)
{
    return !s->only_source || slice_equal(source->name, slice_str(s->only_source));
}

static void add_parts(struct map_stream *m)
{
    const struct project *p = m->steps->project;
    for (int i = 0; i < p->n_sources; i++) {
        const struct source *source = &p->sources[i];
        if (!wanted(m->steps, source))
            continue;
        if (m->kind == CANONICAL_RECORD && source->record)
            add_part(m, source, source->record);
        for (int e = 0; m->kind == CANONICAL_EVENT && e < source->n_events; e++)
            add_part(m, source, &source->events[e]);
    }
}

static size_t most_parts(const struct project *p)
{
    size_t n = 1;
    for (int i = 0; i < p->n_sources; i++)
        n += 1 + (size_t)p->sources[i].n_events;
    return n;
}

static struct schema *map_schema(const struct project *p, enum canonical_kind kind)
{
    struct arena arena;
    struct slice *extra = NULL;
    int n_extra = 0;
    arena_init(&arena, 0);
    struct schema *schema = map_extra_fields(p, kind, &arena, &extra, &n_extra) < 0
                                ? NULL
                                : canonical_schema(kind, extra, n_extra);
    arena_done(&arena);
    return schema;
}

int step_map(struct steps *s, enum canonical_kind kind, struct source_counts *counts,
             struct stream **ret, struct error *err)
{
    static const struct stream_ops ops = {.next = map_next, .close = map_close};
    struct map_stream *m = calloc(1, sizeof *m);
    if (!m)
        return error_memory(err);
    *m = (struct map_stream){.stream = {.ops = &ops, .schema = map_schema(s->project, kind)},
                             .steps = s,
                             .kind = kind,
                             .counts = counts,
                             .parts = calloc(most_parts(s->project), sizeof(struct part)),
                             .read_rejects = rejects_new(),
                             .map_rejects = rejects_new()};
    s->totals = (struct totals){0};
    if (!m->stream.schema || !m->parts || !m->read_rejects || !m->map_rejects) {
        map_close(&m->stream);
        return error_memory(err);
    }
    add_parts(m);
    *ret = &m->stream;
    return 0;
}
