#include "pipelines/dedupe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/builder.h"
#include "pipelines/columns.h"
#include "pipelines/link.h"

struct deduping {
    const struct dedupe_options *o;
    struct schema *schema; /* of the input */
    struct batch **batches;
    int n_batches;
    struct coded_columns coded;
    struct meaning_column *meanings;
    struct match_result result;
    int key;                /* column that names the rows, or -1 */
    const uint32_t *source; /* codes of the source column, or NULL */
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
    pool_for(d->o->pool, (size_t)n, look, d);
    meaning_decide(d->meanings, n, d->coded.n);
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

/* The column that names the rows (each a name of its own), and the one that names their sources. */
static void find_names(struct deduping *d)
{
    d->key = -1;
    for (int i = 0; i < d->coded.n_columns; i++) {
        const struct match_column *m = &d->coded.columns[i];
        if (m->meaning == MEANING_KEY && d->key < 0 && m->values.n == d->coded.n)
            d->key = i;
        if (m->meaning == MEANING_SOURCE && !d->source)
            d->source = m->codes;
    }
}

static int helps(enum meaning m)
{
    return m != MEANING_UNKNOWN && m != MEANING_KEY && m != MEANING_SOURCE;
}

static int engine(struct deduping *d, struct error *err)
{
    struct match_options options = {.rules = d->o->rules,
                                    .effort = d->o->effort,
                                    .pool = d->o->pool,
                                    .progress = d->o->progress,
                                    .model = d->o->model,
                                    .memory = (uint64_t)d->o->memory};
    struct match_table table = {.n = d->coded.n};
    uint32_t *source = NULL;
    table.columns = calloc((size_t)d->coded.n_columns + 1, sizeof *table.columns);
    if (d->source) {
        source = malloc(((size_t)d->coded.n + 1) * sizeof *source);
        for (uint32_t i = 0; source && i < d->coded.n; i++)
            source[i] = d->source[i];
        table.source = source;
    }
    int code = table.columns && (source || !d->source) ? 0 : error_memory(err);
    for (int i = 0; code == 0 && i < d->coded.n_columns; i++)
        if (helps(d->coded.columns[i].meaning))
            table.columns[table.n_columns++] =
                d->coded.columns[i]; /* a view: the dictionary stays ours */
    if (code == 0)
        code = match_records(&table, &options, &d->result, err);
    free(table.columns);
    free(source);
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

static int identify_and_link(struct deduping *d, struct stream **ret, struct error *err)
{
    struct arena ids;
    struct identity_member *members = calloc((size_t)d->coded.n + 1, sizeof *members);
    arena_init(&ids, 0);
    int code = members && name_rows(d, members, &ids) == 0 ? 0 : error_memory(err);
    if (code == 0)
        code = identity_assign(members, d->coded.n, NULL, INT64_MIN, &ids, NULL, err);
    if (code == 0)
        code = link_batches(d->schema, &d->batches, &d->n_batches, members, d->result.probability,
                            ret, err);
    free(members);
    arena_done(&ids);
    return code;
}

static void report_fill(const struct deduping *d, struct dedupe_report *r)
{
    r->rows = d->coded.n;
    r->candidates = d->result.n_candidates;
    link_sizes(d->result.cluster, d->coded.n, &r->customers, &r->largest);
    r->n_warnings = d->result.n_warnings;
    memcpy(r->warnings, d->result.warnings, sizeof r->warnings);
}

static void deduping_done(struct deduping *d)
{
    batches_free(d->batches, d->n_batches);
    columns_done(&d->coded);
    if (d->result.model != d->o->model)
        match_model_free(d->result.model);
    match_result_done(&d->result);
    schema_unref(d->schema);
    free(d->meanings);
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
                             "the input has a column '%s' already, and dedupe adds one of that "
                             "name: leave it out with 'sluice read --columns' first",
                             ours[i].ptr);
    return 0;
}

static int work(struct deduping *d, struct stream *rows, struct dedupe_report *report,
                struct stream **ret, struct error *err)
{
    d->schema = schema_ref(rows->schema);
    TRY(refuse_results(d->schema, err));
    TRY(stream_collect(rows, &d->batches, &d->n_batches, err));
    TRY(columns_code(d->batches, d->n_batches, d->schema, d->o->pool, &d->coded, err));
    TRY(decide(d, report, err));
    find_names(d);
    progress_stage(d->o->progress, "match", "records", 0);
    TRY(engine(d, err));
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
