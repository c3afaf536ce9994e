#include "pipelines/train/label_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "core/rows.h"
#include "pipelines/train/label_conflicts.h"

enum { COLUMNS_MOST = 64 };

/* What one column of the file holds. */
struct column_look {
    int64_t filled, ids, labels;
    int named; /* after labels */
};

struct labelling {
    const struct label_options *o;
    struct schema *schema;
    struct batch **batches;
    int n_batches;
    struct row_ref *rows;
    size_t n;
    int n_columns;   /* less the places */
    int a, b, label; /* columns; label -1: all are matches */
    struct column_look looks[COLUMNS_MOST];
    struct buffer text[3];
    struct label_row *list; /* rows with two known records and a label */
    size_t n_list;
    uint32_t *root;
};

int label_word(struct slice text)
{
    static const char *const same[] = {"1",     "1.0",     "y",    "yes",       "t",    "true",
                                       "match", "matched", "same", "duplicate", "link", NULL};
    static const char *const different[] = {"0",        "0.0",           "n",         "no",
                                            "f",        "false",         "nomatch",   "nonmatch",
                                            "notmatch", "notamatch",     "unmatched", "different",
                                            "distinct", "notaduplicate", "nolink",    NULL};
    static const char *const undecided[] = {"",          "?",     "unsure", "unclear",
                                            "undecided", "maybe", "null",   NULL};
    char word[24];
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || c == '-' || c == '_')
            continue;
        if (n + 1 == sizeof word)
            return -2;
        word[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    word[n] = 0;
    for (int i = 0; same[i]; i++)
        if (strcmp(word, same[i]) == 0)
            return 1;
    for (int i = 0; different[i]; i++)
        if (strcmp(word, different[i]) == 0)
            return 0;
    for (int i = 0; undecided[i]; i++)
        if (strcmp(word, undecided[i]) == 0)
            return -1;
    return -2;
}

static int is_label_name(struct slice name)
{
    static const char *const names[] = {"label", "match",    "is_match",
                                        "same",  "decision", "verdict"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(name, slice_str(names[i])))
            return 1;
    return 0;
}

/* A cell as text, trimmed, in one of three buffers. */
static struct slice cell(struct labelling *l, size_t row, int column, int buffer)
{
    const struct row_ref *r = &l->rows[row];
    const struct column *c = &r->batch->columns[column];
    buffer_reset(&l->text[buffer]);
    if (column_null(c, r->row) ||
        value_text(&l->schema->fields[column], c, r->row, &l->text[buffer]) < 0)
        return SLICE_LIT("");
    return slice_trim(buffer_view(&l->text[buffer]));
}

static void look_at_columns(struct labelling *l)
{
    for (int c = 0; c < l->n_columns; c++) {
        struct column_look *look = &l->looks[c];
        look->named = is_label_name(l->schema->fields[c].name);
        for (size_t i = 0; i < l->n; i++) {
            struct slice text = cell(l, i, c, 0);
            look->filled += text.len > 0;
            look->ids += text.len && dict_find(l->o->ids, text) >= 0;
            look->labels += label_word(text) >= 0;
        }
    }
}

static int could_be_label(const struct column_look *look)
{
    return look->named || (look->filled && look->labels == look->filled);
}

/* Ids may be 0 and 1, and labels ids: a column that could be of labels comes last. */
static int better_ids(const struct labelling *l, int x, int y)
{
    const struct column_look *a = &l->looks[x], *b = &l->looks[y];
    if (l->n_columns > 2 && could_be_label(a) != could_be_label(b))
        return could_be_label(b);
    return a->ids != b->ids ? a->ids > b->ids : x < y;
}

static int find_label_column(const struct labelling *l)
{
    int found = -1;
    for (int c = 0; c < l->n_columns; c++) {
        if (c == l->a || c == l->b)
            continue;
        if (found < 0 || l->looks[c].named > l->looks[found].named ||
            (l->looks[c].named == l->looks[found].named &&
             l->looks[c].labels > l->looks[found].labels))
            found = c;
    }
    return found >= 0 && (l->looks[found].named || l->looks[found].labels > 0) ? found : -1;
}

