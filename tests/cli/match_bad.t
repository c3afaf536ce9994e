#!/bin/sh
# match, dedupe: tables with next to nothing in them, ids that do not name, models and rules for other columns.
. tests/cli/tap.sh
cd "$tmp" || exit 1
customers() { "$sluice" dedupe -q -t csv "$@" 2>/dev/null | sed 1d | cut -d, -f1 | sort -u | wc -l; }
said() { "$sluice" dedupe -t csv -o /dev/null "$@" 2>&1; }

printf 'name,email\n' >zero.csv
status 'zero rows' 0 "$sluice" dedupe zero.csv -t csv
is '… are zero rows' "$(cat out)" 'customer_id,match_probability,name,email'
is '… of which nothing is said but that' "$(grep -c warning err)" 0
printf 'name,email\nAnna Lee,a@b.test\n' >one.csv
status 'one row' 0 "$sluice" dedupe one.csv -t csv
is '… is one customer' "$(customers one.csv)" 1
printf 'name\nAnna Lee\nAnna Lee\nBob Ray\n' >column.csv
is 'one column' "$(customers column.csv)" 2
printf 'name,email\n,\n,\n,\n' >null.csv
is 'all null: nobody is anybody else' "$(customers null.csv)" 3
like '… and it says so' "$(said null.csv)" '*every record stays alone*'
printf 'name,country\nAnna Lee,GB\nAnna Lee,GB\nBob Ray,GB\n' >constant.csv
is 'a constant column changes nothing' "$(customers constant.csv)" 2
touch empty.csv
status 'an empty file is 65' 65 "$sluice" dedupe empty.csv -t csv

same() { # HEADER ROW: a thousand times
    awk -v h="$1" -v r="$2" 'BEGIN { print h; for (i = 0; i < 1000; i++) print r }'
}
same given_name,family_name,email Anna,Lee,a@b.test >same.csv
is 'a thousand equal rows that say who they are' "$(customers same.csv)" 1
like '… and it says why' "$(said same.csv)" '*equal rows are taken for one customer*'
same city London >town.csv
is 'a thousand equal rows that do not' "$(customers town.csv)" 1000
awk 'BEGIN { print "id,name,email"; for (i = 0; i < 1000; i++) print i ",Anna Lee,a@b.test" }' >ids.csv
is 'an id of each row is no difference' "$(customers ids.csv)" 1
awk 'BEGIN { print "given_name,email"; for (i = 0; i < 1000; i++) print (i % 2 ? "Anna" : "") "," (i % 2 ? "a@b.test" : "") }' >half.csv
is 'empty rows among equal ones stay apart' "$(customers half.csv)" 501

printf 'id,name,email\n1,Anna Lee,a@b.test\n1,Bob Ray,bob@b.test\n,Anna Lee,a@b.test\n' >twice.csv
like 'an id that comes twice' "$(said --id id twice.csv)" "*'id' is one of another row in 1 rows*"
like '… or is missing' "$(said --id id twice.csv)" "*'id' is missing in 1 rows*"
is '… does not stop it' "$(customers --id id twice.csv)" 2

awk 'BEGIN { printf "given_name,family_name,email"; for (k = 0; k < 8; k++) printf ",note%d", k; print ""
    for (i = 0; i < 40; i++) { printf "Anna,Lee,a%d@b.test", i; for (k = 0; k < 8; k++) printf ",some %d words %d of", i, k; print "" } }' >wide.csv
set --
for k in 0 1 2 3 4 5 6 7; do set -- "$@" --as "note$k=text"; done
like 'columns that are too many are named' "$(said wide.csv "$@")" "*'note7'*"

mkdir p && cat >p/sluice.yaml <<'END'
project: rules
sources:
  crm:
    pull: crm.csv
    record: {key: id, given_name: given, email: mail}
match:
  block: [[email], ["prefx(given_name,2)"], ["soundex(given_nam)"]]
END
"$sluice" lint -c p/sluice.yaml >found 2>&1
like 'lint finds a function that is none' "$(cat found)" "*7:*prefx*'prefix'*"
like '… and a field that no source maps' "$(cat found)" "*7:*given_nam'*'given_name'*"
sed -i 's/prefx/prefix/; s/given_nam)/given_name)/; $a\  block_mode: both' p/sluice.yaml
like 'a mode is one of two' "$("$sluice" lint -c p/sluice.yaml 2>&1)" '*8:*replace*join*'
sed -i 's/both/join/' p/sluice.yaml
printf 'id,given,mail\n1,Anna,a@b.test\n2,Anna,a@b.test\n3,Otto,\n' >p/crm.csv
cd p && "$sluice" pull -q && "$sluice" map -q -o records.arrow
status 'rules of the project file have a plan' 0 "$sluice" match records.arrow --plan -t csv
is '… a row for each' "$(sed 1d ../out | head -n 3 | cut -d, -f1,2 | tr -d '"' | tr '\n' ' ')" 'email,1 prefix(given_name,2) soundex(given_name),1 '
status '… and match by them' 0 "$sluice" match records.arrow -t csv
is '… two of three are one' "$(sed 1d ../out | cut -d, -f1 | sort -u | wc -l)" 2

plan
