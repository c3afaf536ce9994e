/* The search for candidates: keys in buckets, blocks within a memory budget, its account, a census
 * that is frozen, and what a change touches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "core/hash.h"
#include "core/spill.h"
#include "transform/match/seek.h"

enum { COLUMNS = 5, RECORDS = 6000 };

static const enum meaning meanings[COLUMNS] = {MEANING_GIVEN_NAME, MEANING_FAMILY_NAME,
                                               MEANING_BIRTH_DATE, MEANING_POSTCODE, MEANING_EMAIL};
static const char *const names[COLUMNS] = {"given_name", "family_name", "birth_date", "postcode",
                                           "email"};

static void table_init(struct match_table *t, uint32_t n)
{
    *t = (struct match_table){.n = n, .n_columns = COLUMNS};
    t->columns = calloc(COLUMNS, sizeof *t->columns);
    assert_non_null(t->columns);
    for (int k = 0; k < COLUMNS; k++) {
        struct match_column *c = &t->columns[k];
        c->name = slice_str(names[k]);
        c->meaning = meanings[k];
        assert_int_equal(dict_init(&c->values), 0);
        c->codes = malloc(((size_t)n + 1) * sizeof *c->codes);
        assert_non_null(c->codes);
    }
}

static void table_done(struct match_table *t)
{
    for (int k = 0; k < t->n_columns; k++) {
        dict_done(&t->columns[k].values);
        free(t->columns[k].codes);
    }
    free(t->columns);
}

static void put(struct match_table *t, uint32_t row, int column, const char *text)
{
    t->columns[column].codes[row] =
        *text ? (uint32_t)dict_add(&t->columns[column].values, slice_str(text)) : MATCH_MISSING;
}

static void word(char *out, uint64_t h, int syllables)
{
    for (int i = 0; i < syllables; i++, h /= 95) {
        *out++ = "bcdfghjklmnprstvwxz"[h % 19];
        *out++ = "aeiou"[h / 19 % 5];
    }
    *out = 0;
}

/* Two records a person: the second misses the date or the e-mail. */
static void put_record(struct match_table *t, uint32_t row)
{
    uint64_t h = hash_pair(row / 2, 7);
    char given[16], family[16], date[16], postcode[16], email[40];
    word(given, hash_pair(h % 90, 1), 3);
    word(family, hash_pair(h / 90 % 700, 2), 4);
    snprintf(date, sizeof date, "%u-%02u-%02u", 1940 + (unsigned)(h >> 20) % 60,
             1 + (unsigned)(h >> 30) % 12, 1 + (unsigned)(h >> 34) % 28);
    snprintf(postcode, sizeof postcode, "ab%u %ucd", (unsigned)(h >> 40) % 97,
             (unsigned)(h >> 48) % 10);
    snprintf(email, sizeof email, "%s%u@mail.test", family, (unsigned)(h % 100));
    put(t, row, 0, given);
    put(t, row, 1, family);
    put(t, row, 2, row % 4 == 1 ? "" : date);
    put(t, row, 3, postcode);
    put(t, row, 4, row % 4 == 3 ? "" : email);
}

static void people_init(struct match_table *t, uint32_t n)
{
    table_init(t, n);
    for (uint32_t i = 0; i < n; i++)
        put_record(t, i);
}

struct search {
    struct encoded e;
    struct twins twins;
    struct candidates candidates;
    struct match_account account;
};

static void search_init(struct search *s, const struct match_table *t, int threads, uint64_t memory,
                        const struct atom_census *census, struct arena *arena,
                        struct atom_census *ret_census)
{
    struct error err;
    struct pool *pool = threads ? pool_new(threads) : NULL;
    struct seek_options o = {.pool = pool, .memory = memory, .census = census};
    *s = (struct search){0};
    assert_int_equal(encode(t, pool, &s->e, &err), 0);
    assert_int_equal(twins_find(&s->twins, &s->e), 0);
    int code =
        seek_candidates(&s->e, &s->twins, &o, arena, ret_census, &s->account, &s->candidates, &err);
    if (code < 0)
        fail_msg("%s", err.text);
    pool_free(pool);
}

static void search_done(struct search *s)
{
    candidates_done(&s->candidates);
    twins_done(&s->twins);
    encoded_done(&s->e);
}

