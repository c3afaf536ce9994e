/* What a value looks like. A value may look like several things; meaning_decide weighs them with
 * the column's name. Everything is by shape and short lists; nothing is validated. */
#include "schemas/meaning.h"

/* The shape of one value. */
struct shape {
    struct slice text;
    int digits, letters, spaces, others; /* runes */
    int words, word_letters;             /* words, and those that are letters, ' - and . alone */
    int at_signs, dots, commas, slashes, hyphens;
    char last_at; /* what follows the @ has a dot */
};

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static void count_char(struct shape *s, char c)
{
    s->digits += is_digit(c);
    s->letters += is_letter(c) && ((unsigned char)c & 0xc0) != 0x80;
    s->spaces += c == ' ';
    s->at_signs += c == '@';
    s->dots += c == '.';
    s->commas += c == ',';
    s->slashes += c == '/';
    s->hyphens += c == '-';
    s->last_at = (char)(c == '@' ? 0 : s->last_at | (s->at_signs && c == '.'));
    s->others += !is_digit(c) && !is_letter(c) && c != ' ';
}

static int is_name_word(struct slice word)
{
    int letters = 0;

    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];

        letters += is_letter(c);
        if (!is_letter(c) && c != '\'' && c != '-' && c != '.' && c != ',' && c != '`')
            return 0;
    }
    return letters > 0;
}

static void take_shape(struct slice value, struct shape *s)
{
    struct slice rest = value, word;

    *s = (struct shape){.text = value};
    for (size_t i = 0; i < value.len; i++)
        count_char(s, value.ptr[i]);
    while (rest.len && slice_cut(&rest, ' ', &word)) {
        s->words += word.len > 0;
        s->word_letters += is_name_word(word);
    }
}

/* Is the value, or one of its words, in a list of words with spaces between (case ignored)? */
static int is_listed(struct slice word, const char *list)
{
    struct slice rest = slice_str(list), one;

    while (rest.len) {
        slice_cut(&rest, ' ', &one);
        if (one.len && slice_equal_nocase(one, word))
            return 1;
    }
    return 0;
}

static int has_listed(struct slice value, const char *list)
{
    struct slice rest = value, word;

    while (rest.len) {
        slice_cut(&rest, ' ', &word);
        while (word.len && (word.ptr[word.len - 1] == '.' || word.ptr[word.len - 1] == ','))
            word.len--;
        if (word.len && is_listed(word, list))
            return 1;
    }
    return 0;
}

static int looks_email(const struct shape *s)
{
    return s->at_signs == 1 && s->last_at && s->spaces == 0 && s->text.ptr[0] != '@';
}

static int looks_phone(const struct shape *s)
{
    for (size_t i = 0; i < s->text.len; i++)
        if (!is_digit(s->text.ptr[i]) && !strchr(" +-()./xXet", s->text.ptr[i]))
            return 0;
    return s->digits >= 6 && s->digits <= 16 && s->text.ptr[0] != '-' && s->letters <= 3;
}

/* The digits of `text` from `at`; how many. */
static int digit_run(struct slice text, size_t at, int *ret_value)
{
    int n = 0;

    *ret_value = 0;
    for (; at < text.len && is_digit(text.ptr[at]) && n < 8; at++, n++)
        *ret_value = 10 * *ret_value + (text.ptr[at] - '0');
    return n;
}

/* The year of something shaped like a date, 1 for one without a four-digit year, 0 for no date.
 * Months and days may be impossible: a column of slips is still one of dates. */
static int looks_date(const struct shape *s, int *ret_has_time)
{
    struct slice t = s->text;
    int part[3], n[3];
    size_t at = 0;

    *ret_has_time = 0;
    if (t.len == 8 && s->digits == 8) {
        digit_run(t, 0, &part[0]);
        int month = part[0] / 100 % 100, day = part[0] % 100, year = part[0] / 10000;
        return year >= 1700 && year <= 2100 && month <= 19 && day <= 39 ? year : 0;
    }
    for (int i = 0; i < 3; i++) {
        n[i] = digit_run(t, at, &part[i]);
        at += (size_t)n[i];
        if (n[i] == 0 || n[i] == 3 || n[i] > 4)
            return 0;
        if (i < 2 && (at >= t.len || !strchr("-/.", t.ptr[at])))
            return 0;
        at += i < 2;
    }
    if ((n[0] == 4) + (n[1] == 4) + (n[2] == 4) > 1 || n[1] == 4)
        return 0;
    if (at < t.len && t.ptr[at] != ' ' && t.ptr[at] != 'T')
        return 0;
    *ret_has_time = at + 1 < t.len &&
                    memcmp(t.ptr + at + 1, "00:00", t.len - at - 1 < 5 ? t.len - at - 1 : 5) != 0;
    return n[0] == 4 ? part[0] : n[2] == 4 ? part[2] : 1;
}

