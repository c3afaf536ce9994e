#include "transform/match/atoms.h"

#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/phonetic.h"

enum { PREFIX = 3, VALUE_ATOMS_MAX = 24, TEXT_WORDS_MAX = 12 };

/* What an atom is; part of its hash, so that equal text of different kinds stays apart. */
enum atom_kind {
    ATOM_NAME = 1,
    ATOM_SOUND,
    ATOM_PREFIX,
    ATOM_DATE,
    ATOM_YEAR,
    ATOM_MONTH_DAY,
    ATOM_POSTCODE,
    ATOM_DISTRICT,
    ATOM_EMAIL,
    ATOM_USER,
    ATOM_PHONE,
    ATOM_WORD,
    ATOM_VALUE,
    ATOM_ADDRESS
};

struct draft {
    int n;
    uint64_t hash[VALUE_ATOMS_MAX];
    uint8_t group[VALUE_ATOMS_MAX];
};

static void put(struct draft *d, uint64_t kind, struct slice text, int group)
{
    if (d->n == VALUE_ATOMS_MAX || text.len == 0)
        return;
    d->hash[d->n] = hash_pair(hash_fixed(text.ptr, text.len), kind);
    d->group[d->n++] = (uint8_t)group;
}

static void name_atoms(struct draft *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    char sound[PHONETIC_MAX];
    put(d, ATOM_NAME, s, 0);
    if (s.len < 2)
        return;
    put(d, ATOM_SOUND, slice_of(sound, phonetic_skeleton(s, sound)), 0);
    put(d, ATOM_PREFIX, slice_of(s.ptr, s.len < PREFIX ? s.len : PREFIX), 0);
}

static void date_atoms(struct draft *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    put(d, ATOM_DATE, s, 0);
    put(d, ATOM_YEAR, slice_of(s.ptr, 4), 0);
    if (memcmp(s.ptr + 4, "0101", 4) != 0)
        put(d, ATOM_MONTH_DAY, slice_of(s.ptr + 4, 4), 0);
}

static void email_atoms(struct draft *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    const char *at = memchr(s.ptr, '@', s.len);
    put(d, ATOM_EMAIL, s, 0);
    if (at && at - s.ptr >= 3)
        put(d, ATOM_USER, slice_of(s.ptr, (size_t)(at - s.ptr)), 0);
}

static void phone_atoms(struct draft *d, const struct comparison *f, uint32_t v)
{
    struct slice s = value_string(f, v);
    size_t take = s.len < 8 ? s.len : 8;
    put(d, ATOM_PHONE, slice_of(s.ptr + s.len - take, take), 0);
}

/* The heaviest words of a text, each its own group. */
static void word_atoms(struct draft *d, const struct value_set *set, uint32_t v)
{
    uint32_t from = set->word_from[v], end = set->word_from[v + 1];
    uint32_t best[TEXT_WORDS_MAX];
    int n = 0;
    for (uint32_t i = from; i < end; i++) {
        uint32_t word = set->word[i];
        int at = n < TEXT_WORDS_MAX ? n++ : TEXT_WORDS_MAX;
        while (at > 0 && set->word_weight[best[at - 1]] < set->word_weight[word]) {
            if (at < TEXT_WORDS_MAX)
                best[at] = best[at - 1];
            at--;
        }
        if (at < TEXT_WORDS_MAX)
            best[at] = word;
    }
    for (int i = 0; i < n; i++)
        put(d, ATOM_WORD, dict_get(&set->words, best[i]), i);
}

static void value_atoms(struct draft *d, const struct comparison *f, int k, uint32_t v)
{
    struct slice s = value_string(f, v);
    switch (f->kind) {
    case COMPARE_GIVEN:
    case COMPARE_FAMILY:
    case COMPARE_EXTRA:
        name_atoms(d, f, v);
        break;
    case COMPARE_DATE:
        date_atoms(d, f, v);
        break;
    case COMPARE_POSTCODE:
        put(d, ATOM_POSTCODE, s, 0);
        if (s.len > 3)
            put(d, ATOM_DISTRICT, slice_of(s.ptr, s.len - 2), 0);
        break;
    case COMPARE_EMAIL:
        email_atoms(d, f, v);
        break;
    case COMPARE_PHONE:
        phone_atoms(d, f, v);
        break;
    case COMPARE_TEXT:
    case COMPARE_CODE:
        word_atoms(d, f->values, v);
        break;
    case COMPARE_ID:
    case COMPARE_PLACE:
    case COMPARE_QUANTITY:
        put(d, ATOM_VALUE + 32 * ((uint64_t)k + 1), s, 0);
        break;
    default:
        break;
    }
}

