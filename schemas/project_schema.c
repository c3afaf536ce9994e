#include "schemas/project.h"

/* The assembler reads the file from the repository's root, where make runs. */
__asm__(".pushsection .rodata\n"
        ".global sluice_schema_begin, sluice_schema_end\n"
        "sluice_schema_begin:\n"
        ".incbin \"schemas/sluice.schema.json\"\n"
        "sluice_schema_end:\n"
        ".popsection\n");

extern const char sluice_schema_begin[], sluice_schema_end[];

struct slice project_schema(void)
{
    return slice_of(sluice_schema_begin, (size_t)(sluice_schema_end - sluice_schema_begin));
}
