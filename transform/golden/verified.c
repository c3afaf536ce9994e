#include "transform/golden/verified.h"

#include "schemas/contact.h"
#include "schemas/phone_plan.h"

int value_verified(struct slice field, const struct cell *cell)
{
    if (cell->field->type != TYPE_UTF8)
        return 0;
    struct slice value = column_slice(cell->column, cell->row);
    if (slice_equal(field, SLICE_LIT("email")))
        return email_valid(value) && !email_slip(value);
    if (slice_equal(field, SLICE_LIT("phone")))
        return phone_valid(value);
    return 0;
}
