#include "connectors/nested/parts.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "connectors/input.h"

void parts_init(struct parts *p, struct nested_reader *reader, const struct nested_kind *kind,
                const char *const *paths, int n_paths, const struct read_options *options)
{
    *p = (struct parts){.reader = reader,
                        .kind = kind,
                        .options = options,
                        .paths = paths,
                        .n_paths = n_paths,
                        .path_at = -1};
}

static void part_end(struct parts *p)
{
    if (p->cutter)
        p->kind->cutter_free(p->cutter);
    p->cutter = NULL;
    p->part = NULL;
    buffer_reset(&p->tail);
}

static void file_end(struct parts *p)
{
    input_close(p->in);
    p->in = NULL;
    p->index = 0;
    p->consumed = 0;
}

void parts_rewind(struct parts *p)
{
    part_end(p);
    file_end(p);
    p->path_at = -1;
}

void parts_done(struct parts *p)
{
    parts_rewind(p);
    buffer_done(&p->tail);
    for (struct part *part = p->first, *next; part; part = next) {
        next = part->next;
        free(part->file);
        free(part->member);
        free(part->note);
        free(part);
    }
    p->first = NULL;
}

int parts_again(const struct parts *p)
{
    struct stat st;
    for (int i = 0; i < p->n_paths; i++)
        if (strcmp(p->paths[i], "-") == 0 || stat(p->paths[i], &st) < 0 || !S_ISREG(st.st_mode))
            return 0;
    return 1;
}

static int next_file(struct parts *p, struct error *err)
{
    file_end(p);
    if (p->path_at + 1 >= p->n_paths)
        return 0;
    p->path_at++;
    TRY(format_open(p->options, p->paths, p->path_at, p->options->layout.encoding, &p->in, err));
    return 1;
}

int parts_start(struct parts *p, struct error *err)
{
    int opened = next_file(p, err);
    return opened < 0 ? opened : 0;
}

static const char *bom_encoding(struct slice head)
{
    if (slice_starts(head, SLICE_LIT("\xff\xfe")))
        return "UTF-16LE";
    if (slice_starts(head, SLICE_LIT("\xfe\xff")))
        return "UTF-16BE";
    if (head.len >= 2 && head.ptr[0] && !head.ptr[1])
        return "UTF-16LE";
    if (head.len >= 2 && !head.ptr[0] && head.ptr[1])
        return "UTF-16BE";
    return NULL;
}

static int part_add(struct parts *p, struct error *err)
{
    struct part *part = calloc(1, sizeof *part);
    if (!part)
        return error_memory(err);
    part->next = p->first;
    p->first = part;
    part->file = strdup(input_path(p->in));
    part->member = strdup(input_member(p->in));
    if (!part->file || !part->member)
        return error_memory(err);
    part->file_slice = slice_str(part->file);
    part->member_slice = slice_str(part->member);
    p->part = part;
    return 0;
}

static int skip_bom(struct parts *p, struct slice head, struct error *err)
{
    char bom[3];
    size_t n = 0, got = 3;
    if (!slice_starts(head, SLICE_LIT("\xef\xbb\xbf")))
        return 0;
    for (; n < 3 && got; n += got)
        TRY(input_read(p->in, bom, 3 - n, &got, err));
    p->offset = 3;
    return 0;
}

/* The encoding that the format's own rules say; what was looked at as text already stays as it was
 * taken. */
static int settle_encoding(struct parts *p, struct error *err)
{
    struct slice head;
    if (p->options->layout.encoding || input_peeked(p->in))
        return 0;
    TRY(input_peek_raw(p->in, &head, err));
    const char *told = bom_encoding(head);
    if (!told && p->kind->encoding)
        told = p->kind->encoding(head, p->encoding);
    return input_set_encoding(p->in, told ? told : "binary", err);
}

static int part_begin(struct parts *p, struct error *err)
{
    struct slice head;
    TRY(settle_encoding(p, err));
    TRY(input_peek(p->in, &head, err));
    TRY(part_add(p, err));
    p->part->transcoded = input_recoded(p->in);
    p->line = 1;
    p->offset = 0;
    p->at_end = 0;
    TRY(p->kind->cutter_new(p->reader, p->part, head, &p->cutter, err));
    TRY(skip_bom(p, head, err));
    return 0;
}

/* 1 when a part is open, 0 when there is none left. */
static int next_part(struct parts *p, struct error *err)
{
    for (;;) {
        if (!p->in) {
            int more = next_file(p, err);
            if (more <= 0)
                return more;
        }
        int more = input_next(p->in, err);
        TRY(more);
        if (more)
            break;
        file_end(p);
    }
    p->index++;
    TRY(part_begin(p, err));
    return 1;
}

static int fill(struct parts *p, struct chunk *c, size_t want, struct error *err)
{
    if (!c->owned.len && p->tail.len) {
        if (buffer_append(&c->owned, p->tail.data, p->tail.len) < 0)
            return error_memory(err);
        buffer_reset(&p->tail);
    }
    while (!p->at_end && c->owned.len < want) {
        size_t n;
        if (buffer_reserve(&c->owned, want - c->owned.len) < 0)
            return error_memory(err);
        TRY(input_read(p->in, c->owned.data + c->owned.len, want - c->owned.len, &n, err));
        c->owned.len += n;
        p->at_end = n == 0;
    }
    c->text = buffer_view(&c->owned);
    c->last = p->at_end;
    return 0;
}

static int keep_tail(struct parts *p, struct chunk *c, size_t used, struct error *err)
{
    p->line += (int64_t)newlines_count(slice_of(c->text.ptr, used));
    p->offset += (int64_t)used;
    if (buffer_append(&p->tail, c->text.ptr + used, c->text.len - used) < 0)
        return error_memory(err);
    c->text.len = used;
    return 0;
}

static void tell_progress(struct parts *p)
{
    int64_t now = input_consumed(p->in);
    if (p->options->progress && now > p->consumed)
        progress_add(p->options->progress, now - p->consumed);
    p->consumed = now;
}

/* Cuts the next piece of the part into the chunk. */
static int cut_piece(struct parts *p, struct chunk *c, struct error *err)
{
    size_t used = 0;
    buffer_reset(&c->owned);
    c->part = p->part;
    c->line = c->counted_line = p->line;
    c->offset = p->offset;
    c->counted = 0;
    c->skipped = 0;
    for (size_t want = CHUNK_BYTES;; want *= 2) {
        TRY(fill(p, c, want, err));
        c->n_spans = 0;
        TRY(p->kind->cut(p->cutter, c, &used, err));
        if (used || c->last)
            break;
    }
    if (!used && c->text.len)
        return error_set(err, ERR_BUG, "nothing was cut off the end of a file");
    TRY(keep_tail(p, c, used, err));
    tell_progress(p);
    return 0;
}

int parts_chunk(struct parts *p, struct chunk *c, struct error *err)
{
    for (;;) {
        if (!p->cutter) {
            int more = next_part(p, err);
            if (more <= 0)
                return more;
        }
        TRY(cut_piece(p, c, err));
        int done = c->last && p->tail.len == 0;
        if (done)
            part_end(p);
        if (c->text.len && (c->n_spans || (p->kind->splits_itself && !c->skipped)))
            return 1;
    }
}
