#include "transform/map/junk.h"

#include "transform/map/text.h"

enum { WORD = 32 };

/* The list of junk words: lower case, sorted by bytes. */
static const char *const words[] = {
    "#n/a",
    "#name?",
    "#null!",
    "#ref!",
    "#value!",
    "(none)",
    "(null)",
    "<null>",
    "?",
    "[null]",
    "\\n",
    "abc",
    "anon",
    "anonymous",
    "as above",
    "asdf",
    "asdfg",
    "aucun",
    "aucune",
    "bar",
    "blank",
    "brak",
    "deleted",
    "desconhecido",
    "desconocida",
    "desconocido",
    "ditto",
    "do not use",
    "donotuse",
    "dummy",
    "empty",
    "entfällt",
    "example",
    "foo",
    "foobar",
    "geen",
    "inconnu",
    "inconnue",
    "k. a.",
    "k.a",
    "k.a.",
    "ka",
    "keine",
    "keine angabe",
    "lorem ipsum",
    "missing",
    "n.a",
    "n.a.",
    "n.v.t.",
    "n/a",
    "n/k",
    "na",
    "nan",
    "neant",
    "nenhum",
    "nessuno",
    "nicht bekannt",
    "niet bekend",
    "nieznany",
    "nil",
    "ninguna",
    "ninguno",
    "nk",
    "no aplica",
    "no consta",
    "no data",
    "no info",
    "no name",
    "non communiqué",
    "non disponibile",
    "non renseigne",
    "non renseigné",
    "noname",
    "none",
    "not applicable",
    "not available",
    "not disclosed",
    "not given",
    "not known",
    "not provided",
    "not specified",
    "not stated",
    "nothing",
    "null",
    "nvt",
    "néant",
    "o.a",
    "o.a.",
    "ohne angabe",
    "okänd",
    "onbekend",
    "prefer not to say",
    "qwerty",
    "redacted",
    "refused",
    "removed",
    "same as above",
    "sample",
    "sans objet",
    "sconosciuta",
    "sconosciuto",
    "see notes",
    "sem dados",
    "sin dato",
    "sin datos",
    "tba",
    "tbc",
    "tbd",
    "test",
    "tester",
    "testing",
    "to follow",
    "ukendt",
    "unbekannt",
    "undefined",
    "unknown",
    "unknwon",
    "unkown",
    "void",
    "withheld",
    "xyz",
};

/* Junk elsewhere, but someone's name. */
static const char *const also_names[] = {
    "bar", "blank", "brak", "foo",  "geen", "ka",     "keine", "na",
    "nan", "nil",   "nk",   "null", "test", "tester", "void",
};

static struct slice lowered(struct slice text, char out[WORD])
{
    for (size_t i = 0; i < text.len; i++)
        out[i] = ascii_lower(text.ptr[i]);
    return slice_of(out, text.len);
}

/* "xxx", "aaaa", "....": one character again and again. Two are an initial pair or a name. */
static int is_repeated(struct slice s)
{
    if (s.len < 3)
        return 0;
    for (size_t i = 1; i < s.len; i++)
        if (ascii_lower(s.ptr[i]) != ascii_lower(s.ptr[0]))
            return 0;
    return !ascii_is_digit(s.ptr[0]);
}

static int has_substance(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (ascii_is_letter(s.ptr[i]) || ascii_is_digit(s.ptr[i]) ||
            (unsigned char)s.ptr[i] >= 0x80)
            return 1;
    return 0;
}

int junk_text(struct slice tidy)
{
    char lower[WORD];
    if (!has_substance(tidy))
        return 1;
    if (is_repeated(tidy))
        return 1;
    return tidy.len < WORD && WORD_IN(lowered(tidy, lower), words);
}

int junk_name(struct slice tidy)
{
    char lower[WORD];
    if (tidy.len < WORD && WORD_IN(lowered(tidy, lower), also_names))
        return 0;
    return junk_text(tidy);
}

/* Counts up or down by one: 0123456789, 12345678, 987654321. */
static int is_run(const char *digits, size_t n)
{
    int step = n >= 6 ? (digits[1] - digits[0] + 10) % 10 : 0;
    if (step != 1 && step != 9)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((digits[i] - digits[i - 1] + 10) % 10 != step)
            return 0;
    return 1;
}

int junk_digits(struct slice digits)
{
    int same = 1;
    for (size_t i = 1; i < digits.len; i++)
        same &= digits.ptr[i] == digits.ptr[0];
    if (!digits.len || (same && (digits.ptr[0] == '0' || digits.len >= 4)))
        return 1;
    return is_run(digits.ptr, digits.len);
}

int junk_number(struct slice tidy)
{
    char digits[WORD];
    size_t n = 0;
    if (junk_text(tidy))
        return 1;
    for (size_t i = 0; i < tidy.len; i++) {
        if (ascii_is_letter(tidy.ptr[i]) || n == WORD)
            return 0;
        if (ascii_is_digit(tidy.ptr[i]))
            digits[n++] = tidy.ptr[i];
    }
    return junk_digits(slice_of(digits, n));
}

static const char *const junk_locals[] = {
    "a",    "aa",     "aaa",     "abc",  "anonymous", "asdf", "dummy",  "email",  "fake", "invalid",
    "mail", "me",     "n",       "na",   "name",      "nil",  "nobody", "nomail", "none", "noone",
    "null", "sample", "someone", "test", "unknown",   "user", "x",      "xx",     "xxx",
};

static const char *const junk_anywhere[] = {
    "no-email",     "no-mail",   "no.email",    "no.mail",  "no_email",
    "no_mail",      "noaddress", "noemail",     "noname",   "nonegiven",
    "notavailable", "notgiven",  "notprovided", "testtest", "unbekannt",
};

static const char *const junk_domains[] = {
    "abc.com",     "asdf.com",    "dummy.com", "email.invalid", "example.com",
    "example.net", "example.org", "fake.com",  "invalid.com",   "na.com",
    "noemail.com", "nomail.com",  "none.com",  "nowhere.com",   "null.com",
    "test.com",    "test.de",     "test.test", "unknown.com",   "xxx.com"};

int junk_email(struct slice lower)
{
    const char *at = lower.len ? memchr(lower.ptr, '@', lower.len) : NULL;
    if (!at)
        return 1;
    struct slice local = slice_of(lower.ptr, (size_t)(at - lower.ptr));
    struct slice domain = slice_of(at + 1, lower.len - local.len - 1);
    if (WORD_IN(local, junk_anywhere))
        return 1;
    /* Reserved for documents by RFC 2606, but used as sample data too: only with a junk local part
     * is an address on one of them junk. */
    return WORD_IN(domain, junk_domains) && WORD_IN(local, junk_locals);
}

int junk_date(int year, int month, int day)
{
    static const int days[][3] = {{1, 1, 1},      {1753, 1, 1},  {1899, 12, 30}, {1899, 12, 31},
                                  {1900, 1, 1},   {1901, 1, 1},  {1111, 11, 11}, {2099, 12, 31},
                                  {2999, 12, 31}, {4712, 12, 31}};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (days[i][0] == year && days[i][1] == month && days[i][2] == day)
            return 1;
    return year >= 9000 || year == 0;
}

int junk_date_text(struct slice tidy)
{
    int zeros = 1;
    for (size_t i = 0; i < tidy.len; i++) {
        char c = tidy.ptr[i];
        zeros &= c == '0' || (!ascii_is_digit(c) && !ascii_is_letter(c)) || c == 'T' || c == 'Z';
    }
    return zeros || junk_text(tidy);
}
