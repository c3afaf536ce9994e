#!/bin/sh
# dedupe: no configuration, odd files, the same rows in the same order, the same groups however they come.
. tests/cli/tap.sh

gen=$PWD/build/gen
cd "$tmp" || exit 1
dedupe() { "$sluice" dedupe -q -t csv "$@" 2>>"$tmp/err"; }
# Who is with whom: each row's own id ($1: its column) and the lowest id of its group, in order of ids.
groups() {
    awk -F, -v column="$1" '{ id = $column } !($1 in lowest) || id < lowest[$1] { lowest[$1] = id }
        { of[id] = $1 } END { for (id in of) print id, lowest[of[id]] }' | sort
}

cat >de.csv <<'EOF'
Kundennr;Nachname;Vorname;Geburtsdatum;E-Mail;Telefon;Straße;PLZ;Ort
1;Müller;Hans;01.02.1970;hans.mueller@web.de;030 1234567;Hauptstr. 5;10115;Berlin
2;Schmidt;Anna;12.12.1981;anna@gmx.de;089 998877;Bergweg 2;80331;München
3;Mueller;Hans;01.02.1970;hans.mueller@web.de;030/1234567;Hauptstraße 5;10115;Berlin
4;Schmitt;Anna;12.12.1981;anna@gmx.de;;Bergweg 2;80331;München
5;Weber;Klaus;05.06.1955;;0221 445566;Ringstr. 9;50667;Köln
6;Fischer;Eva;30.09.1990;eva.fischer@posteo.de;040 112233;Alster 7;20095;Hamburg
EOF
together='1 1
2 2
3 1
4 2
5 5
6 6'
status 'German headers, semicolons' 0 "$sluice" dedupe de.csv -t csv
mv out de.out
is '… are understood' "$(sed 1d de.out | groups 3)" "$together"
is '… and the rows stay as and where they are' "$(cut -d, -f3- de.out)" "$(tr ';' , <de.csv)"
is '… with two columns in front' "$(head -n 1 de.out | cut -d, -f1-3)" customer_id,match_probability,Kundennr
like '… and says what it took the columns for' "$(cat err)" '*Nachname*family-name*Geburtsdatum*birth-date*PLZ*postcode*'
like '… and what it found' "$(cat err)" '*6 rows are 4 customers; the largest has 2*'
is '… the probabilities are between 0 and 1, and 1 alone' \
    "$(sed 1d de.out | awk -F, '$2 <= 0 || $2 > 1 || ($3 > 4 && $2 != 1)')" ''
iconv -f UTF-8 -t WINDOWS-1252 de.csv >de1252.csv
is 'windows-1252 gives the same' "$(dedupe de1252.csv)" "$(cat de.out)"
gzip -k de.csv
is 'gzip gives the same' "$(dedupe de.csv.gz)" "$(cat de.out)"
is 'a pipe gives the same' "$(dedupe <de.csv)" "$(cat de.out)"
for format in arrow parquet jsonl; do
    "$sluice" read de.csv --types 'Kundennr=int64' -o "de.$format"
    is "typed columns of $format give the same" "$(dedupe de.$format)" "$(cat de.out)"
    dedupe de.csv -t $format -o "out.$format"
    is "and $format comes out" "$("$sluice" read "out.$format" -t csv)" "$(cat de.out)"
done
is 'an integer stays one' "$("$sluice" dedupe -q de.arrow -t jsonl | head -n 1 | grep -o '"Kundennr":1,')" '"Kundennr":1,'
(head -n 4 de.csv) >de-a.csv
(head -n 1 de.csv && tail -n 3 de.csv) >de-b.csv
is 'several files are one table' "$(dedupe de-a.csv de-b.csv | sed 1d | groups 3)" "$together"
like '--explain says why' "$("$sluice" dedupe de.csv --explain -t csv 2>&1 >/dev/null)" '*Nachname*named like a family name*'
"$sluice" dedupe de.csv --as Nachname=unknown --as Vorname=unknown --as E-Mail=unknown --as Telefon=unknown \
    --as Geburtsdatum=unknown --as Stra*e=unknown >out 2>err
is 'an unknown column in --as is 64 or 65' $? 64
like '… and the nearest is offered' "$(cat err)" "*'Stra[*]e'*'Straße'*"
is '--as changes what counts' "$(dedupe de.csv --as Nachname=unknown --as Vorname=unknown --as E-Mail=unknown \
    --as Telefon=unknown --as Geburtsdatum=unknown --as Straße=unknown --as PLZ=unknown --as Ort=unknown | cut -d, -f1 | sort -u | wc -l)" 7
