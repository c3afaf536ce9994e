/* Values and how often they came, in constant memory. Up to FREQUENT_EXACT distinct values all are
 * kept and counted exactly; past that, only those frequent enough to survive: when the table is
 * full, the median count is taken off all of them and those with nothing left go (Misra and Gries
 * 1982 in the form of Anderson et al., "A high-performance algorithm for identifying frequent
 * items", IMC 2017). A count is then too low by at most `error`. Values are told apart by 64-bit
 * hashes. The same values in the same order give the same table. */
#ifndef SLUICE_CORE_FREQUENT_H
#define SLUICE_CORE_FREQUENT_H

#include "core/arena.h"

enum { FREQUENT_EXACT = 16384, FREQUENT_LONGEST = 200 };

struct frequent_value {
    uint64_t hash;
    int64_t count;
    struct slice text; /* cut at FREQUENT_LONGEST; ptr NULL while it came once and the table is not
                          exact */
};

struct frequent {
    struct frequent_value *values; /* n of them, in order of arrival */
    uint32_t *slots;               /* index + 1; 0 empty */
    uint32_t n, cap, n_slots;
    int exact;
    int64_t error;
    int error_seen; /* a value that had come more than once was dropped */
    struct arena arena;
};

enum frequent_event { FREQUENT_SEEN, FREQUENT_NEW, FREQUENT_FULL };

int frequent_init(struct frequent *f); /* 0 or ERR_MEMORY */
void frequent_done(struct frequent *f);
/* One value more. FREQUENT_FULL: nothing was added, as the exact table is full or a value is too
 * long for it: call frequent_lossy, then again. Else FREQUENT_SEEN or _NEW, or ERR_MEMORY. */
int frequent_add(struct frequent *f, uint64_t hash, struct slice text);
/* A value that is there, `times` more. */
int frequent_more(struct frequent *f, uint64_t hash, int64_t times);
/* From now on only the frequent ones are kept. */
int frequent_lossy(struct frequent *f);
/* The `n` most frequent ones' indexes, highest count first, then by text; returns how many. Those
 * without a text are left out. */
int frequent_top(const struct frequent *f, uint32_t *ret, int n);

#endif
