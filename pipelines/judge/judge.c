#include "pipelines/judge/judge.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipelines/judge/parts.h"

struct slice judging_keep(const struct judging *g, struct slice text, int *failed)
{
    struct slice copy = arena_copy(&g->j->texts, text);
    *failed |= !copy.ptr;
    return copy.ptr ? copy : SLICE_LIT("");
}

static void used(char *out, size_t size, const struct sheet *s, int a, int b)
{
    const struct field *f = s->schema->fields;
    if (b < 0)
        snprintf(out, size, "%s", f[a].name.ptr);
    else
        snprintf(out, size, "%s, %s", f[a].name.ptr, f[b].name.ptr);
}

/* Appends "'x' (lines 2 and 7)" to a list of what is wrong, at most five. */
struct complaint {
    char list[400];
    size_t len;
    int64_t n;
};

static void complain(struct complaint *c, struct slice id, int64_t first, int64_t second)
{
    if (c->n++ >= 5 || c->len + 80 > sizeof c->list)
        return;
    int wrote =
        snprintf(c->list + c->len, sizeof c->list - c->len, "%s'%.*s' (lines %lld and %lld)",
                 c->n > 1 ? ", " : "", (int)(id.len < 40 ? id.len : 40), id.ptr, (long long)first,
                 (long long)second);
    c->len += wrote > 0 ? (size_t)wrote : 0;
}

struct taking {
    struct judging *g;
    struct complaint complaint;
    struct buffer rows; /* u32 per record: where it first stood */
};

static int take_result(void *arg, size_t row, struct slice id, struct slice cluster)
{
    struct taking *t = arg;
    struct judging *g = t->g;
    uint32_t before = g->ids.n, skip = EVALUATE_SKIP, at = (uint32_t)row;
    int64_t record = dict_add(&g->ids, id), code = dict_add(&g->clusters, cluster);
    if (record < 0 || code < 0)
        return ERR_MEMORY;
    if (g->ids.n == before) {
        const uint32_t *rows = (const uint32_t *)(const void *)t->rows.data;
        complain(&t->complaint, id, sheet_line(&g->result, rows[record]),
                 sheet_line(&g->result, row));
        return 0;
    }
    uint32_t found = (uint32_t)code;
    TRY(buffer_append(&t->rows, &at, sizeof at));
    TRY(buffer_append(&g->truth_rows, &skip, sizeof skip));
    TRY(buffer_append(&g->found_codes, &found, sizeof found));
    return buffer_append(&g->truth_codes, &skip, sizeof skip);
}

static int load_result(struct judging *g, struct error *err)
{
    struct taking t = {.g = g};
    const struct sheet *other = g->truth.schema ? &g->truth : &g->other;
    TRY(judge_find_id(&g->result, other, g->columns->id, &g->id, err));
    TRY(judge_find_cluster(&g->result, g->id, g->columns->cluster, &g->cluster, err));
    used(g->j->id, sizeof g->j->id, &g->result, g->id, -1);
    used(g->j->cluster, sizeof g->j->cluster, &g->result, g->cluster, -1);
    int code = sheet_each(&g->result, g->id, g->cluster, take_result, &t);
    buffer_done(&t.rows);
    if (code < 0)
        return error_memory(err);
    if (t.complaint.n)
        return error_set(err, ERR_DATA,
                         "column '%s' is not the row's id, for it has %lld values in more than one "
                         "row: %s%s",
                         g->j->id, (long long)t.complaint.n, t.complaint.list,
                         t.complaint.n > 5 ? ", …" : "");
    return 0;
}

static int note(struct judging *g, struct judge_note *notes, int64_t *n, struct slice id,
                int64_t line)
{
    int failed = 0;
    if ((*n)++ < 5)
        notes[*n - 1] = (struct judge_note){judging_keep(g, id, &failed), line};
    return failed ? ERR_MEMORY : 0;
}

static int take_truth(void *arg, size_t row, struct slice id, struct slice entity)
{
    struct taking *t = arg;
    struct judging *g = t->g;
    uint32_t *truth = (uint32_t *)(void *)g->truth_codes.data;
    uint32_t *rows = (uint32_t *)(void *)g->truth_rows.data;
    int64_t record = dict_find(&g->ids, id), code = dict_add(&g->entities, entity);
    if (code < 0)
        return ERR_MEMORY;
    if (record < 0)
        return note(g, g->j->unknown_first, &g->j->unknown, id, sheet_line(&g->truth, row));
    if (truth[record] == EVALUATE_SKIP) {
        truth[record] = (uint32_t)code;
        rows[record] = (uint32_t)row;
    } else if (truth[record] == (uint32_t)code) {
        g->j->repeated++;
    } else {
        complain(&t->complaint, id, sheet_line(&g->truth, rows[record]),
                 sheet_line(&g->truth, row));
    }
    return 0;
}

static int note_unjudged(struct judging *g)
{
    for (uint32_t i = 0; i < g->ids.n; i++)
        if (judging_truth(g)[i] == EVALUATE_SKIP)
            TRY(note(g, g->j->unjudged_first, &g->j->unjudged, judging_id(g, i),
                     sheet_line(&g->result, i)));
    return 0;
}

