/* What columns are taken for: tables made up here in several languages, and the shared sets. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#include "core/dict.h"
#include "core/file.h"
#include "schemas/meaning_words.h"

enum { MAX_COLUMNS = 300 };

struct table {
    struct meaning_column columns[MAX_COLUMNS];
    struct dict values[MAX_COLUMNS];
    int n;
    int64_t rows;
};

static void table_start(struct table *t)
{
    memset(t, 0, sizeof *t);
}

static void table_value(struct table *t, int column, struct slice value)
{
    if (column >= MAX_COLUMNS)
        return;
    if (t->rows == 0) {
        t->columns[column].name = value;
        assert_int_equal(dict_init(&t->values[column]), 0);
        t->n = column + 1;
    } else if (column < t->n) {
        meaning_look(&t->columns[column].stats, value);
        if (slice_trim(value).len)
            assert_true(dict_add(&t->values[column], value) >= 0);
    }
}

static void table_decide(struct table *t)
{
    for (int i = 0; i < t->n; i++)
        t->columns[i].stats.distinct = t->values[i].n;
    meaning_decide(t->columns, t->n, t->rows - 1);
}

static void table_done(struct table *t)
{
    for (int i = 0; i < t->n; i++)
        dict_done(&t->values[i]);
}

/* Lines of fields between '|'; the first has the names. */
static void table_read(struct table *t, const char *text)
{
    struct slice rest = slice_str(text), line, field;

    table_start(t);
    while (rest.len && slice_cut(&rest, '\n', &line)) {
        int column = 0;
        while (slice_cut(&line, '|', &field))
            table_value(t, column++, field);
        t->rows++;
    }
    table_decide(t);
}

static const char *meanings_of(const struct table *t)
{
    static char text[4000];
    text[0] = 0;
    for (int i = 0; i < t->n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "",
                 meaning_name(t->columns[i].meaning));
    return text;
}

