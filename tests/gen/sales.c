/* Sales: one JSON document of contacts, a contact a line, with its account, address and
 * opportunities inside. */
#include <stdio.h>

#include "tests/gen/export.h"
#include "tests/gen/goods.h"
#include "tests/gen/iso.h"

static const enum wrong_kind wrong_kinds[] = {BAD_DATE};

static void text_member(struct out *o, const char *name, const char *value)
{
    out_char(o, '"');
    out_text(o, name);
    out_text(o, "\":");
    if (value[0]) {
        out_char(o, '"');
        out_json(o, value);
        out_char(o, '"');
    } else {
        out_text(o, "null");
    }
    out_char(o, ',');
}

static void write_names(struct out *o, const struct record *r)
{
    char first[2 * NAME_SIZE];
    struct text t = TEXT_ON(first);
    text_add(&t, r->given);
    if (r->given[0] && !r->given[1])
        text_char(&t, '.');
    text_member(o, "Salutation", r->text_draws % 3 ? "" : r->sex == MALE ? "Mr." : "Ms.");
    text_member(o, "FirstName", first);
    text_member(o, "MiddleName", r->middle);
    text_member(o, "LastName", r->family);
    text_member(o, "Suffix", r->suffix);
}

static void write_birth(struct out *o, const struct record *r, enum wrong_kind wrong)
{
    char date[16];
    struct text t = TEXT_ON(date);
    if (wrong == BAD_DATE)
        text_add(&t, "1976-02-31");
    else if (r->birth.year)
        iso_day(&t, r->birth);
    text_member(o, "Birthdate", date);
}

static void write_address(struct out *o, const struct record *r)
{
    char street[2 * LINE_SIZE + 2];
    if (!r->line1[0] && !r->postcode[0]) {
        out_text(o, "\"MailingAddress\":null,");
        return;
    }
    struct text t = TEXT_ON(street);
    text_add(&t, r->line1);
    if (r->line2[0]) {
        text_char(&t, '\n');
        text_add(&t, r->line2);
    }
    out_text(o, "\"MailingAddress\":{");
    text_member(o, "street", street);
    text_member(o, "city", r->city);
    text_member(o, "state", r->text_draws % 3 ? r->county : "");
    text_member(o, "postalCode", r->postcode);
    out_text(o, r->text_draws % 2 ? "\"country\":\"United Kingdom\"}," : "\"country\":\"GB\"},");
}

static void write_account(struct out *o, const struct record *r)
{
    char id[24], name[2 * NAME_SIZE];
    record_key(SALES, r->number, id, sizeof(id));
    id[2] = '1'; /* 001 an account, 003 a contact */
    struct text t = TEXT_ON(name);
    text_add(&t, r->family);
    text_add(&t, r->tax_id[0] ? " & Co" : " Household");
    out_text(o, "\"Account\":{");
    text_member(o, "Id", id);
    text_member(o, "Name", name);
    text_member(o, "TaxId", r->tax_id);
    out_text(o, r->tax_id[0] ? "\"Type\":\"Business\"}," : "\"Type\":\"Consumer\"},");
}

static void write_opportunity(struct out *o, const struct company *c, const struct record *r,
                              int number, struct chance *draws)
{
    static const char *const stages[] = {"Prospecting", "Proposal/Price Quote", "Closed Won",
                                         "Closed Lost"};
    char id[24], date[16];
    const struct good *g = good_for(r->person, draws);
    uint32_t stage = chance_below(draws, 4);
    int64_t day = c->first_day + chance_between(draws, -365, 60);
    record_key(SALES, r->number * 8 + (uint64_t)number, id, sizeof(id));
    id[2] = '6';
    struct text t = TEXT_ON(date);
    iso_day(&t, day_of(day));
    out_text(o, number ? ",{" : "{");
    text_member(o, "Id", id);
    text_member(o, "Name", g->name);
    text_member(o, "StageName", stages[stage]);
    out_text(o, "\"Amount\":");
    out_money(o, (int64_t)g->price * chance_between(draws, 1, 20), '.', 0);
    out_text(o, ",\"CurrencyIsoCode\":\"GBP\",\"CloseDate\":\"");
    out_text(o, date);
    out_text(o, "\"}");
}

static void write_opportunities(struct out *o, const struct company *c, const struct record *r)
{
    struct chance draws = {r->text_draws};
    int n = chance_times(&draws, company_rate(c, RATE_OPPORTUNITIES), 6);
    out_text(o, "\"Opportunities\":[");
    for (int i = 0; i < n; i++)
        write_opportunity(o, c, r, i, &draws);
    out_text(o, "],");
}

/* The loyalty number, where the contact has one and told it. */
static void write_loyalty(struct out *o, const struct company *c, const struct record *r)
{
    char number[24] = "";
    struct chance draws = {r->text_draws + 1};
    if (record_copies(c, LOYALTY, r->person) &&
        chance_hit(&draws, c->rates.of[RATE_LOYALTY_KNOWN][SALES]))
        record_key(LOYALTY, source_place(c, LOYALTY, r->person) * KEY_STEP, number, sizeof(number));
    text_member(o, "LoyaltyNumber__c", number);
}

static void write_contact(struct out *o, const struct company *c, const struct record *r,
                          uint64_t number, enum wrong_kind wrong)
{
    char key[24], changed[40];
    record_key(SALES, number, key, sizeof(key));
    out_char(o, '{');
    text_member(o, "Id", key);
    write_names(o, r);
    write_birth(o, r, wrong);
    text_member(o, "Email", r->email);
    text_member(o, "Phone", r->phone[0]);
    text_member(o, "MobilePhone", r->phone[1]);
    write_address(o, r);
    write_account(o, r);
    write_opportunities(o, c, r);
    write_loyalty(o, c, r);
    out_text(o, r->email_optin ? "\"HasOptedOutOfEmail\":false," : "\"HasOptedOutOfEmail\":true,");
    out_text(o, r->sms_optin ? "\"DoNotCall\":false," : "\"DoNotCall\":true,");
    /* the server stands one hour east of London */
    struct text t = TEXT_ON(changed);
    iso_moment(&t, r->changed, summer_offset(r->changed) + 3600, ISO_MILLIS_NO_COLON);
    out_text(o, "\"LastModifiedDate\":\"");
    out_text(o, changed);
    out_text(o, "\"}");
}

static void write_wrong(struct exports *x, struct out *o, const struct walk *w,
                        const struct wrong_plan *plan, enum wrong_kind kind)
{
    char path[PATH_SIZE];
    out_text(o, ",\n");
    export_path(x, "contacts", ".json", path);
    wrong_note(x->wrong, "sales", strrchr(path, '/') + 1, out_line(o), kind);
    write_contact(o, x->company, &w->record, wrong_number(plan), kind);
}

int sales_write(struct exports *x)
{
    struct out *o = export_open(x, "contacts", ".json", UTF_8);
    if (!o)
        return -1;
    struct wrong_plan plan =
        wrong_plan_of(x->company, wrong_kinds, 1, walk_rows(x, SALES), x->company->people);
    struct walk w = {0};
    enum wrong_kind kind;
    out_text(o, "{\"contacts\":[\n");
    for (int n = 0; walk_next(x, SALES, &w); n = 1) {
        if (n)
            out_text(o, ",\n");
        write_contact(o, x->company, &w.record, w.record.number, WRONG_KINDS);
        truth_record(x, &w);
        while (wrong_due(&plan, w.place, &kind))
            write_wrong(x, o, &w, &plan, kind);
    }
    out_text(o, "\n]}\n");
    return export_close(x, o, "contacts");
}
