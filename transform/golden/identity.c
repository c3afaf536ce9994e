#include "transform/golden/identity.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/builder.h"
#include "core/dict.h"
#include "core/hash.h"

#define NONE UINT32_MAX

/* A member by rank, its old id, its new cluster: what the rules look at. */
struct place {
    uint32_t member, cluster, old;
};

/* How many of an old id's members stand in a cluster, and the first of them. */
struct share {
    uint32_t old, cluster, count, first; /* first: rank */
};

struct identity {
    struct identity_member *members;
    size_t n;
    struct place *places;    /* by rank: the order of (source, key) */
    struct dict keys;        /* previous: source, 0, key */
    struct buffer key_ids;   /* u32 by key code: code in `old_ids` */
    struct dict old_ids;     /* previous ids */
    uint32_t *goes_to;       /* by old id: cluster, NONE when it is retired */
    uint32_t *taken;         /* by cluster: the old id it takes, NONE */
    uint32_t *came_from;     /* by cluster: an old id that its members left, NONE */
    uint32_t *first, *count; /* by cluster: rank of its first member; members */
    struct dict new_ids;     /* every id in use, old ones too */
    struct slice *ids;       /* by cluster */
    uint32_t n_clusters;
    struct buffer scratch;
    struct arena *arena;
};

void customer_id_text(uint64_t id, char ret[CUSTOMER_ID_LEN + 1])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (int i = CUSTOMER_ID_LEN - 1; i >= 0; i--) {
        ret[i] = digits[id & 31];
        id >>= 5;
    }
    ret[CUSTOMER_ID_LEN] = 0;
}

int member_key(struct buffer *scratch, struct slice source, struct slice key)
{
    buffer_reset(scratch);
    TRY(buffer_slice(scratch, source));
    TRY(buffer_putc(scratch, 0));
    return buffer_slice(scratch, key);
}

static int previous_row(struct identity *t, struct slice source, struct slice key, struct slice id)
{
    TRY(member_key(&t->scratch, source, key));
    int64_t code = dict_add(&t->keys, buffer_view(&t->scratch)), old = dict_add(&t->old_ids, id);
    if (code < 0 || old < 0)
        return ERR_MEMORY;
    uint32_t old_code = (uint32_t)old;
    if ((size_t)code < t->key_ids.len / sizeof old_code)
        return 0; /* the same member twice: the first row stands */
    return buffer_append(&t->key_ids, &old_code, sizeof old_code);
}

static int previous_load(struct identity *t, struct stream *previous, struct error *err)
{
    static const char *const names[] = {"source", "key", "customer_id"};
    int at[3], more;
    struct batch *b;
    for (int i = 0; i < 3; i++)
        TRY(at[i] = schema_need_text(previous->schema, slice_str(names[i]),
                                     "rows of the previous xref", err));
    while ((more = stream_next(previous, &b, err)) > 0) {
        const struct field *f = b->schema->fields;
        int code = 0;
        for (int64_t row = 0; row < b->n_rows && code == 0; row++)
            code = previous_row(t, column_text(&f[at[0]], &b->columns[at[0]], row),
                                column_text(&f[at[1]], &b->columns[at[1]], row),
                                column_text(&f[at[2]], &b->columns[at[2]], row));
        batch_free(b);
        if (code < 0)
            return error_memory(err);
    }
    return more;
}

/* A member and the first eight bytes of its key: most of the time they tell two apart. */
struct sorted_member {
    uint64_t prefix;
    uint32_t member;
};

static uint64_t prefix_of(struct slice key)
{
    unsigned char bytes[8] = {0};
    uint64_t prefix = 0;
    memcpy(bytes, key.len ? key.ptr : "", key.len < 8 ? key.len : 8);
    for (int i = 0; i < 8; i++)
        prefix = prefix << 8 | bytes[i];
    return prefix;
}

