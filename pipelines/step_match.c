/* match as a step: all records in memory in order of (source, key), the engine, ids, and the
 * records out again. */
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/rows.h"
#include "pipelines/link.h"
#include "pipelines/steps.h"
#include "transform/match/table.h"

int effort_parse(const char *text, enum match_effort *ret, struct error *err)
{
    *ret = MATCH_FULL;
    if (!text || strcmp(text, "full") == 0)
        return 0;
    *ret = MATCH_LOW;
    return strcmp(text, "low") == 0
               ? 0
               : error_set(err, ERR_USAGE, "--effort takes full or low, not '%s'", text);
}

char *step_model_path(const struct steps *s)
{
    struct slice model = s->project->match.model;
    return file_join(s->project->folder, model.len ? model.ptr : "models/person.json");
}

/* The records at work. */
struct matching {
    struct steps *steps;
    struct schema *schema; /* of the records */
    struct batch **batches;
    int n_batches;
    size_t n;
    int source, key, updated_at;
    struct match_table table;
    struct match_result result;
    struct match_model *given; /* NULL: the engine trained one */
    struct identity_member *members;
    struct arena ids;
};

static int find_columns(struct matching *m, struct error *err)
{
    m->source = schema_find(m->schema, SLICE_LIT("source"));
    m->key = schema_find(m->schema, SLICE_LIT("key"));
    m->updated_at = schema_find(m->schema, SLICE_LIT("updated_at"));
    if (m->source < 0 || m->key < 0)
        return error_set(err, ERR_DATA,
                         "the input has no 'source' and 'key': canonical records come "
                         "from 'sluice map'; for other files there is 'sluice dedupe'");
    TRY(schema_need_text(m->schema, SLICE_LIT("source"), "records", err));
    TRY(schema_need_text(m->schema, SLICE_LIT("key"), "records", err));
    if (m->updated_at >= 0)
        TRY(schema_need_time(m->schema, SLICE_LIT("updated_at"), "records", err));
    return 0;
}

/* Takes the records in and lines them up by (source, key): any order of arrival gives the same. */
static int load(struct matching *m, struct stream *records, struct error *err)
{
    struct row_ref *rows = NULL;
    struct batch **batches, **sorted;
    int n_batches, n_sorted;
    m->schema = schema_ref(records->schema);
    TRY(find_columns(m, err));
    TRY(stream_collect(records, &batches, &n_batches, err));
    const int order[] = {m->source, m->key};
    int code = rows_list(batches, n_batches, &rows, &m->n);
    if (code == 0)
        code = rows_sort(rows, m->n, order, 2);
    if (code < 0)
        error_memory(err);
    else
        code = rows_batches(rows, m->n, m->schema, BATCH_ROWS / 2, m->steps->pool, &sorted,
                            &n_sorted, err);
    if (code == 0) {
        m->batches = sorted;
        m->n_batches = n_sorted;
    }
    free(rows);
    batches_free(batches, n_batches);
    return code;
}

static int model_open(const char *path, struct match_model **ret, struct error *err)
{
    *ret = NULL;
    return file_exists(path) ? match_model_read(path, ret, err) : 0;
}

static int model_keep(const char *path, const struct match_model *model, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path)) : NULL;
    int code = folder ? file_mkdirs(folder, 0, err) : 0;
    free(folder);
    return code < 0 ? code : match_model_write(model, path, err);
}

static void report_fill(const struct matching *m, struct match_report *r, int trained)
{
    *r = (struct match_report){
        .records = (int64_t)m->n, .candidates = m->result.n_candidates, .trained = trained};
    if (m->result.model)
        match_model_digest(m->result.model, r->model_digest);
    r->n_warnings = m->result.n_warnings;
    memcpy(r->warnings, m->result.warnings, sizeof r->warnings);
    link_sizes(m->result.cluster, m->n, &r->customers, &r->largest);
}

static int engine(struct matching *m, const struct match_step *step, struct match_report *report,
                  struct error *err)
{
    struct match_options options = {.rules = &m->steps->project->match,
                                    .effort = step->effort,
                                    .pool = m->steps->pool,
                                    .progress = m->steps->progress,
                                    .memory = (uint64_t)m->steps->memory};
    char *path = step->model_path ? strdup(step->model_path) : step_model_path(m->steps);
    int code = path ? model_open(path, &m->given, err) : error_memory(err);
    options.model = m->given;
    if (code == 0)
        code = match_table_from_records(m->batches, m->n_batches, m->steps->project->region,
                                        &m->table, err);
    if (code == 0)
        code = match_records(&m->table, &options, &m->result, err);
    if (code == 0 && !m->given && m->result.model)
        code = model_keep(path, m->result.model, err);
    if (code == 0)
        report_fill(m, report, !m->given);
    free(path);
    return code;
}

static int64_t newest_update(const struct matching *m)
{
    int64_t newest = AS_OF_NONE;
    for (int i = 0; m->updated_at >= 0 && i < m->n_batches; i++) {
        const struct column *c = &m->batches[i]->columns[m->updated_at];
        for (int64_t row = 0; row < c->length; row++)
            if (!column_null(c, row) && column_i64(c, row) > newest)
                newest = column_i64(c, row);
    }
    return newest;
}

static int identify(struct matching *m, const struct match_step *step, struct stream **ret_events,
                    struct error *err)
{
    size_t i = 0;
    m->members = calloc(m->n + 1, sizeof *m->members);
    if (!m->members)
        return error_memory(err);
    for (int b = 0; b < m->n_batches; b++)
        for (int64_t row = 0; row < m->batches[b]->n_rows; row++, i++) {
            struct row_ref r = {m->batches[b], row};
            m->members[i] = (struct identity_member){.source = row_text(&r, m->source),
                                                     .key = row_text(&r, m->key),
                                                     .cluster = m->result.cluster[i]};
        }
    int64_t at = step->as_of == AS_OF_NONE ? newest_update(m) : step->as_of;
    return identity_assign(m->members, m->n, step->previous, at, &m->ids, ret_events, err);
}

static void matching_done(struct matching *m)
{
    batches_free(m->batches, m->n_batches);
    match_table_done(&m->table);
    if (m->result.model != m->given)
        match_model_free(m->result.model);
    match_model_free(m->given);
    match_result_done(&m->result);
    schema_unref(m->schema);
    arena_done(&m->ids);
    free(m->members);
}

int step_match(struct steps *s, struct match_step *match, struct match_report *ret_report,
               struct stream **ret_linked, struct stream **ret_events, struct error *err)
{
    struct matching m = {.steps = s};
    struct stream *events = NULL;
    progress_stage(s->progress, "match", "records", 0);
    int code = load(&m, match->records, err);
    if (code == 0)
        code = engine(&m, match, ret_report, err);
    if (code == 0)
        code = identify(&m, match, &events, err);
    if (code == 0)
        code = link_batches(m.schema, &m.batches, &m.n_batches, m.members, m.result.probability,
                            ret_linked, err);
    matching_done(&m);
    stream_close(match->records);
    stream_close(match->previous);
    match->records = match->previous = NULL;
    if (code < 0)
        stream_close(events);
    else
        *ret_events = events;
    return code;
}
