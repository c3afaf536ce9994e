/* The parts of all inputs, one after the other, cut into chunks of whole records. One thread. */
#ifndef SLUICE_CONNECTORS_NESTED_PARTS_H
#define SLUICE_CONNECTORS_NESTED_PARTS_H

#include "connectors/nested/reader.h"

struct parts {
    struct nested_reader *reader;
    const struct nested_kind *kind;
    const struct read_options *options;
    const char *const *paths;
    int n_paths, path_at; /* path_at: of the file that is open */
    int index;            /* of the part in it, from 1 */
    struct input *in;
    struct part *first, *part;
    void *cutter;
    int at_end;
    struct buffer tail; /* read but not yet cut */
    int64_t line, offset, consumed;
    char encoding[ENCODING_NAME];
};

void parts_init(struct parts *p, struct nested_reader *reader, const struct nested_kind *kind,
                const char *const *paths, int n_paths, const struct read_options *options);
void parts_done(struct parts *p);
/* Opens the first file. */
int parts_start(struct parts *p, struct error *err);
/* Starts again from the first file. */
void parts_rewind(struct parts *p);
/* Can everything be read a second time? */
int parts_again(const struct parts *p);
/* The next chunk that has records: 1, 0 at the end of all, negative. */
int parts_chunk(struct parts *p, struct chunk *c, struct error *err);

#endif