static int by_source_and_key(const void *a, const void *b, void *arg)
{
    const struct sorted_member *p = a, *q = b;
    const struct identity_member *m = arg;
    const struct identity_member *x = &m[p->member], *y = &m[q->member];
    int order = slice_compare(x->source, y->source);
    if (order == 0 && p->prefix != q->prefix)
        return p->prefix < q->prefix ? -1 : 1;
    order = order ? order : slice_compare(x->key, y->key);
    return order ? order : x < y ? -1 : x > y;
}

static int by_cluster_then_rank(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Clusters get numbers in order of their first member's rank, so that nothing depends on the
 * caller's. */
static int number_clusters(struct identity *t)
{
    size_t n = t->n;
    uint64_t *order = malloc((n + 1) * sizeof *order); /* cluster, then rank */
    uint32_t *first = malloc((n + 1) * sizeof *first);
    int code = order && first ? 0 : ERR_MEMORY;
    for (uint32_t i = 0; i < n && code == 0; i++)
        order[i] = (uint64_t)t->members[t->places[i].member].cluster << 32 | i;
    if (code == 0) {
        qsort(order, n, sizeof *order, by_cluster_then_rank);
        for (size_t i = 0; i < n; i++) {
            int same = i && order[i] >> 32 == order[i - 1] >> 32;
            first[(uint32_t)order[i]] = same ? first[(uint32_t)order[i - 1]] : (uint32_t)order[i];
        }
        for (uint32_t i = 0; i < n; i++)
            t->places[i].cluster = first[i] == i ? t->n_clusters++ : t->places[first[i]].cluster;
    }
    free(order);
    free(first);
    return code;
}

static int sort_members(struct identity *t)
{
    struct sorted_member *list = malloc((t->n + 1) * sizeof *list);
    if (!list)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < t->n; i++)
        list[i] = (struct sorted_member){prefix_of(t->members[i].key), i};
    qsort_r(list, t->n, sizeof *list, by_source_and_key, t->members);
    for (uint32_t i = 0; i < t->n; i++)
        t->places[i].member = list[i].member;
    free(list);
    return 0;
}

static int rank_members(struct identity *t)
{
    TRY(sort_members(t));
    TRY(number_clusters(t));
    for (uint32_t i = 0; i < t->n; i++) {
        struct place *p = &t->places[i];
        const struct identity_member *m = &t->members[p->member];
        TRY(member_key(&t->scratch, m->source, m->key));
        int64_t key = dict_find(&t->keys, buffer_view(&t->scratch));
        p->old = NONE;
        if (key >= 0)
            memcpy(&p->old, t->key_ids.data + (size_t)key * sizeof p->old, sizeof p->old);
    }
    return 0;
}

static uint32_t *filled(size_t n, uint32_t value)
{
    uint32_t *a = malloc((n + 1) * sizeof *a);
    for (size_t i = 0; a && i <= n; i++)
        a[i] = value;
    return a;
}

static int arrays_make(struct identity *t)
{
    t->goes_to = filled(t->old_ids.n, NONE);
    t->taken = filled(t->n_clusters, NONE);
    t->came_from = filled(t->n_clusters, NONE);
    t->first = filled(t->n_clusters, NONE);
    t->count = filled(t->n_clusters, 0);
    t->ids = calloc((size_t)t->n_clusters + 1, sizeof *t->ids);
    if (!t->goes_to || !t->taken || !t->came_from || !t->first || !t->count || !t->ids)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t c = t->places[i].cluster;
        t->first[c] = i < t->first[c] ? i : t->first[c];
        t->count[c]++;
    }
    return 0;
}

