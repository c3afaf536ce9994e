#include "tests/gen/export.h"

#include <errno.h>
#include <stdio.h>

struct days night_days(const struct exports *x)
{
    int64_t to = x->company->first_day + x->night - 1;
    return (struct days){x->night == 1 ? to - 365 : to - 1, to};
}

void export_path(const struct exports *x, const char *stem, const char *ending,
                 char ret_path[PATH_SIZE])
{
    struct day d = day_of(x->company->first_day + x->night - 1);
    snprintf(ret_path, PATH_SIZE, "%s/%s-%04d%02d%02d%s", x->folder, stem, d.year, d.month, d.date,
             ending);
}

static void complain(struct exports *x, const char *stem, int error)
{
    snprintf(x->complaint, sizeof(x->complaint), "cannot write '%s' in '%s': %s", stem, x->folder,
             strerror(error));
}

struct out *export_open(struct exports *x, const char *stem, const char *ending,
                        enum encoding encoding)
{
    char path[PATH_SIZE];
    export_path(x, stem, ending, path);
    struct out *o = out_open(path, encoding);
    if (!o)
        complain(x, stem, errno);
    return o;
}

int export_close(struct exports *x, struct out *o, const char *stem)
{
    int error = out_close(o);
    if (error)
        complain(x, stem, error);
    return error ? -1 : 0;
}

/* The next person of whom the source holds anything; 0 at the end. */
static int next_person(const struct exports *x, enum source_id source, struct walk *w)
{
    const struct company *c = x->company;
    uint64_t end = company_people(c, x->night);
    for (; w->place < end; w->place++) {
        uint64_t person = source_person(c, source, w->place);
        w->copies = record_copies(c, source, person);
        if (w->copies) {
            person_make(c, person, &w->person);
            return 1;
        }
    }
    return 0;
}

/* Begins all zero; `place` is the current person's, and moves on when its copies are done. */
int walk_next(const struct exports *x, enum source_id source, struct walk *w)
{
    const struct company *c = x->company;
    for (;;) {
        if (w->copy == w->copies) {
            w->place += w->copies != 0;
            w->copy = 0;
            if (!next_person(x, source, w))
                return 0;
        }
        int copy = w->copy++;
        if (record_removed(c, source, w->person.id, copy, x->night))
            continue;
        record_make(c, source, &w->person, w->place, copy, x->night, &w->record);
        return 1;
    }
}

double walk_rows(const struct exports *x, enum source_id source)
{
    const struct rates *r = &x->company->rates;
    return (double)company_people(x->company, x->night) * r->of[RATE_PRESENT][source] *
           (1 + r->of[RATE_SECOND_RECORD][source]);
}

static void truth_row(struct out *o, const struct record *r, const char *id)
{
    out_text(o, source_name(r->source));
    out_char(o, ',');
    out_text(o, id);
    out_char(o, ',');
    out_uint(o, r->person, 1);
    out_end_line(o);
}

void truth_record(struct exports *x, const struct walk *w)
{
    char key[24];
    if (x->night > 1 && w->place < company_people(x->company, x->night - 1))
        return;
    record_key(w->record.source, w->record.number, key, sizeof(key));
    truth_row(x->records_truth, &w->record, key);
}

void truth_event(struct exports *x, const struct record *r, const char *id)
{
    truth_row(x->events_truth, r, id);
}