static const struct {
    const char *table, *meanings;
} tables[] = {
    /* German, with an address of two roles and a consent. */
    {"KdNr|Anrede|Vorname|Nachname|Geb.-Datum|Rechnung_Straße|Rechnung_PLZ|Rechnung_Ort|Liefer_Ort"
     "|Telefon|E-Mail|Newsletter_OptIn\n"
     "1001|Frau|Anna|Müller|03.04.1971|Hauptstr. 5|80331|München||089 123456|a.mueller@web.de|ja\n"
     "1002|Herr|Jürgen|Groß|17.12.1958|Am Wehr 12|01067|Dresden|Köln|0351/4455667|jg@gmx.de|nein\n"
     "1003|Herr|Ömer|Yılmaz|29.01.1990|Lindenweg 3a|10115|Berlin||+49 30 998877|oy@gmx.de|ja\n",
     "key title given-name family-name birth-date street postcode city unknown phone email "
     "unknown"},
    /* German: "Name" beside a Vorname is the family's. */
    {"Nr|Name|Vorname|Straße und Hausnummer|Wohnort|Beruf\n"
     "1|Becker|Ilse|Ringstraße 9|Ulm|Lehrerin\n"
     "2|Schuster|Karl|Bahnhofstr. 2|Hof|Bäcker\n",
     "key family-name given-name street city occupation"},
    {"id_client|Civilité|Nom|Prénom|Date de naissance|Adresse|Code postal|Ville|Courriel|Portable\n"
     "7|Mme|Durand|Élodie|12/05/1984|3 rue des Lilas|75011|Paris|e.d@free.fr|06 12 34 56 78\n"
     "8|M.|Lefèvre|Jean-Luc|01/11/1962|14 avenue Foch|69006|Lyon|jl@sfr.fr|07 98 76 54 32\n",
     "key title family-name given-name birth-date street postcode city email phone"},
    {"Nombre|Primer apellido|Segundo apellido|Fecha de nacimiento|Sexo|DNI|Calle|Localidad|"
     "Provincia|Código postal|Móvil\n"
     "María|García|Soler|04/07/1979|F|12345678Z|Calle Mayor 4|Getafe|Madrid|28901|600 111 222\n"
     "Pablo|Iglesias|Pons|23/02/1966|M|87654321X|Gran Vía 18|Bilbao|Vizcaya|48001|611 222 333\n"
     "Lucía|Ortega|Rey|30/09/1991|F|11223344B|Calle Sol 7|Sevilla|Sevilla|41001|622 333 444\n",
     "given-name family-name middle-name birth-date gender id street city region postcode phone"},
    {"Codice cliente|Cognome|Nome|Data di nascita|Codice fiscale|Indirizzo|CAP|Città|Cellulare\n"
     "A1|Rossi|Mario|01/02/1960|RSSMRA60B01H501X|Via Roma 1|00184|Roma|333 1234567\n"
     "A2|Bianchi|Carla|11/12/1983|BNCCRL83T51F205Z|Corso Italia 22|20122|Milano|347 7654321\n",
     "key family-name given-name birth-date id street postcode city phone"},
    {"klantnummer|voornaam|tussenvoegsel|achternaam|geboortedatum|straat|huisnummer|toevoeging|"
     "postcode|woonplaats|telefoonnummer\n"
     "501|Jan|de|Vries|1980-01-31|Dorpsstraat|12|a|1234 AB|Utrecht|030-1234567\n"
     "502|Els|van der|Berg|1955-06-15|Kerkplein|3||5678 CD|Breda|076-7654321\n",
     "key given-name middle-name family-name birth-date street house-number address-2 postcode "
     "city phone"},
    /* Abbreviations, and birth dates in parts. */
    {"fname_c1|fname_c2|lname_c1|by|bm|bd\n"
     "CARSTEN||MEIER|1949|7|22\nGERD|UWE|BAUER|1968|7|27\nROBERT||HARTMANN|1930|4|30\n",
     "given-name middle-name family-name birth-year birth-month birth-day"},
    {"CUST_NO|FIRSTNAME|LASTNAME|DOB|ADDR1|ADDR2|TOWN|PCODE|TEL1|TEL2|EMAIL\n"
     "1|Ann|Lee|03/04/1971|1 High St||Leeds|LS1 4AP|0113 496 0000|07700 900123|a@b.co.uk\n"
     "2|Bob|Roe|13/04/1972|Flat 2|9 Low Rd|York|YO1 7HH|01904 555 123||b@c.com\n",
     "key given-name family-name birth-date street address-2 city postcode phone phone email"},
    /* Somebody else's names and dates, an id that households share, ids that repeat. */
    {"row_id|household_id|first_name|last_name|mother_maiden_name|guardian_1|date_of_birth|"
     "survey_date|age|soc_sec_id\n"
     "r1|5|Ann|Lee|Roe|Tim|1971-04-03|2020-01-01|49|111223333\n"
     "r2|5|Bob|Lee|Roe|Tim|1973-04-03|2020-01-01|47|111224444\n"
     "r3|6|Cyd|Poe|Doe|Tom|1980-04-03|2020-01-01|40|111225555\n",
     "key unknown given-name family-name unknown unknown birth-date unknown unknown id"},
    {"customer_id|name|company|jobTitle|MailingAddress.street|MailingAddress.city|"
     "MailingAddress.state|MailingAddress.postalCode|email_verified|created_at\n"
     "c1|Ann Lee|Acme Ltd|Buyer|1 High St|Salem|OR|97301|true|2020-01-01T10:00:00Z\n"
     "c1|Anne Lee|Acme|Buyer|1 High Street|Salem|OR|97301|true|2020-02-01T10:00:00Z\n"
     "c2|Bob Roe|Beta Inc|Clerk|9 Low Rd|Bend|OR|97701|false|2020-03-01T10:00:00Z\n",
     "id full-name organisation occupation street city region postcode unknown date"},
    /* Companies. */
    {"account_id|name|industry|website|billing_city|shipping_city|billing_street\n"
     "a1|Acme Ltd|Steel|acme.com|Leeds|York|1 High St\n"
     "a2|Beta Tools GmbH|Tools|beta.de|Ulm||Ring 4\n",
     "key organisation unknown unknown city unknown street"},
    /* Things. */
    {"id|title|authors|venue|year\n"
     "1|Semantic integration of environmental models for information systems|D. Mackay|VLDB|1999\n"
     "2|Incremental maintenance of non-distributive aggregate functions|T. Palpanas|VLDB|2002\n",
     "key text text category number"},
    /* Contents against the name. */
    {"id|email|phone|gender\n"
     "1|tqs6UXPA/Lm7W+0dX0+syw==|none|1\n2|soS8gWpPTwLhsepmOnEc0w==|n/a|2\n"
     "3|UYCWM7QeZFg3GdlAkhe9fg==||1\n",
     "key id unknown gender"},
    /* No names at all. */
    {"c1|c2|c3|c4\n"
     "1|ann.lee@example.org|Ann Lee|1971-03-04\n2|bob@example.com|Bob Roe|1980-01-31\n"
     "3|cyd@example.net|Cyd van Dam|1955-06-15\n",
     "key email full-name birth-date"},
};

