/* What a table will look like: the columns it has, those that come, and the partition. */
#include <stdlib.h>

#include "connectors/delta/actions.h"
#include "connectors/delta/row_key.h"
#include "connectors/delta/spark_schema.h"
#include "connectors/delta/table_sink.h"

struct planning {
    struct table_sink *t;
    const struct schema *input;
    const struct schema *base; /* the table's columns that stay, or NULL */
    struct partition_part *parts;
    int n_parts;
    struct field *fields; /* of the plan's schema, so far */
    struct conform_column *columns;
    int n_fields;
    int n_computed;
    struct error *err;
};

static struct arena *arena_of(struct planning *p)
{
    return &p->t->arena;
}

static int parts_of_table(struct planning *p)
{
    const struct log_state *log = p->t->log;
    p->parts = ARENA_ARRAY(arena_of(p), struct partition_part, (size_t)log->n_partition + 1);
    if (!p->parts)
        return error_memory(p->err);
    for (int i = 0; i < log->n_partition; i++)
        p->parts[i] = (struct partition_part){.from = log->partition[i], .name = log->partition[i]};
    p->n_parts = log->n_partition;
    return 0;
}

static const char *joined(struct arena *a, const struct slice *list, int n)
{
    const char *text = "";
    for (int i = 0; i < n && text; i++)
        text = arena_printf(a, "%s%s%.*s", text, i ? "," : "", (int)list[i].len, list[i].ptr);
    return text && *text ? text : "nothing";
}

static int check_same_partition(const struct table_sink *t, struct arena *a, struct error *err)
{
    const struct log_state *log = t->log;
    int same = log->n_partition == t->plan.n_partition;
    for (int i = 0; same && i < log->n_partition; i++)
        same = slice_equal(log->partition[i], t->plan.partition[i]);
    if (same)
        return 0;
    return error_set(err, ERR_DATA, "the table '%s' is partitioned by %s, not by %s", t->folder,
                     joined(a, log->partition, log->n_partition),
                     joined(a, t->plan.partition, t->plan.n_partition));
}

static int plan_parts(struct planning *p)
{
    struct table_plan *plan = &p->t->plan;
    TRY(partition_parse(p->t->rules->partition, arena_of(p), &p->parts, &p->n_parts, p->err));
    if (p->n_parts == 0 && p->base && is_delta(p->t))
        TRY(parts_of_table(p));
    plan->n_partition = p->n_parts;
    plan->partition = ARENA_ARRAY(arena_of(p), struct slice, (size_t)p->n_parts + 1);
    plan->partition_columns = ARENA_ARRAY(arena_of(p), int, (size_t)p->n_parts + 1);
    if (!plan->partition || !plan->partition_columns)
        return error_memory(p->err);
    for (int i = 0; i < p->n_parts; i++)
        plan->partition[i] = p->parts[i].name;
    return p->base ? check_same_partition(p->t, arena_of(p), p->err) : 0;
}

static const struct partition_part *part_named(const struct planning *p, struct slice name)
{
    for (int i = 0; i < p->n_parts; i++)
        if (slice_equal(p->parts[i].name, name))
            return &p->parts[i];
    return NULL;
}

/* The type that a table gives a column: dictionaries are strings. */
static int plain_field(struct planning *p, const struct field *from, struct field *ret)
{
    *ret = *from;
    if (from->type == TYPE_DICT)
        *ret = (struct field){.name = from->name, .type = TYPE_UTF8};
    if (!ret->n_children)
        return 0;
    struct field *children = ARENA_ARRAY(arena_of(p), struct field, (size_t)ret->n_children);
    if (!children)
        return error_memory(p->err);
    for (int i = 0; i < ret->n_children; i++)
        TRY(plain_field(p, &from->children[i], &children[i]));
    if (ret->type == TYPE_LIST)
        children[0].name = SLICE_LIT("item"); /* as it comes back: the log has no name for it */
    ret->children = children;
    return 0;
}

