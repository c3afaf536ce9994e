#include "pipelines/train/train.h"

#include <stdlib.h>

#include "core/rows.h"
#include "transform/match/table.h"

struct training {
    struct train_options *o;
    struct train_report *report;
    const struct match_table *table;
    struct dict *ids; /* names of the records, in their order; empty: they have none */
    struct label_list labels;
    struct match_label *some;        /* of a fold */
    const struct match_rules *rules; /* the project's, for its own records alone */
};

static int engine(const struct training *t, const struct match_label *labels, size_t n,
                  struct match_result *ret, struct error *err)
{
    const struct match_labels given = {.list = labels, .n = n, .weight = t->o->label_weight};
    const struct match_options options = {.rules = t->rules,
                                          .effort = t->o->rows.effort,
                                          .pool = t->o->rows.pool,
                                          .progress = t->o->rows.progress,
                                          .labels = n ? &given : NULL};
    return match_records(t->table, &options, ret, err);
}

static void result_done(struct match_result *r)
{
    match_model_free(r->model);
    match_result_done(r);
}

static void count_right(const struct match_result *r, const struct match_label *l,
                        struct label_rates *rates)
{
    int together = r->cluster[l->a] == r->cluster[l->b];
    *(l->same ? &rates->same : &rates->different) += 1;
    rates->same_right += l->same && together;
    rates->different_wrong += !l->same && together;
}

static int in_fold(const struct training *t, size_t label, int fold)
{
    return (int)(t->labels.group[label] % (uint64_t)t->report->folds) == fold;
}

static int judge_fold(struct training *t, int fold, struct error *err)
{
    struct match_result r;
    size_t n = 0;
    for (size_t i = 0; i < t->labels.n; i++)
        if (!in_fold(t, i, fold))
            t->some[n++] = t->labels.list[i];
    TRY(engine(t, t->some, n, &r, err));
    for (size_t i = 0; i < t->labels.n; i++)
        if (in_fold(t, i, fold))
            count_right(&r, &t->labels.list[i], &t->report->after);
    result_done(&r);
    return 0;
}

/* Without any label, and without the fold's own. */
static int judge_by_labels(struct training *t, const struct match_result *unlabelled,
                           struct error *err)
{
    if (t->labels.n < TRAIN_JUDGE_LABELS)
        return 0;
    t->report->folds = t->table->n > TRAIN_LARGE ? TRAIN_FOLDS_LARGE : TRAIN_FOLDS;
    t->some = malloc(t->labels.n * sizeof *t->some);
    if (!t->some)
        return error_memory(err);
    for (size_t i = 0; i < t->labels.n; i++)
        count_right(unlabelled, &t->labels.list[i], &t->report->before);
    for (int fold = 0; fold < t->report->folds; fold++)
        TRY(judge_fold(t, fold, err));
    return 0;
}

static void count_customers(struct training *t, const struct match_result *r)
{
    t->report->records = t->table->n;
    t->report->customers = 0;
    t->report->candidates = r->n_candidates;
    for (uint32_t i = 0; i < t->table->n; i++)
        t->report->customers += r->cluster[i] == i;
    t->report->n_warnings = r->n_warnings;
    memcpy(t->report->warnings, r->warnings, sizeof r->warnings);
}

static int train_unlabelled(struct training *t, struct error *err)
{
    struct match_result r;
    TRY(engine(t, NULL, 0, &r, err));
    t->report->unlabelled = r.model;
    count_customers(t, &r);
    int code = judge_by_labels(t, &r, err);
    match_result_done(&r);
    return code;
}

static double f1(const struct label_rates *r)
{
    int64_t wrong = r->different_wrong + r->same - r->same_right;
    return r->same_right ? 2.0 * (double)r->same_right / (double)(2 * r->same_right + wrong) : 0;
}

static int train(struct training *t, struct error *err)
{
    struct match_result r;
    struct train_report *report = t->report;
    if (t->labels.n)
        TRY(train_unlabelled(t, err));
    if (report->folds && f1(&report->after) <= f1(&report->before)) {
        report->refused = 1;
        report->model = report->unlabelled;
        report->unlabelled = NULL;
        return 0;
    }
    TRY(engine(t, t->labels.list, t->labels.n, &r, err));
    count_customers(t, &r);
    report->model = r.model;
    match_result_done(&r);
    return 0;
}

