/* Loyalty: two members of fixed width in a tar.gz, ASCII, yyyymmdd; H and T records around. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/gen/export.h"
#include "tests/gen/goods.h"
#include "tests/gen/happenings.h"
#include "tests/gen/pack.h"

static const enum wrong_kind member_wrongs[] = {BAD_DATE, SHORT_LINE};
static const enum wrong_kind point_wrongs[] = {BAD_AMOUNT, BAD_DATE};

struct card {
    struct exports *x;
    struct out *o;
    char file[96]; /* as wrong.csv names it */
    uint64_t rows;
    struct wrong_plan plan;
    struct walk walk;
};

static void out_date(struct out *o, struct day d)
{
    if (!d.year) {
        out_text(o, "        ");
        return;
    }
    out_uint(o, (uint64_t)d.year, 4);
    out_uint(o, (uint64_t)d.month, 2);
    out_uint(o, (uint64_t)d.date, 2);
}

static void out_clock(struct out *o, struct moment m)
{
    out_uint(o, (uint64_t)m.hour, 2);
    out_uint(o, (uint64_t)m.minute, 2);
    out_uint(o, (uint64_t)m.second, 2);
}

/* 'H', what it is, the day it was written; 'T' and the number of rows between. */
static void write_header(struct card *f, const char *what)
{
    out_char(f->o, 'H');
    out_fixed(f->o, what, 8);
    out_date(f->o, day_of(night_days(f->x).to));
    out_end_line(f->o);
}

static void write_trailer(struct card *f)
{
    out_char(f->o, 'T');
    out_uint(f->o, f->rows, 9);
    out_end_line(f->o);
}

static void write_name(struct out *o, const struct record *r)
{
    out_fixed(o, r->text_draws % 2 ? "" : r->sex == MALE ? "Mr" : "Mrs", 4);
    out_fixed(o, r->given, 20);
    out_fixed(o, r->middle, 20);
    out_fixed(o, r->family, 30);
    out_fixed(o, r->suffix, 4);
}

static void write_contact(struct out *o, const struct record *r)
{
    out_fixed(o, r->line1, 40);
    out_fixed(o, r->line2, 32);
    out_fixed(o, r->city, 24);
    out_fixed(o, r->postcode, 8);
    out_fixed(o, r->phone[0][0] ? r->phone[0] : r->phone[1], 22);
    out_fixed(o, r->email, 60);
}

static void write_member(struct card *f, const struct record *r, uint64_t number,
                         enum wrong_kind wrong)
{
    static const char *const tiers[] = {"G", "S", "B", "B"};
    char key[24];
    struct out *o = f->o;
    struct moment changed = moment_at(r->changed, summer_offset(r->changed));
    f->rows++;
    record_key(LOYALTY, number, key, sizeof(key));
    out_char(o, 'D');
    out_fixed(o, key, 11);
    write_name(o, r);
    if (wrong == SHORT_LINE) {
        out_end_line(o);
        return;
    }
    out_date(o, wrong == BAD_DATE ? (struct day){1976, 2, 31} : r->birth);
    write_contact(o, r);
    out_text(o, tiers[r->text_draws % 4]);
    out_char(o, r->email_optin ? 'Y' : 'N');
    out_char(o, r->sms_optin ? 'Y' : 'N');
    out_date(o, day_of(r->changed / DAY_SECONDS - (int64_t)(r->text_draws % 900)));
    out_date(o, changed.day);
    out_clock(o, changed);
    out_end_line(o);
}

static int write_members(struct card *f)
{
    const struct company *c = f->x->company;
    enum wrong_kind kind;
    f->plan = wrong_plan_of(c, member_wrongs, 2, walk_rows(f->x, LOYALTY), c->people);
    write_header(f, "MEMBERS");
    while (walk_next(f->x, LOYALTY, &f->walk)) {
        write_member(f, &f->walk.record, f->walk.record.number, WRONG_KINDS);
        truth_record(f->x, &f->walk);
        while (wrong_due(&f->plan, f->walk.place, &kind)) {
            wrong_note(f->x->wrong, "loyalty", f->file, out_line(f->o), kind);
            write_member(f, &f->walk.record, wrong_number(&f->plan), kind);
        }
    }
    write_trailer(f);
    return export_close(f->x, f->o, "members");
}

