#include "pipelines/train/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "transform/match/model_chart.h"
#include "transform/match/model_drift.h"
#include "transform/match/model_notes.h"

enum { MOVES_SHOWN = 20 };

static void say(const struct train_listener *to, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct train_listener *to, const char *format, ...)
{
    char line[700];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    to->say(to->arg, line);
}

/* "'surname' (family name), 'one edit': +2.31 to +2.95 bits" */
static void move_words(const struct weight_move *m, char out[320])
{
    const struct field_model *f = &m->after->fields[m->k];
    char state[96];
    model_state_words(m->after, m->k, m->state, state);
    snprintf(out, 320, "'%s' (%s), '%s'%s%s: %+.2f to %+.2f bits", f->name,
             compare_kind_name(f->kind), compare_level_name(f->kind, m->level), state[0] ? " " : "",
             state, m->before_bits, m->after_bits);
}

void train_say_drift(const struct match_model *in_place, const struct match_model *after,
                     const struct train_listener *to)
{
    struct model_drift d;
    char largest[320] = "none";
    model_drift(in_place, after, NULL, NULL, &d);
    if (d.weights)
        move_words(&d.largest, largest);
    if (d.weights && fabs(d.largest.after_bits - d.largest.before_bits) < 5e-4 &&
        fabs(d.prior) < 5e-4 && !d.fields_new && !d.fields_gone) {
        say(to, "drift: the model in place weighs the same");
        return;
    }
    say(to,
        "drift from the model in place: %d of %d weights moved by more than %.2f bits, in %d of %d "
        "comparisons; the prior by %+.2f",
        d.moved, d.weights, DRIFT_NOTABLE, d.fields_moved, d.fields, d.prior);
    if (d.weights)
        say(to, "  the most: %s", largest);
    if (d.fields_new || d.fields_gone)
        say(to, "  %d comparisons are new, and %d of the model in place are gone", d.fields_new,
            d.fields_gone);
}

struct moves {
    const struct train_listener *to;
    int shown;
};

static void show_move(void *arg, const struct weight_move *m)
{
    struct moves *moves = arg;
    char words[320];
    if (moves->shown++ >= MOVES_SHOWN)
        return;
    move_words(m, words);
    say(moves->to, "  %s", words);
}

static void say_moves(const struct train_report *r, const struct train_listener *to)
{
    struct moves moves = {.to = to};
    struct model_drift d, again;
    model_drift(r->unlabelled, r->model, NULL, NULL, &d);
    say(to, "the labels moved %d of %d weights by more than %.2f bits, and the prior by %+.2f%s",
        d.moved, d.weights, DRIFT_NOTABLE, d.prior, d.moved ? ":" : "");
    model_drift(r->unlabelled, r->model, show_move, &moves, &again);
    if (moves.shown > MOVES_SHOWN)
        say(to, "  and %d more", moves.shown - MOVES_SHOWN);
}

static double part(int64_t n, int64_t of)
{
    return of ? (double)n / (double)of : 1;
}

static void say_rates(const char *when, const struct label_rates *l,
                      const struct train_listener *to)
{
    if (!l->different)
        say(to, "  %-8s recall %.4f (%lld of %lld matches found)", when,
            part(l->same_right, l->same), (long long)l->same_right, (long long)l->same);
    else
        say(to,
            "  %-8s precision %.4f, recall %.4f (%lld of %lld matches found, %lld of %lld others "
            "joined)",
            when, part(l->same_right, l->same_right + l->different_wrong),
            part(l->same_right, l->same), (long long)l->same_right, (long long)l->same,
            (long long)l->different_wrong, (long long)l->different);
}

void train_say_labels(const struct train_report *r, const struct train_listener *to)
{
    const struct label_list *l = &r->labels;
    say(to, "labels: %zu matches and %zu others from %lld rows (columns %s)", l->n_same,
        l->n - l->n_same, (long long)l->rows, l->columns);
    if (l->bad + l->undecided + l->repeated)
        say(to, "  %lld set aside, %lld not decided, %lld repeated", (long long)l->bad,
            (long long)l->undecided, (long long)l->repeated);
    if (r->unlabelled)
        say_moves(r, to);
    if (l->n && !r->folds)
        say(to, "fewer than %d labels: too few to judge by", TRAIN_JUDGE_LABELS);
    if (!r->folds)
        return;
    say(to, "judged by the labels, each by a model that did not see it (%d parts):", r->folds);
    say_rates("without", &r->before, to);
    say_rates("with", &r->after, to);
    if (r->refused)
        say(to, "no better with them: the model is the one trained without");
}

static void say_warning(void *arg, const char *note)
{
    say(arg, "warning: %s", note);
}

void train_say_notes(const struct train_report *r, const struct train_listener *to)
{
    struct train_listener listener = *to;
    model_notes(r->model, say_warning, &listener);
}
