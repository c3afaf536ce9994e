#include "transform/match/address.h"

#include <stdlib.h>

#include "transform/match/fold.h"

/* "12", "12a", "12-14", "12/3": starts with a digit and holds at most one letter. */
static int is_number(struct slice word)
{
    size_t letters = 0;
    if (word.len == 0 || word.len > 8 || !fold_is_digit(word.ptr[0]))
        return 0;
    for (size_t i = 0; i < word.len; i++) {
        char c = (char)(word.ptr[i] | 0x20);
        letters += c >= 'a' && c <= 'z';
    }
    return letters <= 1;
}

static struct slice last_word(struct slice part)
{
    size_t at = part.len;
    while (at > 0 && part.ptr[at - 1] != ' ')
        at--;
    return slice_of(part.ptr + at, part.len - at);
}

/* A number in front of, or behind, at least one more word of the part. */
static int number_of(struct slice part, struct slice *ret_number, struct slice *ret_rest)
{
    struct slice rest = part, first, last = last_word(part);
    if (!fold_next_word(&rest, &first) || last.len == part.len)
        return 0;
    if (is_number(first)) {
        *ret_number = first;
        *ret_rest = slice_trim(rest);
        return 1;
    }
    if (!is_number(last))
        return 0;
    *ret_number = last;
    *ret_rest = slice_trim(slice_of(part.ptr, part.len - last.len));
    return 2;
}

static int add_part(struct buffer *street, struct slice part)
{
    if (street->len && part.len)
        TRY(buffer_putc(street, ' '));
    return buffer_slice(street, part);
}

/* Best is a part with its number in front; "flat 3" has its number behind. */
static int number_place(struct slice line)
{
    struct slice rest = line, part, number, street;
    int place = 0, behind = -1;
    for (; slice_cut(&rest, ',', &part); place++) {
        int found = number_of(slice_trim(part), &number, &street);
        if (found == 1)
            return place;
        if (found == 2)
            behind = place;
        if (rest.len == 0)
            break;
    }
    return behind;
}

int address_split(struct slice line, struct slice *ret_number, struct buffer *street)
{
    struct slice rest = line, part, left;
    int place = number_place(line), found = 0;
    buffer_reset(street);
    for (int at = 0; slice_cut(&rest, ',', &part); at++) {
        part = slice_trim(part);
        if (at == place && number_of(part, ret_number, &left)) {
            part = left;
            found = 1;
        }
        TRY(add_part(street, part));
        if (rest.len == 0)
            break;
    }
    return found;
}

static int split_values(const struct match_column *column, struct split_street *s,
                        uint32_t *numbers, uint32_t *streets)
{
    struct buffer street = {0};
    uint32_t with_number = 0;
    int code = 0;
    for (uint32_t v = 0; v < column->values.n && code == 0; v++) {
        struct slice number;
        int found = address_split(dict_get(&column->values, v), &number, &street);
        int64_t x = found > 0 ? dict_add(&s->number.values, number) : MATCH_MISSING;
        int64_t y = street.len ? dict_add(&s->street.values, buffer_view(&street)) : MATCH_MISSING;
        if (found < 0 || x < 0 || y < 0)
            code = ERR_MEMORY;
        numbers[v] = (uint32_t)x;
        streets[v] = (uint32_t)y;
        with_number += found > 0;
    }
    s->filled = (uint64_t)with_number * 10 >= (uint64_t)column->values.n * 3 && with_number;
    buffer_done(&street);
    return code;
}

int split_street_init(struct split_street *s, const struct match_column *column, uint32_t n)
{
    *s = (struct split_street){0};
    if (column->offsets)
        return 0;
    s->number = s->street = (struct match_column){.name = column->name};
    s->number.meaning = MEANING_HOUSE_NUMBER;
    s->street.meaning = MEANING_STREET;
    uint32_t *map = malloc(((size_t)column->values.n + 1) * 2 * sizeof *map);
    s->number.codes = malloc(((size_t)n + 1) * sizeof *map);
    s->street.codes = malloc(((size_t)n + 1) * sizeof *map);
    int code = dict_init(&s->number.values) | dict_init(&s->street.values);
    if (!map || !s->number.codes || !s->street.codes)
        code = ERR_MEMORY;
    uint32_t *streets = code == 0 ? map + column->values.n : NULL;
    if (code == 0)
        code = split_values(column, s, map, streets);
    for (uint32_t i = 0; i < n && code == 0; i++) {
        uint32_t v = column->codes[i];
        s->number.codes[i] = v == MATCH_MISSING ? v : map[v];
        s->street.codes[i] = v == MATCH_MISSING ? v : streets[v];
    }
    free(map);
    if (code < 0)
        split_street_done(s);
    return code;
}

void split_street_done(struct split_street *s)
{
    if (s->number.values.slots)
        dict_done(&s->number.values);
    if (s->street.values.slots)
        dict_done(&s->street.values);
    free(s->number.codes);
    free(s->street.codes);
    *s = (struct split_street){0};
}
