#!/bin/sh
# train: a model from rows or records, its chart, its warnings, its drift, labels; and its use.
. tests/cli/tap.sh

gen=$PWD/build/gen
cd "$tmp" || exit 1
export LC_ALL=C
"$gen" --seed 5 --people 300 --flat people.csv
truth=people.csv.truth.csv

# -- a model

status 'a model from any file' 0 "$sluice" train people.csv -o models/m.json
mv out chart
like '… with its chart' "$(cat chart)" '*weights learned without labels*exact *|####*differs *##|*'
is '… of 80 columns at most' "$(awk 'length > 80' chart)" ''
is '… in ASCII in a C locale' "$(LC_ALL=C grep -c '[^ -~]' chart)" 0
like '… in blocks in a UTF-8 one' "$(LC_ALL=C.UTF-8 "$sluice" train --show models/m.json 2>/dev/null)" '*│█*'
like '… and what the columns were taken for' "$(cat err)" '*columns taken for:*birth-date*'
like '… and what could not be learned, by name' "$(cat err)" "*warning: '*no match was seen at '*"
is '--show draws the same' "$("$sluice" train --show models/m.json 2>/dev/null)" "$(cat chart)"
"$sluice" train -q people.csv -o two.json
ok 'the same bytes again' cmp models/m.json two.json
"$sluice" train -q people.csv -o two.json --threads 1
ok '… and with one thread' cmp models/m.json two.json
(head -n 1 people.csv && sed 1d people.csv | sort -t, -k4,4r -k6) >turned.csv
"$sluice" train -q turned.csv -o two.json
ok '… and for another order of the rows' cmp models/m.json two.json
is 'the model holds its evidence' "$("$sluice" read models/m.json --each comparisons --columns name,comparison,filled,frequency \
    -t csv -q | head -n 1)" 'name,comparison,filled,frequency'