/* Letters as A, digits as 9, spaces and hyphens as they are: "A99 9AA". */
static int pattern_of(struct slice t, char to[16])
{
    if (t.len >= 16)
        return 0;
    for (size_t i = 0; i < t.len; i++)
        to[i] = is_digit(t.ptr[i]) ? '9' : is_letter(t.ptr[i]) ? 'A' : t.ptr[i];
    to[t.len] = 0;
    return 1;
}

static int looks_postcode(const struct shape *s)
{
    static const char *const patterns[] = {
        "9999",     "99999",     "999999",   "99999-9999", "A9 9AA",  "A99 9AA",  "AA9 9AA",
        "AA99 9AA", "A9A 9AA",   "AA9A 9AA", "A99AA",      "A999AA",  "AA99AA",   "AA999AA",
        "A9A9AA",   "AA9A9AA",   "9999 AA",  "9999AA",     "A9A 9A9", "A9A9A9",   "99-999",
        "999 99",   "99999-999", "9999-999", "A-99999",    "A-9999",  "A99 AA99", NULL};
    char pattern[16];

    if (!pattern_of(s->text, pattern))
        return 0;
    for (int i = 0; patterns[i]; i++)
        if (strcmp(patterns[i], pattern) == 0)
            return 1;
    return 0;
}

static int looks_house_number(const struct shape *s)
{
    return is_digit(s->text.ptr[0]) && s->digits <= 5 && s->letters <= 1 && s->text.len <= 9;
}

static int looks_number(const struct shape *s)
{
    size_t i = 0;

    if (s->text.len && strchr("$-+", s->text.ptr[0]))
        i++;
    for (; i < s->text.len; i++)
        if (!is_digit(s->text.ptr[i]) && s->text.ptr[i] != '.' && s->text.ptr[i] != ',')
            return 0;
    return s->digits > 0 && s->dots + s->commas <= 4;
}

static int looks_street(const struct shape *s)
{
    static const char kinds[] =
        "st street rd road ave av avenue blvd boulevard dr drive ln lane ct court pl place cres "
        "crescent circuit cct close way hwy highway terrace tce parade pde str strasse straße "
        "platz "
        "weg allee gasse rue chemin calle avenida plaza via viale piazza corso straat laan plein "
        "gata vej ulica rua square sq trail trl pkwy parkway cir circle";
    int numbered = s->digits > 0 && s->digits <= 8 && s->letters >= 3 && s->words >= 2 &&
                   (is_digit(s->text.ptr[0]) || is_digit(s->text.ptr[s->text.len - 1]));

    return numbered || (s->words >= 2 && s->letters > s->digits && has_listed(s->text, kinds)) ||
           slice_ends(s->text, SLICE_LIT("str.")) || slice_ends(s->text, SLICE_LIT("straße")) ||
           slice_ends(s->text, SLICE_LIT("straat"));
}

static int looks_organisation(const struct shape *s)
{
    static const char forms[] =
        "ltd limited inc incorporated llc llp plc corp corporation co company gmbh ag kg ohg ug "
        "mbh e.v sarl sa sas s.a srl spa s.p.a s.r.l bv b.v nv n.v oy ab as aps a/s gbr lda pty "
        "cooperative foundation university bank group holding holdings & partners associates "
        "trust society institute hotel restaurant cafe grill deli bar";

    return has_listed(s->text, forms);
}

static int looks_gender(struct slice t)
{
    return is_listed(t, "m f w d x male female man woman mann frau männlich weiblich maennlich "
                        "homme femme masculin féminin feminin hombre mujer masculino femenino "
                        "maschio femmina uomo donna maschile femminile vrouw divers other unknown "
                        "u nonbinary non-binary boy girl mâle");
}

