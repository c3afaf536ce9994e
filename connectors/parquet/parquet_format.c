#include "connectors/parquet/parquet_format.h"
#include "connectors/parquet/parquet_files.h"

static int sniff(struct slice head)
{
    return slice_starts(head, SLICE_LIT(PARQUET_MAGIC)) ? 100 : 0;
}

static const char *const extensions[] = {"parquet", "pq", NULL};

const struct format parquet_format = {
    .name = "parquet",
    .extensions = extensions,
    .help = "Parquet: columns, packed, for lakes",
    .sniff = sniff,
    .read = parquet_read,
    .write = parquet_write,
};
