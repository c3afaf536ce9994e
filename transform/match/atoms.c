#include "transform/match/atoms.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/hash.h"
#include "core/memory.h"
#include "transform/match/atom_values.h"
#include "transform/match/radix.h"

enum { VALUES_CHUNK = 8192, AHEAD = 12 };

/* The atoms of some values of one comparison, before they are numbered. */
struct chunk {
    int k;
    uint32_t first, end; /* values */
    struct buffer hashes, groups;
    uint8_t *counts; /* by value, from first on */
    int failed;
};

struct numbering {
    struct atoms *a;
    struct chunk *chunks;
    size_t n_chunks, n_atoms; /* of values, repeats too */
    uint32_t *slots;          /* atom + 1, by hash */
    uint32_t mask;
    size_t slots_size, hash_size;
};

static uint32_t values_of(const struct atoms *a, int k)
{
    const struct comparison *f = &a->e->comparisons[k];
    return f->values ? f->values->strings.n : 0;
}

static void draft_chunk(void *arg, size_t i)
{
    struct numbering *m = arg;
    struct chunk *c = &m->chunks[i];
    struct value_atoms d;
    const struct comparison *f = &m->a->e->comparisons[c->k];
    c->counts = calloc((size_t)(c->end - c->first) + 1, 1);
    c->failed = !c->counts;
    for (uint32_t v = c->first; v < c->end && !c->failed; v++) {
        if (!f->counts[v])
            continue;
        value_atoms(m->a->e, c->k, v, &d);
        c->counts[v - c->first] = (uint8_t)d.n;
        for (int j = 0; j < d.n; j++) {
            uint64_t hash = value_atom_hash(&d, j, c->k);
            if (buffer_append(&c->hashes, &hash, sizeof hash) < 0 ||
                buffer_append(&c->groups, &d.group[j], 1) < 0)
                c->failed = 1;
        }
    }
}

static int draft(struct numbering *m, struct pool *pool)
{
    const struct encoded *e = m->a->e;
    for (int k = 0; k < e->n_comparisons; k++)
        m->n_chunks += values_of(m->a, k) / VALUES_CHUNK + 1;
    m->chunks = calloc(m->n_chunks + 1, sizeof *m->chunks);
    if (!m->chunks)
        return ERR_MEMORY;
    m->n_chunks = 0;
    for (int k = 0; k < e->n_comparisons; k++)
        for (uint32_t v = 0, n = values_of(m->a, k); v < n; v += VALUES_CHUNK)
            m->chunks[m->n_chunks++] = (struct chunk){
                .k = k, .first = v, .end = n - v < VALUES_CHUNK ? n : v + VALUES_CHUNK};
    pool_for(pool, m->n_chunks, draft_chunk, m);
    for (size_t i = 0; i < m->n_chunks; i++) {
        m->n_atoms += m->chunks[i].groups.len;
        if (m->chunks[i].failed)
            return ERR_MEMORY;
    }
    return 0;
}

static int slots_init(struct numbering *m)
{
    size_t wanted = m->n_atoms + (m->a->address ? m->a->e->n / 2 : 0) + 1, n = 1024;
    while (n < wanted + wanted / 2)
        n *= 2;
    m->mask = (uint32_t)(n - 1);
    m->slots_size = n * sizeof *m->slots;
    m->slots = memory_map(m->slots_size);
    m->hash_size = wanted * sizeof *m->a->hash;
    m->a->hash = malloc(m->hash_size);
    m->a->df = calloc(wanted, sizeof *m->a->df);
    return m->slots && m->a->hash && m->a->df && n <= UINT32_MAX ? 0 : ERR_MEMORY;
}

static uint32_t number_of(struct numbering *m, uint64_t hash)
{
    struct atoms *a = m->a;
    uint32_t at = (uint32_t)(hash >> 20) & m->mask;
    while (m->slots[at] && a->hash[m->slots[at] - 1] != hash)
        at = (at + 1) & m->mask;
    if (!m->slots[at]) {
        a->hash[a->n] = hash;
        m->slots[at] = ++a->n;
    }
    return m->slots[at] - 1;
}

