#include "transform/match/generic.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/generic_dates.h"
#include "transform/match/radix.h"

enum { TOP_SHARE = 5 }; /* one name on more than a fifth of the records: theirs */

static int may_be_generic(const struct comparison *c)
{
    return c->values && (c->kind == COMPARE_EMAIL || c->kind == COMPARE_PHONE ||
                         c->kind == COMPARE_ID || c->kind == COMPARE_DATE);
}

/* A name's sound, or its code where it has none; 0 missing. */
static uint64_t name_key(const struct encoded *e, int k, uint32_t rank)
{
    if (k < 0)
        return 0;
    const struct comparison *c = &e->comparisons[k];
    uint32_t n;
    const uint32_t *codes = comparison_values(c, rank, &n);
    if (!n)
        return 0;
    return c->values->key ? 1 + (uint64_t)c->values->key[*codes] : 1 + (uint64_t)*codes;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Distinct numbers of a list, which is sorted; the longest run in *ret_top. */
static size_t count_distinct(uint64_t *list, size_t n, size_t *ret_top)
{
    size_t distinct = 0, top = 0;
    if (n)
        qsort(list, n, sizeof *list, compare_u64);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && list[end] == list[i];)
            end++;
        distinct++;
        top = end - i > top ? end - i : top;
    }
    *ret_top = top;
    return distinct;
}

/* Are these records of at least `least` families, most of them of a family of their own? */
static int many_families(const struct encoded *e, const struct keyed *holders, size_t n,
                         size_t least, uint64_t *scratch)
{
    size_t filled = 0, top;
    for (size_t i = 0; i < n; i++) {
        uint64_t name = name_key(e, e->family, holders[i].value);
        if (name)
            scratch[filled++] = name;
    }
    size_t families = count_distinct(scratch, filled, &top);
    return families >= least && families * 2 > filled;
}

/* Are these records too many different people? `scratch` holds n numbers. */
static int many_people(const struct encoded *e, const struct keyed *holders, size_t n,
                       uint64_t *scratch)
{
    size_t top, filled = 0;
    for (int which = 0; which < 2; which++) {
        filled = 0;
        for (size_t i = 0; i < n; i++) {
            uint64_t name = name_key(e, which ? e->family : e->given, holders[i].value);
            if (name)
                scratch[filled++] = name;
        }
        if (count_distinct(scratch, filled, &top) < PEOPLE_MIN)
            return 0;
    }
    filled = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t given = name_key(e, e->given, holders[i].value);
        uint64_t family = name_key(e, e->family, holders[i].value);
        if (given && family)
            scratch[filled++] = hash_pair(given, family);
    }
    count_distinct(scratch, filled, &top);
    return top * TOP_SHARE <= filled;
}

static int is_listed_email(struct slice s)
{
    static const char *const users[] = {"none", "noemail", "no-email", "no.email",   "nomail",
                                        "test", "noreply", "no-reply", "donotreply", "unknown",
                                        "na",   "n/a",     "nobody",   "notprovided"};
    static const char *const domains[] = {"example.com", "example.org", "example.net", "none.com",
                                          "noemail.com", "test.com",    "invalid"};
    const char *at = s.len ? memrchr(s.ptr, '@', s.len) : NULL;
    struct slice user = at ? slice_of(s.ptr, (size_t)(at - s.ptr)) : s;
    struct slice domain = at ? slice_of(at + 1, s.len - user.len - 1) : (struct slice){0};
    int listed = 0, nowhere = 0;
    for (size_t i = 0; i < sizeof users / sizeof *users; i++)
        listed |= slice_equal(user, slice_str(users[i]));
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        nowhere |= slice_equal(domain, slice_str(domains[i]));
    /* anna@example.com is someone in a test file; test@example.com is no one */
    return listed && (nowhere || !at || slice_starts(domain, slice_of(user.ptr, user.len)));
}

static int is_listed(const struct comparison *c, uint32_t code)
{
    static const char *const numbers[] = {"1234567890", "0123456789", "123456789",  "12345678",
                                          "1234567",    "123456",     "9876543210", "0987654321"};
    struct slice s = value_string(c, code);
    if (c->kind == COMPARE_EMAIL)
        return is_listed_email(s);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (slice_equal(s, slice_str(numbers[i])))
            return 1;
    return 0;
}

