/* Sales' orders: JSON Lines, an order a line with its line items, times with London's offset. */
#include <stdio.h>

#include "tests/gen/export.h"
#include "tests/gen/goods.h"
#include "tests/gen/happenings.h"
#include "tests/gen/iso.h"

static const enum wrong_kind wrong_kinds[] = {BAD_UTF8, BAD_AMOUNT, SHORT_LINE};

enum { ITEMS_MOST = 9 };

/* "8010012345-007": an order; with its item's number "8020012345-007-2". */
static void order_id(uint64_t number, int event, int item, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    text_add(&t, item ? "802" : "801");
    text_uint(&t, number, 7);
    text_char(&t, '-');
    text_uint(&t, (uint64_t)event, 3);
    if (item) {
        text_char(&t, '-');
        text_uint(&t, (uint64_t)item, 1);
    }
}

static void out_string(struct out *o, const char *name, const char *value)
{
    out_char(o, '"');
    out_text(o, name);
    out_text(o, "\":\"");
    out_json(o, value);
    out_text(o, "\",");
}

struct order {
    uint64_t number;
    int event, n_items;
    const struct record *record;
    int64_t at;
    struct chance draws;
};

static int64_t write_item(struct out *o, const struct order *order, int item, struct chance *draws,
                          enum wrong_kind wrong)
{
    char id[32];
    const struct good *g = good_for(order->record->person, draws);
    int quantity = 1 + chance_times(draws, 0.5, 9);
    int64_t net = (int64_t)g->price * quantity, tax = (net * g->vat + 50) / 100;
    order_id(order->number, order->event, item, id, sizeof(id));
    out_text(o, item > 1 ? ",{" : "{");
    out_string(o, "Id", id);
    out_string(o, "Sku", g->sku);
    out_string(o, "ProductName", g->name);
    out_string(o, "Category", g->category);
    out_text(o, "\"Quantity\":");
    out_uint(o, (uint64_t)quantity, 1);
    out_text(o, ",\"UnitPrice\":");
    out_money(o, g->price, '.', 0);
    out_text(o, ",\"NetAmount\":");
    if (wrong == BAD_AMOUNT)
        out_text(o, "\"12.3O\"");
    else
        out_money(o, net, '.', 0);
    out_text(o, ",\"TaxAmount\":");
    out_money(o, tax, '.', 0);
    out_char(o, '}');
    return net + tax;
}

static void write_head(struct out *o, const struct order *order, struct chance *draws,
                       enum wrong_kind wrong)
{
    static const char *const channels[] = {"web", "web", "store", "phone"};
    char id[32], key[24], at[40];
    uint32_t channel = chance_below(draws, 4);
    const char *branch = branch_for((int)(order->record->text_draws % 64), draws);
    order_id(order->number, order->event, 0, id, sizeof(id));
    record_key(SALES, order->record->number, key, sizeof(key));
    struct text t = TEXT_ON(at);
    iso_moment(&t, order->at, summer_offset(order->at), ISO_COLON);
    out_char(o, '{');
    out_string(o, "Id", id);
    out_string(o, "ContactId", key);
    out_string(o, "OrderedAt", at);
    out_string(o, "Channel", channels[channel]);
    out_string(o, "Store", channel == 2 ? branch : "online");
    out_string(o, "SalesRep", seller_for(branch, draws));
    if (wrong == BAD_UTF8)
        out_text(o, "\"Note\":\"caf\xe9 \xc3(\",");
    out_string(o, "CurrencyIsoCode", "GBP");
}

static void write_order(struct out *o, const struct order *order, enum wrong_kind wrong)
{
    struct chance draws = order->draws;
    int64_t total = 0;
    write_head(o, order, &draws, wrong);
    out_text(o, "\"OrderItems\":[");
    if (wrong == SHORT_LINE) { /* the writer died in the middle of it */
        out_end_line(o);
        return;
    }
    for (int i = 1; i <= order->n_items; i++)
        total += write_item(o, order, i, &draws, i == 1 ? wrong : WRONG_KINDS);
    out_text(o, "],\"TotalAmount\":");
    out_money(o, total, '.', 0);
    out_char(o, '}');
    out_end_line(o);
}

static void write_wrong(struct exports *x, struct out *o, const struct order *order,
                        const struct wrong_plan *plan, enum wrong_kind kind)
{
    char path[PATH_SIZE];
    struct order wrong = *order;
    wrong.number = wrong_number(plan);
    wrong.n_items = 1;
    export_path(x, "orders", ".jsonl", path);
    wrong_note(x->wrong, "sales", strrchr(path, '/') + 1, out_line(o), kind);
    write_order(o, &wrong, kind);
}

static void order_out(struct exports *x, struct out *o, struct wrong_plan *plan,
                      const struct walk *w, const struct happening *h)
{
    struct days days = night_days(x);
    struct order order = {w->record.number, h->number, 1, &w->record, h->at, h->draws};
    enum wrong_kind kind;
    int64_t day = h->at / DAY_SECONDS;
    if (day < days.from || day >= days.to)
        return;
    order.n_items +=
        chance_times(&order.draws, company_rate(x->company, RATE_ITEMS), ITEMS_MOST - 1);
    write_order(o, &order, WRONG_KINDS);
    for (int i = 1; i <= order.n_items; i++) {
        char id[32];
        order_id(order.number, order.event, i, id, sizeof(id));
        truth_event(x, &w->record, id);
    }
    while (wrong_due(plan, w->place, &kind))
        write_wrong(x, o, &order, plan, kind);
}

int orders_write(struct exports *x)
{
    const struct company *c = x->company;
    struct out *o = export_open(x, "orders", ".jsonl", UTF_8);
    if (!o)
        return -1;
    double mean = c->rates.of[RATE_EVENTS][SALES];
    struct days days = night_days(x);
    struct wrong_plan plan =
        wrong_plan_of(c, wrong_kinds, 3,
                      walk_rows(x, SALES) * mean * (double)(days.to - days.from) / 365, c->people);
    struct walk w = {0};
    while (walk_next(x, SALES, &w)) {
        struct happenings all = happenings_of(c, &w.record, 0, mean, x->night);
        struct happening h;
        while (happening_next(&all, &h))
            order_out(x, o, &plan, &w, &h);
    }
    return export_close(x, o, "orders");
}
