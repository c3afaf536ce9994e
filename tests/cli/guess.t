#!/bin/sh
# guess: what a file is, what is not sure, and a schema that read and map take.
. tests/cli/tap.sh

{
    printf 'Export of customers\nas of 2026-03-01\nCUST_NO;SURNAME;DOB;EMAIL;TOTAL;SINCE;PAID\n'
    i=1
    while [ $i -le 60 ]; do
        printf '%05d;M\374ller;%02d/%02d/1950;ann%d@example.com;%d.50;2020-01-%02d;%d\n' \
            $i $((i % 28 + 1)) $((i % 12 + 1)) $i $i $((i % 28 + 1)) $i
        i=$((i + 1))
    done
    printf 'TOTAL;60\n'
} >"$tmp/export.csv"

json() { # FILE PYTHON-LIKE KEY PATH, by sed: one key a line
    "$sluice" guess "$1" -t json 2>"$tmp/err" | sed -n "s/^ *\"$2\": \(.*[^,]\),*\$/\1/p" | head -1
}
text=$("$sluice" guess "$tmp/export.csv" -o "$tmp/schema.yaml")
like 'the encoding is told' "$text" '*encoding   windows-1252*'
like 'delimiter and header are told' "$text" '*delimiter  ;*header     1 row*'
like 'what stands above the rows is told' "$text" '*preamble   2 lines: Export of customers*'
like '… and below' "$text" '*footer     1 row: TOTAL;60*'
like 'identifiers stay text' "$text" '*CUST_NO*utf8*key*'
like 'numbers and dates get their types' "$text" '*TOTAL*decimal(18,2)*100%*SINCE*date*100%*'
like 'what is not sure is said' "$text" '*not sure:*the encoding*'
is 'a packed file says so' "$(gzip -c "$tmp/export.csv" >"$tmp/e.csv.gz" && json "$tmp/e.csv.gz" packed)" '"gzip"'
is 'the header row is found behind the preamble' "$(json "$tmp/export.csv" skip)" 2

is 'read takes the schema' \
    "$("$sluice" read --schema "$tmp/schema.yaml" "$tmp/export.csv" -t jsonl --head 1)" \
    '{"CUST_NO":"00001","SURNAME":"Müller","DOB":"02/02/1950","EMAIL":"ann1@example.com","TOTAL":1.50,"SINCE":"2020-01-02","PAID":1}'
is '… and holds the footer against the rows' \
    "$("$sluice" read --schema "$tmp/schema.yaml" "$tmp/export.csv" -t csv | wc -l)" 61
sed 's/^TOTAL;60/TOTAL;61/' "$tmp/export.csv" >"$tmp/wrong.csv"
status '… which must count them' 65 "$sluice" read --schema "$tmp/schema.yaml" "$tmp/wrong.csv" -o "$tmp/x.csv"

mkdir "$tmp/project"
cp "$tmp/export.csv" "$tmp/schema.yaml" "$tmp/project/"
printf 'project: acme\nregion: GB\nsources:\n  shop: {pull: export.csv, schema: schema.yaml}\n' >"$tmp/project/sluice.yaml"
ok 'a source takes the schema' "$sluice" lint -c "$tmp/project/sluice.yaml"
"$sluice" pull -c "$tmp/project/sluice.yaml" >/dev/null 2>&1
is '… and map maps by it' \
    "$("$sluice" map -c "$tmp/project/sluice.yaml" -t jsonl 2>"$tmp/err" | head -1 | grep -o '"birth_date":"[^"]*"')" \
    '"birth_date":"1950-02-02"'
printf 'format: {type: csv, delimeter: ";"}\n' >"$tmp/bad.yaml"
status 'a mistake in a schema is 78' 78 "$sluice" read --schema "$tmp/bad.yaml" "$tmp/export.csv"
like '… with its place and the nearest name' "$(cat "$tmp/err")" "*bad.yaml:1:*'delimiter'*"

printf 'day,n\n01/02/2026,1\n03/04/2026,x\n' >"$tmp/days.csv"
like 'a date that could be either way round is not sure' "$("$sluice" guess "$tmp/days.csv")" "*'day': day and month could be*"
like '… nor is anything from two rows' "$("$sluice" guess "$tmp/days.csv")" '*there are only 2 rows*'
status 'a pipe cannot be looked at twice' 64 "$sluice" guess -
status 'a missing file is 66' 66 "$sluice" guess "$tmp/none.csv"
"$sluice" read "$tmp/days.csv" -o "$tmp/days.parquet"
like 'Parquet says its own types' "$("$sluice" guess "$tmp/days.parquet")" '*format     parquet*'
plan
