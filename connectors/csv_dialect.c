#include "connectors/csv_dialect.h"

#include <stdlib.h>

/* Which dialect? Each candidate splits the sample; a good one gives rows of one width, several
 * fields wide, of cells that look like something. (The measure is that of van den Burg, Nazábal and
 * Sutton, "Wrangling messy CSV files by detecting row and type patterns", 2019, less its regular
 * expressions.) */

enum { SAMPLE_CELLS = 20000, SAMPLE_ROWS = 2000, PREAMBLE_ROWS = 20, PADDED_LEAST = 4 };

struct candidate {
    struct csv_marks marks;
    double score;
};

int csv_newline(struct slice head)
{
    size_t feeds = 0, returns = 0;

    for (size_t i = 0; i < head.len; i++) {
        feeds += head.ptr[i] == '\n';
        returns += head.ptr[i] == '\r' && !(i + 1 < head.len && head.ptr[i + 1] == '\n');
    }
    return returns > feeds ? '\r' : '\n';
}

struct splitting {
    struct slice header_starts, trailer_starts; /* records that are not rows */
    struct csv_split split;
    struct arena scratch;
    struct csv_sample sample;
};

static int splitting_init(struct splitting *s)
{
    *s = (struct splitting){0};
    arena_init(&s->scratch, 0);
    s->sample.cells = calloc(SAMPLE_CELLS, sizeof(struct slice));
    s->sample.firsts = calloc(3 * SAMPLE_ROWS, sizeof(int));
    s->sample.quoted = calloc(SAMPLE_CELLS, 1);
    if (!s->sample.cells || !s->sample.firsts || !s->sample.quoted)
        return ERR_MEMORY;
    s->sample.widths = s->sample.firsts + SAMPLE_ROWS;
    s->sample.lines = s->sample.widths + SAMPLE_ROWS;
    return 0;
}

static void splitting_done(struct splitting *s)
{
    csv_split_done(&s->split);
    arena_done(&s->scratch);
    free(s->sample.cells);
    free(s->sample.quoted);
    free(s->sample.firsts);
}

/* Neither an empty line nor a record of the layout's. */
static int is_sample_row(const struct splitting *s, struct slice text, size_t row)
{
    const uint32_t *starts = s->split.starts;
    struct slice raw = slice_of(text.ptr + starts[row], starts[row + 1] - starts[row]);

    if (csv_row_fields(&s->split, row) == 1 && !csv_raw_field(&s->split, row, 0).len)
        return 0;
    return !(s->header_starts.len && slice_starts(raw, s->header_starts)) &&
           !(s->trailer_starts.len && slice_starts(raw, s->trailer_starts));
}

static int take_sample_row(struct splitting *s, int quote, size_t row)
{
    struct csv_sample *m = &s->sample;
    int n = (int)csv_row_fields(&s->split, row);

    m->firsts[m->n_rows] = m->n_cells;
    m->widths[m->n_rows] = n;
    for (int i = 0; i < n; i++) {
        struct slice raw = csv_raw_field(&s->split, row, (uint32_t)i);
        m->quoted[m->n_cells] = quote && raw.len && (unsigned char)raw.ptr[0] == quote;
        TRY(csv_field(&s->split, quote, row, (uint32_t)i, &s->scratch, &m->cells[m->n_cells++]));
    }
    m->n_rows++;
    return 0;
}

/* Splits the sample's whole rows; when none is whole (a quote left open), all of it. */
static int split_sample(struct splitting *s, const struct csv_marks *marks, struct slice text,
                        int whole)
{
    struct csv_cut cut;
    int line = 0;
    size_t at = 0;

    s->sample.n_rows = s->sample.n_cells = 0;
    arena_reset(&s->scratch);
    csv_cut(marks, text, whole, &cut);
    text.len = cut.len ? cut.len : text.len;
    TRY(cut.len && cut.regular ? csv_split_fast(&s->split, marks, text)
                               : csv_split_slow(&s->split, marks, text));
    for (size_t r = 0; r < s->split.n_rows; r++) {
        for (; at < s->split.starts[r]; at++)
            line += text.ptr[at] == marks->newline;
        if (!is_sample_row(s, text, r))
            continue;
        if (s->sample.n_rows == SAMPLE_ROWS ||
            s->sample.n_cells + (int)csv_row_fields(&s->split, r) > SAMPLE_CELLS)
            break;
        s->sample.lines[s->sample.n_rows] = line;
        TRY(take_sample_row(s, marks->quote, r));
    }
    return 0;
}

/* Many rows of few widths, and wide ones. */
static double pattern_score(const struct csv_sample *s)
{
    double sum = 0;
    int kinds = 0;

    for (int r = 0; r < s->n_rows; r++) {
        int seen = 0;
        for (int q = 0; q < r && !seen; q++)
            seen = s->widths[q] == s->widths[r];
        kinds += !seen;
        sum += s->widths[r] > 1 ? (double)(s->widths[r] - 1) / s->widths[r] : .001;
    }
    return kinds ? sum / kinds : 0;
}

