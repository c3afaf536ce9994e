/* The steps of a run between the landing zone and the tables: map, match, merge. */
#include "core/file.h"
#include "pipelines/rejected.h"
#include "pipelines/run_job.h"
#include "transform/golden/golden.h"

static int put_totals(struct run *r, const char *name, struct error *err)
{
    struct buffer text = {0};
    TRY(totals_check(&r->steps.totals, name, err));
    json_t *value = NULL;
    if (totals_json(&r->steps.totals, &text) == 0)
        value = json_loadb((const char *)text.data, text.len, 0, NULL);
    buffer_done(&text);
    return stage_put(&r->stage, name, value, err);
}

static void say_counts(struct run *r, const char *what, const struct source_counts *counts)
{
    for (int i = 0; i < r->project->n_sources; i++) {
        const struct source_counts *c = &counts[i];
        if (!c->source.ptr || !c->in)
            continue;
        run_say(r,
                "map    %-12s %lld %s in: %lld out, %lld rejected, %lld filtered, %lld duplicates",
                c->source.ptr, (long long)c->in, what, (long long)c->out, (long long)c->rejected,
                (long long)c->filtered, (long long)c->duplicates);
    }
}

static const char *rejects_file(enum canonical_kind kind)
{
    return kind == CANONICAL_RECORD ? "rejects" : "rejects-events";
}

static int keep_rejects(struct run *r, enum canonical_kind kind, struct rejects *rejects,
                        int64_t newest, struct error *err)
{
    struct stream *rows;
    TRY(rejected_stream(rejects, newest, &rows, err));
    return stage_pump(&r->stage, rejects_file(kind), rows, NULL, err);
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
    if (!counts || !rejects) {
        rejects_free(rejects);
        return error_memory(err);
    }
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
    if (code == 0) {
        r->now.rejects += rejects_count(rejects);
        code = keep_rejects(r, kind, rejects, *ret_newest, err);
    } else if (rejects_count(rejects)) {
        struct error second = {0};
        if (keep_rejects(r, kind, rejects, AS_OF_NONE, &second) == 0)
            run_say(r, "map    the bad rows are in '%s/%s.arrow'", r->stage.folder,
                    rejects_file(kind));
    }
    rejects_free(rejects);
    r->steps.rejects = NULL;
    return code < 0 ? code : put_totals(r, what, err);
}

int run_map(struct run *r, struct error *err)
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

int run_match(struct run *r, struct error *err)
{
    struct match_step m = {.effort = r->o->effort,
                           .as_of = stage_number(&r->stage, "as_of", AS_OF_NONE)};
    struct match_report report;
    struct stream *linked, *events;
    TRY(stage_read(&r->stage, "records", &m.records, err));
    if (r->previous_version >= 0 &&
        lake_read(r->project, r->previous, r->previous_version, &m.previous, err) < 0) {
        stream_close(m.records);
        return err->code;
    }
    TRY(step_match(&r->steps, &m, &report, &linked, &events, err));
    int code = stage_pump(&r->stage, "linked", linked, NULL, err);
    if (code < 0)
        stream_close(events);
    else
        code = stage_pump(&r->stage, "identity", events, NULL, err);
    TRY(code);
    for (int i = 0; i < report.n_warnings; i++)
        run_say(r, "match  warning: %s", report.warnings[i]);
    run_say(r,
            "match  %lld records are %lld customers (%lld candidate pairs, largest %lld records)%s",
            (long long)report.records, (long long)report.customers, (long long)report.candidates,
            (long long)report.largest, report.trained ? "; trained a model" : "");
    TRY(stage_put(&r->stage, "n_customers", json_integer(report.customers), err));
    return stage_put(&r->stage, "model", json_string(report.model_digest), err);
}

int run_merge(struct run *r, struct error *err)
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
    run_say(r, "merge  %lld golden records", (long long)n);
    return put_totals(r, "merge", err);
}
