/* From data files to a version of the table. */
#include <stdlib.h>

#include "connectors/delta/actions.h"
#include "connectors/delta/log_checkpoint.h"
#include "connectors/delta/table_sink.h"
#include "core/file.h"

enum { TRIES = 10000 };

int table_is_applied(struct table_sink *t)
{
    if (t->options.app.len && log_app_version(t->log, t->options.app) >= t->options.app_version)
        t->already = 1;
    return t->already;
}

/* A version of the table is written once, so a name that has it in its salt is not met again, but
 * by writers of the same rows at the same time: the second of them takes the next version's. */
static int place_file(struct table_sink *t, struct data_file *f, struct error *err)
{
    struct buffer salt = {0};
    int code = buffer_printf(&salt, "%lld %lld ", (long long)t->log->version + 1,
                             (long long)t->options.app_version);
    if (code == 0)
        code = buffer_slice(&salt, t->options.app);
    code = code < 0 ? error_memory(err) : data_file_place(f, t->folder, buffer_view(&salt), err);
    buffer_done(&salt);
    return code;
}

/* 1: the log has the file's name. */
static int is_taken(const struct table_sink *t, const struct data_file *f)
{
    struct buffer uri = {0};
    int code = path_encode(slice_str(f->path), &uri);
    if (code == 0)
        code = dict_find(&t->log->uris, buffer_view(&uri)) >= 0;
    buffer_done(&uri);
    return code;
}

static int place_files(struct table_sink *t, struct error *err)
{
    int fresh = 0;
    for (int i = 0; i < t->files.n_files; i++) {
        struct data_file *f = &t->files.files[i];
        int again = f->path ? is_taken(t, f) : 1;
        if (again < 0)
            return error_memory(err);
        if (again)
            TRY(place_file(t, f, err));
        fresh |= again;
    }
    return fresh ? data_files_sync(&t->files, t->folder, err) : 0;
}

static const char *const modes[] = {[TABLE_OVERWRITE] = "Overwrite",
                                    [TABLE_APPEND] = "Append",
                                    [TABLE_MERGE] = "Merge",
                                    [TABLE_OVERWRITE_PARTITIONS] = "Overwrite"};

static enum data_change change_of(const struct table_sink *t)
{
    return t->going ? DATA_MOVED : DATA_CHANGED;
}

static int put_files(const struct table_sink *t, removes_fn *removes, int64_t now,
                     struct buffer *out)
{
    const struct table_plan *plan = &t->plan;
    const struct log_state *log = t->log;
    for (int i = 0; removes && i < log->n_files; i++)
        if (log->files[i].live && removes(t, &log->files[i], i))
            TRY(action_remove(&log->files[i], log->partition, log->n_partition, change_of(t), now,
                              out));
    for (int i = 0; i < t->files.n_files; i++)
        TRY(action_add(&t->files.files[i], plan->partition, plan->n_partition, change_of(t), now,
                       out));
    return 0;
}

static int put_info(const struct table_sink *t, removes_fn *removes, int64_t now,
                    struct buffer *out)
{
    struct commit_info info = {.operation = t->rules->mode == TABLE_MERGE ? "MERGE" : "WRITE",
                               .mode = modes[t->rules->mode],
                               .files = t->files.n_files};
    if (t->going) {
        info.operation = "OPTIMIZE";
        info.mode = "Compact";
    }
    for (int i = 0; i < t->files.n_files; i++)
        info.rows += t->files.files[i].rows;
    for (int i = 0; removes && i < t->log->n_files; i++)
        info.removed += t->log->files[i].live && removes(t, &t->log->files[i], i);
    return action_commit_info(&info, now, out);
}

/* Returns how many bytes are more than commitInfo: 0 when nothing changes. */
static int64_t put_actions(const struct table_sink *t, removes_fn *removes, struct buffer *out,
                           struct error *err)
{
    int64_t now = action_now();
    if (put_info(t, removes, now, out) < 0)
        return error_memory(err);
    size_t before = out->len;
    TRY(table_plan_metadata(t, now, out, err));
    if (t->options.app.len && action_txn(t->options.app, t->options.app_version, now, out) < 0)
        return error_memory(err);
    if (put_files(t, removes, now, out) < 0)
        return error_memory(err);
    return (int64_t)(out->len - before);
}

static int make_log_folder(const struct table_sink *t, struct error *err)
{
    if (t->log->version >= 0)
        return 0;
    char *path = file_join(t->folder, "_delta_log");
    int code = path ? file_mkdirs(path, FILE_SHARED, err) : error_memory(err);
    free(path);
    return code;
}

static void note_done(struct table_sink *t, int64_t version)
{
    t->done = (struct table_commit){.version = version, .files = t->files.n_files};
    if (t->conformer)
        t->done.emptied = conformer_emptied(t->conformer);
    for (int i = 0; i < t->files.n_files; i++) {
        t->done.rows += t->files.files[i].rows;
        t->done.bytes += t->files.files[i].bytes;
    }
}

/* The commit stands: a checkpoint that fails is made by a later writer, or by none. */
static void make_checkpoint(const struct log_state *log, int64_t version)
{
    struct error unsaid = {0};
    int64_t every = log->checkpoint_interval ? log->checkpoint_interval : version + 1;
    if (version > 0 && version % every == 0)
        (void)checkpoint_make(log->folder, version, &unsaid);
}

static int publish_actions(struct table_sink *t, struct slice actions, struct error *err)
{
    int won = log_publish(t->log, actions, err);
    if (won == 1) {
        note_done(t, t->log->version + 1);
        make_checkpoint(t->log, t->log->version + 1);
    }
    if (won == 0)
        TRY(log_advance(t->log, err));
    return won;
}

int table_publish_once(struct table_sink *t, removes_fn *removes, struct error *err)
{
    if (table_is_applied(t)) {
        t->done = (struct table_commit){.version = t->log->version, .already = 1};
        return 1;
    }
    TRY(log_check_writer(t->log, removes && !t->going ? LOG_REMOVES : LOG_ADDS, err));
    TRY(make_log_folder(t, err));
    TRY(place_files(t, err));
    struct buffer actions = {0};
    int64_t changes = put_actions(t, removes, &actions, err);
    int code = changes < 0 ? (int)changes : 1;
    if (changes == 0)
        note_done(t, t->log->version);
    else if (changes > 0)
        code = publish_actions(t, buffer_view(&actions), err);
    buffer_done(&actions);
    return code;
}

int table_publish(struct table_sink *t, removes_fn *removes, struct error *err)
{
    for (int i = 0; i < TRIES; i++) {
        int code = table_publish_once(t, removes, err);
        if (code)
            return code < 0 ? code : 0;
    }
    return error_set(err, ERR_BUSY, "other writers kept the table '%s' busy: try again later",
                     t->folder);
}
