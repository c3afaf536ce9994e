/* XML documents: the frame, the quick look and the parser. */
#include "connectors/xml.h"
#include "tests/fuzz/nested_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_nested(&xml_format, data, size);
    return 0;
}