static int find_columns(struct labelling *l, struct error *err)
{
    l->n_columns = 0;
    while (l->n_columns < l->schema->n_fields &&
           !slice_starts(l->schema->fields[l->n_columns].name, SLICE_LIT("__")))
        l->n_columns++;
    if (l->n_columns < 2 || l->n_columns > COLUMNS_MOST)
        return error_set(err, ERR_DATA,
                         "labels have two columns of record ids and one of labels, not %d columns",
                         l->n_columns);
    look_at_columns(l);
    l->a = 0;
    for (int c = 1; c < l->n_columns; c++)
        l->a = better_ids(l, c, l->a) ? c : l->a;
    l->b = l->a == 0;
    for (int c = 0; c < l->n_columns; c++)
        l->b = c != l->a && better_ids(l, c, l->b) ? c : l->b;
    if (l->a > l->b) {
        int a = l->a;
        l->a = l->b;
        l->b = a;
    }
    l->label = l->n_columns > 2 ? find_label_column(l) : -1;
    if (l->n && !l->looks[l->a].ids && !l->looks[l->b].ids)
        return error_set(
            err, ERR_DATA,
            "no column of the labels holds ids of the records: '%s' and '%s' hold none",
            l->schema->fields[l->a].name.ptr, l->schema->fields[l->b].name.ptr);
    if (l->n && l->n_columns > 2 && l->label < 0)
        return error_set(
            err, ERR_DATA,
            "no column of the labels says whether a pair is one customer: 1 and 0, yes "
            "and no, match and no match are understood");
    return 0;
}

static int64_t line_of(const struct labelling *l, size_t row)
{
    int line = schema_find(l->schema, SLICE_LIT("__line"));
    const struct row_ref *r = &l->rows[row];
    return line >= 0 && !column_null(&r->batch->columns[line], r->row)
               ? column_i64(&r->batch->columns[line], r->row)
               : 0;
}

static struct slice place_text(const struct labelling *l, size_t row, const char *name)
{
    int column = schema_find(l->schema, slice_str(name));
    return column < 0 ? SLICE_LIT("") : row_text(&l->rows[row], column);
}

static int put_bad(struct labelling *l, struct label_list *ret, size_t row, const char *code,
                   const char *text)
{
    int64_t line = line_of(l, row);
    struct slice raw = SLICE_LIT("");
    int at = schema_find(l->schema, SLICE_LIT("__raw"));
    if (at >= 0 && !column_null(&l->rows[row].batch->columns[at], l->rows[row].row))
        raw = column_slice(&l->rows[row].batch->columns[at], l->rows[row].row);
    const struct reject reject = {.file = place_text(l, row, "__file"),
                                  .member = place_text(l, row, "__member"),
                                  .line = line,
                                  .offset = -1,
                                  .code = code,
                                  .text = slice_str(text),
                                  .raw = raw};
    ret->bad++;
    if (l->o->say)
        l->o->say(l->o->arg, line, (int64_t)row + 1, text);
    return l->o->rejects ? reject_add(l->o->rejects, &reject) : 0;
}

/* As much of an id or a word as a message quotes. */
static struct slice slice_head(struct slice s)
{
    s.len = s.len < 80 ? s.len : 80;
    s.len = slice_utf8_valid(s);
    return s;
}

