/* The project file: what it gives, and what is said of its mistakes. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "core/file.h"
#include "schemas/project.h"

static char folder[64];

static const char *store(const char *text)
{
    static char path[96];
    snprintf(path, sizeof path, "%s/sluice.yaml", folder);
    assert_int_equal(file_store(path, 0, slice_str(text), NULL), 0);
    return path;
}

/* All findings as "LINE:COL text", joined by '|'. */
static const char *lint(const char *text)
{
    static char got[4000];
    struct arena a;
    struct finding *found;
    struct error err;
    arena_init(&a, 0);
    int n = project_lint(store(text), &a, &found, &err);
    assert_true(n >= 0);
    got[0] = 0;
    for (int i = 0; i < n; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%d:%d %s", i ? "|" : "",
                 found[i].at.line, found[i].at.column, found[i].text);
    arena_done(&a);
    return got;
}

static struct project *read_good(const char *text)
{
    struct project *p = NULL;
    struct error err = {.code = 0};
    if (project_read(store(text), &p, &err) < 0)
        fail_msg("%s: %s", err.where, err.text);
    return p;
}

static const char whole[] =
    "project: acme\n"
    "region: GB\n"
    "landing: landing/\n"
    "sources:\n"
    "  billing:\n"
    "    pull: exports/billing-*.csv.gz\n"
    "    format: {type: csv, delimiter: \";\", encoding: windows-1252,\n"
    "             trailer: {starts: TOTAL, count: 2, sum: 3, of: NET, decimal: \",\"}}\n"
    "    rejects: {max: 1%}\n"
    "    delivery: upsert\n"
    "    record:\n"
    "      key: CUST_NO\n"
    "      updated_at: {from: CHANGED, format: \"%d.%m.%Y %H:%M\", zone: Europe/London}\n"
    "      full_name: NAME\n"
    "      given_name: {from: NAME, split: \", \", part: 2}\n"
    "      birth_date: {from: DOB, format: [\"%d/%m/%Y\", \"%Y-%m-%d\"]}\n"
    "      phone: [TEL1, TEL2]\n"
    "      address: {line1: {join: [NO, STREET]}, city: TOWN, country: {value: GB}}\n"
    "      ids: {passport: PASS_NO}\n"
    "      consent_email: {from: OPTIN, map: {J: yes, N: no, X: null}, else: keep}\n"
    "      member_since: {from: SINCE, format: \"%Y\"}\n"
    "      where: STATUS != 'deleted'\n"
    "    events:\n"
    "      - pull: [a.csv, b.csv]\n"
    "        format: {delimiter: tab, quote: none, trailer: null}\n"
    "        kind: {from: TYPE, map: {I: invoice, P: payment}}\n"
    "        id: INV_NO\n"
    "        customer: CUST_NO\n"
    "        at: {from: INV_DATE, format: \"%Y%m%d\"}\n"
    "        net: {from: NET, minor: 2, decimal: \",\", group: \".\"}\n"
    "        currency: {value: GBP}\n"
    "      - {pull: p.json, format: {type: json, each: a.b, explode: 'items[]'}, kind: payment,\n"
    "         id: i, customer: c, at: t}\n"
    "  points:\n"
    "    of: billing\n"
    "    pull: points.tar.gz\n"
    "    format: {member: '*points*', header: {starts: 00},\n"
    "             columns: [{name: no, from: 1, width: 11}, {name: pts, from: 12, width: 7}],\n"
    "             trailer: {starts: 99, count: {from: 3, width: 9}, sum: {from: 12, width: 10}, "
    "of: "
    "pts}}\n"
    "    events:\n"
    "      - {kind: points_earned, id: no, customer: no, at: no, points: pts}\n"
    "    clean: true\n"
    "match:\n"
    "  certain: [[loyalty_id], [ids.passport, birth_date]]\n"
    "  never: [{field: birth_date, apart: 20y}, {field: gender}]\n"
    "  one_to_one: true\n"
    "  threshold: 0.6\n"
    "golden:\n"
    "  trust: {billing: 90, points: 50}\n"
    "  fields:\n"
    "    name: {prefer: [verified, recent]}\n"
    "    home: {together: [line1, city], prefer: complete}\n"
    "    email: {prefer: [frequent, recent], keep: all}\n"
    "tables:\n"
    "  customer: {format: parquet}\n"
    "  mine: {mode: merge, key: id, partition: \"source, year(at)\", sort: [a, b]}\n";

