#include "schemas/meaning_words.h"

enum { MAX_WORDS = 12, MAX_TEXT = 96, LONG_WORD = 6 };

/* Words that may stand beside a meaning's own without changing it. */
enum generic {
    WITH_NUMBER = 1, /* phone_number */
    WITH_ID = 2,
    WITH_CODE = 4,
    WITH_DATE = 8,
    WITH_NAME = 16,
    WITH_ADDRESS = 32,
    WITH_LINE = 64,
};

struct vocabulary {
    int sense, generics;
    const char *words; /* spaces between; "=" before one that must stand alone */
};

static const struct vocabulary vocabularies[] = {
    {MEANING_KEY, WITH_NUMBER,
     "=id recid recordid rowid recordkey rowkey =key =uid uuid guid =index =idx =row rownumber "
     "rownum rowno lfdnr laufendenummer =nr =no =pk uniqueid uniquekey =number =nummer "
     "recordnumber =identifier =_id =oid"},
    {MEANING_SOURCE, WITH_NAME,
     "=source datasource sourcesystem originsystem systemofrecord =src =system =quelle =herkunft "
     "quellsystem =fuente =fonte =bron =dataset =datasetname =origin =sourcename"},
    {MEANING_GIVEN_NAME, 0,
     "givenname givennames firstname firstnames forename forenames fname fstname namefirst "
     "namegiven =first =given christianname vorname vornamen rufname prenom prenoms voornaam "
     "voornamen roepnaam fornamn fornavn etunimi imie primeiro nombrepila nombredepila "
     "primernombre personfirst nametwo =vname =vn"},
    {MEANING_MIDDLE_NAME, 0,
     "middlename middlenames middleinitial middleinitials mname =mi =middle namemiddle "
     "secondname secondforename zweitervorname zweitname deuxiemeprenom segundonombre secondonome "
     "tweedenaam tussenvoegsel tussenvoegsels =initials voorletters mellannamn minit othernames "
     "othergivennames"},
    {MEANING_FAMILY_NAME, 0,
     "familyname familynames surname surnames lastname lastnames lname sname =last =family "
     "namelast namefamily namesurname nachname nachnamen familienname zuname nomdefamille "
     "nomfamille apellido apellidos apellido1 primerapellido apellidopaterno cognome achternaam "
     "familienaam nazwisko efternamn etternavn efternavn sobrenome apelido sukunimi =nname =ln "
     "lstname"},
    {MEANING_FULL_NAME, 0,
     "fullname completename wholename namefull displayname personname firstandsurname "
     "firstandlastname firstlastname firstnamelastname nameandsurname personfullname "
     "vollstaendigername vollername ganzername namevorname vornamename nomcomplet nometprenom "
     "nomprenom prenomnom nombrecompleto nombreyapellidos nombreapellidos nomecompleto "
     "nomeecognome nomecognome cognomenome volledigenaam naamvolledig customername custname "
     "clientname contactname patientname guestname cardholder cardholdername accountholder "
     "accountholdername holdername kontoinhaber inhaber nomclient nombrecliente nomecliente "
     "klantnaam kundenname ansprechpartner contactperson contactpersoon =contact =person =kunde "
     "=customer =client =patient =holder =titular =klant =cliente fullnm membername "
     "subscribername ownerfullname"},
    {MEANING_ORGANISATION, WITH_NAME,
     "organisation organization organisationname organizationname =org orgname nameorg "
     "nameorganization "
     "company companyname compname businessname legalname tradingname corporation firm firmname "
     "firma "
     "firmenname unternehmen unternehmensname societe raisonsociale entreprise nomentreprise "
     "empresa razonsocial nombreempresa societa azienda ragionesociale bedrijf bedrijfsnaam "
     "organisatie foretag firmanavn accountname businesspartner =account"},
    {MEANING_SUFFIX, 0, "=suffix namesuffix suffixname =generation generationsuffix namenszusatz"},
    {SENSE_HONORIFIC, 0,
     "=title nametitle titlename =titel =titre =titolo =titulo =prefix nameprefix"},
    {MEANING_TITLE, 0,
     "salutation anrede civilite tratamiento aanhef honorific honorificprefix akademischertitel "
     "courtesytitle"},
    {SENSE_NAME, 0, "=name =names =nom =nombre =nome =naam =navn =namn =nm"},
    {MEANING_BIRTH_DATE, WITH_DATE,
     "dob dateofbirth birthdate datebirth birthday birthdt born bornon birthdayon =bday bdate "
     "brthdt brthdate geburtsdatum geburtstag gebdat gebdatum =geb geborenam datenaissance "
     "datedenaissance =ddn neele fechanacimiento fechadenacimiento nacimiento fnac fecnac "
     "datadinascita datanascita nascita geboortedatum geboren datanascimento "
     "datadenascimento dataurodzenia fodselsdato fodelsedatum fodselsdag =birth =naissance"},
    {MEANING_BIRTH_YEAR, 0,
     "birthyear yearofbirth yob =by geburtsjahr anneenaissance anneedenaissance anonacimiento "
     "anodenacimiento annonascita annodinascita geboortejaar"},
    {MEANING_BIRTH_MONTH, 0,
     "birthmonth monthofbirth =bm geburtsmonat moisnaissance mesnacimiento mesenascita "
     "geboortemaand"},
    {MEANING_BIRTH_DAY, 0,
     "dayofbirth =bd birthdayofmonth tagdergeburt journaissance dianacimiento giornonascita "
     "geboortedag"},
    {MEANING_GENDER, WITH_CODE,
     "gender sex geschlecht sexe sexo genere sesso geslacht kjonn kon gendr"},
    {MEANING_EMAIL, WITH_ADDRESS | WITH_ID,
     "email emailaddress mailaddress =mail emailadresse mailadresse courriel correo "
     "correoelectronico postaelettronica indirizzoemail epost emailadres adressemail =adressemel"},
    {MEANING_PHONE, WITH_NUMBER,
     "phone phones telephone phonenumber telephonenumber tel tele telno telefon telefonnummer "
     "telefono telefoon telefoonnummer telefone telefonnr mobile mobilephone mobileno mobilenumber "
     "mob cell cellphone cellular handy handynummer mobil mobilnummer mobiltelefon mobiel movil "
     "portable gsm cellulare celular festnetz rufnummer contactnumber contactno contactphone "
     "landline homephone workphone dayphone eveningphone fon phon phn rufnr mobilfunk"},
    {SENSE_LINE, WITH_LINE,
     "=address addr =addresses fulladdress postaladdress mailingaddress homeaddress "
     "residentialaddress addrfull addressfull wholeaddress adresse anschrift adressepostale "
     "direccion indirizzo adres adress endereco domicilio wohnadresse adrs"},
    {MEANING_STREET, WITH_NAME | WITH_LINE | WITH_ADDRESS,
     "street streetname streetaddress streetline road strasse strassenname rue nomrue "
     "nomdelarue voie calle straat straatnaam gata gate rua line1 addressline1 addrline1 "
     "addressl1 addr1 add1 address1 adresse1 ad1 streetaddress1 street1 strasse1 direccion1 "
     "indirizzo1 adres1 =addressline thoroughfare strassehausnummer strassehausnr "
     "strasseundhausnummer strasseundhausnr strasseundnr straatenhuisnummer strassenr =str "
     "=via =line"},
    {MEANING_HOUSE_NUMBER, WITH_NUMBER,
     "housenumber houseno housenum housenbr streetnumber streetno streetnum streetnr hausnummer "
     "hausnr =hnr numerorue numrue numerovoie huisnummer huisnr numerocivico =civico =numero "
     "buildingnumber "
     "buildingno propertynumber stno"},
    {MEANING_ADDRESS_2, WITH_NUMBER | WITH_NAME,
     "line2 addressline2 addrline2 addr2 add2 address2 adresse2 street2 strasse2 direccion2 "
     "indirizzo2 adres2 addressl2 ad2 line3 addressline3 addr3 add3 address3 street3 adresse3 "
     "unitnumber unitno =unit apartment apartmentnumber apt aptno flat flatnumber suite "
     "buildingname complementadresse complement adresszusatz zusatz toevoeging "
     "huisnummertoevoeging pobox postfach addressextra subbuilding"},
    {MEANING_CITY, WITH_NAME,
     "city cityname town townname suburb suburbname locality posttown =ort wohnort ortsname stadt "
     "gemeinde "
     "ville commune localite ciudad poblacion localidad municipio citta comune localita plaats "
     "plaatsnaam woonplaats stad gemeente miasto cidade municipality cty citytown towncity"},
    {SENSE_REGION, WITH_CODE | WITH_NAME, "state stateprovince stateprov statecode"},
    {MEANING_REGION, WITH_CODE | WITH_NAME,
     "region province county bundesland kanton canton departement provincia regione "
     "provincie prov regioncode provincecode administrativearea comunidadautonoma estado uf"},
    {MEANING_POSTCODE, WITH_CODE | WITH_NUMBER,
     "postcode postcodes postalcode zip zipcode zipcodes plz postleitzahl codepostal =cp "
     "codigopostal "
     "codicepostale =cap =cep pcode pincode postal postnummer postnr postcd zippostal "
     "zippostalcode kodpocztowy eircode postalcd"},
    {MEANING_COUNTRY, WITH_CODE | WITH_NAME,
     "country countryname countrycode isocountry isocountrycode =land =landcode landkuerzel pays "
     "codepays pais "
     "paese nation nazione =staat countryiso countryregion ctry"},
    {MEANING_PLACE, WITH_NAME,
     "birthplace placeofbirth birthcity cityofbirth birthtown townofbirth birthcountry "
     "countryofbirth geburtsort lieunaissance lieudenaissance villenaissance lugarnacimiento "
     "lugardenacimiento luogodinascita luogonascita geboorteplaats birthstate birthlocation "
     "hometown"},
    {MEANING_ID, WITH_NUMBER | WITH_ID | WITH_CODE,
     "ssn socsecid socsec socialsecurity socialsecuritynumber socialsecurityno nationalid "
     "nationalidnumber nationalinsurance nationalinsurancenumber nino taxid taxidnumber taxnumber "
     "taxno taxcode vatid vatnumber vatno steuernummer steuerid steueridnr ustid ustidnr passport "
     "passportnumber passportno reisepass reisepassnummer driverslicense driverlicense "
     "driverslicence driverlicence driverslicensenumber driverlicensenumber drivinglicence "
     "drivinglicense licencenumber licensenumber personalausweis ausweisnummer ausweisnr dni nif "
     "nie curp codicefiscale codfiscale fiscalcode bsn personnummer insee =nir numerosecu "
     "numerosecuritesociale numsecu ahv ahvnummer svnr sozialversicherungsnummer "
     "rentenversicherungsnummer "
     "loyaltyid loyaltynumber loyaltyno loyaltycard loyaltycardnumber membershipnumber "
     "membershipno "
     "medicare medicarenumber nhsnumber nhsno healthid patientid mrn lei leinumber duns "
     "dunsnumber ein siret siren kvk kvknummer companynumber registrationnumber handelsregister "
     "trustedid cpf cnpj pesel rut aadhaar abn tin ssnlast4 identitycard idcard "
     "idnumber idcardnumber frequentflyer"},
    {SENSE_SYSTEM_ID, WITH_NUMBER | WITH_ID | WITH_CODE,
     "customerid customerno customernumber customernr customernum custid custno custnum "
     "custnumber customercode customerkey custkey clientid clientno clientnumber clientcode "
     "clientref customerref kundennummer kundennr kdnr kundenid kundenkennung numeroclient "
     "numclient "
     "idclient codeclient idcliente codigocliente codicecliente numerocliente klantnummer klantnr "
     "klantid memberid memberno membernumber mitgliedsnummer mitgliednr personid personno "
     "personnumber "
     "userid subscriberid guestid partnerid businesspartnerid consumerid contactid"},
    {MEANING_OCCUPATION, WITH_NAME,
     "occupation profession job jobtitle beruf metier profesion professione beroep "
     "berufsbezeichnung position jobname yrke stilling jobdescription =department"},
    {SENSE_AGE, 0,
     "=age =alter ageyears agegroup ageband =year =jahr =annee =ano =anno =jaar =edad =eta"},
    {SENSE_COMPANY_SIGN, 0,
     "industry employees numberofemployees noofemployees annualrevenue website branche sector "
     "naics =sic "
     "siccode"},
    {MEANING_NUMBER, 0,
     "price amount total sum quantity qty balance revenue cost betrag preis prix montant precio "
     "importe prezzo prijs bedrag salary income score weight latitude longitude points"},
    {MEANING_DATE, 0, "date datum fecha data_ datetime timestamp createdat updatedat"},
    {MEANING_TEXT, 0,
     "description descriptions notes note comment comments body subject message details =text "
     "remarks "
     "bemerkung bemerkungen beschreibung commentaire descripcion descrizione omschrijving authors "
     "author abstract summary memo"},
    {MEANING_CATEGORY, 0,
     "race ethnicity raceethnicity nationality staatsangehoerigkeit nationalite nacionalidad "
     "maritalstatus religion education language sprache langue idioma lingua employer cuisine "
     "venue "
     "brand genre manufacturer relationship"},
};