static int field_at(const struct planning *p, struct slice name)
{
    for (int i = 0; i < p->n_fields; i++)
        if (slice_equal(p->fields[i].name, name))
            return i;
    return -1;
}

/* A column of the table or the input. What fills it comes later. */
static int add_field(struct planning *p, const struct field *f)
{
    int at = field_at(p, f->name);
    if (at < 0) {
        p->columns[p->n_fields] = (struct conform_column){.how = CONFORM_VALUE};
        return plain_field(p, f, &p->fields[p->n_fields++]);
    }
    if (conform_converts(f, &p->fields[at]))
        return 0;
    return error_set(p->err, ERR_DATA, "column '%s' is %s, and %s in the table '%s'", f->name.ptr,
                     type_name(f, arena_of(p)), type_name(&p->fields[at], arena_of(p)),
                     p->t->folder);
}

static int add_fields(struct planning *p)
{
    size_t most = (size_t)(p->input->n_fields + p->n_parts + (p->base ? p->base->n_fields : 0));
    p->fields = ARENA_ARRAY(arena_of(p), struct field, most + 1);
    p->columns = ARENA_ARRAY(arena_of(p), struct conform_column, most + 1);
    if (!p->fields || !p->columns)
        return error_memory(p->err);
    for (int i = 0; p->base && i < p->base->n_fields; i++)
        TRY(add_field(p, &p->base->fields[i]));
    for (int i = 0; i < p->input->n_fields; i++)
        TRY(add_field(p, &p->input->fields[i]));
    for (int i = 0; i < p->n_parts; i++) {
        struct field computed = {.name = p->parts[i].name, .type = TYPE_UTF8};
        if (p->parts[i].kind != PARTITION_COLUMN)
            TRY(add_field(p, &computed));
    }
    return 0;
}

static void fill_from(struct planning *p, int at, int from)
{
    const struct partition_part *part = part_named(p, p->fields[at].name);
    int same = field_equal(&p->input->fields[from], &p->fields[at]);
    p->columns[at] =
        (struct conform_column){.how = same ? CONFORM_KEEP : CONFORM_CONVERT, .from = from};
    if (part && p->fields[at].type == TYPE_UTF8)
        p->columns[at].how = CONFORM_NO_EMPTY;
}

/* Also when the input has the column itself, which is compared then (table_plan_check). */
static int fill_computed(struct planning *p, int at, const struct partition_part *part)
{
    int from = schema_find(p->input, part->from);
    int own = schema_find(p->input, part->name);
    if (from < 0 && own >= 0)
        return 0;
    if (from < 0)
        return error_set(p->err, ERR_DATA,
                         "the table '%s' is partitioned by '%s', made of the column '%s', which "
                         "the input does not have",
                         p->t->folder, part->name.ptr, part->from.ptr);
    TRY(partition_check(part, &p->input->fields[from], p->err));
    p->columns[at] =
        (struct conform_column){.how = CONFORM_COMPUTE, .from = from, .part = part->kind};
    if (own >= 0)
        p->t->computed[p->n_computed++] =
            (struct computed){.kind = part->kind, .from = from, .column = own};
    return 0;
}

static int fill_parts(struct planning *p)
{
    p->t->computed = ARENA_ARRAY(arena_of(p), struct computed, (size_t)p->n_parts + 1);
    if (!p->t->computed)
        return error_memory(p->err);
    for (int i = 0; i < p->n_parts; i++) {
        const struct partition_part *part = &p->parts[i];
        int at = field_at(p, part->name);
        int from = schema_find(p->input, part->name);
        p->t->plan.partition_columns[i] = at;
        if (part->kind != PARTITION_COLUMN)
            TRY(fill_computed(p, at, part));
        else if (at < 0 || from < 0)
            return error_set(p->err, ERR_DATA,
                             "the table '%s' is partitioned by '%s', which the input does not "
                             "have: name what it is made of, such as --partition 'month(at)'",
                             p->t->folder, part->name.ptr);
        else
            TRY(partition_check(part, &p->fields[at], p->err));
    }
    return 0;
}