# shellcheck disable=SC2016 # awk's own variables
ok '… shares of each class add up to 1' awk '
    /"m": \[/ || /"u": \[/ { key = $1; getline; sum[key] += $1; n++ }
    /"frequent"/ { for (k in sum) if (sum[k] > 3.001 || sum[k] < .999) bad = 1; delete sum }
    END { exit bad || !n }' models/m.json
status 'no project and no -o is 64' 64 "$sluice" train people.csv
like '… with what to do' "$(cat err)" '*-o FILE*--dry-run*'
status '--dry-run writes nothing' 0 "$sluice" train people.csv -o never.json --dry-run
ok '… indeed' test ! -e never.json
is 'the model to standard output comes alone' "$("$sluice" train -q people.csv -o - | cksum)" "$(cksum <models/m.json)"

# -- drift

"$sluice" train people.csv -o models/m.json >/dev/null 2>err
like 'the model in place weighs the same' "$(cat err)" '*the model in place weighs the same*'
"$gen" --seed 6 --people 320 --flat others.csv
"$sluice" train others.csv -o models/m.json --dry-run >/dev/null 2>err
like 'drift is told before anything is replaced' "$(cat err)" '*drift from the model in place: * weights moved by more than 0.25 bits*the most: *bits*'
ok '… and the model stays' cmp models/m.json two.json

# -- its use

use() { "$sluice" dedupe -q -t csv "$@"; }
use people.csv >self.out
use people.csv --model models/m.json >model.out
f1() { "$sluice" eval -q "$1" "${2:-$truth}" -t csv | sed -n 's/pairwise F1,//p'; }
ok 'a model used on the rows it is from is as right as training' awk "BEGIN { exit !($(f1 model.out) >= $(f1 self.out) - .002) }"
use others.csv --model models/m.json >other.out
ok '… and right on other rows' awk "BEGIN { exit !($(f1 other.out others.csv.truth.csv) > .9) }"
"$sluice" read others.csv --columns "$(head -n 1 others.csv | awk -F, '{ for (i = NF; i > 1; i--) printf "%s,", $i; print $1 }')" -o swapped.csv
use swapped.csv --model models/m.json >swapped.out
is 'columns in another order weigh the same' \
    "$("$sluice" read swapped.out --columns id,match_probability -t csv | cksum)" \
    "$("$sluice" read other.out --columns id,match_probability -t csv | cksum)"
head -n 4 others.csv >few.csv
use few.csv --model models/m.json >few.out
is 'three rows are fine' "$(wc -l <few.out)" 4
sed '1s/[^,]*name/&x/g' others.csv >renamed.csv
status 'a renamed column is 65' 65 "$sluice" dedupe renamed.csv --model models/m.json
like '… and the nearest is offered' "$(cat err)" "*the model compares a column '*namex'*--as*"
printf 'colour,size\nred,4\nblue,5\n' >else.csv
status 'other columns altogether are 65' 65 "$sluice" dedupe else.csv --model models/m.json
like '… and one is named' "$(cat err)" '*made for other columns*--as COLUMN=*'
head -c 3000 models/m.json >cut.json
status 'a truncated model is 65' 65 "$sluice" dedupe people.csv --model cut.json
like '… with its place' "$(cat err)" '*cut.json:*:*no JSON*'
sed '0,/"m": \[/{/"m": \[/{n;s/[0-9.e-]*$/7/}}' models/m.json >wrong.json
status 'a share of 7 is 65' 65 "$sluice" train --show wrong.json
like '… with its place' "$(cat err)" '*wrong.json: comparisons\[0\].levels\[0\].m of the match model*'
echo '{"a": 1}' >else.json
status 'another JSON is 65' 65 "$sluice" train --show else.json
status 'a model that is not there is 66' 66 "$sluice" dedupe people.csv --model gone.json

# -- too little

printf 'id,name,email\n1,Ann Baker,ann@x.com\n2,Ann Baker,ann@x.com\n3,Tom Hill,\n' >tiny.csv
status 'three rows' 0 "$sluice" train tiny.csv -o tiny.json
like '… are too few, which is said' "$(cat err)$(cat out)" '*3 records are too few*built in*'
head -n 1 tiny.csv >none.csv
status 'no rows' 0 "$sluice" train none.csv -o none.json
awk -F, -v OFS=, 'NR == 1 { print $0, "land"; next } { print $0, "GB" }' people.csv >constant.csv
"$sluice" train constant.csv --as land=category -o c.json >/dev/null 2>err
like 'a constant column is named' "$(cat err)" "*'land' (category) is not compared: all values are the same*"
awk -F, -v OFS=, 'NR == 1 { print $0, "badge"; next } { print $0, NR % 300 == 9 ? "B" NR : "" }' people.csv >thin.csv
"$sluice" train thin.csv --as badge=id -o c.json >/dev/null 2>err
like '… and a thin one, with what it lacks' "$(cat err)" "*'badge' (id) is not compared: too thin: * of * records have a value, and 0.5 % are needed*"

# -- labels

id=$(head -n 1 people.csv | cut -d, -f1)
awk -F, 'NR > 1 { if ($2 in first) print first[$2] "," $1 ",yes"; else { first[$2] = $1
    if (NR % 3 == 0 && last) print last "," $1 ",no match" } last = $1 }' $truth |
    awk -F, -v OFS=, 'BEGIN { print "left", "right", "label" } 1' >labels.csv
status 'labels' 0 "$sluice" train people.csv --id "$id" --labels labels.csv -o l.json
like '… are counted, and their columns named' "$(cat err)" "*labels: * matches and * others from * rows (columns 'left' and 'right', labels in 'label')*"
like '… and whether for the better' "$(cat err)" '*judged by the labels*without *precision*recall*with *precision*recall*'
head -n 31 labels.csv >thirty.csv
"$sluice" train people.csv --id "$id" --labels thirty.csv -o two.json >/dev/null 2>err
like 'too few to judge by are used, and what they moved is told' "$(cat err)" \
    '*the labels moved * weights by more than 0.25 bits*fewer than 40 labels*'
