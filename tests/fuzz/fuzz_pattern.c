/* Any bytes as a pattern, up to the first line end, looked for in the rest. */
#include <stdlib.h>
#include <string.h>

#include "schemas/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t len = end ? (size_t)(end - data) : size;
    size_t rest = end ? len + 1 : size;
    struct pattern *p;
    struct error err;
    struct arena a;

    arena_init(&a, (size_t)1 << 26);
    if (pattern_parse(slice_of((const char *)data, len), &a, &p, &err) == 0 &&
        pattern_found(p, slice_of((const char *)data + rest, size - rest)) > 1)
        abort();
    arena_done(&a);
    return 0;
}
