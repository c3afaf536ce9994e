#include "transform/map/plan.h"

#include <stdlib.h>

#include "transform/map/date.h"

/* What is being made, and where to complain. */
struct planning {
    struct plan *plan;
    const struct map_options *options;
    const struct schema *in;
    struct error *err;
};

static int config_where(const struct planning *p, struct position at)
{
    const char *path = p->options->project ? p->options->project->path : NULL;
    if (at.line)
        error_where(p->err, "%s:%d:%d", path ? path : "project file", at.line, at.column);
    return p->err ? p->err->code : ERR_CONFIG;
}

/* A path's trailing [] says that it holds several values; the column may be called without. */
static struct slice bare(struct slice name)
{
    while (slice_ends(name, SLICE_LIT("[]")))
        name.len -= 2;
    return name;
}

static int find_column(const struct schema *in, struct slice name)
{
    int at = schema_find(in, name);
    for (int i = 0; at < 0 && i < in->n_fields; i++)
        if (slice_equal(bare(in->fields[i].name), bare(name)))
            at = i;
    return at;
}

static int no_column(const struct planning *p, struct slice name, struct position at)
{
    const char **names = calloc((size_t)p->in->n_fields + 1, sizeof(char *));
    if (!names)
        return error_memory(p->err);
    for (int i = 0; i < p->in->n_fields; i++)
        names[i] = p->in->fields[i].name.ptr;
    const char *near = slice_nearest(name, names, (size_t)p->in->n_fields);
    error_set(p->err, ERR_CONFIG, "source '%.*s' has no column '%.*s'%s%s%s",
              (int)p->options->source->name.len, p->options->source->name.ptr, (int)name.len,
              name.ptr, near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
    free(names);
    return config_where(p, at);
}

static int bind_column(const struct planning *p, struct slice name, struct position at, int *ret)
{
    *ret = find_column(p->in, name);
    return *ret < 0 ? no_column(p, name, at) : 0;
}

static void add_raw(struct plan *plan, int column)
{
    for (int i = 0; i < plan->n_raw; i++)
        if (plan->raw_columns[i] == column)
            return;
    plan->raw_columns[plan->n_raw++] = column;
}

static int bind_target(const struct planning *p, struct feed *f)
{
    static const struct slice ids = SLICE_INIT("ids.");
    struct slice field = f->mapping->field;
    if (slice_starts(field, ids)) {
        f->id_name = slice_of(field.ptr + ids.len, field.len - ids.len);
        field = SLICE_LIT("ids");
    }
    f->to = schema_find(p->plan->out, field);
    if (f->to >= 0)
        return 0;
    error_set(p->err, ERR_CONFIG, "'%.*s' is no field of a %s", (int)field.len, field.ptr,
              p->plan->kind == CANONICAL_RECORD ? "record" : "event");
    return config_where(p, f->mapping->at);
}

static int check_times(const struct planning *p, struct feed *f)
{
    const struct mapping *m = f->mapping;
    for (int i = 0; i < m->n_formats; i++)
        if (date_format_check(m->formats[i], p->err) < 0)
            return config_where(p, m->at);
    int code = zone_open(m->zone, &p->plan->arena, &f->zone, p->err);
    return code == ERR_CONFIG ? config_where(p, m->at) : code;
}

static int bind_feed(const struct planning *p, const struct mapping *m, struct feed *f)
{
    *f = (struct feed){.mapping = m};
    TRY(bind_target(p, f));
    TRY(check_times(p, f));
    f->columns = ARENA_ARRAY(&p->plan->arena, int, (size_t)m->n_from + 1);
    if (!f->columns)
        return error_memory(p->err);
    for (int i = 0; i < m->n_from; i++) {
        struct position at = m->from_at ? m->from_at[i] : m->at;
        TRY(bind_column(p, m->from[i], at, &f->columns[i]));
        add_raw(p->plan, f->columns[i]);
    }
    if (!p->plan->fed[f->to])
        p->plan->fed[f->to] = f;
    return 0;
}

static int bind_feeds(const struct planning *p)
{
    const struct record_rules *rules = p->options->rules;
    struct plan *plan = p->plan;
    plan->feeds = ARENA_ARRAY(&plan->arena, struct feed, (size_t)rules->n_mappings + 1);
    plan->fed = ARENA_ARRAY(&plan->arena, const struct feed *, (size_t)plan->out->n_fields);
    plan->raw_columns = ARENA_ARRAY(&plan->arena, int, (size_t)p->in->n_fields + 1);
    if (!plan->feeds || !plan->fed || !plan->raw_columns)
        return error_memory(p->err);
    for (int i = 0; i < rules->n_mappings; i++)
        TRY(bind_feed(p, &rules->mappings[i], &plan->feeds[plan->n_feeds++]));
    return 0;
}

static int bind_where(const struct planning *p)
{
    const struct record_rules *rules = p->options->rules;
    struct plan *plan = p->plan;
    if (!rules->where.len)
        return 0;
    int code = expression_parse(rules->where, &plan->arena, &plan->where, p->err);
    if (code < 0)
        return code == ERR_CONFIG ? config_where(p, rules->where_at) : code;
    plan->where_columns = ARENA_ARRAY(&plan->arena, int, (size_t)plan->where->n_columns + 1);
    if (!plan->where_columns)
        return error_memory(p->err);
    for (int i = 0; i < plan->where->n_columns; i++)
        TRY(bind_column(p, plan->where->columns[i], rules->where_at, &plan->where_columns[i]));
    return 0;
}

static void find_places(struct plan *plan, const struct schema *in)
{
    static const char *const names[PLACES] = {"__file", "__member", "__line", "__offset", "__raw"};
    static const enum type_id types[PLACES] = {TYPE_UTF8, TYPE_UTF8, TYPE_INT64, TYPE_INT64,
                                               TYPE_BINARY};
    for (int i = 0; i < PLACES; i++) {
        plan->places[i] = schema_find(in, slice_str(names[i]));
        if (plan->places[i] >= 0 && in->fields[plan->places[i]].type != types[i])
            plan->places[i] = -1;
    }
}

static int find_key(const struct planning *p)
{
    struct plan *plan = p->plan;
    int record = plan->kind == CANONICAL_RECORD;
    const char *name = record ? "key" : "id";
    plan->key = plan_column(plan, name);
    plan->time = plan_column(plan, record ? "updated_at" : "at");
    plan->net = plan_column(plan, "net");
    plan->gross = plan_column(plan, "gross");
    plan->currency = plan_column(plan, "currency");
    if (plan->key >= 0 && plan->fed[plan->key])
        return 0;
    error_set(p->err, ERR_CONFIG, "source '%.*s' maps no '%s'", (int)p->options->source->name.len,
              p->options->source->name.ptr, name);
    return config_where(p, p->options->rules->at);
}

static int fill(const struct planning *p)
{
    struct plan *plan = p->plan;
    if (countries_init(&plan->countries) < 0)
        return error_memory(p->err);
    find_places(plan, p->in);
    TRY(bind_feeds(p));
    TRY(bind_where(p));
    return find_key(p);
}

int plan_new(const struct map_options *options, const struct schema *in, struct plan **ret,
             struct error *err)
{
    struct plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return error_memory(err);
    plan->kind = options->kind;
    plan->source = options->source->name;
    plan->region = options->project ? options->project->region : (struct slice){0};
    plan->phones = phone_plan_of(plan->region);
    plan->out = options->schema;
    plan->event_kind = options->rules->kind;
    arena_init(&plan->arena, 0);
    struct planning p = {.plan = plan, .options = options, .in = in, .err = err};
    int code = fill(&p);
    if (code < 0) {
        plan_free(plan);
        return code;
    }
    *ret = plan;
    return 0;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    countries_done(&p->countries);
    arena_done(&p->arena);
    free(p);
}

static void add_name(struct slice *names, int *n, struct slice name)
{
    for (int i = 0; i < *n; i++)
        if (slice_equal(names[i], name))
            return;
    names[(*n)++] = name;
}

int map_columns(const struct record_rules *rules, struct arena *a, struct slice **ret, int *ret_n)
{
    struct expression *where = NULL;
    size_t most = 1;
    int n = 0;
    /* What is wrong with the expression is said when the stream is opened. */
    if (rules->where.len && expression_parse(rules->where, a, &where, NULL) < 0)
        where = NULL;
    for (int i = 0; i < rules->n_mappings; i++)
        most += (size_t)rules->mappings[i].n_from;
    struct slice *names =
        ARENA_ARRAY(a, struct slice, most + (size_t)(where ? where->n_columns : 0));
    if (!names)
        return ERR_MEMORY;
    for (int i = 0; i < rules->n_mappings; i++)
        for (int k = 0; k < rules->mappings[i].n_from; k++)
            add_name(names, &n, rules->mappings[i].from[k]);
    for (int i = 0; where && i < where->n_columns; i++)
        add_name(names, &n, where->columns[i]);
    *ret = names;
    *ret_n = n;
    return 0;
}

static int is_extra(enum canonical_kind kind, struct slice field)
{
    if (slice_starts(field, SLICE_LIT("ids.")))
        return 0;
    for (const struct canonical_field *f = canonical_fields(kind); f->name; f++)
        if (slice_equal(field, slice_str(f->name)))
            return 0;
    return 1;
}

static void add_extras(const struct record_rules *rules, enum canonical_kind kind,
                       struct slice *names, int *n)
{
    for (int i = 0; rules && i < rules->n_mappings; i++)
        if (is_extra(kind, rules->mappings[i].field))
            add_name(names, n, rules->mappings[i].field);
}

static size_t count_mappings(const struct source *s)
{
    size_t n = s->record ? (size_t)s->record->n_mappings : 0;
    for (int i = 0; i < s->n_events; i++)
        n += (size_t)s->events[i].n_mappings;
    return n;
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

int map_extra_fields(const struct project *p, enum canonical_kind kind, struct arena *a,
                     struct slice **ret, int *ret_n)
{
    size_t most = 1;
    int n = 0;
    for (int i = 0; i < p->n_sources; i++)
        most += count_mappings(&p->sources[i]);
    struct slice *names = ARENA_ARRAY(a, struct slice, most);
    if (!names)
        return ERR_MEMORY;
    for (int i = 0; i < p->n_sources; i++) {
        const struct source *s = &p->sources[i];
        if (kind == CANONICAL_RECORD)
            add_extras(s->record, kind, names, &n);
        for (int e = 0; kind == CANONICAL_EVENT && e < s->n_events; e++)
            add_extras(&s->events[e], kind, names, &n);
    }
    qsort(names, (size_t)n, sizeof *names, by_bytes);
    *ret = names;
    *ret_n = n;
    return 0;
}
