#include "pipelines/dedupe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/builder.h"
#include "core/hash.h"
#include "pipelines/columns.h"
#include "pipelines/link.h"
#include "pipelines/model_columns.h"

enum { SOURCES_MAX = 4, SOURCES_SAID = 20 }; /* of a column that is not named like one */

struct deduping {
    const struct dedupe_options *o;
    struct schema *schema; /* of the input */
    struct batch **batches;
    int n_batches;
    struct coded_columns coded;
    struct meaning_column *meanings;
    struct match_result result;
    struct match_evidence evidence;
    uint64_t *tie;                     /* of each row's key; NULL: no sources */
    int key;                           /* column that names the rows, or -1 */
    const struct match_column *source; /* which says where a row is from, or NULL */
};

static int set_by_hand(struct deduping *d, struct error *err)
{
    for (int i = 0; i < d->o->n_as; i++) {
        const struct dedupe_as *as = &d->o->as[i];
        int column = schema_find(d->schema, as->column);
        if (column < 0)
            return schema_no_field(d->schema, as->column, err);
        d->meanings[column].meaning = as->meaning;
        d->meanings[column].fixed = 1;
    }
    return 0;
}

static void look(void *arg, size_t column)
{
    struct deduping *d = arg;
    columns_look(&d->coded, (int)column, &d->meanings[column].stats);
}

static int decide(struct deduping *d, struct dedupe_report *report, struct error *err)
{
    int n = d->coded.n_columns;
    d->meanings = calloc((size_t)n + 1, sizeof *d->meanings);
    report->columns = ARENA_ARRAY(&report->arena, struct dedupe_column, (size_t)n + 1);
    if (!d->meanings || !report->columns)
        return error_memory(err);
    for (int i = 0; i < n; i++)
        d->meanings[i].name = d->schema->fields[i].name;
    TRY(set_by_hand(d, err));
    if (d->o->model)
        model_columns_take(d->o->model, d->meanings, n);
    pool_for(d->o->pool, (size_t)n, look, d);
    meaning_decide(d->meanings, n, d->coded.n);
    if (d->o->model)
        TRY(model_columns_check(d->o->model, d->meanings, n, err));
    report->n_columns = n;
    for (int i = 0; i < n; i++) {
        d->coded.columns[i].meaning = d->meanings[i].meaning;
        report->columns[i] = (struct dedupe_column){
            .name = arena_copy(&report->arena, d->meanings[i].name),
            .meaning = d->meanings[i].meaning,
            .why = arena_string(&report->arena, slice_str(d->meanings[i].why))};
        if (!report->columns[i].name.ptr || !report->columns[i].why)
            return error_memory(err);
    }
    return 0;
}

/* A few values, one in every row, and not said to be anything else: the engine finds out whether
 * they are sources. */
static int may_be_source(const struct match_column *m, uint32_t n)
{
    uint32_t filled = 0;
    if ((m->meaning != MEANING_UNKNOWN && m->meaning != MEANING_CATEGORY) || m->values.n < 2 ||
        m->values.n > SOURCES_MAX)
        return 0;
    while (filled < n && m->codes[filled] != MATCH_MISSING)
        filled++;
    return filled == n;
}

/* The column that names the rows (each a name of its own), and the one that names their sources. */
static void find_names(struct deduping *d)
{
    d->key = -1;
    for (int i = 0; i < d->coded.n_columns; i++) {
        const struct match_column *m = &d->coded.columns[i];
        if (m->meaning == MEANING_KEY && d->key < 0 && m->values.n == d->coded.n)
            d->key = i;
        if (m->meaning == MEANING_SOURCE && !d->source)
            d->source = m;
    }
    for (int i = 0; i < d->coded.n_columns && !d->source; i++)
        if (may_be_source(&d->coded.columns[i], d->coded.n))
            d->source = &d->coded.columns[i];
}