static void write_points(struct card *f, const char *id, const struct happening *h,
                         enum wrong_kind wrong)
{
    char key[24];
    struct out *o = f->o;
    struct chance draws = h->draws;
    struct moment m = moment_at(h->at, summer_offset(h->at));
    int redeemed = chance_hit(&draws, company_rate(f->x->company, RATE_REDEEMED));
    int points = redeemed ? 100 * chance_between(&draws, 1, 10) : chance_between(&draws, 1, 400);
    f->rows++;
    record_key(LOYALTY, f->walk.record.number, key, sizeof(key));
    out_char(o, 'D');
    out_fixed(o, id, 14);
    out_fixed(o, key, 11);
    out_date(o, wrong == BAD_DATE ? (struct day){m.day.year, 2, 31} : m.day);
    out_clock(o, m);
    out_char(o, redeemed ? 'R' : 'E');
    if (wrong == BAD_AMOUNT)
        out_text(o, "00X12O7");
    else
        out_uint(o, (uint64_t)points, 7);
    out_fixed(o, branch_for((int)(f->walk.record.text_draws % 64), &draws), 12);
    out_end_line(o);
}

static void points_id(uint64_t number, int event, char *buffer, size_t size)
{
    struct text t = text_on(buffer, size);
    text_char(&t, 'P');
    text_uint(&t, number, 8);
    text_uint(&t, (uint64_t)event, 3);
}

static void points_out(struct card *f, const struct happening *h)
{
    char id[24];
    struct days days = night_days(f->x);
    int64_t day = h->at / DAY_SECONDS;
    enum wrong_kind kind;
    if (day < days.from || day >= days.to)
        return;
    points_id(f->walk.record.number, h->number, id, sizeof(id));
    write_points(f, id, h, WRONG_KINDS);
    truth_event(f->x, &f->walk.record, id);
    while (wrong_due(&f->plan, f->walk.place, &kind)) {
        wrong_note(f->x->wrong, "loyalty", f->file, out_line(f->o), kind);
        points_id(wrong_number(&f->plan), 0, id, sizeof(id));
        write_points(f, id, h, kind);
    }
}

static int write_all_points(struct card *f)
{
    const struct company *c = f->x->company;
    double mean = c->rates.of[RATE_EVENTS][LOYALTY];
    struct days days = night_days(f->x);
    double rows = walk_rows(f->x, LOYALTY) * mean * (double)(days.to - days.from) / 365;
    f->plan = wrong_plan_of(c, point_wrongs, 2, rows, c->people);
    write_header(f, "POINTS");
    while (f->x->events && walk_next(f->x, LOYALTY, &f->walk)) {
        struct happenings all = happenings_of(c, &f->walk.record, 0, mean, f->x->night);
        struct happening h;
        while (happening_next(&all, &h))
            points_out(f, &h);
    }
    write_trailer(f);
    return export_close(f->x, f->o, "points");
}

static int write_part(struct exports *x, const char *hidden, const char *file,
                      int (*write)(struct card *f))
{
    struct card f = {.x = x};
    TEXT_SET(f.file, file);
    f.o = export_open(x, hidden, ".txt", ASCII);
    return f.o ? write(&f) : -1;
}

int loyalty_write(struct exports *x)
{
    char members[PATH_SIZE], points[PATH_SIZE], tar[PATH_SIZE], file[96];
    export_path(x, ".members", ".txt", members);
    export_path(x, ".points", ".txt", points);
    export_path(x, "loyalty", ".tar.gz", tar);
    const char *name = strrchr(tar, '/') + 1;
    snprintf(file, sizeof(file), "%s!members.txt", name);
    int rc = write_part(x, ".members", file, write_members);
    snprintf(file, sizeof(file), "%s!points.txt", name);
    rc = rc ? rc : write_part(x, ".points", file, write_all_points);
    struct packed both[] = {{members, "members.txt"}, {points, "points.txt"}};
    int error = rc ? 0 : pack(tar, PACK_TAR_GZ, both, 2, night_days(x).to * DAY_SECONDS);
    unlink(members);
    unlink(points);
    if (error)
        snprintf(x->complaint, sizeof(x->complaint), "cannot write '%s': %s", tar, strerror(error));
    return rc || error ? -1 : 0;
}
