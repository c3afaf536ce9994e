/* What progress looks like: pure functions of the state. */
#include "core/progress.h"

#include "core/error.h"

enum { BAR_CELLS = 20 };

/* Three digits and a letter: 999, 1.23k, 45.6M. Bytes go by 1000 too, as disks are sold. */
static int amount(struct buffer *out, int64_t n)
{
    const char letters[] = "kMGTP";
    if (n < 1000)
        return buffer_printf(out, "%lld", (long long)n);
    int64_t unit = 1000;
    int i = 0;
    for (; n / unit >= 1000 && i < 4; i++)
        unit *= 1000;
    long long whole = n / unit, rest = n % unit / (unit / 1000);
    if (whole < 10)
        return buffer_printf(out, "%lld.%02lld%c", whole, rest / 10, letters[i]);
    if (whole < 100)
        return buffer_printf(out, "%lld.%lld%c", whole, rest / 100, letters[i]);
    return buffer_printf(out, "%lld%c", whole, letters[i]);
}

static int clock_text(struct buffer *out, int64_t seconds)
{
    long long h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
    return h ? buffer_printf(out, "%lld:%02lld:%02lld", h, m, s)
             : buffer_printf(out, "%lld:%02lld", m, s);
}

/* Per second; 0 when it is too early to say. */
static int64_t rate_of(const struct progress_view *v)
{
    return v->millis < 200 ? 0 : (int64_t)((double)v->done * 1000 / (double)v->millis);
}

static int share(struct buffer *out, const struct progress_view *v)
{
    int64_t done = v->done < v->total ? v->done : v->total;
    double part = (double)done / (double)v->total;
    int filled = (int)(part * BAR_CELLS);
    TRY(buffer_string(out, "  ["));
    for (int i = 0; i < BAR_CELLS; i++)
        TRY(buffer_putc(out, i < filled ? '#' : '-'));
    return buffer_printf(out, "] %3d%%", (int)(part * 100));
}

static int counts(struct buffer *out, const struct progress_view *v)
{
    TRY(buffer_string(out, "  "));
    TRY(amount(out, v->done));
    if (v->total) {
        TRY(buffer_string(out, " of "));
        TRY(amount(out, v->total));
    }
    return buffer_printf(out, " %s", v->unit);
}

static int pace(struct buffer *out, const struct progress_view *v)
{
    int64_t rate = rate_of(v), left = v->total - v->done;
    if (rate <= 0)
        return 0;
    TRY(buffer_string(out, "  "));
    TRY(amount(out, rate));
    TRY(buffer_string(out, "/s"));
    if (!v->total || left < 0)
        return 0;
    TRY(buffer_string(out, "  "));
    TRY(clock_text(out, left / rate));
    return buffer_string(out, " left");
}

int progress_bar(const struct progress_view *v, int width, struct buffer *out)
{
    size_t start = out->len;
    TRY(buffer_string(out, v->stage));
    if (v->total)
        TRY(share(out, v));
    TRY(counts(out, v));
    TRY(pace(out, v));
    /* ASCII, so a byte is a column. */
    if (width > 0 && out->len - start > (size_t)width)
        out->len = start + (size_t)width;
    return 0;
}

static int quoted(struct buffer *out, const char *text)
{
    TRY(buffer_putc(out, '"'));
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            TRY(buffer_putc(out, '\\'));
        if ((unsigned char)*text < 0x20)
            TRY(buffer_printf(out, "\\u%04x", *text));
        else
            TRY(buffer_putc(out, *text));
    }
    return buffer_putc(out, '"');
}

int progress_json(const struct progress_view *v, struct buffer *out)
{
    TRY(buffer_string(out, "{\"stage\":"));
    TRY(quoted(out, v->stage));
    TRY(buffer_string(out, ",\"unit\":"));
    TRY(quoted(out, v->unit));
    TRY(buffer_printf(out, ",\"done\":%lld,\"total\":", (long long)v->done));
    return v->total ? buffer_printf(out, "%lld}\n", (long long)v->total)
                    : buffer_string(out, "null}\n");
}
