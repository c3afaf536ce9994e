/* Checkpoints: the state of a table in a Parquet file, a row an action, its columns the kinds of
 * action. Read, they are lines of JSON as a commit has them, and are made of such. */
#ifndef SLUICE_CONNECTORS_DELTA_LOG_CHECKPOINT_H
#define SLUICE_CONNECTORS_DELTA_LOG_CHECKPOINT_H

#include "core/buffer.h"
#include "core/dict.h"
#include "core/error.h"

/* A checkpoint in one file (V1, or V2 with sidecars) or in several parts (V1). */
struct checkpoint {
    int64_t version;   /* -1: none */
    struct dict names; /* of its files */
};

/* The newest whole one at or below `limit` (-1: any). */
int checkpoint_find(const char *folder, int64_t limit, struct checkpoint *ret, struct error *err);
void checkpoint_done(struct checkpoint *c);
/* Appends the actions of all of its files. */
int checkpoint_lines(const char *folder, const struct checkpoint *c, struct buffer *ret,
                     struct error *err);

struct log_state;

/* Writes the checkpoint of a version and notes it in _last_checkpoint. One that is there already is
 * written again: its state is the same. */
int checkpoint_make(const char *folder, int64_t version, struct error *err);
/* The state as lines of actions; `since`: removed files are remembered from then on, in ms. */
int checkpoint_state(const struct log_state *s, int64_t since, struct buffer *ret,
                     struct error *err);

/* Appends the actions as lines of JSON, as a commit has them. */
int log_checkpoint_read(const char *path, struct buffer *ret, struct error *err);

/* Writes the actions; what stood at `path` is replaced at once. Those of a table of writer version
 * 2 alone have their columns. */
int log_checkpoint_write(const char *path, struct slice lines, int64_t *ret_bytes,
                         struct error *err);

#endif
