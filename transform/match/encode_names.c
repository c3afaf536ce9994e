/* Names: given = first token of the given name; family = its tokens joined; extra = every other
 * token of given, middle and full names; suffix = junior, senior, third. A full name alone is read
 * as first, rest, last. */
#include <stdlib.h>

#include "transform/match/encode_parts.h"
#include "transform/match/phonetic.h"

enum { TOKENS_MAX = 24, NAME_COLUMNS_MAX = 12 };

/* What one distinct value of a name column consists of. */
struct name_value {
    uint32_t from;     /* into the tokens */
    uint8_t n, suffix; /* tokens; 0 none, 1 junior, 2 senior, 3 third, 4 fourth */
    uint8_t comma;     /* tokens before the first comma, 0 none */
};

struct name_column {
    const struct match_column *column;
    struct name_value *values;
    struct buffer tokens; /* uint32_t codes */
    uint32_t *joined;     /* per value: its tokens written as one */
    int family_first;     /* most values are "FAMILY, GIVEN" */
};

struct name_reader {
    struct encoded *e;
    struct value_set *set;
    struct folder folder;
    struct name_column columns[NAME_COLUMNS_MAX];
    int n_columns;
    uint32_t *given, *family, *offsets;
    uint8_t *suffix;
    struct buffer extra;
};

/* One record's name while it is put together. */
struct name_draft {
    uint32_t given, family;
    uint8_t suffix;
    uint32_t n_extra, extra[TOKENS_MAX];
    uint32_t n_family, family_tokens[TOKENS_MAX]; /* never extra */
};

static int suffix_of(struct slice word)
{
    static const struct {
        const char *word;
        int suffix;
    } table[] = {{"jr", 1},  {"jnr", 1},    {"junior", 1}, {"ii", 1}, {"sr", 2},
                 {"snr", 2}, {"senior", 2}, {"iii", 3},    {"iv", 4}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (slice_equal(word, slice_str(table[i].word)))
            return table[i].suffix;
    return 0;
}

/* Of a rank or family, not of a person: "1st", "14th". */
static int is_ordinal(struct slice word)
{
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    size_t digits = 0;
    while (digits < word.len && fold_is_digit(word.ptr[digits]))
        digits++;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (digits && word.len == digits + 2 && slice_ends(word, slice_str(ends[i])))
            return 1;
    return 0;
}

/* Titles that are hardly ever names; Earl, Baron, Duke, King and Dean are both. */
static int is_title(struct slice word)
{
    static const char *const titles[] = {
        "mr",       "mrs",      "ms",          "miss",     "mx",       "dr",  "prof", "rev",
        "revd",     "sir",      "lady",        "lord",     "dame",     "bt",  "bart", "baronet",
        "baroness", "viscount", "viscountess", "countess", "marquess", "hon", "esq",  "the"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (slice_equal(word, slice_str(titles[i])))
            return 1;
    return is_ordinal(word);
}

/* Words that belong to the family name after them. */
static int is_particle(struct slice word)
{
    static const char *const particles[] = {"van", "von", "der", "den", "de",  "di",  "da",  "del",
                                            "dos", "du",  "la",  "le",  "ter", "ten", "bin", "al"};
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
        if (slice_equal(word, slice_str(particles[i])))
            return 1;
    return 0;
}

static int add_token(struct name_reader *r, struct name_column *c, struct name_value *v,
                     struct slice word)
{
    if (v->n == TOKENS_MAX)
        return 0;
    if (word.len > EDIT_WORD_MAX)
        word.len = EDIT_WORD_MAX;
    int64_t code = dict_add(&r->set->strings, word);
    uint32_t token = (uint32_t)code;
    if (code < 0 || buffer_append(&c->tokens, &token, sizeof token) < 0)
        return ERR_MEMORY;
    v->n++;
    return 0;
}

/* "Sr" and "Jr" are no names even alone; Senior and Ii are. */
static int is_suffix_only(struct slice word)
{
    return suffix_of(word) && word.len <= 3 && word.ptr[0] != 'i';
}

/* Tokens of one side of the comma. Titles say nothing of who it is, even alone. */
static int read_words(struct name_reader *r, struct name_column *c, struct name_value *v,
                      struct slice raw)
{
    struct slice rest, word;
    TRY(fold_words(&r->folder, raw, &rest));
    while (fold_next_word(&rest, &word)) {
        int suffix = suffix_of(word);
        if (suffix && (v->n || c->column->meaning == MEANING_SUFFIX || is_suffix_only(word)))
            v->suffix = (uint8_t)suffix;
        else if (!is_title(word))
            TRY(add_token(r, c, v, word));
    }
    return 0;
}

static int read_value(struct name_reader *r, struct name_column *c, uint32_t code)
{
    struct name_value *v = &c->values[code];
    struct slice raw = dict_get(&c->column->values, code), part;
    *v = (struct name_value){.from = (uint32_t)(c->tokens.len / sizeof(uint32_t))};
    while (slice_cut(&raw, ',', &part)) {
        TRY(read_words(r, c, v, part));
        if (raw.ptr && !v->comma)
            v->comma = v->n;
        if (raw.len == 0)
            break;
    }
    if (v->comma == v->n)
        v->comma = 0;
    return 0;
}

static const uint32_t *tokens_of(const struct name_column *c, uint32_t code)
{
    return (const uint32_t *)(const void *)c->tokens.data + c->values[code].from;
}

/* The code of tokens[0..n) written as one word. */
static int64_t join_tokens(struct value_set *set, const uint32_t *tokens, uint32_t n)
{
    char text[EDIT_WORD_MAX];
    size_t len = 0;
    if (n == 1)
        return tokens[0];
    for (uint32_t i = 0; i < n; i++) {
        struct slice s = dict_get(&set->strings, tokens[i]);
        size_t take = s.len < sizeof text - len ? s.len : sizeof text - len;
        memcpy(text + len, s.ptr, take);
        len += take;
    }
    return dict_add(&set->strings, slice_of(text, len));
}

static int read_column(struct name_reader *r, const struct match_column *column)
{
    struct name_column *c = &r->columns[r->n_columns++];
    uint32_t n = column->values.n;
    uint64_t commas = 0;
    *c = (struct name_column){.column = column};
    c->values = malloc(((size_t)n + 1) * sizeof *c->values);
    c->joined = malloc(((size_t)n + 1) * sizeof *c->joined);
    if (!c->values || !c->joined)
        return ERR_MEMORY;
    for (uint32_t v = 0; v < n; v++) {
        TRY(read_value(r, c, v));
        commas += c->values[v].comma > 0;
        c->joined[v] = MATCH_MISSING;
        if (column->meaning == MEANING_FAMILY_NAME && c->values[v].n) {
            int64_t code = join_tokens(r->set, tokens_of(c, v), c->values[v].n);
            if (code < 0)
                return ERR_MEMORY;
            c->joined[v] = (uint32_t)code;
        }
    }
    c->family_first = commas * 2 > n;
    return 0;
}

static int holds(const uint32_t *list, uint32_t n, uint32_t token)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == token)
            return 1;
    return 0;
}

