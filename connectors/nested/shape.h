/* The shape of nested records: a tree of the paths in them, and the columns that some of its nodes
 * fill. Made from the paths a user names, or grown from the records themselves (one tree per chunk,
 * merged in the order of the chunks, so that columns come in order of first appearance).
 *
 * A node is a key of an object, an XML child element or an attribute (@name); its `items` node
 * stands for the elements of its array, or for each of the repeated XML elements. Looking up a
 * child costs one compare when keys come in the order of the record before, else one probe.
 * A tree is built by one thread and read by any number. */
#ifndef SLUICE_CONNECTORS_NESTED_SHAPE_H
#define SLUICE_CONNECTORS_NESTED_SHAPE_H

#include "core/buffer.h"
#include "core/type.h"

enum { SHAPE_COLUMNS = 10000 };

enum shape_style {
    SHAPE_JSON, /* a.b, a[].b */
    SHAPE_XML   /* a/b, a[]/b, a/@c */
};

/* What stood at a path. */
enum shape_kind {
    SHAPE_SCALAR = 1, /* also XML text that is not white space */
    SHAPE_OBJECT = 2,
    SHAPE_ARRAY = 4,
    SHAPE_REPEATED = 8, /* XML: more than once in one parent */
    SHAPE_NULL = 16,
};

struct shape_node {
    struct slice name;
    int plain; /* the name needs no escape in JSON */
    int id;    /* 0 … n_nodes - 1 */
    unsigned kinds;
    int column;  /* that takes the value here as text; -1 for none */
    int explode; /* one row per element of `items` */
    struct shape_node *parent, *items;
    struct shape_node *first, *last, *next; /* children in order of appearance */
    uint32_t n_children, n_slots;
    struct shape_node **slots; /* open addressing once there are more than a few children */
    int *aligned;              /* of an items node: columns with one entry per element */
    int n_aligned;
};

struct shape_column {
    struct slice name;
    struct shape_node *node;
    struct shape_node *list; /* nearest items node above or at the node; NULL: one value a record */
    int exploded;            /* that list is the one with a row per element */
    int inside;              /* that list stands inside the one with a row per element */
};

struct shape {
    enum shape_style style;
    struct shape_node *root;
    struct shape_node *exploded; /* the items node that makes rows, or NULL */
    int n_nodes;
    int closed;    /* columns are named: other paths are none of our business */
    int odd_names; /* some key holds the separator, so two paths may spell the same */
    struct shape_column *columns;
    int n_columns;
    uint64_t seed[2];
    struct arena arena;
};

int shape_init(struct shape *s, enum shape_style style, struct error *err);
void shape_done(struct shape *s);

/* Equality of short names, without a call. */
static inline int name_equal(struct slice a, struct slice b)
{
    uint64_t x, y;
    size_t i = 0;
    if (a.len != b.len)
        return 0;
    for (; a.len - i >= 8; i += 8) {
        memcpy(&x, a.ptr + i, 8);
        memcpy(&y, b.ptr + i, 8);
        if (x != y)
            return 0;
    }
    for (; i < a.len; i++)
        if (a.ptr[i] != b.ptr[i])
            return 0;
    return 1;
}

/* The child called `name`, or NULL. `*hint` speeds up keys that come in a fixed order; start with
 * node->first. For XML a name without a prefix also finds itself under any prefix asked for. */
struct shape_node *shape_child(const struct shape *s, const struct shape_node *node,
                               struct slice name, struct shape_node **hint);
/* The same, made when missing; NULL when memory is out. */
struct shape_node *shape_grow(struct shape *s, struct shape_node *node, struct slice name);
struct shape_node *shape_items(struct shape *s, struct shape_node *node);

/* Something of these kinds stands at the node. A node that was only named before (for exploding)
 * takes its place in the order now. */
void shape_seen(struct shape_node *n, unsigned kinds);

/* Marks the list that gives one row per element ("OrderItems[]"). */
int shape_explode(struct shape *s, const char *path, struct error *err);
/* Adds all of `from`'s nodes and kinds. */
int shape_merge(struct shape *into, const struct shape *from, struct error *err);

/* The columns of a grown tree: leaves in order of appearance. */
int shape_discover(struct shape *s, struct error *err);
/* Exactly these columns, in this order. */
int shape_name(struct shape *s, const struct slice *paths, int n, struct error *err);

/* The node at a path, made when missing; "." is an XML record's own text. NULL: out of memory. */
struct shape_node *shape_at(struct shape *s, struct slice path);
/* Appends the path of a node. 0 or ERR_MEMORY. */
int shape_node_path(const struct shape *s, const struct shape_node *n, struct buffer *out);
/* ERR_DATA: more paths than anyone can want. */
int shape_too_many(struct error *err);

/* The path of a node, for messages. */
int shape_path(const struct shape *s, const struct shape_node *node, char *out, size_t cap);

#endif