static const struct mapping *mapping_of(const struct record_rules *rules, const char *field)
{
    for (int i = 0; i < rules->n_mappings; i++)
        if (slice_equal(rules->mappings[i].field, slice_str(field)))
            return &rules->mappings[i];
    fail_msg("no mapping of %s", field);
    return NULL;
}

static void a_source_has_its_files_layout_and_limits(void **state)
{
    (void)state;
    struct project *p = read_good(whole);
    const struct source *s = project_source(p, SLICE_LIT("billing"));
    assert_string_equal(p->name.ptr, "acme");
    assert_string_equal(p->region.ptr, "GB");
    assert_string_equal(p->folder, folder);
    assert_int_equal(strncmp(p->landing, folder, strlen(folder)), 0);
    assert_string_equal(p->landing + strlen(folder), "/landing");
    assert_string_equal(p->lake + strlen(folder), "/lake");
    assert_int_equal(strlen(p->digest), 64);
    assert_int_equal(s->n_pull, 1);
    assert_string_equal(s->layout.type, "csv");
    assert_int_equal(s->layout.delimiter, ';');
    assert_int_equal(s->layout.quote, LAYOUT_AUTO);
    assert_string_equal(s->layout.encoding, "windows-1252");
    assert_int_equal(s->layout.trailer_count, 2);
    assert_int_equal(s->layout.trailer_sum, 3);
    assert_string_equal(s->layout.trailer_of, "NET");
    assert_int_equal(s->layout.trailer_decimal, ',');
    assert_int_equal(s->rejects.millionths, 10000);
    assert_int_equal(s->delivery, DELIVERY_UPSERT);
    assert_false(s->clean);
    assert_true(p->sources[p->n_sources - 1].clean);
    project_free(p);
}

static void a_mapping_has_every_form(void **state)
{
    (void)state;
    struct project *p = read_good(whole);
    const struct record_rules *r = p->sources[0].record;
    const struct mapping *m = mapping_of(r, "key");
    assert_int_equal(m->n_from, 1);
    assert_string_equal(m->from[0].ptr, "CUST_NO");
    assert_int_equal(m->from_at[0].line, 12);
    assert_int_equal(m->from_at[0].column, 12);
    m = mapping_of(r, "updated_at");
    assert_string_equal(m->formats[0].ptr, "%d.%m.%Y %H:%M");
    assert_string_equal(m->zone.ptr, "Europe/London");
    m = mapping_of(r, "given_name");
    assert_string_equal(m->split.ptr, ", ");
    assert_int_equal(m->part, 2);
    assert_int_equal(mapping_of(r, "birth_date")->n_formats, 2);
    assert_int_equal(mapping_of(r, "phone")->n_from, 2);
    m = mapping_of(r, "line1");
    assert_int_equal(m->join, 1);
    assert_int_equal(m->n_from, 2);
    assert_string_equal(m->with.ptr, " ");
    m = mapping_of(r, "country");
    assert_int_equal(m->has_value, 1);
    assert_string_equal(m->value.ptr, "GB");
    assert_string_equal(mapping_of(r, "ids.passport")->from[0].ptr, "PASS_NO");
    m = mapping_of(r, "consent_email");
    assert_int_equal(m->n_map, 3);
    assert_string_equal(m->map[0].value.ptr, "yes");
    assert_null(m->map[2].value.ptr);
    assert_int_equal(m->map_others, 1);
    assert_string_equal(mapping_of(r, "member_since")->from[0].ptr, "SINCE");
    assert_string_equal(r->where.ptr, "STATUS != 'deleted'");
    assert_int_equal(r->where_at.line, 22);
    project_free(p);
}

