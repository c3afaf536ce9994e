/* One plain CSV of all four sources' records, shuffled, for benchmarks and calibration. */
#include <errno.h>
#include <stdio.h>

#include "tests/gen/export.h"

static const char header[] = "id,given_name,middle_name,family_name,suffix,birth_date,email,phone,"
                             "line1,line2,city,postcode,source\n";

static void field(struct out *o, const char *s)
{
    out_field(o, s, ',');
    out_char(o, ',');
}

static void write_birth(struct out *o, struct day d)
{
    if (d.year) {
        out_uint(o, (uint64_t)d.year, 4);
        out_char(o, '-');
        out_uint(o, (uint64_t)d.month, 2);
        out_char(o, '-');
        out_uint(o, (uint64_t)d.date, 2);
    }
    out_char(o, ',');
}

static void write_record(struct out *o, uint64_t id, const struct record *r)
{
    out_uint(o, id, 1);
    out_char(o, ',');
    field(o, r->given);
    field(o, r->middle);
    field(o, r->family);
    field(o, r->suffix);
    write_birth(o, r->birth);
    field(o, r->email);
    field(o, r->phone[0][0] ? r->phone[0] : r->phone[1]);
    field(o, r->line1);
    field(o, r->line2);
    field(o, r->city);
    field(o, r->postcode);
    out_text(o, source_name(r->source));
    out_end_line(o);
}

static void write_truth(struct out *o, uint64_t id, uint64_t person)
{
    out_uint(o, id, 1);
    out_char(o, ',');
    out_uint(o, person, 1);
    out_end_line(o);
}

/* All (person, source) in a shuffled order. */
static void write_rows(const struct company *c, struct out *rows, struct out *truth)
{
    struct shuffle all = shuffle_of(c->people * SOURCES, chance_for(c->seed, 99, FOR_ORDER).state);
    uint64_t id = 0;
    for (uint64_t i = 0; i < all.n; i++) {
        uint64_t slot = shuffle_at(&all, i), person = slot / SOURCES;
        enum source_id source = (enum source_id)(slot % SOURCES);
        int copies = record_copies(c, source, person);
        struct person p;
        if (copies)
            person_make(c, person, &p);
        for (int copy = 0; copy < copies; copy++) {
            struct record r;
            record_make(c, source, &p, 0, copy, 1, &r);
            write_record(rows, ++id, &r);
            write_truth(truth, id, person);
        }
    }
}

int flat_write(const struct company *c, const char *path, const char *truth_path,
               char complaint[PATH_SIZE + 128])
{
    struct out *rows = out_open(path, UTF_8);
    struct out *truth = rows ? out_open(truth_path, UTF_8) : NULL;
    if (!truth) {
        snprintf(complaint, PATH_SIZE + 128, "cannot write '%s': %s", rows ? truth_path : path,
                 strerror(errno));
        out_close(rows);
        return -1;
    }
    out_text(rows, header);
    out_text(truth, "rec_id,entity_id\n");
    write_rows(c, rows, truth);
    int failed = out_close(rows), truth_failed = out_close(truth);
    if (failed || truth_failed)
        snprintf(complaint, PATH_SIZE + 128, "cannot write '%s': %s", failed ? path : truth_path,
                 strerror(failed ? failed : truth_failed));
    return failed || truth_failed ? -1 : 0;
}
