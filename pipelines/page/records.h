/* Records side by side in the match report: a table of their values with what differs marked. */
#ifndef SLUICE_PIPELINES_PAGE_RECORDS_H
#define SLUICE_PIPELINES_PAGE_RECORDS_H

#include "pipelines/page/page.h"

enum { PAGE_COLUMNS = 12 }; /* at most so many columns of values */

/* Columns of the table that hold a value in any of the records; returns how many. */
int page_columns(const struct matched *m, const uint32_t *records, uint32_t n,
                 int ret[PAGE_COLUMNS]);
/* The head of a table: `first` heads, then the columns' names. */
void page_records_head(struct html *h, const struct matched *m, const char *const *first,
                       const int *columns, int n_columns);
void page_name_cell(struct html *h, const struct matched *m, uint32_t record);
/* Cells of a record's values; those that differ from record `other` are marked. */
void page_value_cells(struct html *h, const struct matched *m, uint32_t record, uint32_t other,
                      const int *columns, int n_columns);

#endif