static int by_old_and_cluster(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    if (x->old != y->old)
        return x->old < y->old ? -1 : 1;
    if (x->cluster != y->cluster)
        return x->cluster < y->cluster ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* The distinct (old id, cluster) pairs with their counts. */
static size_t shares_fold(struct share *s, size_t n)
{
    size_t kept = 0;
    qsort(s, n, sizeof *s, by_old_and_cluster);
    for (size_t i = 0; i < n; i++) {
        if (kept && s[kept - 1].old == s[i].old && s[kept - 1].cluster == s[i].cluster)
            s[kept - 1].count += s[i].count;
        else
            s[kept++] = s[i];
    }
    return kept;
}

static int larger(const struct share *a, const struct share *b)
{
    return a->count != b->count ? a->count > b->count : a->first < b->first;
}

/* An old id goes to the cluster with most of its members; a cluster takes the id that brings most.
 */
static int ids_travel(struct identity *t)
{
    struct share *s = calloc(t->n + 1, sizeof *s);
    struct share *best = calloc((size_t)t->n_clusters + 1, sizeof *best);
    size_t n = 0;
    if (!s || !best) {
        free(s);
        free(best);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < t->n; i++)
        if (t->places[i].old != NONE)
            s[n++] = (struct share){t->places[i].old, t->places[i].cluster, 1, i};
    n = shares_fold(s, n);
    for (size_t i = 0, j; i < n; i = j) {
        size_t top = i;
        for (j = i; j < n && s[j].old == s[i].old; j++) {
            if (larger(&s[j], &s[top]))
                top = j;
            uint32_t *from = &t->came_from[s[j].cluster];
            *from = *from == NONE ? s[j].old : *from;
        }
        uint32_t cluster = t->goes_to[s[top].old] = s[top].cluster;
        if (t->taken[cluster] == NONE || larger(&s[top], &best[cluster])) {
            t->taken[cluster] = s[top].old;
            best[cluster] = s[top];
        }
    }
    free(s);
    free(best);
    return 0;
}

/* A new id: the hash of the cluster's first member, moved on while it is taken. */
static int id_make(struct identity *t, uint32_t cluster)
{
    const struct identity_member *m = &t->members[t->places[t->first[cluster]].member];
    char text[CUSTOMER_ID_LEN + 1];
    TRY(member_key(&t->scratch, m->source, m->key));
    uint64_t id = hash_fixed(t->scratch.data, t->scratch.len);
    struct slice s = slice_of(text, CUSTOMER_ID_LEN);
    for (;; id++) {
        uint32_t before = t->new_ids.n;
        customer_id_text(id, text);
        if (dict_find(&t->old_ids, s) >= 0)
            continue;
        if (dict_add(&t->new_ids, s) < 0)
            return ERR_MEMORY;
        if (t->new_ids.n > before)
            break;
    }
    t->ids[cluster] = arena_copy(t->arena, s);
    return t->ids[cluster].ptr ? 0 : ERR_MEMORY;
}

static int ids_give(struct identity *t)
{
    for (uint32_t c = 0; c < t->n_clusters; c++) {
        if (t->taken[c] == NONE) {
            TRY(id_make(t, c));
        } else {
            t->ids[c] = arena_copy(t->arena, dict_get(&t->old_ids, t->taken[c]));
            if (!t->ids[c].ptr)
                return ERR_MEMORY;
        }
    }
    for (uint32_t i = 0; i < t->n; i++)
        t->members[t->places[i].member].id = t->ids[t->places[i].cluster];
    return 0;
}

struct schema *identity_event_schema(void)
{
    static const struct field fields[] = {
        {.name = SLICE_INIT("at"), .type = TYPE_TIMESTAMP},
        {.name = SLICE_INIT("event"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("customer_id"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("other_id"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("reason"), .type = TYPE_UTF8},
        {.name = SLICE_INIT("records"), .type = TYPE_INT64},
    };
    return schema_new(fields, sizeof fields / sizeof *fields);
}

struct event {
    const char *name;
    struct slice id, other;
    const char *reason;
    uint32_t records;
};

static int by_id_and_name(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    int order = slice_compare(x->id, y->id);
    return order ? order : strcmp(x->name, y->name);
}

/* At most one event a cluster and one an old id. */
static size_t events_list(const struct identity *t, struct event *e)
{
    size_t n = 0;
    for (uint32_t c = 0; c < t->n_clusters; c++) {
        if (t->taken[c] != NONE)
            continue;
        if (t->came_from[c] == NONE)
            e[n++] = (struct event){.name = "created",
                                    .id = t->ids[c],
                                    .reason = "new records",
                                    .records = t->count[c]};
        else
            e[n++] = (struct event){.name = "split",
                                    .id = t->ids[c],
                                    .other = dict_get(&t->old_ids, t->came_from[c]),
                                    .reason = "its records no longer match the others",
                                    .records = t->count[c]};
    }
    for (uint32_t old = 0; old < t->old_ids.n; old++) {
        uint32_t c = t->goes_to[old];
        struct slice id = dict_get(&t->old_ids, old);
        if (c == NONE)
            e[n++] = (struct event){.name = "retired", .id = id, .reason = "no record is left"};
        else if (t->taken[c] != old)
            e[n++] = (struct event){.name = "merged",
                                    .id = id,
                                    .other = t->ids[c],
                                    .reason = "its records match the other's",
                                    .records = t->count[c]};
    }
    qsort(e, n, sizeof *e, by_id_and_name);
    return n;
}

static int event_row(struct builder *c, const struct event *e, int64_t run_at)
{
    TRY(run_at == INT64_MIN ? builder_null(&c[0]) : builder_i64(&c[0], run_at));
    TRY(builder_slice(&c[1], slice_str(e->name)));
    TRY(builder_slice(&c[2], e->id));
    TRY(e->other.ptr ? builder_slice(&c[3], e->other) : builder_null(&c[3]));
    TRY(builder_slice(&c[4], slice_str(e->reason)));
    return builder_i64(&c[5], e->records);
}

static int events_stream(const struct event *e, size_t n, int64_t run_at, struct stream **ret,
                         struct error *err)
{
    struct schema *schema = identity_event_schema();
    struct batch_builder bb = {0};
    size_t n_batches = n / BATCH_ROWS + 1;
    struct batch **batches = calloc(n_batches, sizeof(struct batch *));
    int made = 0;
    int code = schema && batches ? batch_builder_init(&bb, schema, err) : error_memory(err);
    for (size_t i = 0; i < n && code == 0; i++) {
        if (event_row(bb.columns, &e[i], run_at) < 0) {
            code = error_memory(err);
        } else if ((i + 1) % BATCH_ROWS == 0 || i + 1 == n) {
            code = batch_builder_finish(&bb, &batches[made], err);
            made += code == 0;
        }
    }
    if (code == 0) {
        code = stream_of_batches(schema, batches, made, ret, err);
        free(batches);
    } else {
        batches_free(batches, made);
    }
    if (bb.schema)
        batch_builder_done(&bb);
    schema_unref(schema);
    return code;
}

static int events_make(const struct identity *t, int64_t run_at, struct stream **ret,
                       struct error *err)
{
    struct event *e = calloc((size_t)t->n_clusters + t->old_ids.n + 1, sizeof *e);
    if (!e)
        return error_memory(err);
    int code = events_stream(e, events_list(t, e), run_at, ret, err);
    free(e);
    return code;
}

static void identity_done(struct identity *t)
{
    dict_done(&t->keys);
    dict_done(&t->old_ids);
    dict_done(&t->new_ids);
    buffer_done(&t->key_ids);
    buffer_done(&t->scratch);
    free(t->places);
    free(t->goes_to);
    free(t->taken);
    free(t->came_from);
    free(t->first);
    free(t->count);
    free(t->ids);
}

int identity_assign(struct identity_member *members, size_t n, struct stream *previous,
                    int64_t run_at, struct arena *arena, struct stream **ret_events,
                    struct error *err)
{
    struct identity t = {.members = members, .n = n, .arena = arena};
    if (n >= NONE)
        return error_set(err, ERR_DATA, "more than %u records", NONE - 1);
    t.places = calloc(n + 1, sizeof *t.places);
    int code = t.places && dict_init(&t.keys) == 0 && dict_init(&t.old_ids) == 0 &&
                       dict_init(&t.new_ids) == 0
                   ? 0
                   : error_memory(err);
    if (code == 0 && previous)
        code = previous_load(&t, previous, err);
    if (code == 0 &&
        (rank_members(&t) < 0 || arrays_make(&t) < 0 || ids_travel(&t) < 0 || ids_give(&t) < 0))
        code = error_memory(err);
    if (code == 0 && ret_events)
        code = events_make(&t, run_at, ret_events, err);
    identity_done(&t);
    return code;
}
