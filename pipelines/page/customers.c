/* The largest customers and the weakest, their records side by side. */
#include <stdio.h>
#include <stdlib.h>

#include "pipelines/explain/account.h"
#include "pipelines/page/records.h"
#include "transform/match/links.h"

enum { CUSTOMERS_SHOWN = 8, RECORDS_SHOWN = 15 };

struct customer { /* of several records */
    uint32_t cluster, size;
    struct match_pair weakest; /* of its links; a == b: none is known */
};

struct customers {
    const struct matched *m;
    struct customer *list;
    size_t n;
    uint32_t *next, *first; /* by record: the next of its cluster; by cluster: its first */
};

static int larger_first(const void *a, const void *b)
{
    const struct customer *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->cluster > y->cluster) - (x->cluster < y->cluster);
}

static int weaker_first(const void *a, const void *b)
{
    const struct customer *x = a, *y = b;
    int known_x = x->weakest.a != x->weakest.b, known_y = y->weakest.a != y->weakest.b;
    if (known_x != known_y)
        return known_y - known_x;
    if (x->weakest.weight != y->weakest.weight)
        return x->weakest.weight < y->weakest.weight ? -1 : 1;
    return (x->cluster > y->cluster) - (x->cluster < y->cluster);
}

/* Lists the records of each cluster, ascending, and the clusters of several. */
static int list_customers(struct customers *c)
{
    uint32_t n = c->m->table->n;
    const uint32_t *cluster = c->m->result->cluster;
    uint32_t *size = calloc((size_t)n + 1, sizeof *size);
    c->next = malloc(((size_t)n + 1) * sizeof *c->next);
    c->first = malloc(((size_t)n + 1) * sizeof *c->first);
    c->list = calloc((size_t)n / 2 + 1, sizeof *c->list);
    if (!size || !c->next || !c->first || !c->list) {
        free(size);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < n; i++)
        c->first[i] = UINT32_MAX;
    for (uint32_t i = n; i-- > 0;) {
        c->next[i] = c->first[cluster[i]];
        c->first[cluster[i]] = i;
        size[cluster[i]]++;
    }
    for (uint32_t i = 0; i < n; i++)
        if (size[i] > 1)
            c->list[c->n++] = (struct customer){.cluster = i, .size = size[i]};
    free(size);
    return 0;
}

/* The last of a cluster's links, which come strongest first, is its weakest. */
static int find_weakest(struct customers *c)
{
    uint32_t n = c->m->table->n;
    const struct match_evidence *v = c->m->evidence;
    struct match_pair *links = malloc(((size_t)n + 1) * sizeof *links);
    uint32_t *at = malloc(((size_t)n + 1) * sizeof *at);
    int64_t found = links && at ? links_find(v->pairs, v->n_pairs, c->m->result->cluster, n, links)
                                : ERR_MEMORY;
    for (size_t i = 0; i < c->n && found >= 0; i++)
        at[c->list[i].cluster] = (uint32_t)i;
    for (int64_t i = 0; i < found; i++)
        c->list[at[c->m->result->cluster[links[i].a]]].weakest = links[i];
    free(links);
    free(at);
    return found < 0 ? ERR_MEMORY : 0;
}

static void put_heading(const struct customers *c, const struct customer *one, struct html *h)
{
    struct buffer text = {0};
    const struct match_pair *w = &one->weakest;
    int code = buffer_printf(&text, "%.*s: %u records", (int)c->m->members[one->cluster].id.len,
                             c->m->members[one->cluster].id.ptr, one->size);
    if (code == 0 && w->a != w->b) {
        code = buffer_string(&text, ", weakest link ");
        if (code == 0)
            code = matched_name(c->m, w->a, &text);
        if (code == 0)
            code = buffer_string(&text, " and ");
        if (code == 0)
            code = matched_name(c->m, w->b, &text);
        if (code == 0)
            code = buffer_string(&text, " ");
        if (code == 0)
            code = account_weight(w->weight, &text);
        if (code == 0 && w->weight != WEIGHT_CERTAIN)
            code = buffer_printf(&text, ", probability %.3f", weight_probability(w->weight));
    }
    h->failed |= code < 0;
    html_raw(h, "<h3>");
    html_text(h, buffer_view(&text));
    html_raw(h, "</h3>\n");
    buffer_done(&text);
}

/* The records that are shown, the ends of the weakest link first: they are what to look at. */
static uint32_t choose_records(const struct customers *c, const struct customer *one,
                               uint32_t out[RECORDS_SHOWN])
{
    uint32_t n = 0;
    const struct match_pair *w = &one->weakest;
    if (w->a != w->b) {
        out[n++] = w->a;
        out[n++] = w->b;
    }
    for (uint32_t r = c->first[one->cluster]; r != UINT32_MAX && n < RECORDS_SHOWN; r = c->next[r])
        if (w->a == w->b || (r != w->a && r != w->b))
            out[n++] = r;
    return n;
}

static void put_one(const struct customers *c, const struct customer *one, struct html *h)
{
    static const char *const first[] = {"record", "#probability", NULL};
    uint32_t records[RECORDS_SHOWN], n = choose_records(c, one, records);
    int columns[PAGE_COLUMNS], n_columns = page_columns(c->m, records, n, columns);
    put_heading(c, one, h);
    page_records_head(h, c->m, first, columns, n_columns);
    for (uint32_t i = 0; i < n; i++) {
        html_row(h);
        page_name_cell(h, c->m, records[i]);
        html_number(h, "%.3f", (double)c->m->result->probability[records[i]]);
        page_value_cells(h, c->m, records[i], records[0], columns, n_columns);
    }
    html_table_end(h);
    if (n < one->size)
        html_note(h, "… and %u more records", one->size - n);
}

static void put_customers(const struct customers *c, struct html *h)
{
    size_t shown = c->n < CUSTOMERS_SHOWN ? c->n : CUSTOMERS_SHOWN;
    if (!shown)
        html_note(h, "No customer has more than one record.");
    for (size_t i = 0; i < shown; i++)
        put_one(c, &c->list[i], h);
    html_section_end(h);
}

static int put_both(struct customers *c, struct html *h)
{
    TRY(list_customers(c));
    TRY(find_weakest(c));
    qsort(c->list, c->n, sizeof *c->list, larger_first);
    html_section(h, "largest", "The largest customers");
    html_note(h, "A record's probability says how surely it belongs to the rest. Values that "
                 "differ from the first record's are marked.");
    put_customers(c, h);
    qsort(c->list, c->n, sizeof *c->list, weaker_first);
    html_section(h, "weakest", "The weakest customers");
    html_note(h, "A customer hangs together by its strongest pairs; these hang by the weakest of "
                 "them. The two records of that pair stand first.");
    put_customers(c, h);
    return 0;
}

int match_page_customers(const struct match_page *p, struct html *h)
{
    struct customers c = {.m = p->m};
    int code = put_both(&c, h);
    free(c.list);
    free(c.next);
    free(c.first);
    return code;
}
