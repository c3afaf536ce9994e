/* The last step of a run: one commit a table, and the row of the run last. */
#include <stdlib.h>

#include "pipelines/run_column.h"
#include "pipelines/run_job.h"
#include "pipelines/run_recover.h"

struct staged_table {
    const char *table, *file;
};

static const struct staged_table staged_tables[] = {
    {"source_record", "linked"},     {"customer_xref", "linked"},  {"customer", "customers"},
    {"customer_lineage", "lineage"}, {"event", "events"},          {"identity_event", "identity"},
    {"reject", "rejects"},           {"reject", "rejects-events"},
};

const char *run_table(int i)
{
    return (size_t)i < sizeof staged_tables / sizeof *staged_tables ? staged_tables[i].table : NULL;
}

/* A bad row in a file that stays is met every night, and told the first. */
static int reject_rows(struct run *r, struct stream **rows, struct error *err)
{
    struct stream *before = NULL;
    json_t *tables =
        r->last.tables.len ? json_loadb(r->last.tables.ptr, r->last.tables.len, 0, NULL) : NULL;
    const json_t *version = json_object_get(tables, "reject");
    int code =
        version ? lake_read(r->project, "reject", json_integer_value(version), &before, err) : 0;
    json_decref(tables);
    if (code < 0)
        stream_close(*rows);
    return code < 0 ? code : rejects_unmet(*rows, before, rows, err);
}

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
    if (strcmp(t->table, "reject") == 0)
        TRY(reject_rows(r, ret, err));
    if (strcmp(t->table, "reject") == 0 || strcmp(t->table, "identity_event") == 0)
        return run_column(*ret, r->now.run, ret, err);
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
        run_say(r, "write  %-16s was written before", t->table);
    else
        run_say(r, "write  %-16s %lld rows", t->table, (long long)done.rows);
    if (strcmp(t->table, "event") == 0 && r->now.orphans)
        run_say(r, "write  warning: %lld events belong to no customer: no record has their key",
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
    r->now.finished = run_clock();
    TRY(run_append(r->project, &r->now, &by, err));
    run_say(r,
            "run %lld done in %.1f s: %lld records, %lld customers, %lld events, %lld rejects; the "
            "lake is '%s'",
            (long long)r->now.run, (double)(r->now.finished - r->now.started) / 1e6,
            (long long)r->now.records, (long long)r->now.customers, (long long)r->now.events,
            (long long)r->now.rejects, r->project->lake);
    return 0;
}

int run_write(struct run *r, struct error *err)
{
    json_t *versions = json_object();
    int code = versions ? run_recover(r, err) : error_memory(err);
    for (size_t i = 0; code == 0 && i < sizeof staged_tables / sizeof *staged_tables; i++)
        code = write_table(r, &staged_tables[i], versions, err);
    if (code == 0)
        code = write_run(r, versions, err);
    json_decref(versions);
    return code;
}

int run_write_plan(struct run *r, struct error *err)
{
    for (size_t i = 0; i < sizeof staged_tables / sizeof *staged_tables; i++) {
        char *path = lake_path(r->project, staged_tables[i].table);
        if (!path)
            return error_memory(err);
        run_say(r, "would write '%s'%s", path, table_exists(path) ? "" : ", which is new");
        free(path);
    }
    return 0;
}
