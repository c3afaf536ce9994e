/* Ledgers: what people decided, in CSV files beside the project file. Lines are only ever added, so
 * that a file says who decided what, when and why, and a later line may take an earlier one back.
 * Several programs may add at once: each takes the file's lock, and its lines go in by one write.
 */
#ifndef SLUICE_PIPELINES_LEDGER_H
#define SLUICE_PIPELINES_LEDGER_H

#include "core/error.h"
#include "core/slice.h"

/* A kind of ledger: its file beside the project, and its columns. */
struct ledger {
    const char *file;
    const struct slice *columns;
    int n_columns;
};

/* Decisions about pairs of records (decisions.h): action, a, b, who, at, why. */
extern const struct ledger decisions_ledger;
enum decisions_column {
    DECISION_ACTION,
    DECISION_A,
    DECISION_B,
    DECISION_WHO,
    DECISION_AT,
    DECISION_WHY,
    DECISION_COLUMNS
};

/* Adds lines, durably: cells[line * n_columns + column], in the order that the file's own header
 * has the columns; columns of the file that are not ours stay empty. A file that is not there is
 * made, private. ERR_DATA when it lacks one of the columns; ERR_IO leaves the file as it was. */
int ledger_append(const struct ledger *l, const char *folder, const struct slice *cells,
                  int n_lines, struct error *err);

/* Who decides: $SUDO_USER, $USER or the login name, "" when there is none. */
struct slice ledger_who(void);

enum { LEDGER_TIME = 32 };
/* The real time as 2026-03-01T12:00:00Z: a note for people, nothing is ordered by it. */
struct slice ledger_now(char scratch[LEDGER_TIME]);

#endif
