#include "pipelines/decisions.h"

#include <stdio.h>
#include <stdlib.h>

#include "connectors/format.h"
#include "core/file.h"
#include "core/rows.h"

struct decided {
    struct match_decision d;
    int64_t line;
};

struct decision_columns {
    int action, a, b, line;
};

static int find_columns(const struct schema *s, struct decision_columns *ret, struct error *err)
{
    static const char *const names[] = {"action", "a", "b"};
    int *const at[] = {&ret->action, &ret->a, &ret->b};
    for (int i = 0; i < 3; i++) {
        *at[i] = schema_find(s, slice_str(names[i]));
        if (*at[i] < 0)
            return error_set(err, ERR_DATA,
                             "decisions need the columns action, a and b, and there is no '%s'",
                             names[i]);
    }
    ret->line = schema_find(s, SLICE_LIT("__line"));
    return 0;
}

static int parse_action(struct slice text, int64_t line, int *ret, struct error *err)
{
    text = slice_trim(text);
    int link = slice_equal_nocase(text, SLICE_LIT("link"));
    *ret = link ? 1 : -1;
    if (link || slice_equal_nocase(text, SLICE_LIT("unlink")))
        return 0;
    return error_set(err, ERR_DATA, "line %lld: a decision is 'link' or 'unlink', not '%.*s'",
                     (long long)line, (int)(text.len < 60 ? text.len : 60), text.ptr);
}

static int add_row(const struct row_ref *row, const struct decision_columns *c,
                   const struct dict *names, const uint32_t *index, struct decisions *d,
                   struct buffer *list, struct error *err)
{
    struct decided one = {.line = column_i64(&row->batch->columns[c->line], row->row)};
    TRY(parse_action(row_text(row, c->action), one.line, &one.d.says, err));
    int64_t a = dict_find(names, slice_trim(row_text(row, c->a)));
    int64_t b = dict_find(names, slice_trim(row_text(row, c->b)));
    if (a < 0 || b < 0 || index[a] == index[b]) {
        d->unknown++;
        return 0;
    }
    uint32_t x = index[a], y = index[b];
    one.d.a = x < y ? x : y;
    one.d.b = x < y ? y : x;
    return buffer_append(list, &one, sizeof one) < 0 ? error_memory(err) : 0;
}

static int compare_decided(const void *a, const void *b)
{
    const struct decided *x = a, *y = b;
    if (x->d.a != y->d.a)
        return x->d.a < y->d.a ? -1 : 1;
    if (x->d.b != y->d.b)
        return x->d.b < y->d.b ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Each pair once, by its last line; how many are left. */
static size_t keep_last(struct decided *list, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(list, n, sizeof *list, compare_decided);
    for (size_t i = 0; i < n; i++) {
        int again = i + 1 < n && list[i].d.a == list[i + 1].d.a && list[i].d.b == list[i + 1].d.b;
        if (!again)
            list[kept++] = list[i];
    }
    return kept;
}

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* Names the lines that link what `apart` parts. */
static void warn_of(const struct decided *apart, const struct decided *list, size_t n,
                    uint32_t *parent, struct decisions *d)
{
    char lines[80] = "";
    size_t at = 0;
    uint32_t root = find_root(parent, apart->d.a);
    for (size_t i = 0; i < n && at < 50; i++)
        if (list[i].d.says > 0 && find_root(parent, list[i].d.a) == root) {
            int len = snprintf(lines + at, sizeof lines - at, "%s%lld", at ? ", " : "",
                               (long long)list[i].line);
            at += len > 0 ? (size_t)len : 0;
        }
    if (d->n_warnings < DECISION_WARNINGS)
        snprintf(
            d->warnings[d->n_warnings++], sizeof d->warnings[0],
            "decisions, line %lld parts two records that lines %s make one customer: they stay "
            "apart",
            (long long)apart->line, lines);
}

static int find_contradictions(const struct decided *list, size_t n, uint32_t n_records,
                               struct decisions *d)
{
    uint32_t *parent = malloc(((size_t)n_records + 1) * sizeof *parent);
    if (!parent)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < n_records; i++)
        parent[i] = i;
    for (size_t i = 0; i < n; i++)
        if (list[i].d.says > 0)
            parent[find_root(parent, list[i].d.b)] = find_root(parent, list[i].d.a);
    for (size_t i = 0; i < n; i++)
        if (list[i].d.says < 0 && find_root(parent, list[i].d.a) == find_root(parent, list[i].d.b))
            warn_of(&list[i], list, n, parent, d);
    free(parent);
    return 0;
}

static int take(struct buffer *rows, const struct dict *names, const uint32_t *index,
                struct decisions *d)
{
    struct decided *list = (struct decided *)(void *)rows->data;
    size_t n = keep_last(list, rows->len / sizeof *list);
    uint32_t n_records = 0;
    for (uint32_t i = 0; i < names->n; i++)
        n_records = index[i] >= n_records ? index[i] + 1 : n_records;
    d->list = malloc((n + 1) * sizeof *d->list);
    if (!d->list)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        d->list[i] = list[i].d;
    d->n = n;
    if (d->unknown && d->n_warnings < DECISION_WARNINGS)
        snprintf(d->warnings[d->n_warnings++], sizeof d->warnings[0],
                 "%lld decisions name a record that is not among these, as source:key, and wait",
                 (long long)d->unknown);
    return find_contradictions(list, n, n_records, d);
}

static int read_rows(struct batch *const *batches, int n_batches, const struct schema *schema,
                     const struct dict *names, const uint32_t *index, struct decisions *d,
                     struct error *err)
{
    struct decision_columns c;
    struct buffer list = {0};
    TRY(find_columns(schema, &c, err));
    int code = 0;
    for (int b = 0; b < n_batches && code == 0; b++)
        for (int64_t row = 0; row < batches[b]->n_rows && code == 0; row++) {
            struct row_ref at = {batches[b], row};
            code = add_row(&at, &c, names, index, d, &list, err);
        }
    if (code == 0 && take(&list, names, index, d) < 0)
        code = error_memory(err);
    buffer_done(&list);
    return code;
}

int decisions_read(const char *path, const struct dict *names, const uint32_t *index,
                   struct decisions *ret, struct error *err)
{
    static const struct read_options options = {.layout = LAYOUT_DETECT, .flags = READ_WITH_PLACE};
    struct decisions d = {.n = 0};
    struct stream *s;
    struct batch **batches;
    int n_batches;
    *ret = d;
    if (!file_exists(path))
        return 0;
    TRY(format_read(&path, 1, &options, &s, err));
    struct schema *schema = schema_ref(s->schema);
    int code = stream_collect(s, &batches, &n_batches, err);
    if (code == 0) {
        code = read_rows(batches, n_batches, schema, names, index, &d, err);
        batches_free(batches, n_batches);
    }
    schema_unref(schema);
    stream_close(s);
    if (code < 0) {
        decisions_done(&d);
        error_where(err, "%s", path);
        return code;
    }
    *ret = d;
    return 0;
}

void decisions_done(struct decisions *d)
{
    free(d->list);
    *d = (struct decisions){0};
}
