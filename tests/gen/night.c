#include "tests/gen/night.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>

static int make_folder(const char *path)
{
    char part[PATH_SIZE];
    if (strlen(path) >= sizeof(part))
        return ENAMETOOLONG;
    strcpy(part, path);
    for (char *p = part + 1;; p++)
        if (*p == '/' || !*p) {
            char kept = *p;
            *p = 0;
            if (mkdir(part, 0777) && errno != EEXIST)
                return errno;
            *p = kept;
            if (!kept)
                return 0;
        }
}

static struct out *open_list(struct exports *x, const char *folder, const char *name,
                             const char *header)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    struct out *o = out_open(path, UTF_8);
    if (o)
        out_text(o, header);
    else
        snprintf(x->complaint, sizeof(x->complaint), "cannot write '%s': %s", path,
                 strerror(errno));
    return o;
}

static int write_night(struct exports *x)
{
    if (billing_write(x) || sales_write(x) || service_write(x) || loyalty_write(x))
        return -1;
    return x->events && (invoices_write(x) || orders_write(x)) ? -1 : 0;
}

static int write_all(struct exports *x, const char *truth)
{
    int rc = -1;
    x->records_truth = open_list(x, truth, "records.csv", "source,key,entity_id\n");
    x->events_truth = open_list(x, truth, "events.csv", "source,id,entity_id\n");
    x->wrong = open_list(x, truth, "wrong.csv", "source,file,line,what\n");
    if (x->records_truth && x->events_truth && x->wrong)
        for (rc = 0, x->night = 1; !rc && x->night <= x->company->nights; x->night++)
            rc = write_night(x);
    struct out *const lists[] = {x->records_truth, x->events_truth, x->wrong};
    for (int i = 0; i < 3; i++)
        if (export_close(x, lists[i], "truth"))
            rc = -1;
    return rc;
}

int nights_write(const struct company *c, const char *folder, const char *truth,
                 enum with_events events)
{
    char beside[PATH_SIZE];
    struct exports *x = calloc(1, sizeof(*x));
    if (!x)
        return EX_OSERR;
    *x = (struct exports){.company = c, .folder = folder, .events = events};
    snprintf(beside, sizeof(beside), "%s/truth", folder);
    truth = truth ? truth : beside;
    /* zip holds local time: let it be the same everywhere */
    setenv("TZ", "UTC", 1);
    int error = make_folder(folder), rc = 0;
    error = error ? error : make_folder(truth);
    if (error)
        snprintf(x->complaint, sizeof(x->complaint), "cannot create '%s' or '%s': %s", folder,
                 truth, strerror(error));
    else
        rc = write_all(x, truth);
    if (error || rc)
        fprintf(stderr, "gen: %s\n", x->complaint);
    free(x);
    return error || rc ? EX_CANTCREAT : EX_OK;
}
