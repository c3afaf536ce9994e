#include "transform/map/job.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "transform/map/emit.h"

struct job *job_new(const struct plan *plan, struct batch *in)
{
    struct job *j = calloc(1, sizeof *j);
    if (!j) {
        batch_free(in);
        return NULL;
    }
    j->plan = plan;
    j->in = in;
    j->rejects = rejects_new();
    j->content = calloc((size_t)in->n_rows + 1, sizeof *j->content);
    if (!j->rejects || !j->content) {
        job_free(j);
        return NULL;
    }
    return j;
}

void job_free(struct job *j)
{
    if (!j)
        return;
    batch_free(j->in);
    batch_free(j->out);
    batch_free(j->places);
    rejects_free(j->rejects);
    free(j->content);
    free(j->verdicts);
    free(j);
}

static const struct field place_columns[PLACES] = {
    {.name = SLICE_INIT("__file"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("__member"), .type = TYPE_UTF8},
    {.name = SLICE_INIT("__line"), .type = TYPE_INT64},
    {.name = SLICE_INIT("__offset"), .type = TYPE_INT64},
    {.name = SLICE_INIT("__raw"), .type = TYPE_BINARY},
};

static const struct column *place(const struct plan *p, const struct batch *in, int which,
                                  int64_t row)
{
    const struct column *c = p->places[which] < 0 ? NULL : &in->columns[p->places[which]];
    return c && !column_null(c, row) ? c : NULL;
}

static int place_copy(const struct plan *p, const struct batch *in, int64_t row,
                      struct batch_builder *to)
{
    for (int i = 0; i < PLACES; i++) {
        const struct column *c = place(p, in, i, row);
        TRY(c ? builder_copy(&to->columns[i], c, row) : builder_null(&to->columns[i]));
    }
    return 0;
}

static struct slice place_text(const struct column *c, int64_t row)
{
    return c ? column_slice(c, row) : (struct slice){0};
}

static struct reject reject_at(const struct plan *p, const struct column *const places[PLACES],
                               int64_t row)
{
    return (struct reject){
        .source = p->source,
        .file = place_text(places[PLACE_FILE], row),
        .member = place_text(places[PLACE_MEMBER], row),
        .line = places[PLACE_LINE] ? column_i64(places[PLACE_LINE], row) : 0,
        .offset = places[PLACE_OFFSET] ? column_i64(places[PLACE_OFFSET], row) : -1,
        .raw = place_text(places[PLACE_RAW], row),
    };
}

/* A row without a key counts by its place. */
static uint64_t place_hash(const struct plan *p, const struct batch *in, int64_t row)
{
    static const int text[] = {PLACE_FILE, PLACE_MEMBER}, numbers[] = {PLACE_LINE, PLACE_OFFSET};
    uint64_t h = 0;
    for (int i = 0; i < 2; i++) {
        struct slice s = place_text(place(p, in, text[i], row), row);
        h = hash_pair(h, hash_fixed(s.ptr, s.len));
    }
    for (int i = 0; i < 2; i++) {
        const struct column *c = place(p, in, numbers[i], row);
        h = hash_pair(h, c ? (uint64_t)column_i64(c, row) : 0);
    }
    return h;
}

static uint64_t key_hash(const struct block *b, int row)
{
    struct slice key = b->columns[b->plan->key].text[row];
    return key.ptr ? hash_fixed(key.ptr, key.len) : place_hash(b->plan, b->in, b->first + row);
}

/* The row's amount: gross, else net. */
static const decimal128 *amount_of(const struct block *b, int row)
{
    const int columns[] = {b->plan->gross, b->plan->net};
    for (int i = 0; i < 2; i++) {
        const struct vector *v = columns[i] < 0 ? NULL : &b->columns[columns[i]];
        if (v && v->amount && v->filled[row])
            return &v->amount[row];
    }
    return NULL;
}

static struct slice currency_of(const struct block *b, int row)
{
    const struct vector *v = &b->columns[b->plan->currency];
    return v->text ? v->text[row] : (struct slice){0};
}

static int money_failed(struct job *j)
{
    return error_set(&j->err, ERR_DATA,
                     "amounts cannot be added up: too many currencies, or too large a sum");
}

static int count_money(struct job *j, const struct block *b, int row, enum totals_class class)
{
    const decimal128 *amount = amount_of(b, row);
    if (!amount) {
        j->totals.unread_amounts += b->unread[row];
        return 0;
    }
    struct slice currency = currency_of(b, row);
    if (!totals_money_add(&j->totals, TOTALS_IN, currency, *amount) ||
        !totals_money_add(&j->totals, class, currency, *amount))
        return money_failed(j);
    return 0;
}

static int count_rows(struct job *j, const struct block *b)
{
    static const enum totals_class classes[] = {[FATE_OUT] = TOTALS_OUT,
                                                [FATE_REJECTED] = TOTALS_REJECTED,
                                                [FATE_FILTERED] = TOTALS_FILTERED};
    for (int row = 0; row < b->n; row++) {
        enum totals_class class = classes[b->fate[row]];
        uint64_t hash = key_hash(b, row);
        totals_row(&j->totals, TOTALS_IN, hash);
        totals_row(&j->totals, class, hash);
        if (b->plan->kind == CANONICAL_EVENT)
            TRY(count_money(j, b, row, class));
    }
    return 0;
}

static int add_reject(struct job *j, const struct block *b, int row)
{
    const struct column *places[PLACES];
    const struct fault *fault = &b->faults[row];
    for (int i = 0; i < PLACES; i++)
        places[i] = place(j->plan, j->in, i, b->first + row);
    struct reject r = reject_at(j->plan, places, b->first + row);
    r.column = fault->column;
    r.code = fault->code;
    r.text = fault->text;
    return reject_add(j->rejects, &r);
}

static int end_rows(struct job *j, const struct block *b, struct batch_builder *places)
{
    for (int row = 0; row < b->n; row++) {
        if (b->fate[row] == FATE_REJECTED)
            TRY(add_reject(j, b, row));
        else if (b->fate[row] == FATE_OUT)
            TRY(place_copy(j->plan, j->in, b->first + row, places));
    }
    return 0;
}

static int run_blocks(struct job *j, struct block *b, struct batch_builder *out,
                      struct batch_builder *places)
{
    int64_t done = 0;
    for (int64_t first = 0; first < j->in->n_rows; first += BLOCK_ROWS) {
        int64_t left = j->in->n_rows - first;
        TRY(block_run(b, j->in, first, left < BLOCK_ROWS ? (int)left : BLOCK_ROWS));
        TRY(count_rows(j, b));
        TRY(end_rows(j, b, places));
        int n = emit_block(b, out, j->content + done);
        TRY(n);
        done += n;
    }
    return 0;
}

static int run(struct job *j, struct block *b, struct batch_builder *out,
               struct batch_builder *places)
{
    int code = run_blocks(j, b, out, places);
    if (code == ERR_MEMORY)
        return error_memory(&j->err);
    TRY(code);
    TRY(batch_builder_finish(out, &j->out, &j->err));
    return batch_builder_finish(places, &j->places, &j->err);
}

static int run_with_builders(struct job *j, struct block *b, const struct schema *place_schema)
{
    struct batch_builder out, places;
    TRY(batch_builder_init(&out, j->plan->out, &j->err));
    int code = batch_builder_init(&places, place_schema, &j->err);
    if (code == 0) {
        code = run(j, b, &out, &places);
        batch_builder_done(&places);
    }
    batch_builder_done(&out);
    return code;
}

void job_run(void *job)
{
    struct job *j = job;
    struct schema *place_schema = schema_new(place_columns, PLACES);
    struct block *b = malloc(sizeof *b);
    if (!place_schema || !b || block_init(b, j->plan) < 0) {
        j->code = error_memory(&j->err);
    } else {
        j->code = run_with_builders(j, b, place_schema);
        block_done(b);
    }
    free(b);
    schema_unref(place_schema);
    batch_free(j->in);
    j->in = NULL;
}

static const decimal128 *out_amount(const struct job *j, int64_t row, decimal128 *space)
{
    const int columns[] = {j->plan->gross, j->plan->net};
    for (int i = 0; i < 2; i++) {
        const struct column *c = columns[i] < 0 ? NULL : &j->out->columns[columns[i]];
        if (c && !column_null(c, row)) {
            *space = column_decimal(c, row);
            return space;
        }
    }
    return NULL;
}

static int move_totals(struct job *j, int64_t row, enum totals_class to)
{
    struct slice key = column_slice(&j->out->columns[j->plan->key], row);
    uint64_t hash = hash_fixed(key.ptr, key.len);
    decimal128 space;
    j->totals.rows[TOTALS_OUT]--;
    j->totals.keys[TOTALS_OUT] -= hash;
    totals_row(&j->totals, to, hash);
    const decimal128 *amount = out_amount(j, row, &space);
    if (!amount)
        return 0;
    struct slice currency = column_slice(&j->out->columns[j->plan->currency], row);
    if (!totals_money_add(&j->totals, TOTALS_OUT, currency, -*amount) ||
        !totals_money_add(&j->totals, to, currency, *amount))
        return money_failed(j);
    return 0;
}

int job_judge(struct job *j, int64_t row, enum verdict verdict)
{
    if (!j->verdicts)
        j->verdicts = calloc((size_t)j->out->n_rows, 1);
    if (!j->verdicts)
        return error_memory(&j->err);
    j->verdicts[row] = (unsigned char)verdict;
    return move_totals(j, row, verdict == VERDICT_DUPLICATE ? TOTALS_DUPLICATES : TOTALS_REJECTED);
}

static int reject_conflict(struct job *j, int64_t row)
{
    const struct column *places[PLACES];
    char sentence[512];
    struct slice key = column_slice(&j->out->columns[j->plan->key], row);
    int record = j->plan->kind == CANONICAL_RECORD;
    for (int i = 0; i < PLACES; i++)
        places[i] = column_null(&j->places->columns[i], row) ? NULL : &j->places->columns[i];
    struct reject r = reject_at(j->plan, places, row);
    int n =
        snprintf(sentence, sizeof sentence,
                 record ? "'%.*s' is the key of rows that differ and were updated at the same time"
                        : "'%.*s' is the id of an earlier event that differs",
                 SHOWN(key));
    r.code = "conflicting-key";
    r.text = slice_of(sentence, n < 0 ? 0 : (size_t)n);
    const struct mapping *m = j->plan->fed[j->plan->key]->mapping;
    r.column = m->n_from ? m->from[0] : (struct slice){0};
    return reject_add(j->rejects, &r) < 0 ? error_memory(&j->err) : 0;
}

int job_reject_conflicts(struct job *j)
{
    for (int64_t row = 0; j->verdicts && row < j->out->n_rows; row++)
        if (j->verdicts[row] == VERDICT_CONFLICT)
            TRY(reject_conflict(j, row));
    return 0;
}

int job_take(struct job *j, struct batch **ret, struct error *err)
{
    int32_t n = 0;
    if (!j->verdicts) {
        *ret = j->out->n_rows ? j->out : NULL;
        if (*ret)
            j->out = NULL;
        return 0;
    }
    int32_t *rows = calloc((size_t)j->out->n_rows + 1, sizeof *rows);
    if (!rows)
        return error_memory(err);
    for (int32_t row = 0; row < j->out->n_rows; row++)
        if (j->verdicts[row] == VERDICT_STAYS)
            rows[n++] = row;
    *ret = NULL;
    int code = n ? batch_take(j->out, rows, n, ret, err) : 0;
    free(rows);
    return code;
}
