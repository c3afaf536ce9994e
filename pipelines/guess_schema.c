/* A guess as a schema to edit: what `read --schema` and a source's `schema:` take. */
#include <jansson.h>
#include <stdlib.h>

#include "pipelines/guess.h"

/* Quoted as JSON, which YAML reads as well; U+FFFD for what is no text. */
static int put_quoted(struct buffer *out, struct slice s)
{
    json_t *j = json_stringn(s.len ? s.ptr : "", s.len);
    char *text = j ? json_dumps(j, JSON_ENCODE_ANY) : NULL;
    int code = buffer_string(out, text ? text : "\"\\ufffd\"");
    free(text);
    json_decref(j);
    return code;
}

static int put_mark(struct buffer *out, const char *key, int mark)
{
    char c = (char)mark;
    TRY(buffer_printf(out, ", %s: ", key));
    if (mark == '\t')
        return buffer_string(out, "tab");
    return mark ? put_quoted(out, slice_of(&c, 1)) : buffer_string(out, "none");
}

static int put_format(const struct guess *g, struct buffer *out)
{
    const struct identity *id = &g->identity;
    TRY(buffer_printf(out, "format: {type: %s", id->format));
    if (*id->encoding)
        TRY(buffer_printf(out, ", encoding: %s", id->encoding));
    if (id->has_dialect) {
        const struct csv_dialect *d = &id->dialect;
        const char padded[2] = {(char)d->marks.delimiter, ' '};
        if (d->marks.padded) {
            TRY(buffer_string(out, ", delimiter: "));
            TRY(put_quoted(out, slice_of(padded, 2)));
        } else if (d->marks.delimiter) {
            TRY(put_mark(out, "delimiter", d->marks.delimiter));
        }
        TRY(put_mark(out, "quote", d->marks.quote));
        if (d->marks.escape)
            TRY(put_mark(out, "escape", d->marks.escape));
        TRY(buffer_printf(out, ", skip: %d, header: %d", d->skip, d->header));
    }
    if (g->starts.len) {
        TRY(buffer_string(out, ", trailer: {starts: "));
        TRY(put_quoted(out, g->starts));
        if (g->footer_count)
            TRY(buffer_printf(out, ", count: %d", g->footer_count));
        TRY(buffer_putc(out, '}'));
    }
    return buffer_string(out, "}\n");
}

static int put_types(const struct guess *g, struct buffer *out)
{
    int n = 0;
    for (int i = 0; i < g->n_columns; i++) {
        const struct guess_column *c = &g->columns[i];
        const char *type = type_name(&c->type, g->arena);
        if (c->typed)
            continue;
        if (n++ == 0)
            TRY(buffer_string(out, "types:\n"));
        TRY(buffer_string(out, "  "));
        TRY(put_quoted(out, c->name));
        TRY(buffer_printf(out, ": %s", type ? type : "utf8"));
        if (c->date_format)
            TRY(buffer_printf(out, " # dates as %s%s", c->date_format,
                              c->date_sure ? "" : ", or day and month the other way round"));
        else if (c->fit < c->filled && c->nearest.type != TYPE_UTF8)
            TRY(buffer_printf(out, " # %lld of %lld values are %s", (long long)c->fit,
                              (long long)c->filled, type_name(&c->nearest, g->arena)));
        TRY(buffer_putc(out, '\n'));
    }
    return 0;
}

/* The canonical field of a meaning; an address's parts have a map of their own. */
static const char *field_of(enum meaning m)
{
    switch (m) {
    case MEANING_KEY:
        return "key";
    case MEANING_TITLE:
        return "title";
    case MEANING_GIVEN_NAME:
        return "given_name";
    case MEANING_MIDDLE_NAME:
        return "middle_name";
    case MEANING_FAMILY_NAME:
        return "family_name";
    case MEANING_SUFFIX:
        return "suffix";
    case MEANING_FULL_NAME:
        return "full_name";
    case MEANING_ORGANISATION:
        return "organisation";
    case MEANING_BIRTH_DATE:
        return "birth_date";
    case MEANING_GENDER:
        return "gender";
    case MEANING_EMAIL:
        return "email";
    case MEANING_PHONE:
        return "phone";
    default:
        return NULL;
    }
}

