/* Checks a tree against a JSON Schema (2020-12), both parsed by yaml.h, and names every mistake by
 * line and column with the nearest valid word. The subset: type, properties, additionalProperties,
 * required, enum, items, minItems, maxItems, minimum, maximum, minLength, anyOf, $ref to #/$defs.
 * anyOf goes by type: the branch that takes the node's type tells what is wrong in it. Duplicate
 * keys are mistakes too. */
#ifndef SLUICE_SCHEMAS_SCHEMA_CHECK_H
#define SLUICE_SCHEMAS_SCHEMA_CHECK_H

#include "schemas/finding.h"

/* `name`: what to call the whole in messages ("the project file"). */
void schema_check(const struct yaml_node *schema, const struct yaml_node *document,
                  const char *name, struct findings *out);

#endif
