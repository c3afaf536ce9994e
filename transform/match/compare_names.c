/* Names across their columns: given with given, family with family, and where both differ, swapped,
 * among the other's extra names, a learned alias or a listed nickname. */
#include "transform/match/compare.h"

int compare_name_values(struct comparer *c, const struct value_set *v, uint32_t x, uint32_t y)
{
    struct slice a = dict_get(&v->strings, x), b = dict_get(&v->strings, y);
    size_t shorter = a.len < b.len ? a.len : b.len, longer = a.len < b.len ? b.len : a.len;
    if (x == y)
        return NAME_EXACT;
    if (shorter <= 1)
        return shorter && a.ptr[0] == b.ptr[0] ? NAME_INITIAL : NAME_DIFFERS;
    uint64_t mask_a = v->masks[x], mask_b = v->masks[y];
    int most = shorter >= 7 ? 2 : 1;
    if (shorter >= 3 && longer - shorter <= (size_t)most && edit_at_least(mask_a, mask_b) <= most) {
        int edits = edit_osa(&c->scratch, a, b);
        if (edits <= most)
            return NAME_EDIT;
    }
    if (v->key[x] == v->key[y])
        return NAME_SIMILAR;
    if (!edit_winkler_may_reach(a, b, mask_a, mask_b, .80) ||
        edit_winkler_at_most(a, b, mask_a, mask_b) < .80)
        return NAME_DIFFERS;
    double similar = edit_jaro_winkler(&c->scratch, a, b);
    return similar >= .90 ? NAME_SIMILAR : similar >= .80 ? NAME_ALIKE : NAME_DIFFERS;
}

struct name_pair {
    uint32_t given[2], family[2]; /* of a and b; MATCH_MISSING */
};

struct name_levels {
    int given, family;
    uint32_t given_code, family_code; /* shared value where exact */
};

static int is_there(uint32_t code)
{
    return code != MATCH_MISSING;
}

/* Names that are not rare meet again and again. All names are one set. */
static int compare_often(struct comparer *c, const struct value_set *v, uint32_t x, uint32_t y)
{
    if (x == y)
        return NAME_EXACT;
    int set = c->e->given >= 0 ? c->e->given : c->e->family;
    uint64_t key = pair_cache_key(set, x, y);
    int level = pair_cache_find(&c->values, key);
    if (level < 0) {
        level = compare_name_values(c, v, x, y);
        pair_cache_put(&c->values, key, level);
    }
    return level;
}

static int level_or_0(struct comparer *c, const struct value_set *v, uint32_t x, uint32_t y)
{
    return is_there(x) && is_there(y) ? compare_often(c, v, x, y) : 0;
}

static int is_near(int level)
{
    return level && level <= NAME_SIMILAR;
}

static int holds_token(const struct encoded *e, uint32_t record, uint32_t token)
{
    uint32_t only =
        e->extra >= 0 ? e->rows[(size_t)record * ROW + (size_t)e->extra] : MATCH_MISSING;
    if (only != ROW_LIST)
        return only == token && is_there(token);
    const struct comparison *extra = &e->comparisons[e->extra];
    for (uint32_t i = extra->offsets[record]; i < extra->offsets[record + 1]; i++)
        if (extra->codes[i] == token)
            return 1;
    return 0;
}

/* "smith" in "smithjones": one part of a joined family name. */
static int is_part(const struct value_set *v, uint32_t x, uint32_t y)
{
    struct slice a = dict_get(&v->strings, x), b = dict_get(&v->strings, y);
    struct slice brief = a.len < b.len ? a : b, full = a.len < b.len ? b : a;
    return brief.len >= 4 && full.len >= brief.len + 3 &&
           (slice_starts(full, brief) || slice_ends(full, brief));
}

/* One record has a single name: it is compared with both names of the other, the better counts and
 * the other is missing. */
static void compare_single(struct comparer *c, const struct value_set *v, const struct name_pair *p,
                           struct name_levels *ret)
{
    int one = is_there(p->given[0]) && is_there(p->family[0]); /* the side with one name */
    int other = 1 - one, in_given = is_there(p->given[one]);
    uint32_t token = in_given ? p->given[one] : p->family[one];
    int with_given = level_or_0(c, v, token, p->given[other]);
    int with_family = level_or_0(c, v, token, p->family[other]);
    int use_family = !in_given;
    if (is_near(with_family) && (!with_given || with_family < with_given))
        use_family = 1;
    else if (is_near(with_given))
        use_family = 0;
    else if ((use_family ? with_family : with_given) == 0)
        return; /* different slots, not alike: nothing to say */
    ret->given = use_family ? 0 : with_given;
    ret->family = use_family ? with_family : 0;
    ret->given_code = ret->family_code = use_family ? p->family[other] : p->given[other];
}

