/* Explanations from the lake: its source records under the project's model. */
#include <stdio.h>
#include <stdlib.h>

#include "pipelines/explain/account.h"
#include "pipelines/explain/splink.h"
#include "pipelines/lookup.h"
#include "pipelines/steps.h"
#include "transform/match/table.h"

int explanation_init(struct explanation *x, enum explain_format format)
{
    *x = (struct explanation){.json = format == EXPLAIN_JSON ? json_object() : NULL};
    return format == EXPLAIN_JSON && !x->json ? ERR_MEMORY : 0;
}

int explanation_finish(struct explanation *x)
{
    if (!x->json)
        return 0;
    char *text = json_dumps(x->json, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    int code = text ? buffer_string(&x->text, text) : ERR_MEMORY;
    free(text);
    return code < 0 ? code : buffer_putc(&x->text, '\n');
}

void explanation_done(struct explanation *x)
{
    buffer_done(&x->text);
    json_decref(x->json);
    x->json = NULL;
}

/* Records of the lake with what explains them. */
struct lake_records {
    struct match_table table;
    struct match_model *model;
    struct explainer *explainer;
};

static int lake_model(const struct project *p, struct match_model **ret, struct error *err)
{
    struct steps steps = {.project = p};
    char *path = step_model_path(&steps);
    int code = path ? match_model_read(path, ret, err) : error_memory(err);
    free(path);
    return code;
}

static int lake_records_open(struct lake_records *l, const struct project *p,
                             struct batch *const *batches, int n_batches, struct error *err)
{
    *l = (struct lake_records){0};
    int code = lake_model(p, &l->model, err);
    if (code == 0)
        code = match_table_from_records(batches, n_batches, p->region, &l->table, err);
    if (code == 0)
        code = explainer_new(&l->table, l->model, &p->match, &l->explainer, err);
    return code;
}

static void lake_records_done(struct lake_records *l)
{
    explainer_free(l->explainer);
    match_table_done(&l->table);
    match_model_free(l->model);
}

static int find_record(const struct project *p, struct slice name, struct found *ret,
                       struct error *err)
{
    struct slice source, key;
    if (!record_name(name, &source, &key))
        return error_set(err, ERR_USAGE, "a record is named source:key, not '%.*s'", (int)name.len,
                         name.ptr);
    const struct equals conditions[] = {{"source", source}, {"key", key}};
    TRY(lookup(p, "source_record", conditions, 2, NULL, ret, err));
    if (ret->n)
        return 0;
    found_done(ret);
    return error_set(err, ERR_INPUT, "the lake has no record '%.*s'", (int)name.len, name.ptr);
}

/* Whether the lake has them as one customer: it may, by way of others, where the pair says no. */
static int say_customers(const struct found *a, const struct found *b, double weight,
                         struct explanation *out)
{
    int x = found_column(a, "customer_id"), y = found_column(b, "customer_id");
    struct slice first = x < 0 ? SLICE_LIT("") : row_text(&a->rows[0], x);
    struct slice second = y < 0 ? SLICE_LIT("") : row_text(&b->rows[0], y);
    int one = slice_equal(first, second);
    if (x < 0 || y < 0)
        return 0;
    if (out->json) {
        json_t *list = json_pack("[s%, s%]", first.ptr, first.len, second.ptr, second.len);
        return json_object_set_new(out->json, "customers", list) < 0 ? ERR_MEMORY : 0;
    }
    if (one)
        return buffer_printf(&out->text,
                             weight > 0 ? "the lake has them as one customer, %.*s\n"
                                        : "the lake has them as one customer by way of other "
                                          "records: 'sluice explain %.*s'\n",
                             (int)first.len, first.ptr);
    return buffer_printf(&out->text, "the lake has them as two customers, %.*s and %.*s\n",
                         (int)first.len, first.ptr, (int)second.len, second.ptr);
}

static int put_account(const struct pair_account *a, struct slice first, struct slice second,
                       struct explanation *out)
{
    if (!out->json)
        return account_text(a, first, second, &out->text);
    json_t *account = account_json(a, first, second);
    int code = account ? json_object_update(out->json, account) : ERR_MEMORY;
    json_decref(account);
    return code;
}

static int explain_two(const struct project *p, struct found *const found[2],
                       const struct slice name[2], struct explanation *out, struct error *err)
{
    struct batch *const batches[] = {found[0]->batches[0], found[1]->batches[0]};
    struct lake_records l;
    struct pair_account account;
    int code = lake_records_open(&l, p, batches, 2, err);
    if (code == 0)
        code = explainer_pair(l.explainer, 0, (uint32_t)batches[0]->n_rows, &account, err);
    if (code == 0 && (put_account(&account, name[0], name[1], out) < 0 ||
                      say_customers(found[0], found[1], account.weight, out) < 0))
        code = error_memory(err);
    lake_records_done(&l);
    return code;
}

int explain_pair(const struct project *p, struct slice a, struct slice b, struct explanation *out,
                 struct error *err)
{
    struct found first, second;
    struct found *const found[2] = {&first, &second};
    const struct slice names[2] = {a, b};
    struct match_model *model;
    if (slice_equal(a, b))
        return error_set(err, ERR_USAGE, "'%.*s' is one record: give two different ones",
                         (int)a.len, a.ptr);
    TRY(find_record(p, a, &first, err));
    int code = find_record(p, b, &second, err);
    if (code == 0) {
        code = lake_model(p, &model, err);
        if (code == 0) {
            code = model->splink ? explain_splink_lake(p, model, names, out, err)
                                 : explain_two(p, found, names, out, err);
            match_model_free(model);
        }
        found_done(&second);
    }
    found_done(&first);
    return code;
}

/* Names of the records found, in order, in the arena. */
static int name_records(const struct found *f, struct arena *a, struct slice **ret_names,
                        uint32_t **ret_records)
{
    int source = found_column(f, "source"), key = found_column(f, "key");
    *ret_names = ARENA_ARRAY(a, struct slice, f->n + 1);
    *ret_records = ARENA_ARRAY(a, uint32_t, f->n + 1);
    if (!*ret_names || !*ret_records)
        return ERR_MEMORY;
    for (size_t i = 0; i < f->n; i++) {
        struct slice s = source < 0 ? SLICE_LIT("") : row_text(&f->rows[i], source);
        struct slice k = key < 0 ? SLICE_LIT("") : row_text(&f->rows[i], key);
        char *name = arena_printf(a, "%.*s:%.*s", (int)s.len, s.ptr, (int)k.len, k.ptr);
        if (!name)
            return ERR_MEMORY;
        (*ret_names)[i] = slice_str(name);
        (*ret_records)[i] = (uint32_t)i;
    }
    return 0;
}

static int links_of_found(const struct project *p, const struct found *f, struct explanation *out,
                          struct error *err)
{
    struct arena names;
    struct lake_records l = {0};
    struct slice *list = NULL;
    uint32_t *records = NULL;
    arena_init(&names, 0);
    int code = name_records(f, &names, &list, &records) < 0 ? error_memory(err) : 0;
    if (code == 0)
        code = lake_records_open(&l, p, f->batches, f->n_batches, err);
    const struct link_records r = {l.explainer, records, list, (uint32_t)f->n};
    if (code == 0)
        code = explain_links(&r, out, err);
    lake_records_done(&l);
    arena_done(&names);
    return code;
}

int explain_customer(const struct project *p, struct slice customer, const char *field,
                     struct explanation *out, struct error *err)
{
    struct found f;
    const struct equals condition = {"customer_id", customer};
    TRY(explain_golden(p, customer, field, out, err));
    if (out->json &&
        json_object_set_new(out->json, "customer_id", json_stringn(customer.ptr, customer.len)) < 0)
        return error_memory(err);
    if (field)
        return 0;
    TRY(lookup(p, "source_record", &condition, 1, NULL, &f, err));
    int code = links_of_found(p, &f, out, err);
    found_done(&f);
    return code;
}
