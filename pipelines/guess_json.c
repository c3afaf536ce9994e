/* A guess as JSON. */
#include <jansson.h>
#include <stdlib.h>

#include "pipelines/guess.h"

/* Text from a file may be no UTF-8: then it is left out. */
static json_t *text_of(struct slice s)
{
    json_t *j = s.len ? json_stringn(s.ptr, s.len) : json_string("");
    return j ? j : json_null();
}

static json_t *mark_of(int mark)
{
    char c = (char)mark;
    return mark ? json_stringn(&c, 1) : json_null();
}

static json_t *dialect_of(const struct guess *g)
{
    const struct csv_dialect *d = &g->identity.dialect;
    json_t *o = json_object();
    json_object_set_new(o, "delimiter", mark_of(d->marks.delimiter));
    if (d->marks.padded)
        json_object_set_new(o, "padded", json_true());
    json_object_set_new(o, "quote", mark_of(d->marks.quote));
    json_object_set_new(o, "escape", mark_of(d->marks.escape));
    json_object_set_new(o, "line_end", json_string(g->identity.line_end));
    json_object_set_new(o, "skip", json_integer(d->skip));
    json_object_set_new(o, "header", json_integer(d->header));
    json_object_set_new(o, "sure", json_integer(g->identity.dialect_sure));
    return o;
}

static json_t *column_of(const struct guess *g, const struct guess_column *c)
{
    json_t *o = json_object();
    json_object_set_new(o, "name", text_of(c->name));
    json_object_set_new(o, "type", json_string(type_name(&c->type, g->arena)));
    json_object_set_new(o, "nearest", json_string(type_name(&c->nearest, g->arena)));
    json_object_set_new(o, "fit", json_integer(c->fit));
    json_object_set_new(o, "filled", json_integer(c->filled));
    json_object_set_new(o, "empty", json_integer(g->rows - c->filled));
    json_object_set_new(o, "distinct", json_integer(c->distinct));
    json_object_set_new(o, "meaning", json_string(meaning_name(c->meaning)));
    json_object_set_new(o, "why", text_of(slice_str(c->why)));
    if (c->date_format)
        json_object_set_new(o, "date_format", json_string(c->date_format));
    return o;
}

static json_t *guess_object(const struct guess *g)
{
    const struct identity *id = &g->identity;
    json_t *o = json_object(), *members = json_array(), *columns = json_array(),
           *doubts = json_array();
    json_object_set_new(o, "file", text_of(slice_str(g->path)));
    json_object_set_new(o, "format", json_string(id->format));
    json_object_set_new(o, "packed", json_string(id->packed));
    for (int i = 0; i < id->n_members && i < IDENTIFY_MEMBERS; i++)
        json_array_append_new(members, text_of(slice_str(id->members[i])));
    json_object_set_new(o, "members", members);
    json_object_set_new(o, "encoding", json_string(id->encoding));
    if (id->has_dialect)
        json_object_set_new(o, "dialect", dialect_of(g));
    json_object_set_new(o, "footers", json_integer(g->n_footers));
    json_object_set_new(o, "rows", json_integer(g->rows));
    json_object_set_new(o, "whole", json_boolean(g->whole));
    json_object_set_new(o, "rejected", json_integer(g->rejected));
    for (int i = 0; i < g->n_columns; i++)
        json_array_append_new(columns, column_of(g, &g->columns[i]));
    json_object_set_new(o, "columns", columns);
    for (int i = 0; i < g->n_doubts; i++)
        json_array_append_new(doubts, text_of(slice_str(g->doubts[i])));
    json_object_set_new(o, "not_sure", doubts);
    return o;
}

int guess_json(const struct guess *g, struct buffer *out)
{
    json_t *o = guess_object(g);
    char *text = o ? json_dumps(o, JSON_INDENT(2)) : NULL;
    int code = text ? buffer_string(out, text) : ERR_MEMORY;
    if (code == 0)
        code = buffer_putc(out, '\n');
    free(text);
    json_decref(o);
    return code;
}
