/* Which version a table had at a time. */
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "connectors/delta/log.h"
#include "connectors/delta/table.h"
#include "core/calendar.h"
#include "core/file.h"

/* When a version was committed, in ms: what its commitInfo says, else when its file was written; -1
 * when the commit is gone. */
static int64_t commit_time(const char *folder, int64_t version)
{
    static const size_t limit = (size_t)1 << 30;
    char *path = log_path(folder, version, ".json");
    struct buffer text = {0};
    struct error unsaid = {0};
    struct stat st;
    struct slice lines, line;
    int64_t time = -1;
    if (path && stat(path, &st) == 0)
        time = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
    if (time >= 0 && file_slurp(path, limit, &text, &unsaid) == 0) {
        lines = buffer_view(&text);
        while (slice_cut(&lines, '\n', &line)) {
            if (!memmem(line.ptr, line.len < 32 ? line.len : 32, "\"commitInfo\"", 12))
                continue;
            json_t *json = json_loadb(line.ptr, line.len, 0, NULL);
            json_t *info = json_object_get(json, "commitInfo");
            json_t *said = json_object_get(info, "inCommitTimestamp");
            if (!json_is_integer(said))
                said = json_object_get(info, "timestamp");
            if (json_is_integer(said))
                time = json_integer_value(said);
            json_decref(json);
        }
    }
    buffer_done(&text);
    free(path);
    return time;
}

/* Walks back: most ask for the recent past. Clocks of writers differ, so the newest version that
 * is not younger is it, whatever stands before. */
int table_version_at(const char *folder, int64_t micros, int64_t *ret, struct error *err)
{
    int64_t newest;
    TRY(log_newest(folder, &newest, err));
    if (newest < 0)
        return error_set(err, ERR_INPUT, "there is no Delta table in '%s'", folder);
    for (int64_t version = newest; version >= 0; version--) {
        int64_t time = commit_time(folder, version);
        if (time < 0)
            break;
        if (time <= micros / 1000) {
            *ret = version;
            return 0;
        }
    }
    return error_set(err, ERR_INPUT,
                     "the table '%s' has no version of that time: its log begins "
                     "later",
                     folder);
}
