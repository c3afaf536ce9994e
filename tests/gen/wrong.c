#include "tests/gen/wrong.h"

const char *wrong_name(enum wrong_kind kind)
{
    static const char *const names[WRONG_KINDS] = {
        "bad_date", "short_line", "key_conflict", "bad_amount", "undefined_entity", "invalid_utf8"};
    return names[kind];
}

struct wrong_plan wrong_plan_of(const struct company *c, const enum wrong_kind *kinds, int n_kinds,
                                double rows, uint64_t places)
{
    uint64_t each = (uint64_t)(rows * company_rate(c, RATE_WRONG_ROWS));
    return (struct wrong_plan){kinds, n_kinds, each * (uint64_t)n_kinds, 0, places};
}

int wrong_due(struct wrong_plan *plan, uint64_t place, enum wrong_kind *ret_kind)
{
    if (plan->done == plan->total || place * 2 * plan->total < (plan->done * 2 + 1) * plan->places)
        return 0;
    *ret_kind = plan->kinds[plan->done++ % (uint64_t)plan->n_kinds];
    return 1;
}

uint64_t wrong_number(const struct wrong_plan *plan)
{
    return 80000000 + plan->done;
}

void wrong_note(struct out *list, const char *source, const char *file, uint64_t line,
                enum wrong_kind kind)
{
    out_text(list, source);
    out_char(list, ',');
    out_text(list, file);
    out_char(list, ',');
    out_uint(list, line, 1);
    out_char(list, ',');
    out_text(list, wrong_name(kind));
    out_end_line(list);
}
