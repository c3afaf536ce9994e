#include "transform/map/name.h"

#include "schemas/nicknames.h"
#include "transform/map/junk.h"
#include "transform/map/name_case.h"
#include "transform/map/name_words.h"
#include "transform/map/text.h"

enum { NAME_WORDS = 24, NICKNAME = 32 };

static struct slice first_word(struct slice s)
{
    const char *space = s.len ? memchr(s.ptr, ' ', s.len) : NULL;
    return space ? slice_of(s.ptr, (size_t)(space - s.ptr)) : s;
}

static struct slice last_word(struct slice s)
{
    size_t from = s.len;
    while (from > 0 && s.ptr[from - 1] != ' ')
        from--;
    return slice_of(s.ptr + from, s.len - from);
}

static struct slice trim_marks(struct slice s)
{
    while (s.len && (s.ptr[0] == ',' || s.ptr[0] == ' '))
        s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && (s.ptr[s.len - 1] == ',' || s.ptr[s.len - 1] == ' '))
        s.len--;
    return s;
}

static struct slice behind(struct slice s, struct slice word)
{
    return trim_marks(slice_of(s.ptr + word.len, s.len - word.len));
}

static struct slice before(struct slice s, struct slice word)
{
    return trim_marks(slice_of(s.ptr, s.len - word.len));
}

static struct slice or_none(struct slice s)
{
    return s.len ? s : (struct slice){0};
}

/* "a" + " " + "b"; either may be missing. */
static int joined(struct slice a, struct slice b, struct arena *arena, struct slice *ret)
{
    if (!a.len || !b.len) {
        *ret = a.len ? a : or_none(b);
        return 0;
    }
    char *out = arena_alloc(arena, a.len + b.len + 1);
    if (!out)
        return ERR_MEMORY;
    memcpy(out, a.ptr, a.len);
    out[a.len] = ' ';
    memcpy(out + a.len + 1, b.ptr, b.len);
    *ret = slice_of(out, a.len + b.len + 1);
    return 0;
}

static int add_once(struct slice *all, struct slice one, struct arena *a)
{
    if (slice_equal(*all, one))
        return 0;
    return joined(*all, one, a, all);
}

/* Only while something remains: a person may be called "Herr". */
static int cut_titles(struct slice *name, struct slice *title, struct arena *a)
{
    struct slice word = first_word(*name), found;
    while (word.len < name->len && (found = name_title(word)).ptr) {
        TRY(add_once(title, found, a));
        *name = behind(*name, word);
        word = first_word(*name);
    }
    return 0;
}

static int cut_suffixes(struct slice *name, struct slice *suffix, struct arena *a)
{
    struct slice word = last_word(*name), found;
    while (word.len < name->len && (found = name_suffix(word)).ptr) {
        struct slice later = *suffix;
        TRY(slice_equal(found, later) ? 0 : joined(found, later, a, suffix));
        *name = before(*name, word);
        word = last_word(*name);
    }
    return 0;
}

/* Given names: the first is the given name, the rest are middle names. */
static void split_given(struct slice names, struct person_name *n)
{
    struct slice word = first_word(names);
    n->given = or_none(word);
    if (word.len < names.len && !n->middle.ptr)
        n->middle = or_none(behind(names, word));
    else
        n->given = or_none(names);
}

/* Is this word a particle of a family name, as written or in lower case? */
static int is_particle(struct slice word)
{
    char lower[16];
    if (word.len >= sizeof lower)
        return 0;
    for (size_t i = 0; i < word.len; i++)
        lower[i] = ascii_lower(word.ptr[i]);
    return name_particle(slice_of(lower, word.len));
}

/* Where the family name begins in "Given Middle Family": at the first particle behind the first
 * word, else at the last word. */
static struct slice family_of(struct slice name)
{
    struct slice rest = name, word;
    int first = 1;
    while (slice_cut(&rest, ' ', &word)) {
        if (!first && rest.len && is_particle(word))
            return slice_of(word.ptr, (size_t)(name.ptr + name.len - word.ptr));
        first = 0;
    }
    return last_word(name);
}

static void split_plain(struct slice name, struct person_name *n)
{
    struct slice family = family_of(name);
    n->family = or_none(family);
    if (family.len < name.len)
        split_given(before(name, family), n);
}

/* "FAMILY, GIVEN M." and "FAMILY, JR., GIVEN"; "Given Family, PhD" has lost its suffix by now. */
static int split_inverted(struct slice name, size_t comma, struct person_name *n, struct arena *a)
{
    struct slice family = trim_marks(slice_of(name.ptr, comma));
    struct slice given = trim_marks(slice_of(name.ptr + comma + 1, name.len - comma - 1));
    TRY(cut_suffixes(&family, &n->suffix, a));
    struct slice word = first_word(given), suffix = name_suffix(trim_marks(word));
    if (suffix.ptr && word.len < given.len && word.ptr[word.len - 1] == ',') {
        TRY(joined(suffix, n->suffix, a, &n->suffix));
        given = behind(given, word);
    }
    TRY(cut_titles(&given, &n->title, a));
    n->family = or_none(family);
    split_given(given, n);
    return 0;
}