static int put(struct buffer *found, int k, uint32_t code, uint32_t number, size_t records)
{
    struct generic_value v = {k, code, number, (uint32_t)records};
    return buffer_append(found, &v, sizeof v);
}

/* The end of the run of equal keys that starts at `i`. */
static size_t run_end(const struct keyed *list, size_t i, size_t n)
{
    size_t end = i + 1;
    while (end < n && list[end].key == list[i].key)
        end++;
    return end;
}

/* One value and who holds it. */
static int is_generic(const struct encoded *e, int k, const struct keyed *holders, size_t n,
                      uint64_t *scratch)
{
    const struct comparison *c = &e->comparisons[k];
    uint32_t value = (uint32_t)holders[0].key;
    if (c->kind == COMPARE_DATE)
        return n >= KNOWN_DATE_MIN && many_families(e, holders, n, KNOWN_DATE_MIN, scratch) &&
               date_stands_out(c, value);
    return is_listed(c, value) ||
           (n >= FAMILIES_MIN && many_families(e, holders, n, FAMILIES_MIN, scratch)) ||
           (n >= PEOPLE_MIN && many_people(e, holders, n, scratch));
}

/* `list`: holders by value. */
static int look_at_values(const struct encoded *e, int k, struct keyed *list, size_t n,
                          struct buffer *found)
{
    uint64_t *scratch = malloc((n + 1) * sizeof *scratch);
    int code = scratch ? radix_sort_keyed(list, n) : ERR_MEMORY;
    for (size_t i = 0, end; i < n && code == 0; i = end) {
        uint32_t value = (uint32_t)list[i].key;
        end = run_end(list, i, n);
        if (is_generic(e, k, list + i, end - i, scratch))
            code = put(found, k, value, MATCH_MISSING, end - i);
    }
    free(scratch);
    return code;
}

static int find_values(const struct encoded *e, int k, struct buffer *found)
{
    const struct comparison *c = &e->comparisons[k];
    struct buffer list = {0};
    int code = 0;
    for (uint32_t r = 0; r < e->n && code == 0; r++) {
        uint32_t n;
        const uint32_t *codes = comparison_values(c, r, &n);
        for (uint32_t i = 0; i < n && code == 0; i++)
            if (c->counts[codes[i]] >= 2) {
                struct keyed one = {codes[i], r};
                code = buffer_append(&list, &one, sizeof one);
            }
    }
    if (code == 0 && list.len)
        code = look_at_values(e, k, (struct keyed *)(void *)list.data,
                              list.len / sizeof(struct keyed), found);
    buffer_done(&list);
    return code;
}

/* The parts of an address; -1 what there is none of. */
struct address_parts {
    int number, street, area;
};

static struct address_parts address_parts(const struct encoded *e)
{
    struct address_parts p = {-1, -1, -1};
    for (int k = e->n_comparisons - 1; k >= 0; k--) {
        const struct comparison *c = &e->comparisons[k];
        if (c->offsets || !c->values)
            continue;
        if (c->kind == COMPARE_NUMBER)
            p.number = k;
        if (c->meaning == MEANING_STREET && c->kind == COMPARE_TEXT)
            p.street = k;
        if (c->kind == COMPARE_POSTCODE || (p.area < 0 && c->meaning == MEANING_CITY))
            p.area = k;
    }
    return p;
}

/* Street, number and area together; 0 when one is missing. */
static uint64_t address_key(const struct encoded *e, const struct address_parts *p, uint32_t rank)
{
    uint32_t number = e->comparisons[p->number].codes[rank];
    uint32_t street = e->comparisons[p->street].codes[rank];
    uint32_t area = e->comparisons[p->area].codes[rank];
    if (number == MATCH_MISSING || street == MATCH_MISSING || area == MATCH_MISSING)
        return 0;
    return hash_pair(hash_pair(number, street), area) | 1;
}