static int looks_title(struct slice t)
{
    while (t.len && t.ptr[t.len - 1] == '.')
        t.len--;
    return is_listed(
        t, "mr mrs ms miss mx dr prof professor rev sir dame lord lady herr frau fräulein m mme "
           "mlle monsieur madame mademoiselle sr sra srta señor señora sig signor "
           "signora sig.ra dhr mevr mevrouw heer hr fr dipl-ing ing dott dott.ssa "
           "avv capt hon mister master");
}

static void look_names(struct meaning_stats *st, const struct shape *s)
{
    int name_like = s->word_letters == s->words && s->digits == 0 && s->at_signs == 0;

    st->looks[MEANING_GIVEN_NAME] += name_like && s->words == 1 && s->letters <= 20;
    st->looks[MEANING_MIDDLE_NAME] += name_like && s->letters <= 2;
    st->looks[MEANING_FULL_NAME] += name_like && s->words >= 2 && s->words <= 5;
    st->commas_in_name += name_like && s->commas == 1 && s->words >= 2;
    st->looks[MEANING_ORGANISATION] += looks_organisation(s);
}

static void look_dates(struct meaning_stats *st, const struct shape *s)
{
    int has_time, number = 0, year = looks_date(s, &has_time);
    int all_digits = s->digits > 0 && s->digits == (int)s->text.len;

    st->looks[MEANING_DATE] += year > 0;
    st->looks[MEANING_BIRTH_DATE] += !has_time && (year == 1 || (year > 1850 && year < 2030));
    if (!all_digits)
        return;
    digit_run(s->text, 0, &number);
    st->looks[MEANING_BIRTH_YEAR] += s->digits == 4 && number > 1850 && number < 2030;
    st->looks[MEANING_BIRTH_MONTH] += s->digits <= 2 && number >= 1 && number <= 12;
    st->looks[MEANING_BIRTH_DAY] += s->digits <= 2 && number >= 1 && number <= 31;
}

static void look_address(struct meaning_stats *st, const struct shape *s)
{
    int street = looks_street(s);

    st->looks[MEANING_STREET] += street;
    st->looks[MEANING_ADDRESS] +=
        street && ((s->commas > 0 && s->words >= 4) || (s->digits >= 4 && s->words >= 5));
    st->looks[MEANING_HOUSE_NUMBER] += looks_house_number(s);
    st->looks[MEANING_POSTCODE] += looks_postcode(s);
    st->looks[MEANING_REGION] +=
        s->words == 1 && s->digits == 0 && s->letters >= 2 && s->letters <= 3 && s->text.len <= 4;
    st->looks[MEANING_CITY] += s->digits == 0 && s->words >= 1 && s->words <= 4 && s->letters >= 3;
}

void meaning_look(struct meaning_stats *st, struct slice value)
{
    struct shape s;
    int64_t len;

    st->n++;
    value = slice_trim(value);
    if (value.len == 0)
        return;
    take_shape(value, &s);
    len = s.digits + s.letters + s.spaces + s.others;
    st->min_len = st->filled == 0 || len < st->min_len ? len : st->min_len;
    st->max_len = len > st->max_len ? len : st->max_len;
    st->filled++;
    st->total_len += len;
    st->digits += s.digits;
    st->letters += s.letters;
    st->multi_word += s.words > 1;
    st->looks[MEANING_EMAIL] += looks_email(&s);
    st->looks[MEANING_PHONE] += looks_phone(&s);
    st->looks[MEANING_GENDER] += looks_gender(value);
    st->looks[MEANING_TITLE] += looks_title(value);
    st->looks[MEANING_CATEGORY] += is_listed(value, "true false yes no t f y n ja nein oui non si");
    st->looks[MEANING_NUMBER] += looks_number(&s);
    st->looks[MEANING_ID] += s.spaces == 0 && s.digits >= 3 && s.at_signs == 0;
    st->looks[MEANING_TEXT] += s.words > 6 || len > 50;
    look_names(st, &s);
    look_dates(st, &s);
    look_address(st, &s);
}