/* One row: into the list, among the undecided, or a reject that says why. */
static int take_row(struct labelling *l, struct label_list *ret, size_t row)
{
    struct slice a = cell(l, row, l->a, 0), b = cell(l, row, l->b, 1);
    struct slice word = l->label < 0 ? SLICE_LIT("1") : cell(l, row, l->label, 2);
    int64_t x = dict_find(l->o->ids, a), y = dict_find(l->o->ids, b);
    int same = label_word(word);
    char text[300];
    struct slice shown = slice_head(x < 0 ? a : b), other = slice_head(b);
    if (x < 0 && y < 0 && !slice_equal(a, b)) {
        snprintf(text, sizeof text, "no records '%.*s' and '%.*s'", (int)shown.len, shown.ptr,
                 (int)other.len, other.ptr);
        return put_bad(l, ret, row, "unknown-record", text);
    }
    if (x < 0 || y < 0) {
        snprintf(text, sizeof text, "no record '%.*s'", (int)shown.len, shown.ptr);
        return put_bad(l, ret, row, "unknown-record", text);
    }
    if (x == y) {
        snprintf(text, sizeof text, "record '%.*s' with itself", (int)shown.len, shown.ptr);
        return put_bad(l, ret, row, "same-record", text);
    }
    if (same == -2) {
        shown = slice_head(word);
        snprintf(text, sizeof text, "'%.*s' is no label: 1 or 0, yes or no, match or no match",
                 (int)shown.len, shown.ptr);
        return put_bad(l, ret, row, "bad-label", text);
    }
    if (same == -1) {
        ret->undecided++;
        return 0;
    }
    uint32_t low = (uint32_t)(x < y ? x : y), high = (uint32_t)(x < y ? y : x);
    l->list[l->n_list++] =
        (struct label_row){.a = low, .b = high, .same = same, .row = (uint32_t)row};
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    const struct label_row *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    if (x->same != y->same)
        return x->same - y->same;
    return (x->row > y->row) - (x->row < y->row);
}

