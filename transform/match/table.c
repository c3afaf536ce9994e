#include "transform/match/table.h"

#include <stdlib.h>

/* What each canonical field is to the engine. */
static const struct {
    const char *field;
    enum meaning meaning;
} taken[] = {
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
    {"country", MEANING_COUNTRY},
    {"tax_id", MEANING_ID},
    {"loyalty_id", MEANING_ID},
    {"ids", MEANING_ID},
};
enum { TAKEN = sizeof taken / sizeof *taken };

/* One column being coded. */
struct coding {
    struct match_column *column;
    struct buffer codes, offsets, text;
    int is_list;
    size_t filled;
};

static int put_code(struct coding *k, struct slice value)
{
    uint32_t code = MATCH_MISSING;
    if (value.len) {
        int64_t added = dict_add(&k->column->values, value);
        if (added < 0)
            return ERR_MEMORY;
        code = (uint32_t)added;
        k->filled++;
    }
    return buffer_append(&k->codes, &code, sizeof code);
}

/* A value as text; an identifier of `ids` as name=value, so that a passport is no driving licence.
 */
static int put_value(struct coding *k, const struct field *f, const struct column *c, int64_t row)
{
    buffer_reset(&k->text);
    if (f->type == TYPE_STRUCT && f->n_children == 2) {
        TRY(value_text(&f->children[0], &c->children[0], row, &k->text));
        TRY(buffer_putc(&k->text, '='));
        TRY(value_text(&f->children[1], &c->children[1], row, &k->text));
    } else {
        TRY(value_text(f, c, row, &k->text));
    }
    return put_code(k, slice_trim(buffer_view(&k->text)));
}

static int put_list(struct coding *k, const struct field *f, const struct column *c, int64_t row)
{
    int32_t first, n = column_list(c, row, &first);
    for (int32_t i = 0; i < n; i++)
        if (!column_null(&c->children[0], first + i))
            TRY(put_value(k, &f->children[0], &c->children[0], first + i));
    uint32_t end = (uint32_t)(k->codes.len / sizeof(uint32_t));
    return buffer_append(&k->offsets, &end, sizeof end);
}

/* A composed name says nothing that its parts do not: it counts where there are none. */
static int composed(const struct batch *b, int64_t row)
{
    static const struct slice parts[] = {SLICE_INIT("given_name"), SLICE_INIT("family_name")};
    for (int i = 0; i < 2; i++) {
        int at = schema_find(b->schema, parts[i]);
        if (at >= 0 && !column_null(&b->columns[at], row))
            return 1;
    }
    return 0;
}

static int code_batch(struct coding *k, const struct batch *b, int at, int is_full_name)
{
    const struct field *f = &b->schema->fields[at];
    const struct column *c = &b->columns[at];
    for (int64_t row = 0; row < b->n_rows; row++) {
        if (k->is_list)
            TRY(put_list(k, f, c, row));
        else if (is_full_name && composed(b, row))
            TRY(put_code(k, (struct slice){0}));
        else
            TRY(put_value(k, f, c, row));
    }
    return 0;
}

static int code_column(struct coding *k, struct batch *const *batches, int n_batches, int at,
                       int is_full_name)
{
    uint32_t zero = 0;
    TRY(dict_init(&k->column->values));
    if (k->is_list)
        TRY(buffer_append(&k->offsets, &zero, sizeof zero));
    for (int b = 0; b < n_batches; b++)
        TRY(code_batch(k, batches[b], at, is_full_name));
    return 0;
}

static void column_done(struct match_column *c)
{
    dict_done(&c->values);
    free(c->offsets);
    free(c->codes);
    *c = (struct match_column){0};
}

/* Adds a field's column when it is there and somewhere filled. */
static int take(struct match_table *t, struct batch *const *batches, int n_batches, int which)
{
    int at = schema_find(batches[0]->schema, slice_str(taken[which].field));
    if (at < 0)
        return 0;
    struct match_column *c = &t->columns[t->n_columns];
    const struct field *f = &batches[0]->schema->fields[at];
    struct coding k = {.column = c, .is_list = f->type == TYPE_LIST};
    *c = (struct match_column){.name = slice_str(taken[which].field),
                               .meaning = taken[which].meaning};
    int code = code_column(&k, batches, n_batches, at, taken[which].meaning == MEANING_FULL_NAME);
    c->codes = buffer_take(&k.codes);
    c->offsets = buffer_take(&k.offsets);
    buffer_done(&k.text);
    if (code < 0 || !k.filled)
        column_done(c);
    else
        t->n_columns++;
    return code;
}

int match_table_from_records(struct batch *const *batches, int n_batches, struct match_table *ret,
                             struct error *err)
{
    struct match_table t = {0};
    int64_t n = 0;
    for (int b = 0; b < n_batches; b++)
        n += batches[b]->n_rows;
    if (n >= MATCH_MISSING)
        return error_set(err, ERR_DATA, "more records than can be matched at once: %lld",
                         (long long)n);
    t.n = (uint32_t)n;
    t.columns = calloc(TAKEN, sizeof *t.columns);
    int code = t.columns ? 0 : ERR_MEMORY;
    for (int i = 0; i < TAKEN && code == 0 && n_batches; i++)
        code = take(&t, batches, n_batches, i);
    if (code < 0) {
        match_table_done(&t);
        return error_memory(err);
    }
    *ret = t;
    return 0;
}

void match_table_done(struct match_table *t)
{
    for (int i = 0; i < t->n_columns; i++)
        column_done(&t->columns[i]);
    free(t->columns);
    free(t->source);
    *t = (struct match_table){0};
}
