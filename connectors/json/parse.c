#include "connectors/json/parse.h"

#include <stdlib.h>

int json_parser_new(struct nested_reader *r, void **ret, struct error *err)
{
    (void)r;
    struct json_parser *p = calloc(1, sizeof *p);
    if (!p)
        return error_memory(err);
    json_walk_init(&p->walk, NULL);
    *ret = p;
    return 0;
}

void json_parser_free(void *parser)
{
    struct json_parser *p = parser;
    json_walk_done(&p->walk);
    free(p);
}

/* Most records have no new path: they are walked once and change nothing, and a bad one never
 * does. */
static int learn_record(struct json_walk *w, struct chunk *c, struct slice record)
{
    w->rows = NULL;
    w->learn = c->learned;
    w->grow = w->news = 0;
    int r = json_walk_record(w, record, c->learned->root);
    if (r == 0 && w->news) {
        w->grow = 1;
        r = json_walk_record(w, record, c->learned->root);
    }
    return r == ERR_MEMORY ? chunk_memory(c) : 0;
}

static int reject_fault(const struct json_walk *w, struct chunk *c, const struct span *s)
{
    size_t at = (size_t)(w->at - w->start);
    size_t lines = newlines_count(slice_of(w->start, at));
    if (!lines)
        return chunk_reject(c, s, at, w->code, "column %zu: %s", at + 1, w->problem);
    const char *newline = memrchr(w->start, '\n', at);
    return chunk_reject(c, s, at, w->code, "line %zu of the record, column %zu: %s", lines + 1,
                        (size_t)(w->at - newline), w->problem);
}

int json_parse_record(struct json_parser *p, struct chunk *c, const struct span *s, int *ret_cut)
{
    struct json_walk *w = &p->walk;
    if (s->kind == SPAN_LONG)
        return chunk_reject(c, s, 0, "too-large", "the record is over %d MiB", RECORD_BYTES >> 20);
    struct slice record = chunk_text(c, s);
    if (c->learned)
        return learn_record(w, c, record);
    w->rows = &c->rows;
    w->learn = NULL;
    maker_begin(&c->rows);
    int r = json_walk_record(w, record, c->rows.shape->root);
    if (r == 0)
        return chunk_commit(c, s);
    if (r == ERR_MEMORY)
        return chunk_memory(c);
    if (!w->code)
        return chunk_surprise(c, s, w->surprise, w->surprise_key);
    if (ret_cut && w->at >= w->end && slice_equal(slice_str(w->code), SLICE_LIT("bad-json"))) {
        *ret_cut = 1;
        return 0;
    }
    return reject_fault(w, c, s);
}

void json_parse_spans(void *parser, struct chunk *c)
{
    for (size_t i = 0; i < c->n_spans; i++)
        if (json_parse_record(parser, c, &c->spans[i], NULL) < 0)
            return;
}
