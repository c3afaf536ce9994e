/* A block that is too large: the records in it that share one more value, and those that stand near
 * each other in an order of their names and dates (Hernández and Stolfo's sorted neighbourhood). */
#include <stdlib.h>

#include "transform/match/block_rules_build.h"
#include "transform/match/radix.h"

enum { WINDOW = 20, WINDOW_STEP = WINDOW / 2 };

static uint32_t first_value(const struct comparison *c, uint32_t rank)
{
    uint32_t n;
    const uint32_t *codes = comparison_values(c, rank, &n);
    return n ? *codes : MATCH_MISSING;
}

/* Members by their value of one comparison: groups of 2 to BLOCK_MAX. */
static int groups_of(const struct comparison *c, const uint32_t *members, uint32_t n,
                     struct keyed *list, struct block_list *ret)
{
    uint32_t group[BLOCK_MAX], filled = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t code = first_value(c, members[i]);
        if (code != MATCH_MISSING)
            list[filled++] = (struct keyed){code, members[i]};
    }
    TRY(radix_sort_keyed(list, filled));
    for (uint32_t i = 0, end; i < filled; i = end) {
        for (end = i; end < filled && list[end].key == list[i].key; end++)
            if (end - i < BLOCK_MAX)
                group[end - i] = list[end].value;
        if (end - i >= 2 && end - i <= BLOCK_MAX)
            TRY(block_list_put(ret, group, end - i));
    }
    return 0;
}

struct sort_entry {
    uint64_t text[3]; /* first letters of the first comparisons that have a value */
    uint32_t rank;
};

static int compare_entries(const void *a, const void *b)
{
    const struct sort_entry *x = a, *y = b;
    for (int i = 0; i < 3; i++)
        if (x->text[i] != y->text[i])
            return x->text[i] < y->text[i] ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Eight letters as a number in their order. */
static uint64_t letters(struct slice s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < 8; i++)
        n = n << 8 | (i < s.len ? (unsigned char)s.ptr[i] : 0);
    return n;
}

/* By family name, given name and date where there are, else by what comes first. */
static struct sort_entry entry_of(const struct encoded *e, uint32_t rank)
{
    struct sort_entry entry = {.rank = rank};
    const int chosen[3] = {e->family, e->given, e->date};
    for (int i = 0; i < 3; i++) {
        int k = chosen[i] >= 0 ? chosen[i] : i;
        if (k >= e->n_comparisons || !e->comparisons[k].values)
            continue;
        uint32_t code = first_value(&e->comparisons[k], rank);
        if (code != MATCH_MISSING)
            entry.text[i] = letters(value_string(&e->comparisons[k], code));
    }
    return entry;
}

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Windows that overlap by half: every two records within WINDOW_STEP places share one. */
static int windows_of(const struct encoded *e, const uint32_t *members, uint32_t n,
                      struct block_list *ret)
{
    struct sort_entry *list = malloc(((size_t)n + 1) * sizeof *list);
    int code = list ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; i < n && list; i++)
        list[i] = entry_of(e, members[i]);
    if (list)
        qsort(list, n, sizeof *list, compare_entries);
    for (uint32_t i = 0; i < n && code == 0; i += WINDOW_STEP) {
        uint32_t window[WINDOW], k = 0;
        for (; k < WINDOW && i + k < n; k++)
            window[k] = list[i + k].rank;
        qsort(window, k, sizeof *window, compare_u32);
        if (k >= 2 && (i == 0 || k > WINDOW_STEP))
            code = block_list_put(ret, window, k);
    }
    free(list);
    return code;
}

int refine_block(const struct encoded *e, const uint32_t *members, uint32_t n,
                 struct block_list *ret)
{
    struct keyed *list = malloc(((size_t)n + 1) * sizeof *list);
    int code = list ? 0 : ERR_MEMORY;
    for (int k = 0; k < e->n_comparisons && code == 0; k++)
        if (e->comparisons[k].values)
            code = groups_of(&e->comparisons[k], members, n, list, ret);
    if (code == 0)
        code = windows_of(e, members, n, ret);
    free(list);
    return code;
}
