#include "schemas/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_FINDINGS = 1000 };

static struct finding *finding_room(struct findings *f)
{
    if (f->n == f->cap) {
        int cap = f->cap ? 2 * f->cap : 8;
        struct finding *grown = ARENA_ARRAY(f->arena, struct finding, (size_t)cap);

        if (!grown) {
            f->failed = 1;
            return NULL;
        }
        if (f->n)
            memcpy(grown, f->list, (size_t)f->n * sizeof *grown);
        f->list = grown;
        f->cap = cap;
    }
    return &f->list[f->n++];
}

void finding_add(struct findings *f, struct position at, const char *format, ...)
{
    struct finding *to = f->n < MAX_FINDINGS ? finding_room(f) : NULL;
    va_list args;

    if (!to)
        return;
    to->at = at;
    va_start(args, format);
    vsnprintf(to->text, sizeof to->text, format, args);
    va_end(args);
}

static int is_before(const struct finding *a, const struct finding *b)
{
    return a->at.line != b->at.line ? a->at.line < b->at.line : a->at.column < b->at.column;
}

static int is_same(const struct finding *a, const struct finding *b)
{
    return a->at.line == b->at.line && a->at.column == b->at.column &&
           strcmp(a->text, b->text) == 0;
}

/* Insertion keeps the order of arrival; a file has few mistakes. */
void findings_sort(struct findings *f)
{
    int n = 0;

    for (int i = 1; i < f->n; i++) {
        struct finding moved = f->list[i];
        int at = i;

        for (; at > 0 && is_before(&moved, &f->list[at - 1]); at--)
            f->list[at] = f->list[at - 1];
        f->list[at] = moved;
    }
    for (int i = 0; i < f->n; i++) {
        int seen = 0;

        for (int j = n - 1; j >= 0 && !is_before(&f->list[j], &f->list[i]) && !seen; j--)
            seen = is_same(&f->list[j], &f->list[i]);
        if (!seen)
            f->list[n++] = f->list[i];
    }
    f->n = n;
}
