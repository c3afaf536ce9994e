#include "connectors/source.h"

#include <stdlib.h>

enum { HEAD_BYTES = 1024 };

struct head_source {
    struct source base;
    struct source *from;
    size_t at, len;
    char head[HEAD_BYTES];
};

void source_close(struct source *s)
{
    if (s)
        s->close(s);
}

static int head_read(struct source *s, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    struct head_source *h = (struct head_source *)s;
    size_t n = h->len - h->at;

    if (n == 0)
        return source_read(h->from, buf, cap, ret_n, err);
    if (n > cap)
        n = cap;
    memcpy(buf, h->head + h->at, n);
    h->at += n;
    *ret_n = n;
    return 0;
}

static void head_close(struct source *s)
{
    struct head_source *h = (struct head_source *)s;

    source_close(h->from);
    free(h);
}

int source_head(struct source *from, struct source **ret, struct slice *head, struct error *err)
{
    struct head_source *h = calloc(1, sizeof(*h));

    if (!h) {
        source_close(from);
        return error_memory(err);
    }
    h->base = (struct source){head_read, head_close};
    h->from = from;
    while (h->len < HEAD_BYTES) {
        size_t n = 0;
        int code = source_read(from, h->head + h->len, HEAD_BYTES - h->len, &n, err);
        if (code < 0) {
            head_close(&h->base);
            return code;
        }
        if (n == 0)
            break;
        h->len += n;
    }
    *head = slice_of(h->head, h->len);
    *ret = &h->base;
    return 0;
}

/* The checksum of a tar header: all bytes, its own eight as spaces. */
static int looks_like_tar(struct slice head)
{
    unsigned sum = 0, want = 0;

    if (head.len < 512 || head.ptr[0] == 0)
        return 0;
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? ' ' : (unsigned char)head.ptr[i];
    for (size_t i = 148; i < 156; i++) {
        char c = head.ptr[i];
        if (c >= '0' && c <= '7')
            want = want * 8 + (unsigned)(c - '0');
        else if (c != ' ' || want)
            break;
    }
    return sum == want;
}

enum source_kind source_sniff(struct slice head)
{
    static const struct {
        struct slice magic;
        enum source_kind kind;
    } kinds[] = {
        {{"\x1f\x8b\x08", 3}, KIND_GZIP},
        {{"\x28\xb5\x2f\xfd", 4}, KIND_ZSTD},
        {{"\xfd"
          "7zXZ\0",
          6},
         KIND_XZ},
        {{"PK\3\4", 4}, KIND_ZIP},
        {{"PK\5\6", 4}, KIND_ZIP},
        {{"7z\xbc\xaf\x27\x1c", 6}, KIND_7Z},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (slice_starts(head, kinds[i].magic))
            return kinds[i].kind;
    if (head.len >= 10 && memcmp(head.ptr, "BZh", 3) == 0 && head.ptr[3] >= '1' &&
        head.ptr[3] <= '9' &&
        (memcmp(head.ptr + 4, "1AY&SY", 6) == 0 ||
         memcmp(head.ptr + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0))
        return KIND_BZIP2;
    return looks_like_tar(head) ? KIND_TAR : KIND_PLAIN;
}

const char *source_kind_name(enum source_kind kind)
{
    static const char *const names[] = {"plain", "gzip", "zstd", "xz", "bzip2", "tar", "zip", "7z"};

    return names[kind];
}
