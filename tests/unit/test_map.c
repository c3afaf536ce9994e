#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "transform/map/map.h"

enum { CELLS = 32 };

static void append_cell(struct builder *b, struct slice cell)
{
    if (b->field->type == TYPE_LIST) {
        struct slice item;
        while (cell.len && slice_cut(&cell, '+', &item))
            assert_int_equal(builder_slice(builder_child(b, 0), item), 0);
        assert_int_equal(builder_close(b), 0);
    } else if (b->field->type == TYPE_UTF8 || b->field->type == TYPE_BINARY) {
        assert_int_equal(cell.len ? builder_slice(b, cell) : builder_null(b), 0);
    } else {
        assert_int_equal(builder_text(b, cell), 1);
    }
}

static void append_row(struct batch_builder *bb, const char *text, int64_t line)
{
    struct slice rest = slice_str(text), cell;
    int c = 0;
    for (; slice_cut(&rest, '|', &cell); c++)
        append_cell(&bb->columns[c], cell);
    assert_int_equal(c, bb->schema->n_fields - 5);
    builder_slice(&bb->columns[c], SLICE_LIT("in.csv"));
    builder_null(&bb->columns[c + 1]);
    builder_i64(&bb->columns[c + 2], line);
    builder_i64(&bb->columns[c + 3], line * 100);
    builder_slice(&bb->columns[c + 4], slice_str(text));
}

/* "A|B:list|C:int64": names and types of columns; the places are put behind. */
static struct schema *schema_of(const char *header)
{
    static const struct field item = {.name = SLICE_INIT("item"), .type = TYPE_UTF8};
    static const struct field places[5] = {{.name = SLICE_INIT("__file"), .type = TYPE_UTF8},
                                           {.name = SLICE_INIT("__member"), .type = TYPE_UTF8},
                                           {.name = SLICE_INIT("__line"), .type = TYPE_INT64},
                                           {.name = SLICE_INIT("__offset"), .type = TYPE_INT64},
                                           {.name = SLICE_INIT("__raw"), .type = TYPE_BINARY}};
    struct field fields[CELLS];
    struct slice rest = slice_str(header), one, name;
    int n = 0;
    for (; slice_cut(&rest, '|', &one); n++) {
        slice_cut(&one, ':', &name);
        fields[n] = (struct field){.name = name, .type = TYPE_UTF8};
        if (one.ptr && slice_equal(one, SLICE_LIT("list")))
            fields[n] =
                (struct field){.name = name, .type = TYPE_LIST, .n_children = 1, .children = &item};
        else if (one.ptr)
            assert_int_equal(type_parse(one, &fields[n], NULL), 0), fields[n].name = name;
    }
    memcpy(fields + n, places, sizeof places);
    return schema_new(fields, n + 5);
}

static struct stream *stream_of(const char *header, const char *const *rows, int per_batch)
{
    struct schema *schema = schema_of(header);
    struct batch *batches[CELLS];
    struct batch_builder bb;
    struct stream *s;
    int n = 0, line = 2;
    assert_int_equal(batch_builder_init(&bb, schema, NULL), 0);
    for (; *rows; rows++, line++) {
        append_row(&bb, *rows, line);
        if (batch_builder_rows(&bb) == per_batch || !rows[1])
            assert_int_equal(batch_builder_finish(&bb, &batches[n++], NULL), 0);
    }
    batch_builder_done(&bb);
    assert_int_equal(stream_of_batches(schema, batches, n, &s, NULL), 0);
    schema_unref(schema);
    return s;
}

struct made {
    struct batch **batches;
    int n;
    struct rejects *rejects;
    struct totals totals;
    struct error err;
    int code;
};

static struct project *project_of(const char *rules)
{
    char path[] = "/tmp/sluice-map-XXXXXX";
    struct project *p = NULL;
    struct error err;
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fprintf(f,
            "project: t\nregion: GB\nlanding: l/\nlake: k/\nsources:\n  s:\n    pull: x.csv\n%s"
            "  base:\n    pull: y.csv\n    record: {key: K}\n",
            rules);
    fclose(f);
    int code = project_read(path, &p, &err);
    unlink(path);
    if (code < 0)
        fail_msg("%s: %s", err.where, err.text);
    return p;
}