status 'a misspelt meaning is 64' 64 "$sluice" dedupe de.csv --as Nachname=familyname
like '… and the nearest is offered' "$(cat err)" "*'family-name'*"
status '--as without a meaning is 64' 64 "$sluice" dedupe de.csv --as Nachname
status 'a misspelt --id is 64' 64 "$sluice" dedupe de.csv --id Kundenr
like '… and the nearest is offered' "$(cat err)" "*'Kundennr'*"
printf 'nr,name,mail\n1,Ann Baker,ann@x.com\n1,Ann Baker,ann@x.com\n2,Tom Hill,t.hill@y.org\n3,Tom Hill,t.hill@y.org\n' >nr.csv
is '--id is no evidence' "$(dedupe nr.csv --id nr | sed 1d | cut -d, -f1 | uniq -c | awk '{ print $1 }' | xargs)" '2 2'
status 'files of different columns are 65' 65 "$sluice" dedupe de.csv nr.csv
like '… which are named' "$(cat err)" "*nr.csv*'Kundennr'*'de.csv'*"
status 'what was deduped before is refused' 65 "$sluice" dedupe de.out
like '… with what to do' "$(cat err)" "*'customer_id'*--columns*"

# -- small and dull

header='first name,surname,dob,email'
ann='Ann,Smith,1970-01-02,a@b.com'
rows() { # COUNT OF the same row
    echo "$header"
    yes "$ann" | head -n "$1"
}
is 'no rows' "$(echo "$header" | dedupe -f csv)" "customer_id,match_probability,$header"
is 'one row' "$(rows 1 | dedupe -f csv | cut -d, -f2-)" "match_probability,$header
1,$ann"
is 'one column' "$(printf 'surname\nBaker\nHill\nOlsen\n' | dedupe -f csv | sed 1d | cut -d, -f1 | sort -u | wc -l)" 3
is 'a column without values, and one with a single value' \
    "$(printf 'name,x,email,country\nAnn Baker,,ann@x.com,GB\nAnn Baker,,ann@x.com,GB\nTom Hill,,t@y.org,GB\n' |
        dedupe -f csv | sed 1d | cut -d, -f1 | uniq -c | awk '{ print $1 }' | xargs)" '2 1'
is 'nothing but empty values' "$(printf 'name,email\n,\n"",""\n' | dedupe -f csv | sed 1d | cut -d, -f1 | sort -u | wc -l)" 2
is 'eight copies are one customer' "$(rows 8 | dedupe -f csv | sed 1d | cut -d, -f1 | sort -u | wc -l)" 1
rows 100000 >copies.csv
is 'a hundred thousand equal rows take seconds and stay' "$(timeout 20 "$sluice" dedupe -q copies.csv -t csv | wc -l)" 100001
: >empty.csv
status 'an empty file is 65' 65 "$sluice" dedupe empty.csv
mkdir folder
status 'a folder is 66' 66 "$sluice" dedupe folder
printf 'name,x\nAnn,1\nBob\nA\000b,2\nC,D,3\nEve,4\n' >wrong.csv
status 'bad rows are set aside' 0 "$sluice" dedupe wrong.csv -t csv --rejects wrong.jsonl
is '… the others stay' "$(cut -d, -f3- out)" 'name,x
Ann,1
Eve,4'
like '… they are counted' "$(cat err)" "*3 bad rows, in 'wrong.jsonl'*"
is '… by line and reason' "$("$sluice" read wrong.jsonl --columns line,code -t csv)" 'line,code
3,short-row
4,nul-byte
5,long-row'
status '… and are too many where none are allowed' 65 "$sluice" dedupe wrong.csv --max-rejects 0 -o never.csv --rejects wrong.jsonl
ok '… which publishes nothing' test ! -e never.csv
{ printf 'name,x\nAnn,1\n"' && head -c 100000000 /dev/zero | tr '\0' z && printf '",2\n'; } >huge.csv
status 'a field of 100 MB is 65' 65 "$sluice" dedupe huge.csv -t csv
like '… with its line' "$(cat err)" '*huge.csv:3:*16 MiB*'
rm huge.csv
status 'a full disk is 74' 74 "$sluice" dedupe de.csv -t csv -o /dev/full

# -- the same groups

"$gen" --seed 3 --people 700 --flat people.csv
dedupe people.csv >people.out
is 'all rows of a larger file, in order' "$(cut -d, -f3- people.out | cksum)" "$(cksum <people.csv)"
dedupe people.csv --threads 1 >one.out
dedupe people.csv --threads 2 >two.out
ok '1 and 2 threads give the same bytes' cmp one.out two.out
ok '… and all processors too' cmp one.out people.out
TZ=Asia/Kolkata LC_ALL=C dedupe people.csv >zone.out
ok 'another time zone and locale give the same bytes' cmp one.out zone.out
(head -n 1 people.csv && sed 1d people.csv | sort -t, -k4,4r -k6) >other.csv
ok 'another order is another order' [ "$(cksum <people.csv)" != "$(cksum <other.csv)" ]
dedupe other.csv >other.out
sed 1d people.out | groups 3 >a
sed 1d other.out | groups 3 >b
ok 'the same rows in another order give the same groups' cmp a b
f1() { "$sluice" eval -q "$1" people.csv.truth.csv -t csv | sed -n 's/pairwise F1,//p'; }
ok 'and they are right' awk "BEGIN { exit !($(f1 people.out) > 0.9) }"
"$sluice" dedupe -q people.csv -t csv 2>leave.err | head -n 1 >first
is 'a reader that leaves is no error' "$(cat leave.err)$(cut -c1-11 first)" customer_id
plan
