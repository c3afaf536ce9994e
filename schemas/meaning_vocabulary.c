#include "schemas/meaning_words.h"

#include "schemas/meaning_vocabulary.h"

const struct vocabulary vocabularies[] = {
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
     "familyname familynames nomdusage surname surnames lastname lastnames lname sname =last "
     "=family "
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
    {MEANING_SUFFIX, 0,
     "=suffix =sfx namesuffix suffixname =generation generationsuffix namenszusatz"},
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
     "email emailaddress emailaddr mailaddr emailadr smtpaddr mailaddress =mail emailadresse "
     "mailadresse courriel correo "
     "correoelectronico postaelettronica indirizzoemail epost emailadres adressemail =adressemel"},
    {MEANING_PHONE, WITH_NUMBER,
     "phone phones telf telephone phonenumber telephonenumber tel tele telno telefon telefonnummer "
     "telefono telefoon telefoonnummer telefone telefonnr mobile mobilephone mobileno mobilenumber "
     "mob cell cellphone cellular handy handynummer mobil mobilnummer mobiltelefon mobiel movil "
     "portable gsm cellulare celular festnetz rufnummer contactnumber contactno contactphone "
     "landline homephone workphone dayphone eveningphone fon phon phn rufnr mobilfunk"},
    {SENSE_LINE, WITH_LINE,
     "=address addr addrs =addresses fulladdress postaladdress mailingaddress homeaddress "
     "residentialaddress addrfull addressfull wholeaddress adresse anschrift adressepostale "
     "direccion indirizzo adres adress endereco domicilio wohnadresse adrs"},
    {MEANING_STREET, WITH_NAME | WITH_LINE | WITH_ADDRESS,
     "street stras streetname streetaddress streetline road strasse strassenname rue nomrue "
     "nomdelarue voie calle straat straatnaam gata gate rua line1 addressline1 addrline1 "
     "addressl1 addr1 adresseligne1 add1 address1 adresse1 ad1 streetaddress1 street1 strasse1 "
     "direccion1 "
     "indirizzo1 adres1 =addressline thoroughfare strassehausnummer strassehausnr "
     "strasseundhausnummer strasseundhausnr strasseundnr straatenhuisnummer strassenr =str "
     "=via =line"},
    {MEANING_HOUSE_NUMBER, WITH_NUMBER,
     "housenumber housenamenumber housenameornumber housename houseno housenum housenbr "
     "streetnumber streetno streetnum streetnr hausnummer "
     "hausnr =hnr numerorue numrue numerovoie huisnummer huisnr numerocivico =civico =numero "
     "buildingnumber "
     "buildingno propertynumber stno"},
    {MEANING_ADDRESS_2, WITH_NUMBER | WITH_NAME,
     "line2 addressline2 addrline2 addr2 add2 address2 adresse2 street2 strasse2 direccion2 "
     "indirizzo2 adres2 addressl2 ad2 line3 addressline3 addr3 add3 address3 street3 adresse3 "
     "unitnumber unitno =unit apartment apartmentnumber apt aptno flat flatnumber suite "
     "buildingname complementadresse complement adresszusatz =zusatz adresseligne2 toevoeging "
     "huisnummertoevoeging pobox postfach addressextra subbuilding"},
    {MEANING_CITY, WITH_NAME,
     "city plzort cityname town townname suburb suburbname locality posttown =ort wohnort ortsname "
     "stadt "
     "gemeinde "
     "ville commune localite ciudad poblacion localidad municipio citta comune localita plaats "
     "plaatsnaam woonplaats stad gemeente miasto cidade municipality cty citytown towncity"},
    {SENSE_REGION, WITH_CODE | WITH_NAME,
     "state stateprovince stateorprovince provincestate stateprov statecode"},
    {MEANING_REGION, WITH_CODE | WITH_NAME,
     "region province county bundesland kanton canton departement provincia regione "
     "provincie prov regioncode provincecode administrativearea comunidadautonoma estado uf"},
    {MEANING_POSTCODE, WITH_CODE | WITH_NUMBER,
     "postcode postcodes postalcode zip zipcode zipcodes plz pstlz postleitzahl codepostal =cp "
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
     "nationalidnumber nationalinsurance nationalinsurancenumber nino ninumber iban cardno "
     "cardnumber taxid taxidnumber taxnumber "
     "taxno taxcode vatid vatnumber vatno steuernummer steuernr steuerid steueridnr ustid ustidnr "
     "passport "
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
     "customerid kunnr numerodeclient numerodecliente numerodelcliente customerno customernumber "
     "customernr customernum custid custno custnum "
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
    {MEANING_CATEGORY, WITH_CODE,
     "race ethnicity raceethnicity nationality staatsangehoerigkeit nationalite nacionalidad "
     "maritalstatus religion education language sprache langue idioma lingua employer cuisine "
     "venue "
     "brand genre manufacturer relationship"},
    {0, 0, NULL},
};

const char neutral_words[] =
    "primary main customer cust client contact person personal people user member fake c the of on "
    "my current new clean cleaned std standard standardised standardized normalized raw value "
    "field "
    "column col text txt str full orig original input in x n kunden kunde und and de la du di del "
    "native default private privat bevorzugt preferred mobile home work business day evening "
    "office requester billto shipto";

const char *const address_roles[] = {
    "billing",    "bill",      "invoice",   "rechnung", "rechnungs", "facturation",
    "factuur",    "shipping",  "ship",      "delivery", "liefer",    "livraison",
    "lieferung",  "bezorg",    "mailing",   "postal",   "home",      "work",
    "business",   "other",     "secondary", "legal",    "physical",  "residential",
    "registered", "temporary", "alternate", "alt",      NULL};

const char aside_words[] =
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

const char not_address_words[] =
    "phone tel email mail passport license licence drivers driver national tax id card bank plate "
    "issue issuing vehicle birth born";
