#include "connectors/rows.h"

#include <stdio.h>

enum { MOST_COLUMNS = 16384 };

/* Joins what the header rows say of one column. */
static int join_name(struct arena *arena, struct slice *name, struct slice more)
{
    more = slice_trim(more);
    if (!more.len)
        return 0;
    if (!name->len)
        *name = arena_copy(arena, more);
    else
        *name = slice_str(
            arena_printf(arena, "%.*s %.*s", (int)name->len, name->ptr, (int)more.len, more.ptr));
    return name->ptr ? 0 : ERR_MEMORY;
}

static int widen(struct arena *arena, struct row_part *part, int n)
{
    struct slice *names = ARENA_ARRAY(arena, struct slice, (size_t)n + 1);

    if (!names)
        return ERR_MEMORY;
    for (int i = 0; i < part->n_fields; i++)
        names[i] = part->names[i];
    part->names = names;
    part->n_fields = n;
    return 0;
}

static int add_header_row(struct arena *arena, struct row_part *part, struct slice row,
                          struct error *err)
{
    struct csv_split split = {0};
    const struct csv_marks *marks = &part->dialect.marks;
    int code = csv_split_slow(&split, marks, row);

    if (code >= 0 && split.n_rows && csv_row_fields(&split, 0) > (uint32_t)part->n_fields)
        code = widen(arena, part, (int)csv_row_fields(&split, 0));
    for (uint32_t i = 0; code >= 0 && split.n_rows && i < csv_row_fields(&split, 0); i++) {
        struct slice name;
        code = csv_field(&split, marks->quote, 0, i, arena, &name);
        if (code >= 0)
            code = join_name(arena, &part->names[i], name);
    }
    csv_split_done(&split);
    return code < 0 ? error_memory(err) : 0;
}

/* Empty names become c1, c2 …; an empty last one is what a trailing delimiter leaves. */
static int fill_names(struct arena *arena, struct row_part *part, struct error *err)
{
    if (part->dialect.header && part->n_fields > 1 && !part->names[part->n_fields - 1].len) {
        part->n_fields--;
        part->empty_last = 1;
    }
    if (part->n_fields > MOST_COLUMNS)
        return error_at(err, ERR_DATA, part->place, "more than %d columns", (int)MOST_COLUMNS);
    for (int i = 0; i < part->n_fields; i++) {
        if (!part->names[i].len)
            part->names[i] = slice_str(arena_printf(arena, "c%d", i + 1));
        if (!part->names[i].ptr)
            return error_memory(err);
        if (slice_utf8_valid(part->names[i]) != part->names[i].len ||
            memchr(part->names[i].ptr, 0, part->names[i].len))
            return error_at(err, ERR_DATA, part->place, "the name of column %d is not valid %s",
                            i + 1, part->encoding ? part->encoding : "UTF-8");
        for (int j = 0; j < i; j++)
            if (slice_equal(part->names[i], part->names[j]))
                return error_at(err, ERR_DATA, part->place, "columns %d and %d are both named '%s'",
                                j + 1, i + 1, part->names[i].ptr);
    }
    return 0;
}

struct head {
    struct row_plan *plan;
    struct arena *arena;
    struct row_part *part;
    struct slice text;
    size_t at;
    int whole;
};

static struct slice rest_of(const struct head *h)
{
    return slice_of(h->text.ptr + h->at, h->text.len - h->at);
}

static void skip_bytes(struct head *h, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h->part->line += h->text.ptr[h->at + i] == h->part->dialect.marks.newline;
    h->at += n;
}

static size_t line_len(const struct head *h)
{
    struct slice rest = rest_of(h);
    const char *end = memchr(rest.ptr, h->part->dialect.marks.newline, rest.len);

    return end ? (size_t)(end - rest.ptr) + 1 : rest.len;
}

/* Over empty lines, and records that the layout says to skip. */
static void skip_to_row(struct head *h)
{
    while (h->at < h->text.len) {
        size_t n = line_len(h);
        struct slice line = rest_of(h), starts = h->plan->header_starts;
        if (!(starts.len && slice_starts(line, starts)) && slice_trim(slice_of(line.ptr, n)).len)
            return;
        skip_bytes(h, n);
    }
}

static int next_row(struct head *h, size_t *ret_len, struct error *err)
{
    char place[320];

    skip_to_row(h);
    *ret_len =
        h->at < h->text.len ? csv_first_row(&h->part->dialect.marks, rest_of(h), h->whole) : 0;
    if (*ret_len || h->at == h->text.len)
        return 0;
    snprintf(place, sizeof(place), "%s:%lld", h->part->place, (long long)h->part->line);
    if (h->whole)
        return error_at(err, ERR_DATA, place, "a quote in the header is never closed");
    return error_at(err, ERR_DATA, place, "the header is longer than %zu bytes (an open quote?)",
                    h->text.len);
}

static int read_header(struct head *h, struct error *err)
{
    size_t len;

    for (int i = 0; i < h->part->dialect.skip; i++)
        skip_bytes(h, line_len(h));
    for (int i = 0; i < h->part->dialect.header; i++) {
        TRY(next_row(h, &len, err));
        if (len == 0)
            return error_at(err, ERR_DATA, h->part->place, "the file has no header row");
        TRY(add_header_row(h->arena, h->part, slice_of(rest_of(h).ptr, len), err));
        skip_bytes(h, len);
    }
    if (h->part->dialect.header)
        return fill_names(h->arena, h->part, err);
    TRY(next_row(h, &len, err));
    if (len == 0)
        return error_at(err, ERR_DATA, h->part->place, "the file is empty");
    TRY(add_header_row(h->arena, h->part, slice_of(rest_of(h).ptr, len), err));
    for (int i = 0; i < h->part->n_fields; i++)
        h->part->names[i] = slice_of(NULL, 0);
    return fill_names(h->arena, h->part, err);
}

