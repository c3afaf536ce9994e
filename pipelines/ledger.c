#include "pipelines/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"

enum { HEADER_BYTES = 4096, COLUMNS_MOST = 64 };

static const struct slice decision_columns[DECISION_COLUMNS] = {
    [DECISION_ACTION] = SLICE_INIT("action"), [DECISION_A] = SLICE_INIT("a"),
    [DECISION_B] = SLICE_INIT("b"),           [DECISION_WHO] = SLICE_INIT("who"),
    [DECISION_AT] = SLICE_INIT("at"),         [DECISION_WHY] = SLICE_INIT("why")};

const struct ledger decisions_ledger = {"decisions.csv", decision_columns, DECISION_COLUMNS};

/* A ledger that is open and locked. */
struct book {
    const struct ledger *ledger;
    const char *path;
    int fd;
    int64_t size;
    int n;                  /* columns of the file */
    int from[COLUMNS_MOST]; /* of each: the ledger's column, or -1 */
    struct buffer text;     /* what is to be added */
    struct error *err;
};

static int put_cell(struct buffer *text, struct slice cell)
{
    int quoted = 0;
    for (size_t i = 0; i < cell.len; i++)
        quoted |= strchr(",\"\r\n", cell.ptr[i]) != NULL;
    if (!quoted)
        return buffer_slice(text, cell);
    TRY(buffer_putc(text, '"'));
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"')
            TRY(buffer_putc(text, '"'));
        TRY(buffer_putc(text, cell.ptr[i]));
    }
    return buffer_putc(text, '"');
}

static int put_line(const struct book *b, const struct slice *cells, struct buffer *text)
{
    for (int i = 0; i < b->n; i++) {
        if (i)
            TRY(buffer_putc(text, ','));
        if (b->from[i] >= 0)
            TRY(put_cell(text, cells[b->from[i]]));
    }
    return buffer_putc(text, '\n');
}

/* A file of ours has our columns. */
static int begin(struct book *b)
{
    b->n = b->ledger->n_columns;
    for (int i = 0; i < b->n; i++)
        b->from[i] = i;
    return put_line(b, b->ledger->columns, &b->text) < 0 ? error_memory(b->err) : 0;
}

static int column_of(const struct ledger *l, struct slice name)
{
    name = slice_trim(name);
    if (name.len >= 2 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
        name = slice_of(name.ptr + 1, name.len - 2);
    for (int i = 0; i < l->n_columns; i++)
        if (slice_equal_nocase(name, l->columns[i]))
            return i;
    return -1;
}

static int read_header(struct book *b, struct slice line)
{
    int seen[COLUMNS_MOST] = {0};
    if (line.len >= 3 && memcmp(line.ptr, "\xef\xbb\xbf", 3) == 0)
        line = slice_of(line.ptr + 3, line.len - 3);
    while (line.ptr && b->n < COLUMNS_MOST) {
        const char *comma = line.len ? memchr(line.ptr, ',', line.len) : NULL;
        size_t len = comma ? (size_t)(comma - line.ptr) : line.len;
        int column = column_of(b->ledger, slice_of(line.ptr, len));
        if (column >= 0)
            seen[column] = 1;
        b->from[b->n++] = column;
        line = comma ? slice_of(comma + 1, line.len - len - 1) : slice_of(NULL, 0);
    }
    for (int i = 0; i < b->ledger->n_columns; i++)
        if (!seen[i])
            return error_at(b->err, ERR_DATA, b->path,
                            "has no column '%s': its first line should be a header with it",
                            b->ledger->columns[i].ptr);
    return 0;
}

/* The header of a file that is there, and whether its last line is ended. */
static int go_on(struct book *b)
{
    char head[HEADER_BYTES], last;
    ssize_t n = pread(b->fd, head, sizeof head, 0);
    if (n < 0 || pread(b->fd, &last, 1, b->size - 1) != 1)
        return error_errno(b->err, ERR_IO, "cannot read '%s'", b->path);
    const char *end = memchr(head, '\n', (size_t)n);
    TRY(read_header(b, slice_of(head, end ? (size_t)(end - head) : (size_t)n)));
    return last == '\n' || buffer_putc(&b->text, '\n') == 0 ? 0 : error_memory(b->err);
}

/* All of it, or none: what a full disk has taken of it is cut off again. */
static int write_text(struct book *b)
{
    const uint8_t *at = b->text.data;
    size_t left = b->text.len;
    while (left) {
        ssize_t n = write(b->fd, at, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        at += n;
        left -= (size_t)n;
    }
    if (left == 0 && fsync(b->fd) == 0)
        return 0;
    int code = error_errno(b->err, ERR_IO, "cannot write '%s'", b->path);
    if (ftruncate(b->fd, b->size) < 0)
        return error_set(b->err, ERR_IO, "cannot write '%s', and its last line may be cut off",
                         b->path);
    return code;
}

static int add_lines(struct book *b, const struct slice *cells, int n_lines)
{
    struct stat st;
    if (flock(b->fd, LOCK_EX) < 0 || fstat(b->fd, &st) < 0)
        return error_errno(b->err, ERR_IO, "cannot lock '%s'", b->path);
    b->size = st.st_size;
    TRY(b->size ? go_on(b) : begin(b));
    for (int i = 0; i < n_lines; i++)
        if (put_line(b, cells + (size_t)i * (size_t)b->ledger->n_columns, &b->text) < 0)
            return error_memory(b->err);
    return write_text(b);
}

int ledger_append(const struct ledger *l, const char *folder, const struct slice *cells,
                  int n_lines, struct error *err)
{
    char *path = file_join(folder, l->file);
    if (!path)
        return error_memory(err);
    struct book b = {.ledger = l, .path = path, .err = err};
    b.fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int code = b.fd < 0 ? error_errno(err, ERR_CREATE, "cannot open '%s'", path)
                        : add_lines(&b, cells, n_lines);
    if (b.fd >= 0)
        close(b.fd);
    if (code == 0 && b.size == 0)
        code = file_sync_dir(folder, err);
    buffer_done(&b.text);
    free(path);
    return code;
}

struct slice ledger_who(void)
{
    static const char *const names[] = {"SUDO_USER", "USER", "LOGNAME"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *who = getenv(names[i]);
        if (who && *who)
            return slice_str(who);
    }
    return SLICE_LIT("");
}

struct slice ledger_now(char scratch[LEDGER_TIME])
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    return slice_of(scratch, strftime(scratch, LEDGER_TIME, "%Y-%m-%dT%H:%M:%SZ", &utc));
}
