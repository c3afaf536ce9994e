/* Any bytes as a project file: parsed, and checked against the schema. */
#include <stdlib.h>

#include "schemas/project.h"
#include "schemas/schema_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct findings found = {.arena = &a};
    struct yaml_node schema, document;

    arena_init(&a, (size_t)1 << 26);
    if (yaml_parse("schema", project_schema(), &a, &schema, NULL) < 0)
        abort();
    if (yaml_parse("fuzz", slice_of((const char *)data, size), &a, &document, NULL) == 0) {
        schema_check(&schema, &document, "it", &found);
        findings_sort(&found);
    }
    arena_done(&a);
    return 0;
}