like '… the chart names them' "$("$sluice" train --show two.json 2>/dev/null)" '*with 30 labelled pairs*'
(head -n 1 labels.csv && sed 1d labels.csv | sort -r | awk -F, -v OFS=, '{ print $2, $1, $3 }') >turned-labels.csv
"$sluice" train -q people.csv --id "$id" --labels turned-labels.csv -o two.json
ok 'labels in another order give the same bytes' cmp l.json two.json
grep yes labels.csv | cut -d, -f1,2 | awk 'BEGIN { print "a,b" } 1' >matches.csv
"$sluice" train people.csv --id "$id" --labels matches.csv -o two.json >/dev/null 2>err
like 'two columns are all matches' "$(cat err)" "*'a' and 'b', all matches*recall*"
use people.csv --model l.json >labelled.out
ok 'the result is no worse' awk "BEGIN { exit !($(f1 labelled.out) >= $(f1 model.out) - .001) }"

# shellcheck disable=SC2046 # one id a word
set -- $(sed 1d people.csv | cut -d, -f1 | head -n 8)
cat >bad.csv <<EOF
left,right,label
$1,nobody,1
$2,$2,1
$3,$4,perhaps not
$3,$4,1
$4,$5,1
$3,$5,0
$6,$7,1
$7,$6,no
$6,$8,
EOF
status 'labels that cannot be used are 65' 65 "$sluice" train people.csv --id "$id" --labels bad.csv -o never.json --rejects bad.jsonl
like 'an unknown record is named by its line' "$(cat err)" "*line 2: no record 'nobody'*"
like '… a record with itself' "$(cat err)" '*line 3: record * with itself*'
like '… a word that is no label' "$(cat err)" "*line 4: 'perhaps not' is no label*"
like '… a chain that contradicts' "$(cat err)" '*line 7: * are labelled different, but lines 6, 5 make them one customer*'
like '… a pair labelled both ways' "$(cat err)" '*line 8: *the same, which line 9 contradicts*line 9: *different, but line 8 makes them one customer*'
like '… and how to go on' "$(cat err)" '*8 of 9 labels cannot be used*--max-rejects 8*'
is '… they are rejects' "$("$sluice" read bad.jsonl --columns line,code -t csv | sed 1d | cut -d, -f2 | sort | uniq -c | xargs)" \
    '1 bad-label 5 label-conflict 1 same-record 1 unknown-record'
ok '… nothing is written' test ! -e never.json
status '… or set aside' 0 "$sluice" train people.csv --id "$id" --labels bad.csv -o set.json --max-rejects 8 --rejects bad.jsonl
awk 'BEGIN { print "left,right,label"; for (i = 0; i < 50; i++) print "no" i ",x" i ",1" }' | sed "\$a $3,$4,1" >many.csv
status 'many bad labels' 65 "$sluice" train people.csv --id "$id" --labels many.csv -o never.json --rejects bad.jsonl
is '… are listed up to twenty' "$(grep -c 'line [0-9]*: no records' err)" 20
like '… the rest counted' "$(cat err)" '*and 30 more labels*'
is '… and all in the file' "$("$sluice" read bad.jsonl -t csv | sed 1d | wc -l)" 50
printf 'x,y,z\na,b,c\n' >odd.csv
status 'a file without labels is 65' 65 "$sluice" train people.csv --id "$id" --labels odd.csv -o never.json
like '… and says what it lacks' "$(cat err)" '*no column of the labels holds ids*'
awk -F, -v OFS=, '{ $1 = NR % 2; print }' people.csv | sed "1s/^[^,]*/$id/" >noid.csv
status 'rows without names are 64' 64 "$sluice" train noid.csv --id "$id" --labels labels.csv -o never.json
like '… and --id is offered' "$(cat err)" '*--id*'

# A project whose records these rows are not: neither its rules nor the place of its model.
mkdir -p other && cat >other/sluice.yaml <<'END'
project: other
landing: landing/
lake: lake/
sources:
  shop: {pull: 'shop-*.csv', record: {key: nr, full_name: name}}
match: {certain: [[loyalty_id]]}
END
status 'rows that are not the project'"'"'s do not take its model'"'"'s place' 64 "$sluice" train -c other/sluice.yaml people.csv --id "$id"
ok '… none is written' test ! -e other/models
status '… nor follow its rules' 0 "$sluice" train -q -c other/sluice.yaml people.csv --id "$id" -o own.json
plan
