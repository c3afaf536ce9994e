#include "connectors/input_text.h"

size_t text_ascii(const uint8_t *bytes, size_t len)
{
    size_t i = 0;

    for (; i + 32 <= len; i += 32) {
        uint64_t w[4];
        memcpy(w, bytes + i, 32);
        if ((w[0] | w[1] | w[2] | w[3]) & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < len && bytes[i] < 128)
        i++;
    return i;
}

static int is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xc0;
}

/* Would someone have written this byte in windows-1252? Letters stand beside letters; of the signs
 * the common ones are taken. 0xff and 0xfe (y-diaeresis, thorn) are more often broken text. */
static int windows_likely(uint8_t before, uint8_t c, uint8_t after)
{
    static const char signs[] = "\x80\x82\x84\x85\x8a\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x99\x9a"
                                "\x9c\x9e\x9f\xa0\xa1\xa3\xa7\xa9\xaa\xab\xae\xb0\xb2\xb3\xb4\xb7"
                                "\xba\xbb\xbc\xbd\xbe\xbf";

    if (c >= 0xfe)
        return 0;
    if (c >= 0xc0)
        return is_letter(before) || is_letter(after);
    return memchr(signs, c, sizeof(signs) - 1) != NULL;
}

enum text_guess text_guess(uint8_t before, struct slice window)
{
    size_t good = 0, bad = 0, likely = 0;

    while (window.len) {
        size_t n = text_ascii((const uint8_t *)window.ptr, window.len);
        before = n ? (uint8_t)window.ptr[n - 1] : before;
        window = slice_of(window.ptr + n, window.len - n);
        if (!window.len)
            break;
        uint32_t rune;
        n = slice_utf8_next(window, &rune);
        if (n > 1) {
            good++;
        } else {
            bad++;
            likely += (size_t)windows_likely(before, (uint8_t)window.ptr[0],
                                             window.len > 1 ? (uint8_t)window.ptr[1] : 0);
        }
        before = (uint8_t)window.ptr[n - 1];
        window = slice_of(window.ptr + n, window.len - n);
    }
    return good >= bad || likely * 2 <= bad ? GUESS_UTF8 : GUESS_WINDOWS;
}
