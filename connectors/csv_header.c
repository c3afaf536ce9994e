#include "connectors/csv_dialect.h"

enum { HEADER_MORE = 4 };

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "-1,234.50", "12 %", "€5", "1e-5". */
static int looks_number(struct slice s)
{
    size_t digits = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (is_digit(c))
            digits++;
        else if ((c == 'e' || c == 'E') && digits && i + 1 < s.len)
            continue;
        else if (!memchr("+-.,%() ", c, 8) && !(c == '$' && i < 2))
            return 0;
    }
    return digits > 0 && s.len <= 40;
}

/* Digits in groups of at most four, apart by one sign: 2026-03-01, 1.3.26, 12:30, with T and Z. */
static int looks_date(struct slice s)
{
    size_t groups = 0, run = 0;
    char sign = 0;

    if (s.len < 4 || s.len > 35 || !is_digit(s.ptr[0]))
        return 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (is_digit(c)) {
            if (run++ == 0)
                groups++;
            if (run > 6)
                return 0;
            continue;
        }
        run = 0;
        if (c == '-' || c == '/' || c == ':' || c == '.')
            sign = sign ? sign : c;
        else if (c != ' ' && c != 'T' && c != 'Z' && c != '+')
            return 0;
    }
    return groups >= (sign == ':' ? 2 : 3);
}

static int looks_email(struct slice s)
{
    const char *at = memchr(s.ptr, '@', s.len);

    if (!at || at == s.ptr || memchr(s.ptr, ' ', s.len))
        return 0;
    return memchr(at, '.', s.len - (size_t)(at - s.ptr)) != NULL;
}

static enum csv_cell_kind looks_text(struct slice s)
{
    int spaces = 0;

    if (s.len > 1 && (s.ptr[0] == '\'' || s.ptr[0] == '"') && s.ptr[s.len - 1] == s.ptr[0])
        return CELL_OTHER; /* quotes that were not taken off */
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == ' ' || c == '\n' || c == '\r')
            spaces = 1;
        else if (c == ',' && (i + 1 == s.len || s.ptr[i + 1] != ' '))
            return CELL_OTHER;
        else if ((unsigned char)c < 32 || memchr(";|^~\"\\{}", c, 8))
            return CELL_OTHER;
    }
    return spaces ? CELL_TEXT : CELL_WORD;
}

enum csv_cell_kind csv_cell_kind(struct slice cell)
{
    struct slice s = slice_trim(cell);

    if (!s.len)
        return CELL_EMPTY;
    if (looks_date(s))
        return CELL_DATE;
    if (looks_number(s))
        return CELL_NUMBER;
    if (looks_email(s))
        return CELL_EMAIL;
    if (slice_starts(s, SLICE_LIT("http://")) || slice_starts(s, SLICE_LIT("https://")))
        return CELL_URL;
    return looks_text(s);
}

struct votes {
    int header, data;
};

static int is_typed(enum csv_cell_kind kind)
{
    return kind >= CELL_NUMBER && kind <= CELL_URL;
}

static int is_year(struct slice s)
{
    s = slice_trim(s);
    return s.len == 4 && (slice_starts(s, SLICE_LIT("19")) || slice_starts(s, SLICE_LIT("20")));
}

/* The last part of names that exports use; compared without case. */
static int is_column_word(struct slice s)
{
    static const char *const words[] = {
        "id",        "name",    "email",       "e-mail",   "phone", "date",     "dob",
        "address",   "street",  "city",        "town",     "zip",   "postcode", "country",
        "state",     "surname", "title",       "gender",   "sex",   "age",      "amount",
        "price",     "total",   "currency",    "quantity", "qty",   "status",   "type",
        "code",      "key",     "number",      "no",       "at",    "created",  "time",
        "timestamp", "value",   "description", "category"};

    s = slice_trim(s);
    for (size_t i = s.len; i > 0; i--)
        if (memchr("_ .-", s.ptr[i - 1], 4)) {
            s = slice_of(s.ptr + i, s.len - i);
            break;
        }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (slice_equal_nocase(s, slice_str(words[i])))
            return 1;
    return 0;
}

static const struct slice *cell_at(const struct csv_sample *s, int row, int column)
{
    return column < s->widths[row] ? &s->cells[s->firsts[row] + column] : NULL;
}

/* What four in five of a column's cells from `row` on are, when that is more than words. */
static enum csv_cell_kind typed_below(const struct csv_sample *s, int row, int column)
{
    int kinds[CELL_OTHER + 1] = {0}, n = 0;

    for (; row < s->n_rows; row++) {
        const struct slice *cell = cell_at(s, row, column);
        enum csv_cell_kind k = cell ? csv_cell_kind(*cell) : CELL_EMPTY;
        kinds[k]++;
        n += k != CELL_EMPTY;
    }
    for (enum csv_cell_kind k = CELL_NUMBER; k <= CELL_URL; k++)
        if (n && kinds[k] * 5 >= n * 4)
            return k;
    return CELL_OTHER;
}

static void vote_column(const struct csv_sample *s, int first_row, int column, struct votes *v)
{
    int repeats = 0;
    const struct slice *first = cell_at(s, first_row, column);
    enum csv_cell_kind kind = first ? csv_cell_kind(*first) : CELL_EMPTY;

    if (kind == CELL_EMPTY)
        return;
    enum csv_cell_kind typed = typed_below(s, first_row + 1, column);
    for (int r = first_row + 1; r < s->n_rows; r++) {
        const struct slice *cell = cell_at(s, r, column);
        repeats += cell && slice_equal(*cell, *first);
    }
    v->header += is_column_word(*first) ? 3 : 0;
    if (is_typed(typed) && !is_typed(kind))
        v->header += 2;
    else if (is_typed(kind) && !(kind == CELL_NUMBER && is_year(*first)))
        v->data += 2;
    else if (repeats)
        v->data += 1;
}

int csv_header_guess(const struct csv_sample *sample, int first_row, int width)
{
    struct votes v = {0, 0};

    if (first_row >= sample->n_rows)
        return 1;
    for (int c = 0; c < width; c++)
        vote_column(sample, first_row, c, &v);
    return !(v.data > v.header && v.data >= 2);
}

/* Does the row hold words in all of the columns, two at least, that hold no words below? */
static int names_more(const struct csv_sample *s, int row, int width)
{
    int typed = 0;

    if (row + 4 > s->n_rows || s->widths[row] != width)
        return 0;
    for (int c = 0; c < width; c++) {
        const struct slice *cell = cell_at(s, row, c);
        if (!is_typed(typed_below(s, row + 1, c)))
            continue;
        enum csv_cell_kind kind = csv_cell_kind(*cell);
        if (kind != CELL_WORD && kind != CELL_TEXT)
            return 0;
        typed++;
    }
    return typed >= 2;
}

int csv_header_more(const struct csv_sample *sample, int first_row, int width)
{
    int more = 0;

    while (more < HEADER_MORE && names_more(sample, first_row + 1 + more, width))
        more++;
    return more;
}