/* Quotes vouch for what is in them. */
static double type_score(const struct csv_sample *s)
{
    int known = 0;

    for (int i = 0; i < s->n_cells; i++)
        known += s->quoted[i] || csv_cell_kind(s->cells[i]) != CELL_OTHER;
    return s->n_cells ? (double)known / s->n_cells + 1e-6 : 0;
}

/* What people separate with, the unlikely ones weighed down. */
static const struct {
    char byte;
    double weight;
} delimiters[] = {{',', 1},  {';', 1},     {'\t', 1},    {'|', 1}, {'^', .9},
                  {'~', .9}, {'\x1f', .9}, {'\x01', .9}, {':', .5}};

static int measure(struct splitting *s, struct candidate *c, double weight, struct slice text,
                   int whole)
{
    TRY(split_sample(s, &c->marks, text, whole));
    c->score = weight * pattern_score(&s->sample) * type_score(&s->sample);
    return 0;
}

static size_t count_pairs(struct slice text, char a, char b)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < text.len; i++)
        n += text.ptr[i] == a && text.ptr[i + 1] == b;
    return n;
}

/* A backslash escapes when that makes better rows, or as good ones and no quote is doubled. */
static int try_escape(struct splitting *s, struct candidate *best, struct slice text, int whole)
{
    struct candidate c = *best;
    char quote = (char)best->marks.quote;
    double plain;

    if (!quote || !count_pairs(text, '\\', quote))
        return 0;
    TRY(measure(s, &c, 1, text, whole));
    plain = c.score;
    c.marks.escape = '\\';
    TRY(measure(s, &c, 1, text, whole));
    if (c.score > plain || (c.score >= plain && !count_pairs(text, quote, quote)))
        best->marks.escape = '\\';
    return 0;
}

/* Fields but each row's first that hold anything: those that begin with a space, and others. */
static void count_padded(const struct csv_sample *s, int *ret_padded, int *ret_others)
{
    *ret_padded = *ret_others = 0;
    for (int r = 0; r < s->n_rows; r++)
        for (int i = 1; i < s->widths[r]; i++) {
            struct slice cell = s->cells[s->firsts[r] + i];
            if (cell.len && cell.ptr[0] == ' ')
                ++*ret_padded;
            else
                *ret_others += cell.len > 0;
        }
}

/* A space behind every delimiter belongs to it: then a quote behind it opens. Where it does not,
 * what a quote holds is split, so that the rows are less even. */
static int try_padding(struct splitting *s, const struct layout *layout, struct candidate *best,
                       struct slice text, int whole)
{
    struct candidate c = *best;
    char pair[2] = {(char)best->marks.delimiter, ' '};
    int padded, others;

    if (layout->padded != LAYOUT_AUTO || !best->marks.delimiter ||
        !memmem(text.ptr, text.len, pair, 2))
        return 0;
    TRY(measure(s, &c, 1, text, whole));
    double plain = c.score;
    count_padded(&s->sample, &padded, &others);
    c.marks.padded = 1;
    TRY(measure(s, &c, 1, text, whole));
    best->marks.padded = padded >= PADDED_LEAST && ((!others && c.score >= plain) ||
                                                    (padded > 4 * others && c.score > plain * 1.2));
    return 0;
}

static int find_marks(struct splitting *s, const struct layout *layout, struct slice text,
                      int whole, struct candidate *best)
{
    static const char quotes[] = {'"', '\''};
    const struct csv_marks known = best->marks;

    best->score = -1;
    for (size_t d = 0; d < sizeof(delimiters) / sizeof(delimiters[0]); d++)
        for (size_t q = 0; q < sizeof(quotes); q++) {
            struct candidate c = {.marks = known};
            if (layout->delimiter == LAYOUT_AUTO)
                c.marks.delimiter = delimiters[d].byte;
            else if (d)
                continue;
            if (layout->quote == LAYOUT_AUTO)
                c.marks.quote = quotes[q];
            else if (q)
                continue;
            if ((q && !memchr(text.ptr, c.marks.quote, text.len)) ||
                (d && !memchr(text.ptr, c.marks.delimiter, text.len)))
                continue;
            TRY(measure(s, &c, layout->delimiter == LAYOUT_AUTO ? delimiters[d].weight : 1, text,
                        whole));
            if (c.score > best->score * 1.0001)
                *best = c;
        }
    TRY(try_padding(s, layout, best, text, whole));
    if (layout->escape == LAYOUT_AUTO)
        TRY(try_escape(s, best, text, whole));
    return 0;
}

