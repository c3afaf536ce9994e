#include "connectors/parquet/parquet_skip.h"

#include "connectors/parquet/parquet_index.h"

enum { DISCARD_ROWS = 8192 };

struct planning {
    const struct parquet_source *source;
    const struct parquet_tree *tree;
    const struct parquet_group_meta *g;
    const struct expression *e;
    struct arena *arena;
    int *leaf_of;                    /* per column of the expression; -1: nothing is known */
    struct expression_range *ranges; /* likewise */
    struct expression_range **pages; /* likewise; NULL */
    struct error *err;
};

static int all_rows(const struct parquet_group_meta *g, struct arena *a, struct parquet_skip *ret,
                    struct error *err)
{
    ret->keep = ARENA_NEW(a, struct parquet_rows);
    if (!ret->keep)
        return error_memory(err);
    ret->keep->end = g->n_rows;
    ret->n_keep = g->n_rows > 0;
    return 0;
}

/* A flat column of the file, whose values are of the kind that the filter was checked with: a table
 * may have given it another type. */
static int find_leaf(const struct planning *p, int column)
{
    const struct field *bound = &p->e->schema->fields[p->e->indexes[column]];
    for (int i = 0; i < p->tree->n_fields; i++) {
        const struct parquet_node *n = &p->tree->fields[i];
        if (!slice_equal(n->out->name, p->e->columns[column]))
            continue;
        return n->kind == PARQUET_NODE_LEAF && n->max_rep == 0 &&
                       expression_kind(n->out) == expression_kind(bound)
                   ? n->first_leaf
                   : -1;
    }
    return -1;
}

static const struct parquet_node *leaf_node(const struct parquet_tree *t, int leaf)
{
    for (int i = 0; i < t->n_fields; i++)
        if (t->fields[i].kind == PARQUET_NODE_LEAF && t->fields[i].first_leaf == leaf)
            return &t->fields[i];
    return NULL;
}

static void unknown(struct expression_range *r, int64_t rows)
{
    *r = (struct expression_range){.nulls = -1, .rows = rows};
}

static int find_ranges(struct planning *p)
{
    size_t n = (size_t)p->e->n_columns + 1;
    p->leaf_of = ARENA_ARRAY(p->arena, int, n);
    p->ranges = ARENA_ARRAY(p->arena, struct expression_range, n);
    p->pages = ARENA_ARRAY(p->arena, struct expression_range *, n);
    if (!p->leaf_of || !p->ranges || !p->pages)
        return error_memory(p->err);
    for (int i = 0; i < p->e->n_columns; i++) {
        p->leaf_of[i] = find_leaf(p, i);
        unknown(&p->ranges[i], p->g->n_rows);
        if (p->leaf_of[i] >= 0 &&
            parquet_chunk_range(leaf_node(p->tree, p->leaf_of[i]), &p->g->chunks[p->leaf_of[i]],
                                p->g->n_rows, p->arena, &p->ranges[i]) < 0)
            return error_memory(p->err);
    }
    return 0;
}

static int absent(void *arg, int column, const struct value *v)
{
    const struct planning *p = arg;
    int leaf = p->leaf_of[column];
    return leaf >= 0 &&
           parquet_bloom_absent(p->source, leaf_node(p->tree, leaf), &p->g->chunks[leaf], v);
}

static int read_pages(struct planning *p, struct parquet_skip *skip)
{
    for (int i = 0; i < p->tree->n_leaves; i++)
        if (leaf_node(p->tree, i))
            TRY(parquet_places_read(p->source, &p->g->chunks[i], p->g->n_rows, p->arena,
                                    &skip->places[i], p->err));
    for (int i = 0; i < p->e->n_columns; i++) {
        int leaf = p->leaf_of[i];
        if (leaf >= 0)
            TRY(parquet_page_ranges(p->source, leaf_node(p->tree, leaf), &p->g->chunks[leaf],
                                    p->g->n_rows, &skip->places[leaf], p->arena, &p->pages[i],
                                    p->err));
    }
    return 0;
}

/* The end of what begins at `row` and is in one page of each column of the filter; the pages'
 * ranges become the columns'. `at` is the page that each column is in. */
static int64_t next_cut(struct planning *p, const struct parquet_skip *skip, int64_t row, int *at)
{
    int64_t end = p->g->n_rows;
    for (int i = 0; i < p->e->n_columns; i++) {
        if (!p->pages[i])
            continue;
        const struct parquet_page_places *places = &skip->places[p->leaf_of[i]];
        while (at[i] + 1 < places->n && places->first_row[at[i] + 1] <= row)
            at[i]++;
        p->ranges[i] = p->pages[i][at[i]];
        if (at[i] + 1 < places->n && places->first_row[at[i] + 1] < end)
            end = places->first_row[at[i] + 1];
    }
    return end;
}

