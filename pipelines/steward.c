#include "pipelines/steward.h"

#include <jansson.h>
#include <stdlib.h>

#include "core/dict.h"
#include "pipelines/lake.h"
#include "pipelines/ledger.h"
#include "pipelines/lookup.h"

enum { PAIRS_MOST = 100000 };

static int customer_of(const struct project *p, struct slice record, struct arena *arena,
                       struct slice *ret, struct error *err)
{
    struct slice source, key;
    struct found f;
    if (!record_name(record, &source, &key))
        return error_set(err, ERR_USAGE, "a record is named source:key, not '%.*s'",
                         (int)record.len, record.ptr);
    const struct equals conditions[] = {{"source", source}, {"key", key}};
    TRY(lookup(p, "source_record", conditions, 2, NULL, &f, err));
    int column = found_column(&f, "customer_id");
    int code = 0;
    if (!f.n)
        code =
            error_set(err, ERR_INPUT, "the lake has no record '%.*s'", (int)record.len, record.ptr);
    else
        *ret = arena_copy(arena, column < 0 ? SLICE_LIT("") : row_text(&f.rows[0], column));
    found_done(&f);
    return code < 0 || ret->ptr ? code : error_memory(err);
}

static void put_decision(struct slice *cells, enum steward_action action, struct slice a,
                         struct slice b, const struct steward_note *note, struct slice now)
{
    cells[DECISION_ACTION] = action == STEWARD_LINK ? SLICE_LIT("link") : SLICE_LIT("unlink");
    cells[DECISION_A] = a;
    cells[DECISION_B] = b;
    cells[DECISION_WHO] = note->who;
    cells[DECISION_AT] = now;
    cells[DECISION_WHY] = note->why;
}

int steward_decide(const struct project *p, enum steward_action action, struct slice a,
                   struct slice b, const struct steward_note *note, struct arena *arena,
                   struct steward_done *ret, struct error *err)
{
    char now[LEDGER_TIME];
    struct slice cells[DECISION_COLUMNS];
    *ret = (struct steward_done){.lines = 1, .records = 2};
    if (slice_equal(a, b))
        return error_set(err, ERR_USAGE, "'%.*s' is one record: give two different ones",
                         (int)a.len, a.ptr);
    TRY(customer_of(p, a, arena, &ret->customers[0], err));
    TRY(customer_of(p, b, arena, &ret->customers[1], err));
    put_decision(cells, action, a, b, note, ledger_now(now));
    return note->dry_run ? 0 : ledger_append(&decisions_ledger, p->folder, cells, 1, err);
}

/* A customer's records and the groups that they fall into. */
struct parting {
    const struct project *project;
    struct arena *arena;
    struct slice customer;
    struct dict names; /* source:key of its records */
    int *group;        /* of each; 0: what stays */
    int n_groups;
};

static struct slice name_of(struct arena *a, const struct row_ref *row, int source, int key)
{
    struct slice s = row_text(row, source), k = row_text(row, key);
    char *name = arena_printf(a, "%.*s:%.*s", (int)s.len, s.ptr, (int)k.len, k.ptr);
    return slice_str(name ? name : "");
}

/* Calls `each` with the name of every record found. */
static int for_records(const struct found *f, struct parting *g,
                       int (*each)(struct parting *g, struct slice name))
{
    int source = found_column(f, "source"), key = found_column(f, "key");
    for (size_t i = 0; i < f->n && source >= 0 && key >= 0; i++) {
        struct slice name = name_of(g->arena, &f->rows[i], source, key);
        if (!name.len || each(g, name) < 0)
            return ERR_MEMORY;
    }
    return 0;
}

static int add_record(struct parting *g, struct slice name)
{
    return dict_add(&g->names, name) < 0 ? ERR_MEMORY : 0;
}

/* A record that was of the group being made, if it is the customer's now. */
static int put_in_group(struct parting *g, struct slice name)
{
    int64_t code = dict_find(&g->names, name);
    if (code >= 0)
        g->group[code] = g->n_groups;
    return 0;
}

static int load_records(struct parting *g, struct error *err)
{
    struct found f;
    const struct equals same = {"customer_id", g->customer};
    TRY(lookup(g->project, "source_record", &same, 1, NULL, &f, err));
    int code = for_records(&f, g, add_record) < 0 ? error_memory(err) : 0;
    if (code == 0 && !f.n)
        code = error_set(err, ERR_INPUT, "the lake has no customer '%.*s' with records",
                         (int)g->customer.len, g->customer.ptr);
    found_done(&f);
    g->group = ARENA_ARRAY(g->arena, int, (size_t)g->names.n + 1);
    return code < 0 || g->group ? code : error_memory(err);
}

static int name_apart(struct parting *g, const struct slice *apart, int n, struct error *err)
{
    g->n_groups = 1;
    for (int i = 0; i < n; i++) {
        int64_t code = dict_find(&g->names, apart[i]);
        if (code < 0)
            return error_set(err, ERR_INPUT, "'%.*s' is not a record of customer '%.*s'",
                             (int)apart[i].len, apart[i].ptr, (int)g->customer.len,
                             g->customer.ptr);
        g->group[code] = 1;
    }
    for (uint32_t i = 0; i < g->names.n; i++)
        if (!g->group[i])
            return 0;
    return error_set(err, ERR_USAGE,
                     "these are all of the customer's records: name those that are to go");
}

