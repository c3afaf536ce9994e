#include "transform/match/table.h"

#include <stdlib.h>

enum { ID_NAMES_MAX = 8 };

/* A column while it is filled: codes grow in a buffer. */
struct filling {
    struct match_column *column;
    struct buffer codes, offsets; /* uint32_t; offsets for lists */
    struct buffer text;
};

static int put_code(struct filling *f, struct slice value)
{
    value = slice_trim(value);
    if (value.len == 0)
        return 0;
    int64_t code = dict_add(&f->column->values, value);
    uint32_t c = (uint32_t)code;
    return code < 0 ? ERR_MEMORY : buffer_append(&f->codes, &c, sizeof c);
}

static int put_offset(struct filling *f)
{
    uint32_t at = (uint32_t)(f->codes.len / sizeof at);
    return buffer_append(&f->offsets, &at, sizeof at);
}

/* A flat value as text; nothing for a null. */
static int put_value(struct filling *f, const struct field *field, const struct column *c,
                     int64_t row)
{
    if (column_null(c, row))
        return 0;
    if (field->type == TYPE_UTF8 || field->type == TYPE_DICT)
        return put_code(f, column_text(field, c, row));
    buffer_reset(&f->text);
    TRY(value_text(field, c, row, &f->text));
    return put_code(f, buffer_view(&f->text));
}

/* Every row yields exactly one code in a flat column. */
static int put_flat(struct filling *f, const struct field *field, const struct column *c)
{
    for (int64_t row = 0; row < c->length; row++) {
        size_t before = f->codes.len;
        uint32_t missing = MATCH_MISSING;
        TRY(put_value(f, field, c, row));
        if (f->codes.len == before)
            TRY(buffer_append(&f->codes, &missing, sizeof missing));
    }
    return 0;
}

static int put_list(struct filling *f, const struct field *field, const struct column *c)
{
    for (int64_t row = 0; row < c->length; row++) {
        int32_t first, n = column_null(c, row) ? 0 : column_list(c, row, &first);
        TRY(put_offset(f));
        for (int32_t i = 0; i < n; i++)
            TRY(put_value(f, &field->children[0], &c->children[0], first + i));
    }
    return 0;
}

static int fill_take(struct filling *f)
{
    struct match_column *m = f->column;
    int code = buffer_reserve(&f->codes, sizeof(uint32_t));
    if (f->offsets.len || f->offsets.data) {
        if (code == 0)
            code = put_offset(f);
        m->offsets = buffer_take(&f->offsets);
    }
    m->codes = buffer_take(&f->codes);
    return code;
}

static void fill_done(struct filling *f)
{
    buffer_done(&f->codes);
    buffer_done(&f->offsets);
    buffer_done(&f->text);
}

static int fill_column(struct batch *const *batches, int n_batches, int field_at,
                       struct match_column *ret)
{
    struct filling f = {.column = ret};
    const struct field *field = &batches[0]->schema->fields[field_at];
    int code = dict_init(&ret->values);
    if (code == 0 && field->type == TYPE_LIST)
        code = buffer_reserve(&f.offsets, sizeof(uint32_t));
    for (int b = 0; b < n_batches && code == 0; b++) {
        const struct column *c = &batches[b]->columns[field_at];
        code = field->type == TYPE_LIST ? put_list(&f, field, c) : put_flat(&f, field, c);
    }
    if (code == 0)
        code = fill_take(&f);
    fill_done(&f);
    return code;
}

static int32_t id_rows(const struct column *c, int64_t row, int32_t *ret_first)
{
    return column_null(c, row) ? 0 : column_list(c, row, ret_first);
}

/* The names that occur, in order of their bytes by the caller's sort. */
static int id_names(struct batch *const *batches, int n_batches, int field_at, struct dict *names)
{
    for (int b = 0; b < n_batches; b++) {
        const struct column *c = &batches[b]->columns[field_at];
        for (int64_t row = 0; row < c->length; row++) {
            int32_t first, n = id_rows(c, row, &first);
            for (int32_t i = 0; i < n && names->n < ID_NAMES_MAX; i++)
                if (dict_add(names, column_slice(&c->children[0].children[0], first + i)) < 0)
                    return ERR_MEMORY;
        }
    }
    return 0;
}

static int fill_id(struct batch *const *batches, int n_batches, int field_at, struct slice name,
                   struct match_column *ret)
{
    struct filling f = {.column = ret};
    int code = dict_init(&ret->values);
    for (int b = 0; b < n_batches && code == 0; b++) {
        const struct column *c = &batches[b]->columns[field_at];
        for (int64_t row = 0; row < c->length && code == 0; row++) {
            int32_t first, n = id_rows(c, row, &first);
            const struct column *parts = c->children[0].children;
            code = put_offset(&f);
            for (int32_t i = 0; i < n && code == 0; i++)
                if (slice_equal(column_slice(&parts[0], first + i), name) &&
                    !column_null(&parts[1], first + i))
                    code = put_code(&f, column_slice(&parts[1], first + i));
        }
    }
    if (code == 0)
        code = buffer_reserve(&f.offsets, sizeof(uint32_t));
    if (code == 0)
        code = fill_take(&f);
    fill_done(&f);
    return code;
}

/* Column names that the table makes live in the first column's dictionary's arena. */
static struct slice id_column_name(struct match_column *c, struct slice name)
{
    char *text = arena_printf(&c->values.arena, "ids.%.*s", (int)name.len, name.ptr);
    return slice_str(text);
}