static int most_cuts(const struct planning *p, const struct parquet_skip *skip)
{
    int n = 1;
    for (int i = 0; i < p->e->n_columns; i++)
        n += p->pages[i] ? skip->places[p->leaf_of[i]].n : 0;
    return n;
}

static int keep_pages(struct planning *p, struct parquet_skip *skip)
{
    struct expression_facts facts = {.ranges = p->ranges};
    struct parquet_rows *keep =
        ARENA_ARRAY(p->arena, struct parquet_rows, (size_t)most_cuts(p, skip));
    int *at = ARENA_ARRAY(p->arena, int, (size_t)p->e->n_columns + 1), n = 0;
    if (!keep || !at)
        return error_memory(p->err);
    for (int64_t row = 0, end; row < p->g->n_rows; row = end) {
        end = next_cut(p, skip, row, at);
        if (!expression_possible(p->e, &facts))
            continue;
        if (n && keep[n - 1].end == row)
            keep[n - 1].end = end;
        else
            keep[n++] = (struct parquet_rows){row, end};
    }
    skip->keep = keep;
    skip->n_keep = n;
    return 0;
}

static int is_kept(const struct parquet_skip *skip, int64_t from, int64_t end)
{
    for (int i = 0; i < skip->n_keep; i++)
        if (skip->keep[i].from < end && from < skip->keep[i].end)
            return 1;
    return 0;
}

static void count_pages(const struct planning *p, const struct parquet_skip *skip,
                        const int *wanted, struct read_skipped *to)
{
    for (int i = 0; i < p->tree->n_fields; i++) {
        if (wanted[i] < 0 || p->tree->fields[i].kind != PARQUET_NODE_LEAF)
            continue;
        const struct parquet_page_places *places = &skip->places[p->tree->fields[i].first_leaf];
        for (int k = 0; k < places->n; k++)
            to->pages += !is_kept(skip, places->first_row[k],
                                  k + 1 < places->n ? places->first_row[k + 1] : p->g->n_rows);
        to->all_pages += places->n;
    }
}

static int plan(struct planning *p, const struct read_options *options, const int *wanted,
                struct parquet_skip *ret)
{
    struct read_skipped local = {0};
    struct read_skipped *count = options->ret_skipped ? options->ret_skipped : &local;
    struct expression_facts facts = {.arg = p, .absent = absent};
    TRY(find_ranges(p));
    facts.ranges = p->ranges;
    count->all_groups++;
    if (!expression_possible(p->e, &facts)) {
        count->groups++;
        return 0;
    }
    TRY(read_pages(p, ret));
    TRY(keep_pages(p, ret));
    count_pages(p, ret, wanted, count);
    return 0;
}

int parquet_skip_plan(const struct parquet_source *source, const struct parquet_tree *tree,
                      const struct parquet_group_meta *g, const struct read_options *options,
                      const int *wanted, struct arena *a, struct parquet_skip *ret,
                      struct error *err)
{
    struct planning p = {
        .source = source, .tree = tree, .g = g, .e = options->where, .arena = a, .err = err};
    *ret = (struct parquet_skip){0};
    ret->places = ARENA_ARRAY(a, struct parquet_page_places, (size_t)tree->n_leaves + 1);
    if (!ret->places)
        return error_memory(err);
    if (!p.e || !p.e->schema)
        return all_rows(g, a, ret, err);
    return plan(&p, options, wanted, ret);
}

/* The page that a row is in. */
static int page_of(const struct parquet_page_places *places, int64_t row)
{
    int low = 0, high = places->n;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (places->first_row[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Over whole pages; those before them need no index for it. */
static int pass_pages(struct parquet_leaf_reader *r, int64_t *from, int64_t to, struct error *err)
{
    int64_t ahead = r->n_ahead - r->ahead, passed;
    if (ahead + r->pages.page_left > to - *from)
        return 0;
    TRY(parquet_pages_pass(&r->pages, to - *from - ahead, &passed, err));
    *from += ahead + passed;
    r->ahead = r->n_ahead = 0;
    return 0;
}

int parquet_skip_to(struct parquet_leaf_reader *r, const struct parquet_page_places *places,
                    int64_t n_rows, int64_t from, int64_t to, struct error *err)
{
    if (from < to && places->at && !r->pages.leaf->max_rep) {
        int page = page_of(places, to);
        if (page > page_of(places, from)) {
            from = places->first_row[page];
            TRY(parquet_pages_seek(&r->pages, places->at[page], from, n_rows, err));
            r->ahead = r->n_ahead = 0;
        }
    }
    if (from < to && !r->pages.leaf->max_rep)
        TRY(pass_pages(r, &from, to, err));
    while (from < to) {
        int64_t n = to - from < DISCARD_ROWS ? to - from : DISCARD_ROWS;
        TRY(parquet_leaf_read(r, n, err));
        from += n;
    }
    return 0;
}