static void columns_are_taken_for_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct table *t = malloc(sizeof *t);
        assert_non_null(t);
        table_read(t, tables[i].table);
        assert_string_equal(meanings_of(t), tables[i].meanings);
        table_done(t);
        free(t);
    }
}

static void what_the_user_says_stands(void **state)
{
    (void)state;
    struct meaning_column c[3] = {
        {.name = SLICE_LIT("id"), .meaning = MEANING_ID, .fixed = 1},
        {.name = SLICE_LIT("surname"), .stats = {.n = 2, .filled = 2, .letters = 10}},
        {.name = SLICE_LIT("mum"), .meaning = MEANING_FAMILY_NAME, .fixed = 1},
    };
    meaning_decide(c, 3, 2);
    assert_int_equal(c[0].meaning, MEANING_ID);
    assert_int_equal(c[2].meaning, MEANING_FAMILY_NAME);
    assert_int_equal(c[1].meaning, MEANING_MIDDLE_NAME);
    assert_string_equal(c[0].why, "as you said");
}

static void every_meaning_has_a_name_that_reads_back(void **state)
{
    (void)state;
    enum meaning back;
    for (int i = 0; i < MEANING_COUNT; i++) {
        assert_int_equal(meaning_parse(slice_str(meaning_names()[i]), &back), 1);
        assert_int_equal(back, i);
    }
    assert_null(meaning_names()[MEANING_COUNT]);
    assert_int_equal(meaning_parse(SLICE_LIT("nonsense"), &back), 0);
}

static const struct {
    const char *name;
    int sense;
} words[] = {
    {"first_and_surname", MEANING_FULL_NAME},
    {"postcode_fake", MEANING_POSTCODE},
    {"PRIMARY_NAME_LAST", MEANING_FAMILY_NAME},
    {"requester/name", SENSE_NAME},
    {"requester/@id", SENSE_OTHER_ID},
    {"BillingAddress.postalCode", MEANING_POSTCODE},
    {"PASSPORT_COUNTRY", SENSE_ASIDE},
    {"DRIVERS_LICENSE_STATE", SENSE_ASIDE},
    {"email_bounced_date", SENSE_ASIDE},
    {"phoneType", SENSE_ASIDE},
    {"NATIONAL_ID_NUMBER", MEANING_ID},
    {"owner_id", SENSE_OTHER_ID},
    {"kundenvorname", MEANING_GIVEN_NAME},
    {"GEBURTSDATUM", MEANING_BIRTH_DATE},
    {"ort", MEANING_CITY},
    {"report", MEANING_UNKNOWN},
    {"birth_place", MEANING_PLACE},
    {"account_source", MEANING_UNKNOWN},
    {"", MEANING_UNKNOWN},
    {"\xff\xfe", MEANING_UNKNOWN},
};

