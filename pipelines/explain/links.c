/* The links that hold a customer together: the strongest pairs that suffice, the weakest first, and
 * what a cut at the weakest leaves. */
#include <stdlib.h>

#include "core/wrap.h"
#include "pipelines/explain/account.h"
#include "pipelines/explain/explain.h"
#include "transform/match/links.h"

enum { LINKED_MAX = 400, LINKS_SHOWN = 20, NAMES_SHOWN = 12 };

struct linking {
    const struct link_records *r;
    struct match_pair *pairs; /* of all records, by place in r->records */
    size_t n_pairs;
    struct match_pair *links; /* the strongest first */
    size_t n_links;
    uint8_t *side;
};

/* What lies between the two parts of a cut. */
struct gap {
    int64_t pairs, sum;
    int32_t best, worst;
};

static int weigh_pairs(struct linking *l, struct error *err)
{
    uint32_t n = l->r->n;
    struct pair_account account;
    for (uint32_t a = 0; a < n; a++)
        for (uint32_t b = a + 1; b < n; b++) {
            TRY(explainer_pair(l->r->explainer, l->r->records[a], l->r->records[b], &account, err));
            int32_t weight = account.rule == ACCOUNT_CERTAIN ? WEIGHT_CERTAIN : account.weight;
            l->pairs[l->n_pairs++] = (struct match_pair){a, b, weight};
        }
    return 0;
}

static struct gap gap_of(const struct linking *l)
{
    struct gap g = {.best = INT32_MIN, .worst = INT32_MAX};
    for (size_t i = 0; i < l->n_pairs; i++) {
        const struct match_pair *p = &l->pairs[i];
        if (l->side[p->a] == l->side[p->b])
            continue;
        int32_t weight = weight_clip(p->weight);
        g.pairs++;
        g.sum += weight;
        g.best = p->weight > g.best ? p->weight : g.best;
        g.worst = p->weight < g.worst ? p->weight : g.worst;
    }
    return g;
}

static int name_words(struct slice name, struct buffer *out)
{
    return text_padded(out, name, text_width(name) < 34 ? text_width(name) : 34);
}

static int link_text(const struct linking *l, const struct match_pair *p, struct buffer *out,
                     struct error *err)
{
    struct pair_account account;
    const struct link_records *r = l->r;
    TRY(explainer_pair(r->explainer, r->records[p->a], r->records[p->b], &account, err));
    TRY(buffer_string(out, "  "));
    TRY(name_words(r->names[p->a], out));
    TRY(buffer_string(out, " and "));
    TRY(name_words(r->names[p->b], out));
    TRY(buffer_string(out, ": "));
    TRY(account_weight(p->weight, out));
    TRY(buffer_printf(out, ", probability %.4f\n",
                      p->weight == WEIGHT_CERTAIN ? 1 : weight_probability(p->weight)));
    return account_reasons(&account, 6, out);
}

static int part_text(const struct linking *l, int side, struct buffer *out)
{
    struct wrap w = {out, 80, 4, 0};
    uint32_t shown = 0, n = 0;
    for (uint32_t i = 0; i < l->r->n; i++)
        n += l->side[i] == side;
    TRY(buffer_printf(out, "  %u: ", n));
    w.column = 6;
    for (uint32_t i = 0; i < l->r->n && shown < NAMES_SHOWN; i++)
        if (l->side[i] == side) {
            if (shown++)
                TRY(wrap_words(&w, SLICE_LIT(", ")));
            TRY(wrap_words(&w, l->r->names[i]));
        }
    if (shown < n)
        TRY(wrap_words(&w, SLICE_LIT(", …")));
    return wrap_end(&w);
}

static int cut_text(const struct linking *l, struct buffer *out)
{
    struct gap g = gap_of(l);
    TRY(buffer_string(out, "\ncut at the weakest link, it would be two customers:\n"));
    TRY(part_text(l, 1, out));
    TRY(part_text(l, 0, out));
    if (g.worst == WEIGHT_CERTAIN)
        return 0;
    TRY(buffer_printf(out, "  between them %lld %s, ", (long long)g.pairs,
                      g.pairs == 1 ? "pair" : "pairs"));
    if (g.pairs == 1) {
        TRY(account_weight(g.best, out));
        return buffer_putc(out, '\n');
    }
    TRY(account_weight(g.worst, out));
    TRY(buffer_string(out, " to "));
    TRY(account_weight(g.best, out));
    return buffer_printf(out, ", %+.2f on average\n", account_bits((int32_t)(g.sum / g.pairs)));
}

