#include "pipelines/run_recover.h"

#include <stdlib.h>

#include "connectors/delta/table_restore.h"

enum { KEY_LEN = 64 };

/* Who committed to a table since the last run. */
struct since {
    const struct run *r;
    int64_t dead_run; /* of another key; 0: none */
};

static int is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* A run commits as "KEY/FILE", KEY a digest. */
static int is_run(struct slice app)
{
    if (app.len <= KEY_LEN + 1 || app.ptr[KEY_LEN] != '/')
        return 0;
    for (int i = 0; i < KEY_LEN; i++)
        if (!is_hex(app.ptr[i]))
            return 0;
    return 1;
}

static int note_commit(void *arg, struct slice app, int64_t run)
{
    struct since *s = arg;
    if (!is_run(app))
        return 0;
    int ours = slice_equal(slice_of(app.ptr, KEY_LEN), s->r->now.key) && run == s->r->now.run;
    if (!ours && run > s->dead_run)
        s->dead_run = run;
    return 0;
}

static int recover_table(struct run *r, const char *table, const char *path, int64_t version,
                         struct error *err)
{
    struct since since = {.r = r};
    int64_t stands = table_version(path, NULL);
    if (stands < 0 || stands <= version)
        return 0;
    TRY(table_commits_since(path, version, note_commit, &since, err));
    if (!since.dead_run)
        return 0;
    if (!r->last.run && since.dead_run > 1)
        return error_set(err, ERR_DATA,
                         "'%s' was written by run %lld, but the 'run' table of the lake '%s' is "
                         "gone: put it back, or move the lake away to begin anew",
                         path, (long long)since.dead_run, r->project->lake);
    TRY(table_restore(path, version, NULL, err));
    run_say(r, "write  %-16s put back to run %lld: a run that did not end had written it", table,
            (long long)r->last.run);
    return 0;
}

int run_recover(struct run *r, struct error *err)
{
    json_t *tables =
        r->last.tables.len ? json_loadb(r->last.tables.ptr, r->last.tables.len, 0, NULL) : NULL;
    const char *table;
    int code = 0;
    for (int i = 0; code == 0 && (table = run_table(i)); i++) {
        json_t *version = json_object_get(tables, table);
        char *path = lake_path(r->project, table);
        code = path ? recover_table(r, table, path,
                                    version ? json_integer_value(version) : RESTORE_EMPTY, err)
                    : error_memory(err);
        free(path);
    }
    json_decref(tables);
    return code;
}
