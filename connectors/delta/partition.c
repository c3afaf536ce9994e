#include "connectors/delta/partition.h"

#include "core/calendar.h"

static const char null_folder[] = "__HIVE_DEFAULT_PARTITION__";
static const char hex[] = "0123456789ABCDEF";

static const char *const kinds[] = {
    [PARTITION_YEAR] = "year", [PARTITION_MONTH] = "month", [PARTITION_DATE] = "date"};

static int parse_part(struct slice text, struct arena *a, struct partition_part *ret,
                      struct error *err)
{
    *ret = (struct partition_part){.kind = PARTITION_COLUMN, .from = text};
    const char *open = memchr(text.ptr, '(', text.len);
    if (open && text.ptr[text.len - 1] == ')') {
        struct slice word = slice_trim(slice_of(text.ptr, (size_t)(open - text.ptr)));
        size_t len = text.len - (size_t)(open - text.ptr) - 2;
        for (int k = PARTITION_YEAR; k <= PARTITION_DATE; k++)
            if (slice_equal(word, slice_str(kinds[k])))
                *ret = (struct partition_part){.kind = (enum partition_kind)k,
                                               .from = slice_trim(slice_of(open + 1, len))};
    }
    if (!ret->from.len || (open && ret->kind == PARTITION_COLUMN))
        return error_set(err, ERR_CONFIG,
                         "a partition is columns, and year, month or date of one, as in "
                         "'source,month(at)', not '%.*s'",
                         (int)text.len, text.ptr);
    ret->from = arena_copy(a, ret->from);
    ret->name = ret->kind == PARTITION_COLUMN ? ret->from : slice_str(kinds[ret->kind]);
    return ret->from.ptr ? 0 : error_memory(err);
}

int partition_parse(struct slice text, struct arena *a, struct partition_part **ret, int *ret_n,
                    struct error *err)
{
    struct slice rest = slice_trim(text), part;
    int n = 0;
    size_t most = 1;
    for (size_t i = 0; i < rest.len; i++)
        most += rest.ptr[i] == ',';
    struct partition_part *parts = ARENA_ARRAY(a, struct partition_part, most);
    if (!parts)
        return error_memory(err);
    for (int any = rest.len > 0; any && slice_cut(&rest, ',', &part); n++) {
        TRY(parse_part(slice_trim(part), a, &parts[n], err));
        for (int i = 0; i < n; i++)
            if (slice_equal_nocase(parts[i].name, parts[n].name))
                return error_set(err, ERR_CONFIG, "the partition '%s' is there twice",
                                 parts[n].name.ptr);
    }
    *ret = parts;
    *ret_n = n;
    return 0;
}

int partition_check(const struct partition_part *part, const struct field *from, struct error *err)
{
    enum type_id type = from->type;
    if (part->kind != PARTITION_COLUMN && type != TYPE_DATE && type != TYPE_TIMESTAMP)
        return error_set(
            err, ERR_DATA,
            "%s(%s) needs a date or a timestamp: '%s' is neither, give it a type first",
            kinds[part->kind], from->name.ptr, from->name.ptr);
    if (type == TYPE_LIST || type == TYPE_STRUCT || type == TYPE_BINARY || type == TYPE_FLOAT32 ||
        type == TYPE_FLOAT64)
        return error_set(err, ERR_DATA,
                         "a table cannot be partitioned by '%s': its type has no exact text",
                         from->name.ptr);
    return 0;
}

int partition_compute(enum partition_kind kind, const struct field *f, const struct column *c,
                      int64_t row, struct buffer *out)
{
    static const size_t lengths[] = {
        [PARTITION_YEAR] = 4, [PARTITION_MONTH] = 7, [PARTITION_DATE] = 10};
    char text[40];
    if (f->type == TYPE_DATE)
        date_text(column_i32(c, row), text);
    else
        timestamp_text(column_i64(c, row), text);
    return buffer_append(out, text, lengths[kind]);
}

int partition_text(const struct field *f, const struct column *c, int64_t row, struct buffer *out)
{
    return value_text(f, c, row, out);
}

static int is_plain(unsigned char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           ch == '_' || ch == '-' || ch == '.' || ch == '~';
}

static int put_escape(struct buffer *out, unsigned char ch)
{
    char text[3] = {'%', hex[ch >> 4], hex[ch & 15]};
    return buffer_append(out, text, 3);
}

static int put_escaped(struct buffer *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.ptr[i];
        TRY(is_plain(ch) ? buffer_putc(out, (char)ch) : put_escape(out, ch));
    }
    return 0;
}

int partition_folder(struct slice name, struct slice value, struct buffer *out)
{
    TRY(put_escaped(out, name));
    TRY(buffer_putc(out, '='));
    return value.ptr ? put_escaped(out, value) : buffer_string(out, null_folder);
}

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    int letter = ch | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* 1 decoded, 0 a bad escape. */
static int put_unescaped(struct buffer *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        char ch = s.ptr[i];
        if (ch == '%') {
            int high = i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_digit(s.ptr[i + 2]);
            if (low < 0)
                return 0;
            ch = (char)(high << 4 | low);
            i += 2;
        }
        TRY(buffer_putc(out, ch));
    }
    return 1;
}

static struct slice unescaped(struct slice s, struct arena *a)
{
    struct buffer out = {0};
    struct slice ret = {0};
    if (put_unescaped(&out, s) == 1)
        ret = arena_copy(a, buffer_view(&out));
    buffer_done(&out);
    return ret;
}

int partition_of_folder(struct slice folder, struct arena *a, struct slice *ret_name,
                        struct slice *ret_value)
{
    const char *equals = memchr(folder.ptr, '=', folder.len);
    if (!equals || equals == folder.ptr)
        return 0;
    size_t len = (size_t)(equals - folder.ptr);
    struct slice value = slice_of(equals + 1, folder.len - len - 1);
    *ret_name = unescaped(slice_of(folder.ptr, len), a);
    *ret_value = (struct slice){0};
    if (!slice_equal(value, slice_str(null_folder)))
        *ret_value = unescaped(value, a);
    return ret_name->ptr && (ret_value->ptr || slice_equal(value, slice_str(null_folder)));
}

/* "=" and "/" stand for themselves in a path; "%" of a folder's own escapes becomes "%25". */
int path_encode(struct slice path, struct buffer *out)
{
    for (size_t i = 0; i < path.len; i++) {
        unsigned char ch = (unsigned char)path.ptr[i];
        TRY(is_plain(ch) || ch == '/' || ch == '=' ? buffer_putc(out, (char)ch)
                                                   : put_escape(out, ch));
    }
    return 0;
}

static int is_within(struct slice path)
{
    struct slice part;
    if (!path.len || memchr(path.ptr, 0, path.len))
        return 0;
    while (slice_cut(&path, '/', &part))
        if (!part.len || slice_equal(part, SLICE_LIT(".")) || slice_equal(part, SLICE_LIT("..")))
            return 0;
    return 1;
}

/* A scheme's colon comes before any slash. */
static int has_scheme(struct slice uri)
{
    const char *colon = memchr(uri.ptr, ':', uri.len), *slash = memchr(uri.ptr, '/', uri.len);
    return colon && (!slash || colon < slash);
}

int path_decode(struct slice uri, struct buffer *out)
{
    size_t before = out->len;
    if (!uri.len || has_scheme(uri))
        return 0;
    int code = put_unescaped(out, uri);
    if (code <= 0)
        return code;
    return is_within(slice_of((const char *)out->data + before, out->len - before));
}