static void names_are_read_word_by_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct name_sense got;
        meaning_read_name(slice_str(words[i].name), &got);
        if (got.sense != words[i].sense)
            fail_msg("%s: %d, not %d", words[i].name, got.sense, words[i].sense);
    }
}

/* A CSV reader just good enough for the shared sets: quotes, commas, line ends. */
static void read_csv(struct table *t, struct buffer *file)
{
    char *in = (char *)file->data, *out = in, *field = in;
    const char *end = in + file->len;
    int quoted = 0, column = 0;

    table_start(t);
    for (; in < end; in++) {
        if (*in == '"' && quoted && in + 1 < end && in[1] == '"') {
            *out++ = *in++;
        } else if (*in == '"') {
            quoted = !quoted;
        } else if (!quoted && (*in == ',' || *in == '\n')) {
            size_t len = (size_t)(out - field);
            len -= len && field[len - 1] == '\r';
            table_value(t, column++, slice_of(field, len));
            field = out;
            if (*in == '\n') {
                column = 0;
                t->rows++;
            }
        } else {
            *out++ = *in;
        }
    }
    table_decide(t);
}

static const struct {
    const char *set, *meanings;
} sets[] = {
    {"abt_buy", "key source text text number"},
    {"dblp_acm", "key source text text category number"},
    {"febrl1", "key given-name family-name house-number street address-2 city postcode region "
               "birth-date id"},
    {"febrl2", "key given-name family-name house-number street address-2 city postcode region "
               "birth-date id"},
    {"febrl3", "key given-name family-name house-number street address-2 city postcode region "
               "birth-date id"},
    {"historical_half", "key full-name full-name given-name family-name birth-date place postcode "
                        "gender occupation"},
    {"pseudopeople_current_population_survey",
     "key address-2 unknown unknown postcode unknown unknown unknown given-name region middle-name "
     "unknown street category city birth-date unknown gender house-number unknown family-name"},
    {"pseudopeople_women_infants_and_children",
     "key address-2 unknown postcode unknown unknown given-name category region middle-name "
     "unknown unknown street category city birth-date unknown gender house-number family-name"},
    {"restaurant_fodors_zagat", "key organisation street city category"},
    {"rldata500", "key given-name middle-name family-name middle-name birth-year birth-month "
                  "birth-day"},
    {"senzing_truthset",
     "key source unknown full-name organisation family-name given-name middle-name full-name "
     "organisation gender birth-date id unknown id unknown id id unknown email address street city "
     "region postcode country unknown phone unknown unknown unknown unknown unknown unknown "
     "category unknown unknown unknown unknown id unknown unknown id"},
    {"splink_fake_1000", "key given-name family-name birth-date city email"},
};

static void the_shared_sets_need_no_configuration(void **state)
{
    (void)state;
    const char *data = getenv("SLUICE_DATA") ? getenv("SLUICE_DATA") : "../shared/data";
    char path[400];

    snprintf(path, sizeof path, "%s/match", data);
    if (!file_exists(path)) {
        print_message("no shared data at '%s': skipped\n", data);
        skip();
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct buffer file = {0};
        struct table *t = malloc(sizeof *t);
        assert_non_null(t);
        snprintf(path, sizeof path, "%s/match/%s/records.csv", data, sets[i].set);
        assert_int_equal(file_slurp(path, 1 << 26, &file, NULL), 0);
        read_csv(t, &file);
        if (strcmp(meanings_of(t), sets[i].meanings) != 0)
            fail_msg("%s: %s", sets[i].set, meanings_of(t));
        table_done(t);
        free(t);
        buffer_done(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_taken_for_what_they_are),
        cmocka_unit_test(what_the_user_says_stands),
        cmocka_unit_test(every_meaning_has_a_name_that_reads_back),
        cmocka_unit_test(names_are_read_word_by_word),
        cmocka_unit_test(the_shared_sets_need_no_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