static int fill_fields(struct planning *p)
{
    for (int i = 0; i < p->n_fields; i++) {
        int from = schema_find(p->input, p->fields[i].name);
        if (from >= 0)
            fill_from(p, i, from);
    }
    return fill_parts(p);
}

static int find_columns(struct planning *p, const char *what, const struct slice *names, int n,
                        int *to)
{
    for (int i = 0; i < n; i++) {
        to[i] = field_at(p, names[i]);
        if (to[i] < 0)
            return error_set(p->err, ERR_DATA, "no column '%.*s', by which the table '%s' is %s",
                             (int)names[i].len, names[i].ptr, p->t->folder, what);
        if (!row_key_sortable(&p->fields[to[i]]))
            return error_set(p->err, ERR_DATA, "the table '%s' cannot be %s by the list '%s'",
                             p->t->folder, what, p->fields[to[i]].name.ptr);
    }
    return 0;
}

static int plan_order(struct planning *p)
{
    struct table_plan *plan = &p->t->plan;
    const struct table_rules *rules = p->t->rules;
    plan->n_key = rules->mode == TABLE_MERGE ? rules->n_key : 0;
    plan->n_order = plan->n_partition + rules->n_sort;
    plan->order = ARENA_ARRAY(arena_of(p), int, (size_t)plan->n_order + 1);
    plan->key = ARENA_ARRAY(arena_of(p), int, (size_t)plan->n_key + 1);
    if (!plan->order || !plan->key)
        return error_memory(p->err);
    for (int i = 0; i < plan->n_partition; i++)
        plan->order[i] = plan->partition_columns[i];
    TRY(find_columns(p, "sorted", rules->sort, rules->n_sort, plan->order + plan->n_partition));
    return find_columns(p, "merged", rules->key, plan->n_key, plan->key);
}

static int check_mode(const struct table_sink *t, struct error *err)
{
    const struct table_rules *rules = t->rules;
    if (rules->mode == TABLE_MERGE && rules->n_key == 0)
        return error_set(err, ERR_CONFIG, "mode 'merge' needs a key, the columns that name a row");
    if (rules->mode == TABLE_OVERWRITE_PARTITIONS && t->plan.n_partition == 0)
        return error_set(err, ERR_CONFIG,
                         "mode 'overwrite-partitions' needs a table with partitions: '%s' has none",
                         t->folder);
    return 0;
}

int table_plan_make(struct table_sink *t, const struct schema *input, struct error *err)
{
    int stays = is_delta(t) && t->log->version >= 0 && t->rules->mode != TABLE_OVERWRITE;
    struct planning p = {.t = t, .input = input, .base = stays ? t->log->schema : NULL, .err = err};
    TRY(plan_parts(&p));
    TRY(check_mode(t, err));
    TRY(add_fields(&p));
    TRY(fill_fields(&p));
    TRY(plan_order(&p));
    t->plan.schema = schema_new(p.fields, p.n_fields);
    if (!t->plan.schema)
        return error_memory(err);
    if (is_delta(t))
        TRY(spark_schema_check_names(t->plan.schema, err));
    return conformer_new(input, t->plan.schema, p.columns, &t->conformer, err);
}

static int check_computed(const struct batch *b, const struct computed *k, struct error *err)
{
    struct buffer text = {0}, own = {0};
    const struct field *f = &b->schema->fields[k->from], *g = &b->schema->fields[k->column];
    const struct column *c = &b->columns[k->from], *d = &b->columns[k->column];
    int code = 0;
    for (int64_t row = 0; row < b->n_rows && code == 0; row++) {
        buffer_reset(&text);
        buffer_reset(&own);
        if (!column_null(c, row))
            code = partition_compute(k->kind, f, c, row, &text);
        if (code == 0)
            code = value_text(g, d, row, &own);
        if (code == 0 && !slice_equal(buffer_view(&text), buffer_view(&own)))
            code = error_set(err, ERR_DATA,
                             "column '%s' is '%.*s', and '%.*s' when it is made of '%s': rename or "
                             "leave out the column",
                             g->name.ptr, (int)own.len, (const char *)own.data, (int)text.len,
                             (const char *)text.data, f->name.ptr);
    }
    buffer_done(&text);
    buffer_done(&own);
    return code == ERR_MEMORY ? error_memory(err) : code;
}

