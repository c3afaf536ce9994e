#include "schemas/meaning_words.h"

#include "schemas/meaning_vocabulary.h"

enum { MAX_WORDS = 12, MAX_TEXT = 96, LONG_WORD = 6 };

struct words {
    char text[MAX_TEXT]; /* all words, glued */
    int start[MAX_WORDS + 1];
    int n;
};

/* Letters with marks to plain ones; two letters where the language writes two. */
static const struct fold {
    const char *from, *to;
} folds[] = {
    {"àáâãåāăą", "a"},  {"çćčĉ", "c"},     {"ďđð", "d"},      {"èéêëēėęě", "e"}, {"ìíîïīį", "i"},
    {"łľĺ", "l"},       {"ñńňņ", "n"},     {"òóôõøōő", "o"},  {"ŕř", "r"},       {"śšşș", "s"},
    {"ťţț", "t"},       {"ùúûůūűų", "u"},  {"ýÿ", "y"},       {"žźż", "z"},      {"ß", "ss"},
    {"ä", "a"},         {"ö", "o"},        {"ü", "u"},        {"æ", "ae"},       {"œ", "oe"},
    {"ÀÁÂÃÅĀĂĄÄ", "a"}, {"ÇĆČĈ", "c"},     {"ÈÉÊËĒĖĘĚ", "e"}, {"ÌÍÎÏĪĮİ", "i"},  {"ŁĽĹ", "l"},
    {"ÑŃŇŅ", "n"},      {"ÒÓÔÕØŌŐÖ", "o"}, {"ŚŠŞȘ", "s"},     {"ÙÚÛŮŪŰŲÜ", "u"}, {"ŽŹŻ", "z"},
};

static const char *fold_rune(struct slice rune)
{
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
        for (const char *at = folds[i].from; *at;) {
            uint32_t code;
            size_t len = slice_utf8_next(slice_str(at), &code);

            if (slice_equal(slice_of(at, len), rune))
                return folds[i].to;
            at += len;
        }
    return "";
}

enum letter_kind { BREAK, LOWER, UPPER, DIGIT };

static enum letter_kind kind_of(char c)
{
    if (c >= 'a' && c <= 'z')
        return LOWER;
    if (c >= 'A' && c <= 'Z')
        return UPPER;
    if (c >= '0' && c <= '9')
        return DIGIT;
    return (unsigned char)c >= 0x80 ? LOWER : BREAK;
}

/* Does a new word begin at i? At a break, between letters and digits, and in aB and ABc. */
static int begins_word(struct slice s, size_t i, enum letter_kind before)
{
    enum letter_kind now = kind_of(s.ptr[i]);

    if (before == BREAK)
        return 1;
    if ((before == DIGIT) != (now == DIGIT))
        return 1;
    if (before == LOWER && now == UPPER)
        return 1;
    return before == UPPER && now == UPPER && i + 1 < s.len && kind_of(s.ptr[i + 1]) == LOWER;
}

static void cut_words(struct slice name, struct words *w)
{
    size_t len = 0;
    enum letter_kind before = BREAK;

    *w = (struct words){.n = 0};
    for (size_t i = 0; i < name.len && len + 4 < MAX_TEXT;) {
        uint32_t rune;
        size_t size = slice_utf8_next(slice_of(name.ptr + i, name.len - i), &rune);
        enum letter_kind now = kind_of(name.ptr[i]);

        if (now != BREAK && begins_word(name, i, before)) {
            if (w->n == MAX_WORDS)
                break;
            w->start[w->n++] = (int)len;
        }
        if (size > 1)
            for (const char *plain = fold_rune(slice_of(name.ptr + i, size)); *plain; plain++)
                w->text[len++] = *plain;
        else if (now != BREAK)
            w->text[len++] = (char)(now == UPPER ? name.ptr[i] | 32 : name.ptr[i]);
        before = now;
        i += size;
    }
    w->start[w->n] = (int)len;
}

static struct slice span(const struct words *w, int from, int to)
{
    return slice_of(w->text + w->start[from], (size_t)(w->start[to] - w->start[from]));
}

static int next_word(struct slice *list, struct slice *ret)
{
    while (list->len) {
        slice_cut(list, ' ', ret);
        if (ret->len)
            return 1;
    }
    return 0;
}

static int is_among(struct slice word, const char *list)
{
    struct slice rest = slice_str(list), one;

    while (next_word(&rest, &one))
        if (slice_equal(one, word))
            return 1;
    return 0;
}

static int is_digits(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (kind_of(s.ptr[i]) != DIGIT)
            return 0;
    return 1;
}

struct hit {
    const struct vocabulary *of;
    int from, to;
    size_t len;
    int part; /* only the end or the beginning of a word: "kundenvorname" */
};

/* Later words win over earlier ones (the head of an English name is its last word), then longer
 * matches over shorter ones, whole words over parts. */
static int is_better(const struct hit *a, const struct hit *b)
{
    if (!b->of)
        return 1;
    if (a->part != b->part)
        return a->part < b->part;
    if (a->to != b->to && a->from >= b->to)
        return 1;
    if (b->from >= a->to)
        return 0;
    return a->len > b->len;
}

static uint32_t role_of(struct slice word)
{
    for (uint32_t i = 0; address_roles[i]; i++)
        if (slice_equal(word, slice_str(address_roles[i])))
            return i + 1;
    return 0;
}

/* Is there nothing beside the span but what changes nothing? For ids and sources everything changes
 * something: "requester id". */
