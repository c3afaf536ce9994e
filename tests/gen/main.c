/* The sample generator: exports of an invented company, with the truth beside them. See README.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "tests/gen/export.h"
#include "tests/gen/night.h"

struct settings {
    uint64_t seed, people, nights;
    double noise;
    struct day start;
    const char *truth, *flat, *folder;
    enum with_events events;
};

static const char usage[] =
    "usage: gen [OPTION]... FOLDER\n"
    "       gen [OPTION]... --flat FILE\n"
    "\n"
    "Writes the exports of an invented company's billing, sales, service and loyalty systems into\n"
    "FOLDER, and who is who into FOLDER/truth. The same options give the same bytes.\n"
    "\n"
    "  --seed N        another N, another company (1)\n"
    "  --people N      how many people (2000); about 2.5 records each, 4 events a record\n"
    "  --nights N      exports of N nights, one after the other (1)\n"
    "  --noise X       multiplies the error rates (1.0; 0: clean)\n"
    "  --start DATE    the first night (2026-03-01)\n"
    "  --truth PATH    where the truth goes: a folder (FOLDER/truth); with --flat a file\n"
    "                  (FILE.truth.csv)\n"
    "  --flat FILE     instead of exports: all records as one plain CSV, for benchmarks\n"
    "  --events        with invoices, payments, orders, tickets, points (default)\n"
    "  --no-events     records alone\n"
    "  --rates         print the table of rates and stop\n"
    "  --help          this\n";

static int complain(const char *what, const char *subject)
{
    fprintf(stderr, "gen: %s '%s'\n", what, subject);
    return EX_USAGE;
}

static int read_count(const char *s, uint64_t most, uint64_t *ret)
{
    char *end;
    unsigned long long n = strtoull(s, &end, 10);
    if (s[0] < '0' || s[0] > '9' || *end || n > most)
        return -1;
    *ret = n;
    return 0;
}

static int read_noise(const char *s, double *ret)
{
    char *end;
    double x = strtod(s, &end);
    if (s[0] < '0' || s[0] > '9' || *end || !(x <= 100))
        return -1;
    *ret = x;
    return 0;
}

/* An option with a value; -1: the value is not one, -2: no such option. */
static int set_option(struct settings *s, const char *name, const char *value)
{
    if (!strcmp(name, "--seed"))
        return read_count(value, UINT64_MAX / 2, &s->seed);
    if (!strcmp(name, "--people"))
        return read_count(value, 20000000, &s->people) || !s->people ? -1 : 0;
    if (!strcmp(name, "--nights"))
        return read_count(value, 400, &s->nights) || !s->nights ? -1 : 0;
    if (!strcmp(name, "--noise"))
        return read_noise(value, &s->noise);
    if (!strcmp(name, "--start"))
        return day_parse(value, &s->start);
    const char **path = !strcmp(name, "--truth")  ? &s->truth
                        : !strcmp(name, "--flat") ? &s->flat
                                                  : NULL;
    if (!path)
        return -2;
    *path = value;
    return 0;
}

enum { GO_ON = -1 };

static int read_one(struct settings *s, int argc, char **argv, int *at)
{
    const char *arg = argv[*at];
    if (!strcmp(arg, "--help")) {
        fputs(usage, stdout);
        return 0;
    }
    if (!strcmp(arg, "--events") || !strcmp(arg, "--no-events")) {
        s->events = arg[2] == 'e' ? WITH_EVENTS : WITHOUT_EVENTS;
        return GO_ON;
    }
    if (arg[0] != '-') {
        if (s->folder)
            return complain("one folder is enough, so what is", arg);
        s->folder = arg;
        return GO_ON;
    }
    const char *value = *at + 1 < argc ? argv[*at + 1] : "";
    int rc = set_option(s, arg, value);
    if (rc == -2)
        return complain("unknown option (see --help)", arg);
    if (rc || !value[0])
        return complain("missing or unusable value for", arg);
    ++*at;
    return GO_ON;
}

static int wants_rates(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--rates"))
            return i;
    return 0;
}

static int run_flat(const struct company *c, const struct settings *s)
{
    char truth[PATH_SIZE], complaint[PATH_SIZE + 128];
    snprintf(truth, sizeof(truth), "%s.truth.csv", s->flat);
    if (!flat_write(c, s->flat, s->truth ? s->truth : truth, complaint))
        return EX_OK;
    fprintf(stderr, "gen: %s\n", complaint);
    return EX_CANTCREAT;
}

int main(int argc, char **argv)
{
    struct settings s = {.seed = 1, .people = 2000, .nights = 1, .noise = 1};
    s.start = (struct day){2026, 3, 1};
    s.events = WITH_EVENTS;
    int rates = wants_rates(argc, argv);
    for (int i = 1; i < argc; i++) {
        int rc = i == rates ? GO_ON : read_one(&s, argc, argv, &i);
        if (rc != GO_ON)
            return rc;
    }
    struct company *c = malloc(sizeof(*c));
    if (!c)
        return EX_OSERR;
    company_init(c, s.seed, s.people, s.noise);
    c->nights = (int)s.nights;
    c->first_day = day_number(s.start);
    int rc = EX_OK;
    if (rates)
        rates_print(&c->rates);
    else if (s.flat)
        rc = run_flat(c, &s);
    else if (s.folder)
        rc = nights_write(c, s.folder, s.truth, s.events);
    else
        rc = complain("where to? give a folder, see", "--help");
    free(c);
    return rc;
}
