#include "pipelines/explain.h"

#include <stdlib.h>

#include "pipelines/lookup.h"
#include "pipelines/steps.h"
#include "transform/match/table.h"

enum lineage_column { FIELD, VALUE, SOURCE, KEY, RULE, CONFIDENCE, CANDIDATES, LINEAGE_COLUMNS };

struct lineage {
    struct found found;
    int at[LINEAGE_COLUMNS];
};

static int lineage_columns(struct lineage *l, struct error *err)
{
    static const char *const names[LINEAGE_COLUMNS] = {"field", "value",      "source",    "key",
                                                       "rule",  "confidence", "candidates"};
    for (int i = 0; i < LINEAGE_COLUMNS; i++)
        if ((l->at[i] = found_column(&l->found, names[i])) < 0)
            return error_set(err, ERR_DATA, "table 'customer_lineage' has no column '%s'",
                             names[i]);
    return 0;
}

/* How a rule reads after "won by". */
static struct slice rule_words(struct slice rule)
{
    static const struct {
        const char *rule, *words;
    } words[] = {
        {"only", "the only value"},
        {"agree", "all agree"},
        {"order", "a tie, decided by the order of source and key"},
        {"trust", "the most trusted source"},
        {"recent", "the most recent"},
        {"frequent", "the most frequent"},
        {"longest", "the longest"},
        {"shortest", "the shortest"},
        {"complete", "the most complete"},
        {"verified", "verified"},
        {"strictest", "the strictest"},
        {"min", "the smallest"},
        {"max", "the largest"},
        {"first", "the first"},
        {"last", "the last"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal(rule, slice_str(words[i].rule)))
            return slice_str(words[i].words);
    return rule;
}

static int put_candidate(const struct column *c, int32_t at, struct buffer *out)
{
    const struct column *part = c->children[0].children;
    struct slice source = column_slice(&part[0], at), key = column_slice(&part[1], at);
    struct slice value = column_slice(&part[2], at), why = column_slice(&part[3], at);
    if (value.len == 0)
        return 0; /* it offered the group's other fields, not this one */
    if (slice_equal(why, SLICE_LIT("same value")))
        return buffer_printf(out, "  %-18s also %.*s:%.*s\n", "", (int)source.len, source.ptr,
                             (int)key.len, key.ptr);
    return buffer_printf(out, "  %-18s not  %-32.*s %.*s:%.*s (lost: %.*s)\n", "", (int)value.len,
                         value.ptr, (int)source.len, source.ptr, (int)key.len, key.ptr,
                         (int)why.len, why.ptr);
}

static int put_value(const struct lineage *l, const struct row_ref *r, struct buffer *out)
{
    struct slice field = row_text(r, l->at[FIELD]), value = row_text(r, l->at[VALUE]);
    struct slice source = row_text(r, l->at[SOURCE]), key = row_text(r, l->at[KEY]);
    const struct column *candidates = &r->batch->columns[l->at[CANDIDATES]];
    struct slice rule = rule_words(row_text(r, l->at[RULE]));
    int32_t first, n = column_list(candidates, r->row, &first);
    TRY(buffer_printf(out, "  %-18.*s      %-32.*s %.*s:%.*s (%.*s)\n", (int)field.len, field.ptr,
                      (int)value.len, value.ptr, (int)source.len, source.ptr, (int)key.len, key.ptr,
                      (int)rule.len, rule.ptr));
    for (int32_t i = 0; i < n; i++)
        TRY(put_candidate(candidates, first + i, out));
    return 0;
}

/* Nothing found: is it the customer or the field that is not there? */
static int nothing_found(const struct project *p, struct slice customer, const char *field,
                         struct error *err)
{
    const struct equals condition = {"customer_id", customer};
    struct found all;
    TRY(lookup(p, "customer_lineage", &condition, 1, NULL, &all, err));
    const char **names = calloc(all.n + 1, sizeof *names);
    size_t n = 0;
    int at = found_column(&all, "field");
    struct arena texts;
    arena_init(&texts, 0);
    for (size_t i = 0; names && at >= 0 && i < all.n; i++)
        if ((names[n] = arena_string(&texts, row_text(&all.rows[i], at))))
            n++;
    const char *near = n && field ? slice_nearest(slice_str(field), names, n) : NULL;
    int code = n && field
                   ? error_set(err, ERR_INPUT, "customer '%.*s' has no golden value of '%s'%s%s%s",
                               (int)customer.len, customer.ptr, field,
                               near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "")
                   : error_set(err, ERR_INPUT, "the lake has no customer '%.*s'", (int)customer.len,
                               customer.ptr);
    arena_done(&texts);
    free(names);
    found_done(&all);
    return code;
}

static int put_customer(struct lineage *l, struct slice customer, struct buffer *out,
                        struct error *err)
{
    TRY(lineage_columns(l, err));
    buffer_printf(out, "customer %.*s\n", (int)customer.len, customer.ptr);
    for (size_t i = 0; i < l->found.n; i++)
        if (put_value(l, &l->found.rows[i], out) < 0)
            return error_memory(err);
    return 0;
}

int explain_customer(const struct project *p, struct slice customer, const char *field,
                     struct buffer *out, struct error *err)
{
    struct lineage l;
    const struct equals conditions[] = {{"customer_id", customer},
                                        {"field", slice_str(field ? field : "")}};
    TRY(lookup(p, "customer_lineage", conditions, field ? 2 : 1, NULL, &l.found, err));
    int code =
        l.found.n ? put_customer(&l, customer, out, err) : nothing_found(p, customer, field, err);
    found_done(&l.found);
    return code;
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

static int explain_two(const struct project *p, const struct found *a, const struct found *b,
                       struct buffer *out, struct error *err)
{
    struct batch *const batches[] = {a->batches[0], b->batches[0]};
    struct steps steps = {.project = p};
    struct match_table table = {0};
    struct match_model *model = NULL;
    char *path = step_model_path(&steps);
    int code = path ? match_model_read(path, &model, err) : error_memory(err);
    if (code == 0)
        code = match_table_from_records(batches, 2, p->region, &table, err);
    if (code == 0)
        code = match_explain(&table, model, 0, 1, out, err);
    match_table_done(&table);
    match_model_free(model);
    free(path);
    return code;
}

int explain_pair(const struct project *p, struct slice a, struct slice b, struct buffer *out,
                 struct error *err)
{
    struct found first, second;
    TRY(find_record(p, a, &first, err));
    int code = find_record(p, b, &second, err);
    if (code == 0) {
        code = explain_two(p, &first, &second, out, err);
        found_done(&second);
    }
    found_done(&first);
    return code;
}
