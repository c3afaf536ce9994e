#include "pipelines/link_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/builder.h"
#include "pipelines/link_columns.h"

struct linking {
    const struct link_options *o;
    struct schema *schema[2];
    struct batch **batches[2];
    int n_batches[2];
    struct link_side sides[2];
    int key[2]; /* column of each file's id, or -1 */
    struct column_pair pairs[PAIRS_MAX];
    int n_pairs;
    struct match_table table;
    struct match_result result;
};

static void look(void *arg, size_t column)
{
    struct link_side *s = arg;
    columns_look(&s->coded, (int)column, &s->meanings[column].stats);
}

static int set_fixed(struct linking *l, int side, struct slice column, enum meaning m)
{
    int at = schema_find(l->schema[side], column);
    if (at < 0)
        return 0;
    l->sides[side].meanings[at].meaning = m;
    l->sides[side].meanings[at].fixed = 1;
    return 1;
}

static int set_by_hand(struct linking *l, struct error *err)
{
    for (int i = 0; i < l->o->n_as; i++) {
        const struct dedupe_as *as = &l->o->as[i];
        int found = set_fixed(l, 0, as->column, as->meaning);
        found += set_fixed(l, 1, as->column, as->meaning);
        if (!found)
            return schema_no_field(l->schema[0], as->column, err);
    }
    for (int s = 0; s < 2; s++)
        if (l->o->id[s].len && !set_fixed(l, s, l->o->id[s], MEANING_KEY))
            return schema_no_field(l->schema[s], l->o->id[s], err);
    return 0;
}

static int load(struct linking *l, int side, struct stream *rows, struct error *err)
{
    struct link_side *s = &l->sides[side];
    l->schema[side] = schema_ref(rows->schema);
    TRY(stream_collect(rows, &l->batches[side], &l->n_batches[side], err));
    TRY(columns_code(l->batches[side], l->n_batches[side], l->schema[side], l->o->pool, &s->coded,
                     err));
    s->meanings = calloc((size_t)s->coded.n_columns + 1, sizeof *s->meanings);
    if (!s->meanings)
        return error_memory(err);
    for (int c = 0; c < s->coded.n_columns; c++)
        s->meanings[c].name = s->coded.columns[c].name;
    return 0;
}

static void decide(struct linking *l, int side)
{
    struct link_side *s = &l->sides[side];
    pool_for(l->o->pool, (size_t)s->coded.n_columns, look, s);
    meaning_decide(s->meanings, s->coded.n_columns, s->coded.n);
    l->key[side] = -1;
    for (int c = 0; c < s->coded.n_columns; c++)
        if (s->meanings[c].meaning == MEANING_KEY && l->key[side] < 0)
            l->key[side] = c;
}

static int build_table(struct linking *l, struct error *err)
{
    uint32_t n[2] = {l->sides[0].coded.n, l->sides[1].coded.n};
    struct match_table *t = &l->table;
    if ((uint64_t)n[0] + n[1] >= MATCH_MISSING)
        return error_set(err, ERR_DATA, "more rows than can be matched at once");
    l->n_pairs = link_columns(l->sides, l->pairs);
    t->n = n[0] + n[1];
    t->columns = calloc((size_t)PAIRS_MAX, sizeof *t->columns);
    t->source = malloc(((size_t)t->n + 1) * sizeof *t->source);
    if (l->n_pairs < 0 || !t->columns || !t->source)
        return error_memory(err);
    for (int i = 0; i < l->n_pairs; i++)
        if (link_merge_column(l->sides, &l->pairs[i], &t->columns[t->n_columns++]) < 0)
            return error_memory(err);
    for (uint32_t r = 0; r < t->n; r++)
        t->source[r] = r >= n[0];
    return 0;
}

static int engine(struct linking *l, struct error *err)
{
    uint8_t clean[2] = {!l->o->duplicates[0], !l->o->duplicates[1]};
    struct match_options options = {
        .effort = l->o->effort, .pool = l->o->pool, .progress = l->o->progress};
    if (l->o->one_to_one == ONE_TO_ONE_YES)
        l->table.clean = clean;
    else
        options.one_to_one = l->o->one_to_one;
    int code = match_records(&l->table, &options, &l->result, err);
    l->table.clean = NULL;
    return code;
}