/* Where rows of a source may not join, it shows which of several equal ones comes first. */
static int hash_keys(struct deduping *d, struct error *err)
{
    if (d->key < 0 || !d->source)
        return 0;
    const struct match_column *key = &d->coded.columns[d->key];
    d->tie = malloc(((size_t)d->coded.n + 1) * sizeof *d->tie);
    if (!d->tie)
        return error_memory(err);
    for (uint32_t i = 0; i < d->coded.n; i++) {
        struct slice s = dict_get(&key->values, key->codes[i]);
        d->tie[i] = hash_fixed(s.ptr, s.len);
    }
    return 0;
}

static int helps(enum meaning m)
{
    return m != MEANING_UNKNOWN && m != MEANING_KEY && m != MEANING_SOURCE;
}

/* A column that a blocking rule names takes part whatever it was taken for. */
static int blocks_by(const struct deduping *d, struct slice column)
{
    const struct match_rules *rules = d->o->rules;
    for (int i = 0; rules && i < rules->n_block; i++)
        for (int k = 0; k < rules->block[i].n_keys; k++)
            if (slice_equal_nocase(rules->block[i].keys[k].field, column))
                return 1;
    return 0;
}

/* The columns are views: the dictionaries stay ours. */
static int table_of(const struct deduping *d, struct match_table *t, struct error *err)
{
    *t = (struct match_table){.n = d->coded.n, .batches = d->batches, .n_batches = d->n_batches};
    t->columns = calloc((size_t)d->coded.n_columns + 1, sizeof *t->columns);
    if (d->source) {
        t->source = malloc(((size_t)d->coded.n + 1) * sizeof *t->source);
        for (uint32_t i = 0; t->source && i < d->coded.n; i++)
            t->source[i] = d->source->codes[i];
    }
    if (!t->columns || (d->source && !t->source))
        return error_memory(err);
    t->tie = d->tie;
    for (int i = 0; i < d->coded.n_columns; i++)
        if (helps(d->coded.columns[i].meaning) || blocks_by(d, d->coded.columns[i].name))
            t->columns[t->n_columns++] = d->coded.columns[i];
    return 0;
}

/* Matches, or with `ret_plan` plans. */
static int engine(struct deduping *d, struct match_plan *ret_plan, struct error *err)
{
    struct match_options options = {.rules = d->o->rules,
                                    .effort = d->o->effort,
                                    .one_to_one = d->o->one_to_one,
                                    .pool = d->o->pool,
                                    .progress = d->o->progress,
                                    .model = d->o->model,
                                    .memory = (uint64_t)d->o->memory};
    struct match_table table;
    int code = table_of(d, &table, err);
    if (d->o->witness && d->o->witness->wants_evidence)
        options.evidence = &d->evidence;
    if (code == 0)
        code = ret_plan ? match_plan(&table, &options, ret_plan, err)
                        : match_records(&table, &options, &d->result, err);
    free(table.columns);
    free(table.source);
    return code;
}

/* A row's name: its key, or its number. */
static struct slice row_name(const struct deduping *d, uint32_t row, char text[16])
{
    if (d->key >= 0)
        return dict_get(&d->coded.columns[d->key].values, d->coded.columns[d->key].codes[row]);
    return slice_of(text, (size_t)snprintf(text, 16, "%010u", row + 1));
}

static int name_rows(struct deduping *d, struct identity_member *members, struct arena *a)
{
    char text[16];
    for (uint32_t i = 0; i < d->coded.n; i++) {
        struct slice key = row_name(d, i, text);
        if (d->key < 0)
            key = arena_copy(a, key);
        if (!key.ptr)
            return ERR_MEMORY;
        members[i] = (struct identity_member){.key = key, .cluster = d->result.cluster[i]};
    }
    return 0;
}