static int is_company(struct slice name)
{
    struct slice word = last_word(name);
    return word.len < name.len && name_legal_form(word);
}

static int split_full(struct person_name *n, struct arena *a)
{
    struct slice name = n->full;
    if (is_company(name)) {
        if (!n->organisation.ptr)
            n->organisation = name;
        n->full = (struct slice){0};
        return 0;
    }
    TRY(cut_titles(&name, &n->title, a));
    TRY(cut_suffixes(&name, &n->suffix, a));
    const char *comma = name.len ? memchr(name.ptr, ',', name.len) : NULL;
    if (comma)
        return split_inverted(name, (size_t)(comma - name.ptr), n, a);
    split_plain(name, n);
    return 0;
}

static int tidy_part(struct slice *part, struct arena *a)
{
    if (!part->ptr)
        return 0;
    TRY(text_tidy(*part, a, part));
    *part = trim_marks(*part);
    if (!part->len || junk_name(*part))
        *part = (struct slice){0};
    return 0;
}

/* A title that is known gets its usual form; others their case. */
static int standard_title(struct slice *title, struct arena *a)
{
    struct slice rest, word, all = {0};
    if (!title->ptr)
        return 0;
    rest = *title;
    while (slice_cut(&rest, ' ', &word)) {
        struct slice known = name_title(word);
        if (!known.ptr) {
            TRY(name_case(word, NAME_GIVEN, a, &known));
        }
        TRY(add_once(&all, known, a));
    }
    *title = or_none(all);
    return 0;
}

static int standard_suffix(struct slice *suffix)
{
    struct slice known = suffix->ptr ? name_suffix(*suffix) : *suffix;
    if (known.ptr)
        *suffix = known;
    return 0;
}

/* "John A." in the given name: the initial is a middle name. */
static void cut_initial(struct person_name *n)
{
    struct slice word = n->given.ptr ? last_word(n->given) : (struct slice){0};
    int initial = word.len == 1 || (word.len == 2 && word.ptr[1] == '.');
    if (n->middle.ptr || !initial || word.len >= n->given.len)
        return;
    n->middle = word;
    n->given = before(n->given, word);
}

/* "J." → "J". */
static void drop_dot(struct slice *s)
{
    if (s->len == 2 && s->ptr[1] == '.' && ascii_is_letter(s->ptr[0]))
        s->len = 1;
}

static int standard_parts(struct person_name *n, struct arena *a)
{
    if (n->given.ptr) {
        TRY(cut_titles(&n->given, &n->title, a));
        TRY(cut_suffixes(&n->given, &n->suffix, a));
        cut_initial(n);
    }
    if (n->family.ptr) {
        TRY(cut_titles(&n->family, &n->title, a));
        TRY(cut_suffixes(&n->family, &n->suffix, a));
    }
    drop_dot(&n->given);
    drop_dot(&n->middle);
    TRY(name_case(n->given, NAME_GIVEN, a, &n->given));
    TRY(name_case(n->middle, NAME_GIVEN, a, &n->middle));
    return name_case(n->family, NAME_FAMILY, a, &n->family);
}

static int compose_full(struct person_name *n, struct arena *a)
{
    const struct slice parts[] = {n->given, n->middle, n->family, n->suffix};
    size_t len = 0;
    char *out, *at;
    for (size_t i = 0; i < 4; i++)
        len += parts[i].len + (parts[i].len > 0);
    n->full = (struct slice){0};
    if (!n->given.len && !n->family.len)
        return 0;
    out = at = arena_alloc(a, len);
    if (!out)
        return ERR_MEMORY;
    for (size_t i = 0; i < 4; i++) {
        if (!parts[i].len)
            continue;
        if (at > out)
            *at++ = ' ';
        memcpy(at, parts[i].ptr, parts[i].len);
        at += parts[i].len;
    }
    n->full = slice_of(out, (size_t)(at - out));
    return 0;
}

/* The first name of "Bob John" or "Bob-John" decides; an ambiguous nickname ("Alex") stands for the
 * most usual of its names. */
static int find_formal(struct person_name *n, struct arena *a)
{
    char lower[NICKNAME];
    size_t len = 0;
    n->formal = (struct slice){0};
    for (size_t i = 0; i < n->given.len && n->given.ptr[i] != ' ' && n->given.ptr[i] != '-'; i++) {
        if (len == NICKNAME)
            return 0;
        lower[len++] = ascii_lower(n->given.ptr[i]);
    }
    const char *formal = nickname_formal(slice_of(lower, len));
    return formal ? name_case(slice_str(formal), NAME_GIVEN, a, &n->formal) : 0;
}

int name_standard(struct person_name *n, struct arena *a)
{
    struct slice *const parts[] = {&n->title,  &n->given, &n->middle,      &n->family,
                                   &n->suffix, &n->full,  &n->organisation};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        TRY(tidy_part(parts[i], a));
    TRY(standard_title(&n->title, a));
    TRY(standard_suffix(&n->suffix));
    if (n->full.ptr && !n->given.ptr && !n->family.ptr)
        TRY(split_full(n, a));
    TRY(standard_parts(n, a));
    TRY(compose_full(n, a));
    return find_formal(n, a);
}
