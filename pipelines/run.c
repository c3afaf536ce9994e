#include "pipelines/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/hash.h"
#include "pipelines/lake.h"
#include "pipelines/landing.h"
#include "pipelines/rejected.h"
#include "pipelines/stage.h"
#include "transform/golden/golden.h"

static const char *const step_names[RUN_STEPS] = {"pull", "map", "match", "merge", "write"};

const char *run_step_name(enum run_step step)
{
    return step_names[step];
}

int run_step_parse(const char *name, enum run_step *ret, struct error *err)
{
    for (int i = 0; i < RUN_STEPS; i++)
        if (strcmp(name, step_names[i]) == 0) {
            *ret = (enum run_step)i;
            return 0;
        }
    return error_set(err, ERR_USAGE, "no step '%s': they are pull, map, match, merge and write",
                     name);
}

/* A run at work. */
struct run {
    const struct run_options *o;
    const struct project *project;
    struct arena arena;
    struct run_row last, now;
    struct stage stage;
    struct steps steps;
    int64_t previous_xref; /* version of customer_xref that the last run left; -1: none */
    int lock;
};

static void say(const struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(const struct run *r, const char *format, ...)
{
    char text[512];
    va_list args;
    if (!r->o->say)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    progress_end(r->o->progress);
    r->o->say(r->o->say_arg, text);
}

static int64_t now_micros(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* -- pull -----------------------------------------------------------------------------------------
 */

static int pull(struct run *r, enum pull_mode mode, struct error *err)
{
    for (int i = 0; i < r->project->n_sources; i++) {
        struct pull_counts c;
        const struct source *s = &r->project->sources[i];
        TRY(landing_pull(r->project, s, mode, &c, err));
        say(r, "pull   %-12s %d %s found, %d new", s->name.ptr, c.found,
            c.found == 1 ? "file" : "files", c.landed);
    }
    return 0;
}

/* -- what was, and whether there is anything to do ------------------------------------------------
 */

/* All that the tables follow from but the model: the project file, what has landed, and ourselves.
 */
static int key_of(struct run *r, char ret_hex[65], struct error *err)
{
    char landed[65];
    TRY(landing_digest(r->project, landed, err));
    char *text =
        arena_printf(&r->arena, "%s %s %s effort=%d as_of=%lld", SLUICE_VERSION, r->project->digest,
                     landed, (int)r->o->effort, (long long)r->o->as_of);
    if (!text)
        return error_memory(err);
    sha256_of(text, strlen(text), ret_hex);
    return 0;
}

static json_t *last_tables(const struct run *r)
{
    return r->last.tables.len ? json_loadb(r->last.tables.ptr, r->last.tables.len, 0, NULL) : NULL;
}

/* Do the tables stand as the last run left them? A run that stopped halfway, or somebody else, may
 * have moved them on. */
static int tables_as_left(struct run *r, json_t *tables, struct error *err)
{
    const char *name;
    json_t *version;
    json_object_foreach(tables, name, version)
    {
        char *path = lake_path(r->project, name);
        if (!path)
            return error_memory(err);
        int64_t stands = table_exists(path) ? table_version(path, err) : -1;
        free(path);
        if (stands != json_integer_value(version))
            return 0;
    }
    return 1;
}

static int model_stands(const struct run *r)
{
    struct match_model *model;
    char digest[65] = "";
    char *path = step_model_path(&r->steps);
    if (path && match_model_read(path, &model, NULL) == 0) {
        match_model_digest(model, digest);
        match_model_free(model);
    }
    free(path);
    return slice_equal(r->last.model, slice_str(digest));
}

/* 1: this very run was done before and everything is as it left it. */
static int nothing_new(struct run *r, struct error *err)
{
    if (!r->last.run || !slice_equal(r->last.key, r->now.key) || !model_stands(r))
        return 0;
    json_t *tables = last_tables(r);
    int same = tables_as_left(r, tables, err);
    json_decref(tables);
    return same;
}

/* The stage belongs to the run's number too: the same input after another run starts from other
 * ids. */
static int stage_of(struct run *r, struct error *err)
{
    char key[65];
    char *text = arena_printf(&r->arena, "%s %lld", r->now.key.ptr, (long long)r->now.run);
    if (!text)
        return error_memory(err);
    sha256_of(text, strlen(text), key);
    TRY(stage_prune(r->project, key, err));
    return stage_open(&r->stage, r->project, key, r->o->pool, err);
}

static int begin(struct run *r, struct error *err)
{
    char key[65];
    TRY(run_last(r->project, &r->arena, &r->last, err));
    TRY(key_of(r, key, err));
    r->now = (struct run_row){.run = r->last.run + 1, .started = now_micros(), .as_of = AS_OF_NONE};
    r->now.key = arena_copy(&r->arena, slice_str(key));
    json_t *tables = last_tables(r), *xref = json_object_get(tables, "customer_xref");
    r->previous_xref = xref ? json_integer_value(xref) : -1;
    json_decref(tables);
    return r->now.key.ptr ? 0 : error_memory(err);
}

/* -- map ------------------------------------------------------------------------------------------
 */

static int put_totals(struct run *r, const char *name, struct error *err)
{
    struct buffer text = {0};
    TRY(totals_check(&r->steps.totals, name, err));
    if (totals_json(&r->steps.totals, &text) < 0)
        return error_memory(err);
    json_t *value = json_loadb((const char *)text.data, text.len, 0, NULL);
    buffer_done(&text);
    return stage_put(&r->stage, name, value, err);
}

static void say_counts(struct run *r, const char *what, const struct source_counts *counts)
{
    for (int i = 0; i < r->project->n_sources; i++) {
        const struct source_counts *c = &counts[i];
        if (!c->source.ptr || !c->in)
            continue;
        say(r, "map    %-12s %lld %s in: %lld out, %lld rejected, %lld filtered, %lld duplicates",
            c->source.ptr, (long long)c->in, what, (long long)c->out, (long long)c->rejected,
            (long long)c->filtered, (long long)c->duplicates);
    }
}

/* Maps all of a kind into the stage's file; *ret_newest is the newest business time. */
static int map_kind(struct run *r, enum canonical_kind kind, const char *file, int64_t *ret_newest,
                    int64_t *ret_rows, struct error *err)
{
    const char *what = kind == CANONICAL_RECORD ? "records" : "events";
    struct source_counts *counts =
        ARENA_ARRAY(&r->arena, struct source_counts, (size_t)r->project->n_sources);
    struct stream *rows;
    struct rejects *rejects = rejects_new();
    if (!counts || !rejects)
        return error_memory(err);
    r->steps.rejects = rejects;
    progress_stage(r->o->progress, kind == CANONICAL_RECORD ? "map records" : "map events", "rows",
                   0);
    int code = step_map(&r->steps, kind, counts, &rows, err);
    if (code == 0)
        code = rejected_keep_time(&rows, kind, ret_newest, err);
    if (code == 0)
        code = stage_pump(&r->stage, file, rows, ret_rows, err);
    say_counts(r, what, counts);
    rejected_say(rejects, r->o->say, r->o->say_arg);
    if (code == 0)
        r->now.rejects += rejects_count(rejects);
    if (code == 0)
        code = rejected_stream(rejects, *ret_newest, &rows, err);
    if (code == 0)
        code = stage_pump(&r->stage, kind == CANONICAL_RECORD ? "rejects" : "rejects-events", rows,
                          NULL, err);
    rejects_free(rejects);
    r->steps.rejects = NULL;
    return code < 0 ? code : put_totals(r, what, err);
}

static int step_of_map(struct run *r, struct error *err)
{
    int64_t records_newest, events_newest;
    TRY(map_kind(r, CANONICAL_RECORD, "records", &records_newest, &r->now.records, err));
    TRY(map_kind(r, CANONICAL_EVENT, "events", &events_newest, &r->now.events, err));
    r->now.as_of = r->o->as_of != AS_OF_NONE ? r->o->as_of : records_newest;
    TRY(stage_put(&r->stage, "as_of", json_integer(r->now.as_of), err));
    TRY(stage_put(&r->stage, "n_records", json_integer(r->now.records), err));
    TRY(stage_put(&r->stage, "n_events", json_integer(r->now.events), err));
    return stage_put(&r->stage, "n_rejects", json_integer(r->now.rejects), err);
}

/* -- match, merge ---------------------------------------------------------------------------------
 */

static int step_of_match(struct run *r, struct error *err)
{
    struct match_step m = {.effort = r->o->effort,
                           .as_of = stage_number(&r->stage, "as_of", AS_OF_NONE)};
    struct match_report report;
    struct stream *linked, *events;
    TRY(stage_read(&r->stage, "records", &m.records, err));
    if (r->previous_xref >= 0)
        TRY(lake_read(r->project, "customer_xref", r->previous_xref, &m.previous, err));
    TRY(step_match(&r->steps, &m, &report, &linked, &events, err));
    int code = stage_pump(&r->stage, "linked", linked, NULL, err);
    if (code < 0)
        stream_close(events);
    else
        code = stage_pump(&r->stage, "identity", events, NULL, err);
    TRY(code);
    for (int i = 0; i < report.n_warnings; i++)
        say(r, "match  warning: %s", report.warnings[i]);
    say(r, "match  %lld records are %lld customers (%lld candidate pairs, largest %lld records)%s",
        (long long)report.records, (long long)report.customers, (long long)report.candidates,
        (long long)report.largest, report.trained ? "; trained a model" : "");
    TRY(stage_put(&r->stage, "n_customers", json_integer(report.customers), err));
    return stage_put(&r->stage, "model", json_string(report.model_digest), err);
}

static int step_of_merge(struct run *r, struct error *err)
{
    struct stream *linked, *customers, *lineage;
    struct golden_options options = {
        .rules = &r->project->golden, .pool = r->o->pool, .totals = &r->steps.totals};
    int64_t n;
    r->steps.totals = (struct totals){0};
    progress_stage(r->o->progress, "merge", "records", 0);
    TRY(stage_read(&r->stage, "linked", &linked, err));
    TRY(golden_merge(linked, &options, &customers, &lineage, err));
    int code = stage_pump(&r->stage, "customers", customers, &n, err);
    if (code < 0)
        stream_close(lineage);
    else
        code = stage_pump(&r->stage, "lineage", lineage, NULL, err);
    TRY(code);
    say(r, "merge  %lld golden records", (long long)n);
    return put_totals(r, "merge", err);
}

/* -- write ----------------------------------------------------------------------------------------
 */

struct staged_table {
    const char *table, *file;
};

static const struct staged_table staged_tables[] = {
    {"source_record", "linked"},     {"customer_xref", "linked"},  {"customer", "customers"},
    {"customer_lineage", "lineage"}, {"event", "events"},          {"identity_event", "identity"},
    {"reject", "rejects"},           {"reject", "rejects-events"},
};

/* The rows of a table, from what is staged. */
static int table_rows(struct run *r, const struct staged_table *t, struct stream **ret,
                      struct error *err)
{
    static const struct slice xref[] = {SLICE_INIT("source"), SLICE_INIT("key"),
                                        SLICE_INIT("customer_id"), SLICE_INIT("match_probability")};
    struct stream *linked;
    TRY(stage_read(&r->stage, t->file, ret, err));
    if (strcmp(t->table, "customer_xref") == 0)
        return stream_columns(*ret, xref, 4, ret, err);
    if (strcmp(t->table, "event") != 0)
        return 0;
    int code = stage_read(&r->stage, "linked", &linked, err);
    if (code < 0) {
        stream_close(*ret);
        return code;
    }
    return step_attach(&r->steps, *ret, linked, &r->now.orphans, ret, err);
}

static int write_table(struct run *r, const struct staged_table *t, json_t *versions,
                       struct error *err)
{
    struct stream *rows;
    struct table_commit done = {0};
    /* A table that takes two files gets two commits; each has a name of its own in the table's log.
     */
    struct lake_commit by = {.key = arena_printf(&r->arena, "%s/%s", r->now.key.ptr, t->file),
                             .run = r->now.run,
                             .pool = r->o->pool,
                             .memory = r->o->memory};
    if (!by.key)
        return error_memory(err);
    TRY(table_rows(r, t, &rows, err));
    progress_stage(r->o->progress, t->table, "rows", 0);
    TRY(lake_write(r->project, t->table, rows, &by, &done, err));
    if (json_object_set_new(versions, t->table, json_integer(done.version)) < 0)
        return error_memory(err);
    if (done.already)
        say(r, "write  %-16s was written before", t->table);
    else
        say(r, "write  %-16s %lld rows", t->table, (long long)done.rows);
    if (strcmp(t->table, "event") == 0 && r->now.orphans)
        say(r, "write  warning: %lld events belong to no customer: no record has their key",
            (long long)r->now.orphans);
    return 0;
}

static int copy_json(struct run *r, json_t *value, struct slice *ret, struct error *err)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    if (!text)
        return error_memory(err);
    *ret = arena_copy(&r->arena, slice_str(text));
    free(text);
    return ret->ptr ? 0 : error_memory(err);
}

static json_t *all_totals(struct run *r)
{
    static const char *const names[] = {"records", "events", "merge"};
    json_t *all = json_object();
    for (size_t i = 0; all && i < sizeof names / sizeof *names; i++)
        json_object_set(all, names[i], json_object_get(r->stage.note, names[i]));
    return all;
}

/* The row of the run: what makes it have happened. */
static int write_run(struct run *r, json_t *versions, struct error *err)
{
    const char *model = json_string_value(json_object_get(r->stage.note, "model"));
    struct lake_commit by = {.key = r->now.key.ptr, .run = r->now.run, .pool = r->o->pool};
    json_t *totals = all_totals(r);
    int code = copy_json(r, totals, &r->now.totals, err);
    json_decref(totals);
    TRY(code);
    TRY(copy_json(r, versions, &r->now.tables, err));
    r->now.model = slice_str(model ? model : "");
    r->now.as_of = stage_number(&r->stage, "as_of", AS_OF_NONE);
    r->now.records = stage_number(&r->stage, "n_records", 0);
    r->now.events = stage_number(&r->stage, "n_events", 0);
    r->now.rejects = stage_number(&r->stage, "n_rejects", 0);
    r->now.customers = stage_number(&r->stage, "n_customers", 0);
    r->now.finished = now_micros();
    TRY(run_append(r->project, &r->now, &by, err));
    say(r,
        "run %lld done in %.1f s: %lld records, %lld customers, %lld events, %lld rejects; the "
        "lake is '%s'",
        (long long)r->now.run, (double)(r->now.finished - r->now.started) / 1e6,
        (long long)r->now.records, (long long)r->now.customers, (long long)r->now.events,
        (long long)r->now.rejects, r->project->lake);
    return 0;
}

static int step_of_write(struct run *r, struct error *err)
{
    json_t *versions = json_object();
    int code = versions ? 0 : error_memory(err);
    for (size_t i = 0; code == 0 && i < sizeof staged_tables / sizeof *staged_tables; i++)
        code = write_table(r, &staged_tables[i], versions, err);
    if (code == 0)
        code = write_run(r, versions, err);
    json_decref(versions);
    return code;
}

/* -- all of it ------------------------------------------------------------------------------------
 */

static int run_steps(struct run *r, struct error *err)
{
    static int (*const work[RUN_STEPS])(struct run *,
                                        struct error *) = {[RUN_MAP] = step_of_map,
                                                           [RUN_MATCH] = step_of_match,
                                                           [RUN_MERGE] = step_of_merge,
                                                           [RUN_WRITE] = step_of_write};
    for (int step = RUN_MAP; step <= (int)r->o->stop; step++) {
        int done = stage_is_done(&r->stage, step_names[step]);
        if (done && step != (int)r->o->start) {
            say(r, "%-6s done before, kept", step_names[step]);
            continue;
        }
        if (!done && step < (int)r->o->start)
            return error_set(err, ERR_INPUT, "--start %s: there is no result of '%s' to start from",
                             step_names[r->o->start], step_names[step]);
        TRY(work[step](r, err));
        TRY(stage_mark_done(&r->stage, step_names[step], err));
    }
    return 0;
}

static int run_locked(struct run *r, struct error *err)
{
    if (r->o->start == RUN_PULL)
        TRY(pull(r, PULL_LAND, err));
    if (r->o->stop == RUN_PULL)
        return 0;
    TRY(begin(r, err));
    if (r->o->start == RUN_PULL && nothing_new(r, err)) {
        say(r, "nothing is new since run %lld: the lake '%s' stands as it is",
            (long long)r->last.run, r->project->lake);
        return 0;
    }
    TRY(stage_of(r, err));
    return run_steps(r, err);
}

int run_project(const struct run_options *options, struct error *err)
{
    struct run r = {.o = options, .project = options->project, .lock = -1};
    r.steps = (struct steps){
        .project = options->project, .pool = options->pool, .progress = options->progress};
    int code = lake_lock(r.project, &r.lock, err);
    if (code == 0)
        code = run_locked(&r, err);
    stage_done(&r.stage);
    arena_done(&r.arena);
    if (r.lock >= 0)
        close(r.lock);
    return code;
}

int run_plan(const struct run_options *options, struct error *err)
{
    struct run r = {.o = options, .project = options->project};
    TRY(pull(&r, PULL_DRY, err));
    for (size_t i = 0; i < sizeof staged_tables / sizeof *staged_tables; i++) {
        char *path = lake_path(r.project, staged_tables[i].table);
        if (!path)
            return error_memory(err);
        say(&r, "would write '%s'%s", path, table_exists(path) ? "" : ", which is new");
        free(path);
    }
    return 0;
}
