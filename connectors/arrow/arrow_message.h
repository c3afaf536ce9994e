/* Messages of an Arrow stream or file, one after another: framing, ends, truncation. One message is
 * held at a time. */
#ifndef SLUICE_CONNECTORS_ARROW_ARROW_MESSAGE_H
#define SLUICE_CONNECTORS_ARROW_ARROW_MESSAGE_H

#include "connectors/arrow/arrow_array.h"
#include "connectors/format.h"
#include "connectors/input.h"

struct arrow_messages {
    struct input *input;
    struct buffer metadata;
    struct fb_doc doc;
    struct fb_table message;
    enum arrow_header header;
    struct arrow_bytes body; /* malloc'ed; whoever wants it takes it and sets ptr NULL */
    int in_file;             /* framed by the magic of the file format */
};

int arrow_messages_open(struct arrow_messages *m, const struct read_options *options,
                        const char *const *paths, int i, struct error *err);
void arrow_messages_close(struct arrow_messages *m);
/* 1: a message, read whole; 0: the end, marked as it must be; negative. */
int arrow_message_next(struct arrow_messages *m, struct error *err);

#endif