static void drop_value(struct encoded *e, int k, uint32_t rank)
{
    struct comparison *c = &e->comparisons[k];
    c->counts[c->codes[rank]]--;
    c->filled--;
    c->codes[rank] = MATCH_MISSING;
    e->rows[(size_t)rank * ROW + (size_t)k] = MATCH_MISSING;
}

/* `list`: records by address. What they share is dropped at once: a street is generic in this
 * number and area alone. */
static int look_at_addresses(struct encoded *e, const struct address_parts *p, struct keyed *list,
                             size_t n, struct buffer *found)
{
    uint64_t *scratch = malloc((n + 1) * sizeof *scratch);
    int code = scratch ? radix_sort_keyed(list, n) : ERR_MEMORY;
    for (size_t i = 0, end; i < n && code == 0; i = end) {
        uint32_t first = list[i].value;
        end = run_end(list, i, n);
        if (end - i < PEOPLE_MIN || !many_people(e, list + i, end - i, scratch))
            continue;
        code = put(found, p->street, e->comparisons[p->street].codes[first],
                   e->comparisons[p->number].codes[first], end - i);
        for (size_t at = i; at < end; at++) {
            drop_value(e, p->street, list[at].value);
            drop_value(e, p->number, list[at].value);
        }
    }
    free(scratch);
    return code;
}

static int find_addresses(struct encoded *e, struct buffer *found)
{
    const struct address_parts p = address_parts(e);
    struct buffer list = {0};
    int code = 0;
    if (p.number < 0 || p.street < 0 || p.area < 0)
        return 0;
    for (uint32_t r = 0; r < e->n && code == 0; r++) {
        struct keyed one = {address_key(e, &p, r), r};
        if (one.key)
            code = buffer_append(&list, &one, sizeof one);
    }
    if (code == 0 && list.len)
        code = look_at_addresses(e, &p, (struct keyed *)(void *)list.data,
                                 list.len / sizeof(struct keyed), found);
    buffer_done(&list);
    return code;
}

/* Takes the marked values of one comparison out of every record. */
static void silence(struct encoded *e, int k, const uint8_t *marked)
{
    struct comparison *c = &e->comparisons[k];
    uint32_t kept = 0;
    for (uint32_t r = 0; r < e->n; r++) {
        uint32_t from = c->offsets ? c->offsets[r] : r, to = c->offsets ? c->offsets[r + 1] : r + 1;
        uint32_t held = 0, left = 0, first = MATCH_MISSING;
        if (c->offsets)
            c->offsets[r] = kept;
        for (uint32_t i = from; i < to; i++) {
            uint32_t value = c->codes[i];
            if (value == MATCH_MISSING)
                continue;
            held++;
            if (marked[value]) {
                c->codes[i] = c->offsets ? value : MATCH_MISSING;
                continue;
            }
            first = left++ ? first : value;
            if (c->offsets)
                c->codes[kept++] = value;
        }
        c->filled -= held && !left;
        e->rows[(size_t)r * ROW + (size_t)k] = left > 1 ? ROW_LIST : first;
    }
    if (c->offsets)
        c->offsets[e->n] = kept;
}

static int silence_values(struct encoded *e, const struct buffer *found)
{
    const struct generic_value *list = (const struct generic_value *)(const void *)found->data;
    size_t n = found->len / sizeof *list;
    for (size_t i = 0, end; i < n; i = end) {
        struct comparison *c = &e->comparisons[list[i].comparison];
        uint8_t *marked = calloc((size_t)c->values->strings.n + 1, 1);
        if (!marked)
            return ERR_MEMORY;
        for (end = i; end < n && list[end].comparison == list[i].comparison; end++) {
            marked[list[end].code] = 1;
            c->counts[list[end].code] = 0;
        }
        silence(e, list[i].comparison, marked);
        free(marked);
    }
    return 0;
}

