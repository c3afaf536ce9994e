#include "pipelines/explain/splink.h"

#include "pipelines/lookup.h"
#include "transform/match/table.h"
#include "transform/splink/splink.h"

static int put_lines(const struct buffer *lines, struct explanation *out)
{
    if (!out->json)
        return buffer_slice(&out->text, buffer_view(lines));
    json_t *list = json_array();
    struct slice rest = buffer_view(lines), line;
    while (list && slice_cut(&rest, '\n', &line))
        if (line.len)
            json_array_append_new(list, json_stringn(line.ptr, line.len));
    return list && json_object_set_new(out->json, "account", list) == 0 ? 0 : ERR_MEMORY;
}

int explain_splink_pair(const struct match_table *t, const struct match_model *m, uint32_t a,
                        uint32_t b, struct explanation *out, struct error *err)
{
    struct buffer lines = {0};
    int code = splink_explain(t, m->splink, a, b, &lines, err);
    if (code == 0 && put_lines(&lines, out) < 0)
        code = error_memory(err);
    buffer_done(&lines);
    return code;
}

/* The place of a record among all, or `all->n`. */
static uint32_t place_of(const struct found *all, struct slice name)
{
    struct slice source, key;
    int at_source = found_column(all, "source"), at_key = found_column(all, "key");
    if (!record_name(name, &source, &key) || at_source < 0 || at_key < 0)
        return (uint32_t)all->n;
    uint32_t i = 0;
    while (i < all->n && !(slice_equal(row_text(&all->rows[i], at_source), source) &&
                           slice_equal(row_text(&all->rows[i], at_key), key)))
        i++;
    return i;
}

int explain_splink_lake(const struct project *p, const struct match_model *m,
                        const struct slice names[2], struct explanation *out, struct error *err)
{
    struct found all;
    struct match_table table = {0};
    TRY(lookup(p, "source_record", NULL, 0, NULL, &all, err));
    uint32_t a = place_of(&all, names[0]), b = place_of(&all, names[1]);
    int code = match_table_from_records(all.batches, all.n_batches, p->region, &table, err);
    table.batches = all.batches;
    table.n_batches = all.n_batches;
    if (code == 0 && (a >= table.n || b >= table.n))
        code = error_set(err, ERR_DATA, "the lake's records changed while they were read");
    if (code == 0)
        code = explain_splink_pair(&table, m, a, b, out, err);
    match_table_done(&table);
    found_done(&all);
    return code;
}