static int compare_by_row(const void *a, const void *b)
{
    const struct label_row *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

/* "lines 2, 5" or, where lines are not known, "rows 1, 4". */
static void put_lines(const struct labelling *l, const struct label_row *r, char out[120])
{
    int known = line_of(l, r->row) > 0;
    size_t at =
        (size_t)snprintf(out, 120, "%s%s", known ? "line" : "row", r->n_against > 1 ? "s" : "");
    for (int i = 0; i < r->n_against && at < 100; i++)
        at += (size_t)snprintf(
            out + at, 120 - at, "%s %lld", i ? "," : "",
            (long long)(known ? line_of(l, r->against[i]) : (int64_t)r->against[i] + 1));
    if (r->n_against == CONFLICT_LINES && at < 110)
        snprintf(out + at, 120 - at, " …");
}

static int put_conflict(struct labelling *l, struct label_list *ret, const struct label_row *r)
{
    struct slice a = slice_head(dict_get(l->o->ids, r->a)),
                 b = slice_head(dict_get(l->o->ids, r->b));
    char lines[120], text[400];
    put_lines(l, r, lines);
    if (r->same)
        snprintf(text, sizeof text,
                 "'%.*s' and '%.*s' are labelled the same, which %s contradict%s", (int)a.len,
                 a.ptr, (int)b.len, b.ptr, lines, r->n_against > 1 ? "" : "s");
    else
        snprintf(text, sizeof text,
                 "'%.*s' and '%.*s' are labelled different, but %s make%s them one customer",
                 (int)a.len, a.ptr, (int)b.len, b.ptr, lines, r->n_against > 1 ? "" : "s");
    return put_bad(l, ret, r->row, "label-conflict", text);
}

/* Conflicts are told in order of the file, and leave the list. */
static int drop_conflicts(struct labelling *l, struct label_list *ret)
{
    size_t kept = 0;
    if (l->n_list)
        qsort(l->list, l->n_list, sizeof *l->list, compare_by_row);
    for (size_t i = 0; i < l->n_list; i++) {
        if (l->list[i].bad)
            TRY(put_conflict(l, ret, &l->list[i]));
        else
            l->list[kept++] = l->list[i];
    }
    l->n_list = kept;
    if (kept)
        qsort(l->list, kept, sizeof *l->list, compare_rows);
    return 0;
}

/* A customer's group is known by the smallest of its records' names, whatever the order of rows. */
static int name_groups(struct labelling *l, struct label_list *ret)
{
    uint32_t n = l->o->ids->n;
    uint32_t *first = malloc(((size_t)n + 1) * sizeof *first);
    if (!first)
        return ERR_MEMORY;
    for (uint32_t r = 0; r < n; r++)
        first[r] = UINT32_MAX;
    for (uint32_t r = 0; r < n; r++) {
        uint32_t *f = &first[l->root[r]];
        if (*f == UINT32_MAX || slice_compare(dict_get(l->o->ids, r), dict_get(l->o->ids, *f)) < 0)
            *f = r;
    }
    for (size_t i = 0; i < ret->n; i++) {
        struct slice a = dict_get(l->o->ids, first[l->root[ret->list[i].a]]);
        struct slice b = dict_get(l->o->ids, first[l->root[ret->list[i].b]]);
        struct slice low = slice_compare(a, b) < 0 ? a : b;
        ret->group[i] = hash_fixed(low.ptr, low.len);
    }
    free(first);
    return 0;
}

static int give_labels(struct labelling *l, struct label_list *ret)
{
    ret->list = malloc((l->n_list + 1) * sizeof *ret->list);
    ret->group = malloc((l->n_list + 1) * sizeof *ret->group);
    if (!ret->list || !ret->group)
        return ERR_MEMORY;
    for (size_t i = 0; i < l->n_list; i++) {
        const struct label_row *r = &l->list[i];
        if (ret->n && ret->list[ret->n - 1].a == r->a && ret->list[ret->n - 1].b == r->b) {
            ret->repeated++;
            continue;
        }
        ret->list[ret->n++] = (struct match_label){r->a, r->b, r->same};
        ret->n_same += r->same != 0;
    }
    return name_groups(l, ret);
}

static int take_rows(struct labelling *l, struct label_list *ret)
{
    l->list = malloc((l->n + 1) * sizeof *l->list);
    l->root = malloc(((size_t)l->o->ids->n + 1) * sizeof *l->root);
    if (!l->list || !l->root)
        return ERR_MEMORY;
    for (size_t i = 0; i < l->n; i++)
        TRY(take_row(l, ret, i));
    if (l->n_list)
        qsort(l->list, l->n_list, sizeof *l->list, compare_rows);
    TRY(label_conflicts(l->list, l->n_list, l->o->ids->n, l->root));
    TRY(drop_conflicts(l, ret));
    return give_labels(l, ret);
}

static void name_columns(const struct labelling *l, struct label_list *ret)
{
    const struct field *f = l->schema->fields;
    if (l->label < 0)
        snprintf(ret->columns, sizeof ret->columns, "'%.60s' and '%.60s', all matches",
                 f[l->a].name.ptr, f[l->b].name.ptr);
    else
        snprintf(ret->columns, sizeof ret->columns, "'%.50s' and '%.50s', labels in '%.50s'",
                 f[l->a].name.ptr, f[l->b].name.ptr, f[l->label].name.ptr);
}

static int work(struct labelling *l, struct stream *rows, struct label_list *ret, struct error *err)
{
    l->schema = schema_ref(rows->schema);
    TRY(stream_collect(rows, &l->batches, &l->n_batches, err));
    if (rows_list(l->batches, l->n_batches, &l->rows, &l->n) < 0)
        return error_memory(err);
    if (l->n >= UINT32_MAX)
        return error_set(err, ERR_DATA, "more labels than can be used at once: %zu", l->n);
    ret->rows = (int64_t)l->n;
    TRY(find_columns(l, err));
    name_columns(l, ret);
    return take_rows(l, ret) < 0 ? error_memory(err) : 0;
}

int label_file_read(struct stream *rows, const struct label_options *options,
                    struct label_list *ret, struct error *err)
{
    struct labelling l = {.o = options};
    *ret = (struct label_list){0};
    int code = work(&l, rows, ret, err);
    for (int i = 0; i < 3; i++)
        buffer_done(&l.text[i]);
    batches_free(l.batches, l.n_batches);
    schema_unref(l.schema);
    free(l.rows);
    free(l.list);
    free(l.root);
    stream_close(rows);
    if (code < 0)
        label_list_done(ret);
    return code;
}

void label_list_done(struct label_list *l)
{
    free(l->list);
    free(l->group);
    *l = (struct label_list){0};
}