static void add_column(struct link_report *r, struct slice a, struct slice b, enum meaning m,
                       const char *why)
{
    r->columns[r->n_columns++] =
        (struct link_column){{arena_copy(&r->arena, a), arena_copy(&r->arena, b)}, m, why};
}

/* Columns that nothing stands against are listed too, but for those that say nothing anyway. */
static void report_lone(const struct linking *l, struct link_report *r, int side)
{
    for (int c = 0; c < l->sides[side].coded.n_columns; c++) {
        const struct meaning_column *m = &l->sides[side].meanings[c];
        int used = m->meaning == MEANING_UNKNOWN || m->meaning == MEANING_SOURCE;
        for (int i = 0; i < l->n_pairs; i++)
            used |= l->pairs[i].column[side] == c;
        if (used)
            continue;
        struct slice none = {0};
        const char *why = c == l->key[side] ? "its id" : "nothing like it in the other file";
        add_column(r, side ? none : m->name, side ? m->name : none, MEANING_UNKNOWN, why);
    }
}

static int report_columns(const struct linking *l, struct link_report *r, struct error *err)
{
    int most = l->n_pairs + l->sides[0].coded.n_columns + l->sides[1].coded.n_columns;
    r->columns = ARENA_ARRAY(&r->arena, struct link_column, (size_t)most + 1);
    if (!r->columns)
        return error_memory(err);
    for (int i = 0; i < l->n_pairs; i++) {
        struct slice name[2] = {{0}, {0}};
        for (int s = 0; s < 2; s++)
            if (l->pairs[i].column[s] >= 0)
                name[s] = l->sides[s].meanings[l->pairs[i].column[s]].name;
        add_column(r, name[0], name[1], l->pairs[i].meaning, l->pairs[i].why);
    }
    report_lone(l, r, 0);
    report_lone(l, r, 1);
    return 0;
}

static double shown(double p)
{
    return round(p * 1e6) / 1e6;
}

/* A row's id, or its number in its file. */
static struct slice row_id(const struct linking *l, uint32_t row, char text[16])
{
    int side = row >= l->sides[0].coded.n;
    uint32_t at = side ? row - l->sides[0].coded.n : row;
    const struct coded_columns *c = &l->sides[side].coded;
    if (l->key[side] >= 0 && c->columns[l->key[side]].codes[at] != MATCH_MISSING)
        return dict_get(&c->columns[l->key[side]].values, c->columns[l->key[side]].codes[at]);
    return slice_of(text, (size_t)snprintf(text, 16, "%u", at + 1));
}

/* Rows of the second file by cluster, as chains in order of row. */
struct chains {
    uint32_t *first, *next;
};

static int chains_init(struct chains *c, const struct linking *l)
{
    size_t n = (size_t)l->table.n + 1;
    c->first = malloc(n * sizeof *c->first);
    c->next = malloc(n * sizeof *c->next);
    if (!c->first || !c->next)
        return ERR_MEMORY;
    memset(c->first, 0xFF, n * sizeof *c->first);
    for (uint32_t r = l->table.n; r-- > l->sides[0].coded.n;) {
        c->next[r] = c->first[l->result.cluster[r]];
        c->first[l->result.cluster[r]] = r;
    }
    return 0;
}

static int put_pairs(const struct linking *l, struct batch_builder *bb, struct link_report *r)
{
    struct chains c = {NULL, NULL};
    int code = chains_init(&c, l);
    uint8_t *seen = calloc((size_t)l->table.n + 1, 1);
    if (!seen)
        code = ERR_MEMORY;
    for (uint32_t a = 0; a < l->sides[0].coded.n && code == 0; a++) {
        uint32_t b = c.first[l->result.cluster[a]];
        r->linked[0] += b != UINT32_MAX;
        for (; b != UINT32_MAX && code == 0; b = c.next[b]) {
            char text[2][16];
            double p = l->result.probability[a] < l->result.probability[b]
                           ? (double)l->result.probability[a]
                           : (double)l->result.probability[b];
            r->linked[1] += !seen[b];
            seen[b] = 1;
            r->pairs++;
            if (!bb)
                continue;
            code = builder_slice(&bb->columns[0], row_id(l, a, text[0]));
            if (code == 0)
                code = builder_slice(&bb->columns[1], row_id(l, b, text[1]));
            if (code == 0)
                code = builder_f64(&bb->columns[2], shown(p));
        }
    }
    free(seen);
    free(c.first);
    free(c.next);
    return code;
}

