#include "transform/match/model_notes.h"

#include <stdarg.h>
#include <stdio.h>

#include "transform/match/labels.h"
#include "transform/match/model_chart.h"

enum { ROUNDS_MOST = 40 };

struct noting {
    const struct match_model *m;
    void (*say)(void *arg, const char *note);
    void *arg;
};

static void say(struct noting *n, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct noting *n, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    n->say(n->arg, text);
}

/* Many to a record, or next to none: the classes may have been mistaken for each other. */
static void note_share(struct noting *n)
{
    const struct match_model *m = n->m;
    double records = m->n_records, matches = m->lambda_m * records * (records - 1) / 2;
    if (m->n_records < 2)
        return;
    if (matches <= 1.001)
        say(n, "at most one match is expected among %u records: there is nothing to learn from",
            m->n_records);
    else if (matches < records / 1000)
        say(n,
            "only %.0f matches are expected among %u records: look at a few before you trust them",
            matches, m->n_records);
    else if (matches > 10 * records)
        say(n,
            "%.0f matches are expected, %.1f a record: true of records that come many times each, "
            "else a sign that the classes were mistaken",
            matches, matches / records);
}

static void note_training(struct noting *n)
{
    const struct match_model *m = n->m;
    if (!m->learned && m->labels_same >= LABELS_TRUSTED_SMALL)
        say(n,
            "%u records are too few to learn from (500 are needed): weights are built in, moved by "
            "the labels alone",
            m->n_records);
    else if (!m->learned)
        say(n, "%u records are too few to learn from (500 are needed): the weights are built in",
            m->n_records);
    if (m->rounds >= ROUNDS_MOST)
        say(n, "training had not settled after %d rounds", m->rounds);
    note_share(n);
}

static void note_columns(struct noting *n)
{
    for (uint32_t i = 0; i < n->m->n_columns; i++) {
        const struct column_entry *c = &n->m->columns[i];
        int helps = c->meaning != MEANING_UNKNOWN && c->meaning != MEANING_KEY &&
                    c->meaning != MEANING_SOURCE;
        if (c->why_not.len && helps)
            say(n, "'%.*s' (%s) is not compared: %.*s", (int)c->name.len, c->name.ptr,
                meaning_name(c->meaning), (int)c->why_not.len, c->why_not.ptr);
    }
}

/* m cannot rise further: the pairs that were taken for matches disagree more than matches do. */
static void note_bound(struct noting *n, int k)
{
    const struct field_model *f = &n->m->fields[k];
    unsigned levels;
    double most = model_cap(f->kind, &levels);
    for (int s = 0; s < (f->depends == DEPENDS_NONE ? 1 : STATES); s++) {
        double share = 0;
        for (int l = 1; l < LEVELS; l++)
            share += levels >> l & 1 ? f->m[s][l] : 0;
        if (most < 1 && share > most - 1e-9) {
            say(n,
                "'%s' (%s) stands at its bound: its matches may differ in %.0f %% at most, and "
                "the data say more",
                f->name, compare_kind_name(f->kind), most * 100);
            return;
        }
    }
}

static void note_levels(struct noting *n, int k)
{
    const struct field_model *f = &n->m->fields[k];
    char list[400];
    size_t at = 0;
    int unseen = 0;
    for (int l = 1; l < LEVELS; l++) {
        if (!model_level_used(n->m, k, l) || f->seen_m[l] >= .5)
            continue;
        unseen++;
        if (at + 40 < sizeof list)
            at += (size_t)snprintf(list + at, sizeof list - at, "%s'%s'", at ? ", " : "",
                                   compare_level_name(f->kind, l));
    }
    if (unseen)
        say(n, "'%s' (%s): no match was seen at %s: %s near %s built-in weight%s", f->name,
            compare_kind_name(f->kind), list, unseen == 1 ? "it stays" : "they stay",
            unseen == 1 ? "its" : "their", unseen == 1 ? "" : "s");
}

static void note_field(struct noting *n, int k)
{
    const struct field_model *f = &n->m->fields[k];
    double seen = 0;
    for (int l = 1; l < LEVELS; l++)
        seen += f->seen_m[l];
    if (seen < NOTE_THIN) {
        say(n,
            "'%s' (%s) has a value on both sides of only %.0f expected matches (%d teach "
            "something): its weights stay near the built-in ones",
            f->name, compare_kind_name(f->kind), seen, NOTE_THIN);
        return;
    }
    note_bound(n, k);
    note_levels(n, k);
}

void model_notes(const struct match_model *m, void (*say_note)(void *arg, const char *note),
                 void *arg)
{
    struct noting n = {m, say_note, arg};
    note_training(&n);
    note_columns(&n);
    for (int k = 0; k < m->n_fields && m->learned; k++)
        note_field(&n, k);
}