static int stands_alone(const struct words *w, int sense, int from, int to)
{
    int strict = sense == MEANING_KEY || sense == MEANING_SOURCE;

    for (int i = 0; i < w->n; i++) {
        struct slice word = span(w, i, i + 1);

        if (i >= from && i < to)
            continue;
        if (strict || (!is_digits(word) && !role_of(word) && !is_among(word, neutral_words)))
            return 0;
    }
    return 1;
}

static void try_span(const struct words *w, const struct vocabulary *v, struct slice word, int i,
                     int j, struct hit *best)
{
    struct slice text = span(w, i, j);
    int whole = word.ptr[0] == '=';
    struct hit hit = {.of = v, .from = i, .to = j};

    if (whole)
        word = slice_of(word.ptr + 1, word.len - 1);
    hit.len = word.len;
    if (slice_equal(text, word) && (!whole || stands_alone(w, v->sense, i, j))) {
        if (is_better(&hit, best))
            *best = hit;
    } else if (!whole && j == i + 1 && word.len >= LONG_WORD && text.len > word.len &&
               (slice_ends(text, word) || slice_starts(text, word))) {
        hit.part = 1;
        if (is_better(&hit, best))
            *best = hit;
    }
}

static void find_hit(const struct words *w, struct hit *best)
{
    for (int v = 0; vocabularies[v].words; v++) {
        struct slice rest = slice_str(vocabularies[v].words), word;

        while (next_word(&rest, &word))
            for (int i = 0; i < w->n; i++)
                for (int j = i + 1; j <= w->n; j++)
                    try_span(w, &vocabularies[v], word, i, j, best);
    }
}

static int is_generic(struct slice word, int generics)
{
    static const struct {
        int flag;
        const char *words;
    } kinds[] = {
        {WITH_NUMBER, "number no nr num nummer numero nbr nb"},
        {WITH_ID, "id identifier ident"},
        {WITH_CODE, "code cd iso"},
        {WITH_DATE, "date datum dt"},
        {WITH_NAME, "name names nm nom"},
        {WITH_ADDRESS, "address addr adresse adr"},
        {WITH_LINE, "line address addr ln"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((generics & kinds[i].flag) && is_among(word, kinds[i].words))
            return 1;
    return 0;
}

static int is_address(int sense)
{
    return sense == SENSE_LINE || sense == SENSE_REGION ||
           (sense >= MEANING_ADDRESS && sense <= MEANING_COUNTRY);
}

/* Of a word that only ends or begins in a hit: is the rest one that leads away? "parentcustomerid"
 */
static int is_aside_part(struct slice word, size_t len)
{
    size_t rest = word.len - len;

    return is_among(slice_of(word.ptr, rest), aside_words) ||
           is_among(slice_of(word.ptr + len, rest), aside_words);
}

/* What the words beside the hit do to it. */
static void weigh_rest(const struct words *w, const struct hit *hit, struct name_sense *ret)
{
    for (int i = 0; i < w->n; i++) {
        struct slice word = span(w, i, i + 1);
        uint32_t role = is_address(hit->of->sense) ? role_of(word) : 0;

        if (i >= hit->from && i < hit->to) {
            if (hit->part && is_aside_part(word, hit->len))
                ret->sense = SENSE_ASIDE;
            continue;
        }
        if (role)
            ret->role = role;
        if (role || is_digits(word) || is_generic(word, hit->of->generics))
            continue;
        if (is_address(hit->of->sense) && is_among(word, not_address_words))
            ret->sense = SENSE_ASIDE;
        else if (is_address(hit->of->sense) && is_generic(word, WITH_ADDRESS))
            continue;
        else if (is_among(word, aside_words) || is_generic(word, ~0))
            ret->sense = SENSE_ASIDE;
        else if (!is_among(word, neutral_words))
            ret->strength = 2;
    }
}

/* "c1", "column_3", "f12", "unnamed: 0", "var2", "4" */
static int is_nameless(const struct words *w)
{
    static const char stems[] = "c col column f field v var unnamed feld spalte champ colonne x";

    if (w->n == 0)
        return 1;
    if (w->n == 1)
        return is_digits(span(w, 0, 1));
    return w->n == 2 && is_digits(span(w, 1, 2)) && is_among(span(w, 0, 1), stems);
}

/* "account_id", "orderNo": the id of something. */
static int ends_in_id(const struct words *w)
{
    struct slice last;

    if (w->n < 2)
        return 0;
    last = span(w, w->n - 1, w->n);
    return is_among(last, "id ids key no nr num number nummer uid guid uuid ref reference pk fk");
}

static int has_aside(const struct words *w)
{
    for (int i = 0; i < w->n; i++)
        if (is_among(span(w, i, i + 1), aside_words))
            return 1;
    return 0;
}

void meaning_read_name(struct slice name, struct name_sense *ret)
{
    struct words w;
    struct hit hit = {.of = NULL};

    *ret = (struct name_sense){.sense = MEANING_UNKNOWN};
    cut_words(name, &w);
    ret->nameless = is_nameless(&w);
    if (ret->nameless)
        return;
    find_hit(&w, &hit);
    if (hit.of) {
        ret->sense = hit.of->sense;
        ret->strength = hit.part ? 2 : 3;
        weigh_rest(&w, &hit, ret);
    }
    if ((!hit.of || ret->sense == SENSE_ASIDE) && ends_in_id(&w)) {
        ret->sense = SENSE_OTHER_ID;
        ret->strength = 2;
    } else if (!hit.of && has_aside(&w)) {
        ret->sense = SENSE_ASIDE;
    }
    if (ret->sense == SENSE_ASIDE)
        ret->strength = 0;
}
