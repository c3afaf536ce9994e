#include "pipelines/check_exports.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/format.h"
#include "core/file.h"
#include "transform/map/zone.h"

struct checking {
    const struct project *project;
    struct arena *arena;
    struct finding *findings;
    int n, cap;
};

static int add(struct checking *c, struct position at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int add(struct checking *c, struct position at, const char *format, ...)
{
    if (c->n == c->cap) {
        int cap = c->cap ? c->cap * 2 : 16;
        struct finding *grown = ARENA_ARRAY(c->arena, struct finding, (size_t)cap);
        if (!grown)
            return ERR_MEMORY;
        if (c->n)
            memcpy(grown, c->findings, (size_t)c->n * sizeof *grown);
        c->findings = grown;
        c->cap = cap;
    }
    struct finding *f = &c->findings[c->n++];
    f->at = at;
    va_list args;
    va_start(args, format);
    vsnprintf(f->text, sizeof f->text, format, args);
    va_end(args);
    return 0;
}

/* A column's name without the [] that says it holds several. */
static struct slice bare(struct slice name)
{
    while (slice_ends(name, SLICE_LIT("[]")))
        name.len -= 2;
    return name;
}

static int has_column(const struct schema *s, struct slice name)
{
    for (int i = 0; i < s->n_fields; i++)
        if (slice_equal(bare(s->fields[i].name), bare(name)))
            return 1;
    return 0;
}

static int missing_column(struct checking *c, const struct schema *s, struct slice name,
                          struct position at, const char *path)
{
    const char **names = calloc((size_t)s->n_fields + 1, sizeof(char *));
    if (!names)
        return ERR_MEMORY;
    for (int i = 0; i < s->n_fields; i++)
        names[i] = s->fields[i].name.ptr;
    const char *near = slice_nearest(name, names, (size_t)s->n_fields);
    int code = add(c, at, "'%s' has no column '%.*s'%s%s%s", path, (int)name.len, name.ptr,
                   near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
    free(names);
    return code;
}

static int check_columns(struct checking *c, const struct record_rules *rules,
                         const struct schema *s, const char *path)
{
    for (int m = 0; m < rules->n_mappings; m++)
        for (int i = 0; i < rules->mappings[m].n_from; i++)
            if (!has_column(s, rules->mappings[m].from[i]))
                TRY(missing_column(c, s, rules->mappings[m].from[i], rules->mappings[m].from_at[i],
                                   path));
    return 0;
}

static int check_zones(struct checking *c, const struct record_rules *rules)
{
    const struct zone *zone;
    struct error why;
    for (int m = 0; m < rules->n_mappings; m++) {
        const struct mapping *mapping = &rules->mappings[m];
        if (zone_open(mapping->zone, c->arena, &zone, &why) == ERR_CONFIG)
            TRY(add(c, mapping->at, "%s", why.text));
    }
    return 0;
}

/* Opens a file as the rules say and looks at its columns. What stops the reader is a finding. */
static int check_file(struct checking *c, const struct record_rules *rules, const char *path)
{
    struct read_options options = {.layout = rules->layout, .rejects = rejects_new()};
    struct stream *rows;
    struct error why;
    if (!options.rejects)
        return ERR_MEMORY;
    int code = format_read(&path, 1, &options, &rows, &why);
    if (code == 0) {
        code = check_columns(c, rules, rows->schema, path);
        stream_close(rows);
    } else {
        code = add(c, rules->at, "%s%s%s", why.where[0] ? why.where : path, ": ", why.text);
    }
    rejects_free(options.rejects);
    return code;
}

static int check_pattern(struct checking *c, const struct source *s,
                         const struct record_rules *rules, struct slice pattern, struct error *err)
{
    char *full = file_join(c->project->folder, pattern.ptr);
    char **paths;
    size_t n;
    if (!full)
        return error_memory(err);
    int code = file_glob(full, &paths, &n, err);
    if (code == 0) {
        code = n ? check_file(c, rules, paths[n - 1])
                 : add(c, rules->at, "source '%s': no file matches '%s'", s->name.ptr, full);
        file_list_free(paths, n);
    }
    free(full);
    return code;
}

static int check_rules(struct checking *c, const struct source *s, const struct record_rules *rules,
                       struct error *err)
{
    const struct slice *pull = rules->n_pull ? rules->pull : s->pull;
    int n = rules->n_pull ? rules->n_pull : s->n_pull;
    TRY(check_zones(c, rules));
    for (int i = 0; i < n; i++)
        TRY(check_pattern(c, s, rules, pull[i], err));
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct position *x = &((const struct finding *)a)->at,
                          *y = &((const struct finding *)b)->at;
    return x->line != y->line ? x->line - y->line : x->column - y->column;
}

int check_exports(const struct project *p, struct arena *arena, struct finding **ret,
                  struct error *err)
{
    struct checking c = {.project = p, .arena = arena};
    for (int i = 0; i < p->n_sources; i++) {
        const struct source *s = &p->sources[i];
        if (s->record)
            TRY(check_rules(&c, s, s->record, err));
        for (int e = 0; e < s->n_events; e++)
            TRY(check_rules(&c, s, &s->events[e], err));
    }
    if (c.n)
        qsort(c.findings, (size_t)c.n, sizeof *c.findings, by_place);
    *ret = c.findings;
    return c.n;
}