static void a_store_gives_back_what_was_put(void **state)
{
    (void)state;
    enum { BUCKETS = 8, EACH = 5000 };
    static const uint64_t memories[] = {0, 65536, 1 << 20};
    for (size_t m = 0; m < 3; m++) {
        struct store_limits limits = {.memory = memories[m]};
        struct key_store *s;
        struct error err;
        assert_int_equal(key_store_new(BUCKETS, 2, &limits, &s, &err), 0);
        uint64_t sum[BUCKETS] = {0};
        for (uint64_t i = 0; i < BUCKETS * EACH; i++) {
            uint32_t bucket = (uint32_t)(hash_pair(i, 1) % BUCKETS);
            key_writer_put(key_store_writer(s, i % 3 == 0), bucket, i);
            sum[bucket] += i * i;
        }
        assert_int_equal(key_store_seal(s, &err), 0);
        uint64_t n = 0, *list = malloc(2 * EACH * sizeof *list);
        for (uint32_t b = 0; b < BUCKETS; b++) {
            uint64_t count = key_store_count(s, b);
            assert_true(count < 2 * EACH);
            assert_int_equal(key_store_read(s, b, list, &err), 0);
            for (uint64_t i = 0; i < count; i++)
                sum[b] -= list[i] * list[i];
            assert_int_equal(sum[b], 0);
            n += count;
        }
        assert_int_equal(n, BUCKETS * EACH);
        assert_int_equal(key_store_spilled(s) == 0, memories[m] == 1 << 20);
        free(list);
        key_store_free(s);
    }
}

static void a_full_spill_names_its_folder(void **state)
{
    (void)state;
    struct spill *s;
    struct error err;
    char bytes[100] = {0}, back[100];
    assert_int_equal(spill_open("/tmp", 150, &s, &err), 0);
    assert_int_equal(spill_write(s, bytes, sizeof bytes, 0, &err), 0);
    assert_int_equal(spill_write(s, bytes, sizeof bytes, 100, &err), ERR_IO);
    assert_non_null(strstr(err.text, "'/tmp'"));
    assert_int_equal(spill_read(s, back, sizeof back, 50, &err), ERR_IO);
    spill_close(s);
    assert_int_equal(spill_open("/nowhere/at/all", 0, &s, &err), ERR_CREATE);
    assert_non_null(strstr(err.text, "'/nowhere/at/all'"));
}

static void memory_and_threads_change_nothing(void **state)
{
    (void)state;
    struct match_table t;
    struct search a, b;
    people_init(&t, 40000);
    search_init(&a, &t, 0, 0, NULL, NULL, NULL);
    search_init(&b, &t, 3, 1, NULL, NULL, NULL);
    assert_int_equal(a.account.spilled, 0);
    assert_true(b.account.spilled > 0);
    assert_int_equal(a.candidates.n_pairs, b.candidates.n_pairs);
    assert_memory_equal(a.candidates.count, b.candidates.count, t.n);
    assert_int_equal(a.candidates.k, b.candidates.k);
    for (uint32_t r = 0; r < t.n; r++)
        assert_memory_equal(a.candidates.best + (size_t)r * a.candidates.k,
                            b.candidates.best + (size_t)r * a.candidates.k,
                            a.candidates.count[r] * sizeof(uint32_t));
    search_done(&a);
    search_done(&b);
    table_done(&t);
}

static void the_account_adds_up(void **state)
{
    (void)state;
    struct match_table t;
    struct search s;
    people_init(&t, RECORDS);
    for (uint32_t i = 0; i < RECORDS; i += 3)
        put(&t, i, 3, "zz9 9zz"); /* a third at one postcode */
    search_init(&s, &t, 0, 0, NULL, NULL, NULL);
    const struct match_account *a = &s.account;
    assert_int_equal(a->keys, a->keys_alone + a->memberships + a->memberships_large);
    assert_true(a->keys > 0 && a->blocks_large > 0);
    assert_int_equal(a->records, RECORDS);
    assert_true(a->n_largest > 0 && a->largest[0].records > a->block_limit);
    for (int i = 1; i < a->n_largest; i++)
        assert_true(a->largest[i - 1].records >= a->largest[i].records);
    assert_non_null(strstr(a->largest[0].key, " + "));
    int64_t pairs = 0;
    uint32_t owned[CANDIDATES_MAX];
    for (uint32_t r = 0; r < RECORDS; r++)
        pairs += candidates_owned(&s.candidates, r, owned);
    assert_int_equal(pairs, a->pairs);
    search_done(&s);
    table_done(&t);
}

static void a_census_survives_its_text(void **state)
{
    (void)state;
    struct match_table t;
    struct search s;
    struct arena arena;
    struct atom_census taken, read = {.n_records = RECORDS, .largest = BLOCK_MAX};
    struct buffer text = {0};
    arena_init(&arena, 0);
    people_init(&t, RECORDS);
    search_init(&s, &t, 0, 0, NULL, &arena, &taken);
    assert_int_equal(taken.n_records, RECORDS);
    assert_true(taken.n > 100);
    assert_int_equal(census_text(&taken, &text), 0);
    assert_true(text.len < (size_t)taken.n * 12);
    assert_int_equal(census_parse(buffer_view(&text), &arena, &read), 0);
    assert_int_equal(read.n, taken.n);
    for (uint32_t i = 0; i < taken.n; i++) {
        assert_int_equal(read.atoms[i].hash, taken.atoms[i].hash);
        assert_int_equal(census_df(&read, taken.atoms[i].hash << 16), taken.atoms[i].df);
    }
    assert_int_equal(census_df(&read, 12345), CENSUS_RARE);
    assert_int_equal(census_parse(slice_str("no such text!"), &arena, &read), ERR_DATA);
    assert_int_equal(census_parse(slice_str("AAAAAAA"), &arena, &read), ERR_DATA);
    assert_int_equal(census_parse(slice_str("////////////////"), &arena, &read), ERR_DATA);
    buffer_done(&text);
    search_done(&s);
    table_done(&t);
    arena_done(&arena);
}