static int show_witness(struct deduping *d, const struct identity_member *members,
                        struct error *err)
{
    const struct match_witness *w = d->o->witness;
    struct match_table table;
    if (!w)
        return 0;
    int code = table_of(d, &table, err);
    const struct matched m = {.table = &table,
                              .result = &d->result,
                              .evidence = w->wants_evidence ? &d->evidence : NULL,
                              .model_given = d->o->model != NULL,
                              .rules = d->o->rules,
                              .members = members};
    if (code == 0)
        code = w->look(w->arg, &m, err);
    free(table.columns);
    free(table.source);
    return code;
}

static int identify_and_link(struct deduping *d, struct stream **ret, struct error *err)
{
    struct arena ids;
    struct identity_member *members = calloc((size_t)d->coded.n + 1, sizeof *members);
    arena_init(&ids, 0);
    int code = members && name_rows(d, members, &ids) == 0 ? 0 : error_memory(err);
    if (code == 0)
        code = identity_assign(members, d->coded.n, NULL, INT64_MIN, &ids, NULL, err);
    if (code == 0)
        code = show_witness(d, members, err);
    if (code == 0)
        code = link_batches_by(d->o->pool, d->schema, &d->batches, &d->n_batches, members,
                               d->result.probability, ret, err);
    free(members);
    arena_done(&ids);
    return code;
}