static int fixed_names(struct head *h, struct error *err)
{
    const struct layout *layout = &h->plan->options.layout;

    for (int i = 0; i < h->part->dialect.skip; i++)
        skip_bytes(h, line_len(h));
    if (widen(h->arena, h->part, layout->n_columns) < 0)
        return error_memory(err);
    for (int i = 0; i < layout->n_columns; i++)
        h->part->names[i] = layout->columns[i].name;
    return fill_names(h->arena, h->part, err);
}

static int field_named(const struct row_part *part, struct slice name)
{
    for (int i = 0; i < part->n_fields; i++)
        if (slice_equal(part->names[i], name))
            return i;
    return -1;
}

/* Every part must have the columns of the first. */
static int same_columns(const struct row_part *first, const struct row_part *part,
                        struct error *err)
{
    for (int i = 0; i < first->n_fields; i++)
        if (field_named(part, first->names[i]) < 0)
            return error_at(err, ERR_DATA, part->place, "has no column '%s', which '%s' has",
                            first->names[i].ptr, first->place);
    for (int i = 0; i < part->n_fields; i++)
        if (field_named(first, part->names[i]) < 0)
            return error_at(err, ERR_DATA, part->place,
                            "has a column '%s', which '%s' does not have", part->names[i].ptr,
                            first->place);
    return 0;
}

int row_part_start(struct row_plan *plan, struct arena *arena, struct row_part *part,
                   const struct row_part *first, struct slice text, int whole, size_t *ret_begin,
                   struct error *err)
{
    struct head h = {plan, arena, part, text, 0, whole};

    part->line = 1;
    if (!text.len)
        return error_at(err, ERR_DATA, part->place, "the file is empty");
    if (plan->kind == ROWS_FIXED) {
        part->dialect = (struct csv_dialect){.marks = {.newline = csv_newline(text)},
                                             .skip = plan->options.layout.skip};
        TRY(fixed_names(&h, err));
    } else {
        size_t head = text.len < 1 << 16 ? text.len : 1 << 16;
        csv_dialect_detect(&plan->options.layout, slice_of(text.ptr, head),
                           whole && head == text.len, &part->dialect);
        TRY(read_header(&h, err));
    }
    if (first)
        TRY(same_columns(first, part, err));
    *ret_begin = h.at;
    return 0;
}

static int unknown_column(const struct row_part *part, struct slice name, struct error *err)
{
    const char *names[1024];
    int n = part->n_fields < 1024 ? part->n_fields : 1024;
    const char *nearest;

    for (int i = 0; i < n; i++)
        names[i] = part->names[i].ptr;
    nearest = slice_nearest(name, names, (size_t)n);
    return error_at(err, ERR_USAGE, part->place, "there is no column '%.*s'%s%s%s", (int)name.len,
                    name.ptr, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                    nearest ? "'?" : "");
}

static struct field typed_field(const struct read_options *options, struct slice name)
{
    for (int i = 0; i < options->n_types; i++)
        if (slice_equal(options->types[i].name, name))
            return options->types[i];
    return (struct field){.name = name, .type = TYPE_UTF8};
}

static int wanted_fields(const struct row_plan *plan, const struct row_part *first,
                         struct field *fields, struct error *err)
{
    const struct read_options *o = &plan->options;

    for (int i = 0; i < o->n_types; i++)
        if (field_named(first, o->types[i].name) < 0)
            return unknown_column(first, o->types[i].name, err);
    for (int i = 0; i < plan->n_data; i++) {
        struct slice name = o->columns ? o->columns[i] : first->names[i];
        if (field_named(first, name) < 0)
            return unknown_column(first, name, err);
        fields[i] = typed_field(o, name);
        if (fields[i].n_children)
            return error_set(err, ERR_USAGE, "column '%s' cannot hold lists or structs in text",
                             name.ptr);
    }
    return 0;
}

int row_plan_schema(struct row_plan *plan, const struct row_part *first, struct error *err)
{
    const struct read_options *o = &plan->options;
    int n_place = o->flags & READ_WITH_PLACE ? 5 : 0;
    struct arena arena;
    struct field *fields;
    int code;

    arena_init(&arena, 0);
    plan->n_data = o->columns ? o->n_columns : first->n_fields;
    fields = ARENA_ARRAY(&arena, struct field, (size_t)(plan->n_data + n_place) + 1);
    code = fields ? wanted_fields(plan, first, fields, err) : error_memory(err);
    if (code >= 0) {
        for (int i = 0; i < n_place; i++)
            fields[plan->n_data + i] = place_fields[i];
        plan->schema = schema_new(fields, plan->n_data + n_place);
        if (!plan->schema)
            code = error_memory(err);
    }
    arena_done(&arena);
    return code;
}

int row_part_map(const struct row_plan *plan, struct arena *arena, struct row_part *part,
                 struct error *err)
{
    const struct layout *layout = &plan->options.layout;

    part->map = ARENA_ARRAY(arena, int, (size_t)plan->n_data + 1);
    if (!part->map)
        return error_memory(err);
    for (int i = 0; i < plan->n_data; i++)
        part->map[i] = field_named(part, plan->schema->fields[i].name);
    part->sum_of = -1;
    if (layout->trailer_sum && layout->trailer_of) {
        part->sum_of = field_named(part, slice_str(layout->trailer_of));
        if (part->sum_of < 0)
            return unknown_column(part, slice_str(layout->trailer_of), err);
    }
    return 0;
}