/* The candidates of a record by index, ascending, in both tables. */
static void assert_same_candidates(const struct search *a, const struct search *b, uint32_t record)
{
    uint32_t x = a->e.rank[record], y = b->e.rank[record];
    assert_int_equal(a->candidates.count[x], b->candidates.count[y]);
    for (uint32_t i = 0; i < a->candidates.count[x]; i++)
        assert_int_equal(a->e.record[a->candidates.best[(size_t)x * a->candidates.k + i]],
                         b->e.record[b->candidates.best[(size_t)y * b->candidates.k + i]]);
}

static uint32_t mark_touched(const struct search *all, const struct atom_census *census,
                             uint32_t first_changed, uint8_t *touched)
{
    struct atoms atoms;
    struct error err;
    struct key_rules rules = seek_rules(census->n_records);
    uint8_t *changed = calloc(all->e.n, 1);
    uint32_t n = 0;
    for (uint32_t i = first_changed; i < all->e.n; i++)
        changed[all->e.rank[i]] = 1;
    assert_int_equal(atoms_init(&atoms, &all->e, census, census->n_records, NULL, &err), 0);
    assert_int_equal(blocks_touched(&atoms, &rules, changed, NULL, touched, &err), 0);
    for (uint32_t r = 0; r < all->e.n; r++)
        n += touched[r];
    atoms_done(&atoms);
    free(changed);
    return n;
}

/* A census of another company's records; 40 records come, and only who shares a key notices. */
static void a_frozen_census_keeps_candidates_but_of_the_touched(void **state)
{
    (void)state;
    enum { NEW = 40 };
    struct match_table before, after;
    struct search counted, a, b;
    struct atom_census census;
    struct arena arena;
    uint32_t differ = 0;
    arena_init(&arena, 0);
    people_init(&before, RECORDS - NEW);
    people_init(&after, RECORDS);
    search_init(&counted, &before, 0, 0, NULL, &arena, &census);
    search_init(&a, &before, 0, 0, &census, NULL, NULL);
    search_init(&b, &after, 2, 0, &census, NULL, NULL);
    uint8_t *touched = calloc(RECORDS, 1);
    uint32_t n = mark_touched(&b, &census, RECORDS - NEW, touched);
    assert_true(n >= NEW && n < RECORDS / 2);
    for (uint32_t i = 0; i < RECORDS - NEW; i++) {
        uint32_t x = a.e.rank[i], y = b.e.rank[i];
        if (!touched[y])
            assert_same_candidates(&a, &b, i);
        else
            differ += a.candidates.count[x] != b.candidates.count[y];
    }
    assert_true(differ > 0); /* or it would have tested nothing */
    free(touched);
    search_done(&counted);
    search_done(&a);
    search_done(&b);
    table_done(&before);
    table_done(&after);
    arena_done(&arena);
}

/* Half of all with one e-mail and one name, all in one of two postcodes. */
static void a_block_bomb_is_capped(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    struct match_table t;
    struct match_result r;
    struct error err;
    struct pool *pool = pool_new(2);
    struct match_options o = {.pool = pool};
    people_init(&t, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        put(&t, i, 3, i % 2 ? "ab1 1cd" : "xy2 2zz");
        if (i % 4 < 2) {
            put(&t, i, 1, "bomb");
            put(&t, i, 4, "info@bomb.test");
        }
    }
    int code = match_records(&t, &o, &r, &err);
    if (code < 0)
        fail_msg("%s", err.text);
    assert_true(r.account.keys < (int64_t)MANY * 60);
    assert_true(r.n_candidates < (int64_t)MANY * 12);
    assert_true(r.account.keys_pruned > MANY);
    match_model_free(r.model);
    match_result_done(&r);
    table_done(&t);
    pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_gives_back_what_was_put),
        cmocka_unit_test(a_full_spill_names_its_folder),
        cmocka_unit_test(memory_and_threads_change_nothing),
        cmocka_unit_test(the_account_adds_up),
        cmocka_unit_test(a_census_survives_its_text),
        cmocka_unit_test(a_frozen_census_keeps_candidates_but_of_the_touched),
        cmocka_unit_test(a_block_bomb_is_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
