/* match as a step: all records in memory in order of (source, key), the engine, ids, and the
 * records out again. */
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/rows.h"
#include "pipelines/decisions.h"
#include "pipelines/link.h"
#include "pipelines/model_columns.h"
#include "pipelines/steps.h"
#include "transform/match/model.h"
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

int one_to_one_parse(const char *text, enum one_to_one *ret, struct error *err)
{
    static const char *const words[] = {
        [ONE_TO_ONE_NO] = "no", [ONE_TO_ONE_YES] = "yes", [ONE_TO_ONE_AUTO] = "auto"};
    *ret = ONE_TO_ONE_AUTO;
    for (int i = 0; text && i < 3; i++)
        if (strcmp(text, words[i]) == 0) {
            *ret = (enum one_to_one)i;
            return 0;
        }
    return text ? error_set(err, ERR_USAGE, "--one-to-one takes yes, no or auto, not '%s'", text)
                : 0;
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
    struct decisions decisions;
    struct match_result result;
    struct match_evidence evidence;
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

/* The project's model is made by the first run; one that somebody names is meant to be there. */
static int model_open(const struct match_step *step, const char *path, struct match_model **ret,
                      struct error *err)
{
    *ret = NULL;
    if (file_exists(path))
        return match_model_read(path, ret, err);
    return step->model_path
               ? error_at(err, ERR_INPUT, path, "no such model: 'sluice train -o FILE' makes one")
               : 0;
}

static int model_keep(const char *path, const struct match_model *model, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path)) : NULL;
    int code = folder ? file_mkdirs(folder, 0, err) : 0;
    free(folder);
    return code < 0 ? code : match_model_write(model, path, err);
}

static void report_decisions(const struct matching *m, struct match_report *r)
{
    const int most = (int)(sizeof r->warnings / sizeof *r->warnings);
    for (int i = 0; i < m->decisions.n_warnings && r->n_warnings < most; i++)
        memcpy(r->warnings[r->n_warnings++], m->decisions.warnings[i], sizeof *r->warnings);
}

static void report_fill(const struct matching *m, struct match_report *r, int trained)
{
    *r = (struct match_report){
        .records = (int64_t)m->n, .candidates = m->result.n_candidates, .trained = trained};
    if (m->result.model)
        match_model_digest(m->result.model, r->model_digest);
    r->n_warnings = m->result.n_warnings;
    memcpy(r->warnings, m->result.warnings, sizeof r->warnings);
    report_decisions(m, r);
    link_sizes(m->result.cluster, m->n, &r->customers, &r->largest);
}

static int put_name(struct matching *m, const struct row_ref *row, uint32_t i, struct buffer *text,
                    struct dict *names, uint32_t *index)
{
    buffer_reset(text);
    TRY(buffer_slice(text, row_text(row, m->source)));
    TRY(buffer_putc(text, ':'));
    TRY(buffer_slice(text, row_text(row, m->key)));
    uint32_t before = names->n;
    int64_t code = dict_add(names, buffer_view(text));
    if (names->n > before)
        index[code] = i; /* a name that comes twice is its first record's */
    return code < 0 ? ERR_MEMORY : 0;
}

/* The records by their names, for those who speak of them. */
static int name_records(struct matching *m, struct dict *names, uint32_t *index)
{
    struct buffer text = {0};
    uint32_t i = 0;
    int code = 0;
    for (int b = 0; b < m->n_batches; b++)
        for (int64_t row = 0; row < m->batches[b]->n_rows && code == 0; row++) {
            struct row_ref at = {m->batches[b], row};
            code = put_name(m, &at, i++, &text, names, index);
        }
    buffer_done(&text);
    return code;
}

/* decisions.csv beside the project, where there is one. */
static int read_decisions(struct matching *m, struct error *err)
{
    struct dict names;
    char *path = file_join(m->steps->project->folder, "decisions.csv");
    uint32_t *index = NULL;
    int code = path ? 0 : error_memory(err);
    if (code == 0 && file_exists(path)) {
        index = malloc((m->n + 1) * sizeof *index);
        code = dict_init(&names);
        if (code == 0 && (!index || name_records(m, &names, index) < 0))
            code = ERR_MEMORY;
        code =
            code < 0 ? error_memory(err) : decisions_read(path, &names, index, &m->decisions, err);
        dict_done(&names);
    }
    free(index);
    free(path);
    return code;
}

