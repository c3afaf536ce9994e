/* `tables:`, and the tables that are built in. */
#include <stdio.h>

#include "schemas/project_build.h"

static const char *const mode_names[] = {"overwrite", "append", "merge", "overwrite-partitions"};

#define NAME(s)                                                                                    \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }
#define TABLE(table, how) .name = NAME(table), .format = NAME("delta"), .mode = (how)

static struct slice customer_sort[] = {NAME("customer_id")};
static struct slice record_sort[] = {NAME("source"), NAME("key")};
static struct slice lineage_sort[] = {NAME("customer_id"), NAME("field")};
static struct slice event_key[] = {NAME("source"), NAME("id")};
static struct slice event_sort[] = {NAME("customer_id"), NAME("at"), NAME("id")};

/* Rejects are not parted: a bad row has no time of its own. */
static const struct table_rules built_in[] = {
    {TABLE("customer", TABLE_OVERWRITE), .sort = customer_sort, .n_sort = 1},
    {TABLE("customer_xref", TABLE_OVERWRITE), .partition = NAME("source"), .sort = record_sort,
     .n_sort = 2},
    {TABLE("source_record", TABLE_OVERWRITE), .partition = NAME("source"), .sort = record_sort,
     .n_sort = 2},
    {TABLE("customer_lineage", TABLE_OVERWRITE), .sort = lineage_sort, .n_sort = 2},
    {TABLE("event", TABLE_MERGE), .key = event_key, .n_key = 2,
     .partition = NAME("source,month(at)"), .sort = event_sort, .n_sort = 3},
    {TABLE("customer_history", TABLE_APPEND)},
    {TABLE("customer_redirect", TABLE_APPEND)},
    {TABLE("identity_event", TABLE_APPEND), .partition = NAME("date(at)")},
    {TABLE("customer_metrics", TABLE_APPEND), .partition = NAME("date")},
    {TABLE("sales_cube", TABLE_APPEND), .partition = NAME("month")},
    {TABLE("profitability", TABLE_APPEND), .partition = NAME("month")},
    {TABLE("segment_member", TABLE_APPEND), .partition = NAME("segment")},
    {TABLE("review_pair", TABLE_APPEND), .partition = NAME("date")},
    {TABLE("consent", TABLE_APPEND)},
    {TABLE("reject", TABLE_APPEND), .partition = NAME("date(at)")},
    {TABLE("run", TABLE_APPEND), .partition = NAME("date(started)")},
};

enum { N_BUILT_IN = sizeof built_in / sizeof *built_in };

static const struct table_rules *built_in_rules(struct slice table)
{
    for (int i = 0; i < N_BUILT_IN; i++)
        if (slice_equal(built_in[i].name, table))
            return &built_in[i];
    return NULL;
}

static size_t skip_word(struct slice s, size_t at)
{
    while (at < s.len &&
           ((s.ptr[at] >= 'a' && s.ptr[at] <= 'z') || (s.ptr[at] >= 'A' && s.ptr[at] <= 'Z') ||
            (s.ptr[at] >= '0' && s.ptr[at] <= '9') || s.ptr[at] == '_'))
        at++;
    return at;
}

/* A column, or year, month or date of one. */
static int is_partition_part(struct slice part)
{
    size_t end = skip_word(part, 0);
    struct slice word = slice_of(part.ptr, end);

    if (!end || end == part.len)
        return end > 0;
    if (!slice_equal(word, SLICE_LIT("year")) && !slice_equal(word, SLICE_LIT("month")) &&
        !slice_equal(word, SLICE_LIT("date")))
        return 0;
    return part.ptr[end] == '(' && skip_word(part, end + 1) > end + 1 &&
           skip_word(part, end + 1) + 1 == part.len && part.ptr[part.len - 1] == ')';
}

static void check_partition(struct project_builder *b, const struct yaml_node *node)
{
    struct slice rest = node_text(node), part;

    while (rest.len && slice_cut(&rest, ',', &part))
        if (!is_partition_part(slice_trim(part))) {
            finding_add(b->out, node->at,
                        "'partition' is columns, and year, month or date of one, as in "
                        "\"source,month(at)\", not '%.*s'",
                        FINDING_SLICE(node_text(node)));
            return;
        }
}

static void read_mode(struct project_builder *b, const struct yaml_pair *pair, int is_known,
                      struct table_rules *ret)
{
    const struct yaml_node *mode = yaml_get(&pair->value, "mode");

    for (size_t i = 0; i < sizeof mode_names / sizeof *mode_names; i++)
        if (slice_equal(node_text(mode), slice_str(mode_names[i])))
            ret->mode = (enum table_mode)i;
    if (!is_known && !mode)
        finding_add(b->out, pair->key_at, "'%.*s' is no table of sluice's own, so it needs 'mode'",
                    FINDING_SLICE(pair->key));
}

static int read_columns(struct project_builder *b, const struct yaml_node *node, struct slice **to,
                        int *n)
{
    return node ? node_texts(b, node, to, n, NULL) : 0;
}

static int read_table(struct project_builder *b, const struct yaml_pair *pair,
                      struct table_rules *ret)
{
    const struct table_rules *own = built_in_rules(pair->key);
    const struct yaml_node *node = &pair->value;

    *ret = own ? *own : (struct table_rules){TABLE("", TABLE_APPEND)};
    ret->name = pair->key;
    ret->at = pair->key_at;
    if (node_text(yaml_get(node, "format")).ptr)
        ret->format = node_text(yaml_get(node, "format"));
    read_mode(b, pair, own != NULL, ret);
    TRY(read_columns(b, yaml_get(node, "key"), &ret->key, &ret->n_key));
    TRY(read_columns(b, yaml_get(node, "sort"), &ret->sort, &ret->n_sort));
    if (yaml_get(node, "partition"))
        ret->partition = node_text(yaml_get(node, "partition"));
    check_partition(b, yaml_get(node, "partition"));
    if (ret->mode == TABLE_MERGE && !ret->n_key)
        finding_add(b->out, pair->key_at, "mode 'merge' needs 'key', the columns that name a row");
    if (ret->mode == TABLE_OVERWRITE_PARTITIONS &&
        (!ret->partition.len || !slice_equal(ret->format, SLICE_LIT("delta"))))
        finding_add(b->out, pair->key_at,
                    "mode 'overwrite-partitions' needs 'partition' and format 'delta'");
    return 0;
}

int build_tables(struct project_builder *b, const struct yaml_node *tables)
{
    struct project *p = b->project;
    int n = tables && tables->kind == YAML_MAP ? tables->n : 0;

    p->tables = ARENA_ARRAY(b->arena, struct table_rules, (size_t)n + 1);
    if (!p->tables)
        return error_memory(b->err);
    for (int i = 0; i < n; i++)
        TRY(read_table(b, &tables->pairs[i], &p->tables[i]));
    p->n_tables = n;
    return 0;
}

const struct table_rules *table_rules_for(const struct project *p, struct slice table)
{
    for (int i = 0; p && i < p->n_tables; i++)
        if (slice_equal(p->tables[i].name, table))
            return &p->tables[i];
    return built_in_rules(table);
}
