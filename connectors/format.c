#include "connectors/format.h"

#include "connectors/arrow/arrow.h"
#include "connectors/csv.h"
#include "connectors/delta/table.h"
#include "connectors/input.h"
#include "connectors/json.h"
#include "connectors/parquet/parquet.h"
#include "connectors/table_text.h"
#include "connectors/xml.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Magic first: formats that are detected by their bytes stand before those that are a guess. */
static const struct format *const table[] = {
    &arrow_format, &parquet_format, &xml_format,   &json_format,  &jsonl_format,
    &csv_format,   &tsv_format,     &fixed_format, &table_format, NULL,
};

const struct field place_fields[5] = {
    {.name = {"__file", 6}, .type = TYPE_UTF8},  {.name = {"__member", 8}, .type = TYPE_UTF8},
    {.name = {"__line", 6}, .type = TYPE_INT64}, {.name = {"__offset", 8}, .type = TYPE_INT64},
    {.name = {"__raw", 5}, .type = TYPE_BINARY},
};

const struct format *const *formats(void)
{
    return table;
}

const struct format *format_named(struct slice name)
{
    for (size_t i = 0; table[i]; i++)
        if (slice_equal_nocase(name, slice_str(table[i]->name)))
            return table[i];
    for (size_t i = 0; table[i]; i++)
        for (size_t j = 0; table[i]->extensions && table[i]->extensions[j]; j++)
            if (slice_equal_nocase(name, slice_str(table[i]->extensions[j])))
                return table[i];
    return NULL;
}

/* Cuts the last extension off a name; "" when it has none. */
static struct slice cut_extension(struct slice *name)
{
    for (size_t i = name->len; i-- > 0 && name->ptr[i] != '/';)
        if (name->ptr[i] == '.') {
            struct slice extension = slice_of(name->ptr + i + 1, name->len - i - 1);
            name->len = i;
            return extension;
        }
    return slice_of(NULL, 0);
}

const struct format *format_of_path(const char *path)
{
    static const char *const packed[] = {"gz", "zst", "zstd", "xz", "bz2", "zip", "7z", "tar"};
    struct slice name = slice_str(path), extension = cut_extension(&name);

    for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
        if (slice_equal_nocase(extension, slice_str(packed[i]))) {
            extension = cut_extension(&name);
            i = (size_t)-1; /* ".tar.gz": look again */
        }
    return extension.len ? format_named(extension) : NULL;
}

static int unknown_format(const char *name, struct error *err)
{
    const char *names[32];
    size_t n = 0;
    const char *nearest;

    for (; table[n] && n < 32; n++)
        names[n] = table[n]->name;
    nearest = slice_nearest(slice_str(name), names, n);
    return error_set(err, ERR_USAGE, "there is no format '%s'%s%s%s", name,
                     nearest ? "; did you mean '" : "", nearest ? nearest : "",
                     nearest ? "'?" : "");
}

int format_open(const struct read_options *options, const char *const *paths, int i,
                const char *encoding, struct input **ret, struct error *err)
{
    struct input_options how = {.member = options->layout.member, .encoding = encoding};

    if (i > 0 || !options->opened || !*options->opened)
        return input_open(paths[i], &how, ret, err);
    if (encoding && strcmp(encoding, "binary") == 0)
        TRY(input_set_encoding(*options->opened, encoding, err));
    *ret = *options->opened;
    *options->opened = NULL;
    return 0;
}

static const struct format *best_sniff(struct slice head, int *best)
{
    const struct format *found = NULL;

    for (size_t i = 0; table[i]; i++) {
        int sure = table[i]->sniff ? table[i]->sniff(head) : 0;
        if (sure > *best) {
            *best = sure;
            found = table[i];
        }
    }
    return found;
}

/* By the first part's bytes as they are, then by its name, then by its text. */
int format_detect(struct input *in, const struct read_options *o, const struct format **ret,
                  struct error *err)
{
    struct slice head;
    int sure = 60, more = input_next(in, err);
    const struct format *f;

    TRY(more);
    TRY(input_peek_raw(in, &head, err));
    if (!more || !head.len)
        return error_at(err, ERR_DATA, input_place(in), "the file is empty");
    f = best_sniff(head, &sure);
    if (!f) {
        TRY(input_set_encoding(in, o->layout.encoding, err));
        TRY(input_peek(in, &head, err));
        f = best_sniff(head, &sure);
    }
    if (!f)
        f = format_of_path(*input_member(in) ? input_member(in) : input_path(in));
    sure = 0;
    if (!f || !f->read)
        f = best_sniff(head, &sure);
    if (!f)
        return error_at(err, ERR_DATA, input_place(in),
                        "cannot tell what format this is; name it with --from");
    input_again(in);
    *ret = f;
    return 0;
}

static int read_detected(const char *const *paths, int n_paths, const struct read_options *options,
                         struct stream **ret, struct error *err)
{
    struct read_options handing_over = *options;
    struct input_options how = {.member = options->layout.member,
                                .encoding = options->layout.encoding};
    const struct format *f = NULL;
    struct input *in;
    int code;

    TRY(input_open(paths[0], &how, &in, err));
    code = format_detect(in, options, &f, err);
    if (code >= 0 && strcmp(paths[0], "-") == 0) {
        handing_over.opened = &in;
        options = &handing_over;
    } else {
        input_close(in);
        in = NULL;
    }
    if (code >= 0)
        code = f->read(paths, n_paths, options, ret, err);
    input_close(in);
    return code;
}

static int is_folder(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int format_read(const char *const *paths, int n_paths, const struct read_options *options,
                struct stream **ret, struct error *err)
{
    const struct format *f;

    if (n_paths < 1)
        return error_set(err, ERR_USAGE, "no file to read");
    if (is_folder(paths[0])) {
        if (n_paths > 1)
            return error_set(err, ERR_USAGE, "the table '%s' is read alone", paths[0]);
        return table_read(paths[0], options->version ? *options->version : -1, options, ret, err);
    }
    if (options->version)
        return error_set(err, ERR_USAGE, "'%s' is no table: it has no versions", paths[0]);
    if (!options->layout.type)
        return read_detected(paths, n_paths, options, ret, err);
    f = format_named(slice_str(options->layout.type));
    if (!f)
        return unknown_format(options->layout.type, err);
    if (!f->read)
        return error_set(err, ERR_USAGE, "format '%s' can only be written", f->name);
    return f->read(paths, n_paths, options, ret, err);
}

/* What has no extension to go by: standard output, a named pipe, /dev/null. NULL: a file. */
static const char *name_for(const char *path)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return isatty(STDOUT_FILENO) ? "table" : "arrow";
    if (format_of_path(path) || stat(path, &st) < 0)
        return NULL;
    return S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode) ? "arrow" : NULL;
}

int format_write(const char *name, const char *path, const struct schema *schema,
                 const struct write_options *options, struct sink **ret, struct error *err)
{
    const struct format *f;

    if (!name)
        name = name_for(path);
    f = name ? format_named(slice_str(name)) : format_of_path(path);
    if (!f && name)
        return unknown_format(name, err);
    if (!f)
        return error_set(err, ERR_USAGE, "cannot tell the format from '%s'; name it with --to",
                         path);
    if (!f->write)
        return error_set(err, ERR_USAGE, "format '%s' can only be read", f->name);
    return f->write(path, schema, options, ret, err);
}
