#include "connectors/input_text.h"

#include <stdlib.h>
#include <strings.h>
#include <unicode/ucnv.h>

static int is_utf8(const char *name)
{
    return strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
}

/* Single-byte converters are turned into a table once. */
static int make_table(struct text_reader *t, struct error *err)
{
    int windows = strncasecmp(t->name, "windows", 7) == 0 || strncasecmp(t->name, "cp125", 5) == 0;

    t->table = calloc(256, sizeof(*t->table));
    if (!t->table)
        return error_memory(err);
    t->ascii_below = 1;
    for (int i = 0; i < 256; i++) {
        UErrorCode code = U_ZERO_ERROR;
        char byte = (char)i, *out = t->table[i];
        const char *at = &byte;
        UChar32 rune;

        ucnv_reset(t->converter);
        rune = ucnv_getNextUChar(t->converter, &at, &byte + 1, &code);
        if (U_FAILURE(code) || rune == 0xfffd || (windows && rune >= 0x80 && rune < 0xa0)) {
            out[0] = (char)0xff;
            out[3] = 1;
        } else {
            out[3] = (char)utf8_put((uint32_t)rune, out);
        }
        if (i < 128 && rune != i)
            t->ascii_below = 0;
    }
    t->mode = TEXT_TABLE;
    return 0;
}

static int set_encoding(struct text_reader *t, const char *name, struct error *err)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverterType type;

    t->name = name;
    if (is_utf8(name) || strcasecmp(name, "binary") == 0) {
        t->mode = TEXT_AS_IS;
        return 0;
    }
    t->converter = ucnv_open(name, &code);
    if (U_FAILURE(code) || !t->converter)
        return error_set(err, ERR_USAGE, "unknown encoding '%s'", name);
    ucnv_setToUCallBack(t->converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    type = ucnv_getType(t->converter);
    if (type == UCNV_SBCS || type == UCNV_LATIN_1 || type == UCNV_US_ASCII ||
        (type == UCNV_MBCS && ucnv_getMaxCharSize(t->converter) == 1))
        return make_table(t, err);
    t->mode = TEXT_CONVERT;
    return 0;
}

static void forget(struct text_reader *t)
{
    if (t->converter)
        ucnv_close(t->converter);
    free(t->table);
    t->converter = NULL;
    t->table = NULL;
}

int text_reader_set(struct text_reader *t, const char *encoding, struct error *err)
{
    forget(t);
    t->wanted = encoding;
    t->name = "UTF-8";
    if (encoding)
        TRY(set_encoding(t, encoding, err));
    t->mode = TEXT_START; /* a byte order mark is still to be dropped */
    return 0;
}

void text_reader_end(struct text_reader *t)
{
    t->mode = TEXT_AS_IS;
    t->at = t->len;
    t->ended = 1;
}

int text_reader_new(struct source *from, const char *encoding, struct text_reader **ret,
                    struct error *err)
{
    struct text_reader *t = calloc(1, sizeof(*t));
    int code;

    if (!t)
        return error_memory(err);
    t->from = from;
    code = text_reader_set(t, encoding, err);
    if (code < 0)
        text_reader_free(t);
    else
        *ret = t;
    return code;
}

void text_reader_free(struct text_reader *t)
{
    if (!t)
        return;
    forget(t);
    free(t);
}

/* At least `want` raw bytes, or all there are. */
static int fill(struct text_reader *t, size_t want, struct error *err)
{
    if (t->len - t->at >= want || t->ended)
        return 0;
    memmove(t->raw, t->raw + t->at, t->len - t->at);
    t->len -= t->at;
    t->at = 0;
    while (t->len < want && !t->ended) {
        size_t n = 0;
        TRY(source_read(t->from, t->raw + t->len, sizeof(t->raw) - t->len, &n, err));
        t->len += n;
        t->ended = n == 0;
    }
    return 0;
}

