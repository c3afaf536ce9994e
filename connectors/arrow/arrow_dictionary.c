#include <stdlib.h>

#include "connectors/arrow/arrow_array.h"
#include "core/builder.h"

/* One column made by builders, into `arena`. */
static int finish(struct batch_builder *bb, struct arena *arena, struct column *ret,
                  struct error *err)
{
    struct batch *b;
    TRY(batch_builder_finish(bb, &b, err));
    struct column column = b->columns[0];
    arena_merge(arena, &b->arena);
    batch_free(b);
    *ret = column;
    return 0;
}

static int begin(struct batch_builder *bb, const struct field *f, struct error *err)
{
    struct schema *schema = schema_new(f, 1);
    if (!schema)
        return error_memory(err);
    int code = batch_builder_init(bb, schema, err);
    schema_unref(schema);
    if (code < 0)
        batch_builder_done(bb);
    return code;
}

static int copy_all(struct builder *b, const struct column *from, const int64_t *rows, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (rows && rows[i] < 0)
            TRY(builder_null(b));
        else
            TRY(builder_copy(b, from, rows ? rows[i] : i));
    return 0;
}

int arrow_gather(const struct field *f, const struct column *from, const int64_t *rows, int64_t n,
                 struct arena *arena, struct column *ret, struct error *err)
{
    struct batch_builder bb;
    TRY(begin(&bb, f, err));
    int code = copy_all(&bb.columns[0], from, rows, n) < 0 ? error_memory(err) : 0;
    if (code == 0)
        code = finish(&bb, arena, ret, err);
    batch_builder_done(&bb);
    return code;
}

static struct arrow_dictionary *find_or_add(struct arrow_dictionaries *all, int64_t id)
{
    for (int i = 0; i < all->n; i++)
        if (all->items[i].id == id)
            return &all->items[i];
    struct arrow_dictionary *grown = realloc(all->items, ((size_t)all->n + 1) * sizeof *all->items);
    if (!grown)
        return NULL;
    all->items = grown;
    struct arrow_dictionary *d = &grown[all->n++];
    *d = (struct arrow_dictionary){.id = id};
    return d;
}

static int append(struct arrow_dictionary *d, const struct column *more, struct arena *arena,
                  struct error *err)
{
    struct batch_builder bb;
    struct column both;
    TRY(begin(&bb, d->field, err));
    int code = 0;
    if (copy_all(&bb.columns[0], &d->values, NULL, d->values.length) < 0 ||
        copy_all(&bb.columns[0], more, NULL, more->length) < 0)
        code = error_memory(err);
    arena_reset(arena);
    if (code == 0)
        code = finish(&bb, arena, &both, err);
    batch_builder_done(&bb);
    if (code == 0)
        d->values = both;
    return code;
}

int arrow_dictionary_set(struct arrow_dictionaries *all, int64_t id, const struct arrow_array *a,
                         int is_delta, struct error *err)
{
    struct arrow_dictionary *d = find_or_add(all, id);
    if (!d)
        return error_memory(err);
    struct arena arena;
    struct column column;
    arena_init(&arena, 0);
    int code = arrow_column(a, 0, a->length, ARROW_COPY, &arena, &column, err);
    if (code == 0 && is_delta && d->field)
        code = append(d, &column, &arena, err);
    else if (code == 0)
        d->values = column;
    if (code < 0) {
        arena_done(&arena);
        return code;
    }
    d->field = a->field->out;
    arena_done(&d->arena);
    d->arena = arena;
    return 0;
}

void arrow_dictionaries_done(struct arrow_dictionaries *all)
{
    for (int i = 0; i < all->n; i++)
        arena_done(&all->items[i].arena);
    free(all->items);
    *all = (struct arrow_dictionaries){0};
}
