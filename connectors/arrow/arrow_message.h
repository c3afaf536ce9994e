/* Messages of an Arrow stream or file, one after another: framing, ends, truncation. One message is
 * held at a time. */
#ifndef SLUICE_CONNECTORS_ARROW_ARROW_MESSAGE_H
#define SLUICE_CONNECTORS_ARROW_ARROW_MESSAGE_H

#include "connectors/arrow/arrow_array.h"
#include "connectors/format.h"
#include "connectors/input.h"

/* The blocks of a file, as its footer lists them: dictionaries, then batches. */
struct arrow_blocks {
    struct slice bytes; /* the whole file */
    struct buffer copy; /* when it could not be mapped */
    struct fb_doc doc;
    struct fb_vector dictionaries, records;
    size_t at;
};

struct arrow_messages {
    struct input *input;
    struct fb_table schema; /* lives until close */
    struct fb_doc schema_doc;
    struct buffer schema_bytes, metadata;
    struct fb_doc doc;
    struct fb_table message;
    enum arrow_header header;
    struct arrow_bytes body; /* malloc'ed; whoever wants it takes it and sets ptr NULL */
    int in_file;             /* the file format: `blocks` is used */
    struct arrow_blocks blocks;
};

/* Opens and reads the schema. */
int arrow_messages_open(struct arrow_messages *m, const struct read_options *options,
                        const char *const *paths, int i, struct error *err);
void arrow_messages_close(struct arrow_messages *m);
/* 1: a message, read whole; 0: the end, marked as it must be; negative. */
int arrow_message_next(struct arrow_messages *m, struct error *err);

/* The metadata in m->doc is taken apart. */
int arrow_message_parse(struct arrow_messages *m, struct error *err);

/* The file format (arrow_file.c): the footer read, m->schema set; and the next block. */
int arrow_file_open(struct arrow_messages *m, struct error *err);
int arrow_file_next(struct arrow_messages *m, struct error *err);

#endif