static void map_with(const struct project *p, struct stream *from, int threads, struct made *m)
{
    const struct source *source = &p->sources[0];
    enum canonical_kind kind = source->record ? CANONICAL_RECORD : CANONICAL_EVENT;
    struct arena a;
    struct slice *extra;
    int n_extra;
    struct stream *out;
    *m = (struct made){.rejects = rejects_new()};
    arena_init(&a, 0);
    assert_int_equal(map_extra_fields(p, kind, &a, &extra, &n_extra), 0);
    struct schema *schema = canonical_schema(kind, extra, n_extra);
    struct pool *pool = pool_new(threads);
    struct map_options options = {.project = p,
                                  .source = source,
                                  .rules = source->record ? source->record : &source->events[0],
                                  .kind = kind,
                                  .schema = schema,
                                  .rejects = m->rejects,
                                  .totals = &m->totals,
                                  .pool = pool};
    m->code = map_open(from, &options, &out, &m->err);
    if (m->code == 0) {
        m->code = stream_collect(out, &m->batches, &m->n, &m->err);
        stream_close(out);
    }
    pool_free(pool);
    schema_unref(schema);
    arena_done(&a);
}

static void made_done(struct made *m)
{
    batches_free(m->batches, m->n);
    rejects_free(m->rejects);
}

static struct made map_rows(const char *rules, const char *header, const char *const *rows)
{
    struct made m;
    struct project *p = project_of(rules);
    map_with(p, stream_of(header, rows, 2), 2, &m);
    project_free(p);
    if (m.code < 0)
        fail_msg("%s: %s", m.err.where, m.err.text);
    if (totals_check(&m.totals, "map", &m.err) < 0)
        fail_msg("%s", m.err.text);
    return m;
}

/* All of one column's values, "|" behind each; nulls are "~". */
static void expect(const struct made *m, const char *column, const char *wanted)
{
    struct buffer out = {0};
    for (int i = 0; i < m->n; i++) {
        const struct batch *b = m->batches[i];
        int c = schema_find(b->schema, slice_str(column));
        assert_true(c >= 0);
        for (int64_t row = 0; row < b->n_rows; row++) {
            if (column_null(&b->columns[c], row))
                buffer_putc(&out, '~');
            value_text(&b->schema->fields[c], &b->columns[c], row, &out);
            buffer_putc(&out, '|');
        }
    }
    buffer_putc(&out, 0);
    if (strcmp((char *)out.data, wanted) != 0)
        fail_msg("%s: %s, not %s", column, (char *)out.data, wanted);
    buffer_done(&out);
}

/* The rejects: "line code column; …". */
static void expect_rejects(struct made *m, const char *wanted)
{
    struct stream *s;
    struct batch **batches;
    struct buffer out = {0};
    int n;
    assert_int_equal(rejects_stream(m->rejects, &s, NULL), 0);
    assert_int_equal(stream_collect(s, &batches, &n, NULL), 0);
    stream_close(s);
    for (int i = 0; i < n; i++)
        for (int64_t row = 0; row < batches[i]->n_rows; row++) {
            const struct batch *b = batches[i];
            static const char *const columns[] = {"line", "code", "column"};
            for (int k = 0; k < 3; k++) {
                int c = schema_find(b->schema, slice_str(columns[k]));
                value_text(&b->schema->fields[c], &b->columns[c], row, &out);
                buffer_string(&out, k < 2 ? " " : "; ");
            }
            int raw = schema_find(b->schema, SLICE_LIT("raw"));
            assert_true(column_slice(&b->columns[raw], row).len > 0);
        }
    buffer_putc(&out, 0);
    if (strcmp((char *)out.data, wanted) != 0)
        fail_msg("rejects: %s, not %s", (char *)out.data, wanted);
    buffer_done(&out);
    batches_free(batches, n);
}

static void expect_rows(const struct made *m, const int64_t wanted[TOTALS_CLASSES])
{
    for (int c = 0; c < TOTALS_CLASSES; c++)
        assert_int_equal(m->totals.rows[c], wanted[c]);
}

