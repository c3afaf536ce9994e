/* What the layouts share: where files go, the truth beside them, the list of wrong rows. */
#ifndef GEN_EXPORT_H
#define GEN_EXPORT_H

#include "tests/gen/out.h"
#include "tests/gen/record.h"
#include "tests/gen/wrong.h"

enum { PATH_SIZE = 4096 };

enum with_events { WITHOUT_EVENTS, WITH_EVENTS };

struct exports {
    const struct company *company;
    const char *folder;
    enum with_events events;
    int night;                                        /* the one being written, 1 the first */
    struct out *records_truth, *events_truth, *wrong; /* CSV */
    char complaint[PATH_SIZE + 128];                  /* set when a function returns -1 */
};

/* The days whose events this night's files hold: from <= day < to. */
struct days {
    int64_t from, to;
};
struct days night_days(const struct exports *x);

/* "FOLDER/billing-20260301.csv.gz" */
void export_path(const struct exports *x, const char *stem, const char *ending,
                 char ret_path[PATH_SIZE]);
/* NULL: the complaint is set. */
struct out *export_open(struct exports *x, const char *stem, const char *ending,
                        enum encoding encoding);
int export_close(struct exports *x, struct out *o, const char *stem);

/* The people of one source in the order of its file; 0 at the end. */
struct walk {
    uint64_t place;
    int copy, copies;
    struct person person;
    struct record record;
};
int walk_next(const struct exports *x, enum source_id source, struct walk *w);
/* How many data rows such a walk gives, about. */
double walk_rows(const struct exports *x, enum source_id source);

/* A row of truth, written on the night when the record or event is first seen. */
void truth_record(struct exports *x, const struct walk *w);
void truth_event(struct exports *x, const struct record *r, const char *id);

int flat_write(const struct company *c, const char *path, const char *truth_path,
               char complaint[PATH_SIZE + 128]);
int billing_write(struct exports *x);
int invoices_write(struct exports *x);
int sales_write(struct exports *x);
int orders_write(struct exports *x);
int service_write(struct exports *x);
int loyalty_write(struct exports *x);

#endif
