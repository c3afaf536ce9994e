#include "connectors/identify.h"

#include <fcntl.h>
#include <unistd.h>

#include "connectors/input.h"
#include "connectors/source.h"

enum { LOOK_AT = 512, HEAD_FULL = 1 << 16 };

/* The outer layer by the file's first bytes, what is below it by taking layers off. */
static int find_packing(const char *path, struct arena *a, struct identity *ret, struct error *err)
{
    char bytes[LOOK_AT];
    struct source *from, *inner = NULL;
    enum source_kind outer, kind = KIND_PLAIN;
    int64_t consumed = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC), layers = 0, code;
    if (fd < 0)
        return error_errno(err, ERR_INPUT, "cannot open '%s'", path);
    ssize_t n = pread(fd, bytes, sizeof bytes, 0);
    outer = source_sniff(slice_of(bytes, n > 0 ? (size_t)n : 0));
    code = source_of_fd(fd, &consumed, &from, err);
    if (code == 0)
        code = layers = source_unwrap(from, &inner, &kind, err);
    source_close(inner);
    close(fd);
    TRY(code);
    ret->packed = "";
    if (outer != KIND_PLAIN && kind != KIND_PLAIN && kind != outer)
        ret->packed = arena_printf(a, "%s, %s", source_kind_name(outer), source_kind_name(kind));
    else if (outer != KIND_PLAIN)
        ret->packed = arena_printf(a, "%s", source_kind_name(outer));
    return ret->packed ? 0 : error_memory(err);
}

static int list_members(const char *path, const struct input_options *how, struct arena *a,
                        struct identity *ret, struct error *err)
{
    struct input *in;
    int more = 0;
    TRY(input_open(path, how, &in, err));
    while ((more = input_next(in, err)) > 0 && *input_member(in)) {
        if (ret->n_members < IDENTIFY_MEMBERS)
            ret->members[ret->n_members] = arena_string(a, slice_str(input_member(in)));
        ret->n_members++;
    }
    input_close(in);
    return more < 0 ? more : 0;
}

static const char *line_end_of(struct slice text)
{
    size_t lf = 0, cr_lf = 0, cr = 0;
    for (size_t i = 0; i < text.len; i++) {
        int before = i > 0 && text.ptr[i - 1] == '\r';
        if (text.ptr[i] == '\n' && before)
            cr_lf++;
        else if (text.ptr[i] == '\n')
            lf++;
        else if (before)
            cr++;
    }
    if ((lf > 0) + (cr_lf > 0) + (cr > 0) > 1)
        return "mixed";
    return cr_lf ? "CR LF" : cr ? "CR" : "LF";
}

static struct slice first_lines(struct slice text, int n, int newline)
{
    size_t at = 0;
    for (; n > 0 && at < text.len; n--) {
        const char *end = memchr(text.ptr + at, newline, text.len - at);
        at = end ? (size_t)(end - text.ptr) + 1 : text.len;
    }
    return slice_of(text.ptr, at);
}

static int has_high_bytes(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 128)
            return 1;
    return 0;
}

static int look_at_text(struct input *in, const struct layout *layout, struct arena *a,
                        struct identity *ret, struct error *err)
{
    struct slice head;
    TRY(input_peek(in, &head, err));
    ret->encoding = arena_string(a, slice_str(input_encoding(in)));
    ret->encoding_sure = layout->encoding || !input_recoded(in) ||
                         strncmp(input_encoding(in), "UTF-", 4) == 0 || !has_high_bytes(head);
    ret->line_end = line_end_of(head);
    ret->has_dialect = strcmp(ret->format, "csv") == 0 || strcmp(ret->format, "tsv") == 0;
    if (!ret->has_dialect)
        return 0;
    struct layout how = *layout;
    if (strcmp(ret->format, "tsv") == 0 && how.delimiter == LAYOUT_AUTO)
        how.delimiter = '\t';
    ret->dialect_sure = csv_dialect_detect(&how, head, head.len < HEAD_FULL, &ret->dialect);
    TRY(ret->dialect_sure);
    ret->preamble = arena_copy(a, first_lines(head, ret->dialect.skip, ret->dialect.marks.newline));
    return ret->preamble.ptr ? 0 : error_memory(err);
}

static int is_text(const char *format)
{
    return strcmp(format, "parquet") != 0 && strcmp(format, "arrow") != 0;
}

static int look_inside(struct input *in, const struct read_options *options, struct arena *a,
                       struct identity *ret, struct error *err)
{
    const struct format *f;
    ret->encoding = ret->line_end = "";
    ret->format = options->layout.type;
    if (!ret->format) {
        TRY(format_detect(in, options, &f, err));
        ret->format = f->name;
    }
    int more = input_next(in, err);
    TRY(more);
    if (!more || !is_text(ret->format))
        return 0;
    return look_at_text(in, &options->layout, a, ret, err);
}

int identify(const char *path, const struct read_options *options, struct arena *a,
             struct identity *ret, struct error *err)
{
    struct input_options how = {.member = options->layout.member,
                                .encoding = options->layout.encoding};
    struct input *in;
    *ret = (struct identity){0};
    TRY(find_packing(path, a, ret, err));
    if (*ret->packed)
        TRY(list_members(path, &how, a, ret, err));
    TRY(input_open(path, &how, &in, err));
    int code = look_inside(in, options, a, ret, err);
    input_close(in);
    return code;
}
