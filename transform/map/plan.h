/* The plan: one source's rules, made ready for a stream of its rows. Which source column feeds
 * which canonical column, with everything that can be looked up beforehand looked up. Made once,
 * then only read, by any thread. */
#ifndef SLUICE_TRANSFORM_MAP_PLAN_H
#define SLUICE_TRANSFORM_MAP_PLAN_H

#include "schemas/expression.h"
#include "schemas/phone_plan.h"
#include "transform/map/country.h"
#include "transform/map/map.h"
#include "transform/map/zone.h"

enum { PLACE_FILE, PLACE_MEMBER, PLACE_LINE, PLACE_OFFSET, PLACE_RAW, PLACES };

/* A mapping, bound to columns. */
struct feed {
    const struct mapping *mapping;
    int *columns;         /* of the input, as mapping->from */
    int to;               /* column of the canonical schema */
    struct slice id_name; /* of ids.NAME: NAME */
    const struct zone *zone;
};

struct plan {
    enum canonical_kind kind;
    struct slice source, region;
    const struct phone_plan *phones; /* of the region, or NULL */
    const struct schema *out;        /* borrowed */
    struct feed *feeds;
    int n_feeds;
    const struct feed **fed; /* by canonical column: its first feed, or NULL */
    int *raw_columns;        /* of the input: mapped, each once, in order of first use */
    int n_raw;
    struct expression *where; /* or NULL */
    int *where_columns;
    struct slice event_kind;  /* the constant, or "" */
    int places[PLACES];       /* of the input, or -1 */
    int key;                  /* canonical columns: key or id … */
    int time;                 /* … and updated_at or at */
    int net, gross, currency; /* of events; -1 for records */
    struct countries countries;
    struct arena arena;
};

/* ERR_CONFIG at the project file's line for a column that `in` does not have (nearest name
 * offered), a zone, format or expression that is wrong. */
int plan_new(const struct map_options *options, const struct schema *in, struct plan **ret,
             struct error *err);
void plan_free(struct plan *p);

/* Canonical column by name, or -1. */
static inline int plan_column(const struct plan *p, const char *name)
{
    return schema_find(p->out, slice_str(name));
}

#endif