static const char *address_part(enum meaning m)
{
    switch (m) {
    case MEANING_ADDRESS:
    case MEANING_STREET:
        return "line1";
    case MEANING_ADDRESS_2:
        return "line2";
    case MEANING_CITY:
        return "city";
    case MEANING_REGION:
        return "region";
    case MEANING_POSTCODE:
        return "postcode";
    case MEANING_COUNTRY:
        return "country";
    default:
        return NULL;
    }
}

/* The columns of one field, as one or a list. */
static int put_columns_of(const struct guess *g, const char *(*name)(enum meaning), int first,
                          struct buffer *out)
{
    const char *field = name(g->columns[first].meaning);
    const struct guess_column *c = &g->columns[first];
    int n = 0;
    for (int i = 0; i < g->n_columns; i++)
        n += name(g->columns[i].meaning) == field;
    if (c->date_format && n == 1) {
        TRY(buffer_string(out, "{from: "));
        TRY(put_quoted(out, c->name));
        return buffer_printf(out, ", format: \"%s\"}", c->date_format);
    }
    TRY(buffer_string(out, n > 1 ? "[" : ""));
    for (int i = first; i < g->n_columns; i++) {
        if (name(g->columns[i].meaning) != field)
            continue;
        TRY(buffer_string(out, i == first ? "" : ", "));
        TRY(put_quoted(out, g->columns[i].name));
    }
    return buffer_string(out, n > 1 ? "]" : "");
}

static int put_fields(const struct guess *g, const char *(*name)(enum meaning), const char *before,
                      const char *after, struct buffer *out)
{
    int n = 0;
    for (int i = 0; i < g->n_columns; i++) {
        const char *field = name(g->columns[i].meaning);
        int seen = !field;
        for (int j = 0; j < i && !seen; j++)
            seen = name(g->columns[j].meaning) == field;
        if (seen)
            continue;
        TRY(buffer_printf(out, "%s%s: ", n++ ? after : before, field));
        TRY(put_columns_of(g, name, i, out));
    }
    return n;
}

static int put_record(const struct guess *g, struct buffer *out)
{
    int key = 0, person = 0;
    for (int i = 0; i < g->n_columns; i++) {
        enum meaning m = g->columns[i].meaning;
        key |= m == MEANING_KEY;
        person |= m != MEANING_KEY && field_of(m) != NULL;
    }
    if (!key || !person)
        return 0;
    TRY(buffer_string(out, "record: # for a source's `schema:` in the project file\n"));
    TRY(put_fields(g, field_of, "  ", "\n  ", out));
    int n = put_fields(g, address_part, "\n  address: {", ", ", out);
    TRY(n);
    return buffer_string(out, n ? "}\n" : "\n");
}

int guess_schema(const struct guess *g, const char *schema_path, struct buffer *out)
{
    TRY(buffer_string(out, "# What "));
    TRY(put_quoted(out, slice_str(g->path)));
    TRY(buffer_string(out, " seems to be: correct it, then\n#   sluice read --schema "));
    TRY(put_quoted(out, slice_str(schema_path)));
    TRY(buffer_putc(out, ' '));
    TRY(put_quoted(out, slice_str(g->path)));
    TRY(buffer_putc(out, '\n'));
    for (int i = 0; i < g->n_doubts; i++) {
        TRY(buffer_string(out, "# not sure: "));
        TRY(put_quoted(out, slice_str(g->doubts[i])));
        TRY(buffer_putc(out, '\n'));
    }
    TRY(put_format(g, out));
    TRY(put_types(g, out));
    return put_record(g, out);
}
