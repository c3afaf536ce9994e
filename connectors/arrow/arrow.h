/* Arrow IPC (apache/arrow docs/source/format/Columnar.rst, format/Message.fbs): how tools talk.
 * Written: the stream format, V5, bodies aligned to 64 bytes, dictionaries as plain utf8, and the
 * end-of-stream marker on finish alone. Read: streams and files, compressed bodies, dictionaries,
 * views and the other integer, time and decimal widths, as the nearest type of core/type.h; every
 * offset is checked, and a stream that ends without its marker is ERR_DATA. A message is held in
 * memory, at most ARROW_MESSAGE_LIMIT of it. */
#ifndef SLUICE_CONNECTORS_ARROW_ARROW_H
#define SLUICE_CONNECTORS_ARROW_ARROW_H

#include "connectors/format.h"

#define ARROW_MESSAGE_LIMIT (INT64_C(4) << 30)

extern const struct format arrow_format;

/* Sets what is sent as "sluice:totals" in the custom metadata of a last batch of no rows, when the
 * sink is finished; the text is copied. Nothing happens on sinks of other formats. */
int arrow_sink_totals(struct sink *sink, struct slice json, struct error *err);

/* The totals that came with the `file`-th path of the stream, once it has been read to its end;
 * ptr NULL when there were none or the stream is of another format. Lives as long as the stream. */
struct slice arrow_stream_totals(const struct stream *stream, int file);

#endif