static struct slice raw_view(const struct text_reader *t)
{
    return slice_of((const char *)t->raw + t->at, t->len - t->at);
}

int text_reader_raw(struct text_reader *t, struct slice *ret, struct error *err)
{
    TRY(fill(t, TEXT_WINDOW, err));
    *ret = raw_view(t);
    if (ret->len > TEXT_WINDOW)
        ret->len = TEXT_WINDOW;
    return 0;
}

static const char *by_mark(struct slice raw, size_t *ret_len)
{
    static const struct {
        struct slice mark;
        const char *name;
    } marks[] = {
        {{"\xef\xbb\xbf", 3}, "UTF-8"},    {{"\xff\xfe\0\0", 4}, "UTF-32LE"},
        {{"\0\0\xfe\xff", 4}, "UTF-32BE"}, {{"\xff\xfe", 2}, "UTF-16LE"},
        {{"\xfe\xff", 2}, "UTF-16BE"},
    };

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (slice_starts(raw, marks[i].mark)) {
            *ret_len = marks[i].mark.len;
            return marks[i].name;
        }
    return NULL;
}

/* UTF-16 of Western text has a zero in nearly every other byte. */
static const char *by_zeros(struct slice raw)
{
    size_t zeros[2] = {0, 0}, pairs = raw.len / 2;

    for (size_t i = 0; i < pairs * 2; i++)
        zeros[i & 1] += raw.ptr[i] == 0;
    if (pairs < 2)
        return NULL;
    if (zeros[1] * 10 >= pairs * 6 && zeros[0] * 20 <= pairs)
        return "UTF-16LE";
    if (zeros[0] * 10 >= pairs * 6 && zeros[1] * 20 <= pairs)
        return "UTF-16BE";
    return NULL;
}

/* Does a mark of this family belong to the encoding that was asked for? */
static int mark_fits(const char *wanted, const char *mark)
{
    return strncasecmp(wanted, mark, 6) == 0 || (is_utf8(wanted) && is_utf8(mark));
}

static int start(struct text_reader *t, struct error *err)
{
    struct slice raw;
    size_t mark_len = 0;
    const char *mark, *name;

    if (t->wanted && strcasecmp(t->wanted, "binary") == 0) {
        t->mode = TEXT_AS_IS;
        return 0;
    }
    TRY(text_reader_raw(t, &raw, err));
    mark = by_mark(raw, &mark_len);
    if (t->wanted && !(mark && mark_fits(t->wanted, mark))) {
        t->mode = t->table ? TEXT_TABLE : t->converter ? TEXT_CONVERT : TEXT_AS_IS;
    } else if (mark) {
        t->at += mark_len;
        t->offset = (int64_t)mark_len;
        forget(t);
        TRY(set_encoding(t, mark, err));
    } else if ((name = by_zeros(raw))) {
        TRY(set_encoding(t, name, err));
    } else {
        t->mode = TEXT_ASCII;
    }
    if (t->mode == TEXT_TABLE || t->mode == TEXT_CONVERT)
        t->offset = -1;
    return 0;
}

static int decide(struct text_reader *t, struct error *err)
{
    struct slice window;

    TRY(fill(t, TEXT_WINDOW, err));
    window = raw_view(t);
    if (window.len > TEXT_WINDOW)
        window.len = TEXT_WINDOW;
    if (text_guess(t->last, window) == GUESS_UTF8) {
        t->mode = TEXT_AS_IS;
        return 0;
    }
    t->offset = -1;
    return set_encoding(t, "windows-1252", err);
}

static size_t give(struct text_reader *t, void *buf, size_t n)
{
    if (n)
        t->last = t->raw[t->at + n - 1];
    memcpy(buf, t->raw + t->at, n);
    t->at += n;
    if (t->offset >= 0)
        t->offset += (int64_t)n;
    return n;
}

static int read_as_is(struct text_reader *t, void *buf, size_t cap, size_t *ret_n,
                      struct error *err)
{
    size_t have = t->len - t->at;

