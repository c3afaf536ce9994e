/* The project file: sluice.yaml, read once, checked against its JSON Schema, every entry with its
 * line and column. All of it belongs to the project's arena. product.md's names are the keys. */
#ifndef SLUICE_SCHEMAS_PROJECT_H
#define SLUICE_SCHEMAS_PROJECT_H

#include "core/reject.h"
#include "schemas/block_rule.h"
#include "schemas/canonical.h"
#include "schemas/finding.h"
#include "schemas/layout.h"

/* How one canonical field is made. `given_name: FIRSTNAME`, `phone: [TEL1, TEL2]`, `{from: DOB,
 * format: …}`,
 * `{value: GB}`, `{join: [A, B], with: " "}`, `{from: NAME, split: " ", part: 2}`, `ids: {passport:
 * PASS_NO}`. */
struct mapping {
    struct slice field; /* canonical or extra field name; "ids.passport" for an entry of ids */
    struct slice *from; /* columns or paths of the source */
    struct position *from_at;
    int n_from;
    int has_value;
    struct slice value;    /* a constant */
    struct slice *formats; /* date formats, tried in order */
    int n_formats;
    struct slice zone;     /* IANA name, "" UTC */
    char decimal, group;   /* marks; 0: decimal '.', group none */
    int minor;             /* amounts: their last digits that are behind the point (2: cents) */
    struct key_value *map; /* value map */
    int n_map;
    int map_others; /* 0: a value not in the map is a reject; 1: kept as it is (`else: keep`); 2:
                       null */
    int join;       /* from's values are joined with `with` instead of first non-empty */
    struct slice with;
    struct slice split; /* "" none; else the part-th piece (from 1, negative from the end) */
    int part;
    struct position at;
};

struct record_rules { /* `record:` or one entry of `events:` */
    struct mapping *mappings;
    int n_mappings;
    struct slice where; /* filter expression, "" none */
    struct position where_at;
    struct slice kind;  /* events: the constant kind, "" when mapped */
    struct slice *pull; /* files (patterns, relative to the project file); none: the source's */
    int n_pull;
    struct layout layout; /* the source's, overridden by its own `format:` */
    struct position at;
};

enum delivery { DELIVERY_SNAPSHOT, DELIVERY_UPSERT, DELIVERY_APPEND };

struct source {
    struct slice name;
    struct slice of; /* whose keys `customer` holds, when this source has no record; else "" */
    struct slice *pull;
    int n_pull;
    struct layout layout;
    struct reject_limit rejects;
    enum delivery delivery;
    int clean; /* it holds nobody twice: a customer has at most one record of it */
    struct record_rules *record; /* NULL: events alone */
    struct record_rules *events;
    int n_events;
    struct position at;
};

struct never_rule { /* {field: birth_date, apart: 20y} */
    struct slice field;
    int64_t apart; /* days for dates; 0: any difference */
    struct position at;
};

/* Sources that hold nobody twice: a customer has at most one record of each. */
enum one_to_one {
    ONE_TO_ONE_NO,
    ONE_TO_ONE_YES, /* every source */
    ONE_TO_ONE_AUTO /* those found to be so */
};

struct match_rules {
    enum one_to_one one_to_one; /* default no */
    struct slice model;         /* path or "" for the default models/person.json */
    struct slice **certain;     /* conjunctions of fields, each ends in a slice with ptr NULL */
    int n_certain;
    struct never_rule *never;
    int n_never;
    struct block_rule *block; /* none: the automatic candidates alone */
    int n_block;
    enum block_mode block_mode;
    double threshold; /* probability, default .5 */
    double review[2]; /* default .2, .8 */
};

enum survivor_rule_id { /* golden.md; the order of a chain is the order of preference */
                        SURVIVE_TRUST,
                        SURVIVE_RECENT,
                        SURVIVE_FREQUENT,
                        SURVIVE_LONGEST,
                        SURVIVE_SHORTEST,
                        SURVIVE_COMPLETE,
                        SURVIVE_VERIFIED,
                        SURVIVE_STRICTEST,
                        SURVIVE_MIN,
                        SURVIVE_MAX,
                        SURVIVE_FIRST,
                        SURVIVE_LAST,
                        SURVIVE_COUNT
};
const char *survivor_rule_name(enum survivor_rule_id id);

struct golden_rule {
    struct slice name;    /* "name", "address", or the field */
    struct slice *fields; /* `together`, or the one field */
    int n_fields;
    enum survivor_rule_id prefer[8];
    int n_prefer;
    int keep_all;
    struct position at;
};

struct trust_rank {
    struct slice source;
    int rank;
};

struct golden_rules {
    struct trust_rank *trust;
    int n_trust;
    struct golden_rule
        *rules; /* as written; fields without one get the defaults of transform/golden */
    int n_rules;
};

enum table_mode { TABLE_OVERWRITE, TABLE_APPEND, TABLE_MERGE, TABLE_OVERWRITE_PARTITIONS };

struct table_rules {
    struct slice name;
    struct slice format; /* "delta" or "parquet" */
    enum table_mode mode;
    struct slice *key;
    int n_key;
    struct slice partition; /* "source,month(at)" or "" */
    struct slice *sort;
    int n_sort;
    struct position at;
};

struct project {
    struct slice name, region;  /* region: ISO alpha-2, ISO alpha-2, "" when not given */
    const char *path;           /* the file */
    const char *folder;         /* what relative paths are relative to */
    const char *landing, *lake; /* joined with the folder */
    struct source *sources;
    int n_sources;
    struct match_rules match;
    struct golden_rules golden;
    struct table_rules *tables; /* as written; see table_rules_for */
    int n_tables;
    struct yaml_node check; /* `check:`, for pipelines/expect.h; a YAML_NULL when there is none */
    char digest[65];        /* SHA-256 of the file's bytes */
    struct arena arena;
};

/* `path` NULL: sluice.yaml here or in a folder above. Errors are ERR_CONFIG at
 * "sluice.yaml:LINE:COL" (ERR_INPUT when there is none), the first one; project_lint collects all.
 */
int project_read(const char *path, struct project **ret, struct error *err);
/* The path that project_read takes for `path`: itself, or the sluice.yaml here or above; ERR_INPUT
 * when there is none. */
int project_find(const char *path, struct arena *a, const char **ret, struct error *err);
void project_free(struct project *p);

/* All mistakes of the file itself; *ret in the arena. Returns their number or a negative code
 * (unreadable). */
int project_lint(const char *path, struct arena *arena, struct finding **ret, struct error *err);

/* The JSON Schema of the project file: the bytes of schemas/sluice.schema.json. */
struct slice project_schema(void);

const struct source *project_source(const struct project *p, struct slice name);
/* The rules for a table: the project's, else the built-in ones, else NULL (an unknown table). `p`
 * may be NULL. */
const struct table_rules *table_rules_for(const struct project *p, struct slice table);

#endif
