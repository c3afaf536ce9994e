/* The landing zone: exports copied once each, known by their content, kept unaltered, listed in a
 * manifest.
 *
 * landing/SOURCE/manifest.json says of each file where it came from, which pattern brought it, its
 * size, digest (SHA-256) and delivery. What one pull brings by a pattern is one delivery: a
 * snapshot replaces the pattern's delivery before it, everything else adds to it. A snapshot may
 * come in parts that are written over: a part that is as it was stays. A file whose path, size and
 * time of change are as in the manifest is not read again. */
#ifndef SLUICE_PIPELINES_LANDING_H
#define SLUICE_PIPELINES_LANDING_H

#include "schemas/project.h"

struct pull_counts {
    int found, landed, known; /* files that match; new ones; ones landed before */
};

/* Brings one source's new files in. ERR_INPUT when a pattern matches nothing and nothing landed for
 * it before. PULL_DRY: counts only. */
enum pull_mode { PULL_LAND, PULL_DRY };
int landing_pull(const struct project *p, const struct source *s, enum pull_mode mode,
                 struct pull_counts *ret, struct error *err);

/* Paths of the landed files that `patterns` brought, in order of delivery and name: each
 * pattern's last delivery's (a snapshot), or all. Memory in the arena. ERR_INPUT when there
 * is none. */
enum landing_which { LANDING_CURRENT, LANDING_ALL };
int landing_files(const struct project *p, const struct source *s, const struct slice *patterns,
                  int n_patterns, enum landing_which which, struct arena *a, const char ***ret,
                  int *ret_n, struct error *err);

/* A digest over the digests of everything that has landed, for telling whether anything is new. */
int landing_digest(const struct project *p, char ret_hex[65], struct error *err);

#endif