    *ret_n = 0;
    if (have) {
        *ret_n = give(t, buf, have < cap ? have : cap);
        return 0;
    }
    if (t->ended)
        return 0;
    TRY(source_read(t->from, buf, cap, ret_n, err));
    t->ended = *ret_n == 0;
    t->offset += (int64_t)*ret_n;
    return 0;
}

static size_t through_table(struct text_reader *t, char *out, size_t cap)
{
    char *o = out;

    while (t->at < t->len && (size_t)(o - out) + 4 <= cap) {
        const char *e = t->table[t->raw[t->at++]];
        memcpy(o, e, 4);
        o += e[3];
        if (t->ascii_below && t->at < t->len && t->raw[t->at] < 128) {
            size_t room = cap - (size_t)(o - out), n = t->len - t->at;
            n = text_ascii(t->raw + t->at, n < room ? n : room);
            memcpy(o, t->raw + t->at, n);
            t->at += n;
            o += n;
        }
    }
    return (size_t)(o - out);
}

static size_t utf16_out(struct text_reader *t, const UChar *units, size_t n, char *out)
{
    char *o = out;

    for (size_t i = 0; i < n; i++) {
        uint32_t u = units[i];
        if (t->lead && u >= 0xdc00 && u < 0xe000) {
            o += utf8_put(0x10000 + (((uint32_t)t->lead - 0xd800) << 10) + (u - 0xdc00), o);
            t->lead = 0;
            continue;
        }
        t->lead = 0;
        if (u >= 0xd800 && u < 0xdc00)
            t->lead = (uint16_t)u;
        else
            o += utf8_put(u, o);
    }
    return (size_t)(o - out);
}

/* A quarter of cap in UTF-16 units, as each gives at most 3 bytes; and one for a bad byte. */
static int through_icu(struct text_reader *t, char *out, size_t cap, size_t *ret_n,
                       struct error *err)
{
    UChar units[1024], *to = units;
    size_t room = cap / 4 < 1000 ? cap / 4 : 1000;
    const char *at = (const char *)t->raw + t->at, *end = (const char *)t->raw + t->len;
    UErrorCode code = U_ZERO_ERROR;

    ucnv_toUnicode(t->converter, &to, units + room, &at, end, NULL, (UBool)t->ended, &code);
    t->at = (size_t)(at - (const char *)t->raw);
    *ret_n = utf16_out(t, units, (size_t)(to - units), out);
    if (code == U_ZERO_ERROR && t->ended && t->at == t->len)
        t->flushed = 1;
    if (U_SUCCESS(code) || code == U_BUFFER_OVERFLOW_ERROR)
        return 0;
    if (code == U_MEMORY_ALLOCATION_ERROR)
        return error_memory(err);
    out[(*ret_n)++] = (char)0xff; /* the converter has stepped over what it does not have */
    return 0;
}

static int convert(struct text_reader *t, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    *ret_n = 0;
    while (*ret_n == 0 && !t->flushed) {
        TRY(fill(t, 1, err));
        if (t->mode == TEXT_CONVERT) {
            TRY(through_icu(t, buf, cap, ret_n, err));
        } else {
            *ret_n = through_table(t, buf, cap);
            t->flushed = t->ended && t->at == t->len;
        }
    }
    return 0;
}

int text_reader_read(struct text_reader *t, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    if (t->mode == TEXT_START)
        TRY(start(t, err));
    if (t->mode == TEXT_ASCII) {
        TRY(fill(t, 1, err));
        size_t n = text_ascii(t->raw + t->at, t->len - t->at);
        if (n || t->at == t->len) {
            *ret_n = give(t, buf, n < cap ? n : cap);
            return 0;
        }
        TRY(decide(t, err));
    }
    if (t->mode == TEXT_AS_IS)
        return read_as_is(t, buf, cap, ret_n, err);
    return convert(t, buf, cap, ret_n, err);
}