static int links_text(const struct linking *l, struct buffer *out, struct error *err)
{
    size_t shown = l->n_links < LINKS_SHOWN ? l->n_links : LINKS_SHOWN;
    TRY(buffer_printf(out, "\nheld together by %zu %s, weakest first\n", l->n_links,
                      l->n_links == 1 ? "link" : "links"));
    for (size_t i = 0; i < shown; i++)
        TRY(link_text(l, &l->links[l->n_links - 1 - i], out, err));
    if (shown < l->n_links)
        TRY(buffer_printf(out, "  … and %zu stronger ones\n", l->n_links - shown));
    return cut_text(l, out);
}

static json_t *link_json(const struct linking *l, const struct match_pair *p, struct error *err)
{
    struct pair_account account;
    const struct link_records *r = l->r;
    if (explainer_pair(r->explainer, r->records[p->a], r->records[p->b], &account, err) < 0)
        return NULL;
    return account_json(&account, r->names[p->a], r->names[p->b]);
}

static json_t *part_json(const struct linking *l, int side)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < l->r->n; i++)
        if (l->side[i] == side)
            json_array_append_new(list, json_stringn(l->r->names[i].ptr, l->r->names[i].len));
    return list;
}

static int links_json(const struct linking *l, json_t *out, struct error *err)
{
    struct gap g = gap_of(l);
    json_t *list = json_array();
    for (size_t i = l->n_links; list && i > 0; i--)
        if (json_array_append_new(list, link_json(l, &l->links[i - 1], err)) < 0) {
            json_decref(list);
            return error_memory(err);
        }
    json_t *cut = json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "one", part_json(l, 1), "other",
                            part_json(l, 0), "pairs", (json_int_t)g.pairs, "strongest",
                            account_real(account_bits(g.best)), "weakest",
                            account_real(account_bits(g.worst)), "average",
                            account_real(g.pairs ? account_bits((int32_t)(g.sum / g.pairs)) : 0));
    int code = json_object_set_new(out, "links", list);
    return json_object_set_new(out, "cut", cut) < 0 || code < 0 ? error_memory(err) : 0;
}

static int link_up(struct linking *l, struct explanation *out, struct error *err)
{
    size_t n = l->r->n;
    l->pairs = malloc((n * (n - 1) / 2 + 1) * sizeof *l->pairs);
    l->links = malloc((n + 1) * sizeof *l->links);
    l->side = calloc(n + 1, 1);
    if (!l->pairs || !l->links || !l->side)
        return error_memory(err);
    TRY(weigh_pairs(l, err));
    int64_t found = links_find(l->pairs, l->n_pairs, NULL, l->r->n, l->links);
    if (found < 0)
        return error_memory(err);
    l->n_links = (size_t)found;
    if (links_cut(l->links, l->n_links, l->n_links - 1, l->r->n, l->side) < 0)
        return error_memory(err);
    if (out->json)
        return links_json(l, out->json, err);
    int code = links_text(l, &out->text, err);
    return code == ERR_MEMORY ? error_memory(err) : code;
}

int explain_links(const struct link_records *r, struct explanation *out, struct error *err)
{
    struct linking l = {.r = r};
    if (r->n > LINKED_MAX)
        return error_set(err, ERR_DATA,
                         "%u records are too many to show their links: at most %d; 'sluice match "
                         "--report' shows large customers",
                         r->n, LINKED_MAX);
    if (r->n < 2) {
        int code = out->json
                       ? json_object_set_new(out->json, "links", json_array())
                       : buffer_string(&out->text, "\none record: nothing to hold together\n");
        return code < 0 ? error_memory(err) : 0;
    }
    int code = link_up(&l, out, err);
    free(l.pairs);
    free(l.links);
    free(l.side);
    return code;
}
