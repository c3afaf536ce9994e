/* Labels that contradict each other. */
#ifndef SLUICE_PIPELINES_TRAIN_LABEL_CONFLICTS_H
#define SLUICE_PIPELINES_TRAIN_LABEL_CONFLICTS_H

#include <stddef.h>
#include <stdint.h>

enum { CONFLICT_LINES = 6 };

struct label_row {
    uint32_t a, b; /* records, a < b */
    int same;
    uint32_t row; /* of the file, from 0 */
    int bad;
    /* when bad: rows (of the file) that contradict it, a few of them */
    uint32_t against[CONFLICT_LINES];
    int n_against;
};

/* Marks every row in a contradiction: a pair that is labelled both ways, and a different pair with
 * a chain of same pairs between its two records. `rows` come sorted by (a, b, same, row); n_records
 * bounds a and b. ret_root[r]: the smallest record that the good rows make one with r. 0 or
 * ERR_MEMORY. O(n log n). */
int label_conflicts(struct label_row *rows, size_t n, uint32_t n_records, uint32_t *ret_root);

#endif
