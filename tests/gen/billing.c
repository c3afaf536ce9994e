/* Billing: `;` between fields, windows-1252, gzip, day.month.year, decimal commas, the name in one
 * column in capitals, a control total in the last line. */
#include <stdio.h>

#include "tests/gen/export.h"
#include "tests/gen/spelling.h"

static const char header[] = "CUST_NO;NAME;TITLE;DOB;ADDR1;ADDR2;TOWN;COUNTY;PCODE;COUNTRY;TEL1;"
                             "TEL2;EMAIL;VAT_NO;CREDIT_LIMIT;OPTIN;STATUS;CHANGED\n";

static const enum wrong_kind wrong_kinds[] = {BAD_DATE, SHORT_LINE, KEY_CONFLICT};

static void field(struct out *o, const char *s)
{
    out_field(o, s, ';');
    out_char(o, ';');
}

static void add_date(struct text *t, struct day d)
{
    text_uint(t, (uint64_t)d.date, 2);
    text_char(t, '.');
    text_uint(t, (uint64_t)d.month, 2);
    text_char(t, '.');
    text_uint(t, (uint64_t)d.year, 4);
}

/* "O'BRIEN, MARY J." */
static void name_of(const struct record *r, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    text_add(&t, r->family);
    if (r->given[0]) {
        text_add(&t, ", ");
        text_add(&t, r->given);
        text_add(&t, r->given[1] ? "" : ".");
    }
    if (r->middle[0]) {
        text_char(&t, ' ');
        text_char(&t, r->middle[0]);
        if (r->middle[0] & 0x80)
            text_char(&t, r->middle[1]);
        text_char(&t, '.');
    }
    if (r->suffix[0]) {
        text_char(&t, ' ');
        text_add(&t, r->suffix);
    }
    spell_upper(buffer);
}

static void birth_of(const struct record *r, enum wrong_kind wrong, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    if (wrong == BAD_DATE)
        text_add(&t, "31.02.1976");
    else if (r->birth.year)
        add_date(&t, r->birth);
}

static void write_name_and_address(struct out *o, const struct record *r, enum wrong_kind wrong)
{
    char name[160], birth[12], street[LINE_SIZE];
    name_of(r, name, sizeof(name));
    field(o, wrong == KEY_CONFLICT ? "ANOTHER, NAME" : name);
    field(o, r->text_draws % 10 < 3 ? ""
             : r->sex == MALE       ? "MR"
             : r->text_draws % 2    ? "MRS"
                                    : "MS");
    birth_of(r, wrong, birth, sizeof(birth));
    field(o, birth);
    TEXT_SET(street, r->line1);
    if (r->text_draws % 3 == 0)
        spell_upper(street);
    field(o, street);
    field(o, r->line2);
    field(o, r->city);
    field(o, r->text_draws % 4 ? r->county : "");
    field(o, r->postcode);
    field(o, "GB");
}

static void write_account(struct out *o, const struct record *r)
{
    char changed[20];
    struct moment m = moment_at(r->changed, summer_offset(r->changed));
    struct text t = TEXT_ON(changed);
    add_date(&t, m.day);
    text_char(&t, ' ');
    text_uint(&t, (uint64_t)m.hour, 2);
    text_char(&t, ':');
    text_uint(&t, (uint64_t)m.minute, 2);
    field(o, r->phone[0]);
    field(o, r->phone[1]);
    field(o, r->email);
    field(o, r->tax_id);
    out_money(o, (int64_t)(r->text_draws % 40) * 25000, ',', '.');
    out_char(o, ';');
    field(o, r->email_optin ? "J" : "N");
    field(o, r->text_draws % 25 ? "ACTIVE" : "CLOSED");
    out_text(o, changed);
    out_end_line(o);
}

static void write_row(struct out *o, const struct record *r, uint64_t number, enum wrong_kind wrong)
{
    char key[24];
    record_key(BILLING, number, key, sizeof(key));
    field(o, key);
    if (wrong == SHORT_LINE) {
        out_text(o, "BROKEN, LINE;MR;01.0");
        out_end_line(o);
        return;
    }
    write_name_and_address(o, r, wrong);
    write_account(o, r);
}

static void write_wrong(struct exports *x, struct out *o, const struct walk *w,
                        const struct wrong_plan *plan, enum wrong_kind kind)
{
    char path[PATH_SIZE];
    export_path(x, "billing", ".csv.gz", path);
    wrong_note(x->wrong, "billing", strrchr(path, '/') + 1, out_line(o), kind);
    write_row(o, &w->record, kind == KEY_CONFLICT ? w->record.number : wrong_number(plan), kind);
}

int billing_write(struct exports *x)
{
    struct out *o = export_open(x, "billing", ".csv.gz", WINDOWS_1252);
    if (!o)
        return -1;
    struct wrong_plan plan =
        wrong_plan_of(x->company, wrong_kinds, 3, walk_rows(x, BILLING), x->company->people);
    struct walk w = {0};
    uint64_t rows = 0;
    enum wrong_kind kind;
    out_text(o, header);
    while (walk_next(x, BILLING, &w)) {
        write_row(o, &w.record, w.record.number, WRONG_KINDS);
        truth_record(x, &w);
        for (rows++; wrong_due(&plan, w.place, &kind); rows++)
            write_wrong(x, o, &w, &plan, kind);
    }
    out_text(o, "TOTAL;");
    out_uint(o, rows, 1);
    out_end_line(o);
    return export_close(x, o, "billing");
}
