/* A trained Splink model as matching uses it: its settings read, every piece of SQL parsed, columns
 * numbered, expressions over one column of one record (a parsed date, the user part of an e-mail)
 * taken out, so that they are made once per distinct value. Never changed once read; threads and
 * results share it by reference count. */
#ifndef SLUICE_TRANSFORM_SPLINK_MODEL_H
#define SLUICE_TRANSFORM_SPLINK_MODEL_H

#include "transform/splink/sql.h"

enum splink_link { SPLINK_DEDUPE_ONLY, SPLINK_LINK_ONLY, SPLINK_LINK_AND_DEDUPE };

enum { SPLINK_COMPARISON_COLUMNS = 4, SPLINK_EXPLODE_MAX = 3, SPLINK_KEYS_MAX = 16 };

struct splink_column {
    struct slice name;
    int numbers; /* 1: text in it is meant as numbers */
    int items;   /* 1: the items of a list, one a row: of an exploding rule */
};

struct splink_derived { /* an expression over one column */
    int column;
    const struct sql_node *expression;
    struct slice text;
};

struct splink_level {
    struct slice sql, label;
    struct sql_node *condition;                           /* NULL: ELSE */
    double weight;                                        /* bits; 0 of a null level */
    int frequency_column;                                 /* -1: no term frequencies */
    double frequency_weight, frequency_least, exact_bits; /* exact_bits: log2 of the exact u */
};

struct splink_comparison {
    struct slice name;
    struct splink_level *levels;
    int n_levels;
    int columns[SPLINK_COMPARISON_COLUMNS]; /* it looks at */
    int n_columns;                          /* -1: more than that */
};

struct splink_key {
    struct sql_node *left, *right; /* of record l and of record r; equal in a block */
};

struct splink_rule {
    struct slice sql;
    struct splink_key keys[SPLINK_KEYS_MAX];
    int n_keys;
    int symmetric;                                /* left and right are the same expressions */
    struct sql_node *filter;                      /* what else must hold, or NULL */
    int exploded[SPLINK_EXPLODE_MAX], n_exploded; /* columns */
};

struct splink_model {
    int refs;
    struct arena arena;
    struct slice json; /* as it was read */
    enum sql_dialect dialect;
    enum splink_link link;
    double prior; /* bits */
    struct slice id_column, source_column;
    struct splink_column *columns;
    int n_columns;
    struct splink_derived *derived;
    int n_derived;
    struct slice *memos; /* the text of each remembered call */
    int n_memos;
    struct splink_comparison *comparisons;
    int n_comparisons;
    struct splink_rule *rules;
    int n_rules;
};

/* From settings as JSON; ERR_DATA names the comparison, level or rule and quotes its SQL. `path`
 * is for messages. */
int splink_model_parse(struct slice json, const char *path, struct splink_model **ret,
                       struct error *err);
struct splink_model *splink_model_ref(struct splink_model *m);
void splink_model_unref(struct splink_model *m); /* NULL is fine */

/* Numbers a condition's columns and takes out what hangs on one column alone. For the model's
 * reader. 0 or a negative code. */
int splink_bind(struct splink_model *m, struct sql_node *condition, const struct splink_rule *rule,
                struct error *err);
/* The number of a column, added if new; negative ERR_MEMORY or ERR_DATA when there are too many. */
int splink_column(struct splink_model *m, struct slice name, int items, struct error *err);
/* Which sides a condition looks at: bit 0 l, bit 1 r. */
unsigned splink_sides(const struct splink_model *m, const struct sql_node *n);
/* Calls fn for every column that is looked at. */
void splink_each_column(const struct splink_model *m, const struct sql_node *n,
                        void (*fn)(void *arg, int column), void *arg);

#endif
