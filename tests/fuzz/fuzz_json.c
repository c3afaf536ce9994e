/* JSON documents, JSON Lines, and the walk's judgement against jansson's. */
#include <jansson.h>

#include "connectors/json.h"
#include "connectors/json/walk.h"
#include "tests/fuzz/nested_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void agree(struct slice text)
{
    json_error_t e;
    json_t *j = json_loadb(text.ptr, text.len,
                           JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &e);
    if (!!j != json_valid(text) && !strstr(e.text, "overflow"))
        abort();
    json_decref(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    agree(slice_of((const char *)data, size));
    read_nested(&json_format, data, size);
    read_nested(&jsonl_format, data, size);
    return 0;
}