static void compare_both(struct comparer *c, const struct value_set *v, const struct name_pair *p,
                         struct name_levels *ret)
{
    ret->given = level_or_0(c, v, p->given[0], p->given[1]);
    ret->family = level_or_0(c, v, p->family[0], p->family[1]);
    ret->given_code = p->given[0];
    ret->family_code = p->family[0];
    if (is_near(ret->given) || is_near(ret->family))
        return;
    if (is_near(level_or_0(c, v, p->given[0], p->family[1])) &&
        is_near(level_or_0(c, v, p->family[0], p->given[1]))) {
        ret->given = NAME_SWAPPED;
        ret->family = 0;
    }
}

/* What a pair of unlike names may still be. */
static int refine(const struct comparer *c, int k, const uint32_t codes[2], const uint32_t ranks[2],
                  int level)
{
    const struct encoded *e = c->e;
    const struct value_set *v = e->comparisons[k].values;
    if (!is_there(codes[0]) || !is_there(codes[1]))
        return level;
    if ((level == NAME_ALIKE || level == NAME_DIFFERS) &&
        (holds_token(e, ranks[1], codes[0]) || holds_token(e, ranks[0], codes[1]) ||
         (k == e->family && is_part(v, codes[0], codes[1]))))
        level = NAME_IN_EXTRA;
    if (k == e->given && level != NAME_EXACT && level != NAME_INITIAL && level != NAME_SWAPPED &&
        nickname_sets_meet(&v->nicks[codes[0]], &v->nicks[codes[1]]))
        return NAME_NICK;
    if (c->aliases && (level == NAME_SIMILAR || level == NAME_ALIKE || level == NAME_DIFFERS ||
                       level == NAME_IN_EXTRA)) {
        int alias = alias_find(&c->aliases[k], codes[0], codes[1]);
        if (alias)
            return alias;
    }
    return level;
}

static int compare_extra(struct comparer *c, const struct comparison *f, uint32_t a, uint32_t b)
{
    uint32_t n_a, n_b, same = 0, fuzzy = 0;
    size_t k = (size_t)c->e->extra;
    if (c->e->rows[a * (size_t)ROW + k] == MATCH_MISSING ||
        c->e->rows[b * (size_t)ROW + k] == MATCH_MISSING)
        return 0;
    const uint32_t *list_a = comparison_values(f, a, &n_a), *list_b = comparison_values(f, b, &n_b);
    for (uint32_t i = 0; i < n_a; i++) {
        int best = NAME_DIFFERS;
        for (uint32_t j = 0; j < n_b && best > NAME_EXACT; j++) {
            int level = compare_often(c, f->values, list_a[i], list_b[j]);
            best = level < best ? level : best;
        }
        same += best == NAME_EXACT;
        fuzzy += best > NAME_EXACT && best <= NAME_INITIAL;
    }
    if (same == (n_a < n_b ? n_a : n_b))
        return 1;
    return same ? 2 : fuzzy ? 3 : 4;
}

static uint32_t code_at(const struct encoded *e, int k, uint32_t r)
{
    return k < 0 ? MATCH_MISSING : e->rows[(size_t)r * ROW + (size_t)k];
}

void compare_names(struct comparer *c, uint32_t a, uint32_t b, struct agreement *ret)
{
    const struct encoded *e = c->e;
    const uint32_t ranks[2] = {a, b};
    if (e->given < 0 && e->family < 0)
        return;
    struct name_pair p = {{code_at(e, e->given, a), code_at(e, e->given, b)},
                          {code_at(e, e->family, a), code_at(e, e->family, b)}};
    const struct value_set *v = e->comparisons[e->given >= 0 ? e->given : e->family].values;
    struct name_levels l = {0};
    int names_a = is_there(p.given[0]) + is_there(p.family[0]);
    int names_b = is_there(p.given[1]) + is_there(p.family[1]);
    if (names_a == 2 && names_b == 2)
        compare_both(c, v, &p, &l);
    else if (names_a && names_b)
        compare_single(c, v, &p, &l);
    if (e->given >= 0) {
        if (l.given > NAME_EXACT)
            l.given = refine(c, e->given, p.given, ranks, l.given);
        ret->pattern |= level_bits(l.given, e->given);
        ret->code[e->given] = l.given_code;
    }
    if (e->family >= 0) {
        if (l.family > NAME_EXACT)
            l.family = refine(c, e->family, p.family, ranks, l.family);
        ret->pattern |= level_bits(l.family, e->family);
        ret->code[e->family] = l.family_code;
    }
    if (e->extra >= 0)
        ret->pattern |= level_bits(compare_extra(c, &e->comparisons[e->extra], a, b), e->extra);
}
