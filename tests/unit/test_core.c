/* Slices, arenas, buffers, dictionaries and hashes. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "core/buffer.h"
#include "core/dict.h"
#include "core/error.h"
#include "core/hash.h"

static void utf8_validity_follows_the_unicode_table(void **state)
{
    (void)state;
    assert_int_equal(
        slice_utf8_valid(SLICE_LIT("plain and \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80")), 21);
    static const char *const bad[] = {
        "\xc0\xaf",         "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\x80",         "\xc3",         "\xe2\x82"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(slice_utf8_valid(slice_str(bad[i])), 0);
    assert_int_equal(slice_utf8_valid(SLICE_LIT("12345678abc\xff")), 11);
}

static void runes_survive_a_round_trip(void **state)
{
    (void)state;
    for (uint32_t rune = 0; rune < 0x110000; rune += 7) {
        if (rune >= 0xd800 && rune < 0xe000)
            continue;
        char text[4];
        uint32_t back;
        size_t len = utf8_put(rune, text);
        assert_int_equal(slice_utf8_next(slice_of(text, len), &back), len);
        assert_int_equal(back, rune);
    }
}

static void a_cut_gives_every_part(void **state)
{
    (void)state;
    struct slice rest = SLICE_LIT("a,,b"), part;
    assert_int_equal(slice_cut(&rest, ',', &part), 1);
    assert_true(slice_equal(part, SLICE_LIT("a")));
    assert_int_equal(slice_cut(&rest, ',', &part), 1);
    assert_int_equal(part.len, 0);
    assert_int_equal(slice_cut(&rest, ',', &part), 1);
    assert_true(slice_equal(part, SLICE_LIT("b")));
    assert_int_equal(slice_cut(&rest, ',', &part), 0);
}

static void the_nearest_name_is_near(void **state)
{
    (void)state;
    static const char *const names[] = {"given_name", "family_name", "email"};
    assert_string_equal(slice_nearest(SLICE_LIT("famly_name"), names, 3), "family_name");
    assert_string_equal(slice_nearest(SLICE_LIT("EMAIL"), names, 3), "email");
    assert_null(slice_nearest(SLICE_LIT("postcode"), names, 3));
}

static void an_arena_stays_below_its_ceiling(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100000);
    size_t got = 0;
    while (arena_alloc(&a, 1000))
        got += 1000;
    assert_true(got > 50000 && got <= 100000);
    assert_null(arena_alloc(&a, SIZE_MAX - 8));
    arena_done(&a);
}

static void arena_memory_is_aligned_and_kept(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    char *strings[1000];
    for (int i = 0; i < 1000; i++) {
        char text[32];
        snprintf(text, sizeof text, "string %d", i);
        strings[i] = arena_string(&a, slice_str(text));
        assert_int_equal((uintptr_t)arena_alloc(&a, (size_t)i) % 16, 0);
    }
    assert_string_equal(strings[0], "string 0");
    assert_string_equal(strings[999], "string 999");
    arena_reset(&a);
    assert_non_null(arena_alloc(&a, 10));
    arena_done(&a);
}

static void a_buffer_refuses_to_pass_its_limit(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b, 10);
    assert_int_equal(buffer_string(&b, "12345678"), 0);
    assert_int_equal(buffer_string(&b, "abc"), ERR_MEMORY);
    assert_int_equal(b.len, 8);
    assert_int_equal(buffer_string(&b, "ab"), 0);
    buffer_done(&b);
}

static void a_dictionary_numbers_strings_as_they_come(void **state)
{
    (void)state;
    struct dict d;
    assert_int_equal(dict_init(&d), 0);
    char text[32];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            int len = snprintf(text, sizeof text, "%d", i);
            assert_int_equal(dict_add(&d, slice_of(text, (size_t)len)), i);
        }
    assert_int_equal(d.n, 5000);
    assert_int_equal(dict_find(&d, SLICE_LIT("4999")), 4999);
    assert_int_equal(dict_find(&d, SLICE_LIT("5000")), DICT_NONE);
    assert_int_equal(dict_add(&d, SLICE_LIT("")), 5000);
    dict_done(&d);
}

/* Ascending for a while, with repeats, then in any order: as if each had been sought among all. */
static void a_dictionary_takes_many_as_one_by_one(void **state)
{
    (void)state;
    enum { N = 6000 };
    char(*text)[16] = malloc(N * sizeof *text);
    struct slice *s = malloc(N * sizeof *s);
    uint32_t *codes = malloc(N * sizeof *codes), first[N];
    struct dict d;
    assert_true(text && s && codes && dict_init(&d) == 0);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t number = i < 1000 ? i / 2 : (uint32_t)(hash_pair(i, 1) % 4000);
        s[i] = slice_of(text[i], (size_t)snprintf(text[i], sizeof *text, "%u", number));
    }
    assert_int_equal(dict_add_all(&d, s, 1000, codes), 0);
    assert_int_equal(d.n, 500);
    assert_int_equal(dict_find(&d, SLICE_LIT("77")), 77);
    assert_int_equal(dict_find(&d, SLICE_LIT("077")), DICT_NONE);
    assert_int_equal(dict_find(&d, SLICE_LIT("500")), DICT_NONE);
    assert_int_equal(dict_add_all(&d, s + 1000, N - 1000, codes + 1000), 0);
    uint32_t n = 0;
    for (uint32_t i = 0; i < N; i++) {
        assert_true(codes[i] <= n);
        if (codes[i] == n)
            first[n++] = i;
        assert_true(slice_equal(s[first[codes[i]]], s[i]));
        assert_true(slice_equal(dict_get(&d, codes[i]), s[i]));
        assert_int_equal(dict_find(&d, s[i]), codes[i]);
    }
    assert_int_equal(d.n, n);
    dict_done(&d);
    free(text);
    free(s);
    free(codes);
}

static void hashes_match_published_values(void **state)
{
    (void)state;
    char hex[65];
    sha256_of("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(hash_fixed("", 0) == UINT64_C(0x2d06800538d394c2)); /* XXH3_64bits of nothing */
    assert_true(hash_pair(1, 2) != hash_pair(2, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_validity_follows_the_unicode_table),
        cmocka_unit_test(runes_survive_a_round_trip),
        cmocka_unit_test(a_cut_gives_every_part),
        cmocka_unit_test(the_nearest_name_is_near),
        cmocka_unit_test(an_arena_stays_below_its_ceiling),
        cmocka_unit_test(arena_memory_is_aligned_and_kept),
        cmocka_unit_test(a_buffer_refuses_to_pass_its_limit),
        cmocka_unit_test(a_dictionary_numbers_strings_as_they_come),
        cmocka_unit_test(a_dictionary_takes_many_as_one_by_one),
        cmocka_unit_test(hashes_match_published_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
