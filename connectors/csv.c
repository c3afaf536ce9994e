#include "connectors/csv.h"

#include "connectors/csv_write.h"
#include "connectors/rows.h"

static int csv_read(const char *const *paths, int n_paths, const struct read_options *options,
                    struct stream **ret, struct error *err)
{
    return rows_open(ROWS_CSV, paths, n_paths, options, 0, ret, err);
}

static int tsv_read(const char *const *paths, int n_paths, const struct read_options *options,
                    struct stream **ret, struct error *err)
{
    return rows_open(ROWS_TSV, paths, n_paths, options, 0, ret, err);
}

static int fixed_read(const char *const *paths, int n_paths, const struct read_options *options,
                      struct stream **ret, struct error *err)
{
    return rows_open(ROWS_FIXED, paths, n_paths, options, 0, ret, err);
}

static int tsv_write(const char *path, const struct schema *schema,
                     const struct write_options *options, struct sink **ret, struct error *err)
{
    struct write_options tabs = *options;

    if (!tabs.delimiter)
        tabs.delimiter = '\t';
    return csv_write(path, schema, &tabs, ret, err);
}

/* The last resort: text in columns. */
static int csv_sniff(struct slice head)
{
    static const struct layout detect = LAYOUT_DETECT;
    struct csv_dialect dialect;
    int sure = csv_dialect_detect(&detect, head, head.len < 1 << 15, &dialect);

    return sure < 0 ? 0 : sure;
}

static const char *const csv_extensions[] = {"csv", "txt", "dat", NULL};
static const char *const tsv_extensions[] = {"tsv", "tab", NULL};
static const char *const fixed_extensions[] = {"fixed", "fwf", NULL};

const struct format csv_format = {
    .name = "csv",
    .extensions = csv_extensions,
    .help = "delimited text; the delimiter and quotes are found",
    .sniff = csv_sniff,
    .read = csv_read,
    .write = csv_write,
};

const struct format tsv_format = {
    .name = "tsv",
    .extensions = tsv_extensions,
    .help = "text delimited by tabs",
    .read = tsv_read,
    .write = tsv_write,
};

const struct format fixed_format = {
    .name = "fixed",
    .extensions = fixed_extensions,
    .help = "columns of fixed width, as the layout names them (read only)",
    .read = fixed_read,
};