static void an_entrys_format_lies_over_the_sources(void **state)
{
    (void)state;
    struct project *p = read_good(whole);
    const struct record_rules *e = p->sources[0].events;
    assert_int_equal(p->sources[0].n_events, 2);
    assert_int_equal(e[0].n_pull, 2);
    assert_string_equal(e[0].layout.type, "csv");
    assert_string_equal(e[0].layout.encoding, "windows-1252");
    assert_int_equal(e[0].layout.delimiter, '\t');
    assert_int_equal(e[0].layout.quote, 0);
    assert_null(e[0].layout.trailer_starts);
    assert_int_equal(e[0].layout.trailer_count, 0);
    assert_int_equal(e[0].kind.len, 0);
    assert_string_equal(mapping_of(&e[0], "kind")->map[1].value.ptr, "payment");
    assert_int_equal(mapping_of(&e[0], "net")->decimal, ',');
    assert_int_equal(mapping_of(&e[0], "net")->group, '.');
    assert_int_equal(mapping_of(&e[0], "net")->minor, 2);
    assert_string_equal(e[1].kind.ptr, "payment");
    assert_string_equal(e[1].layout.each, "a.b");
    assert_string_equal(e[1].layout.explode, "items[]");
    assert_null(e[1].layout.encoding); /* another type starts afresh */
    assert_int_equal(e[1].layout.delimiter, LAYOUT_AUTO);
    project_free(p);
}

static void fixed_width_has_columns_header_and_trailer(void **state)
{
    (void)state;
    struct project *p = read_good(whole);
    const struct source *s = &p->sources[1];
    const struct layout *l = &s->events[0].layout;
    assert_string_equal(s->of.ptr, "billing");
    assert_null(s->record);
    assert_int_equal(s->delivery, DELIVERY_APPEND);
    assert_int_equal(s->rejects.rows, 0);
    assert_string_equal(l->type, "fixed");
    assert_string_equal(l->member, "*points*");
    assert_string_equal(l->header_starts, "00");
    assert_int_equal(l->n_columns, 2);
    assert_int_equal(l->columns[1].from, 12);
    assert_int_equal(l->columns[1].width, 7);
    assert_string_equal(l->trailer_starts, "99");
    assert_int_equal(l->trailer_from, 3);
    assert_int_equal(l->trailer_width, 9);
    assert_int_equal(l->trailer_sum_from, 12);
    assert_int_equal(l->trailer_sum_width, 10);
    project_free(p);
}

static void match_and_golden_rules_are_read(void **state)
{
    (void)state;
    struct project *p = read_good(whole);
    const struct match_rules *m = &p->match;
    assert_int_equal(m->n_certain, 2);
    assert_string_equal(m->certain[1][0].ptr, "ids.passport");
    assert_string_equal(m->certain[1][1].ptr, "birth_date");
    assert_null(m->certain[1][2].ptr);
    assert_int_equal(m->n_never, 2);
    assert_int_equal(m->never[0].apart, 7305);
    assert_int_equal(m->never[1].apart, 0);
    assert_int_equal(m->one_to_one, ONE_TO_ONE_YES);
    assert_true(m->threshold == 0.6);
    assert_true(m->review[0] == 0.2 && m->review[1] == 0.8);
    const struct golden_rules *g = &p->golden;
    assert_int_equal(g->n_trust, 2);
    assert_int_equal(g->trust[0].rank, 90);
    assert_int_equal(g->n_rules, 3);
    assert_int_equal(g->rules[0].n_fields, 5); /* title … suffix */
    assert_int_equal(g->rules[1].n_fields, 2);
    assert_int_equal(g->rules[1].prefer[0], SURVIVE_COMPLETE);
    assert_int_equal(g->rules[2].n_prefer, 2);
    assert_int_equal(g->rules[2].prefer[0], SURVIVE_FREQUENT);
    assert_int_equal(g->rules[2].keep_all, 1);
    project_free(p);
}