/* By source number: is the source said to hold nobody twice? NULL: none is. */
static uint8_t *clean_sources(const struct matching *m, struct error *err)
{
    uint8_t *clean = calloc(m->n + 1, 1);
    size_t at = 0;
    if (!clean)
        error_memory(err);
    for (int i = 0; clean && m->table.source && i < m->n_batches; i++)
        for (int64_t row = 0; row < m->batches[i]->n_rows; row++, at++) {
            const struct source *s = project_source(
                m->steps->project, column_slice(&m->batches[i]->columns[m->source], row));
            if (s && s->clean && m->table.source[at] < m->n)
                clean[m->table.source[at]] = 1;
        }
    return clean;
}

/* Matches, or with `ret_plan` plans. */
static int engine(struct matching *m, const struct match_step *step, struct match_report *report,
                  struct match_plan *ret_plan, struct error *err)
{
    struct match_options options = {.rules = step->rules ? step->rules : &m->steps->project->match,
                                    .effort = step->effort,
                                    .pool = m->steps->pool,
                                    .progress = m->steps->progress,
                                    .memory = (uint64_t)m->steps->memory};
    char *path = step->model_path ? strdup(step->model_path) : step_model_path(m->steps);
    int code = path ? model_open(step, path, &m->given, err) : error_memory(err);
    options.model = m->given;
    if (step->witness && step->witness->wants_evidence)
        options.evidence = &m->evidence;
    if (code == 0)
        code = match_table_from_records(m->batches, m->n_batches, m->steps->project->region,
                                        &m->table, err);
    m->table.batches = m->batches;
    m->table.n_batches = m->n_batches;
    if (code == 0 && m->given && !m->given->splink)
        code = model_columns_check_records(m->given, &m->table, path, err);
    if (code == 0)
        code = read_decisions(m, err);
    options.decisions = m->decisions.list;
    options.n_decisions = m->decisions.n;
    options.one_to_one = m->steps->project->match.one_to_one;
    uint8_t *clean = code == 0 ? clean_sources(m, err) : NULL;
    if (code == 0 && !clean)
        code = ERR_MEMORY;
    m->table.clean = clean;
    if (code == 0 && ret_plan)
        code = match_plan(&m->table, &options, ret_plan, err);
    else if (code == 0)
        code = match_records(&m->table, &options, &m->result, err);
    if (code == 0 && !ret_plan && !m->given && m->result.model)
        code = model_keep(path, m->result.model, err);
    if (code == 0 && !ret_plan)
        report_fill(m, report, !m->given);
    m->table.clean = NULL;
    free(clean);
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
    decisions_done(&m->decisions);
    if (m->result.model != m->given)
        match_model_free(m->result.model);
    match_model_free(m->given);
    match_result_done(&m->result);
    match_evidence_done(&m->evidence);
    schema_unref(m->schema);
    arena_done(&m->ids);
    free(m->members);
}

static int show_witness(const struct matching *m, const struct match_witness *w, struct error *err)
{
    const struct matched matched = {.table = &m->table,
                                    .result = &m->result,
                                    .evidence = w && w->wants_evidence ? &m->evidence : NULL,
                                    .model_given = m->given != NULL,
                                    .rules = &m->steps->project->match,
                                    .members = m->members};
    return w ? w->look(w->arg, &matched, err) : 0;
}

int step_match(struct steps *s, struct match_step *match, struct match_report *ret_report,
               struct stream **ret_linked, struct stream **ret_events, struct error *err)
{
    struct matching m = {.steps = s};
    struct stream *events = NULL;
    progress_stage(s->progress, "match", "records", 0);
    int code = load(&m, match->records, err);
    if (code == 0)
        code = engine(&m, match, ret_report, NULL, err);
    if (code == 0)
        code = identify(&m, match, &events, err);
    if (code == 0)
        code = show_witness(&m, match->witness, err);
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

int step_match_plan(struct steps *s, struct match_step *match, struct match_plan *ret,
                    struct error *err)
{
    struct matching m = {.steps = s};
    int code = load(&m, match->records, err);
    if (code == 0)
        code = engine(&m, match, NULL, ret, err);
    matching_done(&m);
    stream_close(match->records);
    stream_close(match->previous);
    match->records = match->previous = NULL;
    return code;
}
