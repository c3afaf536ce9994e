#include "pipelines/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "core/hash.h"
#include "pipelines/landing.h"
#include "pipelines/run_job.h"

enum { DECISIONS_MOST = 1 << 30 };

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

void run_say(const struct run *r, const char *format, ...)
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

int64_t run_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int pull(struct run *r, enum pull_mode mode, struct error *err)
{
    for (int i = 0; i < r->project->n_sources; i++) {
        struct pull_counts c;
        const struct source *s = &r->project->sources[i];
        TRY(landing_pull(r->project, s, mode, &c, err));
        run_say(r, "pull   %-12s %d %s found, %d new", s->name.ptr, c.found,
                c.found == 1 ? "file" : "files", c.landed);
    }
    return 0;
}

/* The decisions beside the project; "" without. */
static int decisions_digest(const struct run *r, char ret_hex[65], struct error *err)
{
    struct buffer bytes = {0};
    char *path = file_join(r->project->folder, "decisions.csv");
    int code = path ? 0 : error_memory(err);
    ret_hex[0] = 0;
    if (code == 0 && file_exists(path)) {
        code = file_slurp(path, DECISIONS_MOST, &bytes, err);
        if (code == 0)
            sha256_of(bytes.data, bytes.len, ret_hex);
    }
    buffer_done(&bytes);
    free(path);
    return code;
}

/* All that the tables follow from but the model: the project file, what has landed, what people
 * decided, and ourselves. */
static int key_of(struct run *r, char ret_hex[65], struct error *err)
{
    char landed[65], decided[65];
    TRY(landing_digest(r->project, landed, err));
    TRY(decisions_digest(r, decided, err));
    char *text = arena_printf(&r->arena, "%s %s %s effort=%d as_of=%lld%s%s", SLUICE_VERSION,
                              r->project->digest, landed, (int)r->o->effort, (long long)r->o->as_of,
                              *decided ? " decisions=" : "", decided);
    if (!text)
        return error_memory(err);
    sha256_of(text, strlen(text), ret_hex);
    return 0;
}

static json_t *last_tables(const struct run *r)
{
    return r->last.tables.len ? json_loadb(r->last.tables.ptr, r->last.tables.len, 0, NULL) : NULL;
}

/* The newest version of a table; 0 for a plain one, as in the row of its run; -1: none there. */
static int64_t version_of(const char *path)
{
    int64_t version = table_version(path, NULL);
    return version < 0 && table_exists(path) ? 0 : version;
}

/* Do the tables stand as the last run left them? A run that stopped halfway, or somebody else, may
 * have moved them on. */
