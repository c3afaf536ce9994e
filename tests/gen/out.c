#include "tests/gen/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/gen/spelling.h"

enum { HELD = 1 << 16 };

struct out {
    int fd;
    gzFile gz; /* owns fd when not NULL */
    enum encoding encoding;
    int failed; /* the first errno */
    uint64_t lines;
    size_t n;
    char held[HELD];
};

struct out *out_open(const char *path, enum encoding encoding)
{
    struct out *o = malloc(sizeof(*o));
    if (!o)
        return NULL;
    o->encoding = encoding;
    o->failed = 0;
    o->lines = 0;
    o->n = 0;
    o->gz = NULL;
    o->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t len = strlen(path);
    int wants_gzip = len > 3 && !strcmp(path + len - 3, ".gz");
    if (o->fd >= 0 && wants_gzip)
        o->gz = gzdopen(o->fd, "wb4");
    if (o->fd < 0 || (wants_gzip && !o->gz)) {
        if (o->fd >= 0)
            close(o->fd);
        free(o);
        return NULL;
    }
    return o;
}

static void write_all(struct out *o, const char *p, size_t n)
{
    while (n && !o->failed) {
        ssize_t done = write(o->fd, p, n);
        if (done < 0 && errno != EINTR)
            o->failed = errno;
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        }
    }
}

static void flush(struct out *o)
{
    if (!o->gz) {
        write_all(o, o->held, o->n);
    } else if (o->n && !o->failed && gzwrite(o->gz, o->held, (unsigned)o->n) <= 0) {
        o->failed = errno ? errno : EIO;
    }
    o->n = 0;
}

int out_close(struct out *o)
{
    if (!o)
        return 0;
    flush(o);
    errno = 0;
    int bad = o->gz ? gzclose(o->gz) != Z_OK : close(o->fd) != 0;
    if (bad && !o->failed)
        o->failed = errno ? errno : EIO;
    int failed = o->failed;
    free(o);
    return failed;
}

uint64_t out_line(const struct out *o)
{
    return o->lines + 1;
}

void out_bytes(struct out *o, const char *p, size_t n)
{
    while (n) {
        if (o->n == HELD)
            flush(o);
        size_t part = n < HELD - o->n ? n : HELD - o->n;
        memcpy(o->held + o->n, p, part);
        o->n += part;
        p += part;
        n -= part;
    }
}

void out_char(struct out *o, char c)
{
    if (o->n == HELD)
        flush(o);
    o->held[o->n++] = c;
    o->lines += c == '\n';
}

void out_end_line(struct out *o)
{
    out_char(o, '\n');
}

/* All our letters are U+0080 .. U+00FF, which windows-1252 has at the same numbers. */
static void narrow(struct out *o, const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x80)
            out_char(o, *s);
        else if ((c == 0xc2 || c == 0xc3) && s[1])
            out_char(o, (char)((c & 3) << 6 | ((unsigned char)*++s & 0x3f)));
    }
}

void out_text(struct out *o, const char *s)
{
    char plain[512];
    if (o->encoding == WINDOWS_1252) {
        narrow(o, s);
        return;
    }
    if (o->encoding == ASCII) {
        spell_ascii(s, plain, sizeof(plain));
        s = plain;
    }
    for (; *s; s++)
        out_char(o, *s);
}

void out_uint(struct out *o, uint64_t n, int width)
{
    char digits[24];
    struct text t = TEXT_ON(digits);
    text_uint(&t, n, width);
    out_bytes(o, digits, (size_t)(t.at - digits));
}

void out_money(struct out *o, int64_t hundredths, char decimal, char group)
{
    char digits[24];
    struct text t = TEXT_ON(digits);
    if (hundredths < 0)
        out_char(o, '-');
    uint64_t n = (uint64_t)(hundredths < 0 ? -hundredths : hundredths);
    text_uint(&t, n / 100, 1);
    for (const char *p = digits; *p; p++) {
        out_char(o, *p);
        if (group && p + 1 < t.at && (t.at - p - 1) % 3 == 0)
            out_char(o, group);
    }
    out_char(o, decimal);
    out_uint(o, n % 100, 2);
}

void out_fixed(struct out *o, const char *s, int width)
{
    char plain[512];
    spell_ascii(s, plain, sizeof(plain));
    int n = (int)strlen(plain);
    out_bytes(o, plain, (size_t)(n < width ? n : width));
    for (; n < width; n++)
        out_char(o, ' ');
}

void out_field(struct out *o, const char *s, char separator)
{
    const char stops[] = {separator, '"', '\n', 0};
    if (!strpbrk(s, stops)) {
        out_text(o, s);
        return;
    }
    char quoted[512];
    struct text t = TEXT_ON(quoted);
    text_char(&t, '"');
    for (; *s; s++) {
        if (*s == '"')
            text_char(&t, '"');
        text_char(&t, *s);
    }
    text_char(&t, '"');
    out_text(o, quoted);
}

void out_json(struct out *o, const char *s)
{
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            out_char(o, '\\');
        if (*s == '\n')
            out_bytes(o, "\\n", 2);
        else
            out_char(o, *s);
    }
}

/* A character of two bytes as a number now and then, as systems that fear UTF-8 write it. */
static void out_xml_accent(struct out *o, const char *s)
{
    unsigned low = (unsigned char)s[1] & 0x3f;
    unsigned code = ((unsigned char)s[0] & 0x1fu) << 6 | low;
    if (code % 2) {
        out_bytes(o, "&#", 2);
        out_uint(o, code, 1);
        out_char(o, ';');
    } else {
        out_bytes(o, s, 2);
    }
}

void out_xml(struct out *o, const char *s)
{
    for (; *s; s++) {
        if (*s == '&')
            out_bytes(o, "&amp;", 5);
        else if (*s == '<')
            out_bytes(o, "&lt;", 4);
        else if (*s == '"')
            out_bytes(o, "&quot;", 6);
        else if ((unsigned char)*s == 0xc3 && s[1])
            out_xml_accent(o, s++);
        else
            out_char(o, *s);
    }
}
