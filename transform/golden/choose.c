#include "transform/golden/choose.h"

#include <stdlib.h>

#include "core/hash.h"
#include "transform/golden/verified.h"

void choice_done(struct choice *c)
{
    free(c->candidates);
    buffer_done(&c->text);
    *c = (struct choice){0};
}

struct cell candidate_cell(const struct golden_plan *plan, const struct attribute *a,
                           const struct row_ref *members, const struct candidate *c, int i)
{
    const struct row_ref *m = &members[c->member];
    struct cell cell = {.field = &plan->linked->fields[a->columns[i]],
                        .column = &m->batch->columns[a->columns[i]],
                        .row = m->row};
    if (a->is_list) {
        int32_t first;
        column_list(cell.column, cell.row, &first);
        cell = (struct cell){.field = &cell.field->children[0],
                             .column = &cell.column->children[0],
                             .row = first + c->element};
    }
    return cell;
}

int cell_empty(const struct cell *c)
{
    if (column_null(c->column, c->row))
        return 1;
    return c->field->type == TYPE_UTF8 && column_slice(c->column, c->row).len == 0;
}

static int add(struct choice *c, uint32_t member, int32_t element)
{
    if (c->n == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 16;
        struct candidate *grown = realloc(c->candidates, cap * sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        c->candidates = grown;
        c->cap = cap;
    }
    c->candidates[c->n++] = (struct candidate){.member = member, .element = element};
    return 0;
}

/* Drops the candidate just added when all its cells are empty, else hashes its values. */
static int keep_or_drop(const struct golden_plan *plan, const struct attribute *a,
                        const struct row_ref *members, struct choice *c)
{
    struct candidate *last = &c->candidates[c->n - 1];
    int filled = 0;
    buffer_reset(&c->text);
    for (int i = 0; i < a->n_columns; i++) {
        struct cell cell = candidate_cell(plan, a, members, last, i);
        filled += !cell_empty(&cell);
        TRY(value_text(cell.field, cell.column, cell.row, &c->text));
        TRY(buffer_putc(&c->text, 0));
    }
    last->hash = hash_fixed(c->text.data, c->text.len);
    c->n -= filled == 0;
    return 0;
}

static int gather(const struct golden_plan *plan, const struct attribute *a,
                  const struct row_ref *members, size_t n, struct choice *c)
{
    c->n = 0;
    for (uint32_t m = 0; m < n; m++) {
        int32_t first, elements = 1;
        const struct column *column = &members[m].batch->columns[a->columns[0]];
        if (a->is_list)
            elements = column_null(column, members[m].row)
                           ? 0
                           : column_list(column, members[m].row, &first);
        for (int32_t e = 0; e < elements; e++) {
            TRY(add(c, m, e));
            TRY(keep_or_drop(plan, a, members, c));
        }
    }
    return 0;
}

static int by_hash(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->member != y->member)
        return x->member < y->member ? -1 : 1;
    return x->element - y->element;
}

static void count_same(struct choice *c)
{
    qsort(c->candidates, c->n, sizeof *c->candidates, by_hash);
    c->n_values = 0;
    for (size_t i = 0, j; i < c->n; i = j) {
        for (j = i; j < c->n && c->candidates[j].hash == c->candidates[i].hash; j++)
            c->candidates[j].value = c->n_values;
        for (size_t k = i; k < j; k++)
            c->candidates[k].same = (uint32_t)(j - i);
        c->n_values++;
    }
}

static int64_t trust_of(const struct golden_plan *plan, const struct row_ref *m)
{
    struct slice source =
        column_text(&plan->linked->fields[plan->source], &m->batch->columns[plan->source], m->row);
    for (int i = 0; i < plan->n_trust; i++)
        if (slice_equal(plan->trust[i].source, source))
            return plan->trust[i].rank;
    return 0;
}

static int64_t time_of(const struct golden_plan *plan, const struct row_ref *m)
{
    if (plan->updated_at < 0)
        return INT64_MIN;
    const struct column *c = &m->batch->columns[plan->updated_at];
    return column_null(c, m->row) ? INT64_MIN : column_i64(c, m->row);
}

/* Characters of text; 1 for other values. */
static int64_t cell_length(const struct cell *c)
{
    if (c->field->type != TYPE_UTF8)
        return 1;
    struct slice s = column_slice(c->column, c->row);
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += (s.ptr[i] & 0xc0) != 0x80;
    return n;
}

/* What the cells of a candidate add up to. */
static int64_t sum_cells(const struct golden_plan *plan, const struct attribute *a,
                         const struct row_ref *members, const struct candidate *c,
                         enum survivor_rule_id rule)
{
    int64_t sum = 0;
    for (int i = 0; i < a->n_columns; i++) {
        struct cell cell = candidate_cell(plan, a, members, c, i);
        if (cell_empty(&cell))
            continue;
        if (rule == SURVIVE_COMPLETE)
            sum += 1;
        else if (rule == SURVIVE_VERIFIED)
            sum += value_verified(plan->linked->fields[a->columns[i]].name, &cell);
        else if (rule == SURVIVE_STRICTEST)
            sum += cell.field->type == TYPE_BOOL && !column_bool(cell.column, cell.row);
        else
            sum += cell_length(&cell);
    }
    return sum;
}

