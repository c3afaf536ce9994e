/* Service: tickets.xml in a zip. A requester stands in each of his tickets; the whole is exported
 * every night. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/gen/export.h"
#include "tests/gen/happenings.h"
#include "tests/gen/iso.h"
#include "tests/gen/pack.h"
#include "tests/gen/ticket_text.h"

static const enum wrong_kind wrong_kinds[] = {BAD_ENTITY, BAD_DATE};

struct tickets {
    struct exports *x;
    struct out *o;
    const char *file; /* as wrong.csv names it */
    struct wrong_plan plan;
    struct walk walk;
};

static void element(struct out *o, const char *name, const char *value)
{
    if (!value[0])
        return;
    out_text(o, "<");
    out_text(o, name);
    out_char(o, '>');
    out_xml(o, value);
    out_text(o, "</");
    out_text(o, name);
    out_text(o, ">");
}

static void attribute(struct out *o, const char *name, const char *value)
{
    out_char(o, ' ');
    out_text(o, name);
    out_text(o, "=\"");
    out_xml(o, value);
    out_char(o, '"');
}

/* What agents and customers type: mostly given and family name, now and then the family first. */
static void name_of(const struct record *r, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    int family_first = r->given[0] && r->text_draws % 20 == 0;
    if (family_first) {
        text_add(&t, r->family);
        text_add(&t, ", ");
    } else if (r->text_draws % 9 == 0) {
        text_add(&t, r->sex == MALE ? "Mr " : "Mrs ");
    }
    text_add(&t, r->given);
    text_add(&t, r->given[0] && !r->given[1] ? "." : "");
    if (r->middle[0]) {
        text_char(&t, ' ');
        text_add(&t, r->middle);
    }
    if (!family_first) {
        text_add(&t, r->given[0] ? " " : "");
        text_add(&t, r->family);
    }
    text_add(&t, r->suffix[0] ? " " : "");
    text_add(&t, r->suffix);
}

static void write_requester(struct out *o, const struct record *r, const char *key,
                            enum wrong_kind wrong)
{
    char name[160], birth[16];
    struct text t = TEXT_ON(birth);
    if (wrong == BAD_DATE)
        text_add(&t, "1976-02-31");
    else if (r->birth.year)
        iso_day(&t, r->birth);
    name_of(r, name, sizeof(name));
    out_text(o, "  <requester");
    attribute(o, "id", key);
    out_text(o, ">");
    element(o, "name", name);
    element(o, "email", r->email);
    element(o, "phone", r->phone[0]);
    element(o, "date_of_birth", birth);
    if (r->line1[0] || r->postcode[0]) {
        out_text(o, "<address>");
        element(o, "street", r->line1);
        element(o, "street2", r->line2);
        element(o, "town", r->city);
        element(o, "postcode", r->postcode);
        out_text(o, "</address>");
    }
    element(o, "marketing", r->email_optin ? "yes" : "no");
    out_text(o, "</requester>\n");
}

static void write_text(struct out *o, const struct ticket_text *text, enum wrong_kind wrong)
{
    out_text(o, "  ");
    element(o, "subject", text->subject);
    out_text(o, "\n  <description>");
    if (wrong == BAD_ENTITY)
        out_text(o, "The invoice &foo; is wrong.");
    else if (text->is_cdata)
        out_text(o, "<![CDATA[");
    if (text->is_cdata && wrong != BAD_ENTITY) {
        out_text(o, text->body);
        out_text(o, "]]>");
    } else {
        out_xml(o, text->body);
    }
    out_text(o, "</description>\n");
}

static void write_ticket(struct tickets *ts, const char *id, const char *key,
                         const struct happening *h, enum wrong_kind wrong)
{
    static const char *const channels[] = {"email", "web", "phone", "chat"};
    static const char *const states[] = {"open", "pending", "solved", "closed", "closed"};
    char at[32];
    struct out *o = ts->o;
    struct chance draws = h->draws;
    struct ticket_text text;
    ticket_text_make(&draws, &text);
    struct text t = TEXT_ON(at);
    iso_moment(&t, h->at, 0, ISO_Z);
    out_text(o, "<ticket");
    attribute(o, "id", id);
    attribute(o, "created", at);
    t = TEXT_ON(at);
    iso_moment(&t, h->at + chance_between(&draws, 600, 3 * DAY_SECONDS), 0, ISO_Z);
    attribute(o, "updated", at);
    out_text(o, ">\n");
    write_requester(o, &ts->walk.record, key, wrong);
    write_text(o, &text, wrong);
    out_text(o, "  ");
    element(o, "channel", channels[chance_below(&draws, 4)]);
    element(o, "status", states[chance_below(&draws, 5)]);
    element(o, "category", text.category);
    element(o, "score", chance_hit(&draws, 0.3) ? chance_hit(&draws, 0.7) ? "good" : "bad" : "");
    out_text(o, "\n</ticket>\n");
}

static void ticket_id(uint64_t number, int event, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    text_uint(&t, number * 1000 + (uint64_t)event, 4);
}

static void ticket_out(struct tickets *ts, const struct happening *h)
{
    char id[24], key[24];
    const struct record *r = &ts->walk.record;
    struct days days = night_days(ts->x);
    int64_t day = h->at / DAY_SECONDS;
    enum wrong_kind kind;
    if (day >= days.to)
        return;
    ticket_id(1000 + r->number, h->number, id, sizeof(id));
    record_key(SERVICE, r->number, key, sizeof(key));
    write_ticket(ts, id, key, h, WRONG_KINDS);
    if (day >= days.from)
        truth_event(ts->x, r, id);
    while (wrong_due(&ts->plan, ts->walk.place, &kind)) {
        wrong_note(ts->x->wrong, "service", ts->file, out_line(ts->o), kind);
        ticket_id(wrong_number(&ts->plan), 0, id, sizeof(id));
        record_key(SERVICE, wrong_number(&ts->plan), key, sizeof(key));
        write_ticket(ts, id, key, h, kind);
    }
}

static int write_xml(struct tickets *ts)
{
    const struct company *c = ts->x->company;
    double mean = c->rates.of[RATE_EVENTS][SERVICE];
    ts->plan = wrong_plan_of(c, wrong_kinds, 2, walk_rows(ts->x, SERVICE) * (1 + mean), c->people);
    out_text(ts->o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tickets>\n");
    while (walk_next(ts->x, SERVICE, &ts->walk)) {
        struct happenings all = happenings_of(c, &ts->walk.record, 1, mean, ts->x->night);
        struct happening h;
        truth_record(ts->x, &ts->walk);
        while (happening_next(&all, &h))
            ticket_out(ts, &h);
    }
    out_text(ts->o, "</tickets>\n");
    return export_close(ts->x, ts->o, "tickets");
}

int service_write(struct exports *x)
{
    char xml[PATH_SIZE], zip[PATH_SIZE], file[80];
    struct tickets ts = {.x = x, .file = file};
    export_path(x, ".tickets", ".xml", xml);
    export_path(x, "service", ".zip", zip);
    snprintf(file, sizeof(file), "%s!tickets.xml", strrchr(zip, '/') + 1);
    ts.o = export_open(x, ".tickets", ".xml", UTF_8);
    if (!ts.o || write_xml(&ts))
        return -1;
    struct packed member = {xml, "tickets.xml"};
    int error = pack(zip, PACK_ZIP, &member, 1, night_days(x).to * DAY_SECONDS);
    unlink(xml);
    if (error)
        snprintf(x->complaint, sizeof(x->complaint), "cannot write '%s': %s", zip, strerror(error));
    return error ? -1 : 0;
}