static int compare_slices(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* "'a', 'b' and 'c'", in order of name; NULL when there are none. */
static const char *clean_names(const struct deduping *d, struct arena *a)
{
    struct slice names[SOURCES_SAID];
    uint32_t n = 0;
    struct buffer text = {0};
    for (uint32_t s = 0; d->source && s < d->result.n_sources && n < SOURCES_SAID; s++)
        if (d->result.clean[s])
            names[n++] = dict_get(&d->source->values, s);
    if (n)
        qsort(names, n, sizeof *names, compare_slices);
    for (uint32_t i = 0; i < n; i++)
        if (buffer_printf(&text, "%s'%.*s'",
                          i == 0       ? ""
                          : i + 1 == n ? " and "
                                       : ", ",
                          (int)(names[i].len < 60 ? names[i].len : 60), names[i].ptr) < 0)
            n = 0;
    const char *said = n ? arena_string(a, buffer_view(&text)) : NULL;
    buffer_done(&text);
    return said;
}

static void warn_of_id(struct dedupe_report *r, struct slice id, const char *how, uint32_t rows)
{
    const int most = (int)(sizeof r->warnings / sizeof *r->warnings);
    if (rows && r->n_warnings < most)
        snprintf(r->warnings[r->n_warnings++], sizeof *r->warnings,
                 "the id '%.*s' %s in %u rows: customers are named after row numbers",
                 (int)(id.len < 60 ? id.len : 60), id.ptr, how, rows);
}

/* An id column that does not name every row once is not what customers are named after. */
static void report_names(const struct deduping *d, struct dedupe_report *r)
{
    for (int i = 0; i < d->coded.n_columns && d->key < 0; i++) {
        const struct match_column *m = &d->coded.columns[i];
        uint32_t filled = 0;
        for (uint32_t row = 0; m->meaning == MEANING_KEY && row < d->coded.n; row++)
            filled += m->codes[row] != MATCH_MISSING;
        if (!filled)
            continue;
        warn_of_id(r, m->name, "is missing", d->coded.n - filled);
        warn_of_id(r, m->name, "is one of another row", filled - m->values.n);
    }
}

static void report_fill(const struct deduping *d, struct dedupe_report *r)
{
    r->rows = d->coded.n;
    r->candidates = d->result.n_candidates;
    link_sizes(d->result.cluster, d->coded.n, &r->customers, &r->largest);
    r->clean = clean_names(d, &r->arena);
    r->n_warnings = d->result.n_warnings;
    memcpy(r->warnings, d->result.warnings, sizeof r->warnings);
    report_names(d, r);
}

static void deduping_done(struct deduping *d)
{
    batches_free(d->batches, d->n_batches);
    columns_done(&d->coded);
    if (d->result.model != d->o->model)
        match_model_free(d->result.model);
    match_result_done(&d->result);
    match_evidence_done(&d->evidence);
    schema_unref(d->schema);
    free(d->meanings);
    free(d->tie);
}

/* What was deduped before has our columns already; two of one name would make the output
 * unreadable.
 */
static int refuse_results(const struct schema *schema, struct error *err)
{
    static const struct slice ours[] = {SLICE_INIT("customer_id"), SLICE_INIT("match_probability")};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (schema_find(schema, ours[i]) >= 0)
            return error_set(err, ERR_DATA,
                             "the input has a column '%s' already, as dedupe adds it: leave it "
                             "out with 'sluice read --columns' first",
                             ours[i].ptr);
    return 0;
}

/* A blocking rule names columns of the input. */
static int check_rules(const struct deduping *d, struct error *err)
{
    const struct match_rules *rules = d->o->rules;
    for (int i = 0; rules && i < rules->n_block; i++)
        for (int k = 0; k < rules->block[i].n_keys; k++) {
            struct slice field = rules->block[i].keys[k].field;
            int found = 0;
            for (int c = 0; c < d->schema->n_fields; c++)
                found |= slice_equal_nocase(d->schema->fields[c].name, field);
            if (!found)
                return schema_no_field(d->schema, field, err);
        }
    return 0;
}

static int load(struct deduping *d, struct stream *rows, struct dedupe_report *report,
                struct error *err)
{
    d->schema = schema_ref(rows->schema);
    TRY(stream_collect(rows, &d->batches, &d->n_batches, err));
    progress_stage(d->o->progress, "collecting values", "columns", 0);
    TRY(columns_code(d->batches, d->n_batches, d->schema, d->o->pool, &d->coded, err));
    TRY(check_rules(d, err));
    TRY(decide(d, report, err));
    find_names(d);
    TRY(hash_keys(d, err));
    report->rows = d->coded.n;
    return 0;
}

static int work(struct deduping *d, struct stream *rows, struct dedupe_report *report,
                struct stream **ret, struct error *err)
{
    TRY(refuse_results(rows->schema, err));
    TRY(load(d, rows, report, err));
    TRY(engine(d, NULL, err));
    progress_stage(d->o->progress, "naming customers", "records", 0);
    report_fill(d, report);
    return identify_and_link(d, ret, err);
}

int dedupe_rows(struct stream *rows, const struct dedupe_options *options,
                struct dedupe_report *ret_report, struct stream **ret, struct error *err)
{
    struct deduping d = {.o = options};
    *ret_report = (struct dedupe_report){0};
    int code = work(&d, rows, ret_report, ret, err);
    deduping_done(&d);
    stream_close(rows);
    return code;
}

int dedupe_plan(struct stream *rows, const struct dedupe_options *options,
                struct dedupe_report *ret_report, struct match_plan *ret, struct error *err)
{
    struct deduping d = {.o = options};
    *ret_report = (struct dedupe_report){0};
    int code = load(&d, rows, ret_report, err);
    if (code == 0)
        code = engine(&d, ret, err);
    deduping_done(&d);
    stream_close(rows);
    return code;
}

static int show(struct deduping *d, int (*fn)(void *, const struct dedupe_view *, struct error *),
                void *arg, struct error *err)
{
    struct match_table table;
    struct dedupe_view view = {.table = &table};
    int code = table_of(d, &table, err);
    if (d->key >= 0)
        view.key = &d->coded.columns[d->key];
    if (code == 0)
        code = fn(arg, &view, err);
    free(table.columns);
    free(table.source);
    return code;
}

int dedupe_look(struct stream *rows, const struct dedupe_options *options,
                int (*fn)(void *arg, const struct dedupe_view *view, struct error *err), void *arg,
                struct dedupe_report *ret_report, struct error *err)
{
    struct deduping d = {.o = options};
    *ret_report = (struct dedupe_report){0};
    int code = load(&d, rows, ret_report, err);
    if (code == 0)
        code = show(&d, fn, arg, err);
    deduping_done(&d);
    stream_close(rows);
    return code;
}