/* A group is named by its first row, from 1. */
static int put_ids(const struct linking *l, struct batch_builder *bb)
{
    for (uint32_t r = 0; r < l->table.n; r++) {
        char number[16], text[16];
        int len = snprintf(number, sizeof number, "%u", l->result.cluster[r] + 1);
        TRY(builder_slice(&bb->columns[0], slice_of(number, (size_t)len)));
        TRY(builder_f64(&bb->columns[1], shown((double)l->result.probability[r])));
        TRY(builder_slice(&bb->columns[2], slice_str(r < l->sides[0].coded.n ? "a" : "b")));
        TRY(builder_slice(&bb->columns[3], row_id(l, r, text)));
    }
    return 0;
}

static int write_rows(const struct linking *l, struct link_report *r, struct stream **ret,
                      struct error *err)
{
    static const struct field pair_fields[] = {
        {.name = SLICE_INIT("id_a"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("id_b"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("probability"), .type = TYPE_FLOAT64},
    };
    static const struct field id_fields[] = {
        {.name = SLICE_INIT("customer_id"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("match_probability"), .type = TYPE_FLOAT64},
        {.name = SLICE_INIT("file"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("id"), .type = TYPE_UTF8},
    };
    int ids = l->o->result == LINK_IDS;
    struct schema *schema = ids ? schema_new(id_fields, 4) : schema_new(pair_fields, 3);
    struct batch_builder bb = {0};
    if (!schema)
        return error_memory(err);
    int code = batch_builder_init(&bb, schema, err);
    if (code == 0 && (put_pairs(l, ids ? NULL : &bb, r) < 0 || (ids && put_ids(l, &bb) < 0)))
        code = error_memory(err);
    if (code == 0)
        code = stream_of_builder(&bb, ret, err);
    batch_builder_done(&bb);
    schema_unref(schema);
    return code;
}

static void report_fill(const struct linking *l, struct link_report *r)
{
    for (int s = 0; s < 2; s++) {
        r->rows[s] = l->sides[s].coded.n;
        r->clean[s] = l->result.clean && (uint32_t)s < l->result.n_sources && l->result.clean[s];
    }
    r->n_warnings = l->result.n_warnings;
    memcpy(r->warnings, l->result.warnings, sizeof r->warnings);
}

static int work(struct linking *l, struct stream *files[2], struct link_report *r,
                struct stream **ret, struct error *err)
{
    for (int s = 0; s < 2; s++)
        TRY(load(l, s, files[s], err));
    TRY(set_by_hand(l, err));
    decide(l, 0);
    decide(l, 1);
    TRY(build_table(l, err));
    TRY(report_columns(l, r, err));
    progress_stage(l->o->progress, "match", "records", 0);
    TRY(engine(l, err));
    report_fill(l, r);
    return write_rows(l, r, ret, err);
}

static void linking_done(struct linking *l)
{
    for (int i = 0; i < l->table.n_columns; i++) {
        if (l->table.columns[i].values.slots)
            dict_done(&l->table.columns[i].values);
        free(l->table.columns[i].codes);
    }
    free(l->table.columns);
    free(l->table.source);
    match_model_free(l->result.model);
    match_result_done(&l->result);
    for (int s = 0; s < 2; s++) {
        batches_free(l->batches[s], l->n_batches[s]);
        columns_done(&l->sides[s].coded);
        free(l->sides[s].meanings);
        schema_unref(l->schema[s]);
    }
}

int link_files(struct stream *files[2], const struct link_options *options,
               struct link_report *ret_report, struct stream **ret, struct error *err)
{
    struct linking *l = calloc(1, sizeof *l);
    *ret_report = (struct link_report){0};
    int code = error_memory(err);
    if (l) {
        l->o = options;
        code = work(l, files, ret_report, ret, err);
        linking_done(l);
    }
    free(l);
    stream_close(files[0]);
    stream_close(files[1]);
    return code;
}