static void a_record_is_made_canonical(void **state)
{
    static const char *const rows[] = {"7| 01.03.2026 12:00|BOB|O'BRIEN|31/12/1980|Bob@X.ORG|020 "
                                       "7946 0958|07700 900123|12 High St|"
                                       "LONDON|sw1a1aa|J|AB 1",
                                       "8||||||||||||", NULL};
    struct made m;

    (void)state;
    m = map_rows("    record:\n"
                 "      key: NO\n"
                 "      updated_at: {from: CH, format: '%d.%m.%Y %H:%M', zone: Europe/Berlin}\n"
                 "      given_name: FIRST\n"
                 "      family_name: LAST\n"
                 "      birth_date: {from: DOB, format: ['%Y-%m-%d', '%d/%m/%Y']}\n"
                 "      email: MAIL\n"
                 "      phone: [TEL1, TEL2]\n"
                 "      address: {line1: A1, city: TOWN, postcode: PC}\n"
                 "      consent_email: {from: OPT, map: {J: yes, N: no}}\n"
                 "      ids: {passport: PASS}\n"
                 "      nickname: FIRST\n",
                 "NO|CH|FIRST|LAST|DOB|MAIL|TEL1|TEL2|A1|TOWN|PC|OPT|PASS", rows);
    expect(&m, "source", "s|s|");
    expect(&m, "key", "7|8|");
    expect(&m, "updated_at", "2026-03-01T11:00:00Z|~|");
    expect(&m, "given_name", "Bob|~|");
    expect(&m, "family_name", "O'Brien|~|");
    expect(&m, "full_name", "Bob O'Brien|~|");
    expect(&m, "formal_name", "Robert|~|");
    expect(&m, "birth_date", "1980-12-31|~|");
    expect(&m, "email", "[\"bob@x.org\"]|[]|");
    expect(&m, "phone", "[\"+442079460958\",\"+447700900123\"]|[]|");
    expect(&m, "line1", "12 High Street|~|");
    expect(&m, "city", "London|~|");
    expect(&m, "postcode", "SW1A 1AA|~|");
    expect(&m, "country", "GB|~|");
    expect(&m, "consent_email", "true|~|");
    expect(&m, "consent_sms", "~|~|");
    expect(&m, "ids", "[{\"name\":\"passport\",\"value\":\"AB 1\"}]|[]|");
    expect(&m, "nickname", "BOB|~|");
    expect(
        &m, "raw",
        "[{\"field\":\"NO\",\"value\":\"7\"},{\"field\":\"CH\",\"value\":\" 01.03.2026 12:00\"},"
        "{\"field\":\"FIRST\",\"value\":\"BOB\"},{\"field\":\"LAST\",\"value\":\"O'BRIEN\"},"
        "{\"field\":\"DOB\",\"value\":\"31/12/1980\"},{\"field\":\"MAIL\",\"value\":\"Bob@X.ORG\"},"
        "{\"field\":\"TEL1\",\"value\":\"020 7946 0958\"},{\"field\":\"TEL2\",\"value\":\"07700 "
        "900123\"},{\"field\":\"A1\",\"value\":\"12 High St\"},{\"field\":\"TOWN\",\"value\":"
        "\"LONDON\"},{\"field\":\"PC\",\"value\":\"sw1a1aa\"},{\"field\":\"OPT\",\"value\":\"J\"},"
        "{\"field\":\"PASS\",\"value\":\"AB 1\"}]|[{\"field\":\"NO\",\"value\":\"8\"}]|");
    expect_rejects(&m, "");
    expect_rows(&m, (const int64_t[]){2, 2, 0, 0, 0});
    made_done(&m);
}