/* The version of customer_xref that the run before `run` left; -1 when none did. */
static int64_t xref_before(const struct run_row *rows, int n, int64_t run)
{
    int64_t version = -1, latest = 0;
    for (int i = 0; i < n; i++) {
        if (rows[i].run >= run || rows[i].run < latest)
            continue;
        json_t *tables = json_loadb(rows[i].tables.ptr, rows[i].tables.len, 0, NULL);
        const json_t *at = json_object_get(tables, "customer_xref");
        latest = rows[i].run;
        version = json_is_integer(at) ? json_integer_value(at) : -1;
        json_decref(tables);
    }
    return version;
}

/* Who the records of an id were before it was merged away become a group. */
static int group_as_before(struct parting *g, struct slice id, int64_t version, struct error *err)
{
    struct found f;
    const struct equals same = {"customer_id", id};
    TRY(lookup_version(g->project, "customer_xref", version, &same, 1, &f, err));
    g->n_groups++;
    int code = for_records(&f, g, put_in_group) < 0 ? error_memory(err) : 0;
    found_done(&f);
    return code;
}

static int count_groups(const struct parting *g)
{
    int n = 0;
    for (int k = 0; k <= g->n_groups; k++)
        for (uint32_t i = 0; i < g->names.n; i++)
            if (g->group[i] == k) {
                n++;
                break;
            }
    return n;
}

static int64_t run_of(const struct found *merges, size_t i)
{
    const struct row_ref *r = &merges->rows[i];
    int run = found_column(merges, "run");
    return run < 0 ? 0 : column_i64(&r->batch->columns[run], r->row);
}

/* Groups by what run `run` merged. */
static int group_by_run(struct parting *g, const struct found *merges, int64_t run,
                        const struct run_row *rows, int n_rows, struct error *err)
{
    int id = found_column(merges, "customer_id");
    int64_t version = xref_before(rows, n_rows, run);
    for (size_t i = 0; i < merges->n && version >= 0; i++)
        if (run_of(merges, i) == run)
            TRY(group_as_before(g, row_text(&merges->rows[i], id), version, err));
    return 0;
}

/* The last run that merged what is still together; `merges` are in order of their runs. */
static int group_by_merges(struct parting *g, const struct found *merges, struct error *err)
{
    struct run_row *rows;
    int n;
    TRY(run_rows(g->project, g->arena, &rows, &n, err));
    for (size_t i = merges->n; i-- > 0 && count_groups(g) < 2;)
        if (i + 1 == merges->n || run_of(merges, i) != run_of(merges, i + 1))
            TRY(group_by_run(g, merges, run_of(merges, i), rows, n, err));
    return 0;
}

static int group_by_history(struct parting *g, struct error *err)
{
    struct found f;
    const struct equals merged[] = {{"event", SLICE_LIT("merged")}, {"other_id", g->customer}};
    TRY(lookup(g->project, "identity_event", merged, 2, "run", &f, err));
    int code = group_by_merges(g, &f, err);
    found_done(&f);
    return code;
}

/* Decisions for all pairs of two groups. */
static int put_pairs(const struct parting *g, const struct steward_note *note, struct slice now,
                     struct buffer *cells)
{
    struct slice line[DECISION_COLUMNS];
    for (uint32_t i = 0; i < g->names.n; i++)
        for (uint32_t j = i + 1; j < g->names.n; j++) {
            if (g->group[i] == g->group[j])
                continue;
            put_decision(line, STEWARD_UNLINK, dict_get(&g->names, i), dict_get(&g->names, j), note,
                         now);
            if (cells->len / sizeof line >= PAIRS_MOST ||
                buffer_append(cells, line, sizeof line) < 0)
                return ERR_MEMORY;
        }
    return 0;
}

static int part(struct parting *g, const struct steward_note *note, struct steward_done *ret,
                struct error *err)
{
    char now[LEDGER_TIME];
    struct buffer cells = {0};
    ret->groups = count_groups(g);
    ret->records = (int)g->names.n;
    if (ret->groups < 2)
        return error_set(err, ERR_INPUT,
                         "nothing that was merged into customer '%.*s' is known: name the records "
                         "that are to go, as source:key",
                         (int)g->customer.len, g->customer.ptr);
    int code = put_pairs(g, note, ledger_now(now), &cells) < 0
                   ? error_set(err, ERR_MEMORY,
                               "the customer has too many records to be parted "
                               "pair by pair")
                   : 0;
    ret->lines = (int)(cells.len / (sizeof(struct slice) * DECISION_COLUMNS));
    if (code == 0 && !note->dry_run)
        code = ledger_append(&decisions_ledger, g->project->folder,
                             (const struct slice *)(const void *)cells.data, ret->lines, err);
    buffer_done(&cells);
    return code;
}

int steward_unmerge(const struct project *p, struct slice customer, const struct slice *apart,
                    int n, const struct steward_note *note, struct arena *arena,
                    struct steward_done *ret, struct error *err)
{
    struct parting g = {.project = p, .arena = arena, .customer = customer};
    *ret = (struct steward_done){0};
    if (dict_init(&g.names) < 0)
        return error_memory(err);
    int code = load_records(&g, err);
    if (code == 0)
        code = n ? name_apart(&g, apart, n, err) : group_by_history(&g, err);
    if (code == 0)
        code = part(&g, note, ret, err);
    dict_done(&g.names);
    return code;
}
