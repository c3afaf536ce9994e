#include "pipelines/explain/explain.h"

#include <stdlib.h>

#include "pipelines/lookup.h"

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

static json_t *text_json(struct slice s)
{
    return json_stringn(s.ptr ? s.ptr : "", s.len);
}

static json_t *lost_json(const struct column *c, int32_t first, int32_t n)
{
    const struct column *part = c->children[0].children;
    json_t *list = json_array();
    for (int32_t i = first; i < first + n; i++)
        if (column_slice(&part[2], i).len)
            json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "value",
                                                  text_json(column_slice(&part[2], i)), "source",
                                                  text_json(column_slice(&part[0], i)), "key",
                                                  text_json(column_slice(&part[1], i)), "why",
                                                  text_json(column_slice(&part[3], i))));
    return list;
}

static json_t *value_of(const struct lineage *l, const struct row_ref *r)
{
    const struct column *candidates = &r->batch->columns[l->at[CANDIDATES]];
    int32_t first, n = column_list(candidates, r->row, &first);
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o}", "field", text_json(row_text(r, l->at[FIELD])), "value",
        text_json(row_text(r, l->at[VALUE])), "source", text_json(row_text(r, l->at[SOURCE])),
        "key", text_json(row_text(r, l->at[KEY])), "rule", text_json(row_text(r, l->at[RULE])),
        "others", lost_json(candidates, first, n));
}

static int golden_json(const struct lineage *l, struct explanation *out)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < l->found.n; i++)
        if (json_array_append_new(list, value_of(l, &l->found.rows[i])) < 0)
            break;
    int whole = list && json_array_size(list) == l->found.n;
    return json_object_set_new(out->json, "golden", list) < 0 || !whole ? ERR_MEMORY : 0;
}

static int golden_text(const struct lineage *l, struct slice customer, struct buffer *out)
{
    TRY(buffer_printf(out, "customer %.*s\n", (int)customer.len, customer.ptr));
    for (size_t i = 0; i < l->found.n; i++)
        TRY(put_value(l, &l->found.rows[i], out));
    return 0;
}

static int put_customer(struct lineage *l, struct slice customer, struct explanation *out,
                        struct error *err)
{
    TRY(lineage_columns(l, err));
    int code = out->json ? golden_json(l, out) : golden_text(l, customer, &out->text);
    return code < 0 ? error_memory(err) : 0;
}

int explain_golden(const struct project *p, struct slice customer, const char *field,
                   struct explanation *out, struct error *err)
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
