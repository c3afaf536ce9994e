#include "core/wrap.h"

int text_width(struct slice text)
{
    int n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return n;
}

static int put_blanks(struct buffer *out, int n)
{
    return n > 0 ? buffer_printf(out, "%*s", n, "") : 0;
}

int text_padded(struct buffer *out, struct slice text, int width)
{
    uint32_t rune;
    int have = text_width(text), n = 0;
    size_t at = 0;
    if (have <= width) {
        TRY(buffer_slice(out, text));
        return put_blanks(out, width - have);
    }
    for (; n < width - 1 && at < text.len; n++)
        at += slice_utf8_next(slice_of(text.ptr + at, text.len - at), &rune);
    TRY(buffer_append(out, text.ptr, at));
    return buffer_string(out, "\xE2\x80\xA6");
}

int wrap_words(struct wrap *w, struct slice text)
{
    struct slice rest = text, word;
    for (int first = 1; slice_cut(&rest, ' ', &word); first = 0) {
        int len = text_width(word), blank = !first;
        if (w->column > w->indent && w->column + blank + len > w->width) {
            TRY(wrap_end(w));
            TRY(put_blanks(w->out, w->indent));
            w->column = w->indent;
            blank = 0;
        }
        if (blank)
            TRY(buffer_putc(w->out, ' '));
        TRY(buffer_slice(w->out, word));
        w->column += blank + len;
    }
    return 0;
}

int wrap_end(struct wrap *w)
{
    while (w->out->len && w->out->data[w->out->len - 1] == ' ')
        w->out->len--;
    w->column = 0;
    return buffer_putc(w->out, '\n');
}
