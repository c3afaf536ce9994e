/* Records of fixed width, with a control record that counts and sums. */
#include "connectors/csv.h"
#include "tests/fuzz/nested_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct layout_column columns[] = {
        {SLICE_INIT("id"), 1, 4}, {SLICE_INIT("name"), 5, 8}, {SLICE_INIT("total"), 13, 6}};
    struct read_options plain = {.layout = LAYOUT_DETECT, .flags = READ_WITH_PLACE};
    struct read_options controlled = {.layout = LAYOUT_DETECT};
    char path[64];
    int fd = fuzz_file(data, size, path);

    plain.layout.columns = controlled.layout.columns = columns;
    plain.layout.n_columns = controlled.layout.n_columns = 3;
    controlled.layout.encoding = "windows-1252";
    controlled.layout.header_starts = "H";
    controlled.layout.trailer_starts = "T";
    controlled.layout.trailer_from = 2;
    controlled.layout.trailer_width = 4;
    controlled.layout.trailer_sum_from = 6;
    controlled.layout.trailer_sum_width = 8;
    controlled.layout.trailer_of = "total";
    drain(&fixed_format, path, &plain);
    drain(&fixed_format, path, &controlled);
    close(fd);
    return 0;
}
