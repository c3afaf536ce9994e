/* Billing's documents: invoices with their credit notes, and payments. The last line holds the
 * number of rows and the sum of GROSS as far as it is a number. */
#include <stdio.h>

#include "tests/gen/export.h"
#include "tests/gen/goods.h"
#include "tests/gen/happenings.h"

static const char invoice_header[] =
    "INV_NO;CUST_NO;DOC_TYPE;INV_DATE;DUE_DATE;CATEGORY;QTY;NET;VAT;GROSS;CURRENCY;SELLER;BRANCH\n";
static const char payment_header[] =
    "PAY_NO;CUST_NO;INV_NO;PAY_DATE;METHOD;NET;VAT;GROSS;CURRENCY\n";

static const enum wrong_kind invoice_wrongs[] = {BAD_AMOUNT, BAD_DATE, SHORT_LINE};
static const enum wrong_kind payment_wrongs[] = {BAD_AMOUNT, BAD_DATE};

struct sheet { /* a file with its totals */
    const char *stem;
    struct out *o;
    uint64_t rows;
    int64_t gross;
    struct wrong_plan plan;
};

struct documents {
    struct exports *x;
    struct sheet invoices, payments;
    struct walk walk;
};

struct invoice {
    char id[24], key[24];
    const struct good *good;
    int quantity, is_credit;
    int64_t day, net, vat;
    const char *branch, *seller;
};

static void field(struct out *o, const char *s)
{
    out_field(o, s, ';');
    out_char(o, ';');
}

static void date_field(struct out *o, int64_t day, enum wrong_kind wrong)
{
    struct day d = day_of(day);
    if (wrong == BAD_DATE)
        d = (struct day){d.year, 2, 31};
    out_uint(o, (uint64_t)d.date, 2);
    out_char(o, '.');
    out_uint(o, (uint64_t)d.month, 2);
    out_char(o, '.');
    out_uint(o, (uint64_t)d.year, 4);
    out_char(o, ';');
}

static void money_fields(struct sheet *s, int64_t net, int64_t vat, enum wrong_kind wrong)
{
    if (wrong == BAD_AMOUNT) {
        out_text(s->o, "#VALUE!;#VALUE!;#VALUE!;");
    } else {
        const int64_t amounts[] = {net, vat, net + vat};
        for (int i = 0; i < 3; i++) {
            out_money(s->o, amounts[i], ',', 0);
            out_char(s->o, ';');
        }
        s->gross += net + vat;
    }
}

static void invoice_id(uint64_t number, int event, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    text_add(&t, "R");
    text_uint(&t, number, 7);
    text_char(&t, '-');
    text_uint(&t, (uint64_t)event, 3);
}

static void invoice_make(const struct record *r, const struct company *c, struct happening *h,
                         struct invoice *ret)
{
    struct chance *draws = &h->draws;
    invoice_id(r->number, h->number, ret->id, sizeof(ret->id));
    record_key(BILLING, r->number, ret->key, sizeof(ret->key));
    ret->good = good_for(r->person, draws);
    ret->quantity = 1 + chance_times(draws, 0.8, 19);
    ret->is_credit = chance_hit(draws, company_rate(c, RATE_CREDIT_NOTE));
    ret->day = h->at / DAY_SECONDS;
    ret->net = (int64_t)ret->good->price * ret->quantity * (ret->is_credit ? -1 : 1);
    ret->vat = (ret->net * ret->good->vat + (ret->is_credit ? -50 : 50)) / 100;
    ret->branch = branch_for((int)(r->text_draws % 64), draws);
    ret->seller = seller_for(ret->branch, draws);
}

static void write_invoice(struct sheet *s, const struct invoice *v, const char *id,
                          enum wrong_kind wrong)
{
    struct out *o = s->o;
    s->rows++;
    field(o, id);
    field(o, v->key);
    if (wrong == SHORT_LINE) {
        out_text(o, "INV;");
        out_end_line(o);
        return;
    }
    field(o, v->is_credit ? "CRN" : "INV");
    date_field(o, v->day, wrong);
    date_field(o, v->day + 30, WRONG_KINDS);
    field(o, v->good->category);
    out_uint(o, (uint64_t)v->quantity, 1);
    out_char(o, ';');
    money_fields(s, v->net, v->vat, wrong);
    field(o, "GBP");
    field(o, v->seller);
    out_text(o, v->branch);
    out_end_line(o);
}

static void write_payment(struct sheet *s, const struct invoice *v, const char *id, int64_t day,
                          const int64_t amounts[2], enum wrong_kind wrong)
{
    static const char *const methods[] = {"DIRECT_DEBIT", "CARD", "TRANSFER", "CASH"};
    struct out *o = s->o;
    s->rows++;
    field(o, id);
    field(o, v->key);
    field(o, v->id);
    date_field(o, day, wrong);
    field(o, methods[(v->net ^ day) & 3]);
    money_fields(s, amounts[0], amounts[1], wrong);
    out_text(o, "GBP");
    out_end_line(o);
}