static void mappings_take_what_they_say(void **state)
{
    static const char *const rows[] = {"1|a||x-y-z|P|n|b+c", "2||b|x|Q||", NULL};
    struct made m;

    (void)state;
    m = map_rows("    record:\n"
                 "      key: K\n"
                 "      first: [A, B]\n"
                 "      joined: {join: [A, B, S], with: '/'}\n"
                 "      second: {from: S, split: '-', part: 2}\n"
                 "      last: {from: S, split: '-', part: -1}\n"
                 "      fixed: {value: F}\n"
                 "      mapped: {from: M, map: {P: person, Q: null}}\n"
                 "      kept: {from: M, map: {P: person}, else: keep}\n"
                 "      nulled: {from: M, map: {P: person}, else: null}\n"
                 "      organisation: N\n"
                 "      listed: L\n",
                 "K|A|B|S|M|N|L:list", rows);
    expect(&m, "first", "a|b|");
    expect(&m, "joined", "a/x-y-z|b/x|");
    expect(&m, "second", "y|~|");
    expect(&m, "last", "z|x|");
    expect(&m, "fixed", "F|F|");
    expect(&m, "mapped", "person|~|");
    expect(&m, "kept", "person|Q|");
    expect(&m, "nulled", "person|~|");
    expect(&m, "listed", "b|~|");
    made_done(&m);
}

static void own_fields_are_plain_where_the_rules_say_how_to_read_them(void **state)
{
    static const char *const rows[] = {"1|1.234,50|01.03.2026|01.07.2026 12:00", "2|-7|n/a|",
                                       "3|x|01.03.2026|", "4||31.02.2026|", NULL};
    struct made m;

    (void)state;
    m = map_rows("    record:\n"
                 "      key: K\n"
                 "      credit: {from: C, decimal: ',', group: '.'}\n"
                 "      since: {from: S, format: '%d.%m.%Y'}\n"
                 "      seen: {from: T, format: '%d.%m.%Y %H:%M', zone: Europe/London}\n",
                 "K|C|S|T", rows);
    expect(&m, "credit", "1234.50|-7|");
    expect(&m, "since", "2026-03-01|~|");
    expect(&m, "seen", "2026-07-01T11:00:00Z|~|");
    expect_rejects(&m, "4 bad-amount C; 5 bad-date S; ");
    made_done(&m);
}

static void lists_are_gathered_and_stand_once(void **state)
{
    static const char *const rows[] = {"1|a@x.org+B@x.org|b@x.org; c@x.org|n/a", NULL};
    struct made m;

    (void)state;
    m = map_rows("    record: {key: K, email: ['L[]', M, N]}\n", "K|L:list|M|N", rows);
    expect(&m, "email", "[\"a@x.org\",\"b@x.org\",\"c@x.org\"]|");
    made_done(&m);
}

static void typed_columns_are_read_as_text(void **state)
{
    static const char *const rows[] = {"12|1980-05-01|true", NULL};
    struct made m;

    (void)state;
    m = map_rows("    record: {key: K, birth_date: D, consent_sms: C}\n", "K:int64|D:date|C:bool",
                 rows);
    expect(&m, "key", "12|");
    expect(&m, "birth_date", "1980-05-01|");
    expect(&m, "consent_sms", "true|");
    made_done(&m);
}

static void bad_rows_are_rejected_with_their_place(void **state)
{
    static const char *const rows[] = {
        "1|1980-01-31|P|J",     "|1980-01-31|P|J",      "3|1980-02-31|P|J", "4|1980-01-31|Z|J",
        "5|1980-01-31|P|maybe", "6|1980-02-31|Z|maybe", "7|0000-00-00||",   NULL};
    struct made m;

    (void)state;
    m = map_rows("    record: {key: K, birth_date: D, status: {from: S, map: {P: paid}},\n"
                 "             consent_email: C}\n",
                 "K|D|S|C", rows);
    expect(&m, "key", "1|7|");
    expect_rejects(&m, "3 missing-key K; 4 bad-date D; 5 unmapped-value S; 6 bad-flag C; "
                       "7 bad-date D; ");
    expect_rows(&m, (const int64_t[]){7, 2, 5, 0, 0});
    made_done(&m);
}

static void rows_are_filtered_and_counted(void **state)
{
    static const char *const rows[] = {"1|live", "2|deleted", "3|", "|deleted", NULL};
    struct made m;

    (void)state;
    m = map_rows("    record: {key: K, where: \"S != 'deleted'\"}\n", "K|S", rows);
    expect(&m, "key", "1|3|");
    expect_rejects(&m, "");
    expect_rows(&m, (const int64_t[]){4, 2, 0, 2, 0});
    made_done(&m);
}