static int add_ids(struct batch *const *batches, int n_batches, int field_at, struct match_table *t)
{
    struct dict names;
    if (dict_init(&names) < 0)
        return ERR_MEMORY;
    int code = id_names(batches, n_batches, field_at, &names);
    for (uint32_t i = 0; i < names.n && code == 0; i++) {
        struct match_column *c = &t->columns[t->n_columns++];
        c->meaning = MEANING_ID;
        code = fill_id(batches, n_batches, field_at, dict_get(&names, i), c);
        c->name = code == 0 ? id_column_name(c, dict_get(&names, i)) : c->name;
    }
    dict_done(&names);
    return code;
}

static int64_t count_rows(struct batch *const *batches, int n_batches)
{
    int64_t n = 0;
    for (int b = 0; b < n_batches; b++)
        n += batches[b]->n_rows;
    return n;
}

static int add_column(struct batch *const *batches, int n_batches, int field_at,
                      enum meaning meaning, struct match_table *t)
{
    struct match_column *c = &t->columns[t->n_columns++];
    c->meaning = meaning;
    TRY(fill_column(batches, n_batches, field_at, c));
    struct slice name = arena_copy(&c->values.arena, batches[0]->schema->fields[field_at].name);
    c->name = name;
    return name.ptr || name.len == 0 ? 0 : ERR_MEMORY;
}

static int table_begin(struct batch *const *batches, int n_batches, int n_columns,
                       struct match_table *t, struct error *err)
{
    int64_t n = count_rows(batches, n_batches);
    *t = (struct match_table){0};
    if (n >= MATCH_MISSING)
        return error_set(err, ERR_DATA, "%lld records are more than can be matched at once",
                         (long long)n);
    t->n = (uint32_t)n;
    t->columns = calloc((size_t)n_columns + 1, sizeof *t->columns);
    return t->columns ? 0 : error_memory(err);
}

int match_table_from_columns(struct batch *const *batches, int n_batches,
                             const struct table_column *columns, int n_columns,
                             struct match_table *ret, struct error *err)
{
    struct match_table t;
    TRY(table_begin(batches, n_batches, n_columns, &t, err));
    for (int k = 0; k < n_columns && n_batches; k++)
        if (add_column(batches, n_batches, columns[k].field, columns[k].meaning, &t) < 0) {
            match_table_done(&t);
            return error_memory(err);
        }
    *ret = t;
    return 0;
}

static enum meaning meaning_of_field(struct slice name)
{
    static const struct {
        const char *name;
        enum meaning meaning;
    } fields[] = {
        {"given_name", MEANING_GIVEN_NAME},
        {"middle_name", MEANING_MIDDLE_NAME},
        {"family_name", MEANING_FAMILY_NAME},
        {"suffix", MEANING_SUFFIX},
        {"full_name", MEANING_FULL_NAME},
        {"organisation", MEANING_ORGANISATION},
        {"birth_date", MEANING_BIRTH_DATE},
        {"gender", MEANING_GENDER},
        {"email", MEANING_EMAIL},
        {"phone", MEANING_PHONE},
        {"line1", MEANING_STREET},
        {"line2", MEANING_ADDRESS_2},
        {"city", MEANING_CITY},
        {"region", MEANING_REGION},
        {"postcode", MEANING_POSTCODE},
        {"tax_id", MEANING_ID},
        {"loyalty_id", MEANING_ID},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (slice_equal(name, slice_str(fields[i].name)))
            return fields[i].meaning;
    return MEANING_UNKNOWN;
}

static int is_canonical_rest(struct slice name)
{
    static const char *const rest[] = {"key", "updated_at", "raw", "title", "formal_name"};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (slice_equal(name, slice_str(rest[i])))
            return 1;
    return 0;
}

/* Sources as small numbers. */
static int add_sources(struct batch *const *batches, int n_batches, int field_at,
                       struct match_table *t)
{
    struct match_column c = {0};
    int code = fill_column(batches, n_batches, field_at, &c);
    t->source = c.codes;
    dict_done(&c.values);
    free(c.offsets);
    return code;
}

static int add_fields(struct batch *const *batches, int n_batches, struct match_table *t)
{
    const struct schema *schema = batches[0]->schema;
    for (int k = 0; k < schema->n_fields; k++) {
        const struct field *f = &schema->fields[k];
        enum meaning meaning = meaning_of_field(f->name);
        if (slice_equal(f->name, SLICE_LIT("source")))
            TRY(add_sources(batches, n_batches, k, t));
        else if (slice_equal(f->name, SLICE_LIT("ids")) && f->type == TYPE_LIST &&
                 f->children[0].type == TYPE_STRUCT && f->children[0].n_children >= 2)
            TRY(add_ids(batches, n_batches, k, t));
        else if (meaning != MEANING_UNKNOWN ||
                 (!is_canonical_rest(f->name) && f->type == TYPE_UTF8))
            TRY(add_column(batches, n_batches, k, meaning, t));
    }
    return 0;
}

int match_table_from_records(struct batch *const *batches, int n_batches, struct slice region,
                             struct match_table *ret, struct error *err)
{
    struct match_table t;
    (void)region;
    int fields = n_batches ? batches[0]->schema->n_fields : 0;
    TRY(table_begin(batches, n_batches, fields + ID_NAMES_MAX, &t, err));
    if (n_batches && add_fields(batches, n_batches, &t) < 0) {
        match_table_done(&t);
        return error_memory(err);
    }
    *ret = t;
    return 0;
}

void match_table_done(struct match_table *t)
{
    for (int k = 0; k < t->n_columns; k++) {
        dict_done(&t->columns[k].values);
        free(t->columns[k].offsets);
        free(t->columns[k].codes);
    }
    free(t->columns);
    free(t->source);
    *t = (struct match_table){0};
}
