/* The inside of project.c and its parts: turns the checked tree of a project file into struct
 * project. Structure (keys, types, ranges) is schema_check's; what is found here needs more than a
 * schema. Builders take any tree, also one with mistakes, and skip what is not of its type. They
 * return 0 or ERR_MEMORY; mistakes go to the findings. */
#ifndef SLUICE_SCHEMAS_PROJECT_BUILD_H
#define SLUICE_SCHEMAS_PROJECT_BUILD_H

#include "schemas/project.h"

struct project_builder {
    struct project *project;
    struct arena *arena; /* the project's */
    struct findings *out;
    struct error *err;
};

/* The text of a scalar; empty for nothing, lists and maps. */
struct slice node_text(const struct yaml_node *node);
/* The same as a C string; NULL for nothing. */
int node_is_true(const struct yaml_node *node); /* NULL is not */
const char *node_string(const struct yaml_node *node);
/* A scalar as one, a list as many; *ret_at may be NULL. */
int node_texts(struct project_builder *b, const struct yaml_node *node, struct slice **ret,
               int *ret_n, struct position **ret_at);
/* ", did you mean 'x'?" into `to`, or "" when nothing is near. */
void did_you_mean(struct slice word, const struct slice *names, int n, char to[120]);

/* Lays a `format:` over a layout. */
int build_layout(struct project_builder *b, const struct yaml_pair *format, struct layout *layout);

/* All mappings of a `record:` or events entry. */
int build_mappings(struct project_builder *b, const struct yaml_node *rules,
                   enum canonical_kind kind, struct record_rules *ret);
/* One of them; the canonical field it makes, NULL for one of the project's own. */
int build_mapping(struct project_builder *b, const struct yaml_node *node,
                  const struct canonical_field *field, struct mapping *ret);

int build_sources(struct project_builder *b, const struct yaml_node *sources);

struct names {
    struct slice *list;
    int n;
};

/* Names that match and golden rules may use: canonical fields, extra fields, ids.NAME. */
int known_fields(struct project_builder *b, struct slice **ret, int *ret_n);
int name_listed(const struct slice *names, int n, struct slice name);
/* A finding when the node names none of `known`. */
void check_field(struct project_builder *b, const struct names *known,
                 const struct yaml_node *node);
int build_match(struct project_builder *b, const struct yaml_node *match);
int build_golden(struct project_builder *b, const struct yaml_node *golden);
int build_tables(struct project_builder *b, const struct yaml_node *tables);

/* The canonical field of a name, or NULL. */
const struct canonical_field *canonical_find(enum canonical_kind kind, struct slice name);
/* Why a name cannot be that of an extra field ("did you mean …"): 1 and a sentence, or 0. */
int extra_field_refused(enum canonical_kind kind, struct slice name, char ret_why[160]);

#endif