static void tables_are_the_projects_then_the_built_in_ones(void **state)
{
    (void)state;
    struct project *p = read_good(whole);
    const struct table_rules *t = table_rules_for(p, SLICE_LIT("customer"));
    assert_string_equal(t->format.ptr, "parquet");
    assert_int_equal(t->mode, TABLE_OVERWRITE);
    t = table_rules_for(p, SLICE_LIT("mine"));
    assert_int_equal(t->mode, TABLE_MERGE);
    assert_int_equal(t->n_key, 1);
    assert_int_equal(t->n_sort, 2);
    assert_string_equal(t->format.ptr, "delta");
    t = table_rules_for(p, SLICE_LIT("event"));
    assert_int_equal(t->mode, TABLE_MERGE);
    assert_string_equal(t->key[1].ptr, "id");
    assert_string_equal(t->partition.ptr, "source,month(at)");
    assert_null(table_rules_for(p, SLICE_LIT("unheard_of")));
    assert_int_equal(table_rules_for(NULL, SLICE_LIT("run"))->mode, TABLE_APPEND);
    assert_int_equal(table_rules_for(NULL, SLICE_LIT("customer_xref"))->mode, TABLE_OVERWRITE);
    project_free(p);
}

#define HEAD "project: a\nsources:\n  crm:\n    pull: x.csv\n"