static void of_one_key_the_latest_stays(void **state)
{
    static const char *const rows[] = {"1|2026-01-01|a", "2|2026-01-01|b", "1|2026-01-03|c",
                                       "1|2026-01-02|d", "2|2026-01-01|b", "3|2026-01-01|e",
                                       "3|2026-01-01|f", "4||g",           "4|2026-01-01|h",
                                       "3|2025-01-01|i", "5||j",           NULL};
    struct made m;

    (void)state;
    m = map_rows("    record: {key: K, updated_at: T, status: S}\n", "K|T|S", rows);
    expect(&m, "key", "2|1|4|5|");
    expect(&m, "status", "b|c|h|j|");
    expect_rejects(&m, "7 conflicting-key K; 8 conflicting-key K; ");
    expect_rows(&m, (const int64_t[]){11, 4, 2, 0, 5});
    made_done(&m);
}

static void events_have_money_and_time(void **state)
{
    static const char *const rows[] = {"1|c1|20260301|1.234,50|EUR",
                                       "2||20260302|-5|GBP",
                                       "1|c1|20260301|1.234,50|EUR",
                                       "1|c1|20260301|9,00|EUR",
                                       "3|c2|20260303|x|EUR",
                                       "4|c2||7|EUR",
                                       "5|c2|20260304||",
                                       NULL};
    struct made m;

    (void)state;
    m = map_rows("    of: base\n"
                 "    events:\n"
                 "      - {kind: invoice, id: I, customer: C, at: {from: A, format: '%Y%m%d'},\n"
                 "         net: {from: N, decimal: ',', group: '.'}, currency: CUR}\n",
                 "I|C|A|N|CUR", rows);
    expect(&m, "id", "1|2|5|");
    expect(&m, "customer", "c1|~|c2|");
    expect(&m, "kind", "invoice|invoice|invoice|");
    expect(&m, "at", "2026-03-01T00:00:00Z|2026-03-02T00:00:00Z|2026-03-04T00:00:00Z|");
    expect(&m, "net", "1234.5000|-5.0000|~|");
    expect_rejects(&m, "5 conflicting-key I; 6 bad-amount N; 7 missing-time A; ");
    expect_rows(&m, (const int64_t[]){7, 3, 3, 0, 1});
    assert_int_equal(m.totals.unread_amounts, 1);
    assert_int_equal(m.totals.n_money, 2);
    assert_string_equal(m.totals.money[0].currency, "EUR");
    assert_true(m.totals.money[0].sum[TOTALS_IN] == 24850000);
    assert_true(m.totals.money[0].sum[TOTALS_OUT] == 12345000);
    assert_true(m.totals.money[0].sum[TOTALS_DUPLICATES] == 12345000);
    assert_true(m.totals.money[0].sum[TOTALS_REJECTED] == 160000);
    made_done(&m);
}

static void threads_and_batches_change_nothing(void **state)
{
    static const char rules[] = "    record: {key: K, updated_at: T, full_name: N, email: E}\n";
    static char text[3000][64];
    static const char *rows[3001];
    struct made one, two;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        snprintf(text[i], sizeof text[i], "%d|2026-01-%02d|SMITH %d, ANN|a%d@x.org", i % 2500,
                 i % 31 + (i % 7 > 0), i, i);
        rows[i] = text[i];
    }
    struct project *p = project_of(rules);
    map_with(p, stream_of("K|T|N|E", rows, 100000), 1, &one);
    map_with(p, stream_of("K|T|N|E", rows, 101), 3, &two);
    project_free(p);
    assert_int_equal(one.code, 0);
    assert_int_equal(two.code, 0);
    assert_memory_equal(&one.totals, &two.totals, sizeof one.totals);
    assert_int_equal(rejects_count(one.rejects), rejects_count(two.rejects));
    assert_true(rejects_count(one.rejects) > 0);
    struct batch *a, *b;
    assert_int_equal(batch_concat(one.batches, one.n, &a, NULL), 0);
    assert_int_equal(batch_concat(two.batches, two.n, &b, NULL), 0);
    assert_true(batch_equal(a, b));
    batch_free(a);
    batch_free(b);
    made_done(&one);
    made_done(&two);
}