static void add_extra(struct name_draft *d, uint32_t token)
{
    if (token != d->given && token != d->family && !holds(d->extra, d->n_extra, token) &&
        !holds(d->family_tokens, d->n_family, token) && d->n_extra < TOKENS_MAX)
        d->extra[d->n_extra++] = token;
}

static const struct name_value *value_at(const struct name_column *c, uint32_t i,
                                         const uint32_t **ret_tokens, uint32_t *ret_code)
{
    uint32_t n;
    const uint32_t *codes;
    *ret_code = column_code(c->column, i, &n, &codes);
    if (*ret_code == MATCH_MISSING || c->values[*ret_code].n == 0)
        return NULL;
    *ret_tokens = tokens_of(c, *ret_code);
    return &c->values[*ret_code];
}

static void take_family(struct name_draft *d, const struct name_value *v, const uint32_t *tokens,
                        uint32_t joined)
{
    if (d->family != MATCH_MISSING) {
        add_extra(d, joined);
        return;
    }
    d->family = joined;
    for (uint32_t k = 0; k < v->n && d->n_family < TOKENS_MAX; k++)
        d->family_tokens[d->n_family++] = tokens[k];
}

static void take_given(struct name_draft *d, const struct name_value *v, const uint32_t *tokens)
{
    for (uint32_t k = 0; k < v->n; k++)
        if (d->given == MATCH_MISSING)
            d->given = tokens[k];
        else
            add_extra(d, tokens[k]);
}

