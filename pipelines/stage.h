/* Staged results of a run: Arrow files in .sluice/stage/LAKE-KEY/ and a note of what is done, so
 * that a run goes on after a crash. Private: they hold personal data. The stage of the last run is
 * kept, others are removed. */
#ifndef SLUICE_PIPELINES_STAGE_H
#define SLUICE_PIPELINES_STAGE_H

#include <jansson.h>

#include "connectors/format.h"
#include "schemas/project.h"

struct stage {
    char *folder, *note_path;
    json_t *note; /* an object: what steps found, and "done": [step, …] */
    struct pool *pool;
    struct arena arena; /* paths that streams being read hold on to */
};

/* Is there a stage of `key`? Gives one another key; 0 also when there is none. */
int stage_exists(const struct project *p, const char *key);
int stage_rename(const struct project *p, const char *from, const char *to, struct error *err);

/* Opens or makes the stage of `key` (hex). A note that cannot be read says that nothing is done. */
int stage_open(struct stage *s, const struct project *p, const char *key, struct pool *pool,
               struct error *err);
void stage_done(struct stage *s);

/* A sink into the stage's file NAME.arrow. */
int stage_write(struct stage *s, const char *name, const struct schema *schema, struct sink **ret,
                struct error *err);
/* Pumps a stream (taken over) into it; *ret_rows may be NULL. */
int stage_pump(struct stage *s, const char *name, struct stream *from, int64_t *ret_rows,
               struct error *err);
/* The stage must outlive the stream. */
int stage_read(struct stage *s, const char *name, struct stream **ret, struct error *err);

/* Is a step done? And: it is, durably, with everything that was put in the note. */
int stage_is_done(const struct stage *s, const char *step);
int stage_mark_done(struct stage *s, const char *step, struct error *err);
/* The step is not done after all: durable with the next stage_note_store or stage_mark_done. */
void stage_forget(struct stage *s, const char *step);
int stage_note_store(struct stage *s, struct error *err);

int64_t stage_number(const struct stage *s, const char *name, int64_t otherwise);
int stage_put(struct stage *s, const char *name, json_t *value,
              struct error *err); /* takes `value` */

/* Removes the lake's stages of other keys. */
int stage_prune(const struct project *p, const char *keep_key, struct error *err);

#endif