static int tables_as_left(const struct run *r, json_t *tables, struct error *err)
{
    const char *name;
    json_t *version;
    json_object_foreach(tables, name, version)
    {
        char *path = lake_path(r->project, name);
        if (!path)
            return error_memory(err);
        int64_t stands = version_of(path);
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

/* A step that is done again makes what follows from it stale. Said in the note before the step
 * starts: a crash in its midst must not leave its old claims. */
static int forget_from(struct run *r, enum run_step first, struct error *err)
{
    for (int step = first; step < RUN_STEPS; step++)
        stage_forget(&r->stage, step_names[step]);
    return stage_note_store(&r->stage, err);
}

/* The stage belongs to the run's number too: the same input after another run starts from other
 * ids. */
static int stage_key(struct run *r, int64_t run, char ret[65], struct error *err)
{
    char *text = arena_printf(&r->arena, "%s %lld", r->now.key.ptr, (long long)run);
    if (!text)
        return error_memory(err);
    sha256_of(text, strlen(text), ret);
    return 0;
}

/* What was mapped of the same input does not depend on the ids before it: --start after a run that
 * ended goes on from that run's. The other steps do depend on them. */
static int stage_adopt(struct run *r, const char *key, struct error *err)
{
    char before[65];
    TRY(stage_key(r, r->last.run, before, err));
    TRY(stage_rename(r->project, before, key, err));
    TRY(stage_open(&r->stage, r->project, key, r->o->pool, err));
    return forget_from(r, RUN_MATCH, err);
}

static int stage_of(struct run *r, struct error *err)
{
    char key[65];
    TRY(stage_key(r, r->now.run, key, err));
    if (r->o->start != RUN_PULL && r->last.run && slice_equal(r->last.key, r->now.key) &&
        !stage_exists(r->project, key))
        return stage_adopt(r, key, err);
    TRY(stage_prune(r->project, key, err));
    return stage_open(&r->stage, r->project, key, r->o->pool, err);
}

/* Who was who when the last run ended: in customer_xref; the records have it too, should that be
 * gone. */
static int find_previous(struct run *r, json_t *tables, struct error *err)
{
    static const char *const names[] = {"customer_xref", "source_record"};
    r->previous_version = -1;
    for (size_t i = 0; i < 2; i++) {
        const json_t *version = json_object_get(tables, names[i]);
        char *path = lake_path(r->project, names[i]);
        if (!path)
            return error_memory(err);
        int stands = version && version_of(path) >= json_integer_value(version);
        free(path);
        if (!stands)
            continue;
        r->previous = names[i];
        r->previous_version = json_integer_value(version);
        return 0;
    }
    if (r->last.run)
        run_say(r, "warning: customer_xref of run %lld is gone: customers get new ids",
                (long long)r->last.run);
    return 0;
}

static int begin(struct run *r, struct error *err)
{
    char key[65];
    TRY(run_last(r->project, &r->arena, &r->last, err));
    TRY(key_of(r, key, err));
    r->now = (struct run_row){.run = r->last.run + 1, .started = run_clock(), .as_of = AS_OF_NONE};
    r->now.key = arena_copy(&r->arena, slice_str(key));
    json_t *tables = last_tables(r);
    int code = r->now.key.ptr ? find_previous(r, tables, err) : error_memory(err);
    json_decref(tables);
    return code;
}

static int run_steps(struct run *r, struct error *err)
{
    static int (*const work[RUN_STEPS])(struct run *, struct error *) = {[RUN_MAP] = run_map,
                                                                         [RUN_MATCH] = run_match,
                                                                         [RUN_MERGE] = run_merge,
                                                                         [RUN_WRITE] = run_write};
    if (r->o->start != RUN_PULL)
        TRY(forget_from(r, r->o->start, err));
    for (int step = RUN_MAP; step <= (int)r->o->stop; step++) {
        if (stage_is_done(&r->stage, step_names[step])) {
            run_say(r, "%-6s done before, kept", step_names[step]);
            continue;
        }
        if (step < (int)r->o->start)
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
        run_say(r, "nothing is new since run %lld: the lake '%s' stands as it is",
                (long long)r->last.run, r->project->lake);
        return 0;
    }
    TRY(stage_of(r, err));
    return run_steps(r, err);
}

/* The totals of this run, or of the last when nothing was new. */
static int write_stats(const struct run *r, struct error *err)
{
    struct slice totals = r->now.totals.len ? r->now.totals : r->last.totals;
    return file_store(r->o->stats, 0, totals.len ? totals : SLICE_LIT("{}"), err);
}

static int check_range(const struct run_options *o, struct error *err)
{
    if (o->start > o->stop)
        return error_set(err, ERR_USAGE, "--start %s comes after --stop %s", step_names[o->start],
                         step_names[o->stop]);
    return 0;
}

int run_project(const struct run_options *options, struct error *err)
{
    struct run r = {.o = options, .project = options->project, .lock = -1};
    r.steps = (struct steps){.project = options->project,
                             .pool = options->pool,
                             .progress = options->progress,
                             .memory = options->memory};
    TRY(check_range(options, err));
    int code = lake_lock(r.project, &r.lock, err);
    if (code == 0)
        code = run_locked(&r, err);
    if (code == 0 && options->stats)
        code = write_stats(&r, err);
    stage_done(&r.stage);
    arena_done(&r.arena);
    if (r.lock >= 0)
        close(r.lock);
    return code;
}

int run_plan(const struct run_options *options, struct error *err)
{
    struct run r = {.o = options, .project = options->project};
    TRY(check_range(options, err));
    if (options->start == RUN_PULL)
        TRY(pull(&r, PULL_DRY, err));
    return options->stop == RUN_WRITE ? run_write_plan(&r, err) : 0;
}