static const struct {
    const char *text, *found;
} mistakes[] = {
    {HEAD "    record: {key: k}\n", ""},
    {"", "1:1 the project file must be keys and values, not nothing"},
    {"a: [\n", "2:1 not valid YAML: flow sequence without a closing bracket"},
    {"project: a\nsources: {}\n", "2:10 'sources' must name at least one source"},
    {HEAD "    record: {given_name: g}\n", "5:5 'record' needs 'key'"},
    {HEAD "    record: {key: k, given_nam: g}\n",
     "5:22 unknown field 'given_nam', did you mean 'given_name'?"},
    {HEAD "    record: {key: k, surname: g}\n",
     "5:22 unknown field 'surname', did you mean 'family_name'?"},
    {HEAD "    record: {key: k, City: g}\n", "5:22 unknown field 'City', did you mean 'city'?"},
    {HEAD "    record: {key: k, loyalty_tier: t, department: d}\n", ""},
    {HEAD "    record: {key: k, customer_id: t}\n",
     "5:22 'customer_id' is set by sluice itself and cannot be mapped"},
    {HEAD "    record: {key: k, my field: t}\n",
     "5:22 field 'my field' must be letters, digits and underscores"},
    {HEAD "    record: {key: k, city: a, address: {city: b}}\n",
     "5:41 'city' is mapped twice, first on line 5"},
    {HEAD "    record: {key: k, birth_date: {from: d, format: dd.mm}}\n",
     "5:52 'dd.mm' is no date format: it is written as in \"%d.%m.%Y\""},
    {HEAD "    record: {key: k, birth_date: {from: d, format: ['%Y', '%d.%Q']}}\n",
     "5:59 date formats have no '%Q'"},
    {HEAD "    record: {key: k, email: {from: d, format: '%Y'}}\n",
     "5:39 'format' is for dates and times, and 'email' is neither"},
    {HEAD "    record: {key: k, email: {from: d, part: 2}}\n", "5:39 'part' needs 'split'"},
    {HEAD "    record: {key: k, email: {}}\n", "5:22 'email' needs 'from', 'join' or 'value'"},
    {HEAD "    events: [{kind: invioce, id: i, customer: c, at: t}]\n    of: crm\n",
     "5:21 'kind' cannot be 'invioce', did you mean 'invoice'?|6:9 source 'crm' has no 'record' "
     "itself"},
    {HEAD "    events: [{kind: call, id: i, at: t}]\n    record: {key: k}\n",
     "5:14 an entry of 'events' needs 'customer'"},
    {HEAD "    events: [{kind: {from: k, map: {a: cal}}, id: i, customer: c, at: t}]\n    record: "
          "{key: k}\n",
     "5:40 'cal' is no kind of event"},
    {HEAD "    events: [{kind: call, id: i, customer: c, at: t}]\n",
     "3:3 'crm' has no 'record', so it needs 'of', the source whose keys its 'customer' fields "
     "hold"},
    {HEAD "    record: {key: k}\n  tel: {pull: t, of: cmr, events: [{kind: call, id: i, customer: "
          "c, at: t}]}\n",
     "6:22 no source is named 'cmr', did you mean 'crm'?"},
    {HEAD "    record: {key: k}\n  crm: {pull: t, record: {key: j}}\n",
     "6:3 'crm' is there twice, first on line 3"},
    {"project: a\nsources: {crm: {record: {key: k}}}\n",
     "2:11 'crm' needs 'pull', the files to read"},
    {HEAD "    record: {key: k}\n    rejects: {max: some}\n",
     "6:20 'max' must be a number of rows or a share of them, as in 10 or 1%, not 'some'"},
    {HEAD "    record: {key: k}\n    format: {type: fixed}\n", "6:5 type 'fixed' needs 'columns'"},
    {HEAD "    record: {key: k}\n    format: {type: csv, trailer: {starts: T, count: {from: 1, "
          "width: 2}}}\n",
     "6:53 'count' must be a field's number in 'csv'"},
    {HEAD "    record: {key: k}\n    format: {trailer: {starts: T, sum: 3}}\n",
     "6:14 'sum' needs 'of', the column that it adds up"},
    {HEAD "    record: {key: k}\nmatch: {threshold: 1.5}\n",
     "6:20 'threshold' must be 0 to 1, not 1.5"},
    {HEAD "    record: {key: k}\nmatch: {certain: [[tax_no]]}\n",
     "6:20 no source maps a field 'tax_no', did you mean 'tax_id'?"},
    {HEAD "    record: {key: k}\ngolden: {trust: {crm: 101, cmr: 5}}\n",
     "6:23 'crm' must be 0 to 100, not 101|6:28 no source is named 'cmr', did you mean 'crm'?"},
    {HEAD "    record: {key: k}\ngolden: {fields: {email: {prefers: recent}}}\n",
     "6:27 unknown key 'prefers', did you mean 'prefer'?"},
    {HEAD "    record: {key: k}\ngolden: {fields: {n: {together: [city]}, city: {}}}\n",
     "6:42 field 'city' has a rule already, on line 6"},
    {HEAD "    record: {key: k}\ntables: {mine: {}}\n",
     "6:10 'mine' is no table of sluice's own, so it needs 'mode'"},
    {HEAD "    record: {key: k}\ntables: {event: {partition: month(}}\n",
     "6:29 'partition' is columns, and year, month or date of one, as in \"source,month(at)\", not "
     "'month('"},
};

static void every_mistake_is_found_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
        assert_string_equal(lint(mistakes[i].text), mistakes[i].found);
}

static void reading_stops_at_the_first_mistake(void **state)
{
    (void)state;
    struct project *p = NULL;
    struct error err = {.code = 0};
    const char *path = store("project: a\nsorces: {}\nsources: {x: {pul: y}}\n");
    char where[128];
    snprintf(where, sizeof where, "%s:2:1", path);
    assert_int_equal(project_read(path, &p, &err), ERR_CONFIG);
    assert_string_equal(err.where, where);
    assert_string_equal(err.text, "unknown key 'sorces', did you mean 'sources'?");
    assert_null(p);
}

