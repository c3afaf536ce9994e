/* What training has to say, as lines for a person. */
#ifndef SLUICE_PIPELINES_TRAIN_WORDS_H
#define SLUICE_PIPELINES_TRAIN_WORDS_H

#include "pipelines/train/train.h"

/* Called for each line. */
struct train_listener {
    void (*say)(void *arg, const char *line);
    void *arg;
};

/* How far `after` lies from the model in place; for who decides whether it may take its place. */
void train_say_drift(const struct match_model *in_place, const struct match_model *after,
                     const struct train_listener *to);
/* The labels that were used, what they changed, and whether that was for the better. */
void train_say_labels(const struct train_report *r, const struct train_listener *to);
/* The model's own warnings. */
void train_say_notes(const struct train_report *r, const struct train_listener *to);

#endif
