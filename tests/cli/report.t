#!/bin/sh
# report: the page about a match and its compared pairs; explanations of a file's rows.
. tests/cli/tap.sh

cd "$tmp" || exit 1
cat >people.csv <<'END'
nr,given_name,surname,dob,phone,town
1,Anna,Winterbourne,1970-03-04,01632 960123,Ely
2,Anna,Winterbourn,1970-03-04,01632 960123,Ely
3,Georg,Winterbourne,1968-11-30,01632 960123,Ely
4,<script>alert(1)</script>,O'Neil & Sons,1991-07-21,,Bath
5,Anna,Winterbourne,,01632 960123,
6,<script>alert(1)</script>,O'Neil & Sons,1991-07-21,,Wells
END
status 'a report of a match' 0 "$sluice" dedupe people.csv --id nr --report page.html --pairs pairs.csv -o ids.csv
is '… is private' "$(stat -c %a page.html)" 600
ok '… fetches nothing and runs nothing' sh -c '! grep -qiE "<script|http:|https:|src=|@import|url\(" page.html'
like '… shows what the columns were taken for' "$(cat page.html)" '*<td>surname</td><td class="taken">family-name</td>*'
like '… and weights by their level' "$(cat page.html)" '*family*<td>one edit</td><td class="bar"><svg*'
like '… and values as text' "$(sed -n '/id="largest"/,$p' page.html)" '*&lt;script&gt;alert(1)&lt;/script&gt;*O&#39;Neil &amp; Sons*'
"$sluice" dedupe -q people.csv --id nr --report one.html --pairs one.csv -o one-ids.csv --threads 1
ok '… is the same on one thread' cmp page.html one.html
ok '… and so are the pairs' cmp pairs.csv one.csv
"$sluice" dedupe -q people.csv --id nr -o plain.csv
ok 'the report changes no result' cmp plain.csv ids.csv
is 'pairs have a head that eval knows' "$(head -n 1 pairs.csv)" 'id_l,id_r,match_weight,match_probability'
like '… and each compared pair' "$(cat pairs.csv)" '*
1,2,*
*1,3,*'
status 'a report that cannot be written is 73' 73 "$sluice" dedupe people.csv --report /nowhere/page.html -o x.csv
ok '… leaves no result' test ! -e x.csv
printf 'nr,name\n' >none.csv
status 'a report of no rows' 0 "$sluice" dedupe none.csv --report none.html -o x.csv
like '… is a page too' "$(cat none.html)" '*No customer has more than one record*</html>*'

cat >sluice.yaml <<'END'
project: p
region: GB
lake: lake/
landing: landing/
sources:
  crm:
    pull: people.csv
    record: {key: nr, given_name: given_name, family_name: surname, birth_date: dob, phone: phone, address: {city: town}}
END
"$sluice" pull -q && "$sluice" map -q -o records.arrow
status 'a report of canonical records' 0 "$sluice" match records.arrow --report match.html --pairs match.csv -o linked.arrow
like '… names records by source and key' "$(cat match.html)" '*weakest link crm:* and crm:5*'
like '… and so do the pairs' "$(cat match.csv)" '*
crm:1,crm:2,*'
status '… now with the model that was made' 0 "$sluice" match records.arrow --report match.html -o linked.arrow
like '… which it says' "$(cat match.html)" '*model that was given*'

"$sluice" explain -q --file ids.csv --id nr 1 2 >out
is 'two rows of a file' $? 0
like '… comparison by comparison' "$(cat out)" '*surname *one edit *winterbourne | winterbourn*more likely one person*'
is '… the other way round, the same weight' "$("$sluice" explain -q --file ids.csv --id nr 2 1 | grep '^weight')" "$(grep '^weight' out)"
like 'two of one household' "$("$sluice" explain -q --file ids.csv --id nr 1 3)" \
    '*the same household or family, *:1, not the same person, because *given_name*differs*household shows in *phone*'
is '… in 80 columns' "$("$sluice" explain -q --file people.csv --id nr 1 3 | awk '{gsub(/[\200-\277]/, "")} length($0) > 80')" ''
like '… as an object' "$("$sluice" explain -q --file ids.csv --id nr 1 3 -t json | tr -d ' \n')" \
    '*"comparisons":?{"field":"given_name","first":"anna","second":"georg"*"rule":null*'
customer=$(sed -n 's/^\([^,]*\),[^,]*,1,.*/\1/p' ids.csv)
like 'what holds a customer together' "$("$sluice" explain -q --file ids.csv --id nr "$customer")" \
    '*held together by 2 links, weakest first*cut at the weakest link*1: 5*between them 2 pairs*'
like '… as an object' "$("$sluice" explain -q --file ids.csv --id nr "$customer" -t json | tr -d ' \n')" '*"links":?{*"cut":{"one":*"pairs":2*'
is '… of the file before it was matched, too' "$("$sluice" explain -q --file people.csv --id nr "$customer")" \
    "$("$sluice" explain -q --file ids.csv --id nr "$customer")"
alone=$(sed -n 's/^\([^,]*\),[^,]*,3,.*/\1/p' ids.csv)
like 'a customer of one row' "$("$sluice" explain -q --file ids.csv --id nr "$alone")" '*1 row*one record*'
status 'an unknown row is 66' 66 "$sluice" explain --file ids.csv --id nr 1 99
like '… and named' "$(cat err)" "*'99'*"
status 'an unknown customer is 66' 66 "$sluice" explain --file ids.csv NOBODY
status 'one row twice is 64' 64 "$sluice" explain --file ids.csv --id nr 1 1
status 'a missing file is 66' 66 "$sluice" explain --file nowhere.csv A
status 'a model without a file is 64' 64 "$sluice" explain --model m.json A
status 'another format is 64' 64 "$sluice" explain --file ids.csv A -t csv
plan
