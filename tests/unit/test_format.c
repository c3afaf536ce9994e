/* Formats are found by name, by extension through compression, and by what is in the file; the
 * dialect of CSV by what makes even rows. */
#include "connectors/csv_dialect.h"
#include "connectors/format.h"
#include "core/file.h"

#include <unistd.h>

#include "tests/unit/unit.h"

static const char *named(const struct format *f)
{
    return f ? f->name : "(none)";
}

static void names_and_extensions_find_formats(void **state)
{
    (void)state;
    assert_string_equal(named(format_named(SLICE_LIT("csv"))), "csv");
    assert_string_equal(named(format_named(SLICE_LIT("TSV"))), "tsv");
    assert_string_equal(named(format_named(SLICE_LIT("txt"))), "csv");
    assert_string_equal(named(format_named(SLICE_LIT("cvs"))), "(none)");
    assert_string_equal(named(format_of_path("a.b/x.csv")), "csv");
    assert_string_equal(named(format_of_path("x.CSV.gz")), "csv");
    assert_string_equal(named(format_of_path("x.tsv.tar.gz")), "tsv");
    assert_string_equal(named(format_of_path("x.arrow.zst")), "arrow");
    assert_string_equal(named(format_of_path("a.csv/x")), "(none)");
    assert_string_equal(named(format_of_path("-")), "(none)");
    assert_string_equal(named(format_of_path(".gz")), "(none)");
}

static int columns_read(struct slice bytes, const char *path, const char *type, struct error *err)
{
    const char *paths[] = {path};
    struct read_options options = {.layout = LAYOUT_DETECT};
    struct stream *s = NULL;
    int n, code;

    options.layout.type = type;
    assert_int_equal(file_store(path, FILE_NO_SYNC, bytes, NULL), 0);
    code = format_read(paths, 1, &options, &s, err);
    n = code < 0 ? code : s->schema->n_fields;
    stream_close(s);
    unlink(path);
    return n;
}

static void files_are_read_as_what_they_are(void **state)
{
    static const char name[] = "/tmp/sluice-format.csv", odd[] = "/tmp/sluice-format";
    struct error err = {0};

    (void)state;
    assert_int_equal(columns_read(SLICE_LIT("a;b;c\n1;2;3\n"), name, NULL, &err), 3);
    assert_int_equal(columns_read(SLICE_LIT("a;b;c\n1;2;3\n"), odd, NULL, &err), 3);
    assert_int_equal(columns_read(SLICE_LIT("a;b,c\n1;2,3\n"), odd, "csv", &err), 2);
    assert_int_equal(columns_read(SLICE_LIT("a,b\tc\n"), odd, "tsv", &err), 2);
    assert_int_equal(columns_read(SLICE_LIT("\xff\xfe"
                                            "a\0,\0b\0\n\0"),
                                  odd, NULL, &err),
                     2);
    assert_int_equal(columns_read(SLICE_LIT(""), name, NULL, &err), ERR_DATA);
    assert_string_equal(err.text, "the file is empty");
    assert_int_equal(columns_read(SLICE_LIT("a,b\n"), name, "cvs", &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "did you mean 'csv'?"));
    assert_int_equal(columns_read(SLICE_LIT("\0\1\2\3\4\5\6\7\0\1\2\3"), odd, NULL, &err),
                     ERR_DATA);
    assert_non_null(strstr(err.text, "cannot tell what format"));
    assert_int_equal(columns_read(SLICE_LIT("a"), odd, "fixed", &err), ERR_USAGE);
    assert_non_null(strstr(err.text, "needs columns"));
}

static void files_that_cannot_be_written_are_refused(void **state)
{
    static const struct field field = {.name = {"a", 1}, .type = TYPE_UTF8};
    struct schema *schema = schema_new(&field, 1);
    struct write_options options = {0};
    struct sink *sink = NULL;
    struct error err = {0};

    (void)state;
    assert_int_equal(format_write(NULL, "/tmp/x.unknown", schema, &options, &sink, &err),
                     ERR_USAGE);
    assert_int_equal(format_write("fixed", "/tmp/x", schema, &options, &sink, &err), ERR_USAGE);
    assert_int_equal(format_write(NULL, "/nonexistent/x.csv", schema, &options, &sink, &err),
                     ERR_CREATE);
    options.delimiter = '"';
    assert_int_equal(format_write("csv", "/tmp/x", schema, &options, &sink, &err), ERR_USAGE);
    options = (struct write_options){.compression = "lz4"};
    assert_int_equal(format_write("csv", "/tmp/x", schema, &options, &sink, &err), ERR_USAGE);
    schema_unref(schema);
}

/* "delimiter quote escape skip header", 0 for none. */
static void detects(const char *text, int delimiter, int quote, int escape, int skip, int header)
{
    static const struct layout layout = LAYOUT_DETECT;
    struct csv_dialect d;

    assert_true(csv_dialect_detect(&layout, slice_str(text), 1, &d) > 0);
    assert_int_equal(d.marks.delimiter, delimiter);
    assert_int_equal(d.marks.quote, quote);
    assert_int_equal(d.marks.escape, escape);
    assert_int_equal(d.skip, skip);
    assert_int_equal(d.header, header);
}

static void dialects_are_found(void **state)
{
    (void)state;
    detects("a,b\n1,2\n", ',', '"', 0, 0, 1);
    detects("a\n1\n", ',', '"', 0, 0, 1);
    detects("name;price\nx;1,50\ny;2,75\nz;3,25\n", ';', '"', 0, 0, 1);
    detects("Smith, Ann|1\nDoe, Bob|2\nRoe, Cid|3\n", '|', '"', 0, 0, 0);
    detects("at,what\n12:30:01,a\n12:30:02,b\n", ',', '"', 0, 0, 1);
    detects("2026-01-01 12:30:00;1\n2026-01-02 12:30:00;2\n", ';', '"', 0, 0, 0);
    detects("'a,b','c'\n'd,e','f'\n", ',', '\'', 0, 0, 1);
    detects("name,note\nO'Neil,it's\nD'Arcy,x\n", ',', '"', 0, 0, 1);
    detects("a,b\n\"x \\\"y\\\", z\",1\n\"u\",2\n", ',', '"', '\\', 0, 1);
    detects("Sales report\n\nregion,net,tax\nN,1,2\nS,3,4\nE,5,6\n", ',', '"', 0, 2, 1);
    detects("john,smith\nmary,jones\njohn,brown\n", ',', '"', 0, 0, 1);
    detects("id,full name\n7,ann\n8,bob\n", ',', '"', 0, 0, 1);
    detects("7,ann@x.org\n8,bob@x.org\n", ',', '"', 0, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_extensions_find_formats),
        cmocka_unit_test(files_are_read_as_what_they_are),
        cmocka_unit_test(files_that_cannot_be_written_are_refused),
        cmocka_unit_test(dialects_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