/* first .. last: the family name starts at the last token or the particles in front of it. */
static int take_whole(struct name_reader *r, struct name_draft *d, const struct name_column *c,
                      const struct name_value *v, const uint32_t *tokens)
{
    uint32_t n = v->n, family = n - 1, given = 0;
    if (n == 1) {
        d->given = tokens[0];
        return 0;
    }
    if (v->comma && (c->family_first || (v->comma == 1 && v->n <= 4))) {
        family = 0;
        given = v->comma;
        n = v->comma;
    } else {
        while (family > 1 && is_particle(dict_get(&r->set->strings, tokens[family - 1])))
            family--;
    }
    int64_t joined = join_tokens(r->set, tokens + family, n - family);
    if (joined < 0)
        return ERR_MEMORY;
    d->given = tokens[given];
    d->family = (uint32_t)joined;
    for (uint32_t k = family; k < n && d->n_family < TOKENS_MAX; k++)
        d->family_tokens[d->n_family++] = tokens[k];
    return 0;
}

/* A full name fills what its own columns left out, and gives the rest as extra tokens. */
static int take_full(struct name_reader *r, struct name_draft *d, const struct name_column *c,
                     const struct name_value *v, const uint32_t *tokens)
{
    if (d->given == MATCH_MISSING && d->family == MATCH_MISSING)
        TRY(take_whole(r, d, c, v, tokens));
    else if (d->family == MATCH_MISSING && v->n > 1 && tokens[v->n - 1] != d->given)
        d->family = tokens[v->n - 1];
    else if (d->given == MATCH_MISSING && v->n > 1 && tokens[0] != d->family)
        d->given = tokens[0];
    for (uint32_t k = 0; k < v->n; k++)
        add_extra(d, tokens[k]);
    return 0;
}

static int take_columns(struct name_reader *r, struct name_draft *d, enum meaning meaning,
                        uint32_t i)
{
    for (int k = 0; k < r->n_columns; k++) {
        const struct name_column *c = &r->columns[k];
        const uint32_t *tokens;
        uint32_t code;
        if (c->column->meaning != meaning)
            continue;
        const struct name_value *v = value_at(c, i, &tokens, &code);
        uint32_t raw_code = code;
        if (raw_code != MATCH_MISSING && c->values[raw_code].suffix)
            d->suffix = c->values[raw_code].suffix;
        if (!v)
            continue;
        if (meaning == MEANING_FAMILY_NAME)
            take_family(d, v, tokens, c->joined[code]);
        else if (meaning == MEANING_GIVEN_NAME)
            take_given(d, v, tokens);
        else if (meaning == MEANING_FULL_NAME)
            TRY(take_full(r, d, c, v, tokens));
        else
            for (uint32_t j = 0; j < v->n; j++)
                add_extra(d, tokens[j]);
    }
    return 0;
}

static int read_record(struct name_reader *r, uint32_t rank)
{
    static const enum meaning in_turn[] = {MEANING_FAMILY_NAME, MEANING_GIVEN_NAME,
                                           MEANING_FULL_NAME, MEANING_MIDDLE_NAME, MEANING_SUFFIX};
    struct name_draft d = {.given = MATCH_MISSING, .family = MATCH_MISSING};
    for (size_t k = 0; k < sizeof in_turn / sizeof *in_turn; k++)
        TRY(take_columns(r, &d, in_turn[k], r->e->record[rank]));
    r->given[rank] = d.given;
    r->family[rank] = d.family;
    r->suffix[rank] = d.suffix;
    r->offsets[rank] = (uint32_t)(r->extra.len / sizeof(uint32_t));
    uint32_t kept = d.n_extra < EXTRA_MAX ? d.n_extra : EXTRA_MAX;
    return buffer_append(&r->extra, d.extra, kept * sizeof *d.extra);
}

/* Skeletons and nicknames of every name token. */
static int describe_tokens(struct value_set *set)
{
    struct dict skeletons;
    uint32_t n = set->strings.n;
    if (dict_init(&skeletons) < 0)
        return ERR_MEMORY;
    set->key = malloc(((size_t)n + 1) * sizeof *set->key);
    set->nicks = malloc(((size_t)n + 1) * sizeof *set->nicks);
    int code = set->key && set->nicks ? 0 : ERR_MEMORY;
    for (uint32_t v = 0; v < n && code == 0; v++) {
        char text[PHONETIC_MAX];
        struct slice s = dict_get(&set->strings, v);
        int64_t number = dict_add(&skeletons, slice_of(text, phonetic_skeleton(s, text)));
        if (number < 0)
            code = ERR_MEMORY;
        set->key[v] = (uint32_t)number;
        nickname_set_of(s, &set->nicks[v]);
    }
    dict_done(&skeletons);
    return code;
}

