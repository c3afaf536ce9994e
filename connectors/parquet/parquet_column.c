#include "connectors/parquet/parquet_column.h"

int parquet_column_init(struct parquet_column *c, const struct parquet_leaf *leaf,
                        struct error *err)
{
    *c = (struct parquet_column){.leaf = leaf};
    if (parquet_dictionary_init(&c->dictionary, leaf->width) < 0)
        return error_memory(err);
    parquet_column_reset(c);
    return 0;
}

void parquet_column_done(struct parquet_column *c)
{
    parquet_shreds_done(&c->shreds);
    struct buffer *buffers[] = {&c->def,   &c->rep,   &c->codes,       &c->plain,
                                &c->pages, &c->infos, &c->index_bytes, &c->bloom};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        buffer_done(buffers[i]);
    parquet_dictionary_done(&c->dictionary);
    parquet_bounds_done(&c->bounds[0]);
    parquet_bounds_done(&c->bounds[1]);
    parquet_bounds_done(&c->chunk_bounds);
    parquet_bounds_done(&c->file_bounds);
}

void parquet_column_reset(struct parquet_column *c)
{
    c->coding = c->leaf->type != PARQUET_BOOLEAN && c->leaf->type != PARQUET_FIXED;
    c->ascending = c->descending = 1;
    c->chosen_level = 0;
    c->unbounded = c->n_bounded_pages = 0;
    c->n_pages = c->n_coded_pages = 0;
    c->n_slots = c->n_values = c->n_rows = c->raw_bytes = c->unpacked_bytes = 0;
    buffer_reset(&c->pages);
    buffer_reset(&c->infos);
    buffer_reset(&c->index_bytes);
    buffer_reset(&c->bloom);
    parquet_dictionary_reset(&c->dictionary);
    parquet_bounds_reset(&c->bounds[0]);
    parquet_bounds_reset(&c->bounds[1]);
    parquet_bounds_reset(&c->chunk_bounds);
}

/* How many of the rows from `first` to take at once: few enough that the page does not grow far
 * past its size when values are long. */
static int64_t step_rows(const struct parquet_column *c, const struct column *top, int64_t first,
                         int64_t left)
{
    int64_t n = PARQUET_PAGE_ROWS - c->page_rows;
    n = n < PARQUET_BLOCK ? n : PARQUET_BLOCK;
    n = n < left ? n : left;
    while (n > 1 && top->offsets && top->offsets[first + n] - top->offsets[first] > 1 << 18)
        n /= 2;
    return n;
}

static int page_is_full(const struct parquet_column *c)
{
    return c->page_rows >= PARQUET_PAGE_ROWS ||
           c->plain.len + c->codes.len / 2 + c->def.len >= PARQUET_PAGE_BYTES;
}

int parquet_column_add(struct parquet_column *c, const struct field *top_field,
                       const struct column *top, int64_t first, int64_t n, struct error *err)
{
    while (n > 0) {
        int64_t step = step_rows(c, top, first, n);
        struct parquet_shreds *s = &c->shreds;
        if (parquet_shred(c->leaf, top_field, top, first, step, s) < 0 ||
            buffer_append(&c->def, s->def.data, s->def.len) < 0 ||
            buffer_append(&c->rep, s->rep.data, s->rep.len) < 0)
            return error_memory(err);
        c->page_slots += s->n_slots;
        c->page_rows += step;
        TRY(parquet_encode(c, err));
        if (page_is_full(c))
            TRY(parquet_flush_page(c, err));
        first += step;
        n -= step;
    }
    return 0;
}

int parquet_column_finish(struct parquet_column *c, struct error *err)
{
    if (c->page_slots)
        TRY(parquet_flush_page(c, err));
    c->file_nulls += c->n_slots - c->n_values;
    return parquet_bounds_merge(&c->file_bounds, &c->chunk_bounds, c->leaf) < 0 ? error_memory(err)
                                                                                : 0;
}
