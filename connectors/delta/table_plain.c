/* Tables without a log: a folder of Parquet files. It is overwritten by exchanging it whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/delta/table_sink.h"
#include "core/file.h"

int plain_check(const char *folder, const struct table_rules *rules, struct error *err)
{
    if (rules->mode == TABLE_MERGE || rules->mode == TABLE_OVERWRITE_PARTITIONS)
        return error_set(err, ERR_CONFIG, "mode '%s' needs a Delta table: -t delta",
                         rules->mode == TABLE_MERGE ? "merge" : "overwrite-partitions");
    if (log_exists(folder))
        return error_set(err, ERR_CONFIG,
                         "'%s' is a Delta table, not a plain one: -t delta, or another folder",
                         folder);
    return 0;
}

/* Of an application's version a file has the same name each time, so that a run that is done again
 * adds nothing; without one, the number of files before makes it new. */
static int place_files(struct table_sink *t, const char *folder, struct error *err)
{
    struct buffer salt = {0};
    struct plain_files before = {0};
    int code = file_mkdirs(folder, FILE_SHARED, err);
    if (code == 0 && !t->options.app.len && t->rules->mode == TABLE_APPEND)
        code = plain_files_find(folder, &before, err);
    if (code == 0 &&
        (buffer_printf(&salt, "%d %lld ", before.n_files, (long long)t->options.app_version) < 0 ||
         buffer_slice(&salt, t->options.app) < 0))
        code = error_memory(err);
    for (int i = 0; i < t->files.n_files && code == 0; i++)
        code = data_file_place(&t->files.files[i], folder, buffer_view(&salt), err);
    if (code == 0)
        code = data_files_sync(&t->files, folder, err);
    plain_files_done(&before);
    buffer_done(&salt);
    return code;
}

static int sync_parent(const char *folder, struct error *err)
{
    char *above = file_join(folder, "..");
    int code = above ? file_sync_dir(above, err) : error_memory(err);
    free(above);
    return code;
}

/* The old table is left under the new one's name, and goes with the temporary folder. */
static int exchange(struct table_sink *t, const char *fresh, struct error *err)
{
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, t->folder, RENAME_NOREPLACE) < 0 &&
        (errno != EEXIST || renameat2(AT_FDCWD, fresh, AT_FDCWD, t->folder, RENAME_EXCHANGE) < 0))
        return error_errno(err, ERR_IO, "cannot exchange the table '%s'", t->folder);
    return sync_parent(t->folder, err);
}

static int overwrite(struct table_sink *t, struct error *err)
{
    char *fresh = file_join(t->temporary, "table");
    int code = fresh ? place_files(t, fresh, err) : error_memory(err);
    if (code == 0)
        code = exchange(t, fresh, err);
    free(fresh);
    return code;
}

int plain_finish(struct table_sink *t, struct error *err)
{
    if (t->files.n_files == 0 && (t->rules->mode == TABLE_OVERWRITE || !table_exists(t->folder)))
        TRY(data_files_empty(&t->files, err));
    if (t->rules->mode == TABLE_OVERWRITE)
        TRY(overwrite(t, err));
    else
        TRY(place_files(t, t->folder, err));
    t->done = (struct table_commit){.files = t->files.n_files,
                                    .emptied = conformer_emptied(t->conformer)};
    for (int i = 0; i < t->files.n_files; i++) {
        t->done.rows += t->files.files[i].rows;
        t->done.bytes += t->files.files[i].bytes;
    }
    return 0;
}