static const struct match_column *column_for(const struct name_reader *r, enum meaning meaning)
{
    for (int k = 0; k < r->n_columns; k++)
        if (r->columns[k].column->meaning == meaning)
            return r->columns[k].column;
    return r->columns[0].column;
}

static int name_codes(struct name_reader *r, enum compare_kind kind, struct comparison *c)
{
    size_t bytes = (size_t)r->e->n * sizeof(uint32_t);
    if (kind == COMPARE_EXTRA) {
        c->offsets = r->offsets;
        c->codes = buffer_take(&r->extra);
        r->offsets = NULL;
        return c->codes ? 0 : ERR_MEMORY;
    }
    c->codes = malloc(bytes + 1);
    if (!c->codes)
        return ERR_MEMORY;
    if (kind == COMPARE_SUFFIX)
        for (uint32_t i = 0; i < r->e->n; i++)
            c->codes[i] = r->suffix[i] ? r->suffix[i] : MATCH_MISSING;
    else
        memcpy(c->codes, kind == COMPARE_GIVEN ? r->given : r->family, bytes);
    return 0;
}

static int add_names(struct name_reader *r, struct error *err)
{
    static const struct {
        enum compare_kind kind;
        enum meaning meaning;
    } parts[] = {{COMPARE_GIVEN, MEANING_GIVEN_NAME},
                 {COMPARE_FAMILY, MEANING_FAMILY_NAME},
                 {COMPARE_EXTRA, MEANING_MIDDLE_NAME},
                 {COMPARE_SUFFIX, MEANING_SUFFIX}};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        struct value_set *set = parts[k].kind == COMPARE_SUFFIX ? NULL : r->set;
        struct comparison *c =
            encode_add(r->e, parts[k].kind, column_for(r, parts[k].meaning), set);
        if (!c)
            return 0;
        c->meaning = parts[k].meaning;
        if (name_codes(r, parts[k].kind, c) < 0)
            return error_memory(err);
        int at = r->e->n_comparisons - 1, kept = encode_finish(r->e, c, err);
        if (kept < 0)
            return kept;
        if (!kept)
            continue;
        if (parts[k].kind == COMPARE_GIVEN)
            r->e->given = at;
        else if (parts[k].kind == COMPARE_FAMILY)
            r->e->family = at;
        else if (parts[k].kind == COMPARE_EXTRA)
            r->e->extra = at;
    }
    return 0;
}

static void reader_done(struct name_reader *r)
{
    for (int k = 0; k < r->n_columns; k++) {
        free(r->columns[k].values);
        free(r->columns[k].joined);
        buffer_done(&r->columns[k].tokens);
    }
    free(r->given);
    free(r->family);
    free(r->offsets);
    free(r->suffix);
    buffer_done(&r->extra);
    folder_done(&r->folder);
}

static int is_name(enum meaning m)
{
    return m == MEANING_GIVEN_NAME || m == MEANING_MIDDLE_NAME || m == MEANING_FAMILY_NAME ||
           m == MEANING_FULL_NAME || m == MEANING_SUFFIX;
}

static int read_all(struct name_reader *r, const struct match_table *t)
{
    size_t n = (size_t)r->e->n + 1;
    for (int k = 0; k < t->n_columns && r->n_columns < NAME_COLUMNS_MAX; k++)
        if (is_name(t->columns[k].meaning))
            TRY(read_column(r, &t->columns[k]));
    r->given = malloc(n * sizeof *r->given);
    r->family = malloc(n * sizeof *r->family);
    r->offsets = malloc(n * sizeof *r->offsets);
    r->suffix = malloc(n);
    if (!r->given || !r->family || !r->offsets || !r->suffix)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < r->e->n; i++)
        TRY(read_record(r, i));
    r->offsets[r->e->n] = (uint32_t)(r->extra.len / sizeof(uint32_t));
    return buffer_reserve(&r->extra, 4);
}

int encode_names(const struct match_table *t, struct encoded *e, struct error *err)
{
    int any = 0;
    for (int k = 0; k < t->n_columns; k++)
        any |= is_name(t->columns[k].meaning);
    if (!any)
        return 0;
    struct name_reader *r = calloc(1, sizeof *r);
    struct value_set *set = r ? encode_add_set(e) : NULL;
    if (!set) {
        free(r);
        return error_memory(err);
    }
    r->e = e;
    r->set = set;
    folder_init(&r->folder);
    int code = read_all(r, t);
    if (code == 0)
        code = describe_tokens(set);
    code = code < 0 ? error_memory(err) : add_names(r, err);
    reader_done(r);
    free(r);
    return code;
}