static void note_wrong(struct documents *d, const struct sheet *s, enum wrong_kind kind)
{
    char path[PATH_SIZE];
    export_path(d->x, s->stem, ".csv.gz", path);
    wrong_note(d->x->wrong, "billing", strrchr(path, '/') + 1, out_line(s->o), kind);
}

static void payment_out(struct documents *d, const struct invoice *v, int part, int64_t day,
                        const int64_t amounts[2])
{
    char id[24];
    struct sheet *s = &d->payments;
    struct days days = night_days(d->x);
    enum wrong_kind kind;
    if (day < days.from || day >= days.to)
        return;
    TEXT_SET(id, v->id);
    id[0] = part ? 'Q' : 'P';
    write_payment(s, v, id, day, amounts, WRONG_KINDS);
    truth_event(d->x, &d->walk.record, id);
    while (wrong_due(&s->plan, d->walk.place, &kind)) {
        note_wrong(d, s, kind);
        invoice_id(wrong_number(&s->plan), 0, id, sizeof(id));
        id[0] = 'P';
        write_payment(s, v, id, day, amounts, kind);
    }
}

static void pay(struct documents *d, const struct invoice *v, struct chance *draws)
{
    const struct company *c = d->x->company;
    int paid = chance_hit(draws, company_rate(c, RATE_PAID));
    int twice = chance_hit(draws, company_rate(c, RATE_PAID_TWICE));
    int64_t day = v->day + chance_between(draws, 3, 45);
    if (!paid || v->is_credit)
        return;
    int64_t first[2] = {v->net, v->vat}, rest[2] = {v->net - v->net / 2, v->vat - v->vat / 2};
    if (twice) {
        first[0] = v->net / 2;
        first[1] = v->vat / 2;
        payment_out(d, v, 1, day + 14, rest);
    }
    payment_out(d, v, 0, day, first);
}

static void invoice_out(struct documents *d, const struct invoice *v)
{
    char id[24];
    struct sheet *s = &d->invoices;
    struct days days = night_days(d->x);
    enum wrong_kind kind;
    if (v->day < days.from || v->day >= days.to)
        return;
    write_invoice(s, v, v->id, WRONG_KINDS);
    truth_event(d->x, &d->walk.record, v->id);
    while (wrong_due(&s->plan, d->walk.place, &kind)) {
        note_wrong(d, s, kind);
        invoice_id(wrong_number(&s->plan), 0, id, sizeof(id));
        write_invoice(s, v, id, kind);
    }
}

static int sheet_open(struct documents *d, struct sheet *s, const char *stem, const char *header)
{
    s->stem = stem;
    s->o = export_open(d->x, stem, ".csv.gz", WINDOWS_1252);
    if (s->o)
        out_text(s->o, header);
    return s->o ? 0 : -1;
}

static int sheet_close(struct documents *d, struct sheet *s)
{
    if (!s->o)
        return 0;
    out_text(s->o, "TOTAL;");
    out_uint(s->o, s->rows, 1);
    out_char(s->o, ';');
    out_money(s->o, s->gross, ',', 0);
    out_end_line(s->o);
    return export_close(d->x, s->o, s->stem);
}

static void plan_wrongs(struct documents *d)
{
    const struct company *c = d->x->company;
    struct days days = night_days(d->x);
    double rows = walk_rows(d->x, BILLING) * c->rates.of[RATE_EVENTS][BILLING] *
                  (double)(days.to - days.from) / 365;
    d->invoices.plan = wrong_plan_of(c, invoice_wrongs, 3, rows, c->people);
    d->payments.plan = wrong_plan_of(c, payment_wrongs, 2, rows * 0.85, c->people);
}

int invoices_write(struct exports *x)
{
    const struct company *c = x->company;
    struct documents d = {.x = x};
    int rc = sheet_open(&d, &d.invoices, "invoices", invoice_header);
    rc = rc ? rc : sheet_open(&d, &d.payments, "payments", payment_header);
    plan_wrongs(&d);
    while (!rc && walk_next(x, BILLING, &d.walk)) {
        struct happenings all =
            happenings_of(c, &d.walk.record, 0, c->rates.of[RATE_EVENTS][BILLING], x->night);
        struct happening h;
        while (happening_next(&all, &h)) {
            struct invoice v;
            invoice_make(&d.walk.record, c, &h, &v);
            invoice_out(&d, &v);
            pay(&d, &v, &h.draws);
        }
    }
    int invoices_rc = sheet_close(&d, &d.invoices), payments_rc = sheet_close(&d, &d.payments);
    return rc || invoices_rc || payments_rc ? -1 : 0;
}
