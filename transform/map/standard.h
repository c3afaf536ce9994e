/* The table of standardisers: what is done to each canonical field once it is picked. To add one is
 * to add a line. */
#ifndef SLUICE_TRANSFORM_MAP_STANDARD_H
#define SLUICE_TRANSFORM_MAP_STANDARD_H

#include "transform/map/block.h"

/* All fields of the block. 0 or ERR_MEMORY. */
int standard_block(struct block *b);

/* Steps over one column (standard_value.c, standard_time.c, standard_list.c), f what feeds it. */
typedef int standard_step(struct block *b, const struct feed *f);
standard_step standard_key, standard_trimmed, standard_tidy, standard_text, standard_number;
standard_step standard_gender, standard_language, standard_flag, standard_amount, standard_points;
standard_step standard_currency, standard_kind;
standard_step standard_time, standard_birth;
standard_step standard_email, standard_phone, standard_ids;
/* The project's own fields are text: a date or an amount is written in its plain form when the
 * mapping says how to read it. */
standard_step standard_own_time, standard_own_amount;

/* Steps over groups of columns (standard_group.c). */
int standard_addresses(struct block *b);
int standard_names(struct block *b);

#endif
