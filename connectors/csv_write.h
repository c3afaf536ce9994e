/* Writing CSV: RFC 4180 with '\n' line ends, a header, quotes only where they are needed. A null is
 * an empty field, an empty string "". Batches are formatted and compressed on the pool, about 1 MiB
 * of text at a time, and written in order; .gz and .zst files are runs of members, which every
 * reader joins. */
#ifndef SLUICE_CONNECTORS_CSV_WRITE_H
#define SLUICE_CONNECTORS_CSV_WRITE_H

#include "connectors/format.h"

int csv_write(const char *path, const struct schema *schema, const struct write_options *options,
              struct sink **ret, struct error *err);

/* One row's cell as CSV has it, quoted when it must be. 0 or ERR_MEMORY. */
int csv_put_cell(const struct field *f, const struct column *c, int64_t row, int delimiter,
                 struct buffer *out);

enum text_packing { TEXT_PLAIN, TEXT_GZIP, TEXT_ZSTD };
/* By name ("gzip", "zstd", "none"), or by the path's extension when `name` is NULL. Negative
 * ERR_USAGE for a name it does not know. */
int text_packing(const char *name, const char *path, struct error *err);
/* Packs `text` behind what is in `out` as one whole member. */
int text_pack(enum text_packing packing, struct slice text, struct buffer *out, struct error *err);

#endif
