/* Lines of a Delta commit. All append to `out` and return 0 or ERR_MEMORY. Times are the real time
 * in milliseconds, as other engines' vacuum counts on it. */
#ifndef SLUICE_CONNECTORS_DELTA_ACTIONS_H
#define SLUICE_CONNECTORS_DELTA_ACTIONS_H

#include <jansson.h>

#include "connectors/delta/data_files.h"
#include "connectors/delta/log.h"

int64_t action_now(void);

/* Takes the object over (NULL: out of memory): {"NAME": OBJECT} as a line. */
int action_put(const char *name, json_t *object, struct buffer *out);

struct commit_info {
    const char *operation; /* WRITE, MERGE */
    const char *mode;      /* Append, Overwrite, … */
    int64_t rows, files, removed;
};

int action_commit_info(const struct commit_info *info, int64_t now, struct buffer *out);
int action_protocol(struct buffer *out);
/* Metadata of a new table. */
int action_metadata(const char *id, const char *schema_text, const struct slice *partition,
                    int n_partition, int64_t now, struct buffer *out);
/* The table's metadata with another schema and partition; all else stays. */
int action_metadata_changed(const char *metadata, const char *schema_text,
                            const struct slice *partition, int n_partition, struct buffer *out);
int action_txn(struct slice app, int64_t version, int64_t now, struct buffer *out);
/* Are rows new or gone, or do they only stand elsewhere (dataChange false)? */
enum data_change { DATA_MOVED, DATA_CHANGED };
int action_add(const struct data_file *f, const struct slice *partition, int n_partition,
               enum data_change change, int64_t now, struct buffer *out);
int action_remove(const struct log_file *f, const struct slice *partition, int n_partition,
                  enum data_change change, int64_t now, struct buffer *out);

/* An id for a new table: of its name and columns, so that the same input gives the same log.
 * 36 characters and a zero. */
void action_table_id(const char *folder, const char *schema_text, char ret[37]);

#endif