static uint32_t slot_of(const struct atoms *a, uint64_t hash)
{
    uint32_t mask = a->n_slots - 1, at = (uint32_t)(hash >> 20) & mask;
    while (a->slots_atom[at] && a->slots_key[at] != hash)
        at = (at + 1) & mask;
    return at;
}

static int grow_slots(struct atoms *a)
{
    uint32_t n = a->n_slots ? a->n_slots * 2 : 1024;
    struct atoms bigger = {.n_slots = n};
    bigger.slots_key = calloc(n, sizeof *bigger.slots_key);
    bigger.slots_atom = calloc(n, sizeof *bigger.slots_atom);
    uint64_t *hash = realloc(a->hash, (size_t)n * sizeof *hash);
    if (hash)
        a->hash = hash;
    if (!bigger.slots_key || !bigger.slots_atom || !hash) {
        free(bigger.slots_key);
        free(bigger.slots_atom);
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < a->n_slots; i++)
        if (a->slots_atom[i]) {
            uint32_t at = slot_of(&bigger, a->slots_key[i]);
            bigger.slots_key[at] = a->slots_key[i];
            bigger.slots_atom[at] = a->slots_atom[i];
        }
    free(a->slots_key);
    free(a->slots_atom);
    a->slots_key = bigger.slots_key;
    a->slots_atom = bigger.slots_atom;
    a->n_slots = n;
    return 0;
}

static int64_t atom_of(struct atoms *a, uint64_t hash)
{
    if (((uint64_t)a->n + 1) * 2 > a->n_slots)
        TRY(grow_slots(a));
    uint32_t at = slot_of(a, hash);
    if (!a->slots_atom[at]) {
        a->slots_key[at] = hash;
        a->hash[a->n] = hash;
        a->slots_atom[at] = ++a->n;
    }
    return a->slots_atom[at] - 1;
}

/* Tokens of names and words are groups of their own: numbered by their code. */
static int comparison_atoms(struct atoms *a, int k)
{
    const struct comparison *f = &a->e->comparisons[k];
    uint32_t n_values = f->values ? f->values->strings.n : 0;
    struct buffer list = {0}, groups = {0};
    a->from[k] = malloc(((size_t)n_values + 1) * sizeof *a->from[k]);
    if (!a->from[k])
        return ERR_MEMORY;
    int code = 0;
    for (uint32_t v = 0; v < n_values && code == 0; v++) {
        struct draft d = {.n = 0};
        a->from[k][v] = (uint32_t)groups.len;
        if (f->counts[v])
            value_atoms(&d, f, k, v);
        for (int i = 0; i < d.n && code == 0; i++) {
            int64_t atom = atom_of(a, d.hash[i]);
            uint32_t number = (uint32_t)atom;
            if (atom < 0 || buffer_append(&list, &number, sizeof number) < 0 ||
                buffer_append(&groups, &d.group[i], 1) < 0)
                code = ERR_MEMORY;
        }
    }
    a->from[k][n_values] = (uint32_t)groups.len;
    if (buffer_reserve(&list, 4) < 0 || buffer_reserve(&groups, 1) < 0)
        code = ERR_MEMORY;
    a->list[k] = buffer_take(&list);
    a->group[k] = buffer_take(&groups);
    return code;
}

static uint64_t address_hash(const struct atoms *a, uint32_t rank)
{
    const struct comparison *number = &a->e->comparisons[a->number];
    const struct comparison *street = &a->e->comparisons[a->street];
    uint32_t x = number->codes[rank], y = street->codes[rank];
    if (x == MATCH_MISSING || y == MATCH_MISSING)
        return 0;
    struct slice s = value_string(number, x), t = value_string(street, y);
    uint64_t h = hash_pair(hash_fixed(s.ptr, s.len), hash_fixed(t.ptr, t.len));
    return hash_pair(h, ATOM_ADDRESS);
}

static int add_addresses(struct atoms *a)
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
    for (uint32_t r = 0; a->number >= 0 && r < a->e->n; r++) {
        uint64_t h = address_hash(a, r);
        if (h && atom_of(a, h) < 0)
            return ERR_MEMORY;
    }
    return 0;
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

static int gather_atoms(const struct atoms *a, uint32_t rank, struct record_atom out[ATOMS_MAX])
{
    int n = 0;
    for (int k = 0; k < a->e->n_comparisons; k++) {
        const struct comparison *f = &a->e->comparisons[k];
        uint32_t n_values;
        if (!f->values)
            continue;
        const uint32_t *values = comparison_values(f, rank, &n_values);
        int name = f->kind <= COMPARE_EXTRA;
        for (uint32_t j = 0; j < n_values; j++)
            for (uint32_t i = a->from[k][values[j]]; i < a->from[k][values[j] + 1]; i++) {
                uint32_t group = name ? 0x1000 + values[j] : (uint32_t)k * 64 + a->group[k][i];
                n = add_atom(out, n, a->list[k][i], group);
            }
    }
    if (a->number >= 0) {
        uint64_t h = address_hash(a, rank);
        if (h)
            n = add_atom(out, n, a->slots_atom[slot_of(a, h)] - 1, (uint32_t)a->street * 64);
    }
    return n;
}

