#include <stdlib.h>

#include "connectors/parquet/parquet_files.h"

struct parquet_sink {
    struct sink sink;
    struct parquet_writer *writer;
};

static int sink_write_batch(struct sink *sink, struct batch *b, struct error *err)
{
    int code = parquet_writer_write(((struct parquet_sink *)sink)->writer, b, err);
    batch_free(b);
    return code;
}

static int sink_finish_file(struct sink *sink, struct error *err)
{
    return parquet_writer_finish(((struct parquet_sink *)sink)->writer, NULL, NULL, NULL, err);
}

static void sink_free(struct sink *sink)
{
    parquet_writer_free(((struct parquet_sink *)sink)->writer);
    schema_unref(sink->schema);
    free(sink);
}

int parquet_write(const char *path, const struct schema *schema,
                  const struct write_options *options, struct sink **ret, struct error *err)
{
    static const struct sink_ops ops = {
        .write = sink_write_batch, .finish = sink_finish_file, .close = sink_free};
    struct parquet_options parquet = {.compression = options->compression, .pool = options->pool};
    struct parquet_sink *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->sink = (struct sink){.ops = &ops, .schema = schema_ref(schema)};
    int code = parquet_writer_open(path, schema, &parquet, &s->writer, err);
    if (code < 0) {
        sink_free(&s->sink);
        return code;
    }
    *ret = &s->sink;
    return 0;
}
