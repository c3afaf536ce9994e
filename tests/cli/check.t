#!/bin/sh
# check: expectations, counted, the failing rows aside, and the exit status that stops a pipeline.
. tests/cli/tap.sh

cat >"$tmp/rows.csv" <<'X'
id,email,total,country,seen
1,a@x.org,5,GB,2026-03-01
2,b@x.org,-1,GB,2026-03-02
2,,7,FR,2026-03-03
4,nobody,100.01,XX,
5,c@x.org,word,GB,2026-03-01
X
printf 'code\nGB\nFR\n' >"$tmp/countries.csv"
cat >"$tmp/expect.yaml" <<'X'
row_count: {least: 3, most: 10, change: 20%}
columns:
  id: {not_null: true, unique: true}
  email: {not_null: true, pattern: '[^@]+@[^@]+'}
  total: {range: [0, 100]}
  country: {in: [GB, FR, XX], refers_to: {file: countries.csv, column: code}}
  seen: {fresh: 2d}
X

status 'broken expectations are 65' 65 "$sluice" check --expect "$tmp/expect.yaml" --as-of 2026-03-04 "$tmp/rows.csv" --failed "$tmp/failed.csv"
is 'each is counted' "$(sed 1d "$tmp/out" | awk '{print $1, $2, $3, $4}')" 'holds 0 row_count least
holds 0 row_count most
holds 0 row_count change
holds 0 id not
BROKEN 1 id unique
BROKEN 1 email not
BROKEN 1 email pattern
BROKEN 3 total range
holds 0 country in
BROKEN 1 country refers
holds 0 seen fresh'
is 'the rows that break something are set aside with what they break' "$(cat "$tmp/failed.csv")" \
    'broken,id,email,total,country,seen
total range 0 to 100,2,b@x.org,-1,GB,2026-03-02
id unique; email not null,2,,7,FR,2026-03-03
email pattern [^@]+@[^@]+; total range 0 to 100; country refers to code of countries.csv,4,nobody,100.01,XX,
total range 0 to 100,5,c@x.org,word,GB,2026-03-01'
status 'what is not fresh is broken' 65 "$sluice" check --expect "$tmp/expect.yaml" --as-of 2026-03-06 "$tmp/rows.csv"
like '… and counted' "$(cat "$tmp/out")" '*BROKEN          1  seen fresh 2d*'

printf 'row_count: {change: 20%%}\ncolumns:\n  id: {not_null: true}\n' >"$tmp/count.yaml"
status 'a first run has nothing to compare with' 0 "$sluice" check --expect "$tmp/count.yaml" --last "$tmp/last" "$tmp/rows.csv"
is '… and leaves its count' "$(cat "$tmp/last")" 5
head -3 "$tmp/rows.csv" >"$tmp/fewer.csv"
status 'a run that lost rows is broken' 65 "$sluice" check --expect "$tmp/count.yaml" --last "$tmp/last" "$tmp/fewer.csv"
is '… and does not become the measure' "$(cat "$tmp/last")" 5
is 'as JSON, a line for each' "$("$sluice" check --expect "$tmp/count.yaml" "$tmp/rows.csv" -t json | tail -1)" \
    "{\"table\":\"$tmp/rows.csv\",\"column\":\"id\",\"expected\":\"not null\",\"rows\":5,\"failed\":0,\"holds\":true}"

printf 'columns:\n  emial: {not_null: true}\n' >"$tmp/typo.yaml"
status 'an unknown column is 78' 78 "$sluice" check --expect "$tmp/typo.yaml" "$tmp/rows.csv"
like '… with the nearest name and its place' "$(cat "$tmp/err")" '*typo.yaml:2:3*email*'
printf 'columns:\n  email: {notnull: true}\n' >"$tmp/typo.yaml"
status 'an unknown expectation is 78' 78 "$sluice" check --expect "$tmp/typo.yaml" "$tmp/rows.csv"
like '… with the nearest name' "$(cat "$tmp/err")" '*not_null*'
printf 'columns:\n  email: {pattern: "("}\n' >"$tmp/typo.yaml"
status 'a pattern that is none is 78' 78 "$sluice" check --expect "$tmp/typo.yaml" "$tmp/rows.csv"

printf 'columns:\n  id: {not_null: true}\nrules: ["total >= 0 and total <= 100", "id < 9"]\n' >"$tmp/rules.yaml"
status 'rows for which a rule is not true break it' 65 "$sluice" check --expect "$tmp/rules.yaml" "$tmp/rows.csv" --failed "$tmp/failed.csv"
is '… no number is null, of which nothing is true' "$(sed 's/,[^,]*,[^,]*,[^,]*$//' "$tmp/failed.csv")" \
    'broken,id,email
rule total >= 0 and total <= 100,2,b@x.org
rule total >= 0 and total <= 100,4,nobody
rule total >= 0 and total <= 100,5,c@x.org'
printf 'rules: ["totl > 0"]\n' >"$tmp/rules.yaml"
status 'a rule of an unknown column is 78' 78 "$sluice" check --expect "$tmp/rules.yaml" "$tmp/rows.csv"
like '… with the nearest name and its place' "$(cat "$tmp/err")" '*rules.yaml:1:9*total*'

mkdir "$tmp/project"
cp "$tmp/rows.csv" "$tmp/project/"
cat >"$tmp/project/sluice.yaml" <<'X'
project: acme
sources:
  shop:
    pull: rows.csv
    record: {key: id, email: email}
check:
  customers: {file: "rows*.csv", columns: {email: {not_null: true}}}
  keys: {file: rows.csv, columns: {country: {not_null: true}}}
X
status 'the project file is checked as a whole' 65 "$sluice" check -c "$tmp/project/sluice.yaml"
status '… or by name' 0 "$sluice" check -c "$tmp/project/sluice.yaml" keys
ok '… and its section is linted' "$sluice" lint -c "$tmp/project/sluice.yaml"
status '… an unknown name is 64' 64 "$sluice" check -c "$tmp/project/sluice.yaml" nothing
plan
