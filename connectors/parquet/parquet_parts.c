/* Which columns of a file a filter looks at, and which are left. */
#include <stdlib.h>

#include "connectors/parquet/parquet_group.h"
#include "schemas/expression.h"

/* Does the filter look at the column, as the file has it? */
static int looks_at(const struct expression *e, const struct field *f)
{
    for (int i = 0; i < e->n_columns; i++)
        if (slice_equal(e->columns[i], f->name))
            return 1;
    return 0;
}

/* Has the file all that the filter looks at, flat and of the types that it was bound to? */
static int answers(const struct parquet_file *file, const struct schema *schema,
                   const struct expression *e)
{
    int n = 0;
    if (!e || !e->schema || !e->n_columns)
        return 0;
    for (int i = 0; i < file->tree.n_fields; i++) {
        const struct parquet_node *node = &file->tree.fields[i];
        if (file->wanted[i] < 0 || !looks_at(e, node->out))
            continue;
        int bound = schema_find(e->schema, node->out->name);
        if (bound < 0 || node->kind != PARQUET_NODE_LEAF || node->max_rep ||
            !field_equal(&schema->fields[file->wanted[i]], &e->schema->fields[bound]))
            return 0;
        n++;
    }
    return n == e->n_columns;
}

/* The columns for which looks_at is `looked_at`, or all with a filter of NULL. */
static int make_part(struct parquet_part *part, const struct parquet_file *file,
                     const struct schema *schema, const struct expression *filter, int looked_at,
                     struct arena *a, struct error *err)
{
    int n = 0;
    struct field *fields = ARENA_ARRAY(a, struct field, (size_t)schema->n_fields + 1);
    part->field = ARENA_ARRAY(a, int, (size_t)schema->n_fields + 1);
    part->column = ARENA_ARRAY(a, int, (size_t)schema->n_fields + 1);
    if (!fields || !part->field || !part->column)
        return error_memory(err);
    for (int i = 0; i < file->tree.n_fields; i++) {
        int column = file->wanted[i];
        if (column < 0 || (filter && looks_at(filter, &schema->fields[column]) != looked_at))
            continue;
        part->field[n] = i;
        part->column[n] = column;
        fields[n++] = schema->fields[column];
    }
    part->schema = n ? schema_new(fields, n) : NULL;
    return n && !part->schema ? error_memory(err) : 0;
}

int parquet_parts_make(struct parquet_parts *p, const struct parquet_file *file,
                       struct schema *schema, const struct expression *where, struct arena *a,
                       struct error *err)
{
    *p = (struct parquet_parts){.schema = schema};
    if (answers(file, schema, where))
        p->filter = where;
    if (p->filter)
        TRY(make_part(&p->looked_at, file, schema, p->filter, 1, a, err));
    return make_part(&p->others, file, schema, p->filter, 0, a, err);
}

void parquet_parts_done(struct parquet_parts *p)
{
    schema_unref(p->looked_at.schema);
    schema_unref(p->others.schema);
    *p = (struct parquet_parts){0};
}