static void mistakes_in_the_rules_have_a_line(void **state)
{
    static const struct {
        const char *rules, *where, *text;
    } cases[] = {
        {"    record: {key: K, email: EMIAL}\n", ":8:29", "'EMAIL'"},
        {"    record: {key: K, updated_at: {from: EMAIL, zone: Mars/Base}}\n", ":8:22",
         "Mars/Base"},
        {"    record: {key: K, where: 'K ='}\n", ":8:29", "character 4"},
        {"    record: {key: K, where: 'X = 1'}\n", ":8:29", "'X'"},
    };
    static const char *const rows[] = {"1|a@x.org", NULL};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct made m;
        struct project *p = project_of(cases[i].rules);
        map_with(p, stream_of("K|EMAIL", rows, 10), 1, &m);
        assert_int_equal(m.code, ERR_CONFIG);
        if (!strstr(m.err.where, cases[i].where) || !strstr(m.err.text, cases[i].text))
            fail_msg("%s: %s", m.err.where, m.err.text);
        made_done(&m);
        project_free(p);
    }
}

static void rules_tell_their_columns(void **state)
{
    struct project *p =
        project_of("    record: {key: K, email: [A, B, K], where: B = 1 and W = 2}\n");
    struct slice *columns;
    struct arena a;
    int n;

    (void)state;
    arena_init(&a, 0);
    assert_int_equal(map_columns(p->sources[0].record, &a, &columns, &n), 0);
    assert_int_equal(n, 4);
    assert_true(slice_equal(columns[0], SLICE_LIT("K")));
    assert_true(slice_equal(columns[1], SLICE_LIT("A")));
    assert_true(slice_equal(columns[2], SLICE_LIT("B")));
    assert_true(slice_equal(columns[3], SLICE_LIT("W")));
    arena_done(&a);
    project_free(p);
}

static void a_stream_may_be_closed_early(void **state)
{
    static const char *const rows[] = {"1|a", "2|b", "3|c", "4|d", "5|e", NULL};
    struct project *p = project_of("    record: {key: K, status: S}\n");
    const struct source *source = &p->sources[0];
    struct schema *schema = canonical_schema(CANONICAL_RECORD, NULL, 0);
    struct totals totals = {0};
    struct rejects *rejects = rejects_new();
    struct stream *out;
    struct batch *b;
    struct pool *pool = pool_new(2);

    (void)state;
    struct map_options options = {.project = p,
                                  .source = source,
                                  .rules = source->record,
                                  .schema = schema,
                                  .rejects = rejects,
                                  .totals = &totals,
                                  .pool = pool};
    assert_int_equal(map_open(stream_of("K|S", rows, 1), &options, &out, NULL), 0);
    stream_close(out);
    assert_int_equal(map_open(stream_of("K|S", rows, 1), &options, &out, NULL), 0);
    assert_int_equal(stream_next(out, &b, NULL), 1);
    batch_free(b);
    stream_close(out);
    pool_free(pool);
    rejects_free(rejects);
    schema_unref(schema);
    project_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_made_canonical),
        cmocka_unit_test(mappings_take_what_they_say),
        cmocka_unit_test(own_fields_are_plain_where_the_rules_say_how_to_read_them),
        cmocka_unit_test(lists_are_gathered_and_stand_once),
        cmocka_unit_test(typed_columns_are_read_as_text),
        cmocka_unit_test(bad_rows_are_rejected_with_their_place),
        cmocka_unit_test(rows_are_filtered_and_counted),
        cmocka_unit_test(of_one_key_the_latest_stays),
        cmocka_unit_test(events_have_money_and_time),
        cmocka_unit_test(threads_and_batches_change_nothing),
        cmocka_unit_test(mistakes_in_the_rules_have_a_line),
        cmocka_unit_test(rules_tell_their_columns),
        cmocka_unit_test(a_stream_may_be_closed_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
