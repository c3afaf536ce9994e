#include "connectors/json.h"

#include "connectors/json/frame.h"
#include "connectors/json/lines.h"
#include "connectors/json/scan.h"
#include "connectors/json/write.h"

static struct slice skip_space(struct slice s)
{
    while (s.len && (*s.ptr == ' ' || *s.ptr == '\n' || *s.ptr == '\r' || *s.ptr == '\t'))
        s = slice_of(s.ptr + 1, s.len - 1);
    return s;
}

static struct slice document_start(struct slice head)
{
    if (slice_starts(head, SLICE_LIT("\xef\xbb\xbf")))
        head = slice_of(head.ptr + 3, head.len - 3);
    return skip_space(head);
}

/* Behind the object that `head` starts with: 1, or 0 when its end is not seen. */
static int object_end(struct slice head, struct slice *ret_rest)
{
    const char *p = head.ptr, *end = head.ptr + head.len;
    int depth = 0, high = 0;
    while ((p = scan_brackets(p, end, '{', '}')) < end) {
        if (*p == '"') {
            for (p = scan_string(p + 1, end, &high); p < end && *p != '"';
                 p = scan_string(p, end, &high))
                p += *p == '\\' && p + 1 < end ? 2 : 1;
            p += p < end;
            continue;
        }
        depth += *p++ == '{' ? 1 : -1;
        if (!depth) {
            *ret_rest = slice_of(p, (size_t)(end - p));
            return 1;
        }
    }
    return 0;
}

/* Does the object span one line, so that the file looks like JSON Lines? */
static int one_line(struct slice head, struct slice rest)
{
    return !memchr(head.ptr, '\n', head.len - rest.len);
}

/* { or [ alone proves little: what follows it must be JSON too. */
static int plausible(struct slice head)
{
    struct slice next = skip_space(slice_of(head.ptr + 1, head.len - 1));
    if (!next.len)
        return head.len == 1 ? 0 : 1;
    if (*head.ptr == '{')
        return *next.ptr == '"' || *next.ptr == '}';
    return strchr("{[]\"-0123456789tfn", *next.ptr) != NULL && *next.ptr;
}

static int sniff_json(struct slice head)
{
    struct slice s = document_start(head);
    if (!s.len || (*s.ptr != '{' && *s.ptr != '[') || !plausible(s))
        return 0;
    return *s.ptr == '[' ? 80 : 85;
}

static int sniff_jsonl(struct slice head)
{
    struct slice rest, s = document_start(head);
    if (!s.len || *s.ptr != '{' || !plausible(s))
        return 0;
    if (!object_end(s, &rest))
        return memchr(s.ptr, '\n', s.len) ? 0 : 80;
    if (!one_line(s, rest))
        return 0;
    rest = skip_space(rest);
    return rest.len && *rest.ptr == '{' ? 95 : 50;
}

static int read_json(const char *const *paths, int n_paths, const struct read_options *options,
                     struct stream **ret, struct error *err)
{
    return nested_read(&json_document_kind, paths, n_paths, options, ret, err);
}

static int read_jsonl(const char *const *paths, int n_paths, const struct read_options *options,
                      struct stream **ret, struct error *err)
{
    return nested_read(&json_lines_kind, paths, n_paths, options, ret, err);
}

static const char *const json_extensions[] = {"json", NULL};
static const char *const jsonl_extensions[] = {"jsonl", "ndjson", "jsonlines", NULL};

const struct format json_format = {
    .name = "json",
    .extensions = json_extensions,
    .help = "JSON: an array of objects, or a document with one in it",
    .sniff = sniff_json,
    .read = read_json,
    .write = json_write_array,
};

const struct format jsonl_format = {
    .name = "jsonl",
    .extensions = jsonl_extensions,
    .help = "JSON Lines: an object a line",
    .sniff = sniff_jsonl,
    .read = read_jsonl,
    .write = json_write_lines,
};
