/* `format:` → struct layout. */
#include <stdio.h>

#include "schemas/project_build.h"

/* A key of the format; *ret_node is NULL for `key: null`, which takes the key away again. */
static int has_key(const struct yaml_node *format, const char *key,
                   const struct yaml_node **ret_node)
{
    const struct yaml_node *node = yaml_get(format, key);

    if (!node)
        return 0;
    *ret_node = node->kind == YAML_NULL ? NULL : node;
    return 1;
}

static void lay_string(const struct yaml_node *format, const char *key, const char **to)
{
    const struct yaml_node *node;

    if (has_key(format, key, &node))
        *to = node_string(node);
}

static void lay_mark(struct project_builder *b, const struct yaml_node *format, const char *key,
                     int *to)
{
    const struct yaml_node *node;
    struct slice s;

    if (!has_key(format, key, &node))
        return;
    s = node_text(node);
    if (!s.ptr)
        *to = LAYOUT_AUTO;
    else if (slice_equal(s, SLICE_LIT("tab")))
        *to = '\t';
    else if (slice_equal(s, SLICE_LIT("none")) && strcmp(key, "delimiter") != 0)
        *to = 0;
    else if (s.len == 1)
        *to = (unsigned char)s.ptr[0];
    else
        finding_add(b->out, node->at, "'%s' must be one character or '%s'", key,
                    strcmp(key, "delimiter") ? "none" : "tab, and a space behind it");
}

/* ", " is a comma with the space behind it. */
static void lay_delimiter(struct project_builder *b, const struct yaml_node *format,
                          struct layout *l)
{
    const struct yaml_node *node;

    if (!has_key(format, "delimiter", &node))
        return;
    struct slice s = node_text(node);
    l->padded = s.ptr && s.len == 2 && s.ptr[1] == ' ' ? 1 : s.ptr ? 0 : LAYOUT_AUTO;
    if (l->padded == 1)
        l->delimiter = (unsigned char)s.ptr[0];
    else
        lay_mark(b, format, "delimiter", &l->delimiter);
}

static void lay_header(const struct yaml_node *format, struct layout *l)
{
    const struct yaml_node *node;

    if (!has_key(format, "header", &node))
        return;
    l->header = LAYOUT_AUTO;
    l->header_starts = node_string(yaml_get(node, "starts"));
    if (!l->header_starts)
        l->header = yaml_int(node, LAYOUT_AUTO);
}

static void check_columns(struct project_builder *b, const struct yaml_node *list,
                          const struct layout_column *columns, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            if (columns[i].name.len && slice_equal(columns[i].name, columns[j].name)) {
                finding_add(b->out, list->items[i].at, "two columns are named '%.*s'",
                            FINDING_SLICE(columns[i].name));
                break;
            }
}

static int lay_columns(struct project_builder *b, const struct yaml_node *format, struct layout *l)
{
    const struct yaml_node *node;
    struct layout_column *columns;
    int n;

    if (!has_key(format, "columns", &node))
        return 0;
    n = node && node->kind == YAML_LIST ? node->n : 0;
    columns = ARENA_ARRAY(b->arena, struct layout_column, (size_t)n + 1);
    if (!columns)
        return error_memory(b->err);
    for (int i = 0; i < n; i++) {
        columns[i].name = node_text(yaml_get(&node->items[i], "name"));
        columns[i].from = yaml_int(yaml_get(&node->items[i], "from"), 1);
        columns[i].width = yaml_int(yaml_get(&node->items[i], "width"), 1);
    }
    check_columns(b, node, columns, n);
    l->columns = n ? columns : NULL;
    l->n_columns = n;
    return 0;
}

/* A field number, or from and width. */
static void lay_place(const struct yaml_node *node, int *field, int *from, int *width)
{
    *field = yaml_int(node, 0);
    *from = yaml_int(yaml_get(node, "from"), 0);
    *width = yaml_int(yaml_get(node, "width"), 0);
}

static void check_place(struct project_builder *b, const struct yaml_node *node, const char *key,
                        const struct layout *l)
{
    int fixed = l->type && strcmp(l->type, "fixed") == 0;

    if (node && l->type && fixed != (node->kind == YAML_MAP))
        finding_add(b->out, node->at, "'%s' must be %s in '%s'", key,
                    fixed ? "{from, width}" : "a field's number", l->type);
}

static void check_trailer(struct project_builder *b, const struct yaml_pair *trailer,
                          const struct layout *l)
{
    const struct yaml_node *node = &trailer->value;
    const struct yaml_node *sum = yaml_get(node, "sum"), *of = yaml_get(node, "of");
    int found = 0;

    check_place(b, yaml_get(node, "count"), "count", l);
    check_place(b, sum, "sum", l);
    if (sum && !of)
        finding_add(b->out, trailer->key_at, "'sum' needs 'of', the column that it adds up");
    if (of && !sum)
        finding_add(b->out, trailer->key_at, "'of' needs 'sum', where the control sum stands");
    for (int i = 0; of && i < l->n_columns; i++)
        found |= slice_equal(l->columns[i].name, node_text(of));
    if (of && l->n_columns && !found)
        finding_add(b->out, of->at, "'of' names no column of 'columns': '%.*s'",
                    FINDING_SLICE(node_text(of)));
}

static void lay_trailer(struct project_builder *b, const struct yaml_node *format, struct layout *l)
{
    const struct yaml_pair *pair = yaml_pair(format, "trailer");
    const struct yaml_node *node;

    if (!has_key(format, "trailer", &node))
        return;
    l->trailer_starts = node_string(yaml_get(node, "starts"));
    lay_place(yaml_get(node, "count"), &l->trailer_count, &l->trailer_from, &l->trailer_width);
    lay_place(yaml_get(node, "sum"), &l->trailer_sum, &l->trailer_sum_from, &l->trailer_sum_width);
    l->trailer_of = node_string(yaml_get(node, "of"));
    l->trailer_decimal =
        node_string(yaml_get(node, "decimal")) ? node_string(yaml_get(node, "decimal"))[0] : '.';
    if (node)
        check_trailer(b, pair, l);
}

/* Another type starts afresh: a delimiter means nothing to XML. */
static void lay_type(const struct yaml_node *format, struct layout *l)
{
    static const struct layout fresh = LAYOUT_DETECT;
    const struct yaml_node *node;
    const char *type;

    if (!has_key(format, "type", &node))
        return;
    type = node_string(node);
    if (l->type && type && strcmp(l->type, type) != 0)
        *l = fresh;
    l->type = type;
}

int build_layout(struct project_builder *b, const struct yaml_pair *format, struct layout *layout)
{
    const struct yaml_node *node = format ? &format->value : NULL;
    const struct yaml_node *skip;

    if (!node || node->kind != YAML_MAP)
        return 0;
    lay_type(node, layout);
    lay_string(node, "member", &layout->member);
    lay_string(node, "encoding", &layout->encoding);
    lay_string(node, "each", &layout->each);
    lay_string(node, "explode", &layout->explode);
    lay_delimiter(b, node, layout);
    lay_mark(b, node, "quote", &layout->quote);
    lay_mark(b, node, "escape", &layout->escape);
    lay_header(node, layout);
    if (has_key(node, "skip", &skip))
        layout->skip = yaml_int(skip, 0);
    TRY(lay_columns(b, node, layout));
    lay_trailer(b, node, layout);
    if (layout->type && strcmp(layout->type, "fixed") == 0 && !layout->columns)
        finding_add(b->out, format->key_at, "type 'fixed' needs 'columns'");
    if (layout->columns && !layout->type)
        layout->type = "fixed";
    return 0;
}
