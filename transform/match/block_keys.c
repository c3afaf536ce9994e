#include "transform/match/block_keys.h"

#include <stdlib.h>

#include "core/hash.h"
#include "transform/match/phonetic.h"

/* How values of a meaning are brought to their normal form. */
static enum compare_kind kind_of(enum meaning m)
{
    switch (m) {
    case MEANING_BIRTH_DATE:
        return COMPARE_DATE;
    case MEANING_EMAIL:
        return COMPARE_EMAIL;
    case MEANING_PHONE:
        return COMPARE_PHONE;
    case MEANING_ID:
        return COMPARE_ID;
    case MEANING_POSTCODE:
        return COMPARE_POSTCODE;
    case MEANING_HOUSE_NUMBER:
        return COMPARE_NUMBER;
    case MEANING_STREET:
    case MEANING_ADDRESS:
    case MEANING_ADDRESS_2:
    case MEANING_ORGANISATION:
    case MEANING_TEXT:
        return COMPARE_TEXT;
    default:
        return COMPARE_PLACE;
    }
}

void key_reader_init(struct key_reader *r, const struct match_column *column)
{
    struct date_votes votes = {0, 0};
    folder_init(&r->folder);
    r->column = column;
    r->kind = kind_of(column->meaning);
    for (uint32_t v = 0; v < column->values.n; v++)
        birth_vote(&votes, dict_get(&column->values, v));
    r->dates = birth_order_of(&votes);
}

void key_reader_done(struct key_reader *r)
{
    folder_done(&r->folder);
}

static int one(struct slice s, struct slice *ret)
{
    ret[0] = s;
    return s.len > 0;
}

/* Bytes of the first n characters. */
static size_t characters(struct slice s, int n)
{
    size_t at = 0;
    uint32_t rune;
    for (; n > 0 && at < s.len; n--)
        at += slice_utf8_next(slice_of(s.ptr + at, s.len - at), &rune);
    return at;
}

static struct slice last_characters(struct slice s, int n)
{
    size_t at = s.len;
    for (; n > 0 && at > 0; n--)
        do
            at--;
        while (at > 0 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80);
    return slice_of(s.ptr + at, s.len - at);
}

/* American Soundex: letters of one sound in a row count once, also across h and w. */
static int soundex(struct slice s, char out[4])
{
    static const char codes[] = "01230120022455012623010202"; /* a .. z */
    size_t n = 0;
    char last = '0';
    for (size_t i = 0; i < s.len && n < 4; i++) {
        char c = s.ptr[i];
        if (c < 'a' || c > 'z')
            continue;
        char code = codes[c - 'a'];
        if (n == 0)
            out[n++] = c;
        else if (code != '0' && code != last)
            out[n++] = code;
        if (c != 'h' && c != 'w')
            last = code;
    }
    for (size_t i = n; n && i < 4; i++)
        out[i] = '0';
    return n > 0;
}

static int date_part(struct key_reader *r, enum block_function f, struct slice raw,
                     struct slice *ret)
{
    uint64_t date = birth_parse(raw, r->dates);
    if (!date)
        return 0;
    birth_digits(date, r->written);
    if (f == BLOCK_YEAR)
        return one(slice_of(r->written, 4), ret);
    return one(slice_of(r->written + (f == BLOCK_MONTH ? 4 : 6), 2), ret);
}

static int words(struct slice s, struct slice ret[KEY_TEXTS_MAX])
{
    int n = 0;
    struct slice word;
    while (n < KEY_TEXTS_MAX && fold_next_word(&s, &word))
        if (word.len)
            ret[n++] = word;
    return n;
}

static int email_part(enum block_function f, struct slice s, struct slice *ret)
{
    const char *at = s.len ? memrchr(s.ptr, '@', s.len) : NULL;
    if (!at)
        return 0;
    if (f == BLOCK_USER)
        return one(slice_of(s.ptr, (size_t)(at - s.ptr)), ret);
    return one(slice_of(at + 1, s.len - (size_t)(at + 1 - s.ptr)), ret);
}

