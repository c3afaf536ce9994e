#include "connectors/input_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *input_place(struct input *in)
{
    const char *path = strcmp(in->path, "-") == 0 ? "standard input" : in->path;

    if (!*in->member)
        return path;
    snprintf(in->place, sizeof(in->place), "%s/%s", path, in->member);
    return in->place;
}

/* Names file and member in an error that has no place yet. */
static int placed(struct input *in, int code, struct error *err)
{
    if (code >= 0 || code == ERR_MEMORY || !err || *err->where)
        return code;
    return error_where(err, "%s", input_place(in));
}

static int open_fd(struct input *in, struct error *err)
{
    struct stat st;

    in->fd = strcmp(in->path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                        : open(in->path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0 || fstat(in->fd, &st) < 0)
        return error_errno(err, ERR_INPUT, "cannot open");
    if (S_ISDIR(st.st_mode))
        return error_set(err, ERR_INPUT, "is a directory, not a file");
    in->regular = S_ISREG(st.st_mode) && lseek(in->fd, 0, SEEK_CUR) == 0;
    in->size = in->regular ? (int64_t)st.st_size : -1;
    return 0;
}

static int open_layers(struct input *in, struct error *err)
{
    struct source *s;
    enum source_kind kind;
    int layers;

    TRY(open_fd(in, err));
    TRY(source_of_fd(in->fd, &in->consumed, &s, err));
    layers = source_unwrap(s, &s, &kind, err);
    TRY(layers);
    in->packed = layers > 0 || source_is_archive(kind);
    if (kind == KIND_PLAIN) {
        in->top = s;
        in->untouched = layers == 0;
        return 0;
    }
    return input_open_archive(in, s, kind, layers == 0, &in->outer, err);
}

int input_open(const char *path, const struct input_options *options, struct input **ret,
               struct error *err)
{
    struct input *in = calloc(1, sizeof(*in));
    int code;

    if (!in)
        return error_memory(err);
    in->fd = in->spool[0] = in->spool[1] = -1;
    if (options)
        in->options = *options;
    in->path = strdup(path);
    in->head = malloc(HEAD_MAX);
    code = in->path && in->head ? placed(in, open_layers(in, err), err) : error_memory(err);
    if (code < 0)
        input_close(in);
    else
        *ret = in;
    return code;
}

static void close_part(struct input *in)
{
    text_reader_free(in->text);
    in->text = NULL;
    source_close(in->part);
    in->part = NULL;
    in->head_at = in->head_len = 0;
}

void input_close(struct input *in)
{
    if (!in)
        return;
    close_part(in);
    archive_in_close(in->nested);
    archive_in_close(in->outer);
    source_close(in->top);
    for (int i = 0; i < 2; i++)
        if (in->spool[i] >= 0)
            close(in->spool[i]);
    if (in->fd >= 0)
        close(in->fd);
    if (in->map)
        munmap(in->map, in->map_len);
    free(in->path);
    free(in->head);
    free(in);
}

void input_again(struct input *in)
{
    in->again = in->part != NULL;
}

int input_next(struct input *in, struct error *err)
{
    int more;

    if (in->again) {
        in->again = 0;
        return 1;
    }
    close_part(in);
    more = input_next_source(in, &in->part, err);
    if (more > 0) {
        in->n_parts++;
        more = text_reader_new(in->part, in->options.encoding, &in->text, err);
        if (more >= 0)
            return 1;
    }
    return placed(in, more, err);
}

static int count(struct input *in, size_t n, struct error *err)
{
    int ratio = in->options.max_ratio ? in->options.max_ratio : 2000;

    in->unpacked += (int64_t)n;
    if (!in->packed)
        return 0;
    if (in->unpacked > input_max_bytes(in))
        return error_set(err, ERR_DATA, "unpacks to more than %lld bytes",
                         (long long)input_max_bytes(in));
    if (in->unpacked > RATIO_AFTER && in->unpacked / ratio > in->consumed)
        return error_set(err, ERR_DATA, "unpacks to more than %d times its size", ratio);
    return 0;
}

static int read_text(struct input *in, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    int code = text_reader_read(in->text, buf, cap, ret_n, err);

    if (code >= 0)
        code = count(in, *ret_n, err);
    return placed(in, code, err);
}

int input_read(struct input *in, void *buf, size_t cap, size_t *ret_n, struct error *err)
{
    size_t n = in->head_len - in->head_at;

    in->untouched = 0;
    if (n == 0 && cap >= SMALL_READ)
        return read_text(in, buf, cap, ret_n, err);
    if (n == 0) {
        in->head_at = in->head_len = 0;
        TRY(read_text(in, in->head, HEAD_MAX, &in->head_len, err));
        n = in->head_len;
    }
    if (n > cap)
        n = cap;
    memcpy(buf, in->head + in->head_at, n);
    in->head_at += n;
    *ret_n = n;
    return 0;
}

int input_peek(struct input *in, struct slice *ret, struct error *err)
{
    memmove(in->head, in->head + in->head_at, in->head_len - in->head_at);
    in->head_len -= in->head_at;
    in->head_at = 0;
    while (HEAD_MAX - in->head_len >= SMALL_READ) {
        size_t n = 0;
        TRY(read_text(in, in->head + in->head_len, HEAD_MAX - in->head_len, &n, err));
        if (n == 0)
            break;
        in->head_len += n;
    }
    *ret = slice_of(in->head, in->head_len);
    return 0;
}

int input_peek_raw(struct input *in, struct slice *ret, struct error *err)
{
    return placed(in, text_reader_raw(in->text, ret, err), err);
}

int input_peeked(const struct input *in)
{
    return in->text && in->text->mode != TEXT_START;
}

int input_set_encoding(struct input *in, const char *encoding, struct error *err)
{
    in->options.encoding = encoding;
    if (in->text->mode == TEXT_START)
        return placed(in, text_reader_set(in->text, encoding, err), err);
    if (encoding && !input_recoded(in) && strcmp(encoding, "binary") == 0)
        return 0;
    return placed(in, error_set(err, ERR_DATA, "the file is not what its name says"), err);
}

/* Text may only be mapped when all of it is what it is taken for. */
static int is_as_is(const struct input *in, const uint8_t *bytes, size_t len)
{
    const char *wanted = in->options.encoding;
    size_t n;

    if (wanted && strcmp(wanted, "binary") == 0)
        return 1;
    if (wanted || len < 4 || bytes[0] >= 0xef || bytes[0] == 0 || bytes[1] == 0)
        return 0;
    n = text_ascii(bytes, len);
    len -= n;
    return text_guess(n ? bytes[n - 1] : 0,
                      slice_of((const char *)bytes + n, len < TEXT_WINDOW ? len : TEXT_WINDOW)) ==
           GUESS_UTF8;
}

int input_map(struct input *in, struct slice *ret)
{
    if (!in->untouched || !in->part || in->size <= 0)
        return 0;
    in->map = mmap(NULL, (size_t)in->size, PROT_READ, MAP_PRIVATE, in->fd, 0);
    if (in->map == MAP_FAILED) {
        in->map = NULL;
        return 0;
    }
    in->map_len = (size_t)in->size;
    if (!is_as_is(in, in->map, in->map_len)) {
        munmap(in->map, in->map_len);
        in->map = NULL;
        return 0;
    }
    text_reader_end(in->text);
    in->consumed = in->size;
    in->untouched = 0;
    in->head_at = in->head_len = 0;
    *ret = slice_of(in->map, in->map_len);
    return 1;
}

const char *input_path(const struct input *in)
{
    return in->path;
}

const char *input_member(const struct input *in)
{
    return in->member;
}

const char *input_encoding(const struct input *in)
{
    return in->text ? in->text->name : "";
}

int input_recoded(const struct input *in)
{
    return in->text && (in->text->mode == TEXT_TABLE || in->text->mode == TEXT_CONVERT);
}

int64_t input_offset(const struct input *in)
{
    int64_t at = in->text ? in->text->offset : -1;

    return at < 0 ? -1 : at - (int64_t)(in->head_len - in->head_at);
}

int64_t input_consumed(const struct input *in)
{
    return in->consumed;
}

int64_t input_size(const struct input *in)
{
    return in->size;
}