static void a_missing_file_is_a_missing_input(void **state)
{
    (void)state;
    struct project *p = NULL;
    struct error err = {.code = 0};
    assert_int_equal(project_read("/nonexistent/sluice.yaml", &p, &err), ERR_INPUT);
}

static void the_file_is_found_in_a_folder_above(void **state)
{
    (void)state;
    struct project *p = NULL;
    struct error err = {.code = 0};
    char here[4096], below[96];
    store(whole);
    snprintf(below, sizeof below, "%s/a/b", folder);
    assert_int_equal(file_mkdirs(below, 0, NULL), 0);
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(below), 0);
    int code = project_read(NULL, &p, &err);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(code, 0);
    assert_string_equal(p->path, "../../sluice.yaml");
    assert_string_equal(p->lake, "../../lake");
    project_free(p);
}

static void the_schema_inside_is_the_one_in_the_tree(void **state)
{
    (void)state;
    struct buffer file = {0};
    assert_int_equal(file_slurp("schemas/sluice.schema.json", 1 << 20, &file, NULL), 0);
    assert_true(slice_equal(project_schema(), buffer_view(&file)));
    buffer_done(&file);
}

static const struct yaml_node *schema_at(const struct yaml_node *root, const char *const *path)
{
    for (; *path && root; path++)
        root = yaml_get(root, *path);
    assert_non_null(root);
    return root;
}

/* Fields that steps make, or that stand elsewhere in the file. */
static int is_made(const char *name)
{
    return strcmp(name, "source") == 0 || strcmp(name, "formal_name") == 0 ||
           strcmp(name, "raw") == 0;
}

static void the_schema_names_every_canonical_field_and_kind(void **state)
{
    (void)state;
    static const char *const record[] = {"$defs",  "source",     "properties",
                                         "record", "properties", NULL};
    static const char *const event[] = {"$defs", "source",     "properties", "events",
                                        "items", "properties", NULL};
    struct arena a;
    struct yaml_node root;
    arena_init(&a, 0);
    assert_int_equal(yaml_parse("s", project_schema(), &a, &root, NULL), 0);
    for (const struct canonical_field *f = canonical_fields(CANONICAL_RECORD); f->name; f++)
        if (!is_made(f->name) && !yaml_get(schema_at(&root, record), f->name))
            fail_msg("the schema lacks the record's '%s'", f->name);
    for (const struct canonical_field *f = canonical_fields(CANONICAL_EVENT); f->name; f++)
        if (!is_made(f->name) && !yaml_get(schema_at(&root, event), f->name))
            fail_msg("the schema lacks the event's '%s'", f->name);
    const struct yaml_node *kinds =
        yaml_get(&yaml_get(yaml_get(schema_at(&root, event), "kind"), "anyOf")->items[0], "enum");
    int n = 0;
    for (; event_kinds()[n]; n++)
        assert_string_equal(kinds->items[n].text.ptr, event_kinds()[n]);
    assert_int_equal(kinds->n, n);
    arena_done(&a);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/sluice-test-project-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return file_remove_tree(folder, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_has_its_files_layout_and_limits),
        cmocka_unit_test(a_mapping_has_every_form),
        cmocka_unit_test(an_entrys_format_lies_over_the_sources),
        cmocka_unit_test(fixed_width_has_columns_header_and_trailer),
        cmocka_unit_test(match_and_golden_rules_are_read),
        cmocka_unit_test(tables_are_the_projects_then_the_built_in_ones),
        cmocka_unit_test(every_mistake_is_found_with_its_place),
        cmocka_unit_test(reading_stops_at_the_first_mistake),
        cmocka_unit_test(a_missing_file_is_a_missing_input),
        cmocka_unit_test(the_file_is_found_in_a_folder_above),
        cmocka_unit_test(the_schema_inside_is_the_one_in_the_tree),
        cmocka_unit_test(the_schema_names_every_canonical_field_and_kind),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
