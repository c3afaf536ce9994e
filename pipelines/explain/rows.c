/* Explanations from a file of rows: they are matched again as dedupe matches them, and what the
 * engine found is explained before it goes. */
#include <stdlib.h>

#include "pipelines/explain/account.h"
#include "pipelines/explain/splink.h"

struct row_question {
    struct slice first, second;
    struct explanation *out;
    struct dict customers; /* of the rows' own column */
    struct buffer codes;   /* u32 per row */
    int has_customers;
};

static int take_customers(struct row_question *q, struct batch *const *batches, int n_batches,
                          int column)
{
    struct buffer text = {0};
    int code = dict_init(&q->customers);
    q->has_customers = 1;
    for (int b = 0; b < n_batches && code == 0; b++)
        for (int64_t row = 0; row < batches[b]->n_rows && code == 0; row++) {
            buffer_reset(&text);
            code = value_text(&batches[b]->schema->fields[column], &batches[b]->columns[column],
                              row, &text);
            int64_t at = code == 0 ? dict_add(&q->customers, buffer_view(&text)) : ERR_MEMORY;
            uint32_t number = (uint32_t)at;
            code = at < 0 ? ERR_MEMORY : buffer_append(&q->codes, &number, sizeof number);
        }
    buffer_done(&text);
    return code;
}

/* Takes `from` over: its columns but for those that dedupe adds. */
static int keep_inputs(struct stream *from, struct stream **ret, struct error *err)
{
    const struct schema *schema = from->schema;
    struct slice *keep = calloc((size_t)schema->n_fields + 1, sizeof *keep);
    int n = 0;
    if (!keep) {
        stream_close(from);
        return error_memory(err);
    }
    for (int i = 0; i < schema->n_fields; i++)
        if (!slice_equal(schema->fields[i].name, SLICE_LIT("customer_id")) &&
            !slice_equal(schema->fields[i].name, SLICE_LIT("match_probability")))
            keep[n++] = schema->fields[i].name;
    int code = stream_columns(from, keep, n, ret, err);
    free(keep);
    return code;
}

/* The rows without the columns that dedupe adds, the customers of a result kept aside. */
static int without_results(struct row_question *q, struct stream *rows, struct stream **ret,
                           struct error *err)
{
    struct batch **batches;
    struct stream *all;
    int n_batches, column = schema_find(rows->schema, SLICE_LIT("customer_id"));
    TRY(stream_collect(rows, &batches, &n_batches, err));
    if (column >= 0 && take_customers(q, batches, n_batches, column) < 0) {
        batches_free(batches, n_batches);
        return error_memory(err);
    }
    int code = stream_of_batches(rows->schema, batches, n_batches, &all, err);
    free(batches);
    return code < 0 ? code : keep_inputs(all, ret, err);
}

static int find_two_rows(const struct row_question *q, const struct matched *m, uint32_t at[2],
                         struct error *err)
{
    const struct slice wanted[2] = {q->first, q->second};
    at[0] = at[1] = UINT32_MAX;
    for (int k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < m->table->n && at[k] == UINT32_MAX; i++)
            if (slice_equal(m->members[i].key, wanted[k]))
                at[k] = i;
        if (at[k] == UINT32_MAX)
            return error_set(err, ERR_INPUT, "no row has the id '%.*s'%s", (int)wanted[k].len,
                             wanted[k].ptr,
                             m->table->n && m->members[0].key.len == 10
                                 ? ": without a column of ids, rows are numbered 0000000001 on; "
                                   "'--id COLUMN' names it"
                                 : "");
    }
    return 0;
}

static int explain_two_by_splink(const struct row_question *q, const struct matched *m,
                                 struct error *err)
{
    uint32_t at[2];
    TRY(find_two_rows(q, m, at, err));
    return explain_splink_pair(m->table, m->result->model, at[0], at[1], q->out, err);
}

static int explain_two_rows(const struct row_question *q, const struct matched *m,
                            struct explainer *x, struct error *err)
{
    uint32_t at[2];
    struct pair_account account;
    TRY(find_two_rows(q, m, at, err));
    TRY(explainer_pair(x, at[0], at[1], &account, err));
    if (!q->out->json)
        return account_text(&account, q->first, q->second, &q->out->text) < 0 ? error_memory(err)
                                                                              : 0;
    json_t *all = account_json(&account, q->first, q->second);
    int code = all ? json_object_update(q->out->json, all) : ERR_MEMORY;
    json_decref(all);
    return code < 0 ? error_memory(err) : 0;
}

static int is_of_customer(const struct row_question *q, const struct matched *m, uint32_t row)
{
    if (!q->has_customers)
        return slice_equal(m->members[row].id, q->first);
    const uint32_t *codes = (const uint32_t *)(const void *)q->codes.data;
    return slice_equal(dict_get(&q->customers, codes[row]), q->first);
}

static int explain_row_customer(const struct row_question *q, const struct matched *m,
                                struct explainer *x, struct error *err)
{
    struct buffer records = {0}, names = {0};
    int code = 0;
    for (uint32_t i = 0; i < m->table->n && code == 0; i++)
        if (is_of_customer(q, m, i)) {
            code = buffer_append(&records, &i, sizeof i);
            if (code == 0)
                code = buffer_append(&names, &m->members[i].key, sizeof(struct slice));
        }
    const struct link_records r = {x, (const uint32_t *)(void *)records.data,
                                   (const struct slice *)(void *)names.data,
                                   (uint32_t)(records.len / sizeof(uint32_t))};
    if (code < 0)
        error_memory(err);
    else if (r.n == 0)
        code = error_set(err, ERR_INPUT, "no row is of customer '%.*s'", (int)q->first.len,
                         q->first.ptr);
    else if (!q->out->json &&
             buffer_printf(&q->out->text, "customer %.*s: %u %s\n", (int)q->first.len, q->first.ptr,
                           r.n, r.n == 1 ? "row" : "rows") < 0)
        code = error_memory(err);
    else
        code = explain_links(&r, q->out, err);
    buffer_done(&records);
    buffer_done(&names);
    return code;
}

static int look(void *arg, const struct matched *m, struct error *err)
{
    struct row_question *q = arg;
    struct explainer *x;
    if (!m->result->model)
        return error_set(err, ERR_DATA, "there is nothing to explain: no model was made");
    if (m->result->model->splink && q->second.len)
        return explain_two_by_splink(q, m, err);
    TRY(explainer_new(m->table, m->result->model, m->rules, &x, err));
    int code = q->second.len ? explain_two_rows(q, m, x, err) : explain_row_customer(q, m, x, err);
    explainer_free(x);
    return code;
}

int explain_rows(struct stream *rows, const struct dedupe_options *options, struct slice first,
                 struct slice second, struct explanation *out, struct error *err)
{
    struct row_question q = {.first = first, .second = second, .out = out};
    const struct match_witness witness = {.look = look, .arg = &q};
    struct dedupe_options o = *options;
    struct dedupe_report report = {0};
    struct stream *bare = NULL, *linked = NULL;
    o.witness = &witness;
    int code = without_results(&q, rows, &bare, err);
    if (code == 0)
        code = dedupe_rows(bare, &o, &report, &linked, err);
    if (code == 0)
        stream_close(linked);
    stream_close(rows);
    arena_done(&report.arena);
    dict_done(&q.customers);
    buffer_done(&q.codes);
    return code;
}