/* The normal form in r->text; empty when there is nothing in the value. */
static int normal_form(struct key_reader *r, struct slice raw, struct slice *ret)
{
    int64_t len = 0;
    if (r->kind == COMPARE_DATE) {
        uint64_t date = birth_parse(raw, r->dates);
        if (date) {
            birth_digits(date, r->text);
            len = 8;
        }
    } else {
        len = normalise(&r->folder, r->kind, r->column->meaning, raw, r->text);
    }
    *ret = slice_of(r->text, len > 0 ? (size_t)len : 0);
    return len < 0 ? ERR_MEMORY : 0;
}

int key_texts(struct key_reader *r, const struct block_key *key, struct slice raw,
              struct slice ret[KEY_TEXTS_MAX])
{
    struct slice s, first;
    if (key->function == BLOCK_EXACT)
        return one(raw, ret);
    if (key->function >= BLOCK_YEAR && key->function <= BLOCK_DAY)
        return date_part(r, key->function, raw, ret);
    TRY(normal_form(r, raw, &s));
    if (s.len == 0)
        return 0;
    switch (key->function) {
    case BLOCK_PREFIX:
        return one(slice_of(s.ptr, characters(s, key->length)), ret);
    case BLOCK_SUFFIX:
        return one(last_characters(s, key->length), ret);
    case BLOCK_TOKENS:
        TRY(fold_words(&r->folder, raw, &s));
        return words(s, ret);
    case BLOCK_DIGITS:
        return one(slice_of(r->written, fold_digits(raw, r->written, sizeof r->written)), ret);
    case BLOCK_LOWER:
        TRY(fold_text(&r->folder, raw, &s));
        return one(slice_trim(s), ret);
    case BLOCK_USER:
    case BLOCK_DOMAIN:
        return email_part(key->function, s, ret);
    case BLOCK_SOUNDEX:
        return fold_next_word(&s, &first) && soundex(first, r->written)
                   ? one(slice_of(r->written, 4), ret)
                   : 0;
    case BLOCK_PHONETIC:
        return one(slice_of(r->written, phonetic_skeleton(s, r->written)), ret);
    default:
        return one(s, ret);
    }
}

static int add_value(struct key_reader *r, const struct block_key *key, struct slice raw,
                     struct buffer *hashes)
{
    struct slice texts[KEY_TEXTS_MAX];
    int n = key_texts(r, key, raw, texts);
    for (int i = 0; i < n; i++) {
        uint64_t h = hash_fixed(texts[i].ptr, texts[i].len);
        TRY(buffer_append(hashes, &h, sizeof h));
    }
    return n < 0 ? n : 0;
}

int key_values_init(struct key_values *k, const struct block_key *key,
                    const struct match_column *column, const uint8_t *silent)
{
    struct key_reader *r = malloc(sizeof *r);
    struct buffer hashes = {0};
    uint32_t n = column->values.n;
    *k = (struct key_values){.column = column, .from = malloc(((size_t)n + 1) * sizeof *k->from)};
    int code = r && k->from ? buffer_reserve(&hashes, sizeof *k->hash) : ERR_MEMORY;
    if (code == 0) {
        key_reader_init(r, column);
        for (uint32_t v = 0; v < n && code == 0; v++) {
            k->from[v] = (uint32_t)(hashes.len / sizeof *k->hash);
            if (!silent || !silent[v])
                code = add_value(r, key, dict_get(&column->values, v), &hashes);
        }
        k->from[n] = (uint32_t)(hashes.len / sizeof *k->hash);
        key_reader_done(r);
    }
    free(r);
    k->hash = buffer_take(&hashes);
    if (code < 0)
        key_values_done(k);
    return code;
}

void key_values_done(struct key_values *k)
{
    free(k->from);
    free(k->hash);
    *k = (struct key_values){0};
}