static int by_clusters(struct judging *g, struct error *err)
{
    struct taking t = {.g = g};
    int id, cluster;
    TRY(judge_find_id(&g->truth, &g->result, g->columns->truth_id, &id, err));
    TRY(judge_find_cluster(&g->truth, id, g->columns->truth_cluster, &cluster, err));
    if (sheet_each(&g->truth, id, cluster, take_truth, &t) < 0 || note_unjudged(g) < 0)
        return error_memory(err);
    used(g->j->truth, sizeof g->j->truth, &g->truth, id, cluster);
    if (t.complaint.n)
        return error_set(err, ERR_DATA, "the truth puts %lld records in two customers: %s%s",
                         (long long)t.complaint.n, t.complaint.list,
                         t.complaint.n > 5 ? ", …" : "");
    if (g->j->unjudged == g->ids.n)
        return error_set(err, ERR_DATA, "no id of column '%s' stands in the truth's column '%s'",
                         g->j->id, g->truth.schema->fields[id].name.ptr);
    return evaluate_clusters(judging_found(g), judging_truth(g), g->ids.n, &g->j->e, err);
}

static int take_pair(void *arg, size_t row, struct slice a, struct slice b)
{
    struct judging *g = arg;
    int64_t x = dict_find(&g->ids, a), y = dict_find(&g->ids, b);
    if (x < 0 || y < 0)
        return note(g, g->j->unknown_first, &g->j->unknown, x < 0 ? a : b,
                    sheet_line(&g->truth, row));
    struct true_pair pair = {(uint32_t)x, (uint32_t)y};
    return buffer_append(&g->true_list, &pair, sizeof pair);
}

struct known {
    const struct judging *g;
    int64_t n;
};

static int count_known(void *arg, size_t row, struct slice a, struct slice b)
{
    struct known *k = arg;
    (void)row;
    k->n += dict_find(&k->g->ids, a) >= 0 && dict_find(&k->g->ids, b) >= 0;
    return 0;
}

/* Two columns whose values are row ids in most rows, neither named after a customer: pairs. */
static int holds_pairs(const struct judging *g)
{
    const struct sheet *t = &g->truth;
    const struct judge_columns *c = g->columns;
    struct known known = {g, 0};
    if (t->n_fields != 2 || c->truth_id.len || c->truth_cluster.len ||
        judge_is_cluster_name(t->schema->fields[0].name) ||
        judge_is_cluster_name(t->schema->fields[1].name))
        return 0;
    sheet_each(t, 0, 1, count_known, &known);
    return (size_t)known.n * 2 > t->n;
}

/* evaluate_pairs leaves the list sorted, with a < b; repeats and pairs of one record go here. */
static void tidy_true_list(struct judging *g)
{
    struct true_pair *list = (struct true_pair *)(void *)g->true_list.data;
    size_t n = g->true_list.len / sizeof *list, kept = 0;
    for (size_t i = 0; i < n; i++) {
        int again = kept && list[kept - 1].a == list[i].a && list[kept - 1].b == list[i].b;
        g->j->repeated += again;
        if (!again && list[i].a != list[i].b)
            list[kept++] = list[i];
    }
    g->true_list.len = kept * sizeof *list;
}

static int by_pairs(struct judging *g, struct error *err)
{
    if (sheet_each(&g->truth, 0, 1, take_pair, g) < 0)
        return error_memory(err);
    used(g->j->truth, sizeof g->j->truth, &g->truth, 0, 1);
    g->by_pairs = 1;
    TRY(evaluate_pairs(judging_found(g), g->ids.n, (struct true_pair *)(void *)g->true_list.data,
                       g->true_list.len / sizeof(struct true_pair), &g->j->e, err));
    tidy_true_list(g);
    return 0;
}

static int run(struct judging *g, struct error *err)
{
    if (dict_init(&g->ids) < 0 || dict_init(&g->clusters) < 0 || dict_init(&g->entities) < 0)
        return error_memory(err);
    TRY(load_result(g, err));
    if (g->j->has_truth) {
        TRY(holds_pairs(g) ? by_pairs(g, err) : by_clusters(g, err));
        if (g->j->has_pairs)
            TRY(judge_pairs(g, err));
        TRY(judge_clusters(g, err));
        TRY(judge_missed_pairs(g, err));
    }
    return g->j->has_other ? judge_other(g, err) : 0;
}

/* Loads what there is; the others are closed. */
static int load(struct sheet *s, struct stream *from, int code, struct error *err)
{
    if (!from)
        return code;
    if (code < 0) {
        stream_close(from);
        return code;
    }
    return sheet_load(s, from, err);
}

int judge(struct judge_files *files, const struct judge_columns *columns, struct judgement *ret,
          struct error *err)
{
    struct judging g = {.columns = columns, .j = ret};
    *ret = (struct judgement){.has_truth = files->truth != NULL,
                              .has_pairs = files->pairs != NULL,
                              .has_other = files->other != NULL};
    arena_init(&ret->texts, 0);
    int code = load(&g.result, files->result, 0, err);
    code = load(&g.truth, files->truth, code, err);
    code = load(&g.other, files->other, code, err);
    g.pairs = files->pairs;
    if (code == 0)
        code = run(&g, err);
    dict_done(&g.ids);
    dict_done(&g.clusters);
    dict_done(&g.entities);
    buffer_done(&g.found_codes);
    buffer_done(&g.truth_codes);
    buffer_done(&g.truth_rows);
    buffer_done(&g.true_list);
    sheet_done(&g.result);
    sheet_done(&g.truth);
    sheet_done(&g.other);
    stream_close(files->pairs);
    return code;
}

void judgement_done(struct judgement *j)
{
    arena_done(&j->texts);
}
