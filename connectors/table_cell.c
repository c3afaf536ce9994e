#include "connectors/table_text.h"

#include <stdio.h>
#include <unicode/uchar.h>

/* Would the character move the cursor, change the terminal or turn the text around it? */
static int must_escape(uint32_t rune)
{
    if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || rune == 0x2028 || rune == 0x2029)
        return 1;
    return rune == 0x061c || rune == 0x200e || rune == 0x200f ||
           (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069) ||
           (rune >= 0xfff9 && rune <= 0xfffb) || (rune >= 0xe0000 && rune <= 0xe007f);
}

static int rune_width(uint32_t rune)
{
    if (rune < 0x300)
        return rune == 0xad ? 0 : 1;
    int8_t kind = u_charType((UChar32)rune);
    if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_FORMAT_CHAR)
        return 0;
    int wide = u_getIntPropertyValue((UChar32)rune, UCHAR_EAST_ASIAN_WIDTH);
    return wide == U_EA_FULLWIDTH || wide == U_EA_WIDE ? 2 : 1;
}

/* One character or bad byte as it is shown; its bytes in `out`, their number in *ret_n. */
static int show(struct slice text, size_t len, uint32_t rune, char out[16], size_t *ret_n)
{
    static const char letters[] = "\a\b\t\n\v\f\r", names[] = "abtnvfr";
    int bad = rune == 0xfffd && len == 1;
    const char *known = rune && rune < 0x20 ? strchr(letters, (int)rune) : NULL;
    if (!bad && !must_escape(rune)) {
        memcpy(out, text.ptr, len);
        *ret_n = len;
        return rune_width(rune);
    }
    int n;
    if (bad || (rune < 0x80 && !known))
        n = snprintf(out, 16, "\\x%02x", (unsigned char)*text.ptr);
    else if (known)
        n = snprintf(out, 16, "\\%c", names[known - letters]);
    else
        n = snprintf(out, 16, "\\u%04x", rune);
    *ret_n = (size_t)n;
    return n;
}

int table_cell(struct slice text, int most, struct buffer *out, int *ret_width)
{
    int width = 0;
    size_t room_at = out->len; /* where … can still be put */
    int room_width = 0;
    while (text.len) {
        uint32_t rune;
        char shown[16];
        size_t n, len = slice_utf8_next(text, &rune);
        int w = show(text, len, rune, shown, &n);
        if (most && width + w > most) {
            out->len = room_at;
            *ret_width = room_width + 1;
            return buffer_string(out, "…");
        }
        TRY(buffer_append(out, shown, n));
        width += w;
        if (!most || width <= most - 1) {
            room_at = out->len;
            room_width = width;
        }
        text = slice_of(text.ptr + len, text.len - len);
    }
    *ret_width = width;
    return 0;
}

static int64_t sum_capped(const int *widths, int n, int cap)
{
    int64_t sum = 2 * ((int64_t)n - 1);
    for (int i = 0; i < n; i++)
        sum += widths[i] < cap ? widths[i] : cap;
    return sum;
}

int table_fit(int *widths, int n, int total, int least)
{
    int cap = total, spare;
    while (n > 1 && sum_capped(widths, n, least) > total)
        n--;
    while (cap > least && sum_capped(widths, n, cap) > total)
        cap--;
    spare = (int)(total - sum_capped(widths, n, cap));
    for (int i = 0; i < n; i++) {
        if (widths[i] <= cap)
            continue;
        widths[i] = cap + (spare > 0);
        spare -= spare > 0;
    }
    return n;
}
