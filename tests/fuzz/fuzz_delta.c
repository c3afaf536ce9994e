/* Any bytes as the first commit of a Delta table: replayed, and its rows asked for. The folder is
 * made once, in memory where there is such a disk. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/delta/log.h"
#include "connectors/delta/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_commit(const char *folder, const uint8_t *data, size_t size)
{
    char path[256];
    snprintf(path, sizeof path, "%s/_delta_log", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/_delta_log/00000000000000000000.json", folder);
    FILE *f = fopen(path, "w");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct read_options options = {0};
    struct log_state *s;
    struct stream *rows;
    struct batch *b;
    char folder[64];

    snprintf(folder, sizeof folder, "/dev/shm/sluice-fuzz-%ld", (long)getpid());
    mkdir(folder, 0700);
    put_commit(folder, data, size);
    if (log_open(folder, -1, &s, NULL) == 0)
        log_free(s);
    if (table_read(folder, -1, &options, &rows, NULL) == 0) {
        while (stream_next(rows, &b, NULL) > 0)
            batch_free(b);
        stream_close(rows);
    }
    return 0;
}
