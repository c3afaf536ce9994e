/* Any bytes as a number, a date or a time; a day or a time that was read is written and read again
 * as the same. */
#include <stdlib.h>

#include "core/calendar.h"
#include "core/decimal.h"
#include "core/number.h"
#include "schemas/text_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void numbers(struct slice text)
{
    int64_t whole;
    double real;
    decimal128 exact;
    struct text_types types = {0};
    struct field field = {0};

    integer_parse(text, &whole);
    size_parse(text, &whole);
    real_parse(text, &real);
    for (int scale = 0; scale <= 38; scale += 19)
        decimal_parse(text, scale, &exact);
    text_types_add(&types, text, 1);
    text_types_decide(&types, &field);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of((const char *)data, size);
    int32_t day, day_again;
    int64_t micros, micros_again;
    char out[40];

    numbers(text);
    if (date_parse(text, &day) &&
        (!date_parse(slice_of(out, date_text(day, out)), &day_again) || day_again != day))
        abort();
    if (timestamp_parse(text, &micros) &&
        (!timestamp_parse(slice_of(out, timestamp_text(micros, out)), &micros_again) ||
         micros_again != micros))
        abort();
    return 0;
}