struct list_job {
    const struct atoms *a;
    struct buffer *found; /* by chunk: struct record_atom */
    uint8_t *counts;      /* by record */
    int failed;
};

enum { CHUNK = 8192 };

static void list_chunk(void *arg, size_t chunk)
{
    struct list_job *j = arg;
    struct record_atom list[ATOMS_MAX];
    size_t end = (chunk + 1) * CHUNK < j->a->e->n ? (chunk + 1) * CHUNK : j->a->e->n;
    for (size_t r = chunk * CHUNK; r < end; r++) {
        int n = gather_atoms(j->a, (uint32_t)r, list);
        j->counts[r] = (uint8_t)n;
        if (buffer_append(&j->found[chunk], list, (size_t)n * sizeof *list) < 0)
            j->failed = 1;
    }
}

static void count_chunk(struct atoms *a, const struct buffer *chunk)
{
    const struct record_atom *list = (const struct record_atom *)(const void *)chunk->data;
    for (size_t i = 0; i < chunk->len / sizeof *list; i++)
        a->df[list[i].atom]++;
}

/* Moves the lists into one array, less the atoms that one record alone holds. */
static void keep_shared(struct atoms *a, const struct list_job *j, size_t n_chunks)
{
    uint64_t kept = 0;
    for (size_t chunk = 0; chunk < n_chunks; chunk++) {
        const struct record_atom *list = (const struct record_atom *)(void *)j->found[chunk].data;
        size_t end = (chunk + 1) * CHUNK < a->e->n ? (chunk + 1) * CHUNK : a->e->n;
        for (size_t r = chunk * CHUNK; r < end; r++) {
            a->list_from[r] = kept;
            for (int i = 0; i < j->counts[r]; i++, list++)
                if (a->df[list->atom] > 1)
                    a->lists[kept++] = *list;
        }
        buffer_done(&j->found[chunk]);
    }
    a->list_from[a->e->n] = kept;
}

static int list_records(struct atoms *a, struct pool *pool)
{
    size_t n_chunks = ((size_t)a->e->n + CHUNK - 1) / CHUNK, total = 0;
    struct list_job j = {.a = a, .found = calloc(n_chunks + 1, sizeof *j.found)};
    j.counts = malloc((size_t)a->e->n + 1);
    a->df = calloc((size_t)a->n + 1, sizeof *a->df);
    a->list_from = malloc(((size_t)a->e->n + 1) * sizeof *a->list_from);
    int code = j.found && j.counts && a->df && a->list_from ? 0 : ERR_MEMORY;
    if (code == 0)
        pool_for(pool, n_chunks, list_chunk, &j);
    if (j.failed)
        code = ERR_MEMORY;
    for (size_t i = 0; i < n_chunks && code == 0; i++)
        count_chunk(a, &j.found[i]);
    for (uint32_t i = 0; i < a->n && code == 0; i++)
        total += a->df[i] > 1 ? a->df[i] : 0;
    if (code == 0 && !(a->lists = malloc((total + 1) * sizeof *a->lists)))
        code = ERR_MEMORY;
    if (code == 0)
        keep_shared(a, &j, n_chunks);
    for (size_t i = 0; j.found && i < n_chunks; i++)
        buffer_done(&j.found[i]);
    free(j.found);
    free(j.counts);
    return code;
}

int atoms_init(struct atoms *a, const struct encoded *e, struct pool *pool, struct error *err)
{
    *a = (struct atoms){.e = e};
    int code = grow_slots(a);
    for (int k = 0; k < e->n_comparisons && code == 0; k++)
        code = comparison_atoms(a, k);
    if (code == 0)
        code = add_addresses(a);
    if (code == 0)
        code = list_records(a, pool);
    if (code < 0)
        atoms_done(a);
    return code < 0 ? error_memory(err) : 0;
}

void atoms_done(struct atoms *a)
{
    for (int k = 0; k < COMPARISONS_MAX; k++) {
        free(a->from[k]);
        free(a->list[k]);
        free(a->group[k]);
    }
    free(a->hash);
    free(a->lists);
    free(a->list_from);
    free(a->df);
    free(a->slots_key);
    free(a->slots_atom);
    *a = (struct atoms){0};
}
