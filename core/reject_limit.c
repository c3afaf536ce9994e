/* How many rejected rows are too many. */
#include "core/decimal.h"
#include "core/number.h"
#include "core/reject.h"

int reject_limit_parse(struct slice text, struct reject_limit *ret)
{
    int64_t rows;
    decimal128 percent;
    text = slice_trim(text);
    if (slice_equal(text, SLICE_LIT("all"))) {
        *ret = (struct reject_limit){.rows = REJECTS_ANY};
        return 1;
    }
    if (slice_ends(text, SLICE_LIT("%"))) {
        struct slice number = slice_trim(slice_of(text.ptr, text.len - 1));
        if (!decimal_parse(number, 4, &percent) || percent < 0 || percent > 1000000)
            return 0;
        *ret = (struct reject_limit){.rows = REJECTS_SHARE, .millionths = (int64_t)percent};
        return 1;
    }
    if (!integer_parse(text, &rows) || rows < 0)
        return 0;
    *ret = (struct reject_limit){.rows = rows};
    return 1;
}

static int over_share(int64_t rejected, int64_t total, int64_t millionths, struct error *err)
{
    if ((decimal128)rejected * 1000000 <= (decimal128)millionths * total)
        return 0;
    char allowed[DECIMAL_TEXT];
    size_t len = decimal_text(millionths, 4, allowed);
    while (len && allowed[len - 1] == '0')
        len--;
    len -= len && allowed[len - 1] == '.';
    return error_set(err, ERR_DATA,
                     "%lld of %lld rows were rejected, more than the %.*s %% allowed",
                     (long long)rejected, (long long)total, (int)len, allowed);
}

int reject_limit_check(struct reject_limit limit, int64_t rejected, int64_t total,
                       struct error *err)
{
    if (limit.rows == REJECTS_ANY)
        return 0;
    if (limit.rows == REJECTS_SHARE)
        return over_share(rejected, total, limit.millionths, err);
    if (rejected <= limit.rows)
        return 0;
    return error_set(err, ERR_DATA, "%lld of %lld rows were rejected, more than the %lld allowed",
                     (long long)rejected, (long long)total, (long long)limit.rows);
}