static int read_labels(struct training *t, struct error *err)
{
    struct train_options *o = t->o;
    struct stream *rows = o->labels;
    if (!rows)
        return 0;
    o->labels = NULL;
    if (!t->ids->n && t->table->n) {
        stream_close(rows);
        return error_set(err, ERR_USAGE,
                         "labels need records with names: say with --id which column holds the "
                         "rows' own ids, each once");
    }
    o->label_file.ids = t->ids;
    TRY(label_file_read(rows, &o->label_file, &t->labels, err));
    t->report->labels = t->labels;
    t->report->labels.list = NULL;
    t->report->labels.group = NULL;
    return o->judge_labels ? o->judge_labels(o->arg, &t->labels, err) : 0;
}

static int work(struct training *t, struct error *err)
{
    int code = read_labels(t, err);
    if (code == 0)
        code = train(t, err);
    label_list_done(&t->labels);
    free(t->some);
    return code;
}

static int train_rows(void *arg, const struct dedupe_view *view, struct error *err)
{
    struct training *t = arg;
    struct dict none = {0}, names;
    t->ids = &none;
    if (view->key) {
        names = view->key->values; /* a view: each row's code is its number */
        t->ids = &names;
    }
    t->table = view->table;
    return work(t, err);
}

/* Records are named as explain names them: source:key. */
static int name_records(struct batch *const *batches, int n_batches, const struct schema *schema,
                        struct dict *ret, struct error *err)
{
    struct buffer name = {0};
    int source = schema_find(schema, SLICE_LIT("source")),
        key = schema_find(schema, SLICE_LIT("key"));
    int code = 0;
    for (int b = 0; b < n_batches && code == 0; b++)
        for (int64_t row = 0; row < batches[b]->n_rows && code == 0; row++) {
            const struct row_ref r = {batches[b], row};
            struct slice from = row_text(&r, source), own = row_text(&r, key);
            uint32_t before = ret->n;
            buffer_reset(&name);
            if (buffer_slice(&name, from) < 0 || buffer_putc(&name, ':') < 0 ||
                buffer_slice(&name, own) < 0 || dict_add(ret, buffer_view(&name)) < 0)
                code = error_memory(err);
            else if (ret->n == before)
                code = error_set(err, ERR_DATA, "record '%.*s' is there twice", (int)name.len,
                                 (const char *)name.data);
        }
    buffer_done(&name);
    return code;
}

static int train_records(struct training *t, struct stream *records, struct error *err)
{
    struct match_table table = {0};
    struct dict ids = {0};
    struct batch **batches = NULL;
    int n_batches = 0;
    TRY(schema_need_text(records->schema, SLICE_LIT("source"), "records", err));
    TRY(schema_need_text(records->schema, SLICE_LIT("key"), "records", err));
    TRY(stream_collect(records, &batches, &n_batches, err));
    int code = dict_init(&ids) < 0 ? error_memory(err) : 0;
    if (code == 0 && t->o->labels)
        code = name_records(batches, n_batches, records->schema, &ids, err);
    if (code == 0)
        code = match_table_from_records(batches, n_batches, t->o->project->region, &table, err);
    t->ids = &ids;
    t->table = &table;
    if (code == 0)
        code = work(t, err);
    match_table_done(&table);
    dict_done(&ids);
    batches_free(batches, n_batches);
    return code;
}

int train_is_canonical(const struct schema *s, const struct project *p)
{
    return p && schema_find(s, SLICE_LIT("source")) >= 0 && schema_find(s, SLICE_LIT("key")) >= 0;
}

int train_model(struct stream *records, struct train_options *options,
                struct train_report *ret_report, struct error *err)
{
    struct training t = {.o = options, .report = ret_report};
    int code;
    *ret_report = (struct train_report){0};
    if (train_is_canonical(records->schema, options->project)) {
        t.rules = &options->project->match;
        code = train_records(&t, records, err);
        stream_close(records);
    } else {
        code = dedupe_look(records, &options->rows, train_rows, &t, &ret_report->rows, err);
    }
    stream_close(options->labels);
    options->labels = NULL;
    return code;
}

void train_report_done(struct train_report *r)
{
    match_model_free(r->model);
    match_model_free(r->unlabelled);
    arena_done(&r->rows.arena);
    *r = (struct train_report){0};
}