static int compare_found(const void *a, const void *b)
{
    const struct generic_value *x = a, *y = b;
    if (x->comparison != y->comparison)
        return x->comparison - y->comparison;
    if (x->records != y->records)
        return x->records > y->records ? -1 : 1;
    if (x->code != y->code)
        return x->code < y->code ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

int generic_find(struct encoded *e, struct error *err)
{
    struct buffer found = {0};
    struct generic *g = calloc(1, sizeof *g);
    int code = g ? 0 : ERR_MEMORY;
    for (int k = 0; k < e->n_comparisons && code == 0; k++)
        if (may_be_generic(&e->comparisons[k]))
            code = find_values(e, k, &found);
    if (code == 0)
        code = silence_values(e, &found);
    if (code == 0)
        code = find_addresses(e, &found);
    if (!g || code < 0) {
        buffer_done(&found);
        free(g);
        return error_memory(err);
    }
    *g = (struct generic){.e = e, .n = found.len / sizeof *g->values};
    g->values = buffer_take(&found);
    if (g->n)
        qsort(g->values, g->n, sizeof *g->values, compare_found);
    e->generic = g;
    return 0;
}

void generic_free(struct generic *g)
{
    if (!g)
        return;
    free(g->values);
    free(g);
}

/* Every value of a comparison was on a record once: those that are on none now were taken out. */
static int mark_column(const struct comparison *c, const struct match_column *column,
                       uint8_t *marked)
{
    struct folder folder;
    char out[NORMAL_MAX];
    int64_t len = 0;
    folder_init(&folder);
    for (uint32_t v = 0; v < column->values.n && len >= 0; v++) {
        len = normalise(&folder, c->kind, column->meaning, dict_get(&column->values, v), out);
        int64_t code = len > 0 ? dict_find(&c->values->strings, slice_of(out, (size_t)len)) : -1;
        marked[v] = code >= 0 && c->counts[code] == 0;
    }
    folder_done(&folder);
    return len < 0 ? ERR_MEMORY : 0;
}

int generic_of_column(const struct encoded *e, const struct match_column *column, uint8_t **ret)
{
    *ret = NULL;
    for (int k = 0; k < e->n_comparisons; k++) {
        const struct comparison *c = &e->comparisons[k];
        int same = c->kind == COMPARE_ID ? slice_equal(c->name, column->name)
                                         : c->meaning == column->meaning;
        if (!may_be_generic(c) || c->kind == COMPARE_DATE || !same)
            continue;
        *ret = calloc((size_t)column->values.n + 1, 1);
        return *ret ? mark_column(c, column, *ret) : ERR_MEMORY;
    }
    return 0;
}

/* The first values of one comparison as text; how many are named. */
static size_t name_values(const struct generic *g, size_t i, size_t end, char text[104])
{
    const struct encoded *e = g->e;
    size_t named = 0;
    int at = 0, number = -1;
    for (int k = 0; k < e->n_comparisons; k++)
        if (e->comparisons[k].kind == COMPARE_NUMBER && number < 0)
            number = k;
    for (; i < end && named < 3 && at < 52; i++, named++) {
        const struct generic_value *v = &g->values[i];
        struct slice s = value_string(&e->comparisons[v->comparison], v->code), house = {0};
        if (v->number != MATCH_MISSING)
            house = value_string(&e->comparisons[number], v->number);
        at += snprintf(text + at, 104 - (size_t)at, "%s'%.*s%s%.*s' (%u)", named ? ", " : "",
                       (int)(house.len < 8 ? house.len : 8), house.ptr, house.len ? " " : "",
                       (int)(s.len < 24 ? s.len : 24), s.ptr, v->records);
    }
    return named;
}

int generic_say(const struct generic *g, char ret_lines[][200], int most)
{
    int lines = 0;
    for (size_t i = 0, end; i < g->n && lines < most; i = end) {
        const struct comparison *c = &g->e->comparisons[g->values[i].comparison];
        char values[104] = "", more[40] = "";
        for (end = i; end < g->n && g->values[end].comparison == g->values[i].comparison;)
            end++;
        size_t named = name_values(g, i, end, values);
        if (end - i > named)
            snprintf(more, sizeof more, " and %zu more", end - i - named);
        snprintf(ret_lines[lines++], 200,
                 "'%.*s' says nothing where too many different people share it: %s%.15s",
                 (int)(c->name.len < 24 ? c->name.len : 24), c->name.ptr, values, more);
    }
    return lines;
}