/* Numbers in order of the values, so that the atoms of neighbours lie together. */
static void number_chunk(struct numbering *m, const struct chunk *c)
{
    struct atoms *a = m->a;
    const uint64_t *hashes = (const uint64_t *)(const void *)c->hashes.data;
    const uint32_t *counts = a->e->comparisons[c->k].counts;
    size_t n = c->groups.len, at = 0;
    uint32_t to = a->from[c->k][c->first];
    for (uint32_t v = c->first; v < c->end; v++) {
        for (int i = 0; i < c->counts[v - c->first]; i++, at++, to++) {
            if (at + AHEAD < n)
                __builtin_prefetch(m->slots + ((uint32_t)(hashes[at + AHEAD] >> 20) & m->mask));
            uint32_t atom = number_of(m, hashes[at]);
            a->df[atom] += counts[v];
            a->list[c->k][to] = atom;
            a->group[c->k][to] = c->groups.data[at];
        }
        a->from[c->k][v + 1] = to;
    }
}

static int number_values(struct numbering *m)
{
    struct atoms *a = m->a;
    size_t counts[COMPARISONS_MAX] = {0};
    for (size_t i = 0; i < m->n_chunks; i++)
        counts[m->chunks[i].k] += m->chunks[i].groups.len;
    for (int k = 0; k < a->e->n_comparisons; k++) {
        if (!counts[k])
            continue;
        a->used[a->n_used++] = k;
        a->from[k] = calloc((size_t)values_of(a, k) + 1, sizeof *a->from[k]);
        a->list[k] = malloc(counts[k] * sizeof *a->list[k]);
        a->group[k] = malloc(counts[k]);
        if (!a->from[k] || !a->list[k] || !a->group[k] || counts[k] > UINT32_MAX)
            return ERR_MEMORY;
    }
    for (size_t i = 0; i < m->n_chunks; i++) {
        struct chunk *c = &m->chunks[i];
        if (counts[c->k])
            number_chunk(m, c);
        buffer_done(&c->hashes);
        buffer_done(&c->groups);
    }
    return 0;
}

static void find_address_columns(struct atoms *a)
{
    a->number = a->street = -1;
    for (int k = 0; k < a->e->n_comparisons; k++) {
        const struct comparison *f = &a->e->comparisons[k];
        if (f->offsets)
            continue;
        if (f->kind == COMPARE_NUMBER && a->number < 0)
            a->number = k;
        if (f->meaning == MEANING_STREET && a->street < 0)
            a->street = k;
    }
    if (a->number < 0 || a->street < 0)
        a->number = a->street = -1;
}

static uint64_t address_hash(const struct atoms *a, uint64_t pair)
{
    struct slice s = value_string(&a->e->comparisons[a->number], (uint32_t)(pair >> 32));
    struct slice t = value_string(&a->e->comparisons[a->street], (uint32_t)pair);
    uint64_t h = hash_pair(hash_fixed(s.ptr, s.len), hash_fixed(t.ptr, t.len));
    return hash_pair(h, ATOM_ADDRESS);
}

/* Addresses that two records share, and all of them when a census says what counts. */
static int number_addresses(struct numbering *m)
{
    struct atoms *a = m->a;
    uint32_t n = 0;
    struct keyed *list = malloc(((size_t)a->e->n + 1) * sizeof *list);
    if (!list)
        return ERR_MEMORY;
    const uint32_t *numbers = a->e->comparisons[a->number].codes;
    const uint32_t *streets = a->e->comparisons[a->street].codes;
    for (uint32_t r = 0; r < a->e->n; r++)
        if (numbers[r] != MATCH_MISSING && streets[r] != MATCH_MISSING)
            list[n++] = (struct keyed){(uint64_t)numbers[r] << 32 | streets[r], r};
    int code = radix_sort_keyed(list, n);
    for (uint32_t i = 0, end; i < n && code == 0; i = end) {
        for (end = i + 1; end < n && list[end].key == list[i].key;)
            end++;
        if (end - i < 2 && !a->census)
            continue;
        uint32_t atom = number_of(m, address_hash(a, list[i].key));
        a->df[atom] += end - i;
        for (; i < end; i++)
            a->address[list[i].value] = atom + 1;
    }
    free(list);
    return code;
}

static void take_census(struct atoms *a)
{
    a->n_records = a->census->n_records;
    for (uint32_t i = 0; i < a->n; i++)
        a->df[i] = census_df(a->census, a->hash[i]);
}

/* Out of the lists with what one record alone holds: most e-mails, phones, ids. */
static void drop_alone(struct atoms *a)
{
    for (int i = 0; i < a->n_used; i++) {
        int k = a->used[i];
        uint32_t kept = 0, from = 0, *list = a->list[k];
        for (uint32_t v = 0, n = values_of(a, k); v < n; v++) {
            uint32_t end = a->from[k][v + 1];
            for (uint32_t j = from; j < end; j++)
                if (a->df[list[j]] > 1) {
                    a->group[k][kept] = a->group[k][j];
                    list[kept++] = list[j];
                }
            from = end;
            a->from[k][v + 1] = kept;
        }
        uint32_t *less = realloc(list, (kept + (size_t)1) * sizeof *list);
        if (less)
            a->list[k] = less;
    }
}