/* An unknown time ranks last whichever end is wanted; and INT64_MIN has no negative. */
static int64_t turned(int64_t time)
{
    return time == INT64_MIN ? INT64_MIN : -time;
}

static int64_t score(const struct golden_plan *plan, const struct attribute *a,
                     const struct row_ref *members, const struct candidate *c,
                     enum survivor_rule_id rule)
{
    const struct row_ref *m = &members[c->member];
    switch (rule) {
    case SURVIVE_TRUST:
        return trust_of(plan, m);
    case SURVIVE_RECENT:
    case SURVIVE_LAST:
        return time_of(plan, m);
    case SURVIVE_FIRST:
        return turned(time_of(plan, m));
    case SURVIVE_FREQUENT:
        return c->same;
    case SURVIVE_SHORTEST:
        return -sum_cells(plan, a, members, c, rule);
    case SURVIVE_MIN:
    case SURVIVE_MAX:
        return 0; /* by value: see by_rank */
    default:
        return sum_cells(plan, a, members, c, rule);
    }
}

struct ranking {
    const struct golden_plan *plan;
    const struct attribute *attribute;
    const struct row_ref *members;
};

static int compare_i64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* Where one of them is empty the cells say nothing. */
static int compare_cells(const struct cell *a, const struct cell *b)
{
    if (cell_empty(a) || cell_empty(b))
        return 0;
    return value_compare(a->field, a->column, a->row, b->column, b->row);
}

static int compare_values(const struct ranking *r, const struct candidate *x,
                          const struct candidate *y)
{
    int order = 0;
    for (int i = 0; i < r->attribute->n_columns && order == 0; i++) {
        struct cell a = candidate_cell(r->plan, r->attribute, r->members, x, i);
        struct cell b = candidate_cell(r->plan, r->attribute, r->members, y, i);
        order = compare_cells(&a, &b);
    }
    return order;
}

/* Negative when x ranks before y by this rule alone. */
static int by_rule(const struct ranking *r, int rule, const struct candidate *x,
                   const struct candidate *y)
{
    switch (r->attribute->prefer[rule]) {
    case SURVIVE_MIN:
        return compare_values(r, x, y);
    case SURVIVE_MAX:
        return compare_values(r, y, x);
    default:
        return compare_i64(y->score[rule], x->score[rule]);
    }
}

static int by_rank(const void *a, const void *b, void *arg)
{
    const struct ranking *r = arg;
    const struct candidate *x = a, *y = b;
    for (int rule = 0; rule < r->attribute->n_prefer; rule++) {
        int order = by_rule(r, rule, x, y);
        if (order)
            return order;
    }
    if (x->member != y->member)
        return x->member < y->member ? -1 : 1;
    return x->element - y->element;
}

/* The rule that set the winner apart from the best candidate with another value. */
static int decided_by(const struct ranking *r, const struct choice *c)
{
    if (c->n == 1)
        return DECIDED_ONLY;
    for (size_t i = 1; i < c->n; i++) {
        if (c->candidates[i].hash == c->candidates[0].hash)
            continue;
        for (int rule = 0; rule < r->attribute->n_prefer; rule++)
            if (by_rule(r, rule, &c->candidates[0], &c->candidates[i]))
                return rule;
        return DECIDED_ORDER;
    }
    return DECIDED_AGREE;
}

int choose(const struct golden_plan *plan, const struct attribute *a, const struct row_ref *members,
           size_t n, struct choice *ret)
{
    struct ranking r = {plan, a, members};
    TRY(gather(plan, a, members, n, ret));
    if (ret->n == 0)
        return 0;
    count_same(ret);
    for (size_t i = 0; i < ret->n; i++)
        for (int rule = 0; rule < a->n_prefer; rule++)
            ret->candidates[i].score[rule] =
                score(plan, a, members, &ret->candidates[i], a->prefer[rule]);
    qsort_r(ret->candidates, ret->n, sizeof *ret->candidates, by_rank, &r);
    ret->decided = decided_by(&r, ret);
    return 0;
}

const char *choice_rule(const struct attribute *a, const struct choice *c)
{
    switch (c->decided) {
    case DECIDED_ONLY:
        return "only";
    case DECIDED_AGREE:
        return "agree";
    case DECIDED_ORDER:
        return "order";
    default:
        return survivor_rule_name(a->prefer[c->decided]);
    }
}

const char *choice_why(const struct attribute *a, const struct choice *c, size_t loser)
{
    const struct candidate *winner = &c->candidates[0], *other = &c->candidates[loser];
    if (other->hash == winner->hash)
        return "same value";
    for (int rule = 0; rule < a->n_prefer; rule++)
        if (other->score[rule] != winner->score[rule])
            return survivor_rule_name(a->prefer[rule]);
    for (int rule = 0; rule < a->n_prefer; rule++)
        if (a->prefer[rule] == SURVIVE_MIN || a->prefer[rule] == SURVIVE_MAX)
            return survivor_rule_name(a->prefer[rule]);
    return "order";
}
