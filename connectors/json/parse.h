/* JSON records to rows: the parser that lines and documents share. */
#ifndef SLUICE_CONNECTORS_JSON_PARSE_H
#define SLUICE_CONNECTORS_JSON_PARSE_H

#include "connectors/json/walk.h"
#include "connectors/nested/reader.h"

struct json_parser {
    struct json_walk walk;
};

int json_parser_new(struct nested_reader *r, void **ret, struct error *err);
void json_parser_free(void *parser);
/* One record; negative with chunk->err set. *ret_cut is set when it is one that just ends too
 * early. NULL: such a record is a reject like others. */
int json_parse_record(struct json_parser *p, struct chunk *c, const struct span *s, int *ret_cut);
/* Every span of the chunk. */
void json_parse_spans(void *parser, struct chunk *c);

#endif
