#include "pipelines/link_columns.h"

#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/fold.h"

enum { LOOK_AT = 3000, COLUMNS_MAX = 1024 };
/* Words of the column with fewer that the other has, in percent: from here on two columns are of
 * one thing, whatever each was taken for alone. */
enum { SHARED_ENOUGH = 20 };

struct pairing {
    const struct link_side *sides;
    uint8_t used[2][COLUMNS_MAX];
    struct column_pair *pairs;
    int n;
};

static const struct match_column *column_of(const struct pairing *p, int side, int column)
{
    return &p->sides[side].coded.columns[column];
}

static int helps(enum meaning m)
{
    return m != MEANING_UNKNOWN && m != MEANING_KEY && m != MEANING_SOURCE;
}

static int is_name(enum meaning m)
{
    return m >= MEANING_GIVEN_NAME && m <= MEANING_FULL_NAME;
}

/* Kinds of columns that one file's may be taken for and the other's not. */
static int is_wording(enum meaning m)
{
    return m == MEANING_TEXT || m == MEANING_ORGANISATION || m == MEANING_FULL_NAME ||
           m == MEANING_CATEGORY || m == MEANING_PLACE || m == MEANING_OCCUPATION;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Hashes of the distinct words of some values, ascending; NULL when out of memory. */
static uint64_t *words_of(const struct match_column *c, size_t *ret_n)
{
    struct folder f;
    struct buffer out = {0};
    uint32_t step = c->values.n / LOOK_AT + 1;
    int code = 0;
    folder_init(&f);
    for (uint32_t v = 0; v < c->values.n && code == 0; v += step) {
        struct slice text, word;
        code = fold_words(&f, dict_get(&c->values, v), &text);
        while (code == 0 && fold_next_word(&text, &word)) {
            uint64_t h = hash_fixed(word.ptr, word.len);
            code = buffer_append(&out, &h, sizeof h);
        }
    }
    folder_done(&f);
    size_t n = out.len / sizeof(uint64_t), kept = 0;
    uint64_t *words = code == 0 && buffer_reserve(&out, 1) == 0 ? buffer_take(&out) : NULL;
    buffer_done(&out);
    if (words && n)
        qsort(words, n, sizeof *words, compare_u64);
    for (size_t i = 0; words && i < n; i++)
        if (kept == 0 || words[i] != words[kept - 1])
            words[kept++] = words[i];
    *ret_n = kept;
    return words;
}

/* Percent of the words of the column with fewer; ERR_MEMORY. */
static int shared_words(const struct match_column *a, const struct match_column *b)
{
    size_t n_a, n_b, common = 0;
    uint64_t *x = words_of(a, &n_a), *y = words_of(b, &n_b);
    for (size_t i = 0, k = 0; x && y && i < n_a && k < n_b;) {
        common += x[i] == y[k];
        uint64_t p = x[i], q = y[k];
        i += p <= q;
        k += q <= p;
    }
    size_t fewer = n_a < n_b ? n_a : n_b;
    int code = x && y ? (fewer ? (int)(100 * common / fewer) : 0) : ERR_MEMORY;
    free(x);
    free(y);
    return code;
}

static void add(struct pairing *p, int a, int b, enum meaning m, const char *why)
{
    if (p->n == PAIRS_MAX)
        return;
    p->pairs[p->n++] = (struct column_pair){{a, b}, m, why};
    if (a >= 0)
        p->used[0][a] = 1;
    if (b >= 0)
        p->used[1][b] = 1;
}

/* Of a column that each file took for something else: what said by hand, else what helps, else
 * the fuller. */
static enum meaning meaning_of_both(const struct pairing *p, int a, int b)
{
    const struct meaning_column *x = &p->sides[0].meanings[a], *y = &p->sides[1].meanings[b];
    if (x->fixed != y->fixed)
        return x->fixed ? x->meaning : y->meaning;
    if (helps(x->meaning) != helps(y->meaning))
        return helps(x->meaning) ? x->meaning : y->meaning;
    return x->stats.filled_rows >= y->stats.filled_rows ? x->meaning : y->meaning;
}

static void pair_by_name(struct pairing *p)
{
    for (int a = 0; a < p->sides[0].coded.n_columns; a++)
        for (int b = 0; b < p->sides[1].coded.n_columns; b++) {
            if (p->used[0][a] || p->used[1][b] ||
                !slice_equal_nocase(column_of(p, 0, a)->name, column_of(p, 1, b)->name) ||
                p->sides[0].meanings[a].meaning == MEANING_KEY ||
                p->sides[1].meanings[b].meaning == MEANING_KEY)
                continue;
            enum meaning m = meaning_of_both(p, a, b);
            if (helps(m))
                add(p, a, b, m, "the same name");
        }
}

static int may_pair(const struct pairing *p, int a, int b, int wording)
{
    enum meaning x = p->sides[0].meanings[a].meaning, y = p->sides[1].meanings[b].meaning;
    if (p->used[0][a] || p->used[1][b] || !helps(x) || !helps(y))
        return 0;
    return wording ? is_wording(x) && is_wording(y) : x == y;
}

static int is_only(const struct pairing *p, int side, int column)
{
    enum meaning m = p->sides[side].meanings[column].meaning;
    int n = 0;
    for (int c = 0; c < p->sides[side].coded.n_columns; c++)
        n += !p->used[side][c] && p->sides[side].meanings[c].meaning == m;
    return n == 1;
}

/* The pair that shares most words, again and again. Columns that are the only ones of their meaning
 * need share none. */
static int pair_by_words(struct pairing *p, int wording)
{
    for (;;) {
        int best = -1, best_a = 0, best_b = 0;
        for (int a = 0; a < p->sides[0].coded.n_columns; a++)
            for (int b = 0; b < p->sides[1].coded.n_columns; b++) {
                if (!may_pair(p, a, b, wording))
                    continue;
                int shared = !wording && is_only(p, 0, a) && is_only(p, 1, b)
                                 ? 100
                                 : shared_words(column_of(p, 0, a), column_of(p, 1, b));
                if (shared < 0)
                    return shared;
                if (shared > best && (!wording || shared >= SHARED_ENOUGH)) {
                    best = shared;
                    best_a = a;
                    best_b = b;
                }
            }
        if (best < 0)
            return 0;
        enum meaning m = p->sides[0].meanings[best_a].meaning;
        add(p, best_a, best_b, wording ? MEANING_TEXT : m,
            wording ? "their values share words" : "the same meaning");
    }
}

/* A full name on one side and its parts on the other are compared all the same. */
static void keep_names(struct pairing *p)
{
    for (int side = 0; side < 2; side++)
        for (int c = 0; c < p->sides[side].coded.n_columns; c++)
            if (!p->used[side][c] && is_name(p->sides[side].meanings[c].meaning))
                add(p, side ? -1 : c, side ? c : -1, p->sides[side].meanings[c].meaning,
                    "part of a name");
}

static int compare_pairs(const void *a, const void *b)
{
    const struct column_pair *x = a, *y = b;
    int p = x->column[0] < 0 ? COLUMNS_MAX + x->column[1] : x->column[0];
    int q = y->column[0] < 0 ? COLUMNS_MAX + y->column[1] : y->column[0];
    return (p > q) - (p < q);
}

int link_columns(const struct link_side sides[2], struct column_pair ret[PAIRS_MAX])
{
    struct pairing p = {.sides = sides, .pairs = ret};
    pair_by_name(&p);
    TRY(pair_by_words(&p, 0));
    TRY(pair_by_words(&p, 1));
    keep_names(&p);
    if (p.n)
        qsort(ret, (size_t)p.n, sizeof *ret, compare_pairs);
    return p.n;
}

static int merge_side(const struct match_column *from, uint32_t n, struct match_column *to,
                      uint32_t at)
{
    if (!from) {
        for (uint32_t r = 0; r < n; r++)
            to->codes[at + r] = MATCH_MISSING;
        return 0;
    }
    uint32_t *map = malloc(((size_t)from->values.n + 1) * sizeof *map);
    int code = map ? 0 : ERR_MEMORY;
    for (uint32_t v = 0; v < from->values.n && code == 0; v++) {
        int64_t number = dict_add(&to->values, dict_get(&from->values, v));
        map[v] = (uint32_t)number;
        code = number < 0 ? ERR_MEMORY : 0;
    }
    for (uint32_t r = 0; r < n && code == 0; r++)
        to->codes[at + r] = from->codes[r] == MATCH_MISSING ? MATCH_MISSING : map[from->codes[r]];
    free(map);
    return code;
}

int link_merge_column(const struct link_side sides[2], const struct column_pair *p,
                      struct match_column *ret)
{
    const struct match_column *from[2];
    for (int s = 0; s < 2; s++)
        from[s] = p->column[s] < 0 ? NULL : &sides[s].coded.columns[p->column[s]];
    *ret = (struct match_column){.meaning = p->meaning};
    ret->name = from[0] ? from[0]->name : from[1]->name;
    ret->codes = malloc(((size_t)sides[0].coded.n + sides[1].coded.n + 1) * sizeof *ret->codes);
    if (!ret->codes || dict_init(&ret->values) < 0)
        return ERR_MEMORY;
    TRY(merge_side(from[0], sides[0].coded.n, ret, 0));
    return merge_side(from[1], sides[1].coded.n, ret, sides[0].coded.n);
}