static void numbering_done(struct numbering *m)
{
    for (size_t i = 0; m->chunks && i < m->n_chunks; i++) {
        buffer_done(&m->chunks[i].hashes);
        buffer_done(&m->chunks[i].groups);
        free(m->chunks[i].counts);
    }
    free(m->chunks);
    memory_unmap(m->slots, m->slots_size);
}

static int add_atom(struct record_atom *out, int n, uint32_t atom, uint32_t group)
{
    for (int i = 0; i < n; i++)
        if (out[i].atom == atom)
            return n;
    if (n < ATOMS_MAX)
        out[n++] = (struct record_atom){atom, group};
    return n;
}

int atoms_gather(const struct atoms *a, uint32_t rank, struct record_atom out[ATOMS_MAX])
{
    int n = 0;
    for (int i = 0; i < a->n_used; i++) {
        int k = a->used[i];
        const struct comparison *f = &a->e->comparisons[k];
        uint32_t n_values;
        const uint32_t *values = comparison_values(f, rank, &n_values);
        int name = f->kind <= COMPARE_EXTRA;
        for (uint32_t j = 0; j < n_values; j++)
            for (uint32_t at = a->from[k][values[j]]; at < a->from[k][values[j] + 1]; at++) {
                uint32_t group = name ? 0x1000 + values[j] : (uint32_t)k * 64 + a->group[k][at];
                n = add_atom(out, n, a->list[k][at], group);
            }
    }
    if (a->address && a->address[rank])
        n = add_atom(out, n, a->address[rank] - 1, (uint32_t)a->street * 64);
    return n;
}

int atoms_init(struct atoms *a, const struct encoded *e, const struct atom_census *census,
               uint32_t n_records, struct pool *pool, struct error *err)
{
    *a = (struct atoms){.e = e, .census = census, .n_records = n_records};
    struct numbering m = {.a = a};
    find_address_columns(a);
    int code = 0;
    if (a->number >= 0 && !(a->address = calloc((size_t)e->n + 1, sizeof *a->address)))
        code = ERR_MEMORY;
    if (code == 0)
        code = draft(&m, pool);
    if (code == 0)
        code = slots_init(&m);
    if (code == 0)
        code = number_values(&m);
    if (code == 0 && a->address)
        code = number_addresses(&m);
    numbering_done(&m);
    if (code == 0 && census)
        take_census(a);
    if (code == 0)
        drop_alone(a);
    if (code < 0)
        atoms_done(a);
    return code < 0 ? error_memory(err) : 0;
}

/* The value of comparison k whose atom it is, in words; 1 when it was found. */
static int say_value(const struct atoms *a, int k, uint32_t value, uint32_t atom,
                     struct buffer *out)
{
    struct value_atoms d;
    char text[160];
    value_atoms(a->e, k, value, &d);
    for (int i = 0; i < d.n; i++) {
        if (value_atom_hash(&d, i, k) != a->hash[atom])
            continue;
        const char *words = atom_kind_words((enum atom_kind)d.kind[i]);
        struct slice name = a->e->comparisons[k].name;
        int n = snprintf(text, sizeof text, "%.*s %s%s'%.*s'", (int)(name.len > 40 ? 40 : name.len),
                         name.ptr, words, *words ? " " : "",
                         (int)(d.text[i].len > 60 ? 60 : d.text[i].len), d.text[i].ptr);
        return buffer_append(out, text, (size_t)n) < 0 ? ERR_MEMORY : 1;
    }
    return 0;
}

int atoms_say(const struct atoms *a, uint32_t rank, uint32_t atom, struct buffer *out)
{
    if (a->address && a->address[rank] == atom + 1)
        return buffer_slice(out, slice_str("the address"));
    for (int i = 0; i < a->n_used; i++) {
        uint32_t n;
        int k = a->used[i];
        const uint32_t *values = comparison_values(&a->e->comparisons[k], rank, &n);
        for (uint32_t j = 0; j < n; j++) {
            int said = say_value(a, k, values[j], atom, out);
            if (said)
                return said < 0 ? said : 0;
        }
    }
    return 0;
}

void atoms_done(struct atoms *a)
{
    for (int k = 0; k < COMPARISONS_MAX; k++) {
        free(a->from[k]);
        free(a->list[k]);
        free(a->group[k]);
    }
    free(a->hash);
    free(a->df);
    free(a->address);
    *a = (struct atoms){0};
}