int table_plan_check(const struct table_sink *t, const struct batch *b, struct error *err)
{
    for (const struct computed *k = t->computed; k->kind != PARTITION_COLUMN; k++)
        TRY(check_computed(b, k, err));
    return 0;
}

int table_plan_required(const struct table_sink *t, const struct batch *b, struct error *err)
{
    const struct log_state *log = t->log;
    for (int i = 0; log && log->schema && i < log->schema->n_fields; i++) {
        int at = log->required[i] ? schema_find(b->schema, log->schema->fields[i].name) : -1;
        if (at >= 0 && b->columns[at].null_count)
            return error_set(err, ERR_DATA, "column '%s' of the table '%s' takes no nulls",
                             b->schema->fields[at].name.ptr, t->folder);
    }
    return 0;
}

static int new_metadata(const struct table_sink *t, int64_t now, struct buffer *out,
                        struct error *err)
{
    char id[37], *text;
    TRY(spark_schema_text(t->plan.schema, &text, err));
    action_table_id(t->folder, text, id);
    int code = action_protocol(out);
    if (code == 0)
        code = action_metadata(id, text, t->plan.partition, t->plan.n_partition, now, out);
    free(text);
    return code < 0 ? error_memory(err) : 0;
}

static int changed_metadata(const struct table_sink *t, char *text, struct buffer *out,
                            struct error *err)
{
    int code = action_metadata_changed(t->log->metadata, text, t->plan.partition,
                                       t->plan.n_partition, out);
    free(text);
    return code < 0 ? error_memory(err) : 0;
}

static int replaced_metadata(const struct table_sink *t, struct buffer *out, struct error *err)
{
    struct error other;
    struct arena a = {0};
    char *text;
    int same =
        schema_equal(t->log->schema, t->plan.schema) && check_same_partition(t, &a, &other) == 0;
    arena_done(&a);
    if (same)
        return 0;
    TRY(spark_schema_text(t->plan.schema, &text, err));
    return changed_metadata(t, text, out, err);
}

/* The columns that the table does not have yet go behind its own. */
static int extended_metadata(const struct table_sink *t, struct buffer *out, struct error *err)
{
    const struct schema *has = t->log->schema, *plan = t->plan.schema;
    struct field *fresh = calloc((size_t)plan->n_fields + 1, sizeof *fresh);
    char *text = NULL;
    int n = 0, code = fresh ? 0 : error_memory(err);
    for (int i = 0; i < plan->n_fields && code == 0; i++) {
        int at = schema_find(has, plan->fields[i].name);
        if (at < 0)
            fresh[n++] = plan->fields[i];
        else if (!field_equal(&has->fields[at], &plan->fields[i]))
            code = error_set(err, ERR_DATA, "column '%s' of the table '%s' has changed its type",
                             plan->fields[i].name.ptr, t->folder);
    }
    if (code == 0 && n)
        code = spark_schema_extend(t->log->schema_text, fresh, n, &text, err);
    free(fresh);
    return code == 0 && n ? changed_metadata(t, text, out, err) : code;
}

int table_plan_metadata(const struct table_sink *t, int64_t now, struct buffer *out,
                        struct error *err)
{
    struct arena a = {0};
    if (t->log->version < 0)
        return new_metadata(t, now, out, err);
    if (t->rules->mode == TABLE_OVERWRITE)
        return replaced_metadata(t, out, err);
    int code = check_same_partition(t, &a, err);
    arena_done(&a);
    return code < 0 ? code : extended_metadata(t, out, err);
}
