#!/bin/sh
# block: a user's own rules for which pairs are compared, and what they would cost.
. tests/cli/tap.sh

gen=$PWD/build/gen
cd "$tmp" || exit 1
plan_of() { "$sluice" dedupe -q --plan -t tsv "$@" 2>>"$tmp/err"; }
column() { cut -f"$1" | sed 1d | tr '\n' ' ' | sed 's/ $//'; }

cat >small.csv <<'END'
id,given_name,family_name,postcode,birth_date,email
1,Anna,Lee,AB1 2CD,1970-02-03,anna@one.test
2,Ann,Lee,ab12cd,1970-02-03,ANNA@one.test
3,Bob,Lea,AB1 9ZZ,1981-02-03,bob@one.test
4,Bob,Leigh,,1981-12-30,bob@two.test
5,Zoe,Müller,AB1 2CD,,n/a
6,Zoë,Muller,XY9 9YX,,n/a
END
is 'a rule of one column' "$(plan_of small.csv --block email | sed 1d | cut -f1-3 | tr '\t' ,)" 'email,1,1'
is 'case, accents and punctuation do not keep values apart' "$(plan_of small.csv --block family_name --block postcode | column 2)" '2 3'
is '… but with exact they do' "$(plan_of small.csv --block 'exact(family_name)' --block 'exact(postcode)' | column 2)" '1 1'
is 'a pair belongs to the first rule' "$(plan_of small.csv --block family_name --block postcode | column 3)" '2 2'
is 'prefix, suffix' "$(plan_of small.csv --block 'prefix(family_name,2)' --block 'suffix(postcode,2)' | column 2)" '7 3'
is 'year, month, day' "$(plan_of small.csv --block 'year(birth_date)' --block 'month(birth_date)' --block 'day(birth_date)' | column 2)" '2 3 3'
is 'soundex' "$(plan_of small.csv --block 'soundex(family_name)' | column 2)" '4'
is 'a conjunction' "$(plan_of small.csv --block 'given_name,year(birth_date)' --block 'user(email)' --block 'domain(email)' | column 2)" '1 2 3'
is 'the largest blocks with their keys' \
    "$(plan_of small.csv --block 'prefix(postcode,3),day(birth_date)' | sed 1d | cut -f9-)" 'ab1 + 03: 3'
status 'an unknown function is 64' 64 "$sluice" dedupe small.csv --block 'prefx(postcode,3)'
like '… and the nearest is offered' "$(cat err)" "*'prefx'*'prefix'*"
status 'an unknown column is 64' 64 "$sluice" dedupe small.csv --block 'prefix(postcod,3)'
like '… and the nearest is offered' "$(cat err)" "*'postcod'*'postcode'*"
status 'a length is needed' 64 "$sluice" dedupe small.csv --block 'prefix(postcode)'
status 'and a sensible one' 64 "$sluice" dedupe small.csv --block 'prefix(postcode,0)'
status 'a ) is needed' 64 "$sluice" dedupe small.csv --block 'year(birth_date'
status 'a mode is replace or join' 64 "$sluice" dedupe small.csv --block email --block-mode both
status 'a mode without rules is a mistake' 64 "$sluice" dedupe small.csv --block-mode join
status 'the plan as JSON' 0 "$sluice" dedupe -q small.csv --plan --block email -t json
like '… has the counts as numbers' "$(tr -d ' \n' <out)" '*"pairs":1,"new_pairs":1*'
is 'a plan of no rows is empty' "$(printf 'email\n' | plan_of - --block email | sed 1d | cut -f1-3 | tr '\t' ,)" 'email,0,0'

"$gen" --people 2000 --seed 7 --no-events --flat people.csv >/dev/null
"$sluice" dedupe -q people.csv --block 'postcode,family_name' -t csv -o rule.csv 2>err
"$sluice" dedupe -q people.csv --block 'postcode,family_name' --block-mode join -t csv -o both.csv
"$sluice" dedupe -q people.csv -t csv -o auto.csv
count() { cut -d, -f1 "$1" | sed 1d | sort -u | wc -l; }
ok 'rules alone find less than rules with the automatic candidates' test "$(count rule.csv)" -gt "$(count both.csv)"
ok '… which find about what the automatic ones find' test $(($(count both.csv) * 100)) -lt $(($(count auto.csv) * 102))
is 'threads change nothing' "$("$sluice" dedupe -q --threads 1 people.csv --block 'postcode,family_name' -t csv | cksum)" "$(cksum <rule.csv)"
like 'the automatic candidates have a plan, too' "$(plan_of people.csv)" '*family_name*'

# A block bomb: 30,000 people of one town.
awk 'BEGIN { print "given_name,family_name,city"; for (i = 0; i < 30000; i++)
    printf "g%d,f%d,London\n", i % 500, i % 7919 }' >town.csv
plan_of town.csv --as given_name=given-name --as family_name=family-name --block city >plan.csv
is 'a block too large is not compared whole' "$(sed 1d plan.csv | awk '$2 > 0 && $2 < 3000000 && $6 > 400000000 { print "refined" }')" refined
is '… and no pair is lost count of' "$(sed 1d plan.csv | awk '{ print $2 + $6 }')" 449985000
"$sluice" dedupe town.csv --as given_name=given-name --as family_name=family-name --block city -t csv -o /dev/null 2>err
like '… and matching says so' "$(cat err)" "*blocks of 'city' hold more than*30000*"

plan
