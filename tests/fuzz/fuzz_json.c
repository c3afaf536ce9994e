/* JSON documents, JSON Lines, and the walk's judgement against jansson's. */
#include <jansson.h>

#include "connectors/json.h"
#include "connectors/json/walk.h"
#include "tests/fuzz/nested_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* jansson takes a zero byte for the end, and none escaped in a key. */
static void agree(struct slice text)
{
    json_error_t e;
    if (text.len && memchr(text.ptr, 0, text.len))
        return;
    json_t *j = json_loadb(text.ptr, text.len,
                           JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &e);
    if (!!j != json_valid(text) && !strstr(e.text, "overflow") && !strstr(e.text, "NUL byte"))
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