/* Beside a meaning's word these change nothing. */
static const char neutral_words[] =
    "primary main customer cust client contact person personal people user member fake c the of on "
    "my current new clean cleaned std standard standardised standardized normalized raw value "
    "field "
    "column col text txt str full orig original input in x n kunden kunde und and de la du di del "
    "native default private privat bevorzugt preferred mobile home work business day evening "
    "office requester billto shipto";

/* Which of several addresses. */
static const char *const roles[] = {
    "billing",    "bill",      "invoice",   "rechnung", "rechnungs", "facturation",
    "factuur",    "shipping",  "ship",      "delivery", "liefer",    "livraison",
    "lieferung",  "bezorg",    "mailing",   "postal",   "home",      "work",
    "business",   "other",     "secondary", "legal",    "physical",  "residential",
    "registered", "temporary", "alternate", "alt",      NULL};

/* Beside a meaning's word these say that it is somebody else's, or something about it. */
static const char aside_words[] =
    "copy guardian mother mothers father fathers parent parents spouse husband wife partner child "
    "children emergency nok kin referrer referred referral agent owner manager assistant created "
    "creation modified updated deleted previous prev old former maiden alias login nickname file "
    "item campaign event meeting ticket order opportunity store shop bank via recipient submitter "
    "assignee witness sibling beneficiary supervisor doctor physician employer school team project "
    "type typ status flag count verified valid validated verification bounced bounce reason score "
    "opt optin optout format is has url uri link image photo picture avatar subject template "
    "domain preference pref consent permission tracking accuracy latitude longitude lat lng lon "
    "geocode synced sync length rank level tier category class group kind mask extension time "
    "timestamp percent rate quality survey first_seen last_seen deliverable unsubscribed jigsaw "
    "product key encoding encrypted encryption zone push pushed";

/* Beside an address's word these say that it is another thing's. */
static const char not_address_words[] =
    "phone tel email mail passport license licence drivers driver national tax id card bank plate "
    "issue issuing vehicle birth born";

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
    for (uint32_t i = 0; roles[i]; i++)
        if (slice_equal(word, slice_str(roles[i])))
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
    for (size_t v = 0; v < sizeof vocabularies / sizeof *vocabularies; v++) {
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

/* What the words beside the hit do to it. */
static void weigh_rest(const struct words *w, const struct hit *hit, struct name_sense *ret)
{
    for (int i = 0; i < w->n; i++) {
        struct slice word = span(w, i, i + 1);
        uint32_t role = is_address(hit->of->sense) ? role_of(word) : 0;

        if (i >= hit->from && i < hit->to)
            continue;
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
