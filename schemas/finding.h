/* Findings: the mistakes of a file, collected with their places instead of stopping at the first.
 * The list lies in the caller's arena. Running out of memory is remembered in `failed`. */
#ifndef SLUICE_SCHEMAS_FINDING_H
#define SLUICE_SCHEMAS_FINDING_H

#include "schemas/yaml.h"

struct finding {
    struct position at;
    char text[400];
};

struct findings {
    struct finding *list;
    int n, cap, failed;
    struct arena *arena;
};

void finding_add(struct findings *f, struct position at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* By line and column, in order of arrival among equals; the same place and text stays once. */
void findings_sort(struct findings *f);

/* For printf: "%.*s" of a slice, cut to what a message can hold. */
#define FINDING_SLICE(s) ((int)((s).len > 80 ? 80 : (s).len)), ((s).len ? (s).ptr : "")

#endif
