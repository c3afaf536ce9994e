/* The inside of meaning_decide: one column's meaning from its name, its contents and the company it
 * is in; then the table as a whole. */
#ifndef SLUICE_SCHEMAS_MEANING_SETTLE_H
#define SLUICE_SCHEMAS_MEANING_SETTLE_H

#include "schemas/meaning_words.h"

enum id_kind { /* which kind of id could be the row's key; a higher one is more likely to be it */
               ID_NONE,
               ID_OTHER,  /* account_id */
               ID_SYSTEM, /* customer_no */
               ID_ROW     /* id, rec_id */
};

struct view {
    struct meaning_column *column;
    struct name_sense name;
    int64_t rows; /* with a value */
    int unique;   /* filled in every row, no value twice; 1 also when not known */
    enum id_kind id;
};

struct table_view {
    struct view *views;
    int n;
    int64_t n_rows;
    int has_given, has_family, has_birth, has_contact; /* columns named so */
    int has_person;                                    /* rows are people */
    int has_company, has_street, has_place;            /* place: city or postcode */
};

void table_look(struct table_view *t);
/* Sets the column's meaning and why, as if it stood alone in its meaning. */
void column_settle(const struct table_view *t, struct view *v);
/* Sets `why`. */
void column_say(struct view *v, enum meaning m, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Percent of the values that look like `m`. */
int column_share(const struct view *v, enum meaning m);

#endif