static int most_frequent_width(const struct csv_sample *s, int *ret_n)
{
    int width = 1, best = 0;

    for (int r = 0; r < s->n_rows; r++) {
        int n = 0;
        for (int q = 0; q < s->n_rows; q++)
            n += s->widths[q] == s->widths[r];
        if (n > best || (n == best && s->widths[r] > width)) {
            best = n;
            width = s->widths[r];
        }
    }
    *ret_n = best;
    return width;
}

static int filled_cells(const struct csv_sample *s, int row)
{
    int n = 0;

    for (int i = 0; i < s->widths[row]; i++)
        n += s->cells[s->firsts[row] + i].len > 0;
    return n;
}

/* Titles and empty rows as a spreadsheet writes them, as wide as the table: up to the row that
 * fills most of its cells, which must name the columns. */
static int sparse_rows(const struct csv_sample *s, int width)
{
    int r = 0;

    if (width < 4)
        return 0;
    while (r < s->n_rows && r < PREAMBLE_ROWS && s->widths[r] == width && filled_cells(s, r) <= 1)
        r++;
    return r + 1 < s->n_rows && filled_cells(s, r) * 4 >= width * 3 && csv_header_guess(s, r, width)
               ? r
               : 0;
}

/* Lines of a title or remarks before the table: much narrower than most rows, or all but empty. */
static int preamble_rows(const struct csv_sample *s)
{
    int n, width = most_frequent_width(s, &n), r = 0;

    if (width < 2 || n < 2)
        return 0;
    while (r < s->n_rows && r < PREAMBLE_ROWS && s->widths[r] != width) {
        if (s->widths[r] > 1 && s->widths[r] * 2 > width)
            return 0;
        r++;
    }
    if (r == 0)
        return sparse_rows(s, width);
    return r < s->n_rows && s->widths[r] == width && (s->n_rows - r) * 3 <= n * 4 ? r : 0;
}

static void find_start(const struct csv_sample *s, const struct layout *layout,
                       struct csv_dialect *ret)
{
    int first = 0, n;

    ret->skip = layout->skip;
    ret->header = layout->header;
    if (layout->header != LAYOUT_AUTO)
        return;
    ret->header = 1;
    if (!s->n_rows)
        return;
    if (!layout->skip && (first = preamble_rows(s)))
        ret->skip = s->lines[first];
    ret->header = csv_header_guess(s, first, most_frequent_width(s, &n));
    if (ret->header)
        ret->header += csv_header_more(s, first, most_frequent_width(s, &n));
}

static struct slice without_lines(struct slice text, int n, int newline)
{
    for (; n > 0 && text.len; n--) {
        const char *end = memchr(text.ptr, newline, text.len);
        size_t len = end ? (size_t)(end - text.ptr) + 1 : text.len;
        text = slice_of(text.ptr + len, text.len - len);
    }
    return text;
}

/* CSV has no magic: text of several columns is likely, of one barely. */
static int how_sure(const struct csv_sample *s, struct slice text)
{
    size_t control = 0;
    int n, width = most_frequent_width(s, &n);

    for (size_t i = 0; i < text.len; i++)
        control += (unsigned char)text.ptr[i] < 32 && !memchr("\t\n\r\f\x1f\x01", text.ptr[i], 6);
    if (!text.len || control * 50 > text.len || slice_utf8_valid(text) + 4 < text.len / 2)
        return 0;
    if (width < 2)
        return 5;
    return n * 10 >= s->n_rows * 8 ? 40 : 20;
}

int csv_dialect_detect(const struct layout *layout, struct slice head, int whole,
                       struct csv_dialect *ret)
{
    struct candidate best = {.marks = {.delimiter = layout->delimiter,
                                       .padded = layout->padded == 1,
                                       .quote = layout->quote,
                                       .escape = layout->escape == LAYOUT_AUTO ? 0 : layout->escape,
                                       .newline = csv_newline(head)}};
    struct splitting s;
    struct slice text = without_lines(head, layout->skip, best.marks.newline);
    int code = splitting_init(&s), sure = 0;

    s.header_starts = slice_str(layout->header_starts);
    s.trailer_starts = slice_str(layout->trailer_starts);
    if (best.marks.escape == best.marks.quote)
        best.marks.escape = 0;
    if (code >= 0 && text.len)
        code = find_marks(&s, layout, text, whole, &best);
    if (best.marks.delimiter == LAYOUT_AUTO)
        best.marks.delimiter = ',';
    if (best.marks.quote == LAYOUT_AUTO)
        best.marks.quote = '"';
    ret->marks = best.marks;
    if (code >= 0 && text.len)
        code = split_sample(&s, &best.marks, text, whole);
    find_start(&s.sample, layout, ret);
    if (code >= 0)
        sure = how_sure(&s.sample, head);
    splitting_done(&s);
    return code < 0 ? code : sure;
}
