/* Splitting CSV text into rows and fields, by the law of docs/csv.md, in two ways that must agree
 * field for field: a vectorised one for regular text (every quote opens at a field's start, is
 * doubled, or closes at its end), and libcsv, or with an escape character our own scanner, for the
 * rest. Text is cut at row ends first; each piece can then be split by any thread. Pieces are under
 * 1 GiB. */
#ifndef SLUICE_CONNECTORS_CSV_SPLIT_H
#define SLUICE_CONNECTORS_CSV_SPLIT_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"

struct csv_marks {
    int delimiter; /* a byte below 128; 0: none, a line is one field */
    int quote;     /* 0: there is none */
    int escape;    /* 0: there is none; doubled quotes count in any case */
    int newline;   /* '\n' (a '\r' before it belongs to the line end) or '\r' */
    int padded;    /* a space behind a delimiter belongs to it */
};

struct csv_cut {
    size_t len;    /* of the whole rows from the front; 0: no row ends here */
    int64_t lines; /* line ends in them */
    int regular;   /* csv_split_fast may be used on them */
    int open;      /* the text ends inside quotes … */
    size_t opened; /* … that opened here; not told when `regular` */
};

/* Where the last whole row ends; with `at_end` the text is all there is and needs no line end. */
void csv_cut(const struct csv_marks *marks, struct slice text, int at_end, struct csv_cut *ret);
/* The end of the first row, after its line end; 0 when it is not in `text`. */
size_t csv_first_row(const struct csv_marks *marks, struct slice text, int at_end);
/* The law's scanner alone, for the tests. */
void csv_cut_slow(const struct csv_marks *marks, struct slice text, int at_end,
                  struct csv_cut *ret);

/* Fields stand in `text` (the piece itself, or what the slow way has written again in regular
 * form): field i of row r is number k = (r ? rows[r - 1] : 0) + i, starts behind the field before
 * it (the row's first at starts_in[r]) and ends before ends[k]. An empty line is a row of one empty
 * field. */
struct csv_split {
    const char *text;
    uint32_t *ends;
    size_t n_ends, cap_ends;
    uint32_t *rows;      /* fields up to and with row r */
    uint32_t *starts;    /* of row r in the piece; starts[n_rows] is its length */
    uint32_t *starts_in; /* of row r in `text`; the same array in regular text */
    size_t n_rows, cap_rows;
    struct buffer rewritten, field;
    uint32_t *own_starts_in;
};

void csv_split_done(struct csv_split *s);
/* 0 or ERR_MEMORY. `fast` only for pieces that csv_cut called regular. */
int csv_split_fast(struct csv_split *s, const struct csv_marks *marks, struct slice piece);
int csv_split_slow(struct csv_split *s, const struct csv_marks *marks, struct slice piece);

static inline uint32_t csv_row_first(const struct csv_split *s, size_t row)
{
    return row ? s->rows[row - 1] : 0;
}

static inline uint32_t csv_row_fields(const struct csv_split *s, size_t row)
{
    return s->rows[row] - csv_row_first(s, row);
}

/* As it stands, quotes and all. */
static inline struct slice csv_raw_field(const struct csv_split *s, size_t row, uint32_t i)
{
    uint32_t k = csv_row_first(s, row) + i;
    uint32_t from = i ? s->ends[k - 1] + 1 : s->starts_in[row];

    return slice_of(s->text + from, s->ends[k] - from);
}

/* The value: ptr NULL for an unquoted empty field; doubled quotes are undone in `scratch`. Returns
 * 0 or ERR_MEMORY. */
int csv_field(const struct csv_split *s, int quote, size_t row, uint32_t i, struct arena *scratch,
              struct slice *ret);
/* Field i of the n rows listed, each of which has it. */
int csv_column(const struct csv_split *s, int quote, const uint32_t *rows, size_t n, uint32_t i,
               struct arena *scratch, struct slice *ret);

/* One bit a byte, the first byte lowest. */
struct csv_block {
    uint64_t quote, delimiter, newline;
};
enum { CSV_BLOCK = 64, CSV_RUN = 64 }; /* bytes a block, blocks at a time */

/* Fills `ret` for n_blocks whole blocks. A mark of 0 matches nothing. */
typedef void csv_masker(const char *text, size_t n_blocks, const struct csv_marks *marks,
                        struct csv_block *ret);
csv_masker *csv_masker_best(void); /* for this processor */
csv_masker csv_mask_plain;

int csv_split_reserve(struct csv_split *s, size_t ends, size_t rows);

/* Bit i: the parity of bits 0 to i. Of the quotes in a word: what lies inside them. */
static inline uint64_t prefix_xor(uint64_t x)
{
    x ^= x << 1;
    x ^= x << 2;
    x ^= x << 4;
    x ^= x << 8;
    x ^= x << 16;
    return x ^ x << 32;
}

#endif
