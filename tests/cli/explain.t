#!/bin/sh
# explain, timeline and status: what they say of a small lake, and of what it does not have.
. tests/cli/tap.sh

cd "$tmp" || exit 1
printf 'id,changed,name,mail,born,tax\n1,2026-01-01,Ann Baker,ann@x.com,1970-01-01,T1\n2,2026-01-01,Tom Hill,t@y.org,,\n' >billing.csv
printf 'id,changed,name,mail,born,tax\n7,2026-02-02,Ann Baker-Olsen,new@x.com,1970-01-01,T1\n8,2026-01-01,Eve Stone,e@z.net,1999-09-09,\n' >sales.csv
printf 'id,who,at,total\nI1,1,2026-01-05,10.50\nI2,7,2026-01-06,1.00\n' >invoices.csv
cat >sluice.yaml <<'EOF'
project: p
region: GB
lake: lake/
landing: landing/
sources:
  billing:
    pull: billing.csv
    record: {key: id, updated_at: changed, full_name: name, email: mail, birth_date: born, tax_id: tax}
    events:
      - {pull: invoices.csv, kind: {value: invoice}, id: id, customer: who, at: at, gross: total, currency: {value: GBP}}
  sales:
    pull: sales.csv
    record: {key: id, updated_at: changed, full_name: name, email: mail, birth_date: born, tax_id: tax}
match:
  certain: [[tax_id]]
golden:
  trust: {billing: 90, sales: 50}
  fields:
    name: {together: [given_name, family_name], prefer: [trust]}
    email: {prefer: [recent], keep: all}
EOF
status 'status before any run' 0 "$sluice" status -t csv
like '… says that there is none' "$(cat err)" "*no run yet*'sluice run'*"
status 'explain before any run is 66' 66 "$sluice" explain billing:1 sales:7
status 'the run' 0 "$sluice" run
like '… says when events belong to nobody' "$(cat err)" '*1 events belong to no customer*'
is 'status lists the run and its counts' "$("$sluice" status -t csv --columns run,records,rejects,customers,events,orphan_events)" \
    'run,records,rejects,customers,events,orphan_events
1,4,0,3,2,1'
status 'a misspelt column of status is 64' 64 "$sluice" status --columns custmers
like '… and the nearest is offered' "$(cat err)" "*'customers'*"

ann=$("$sluice" read lake/customer_xref -t csv --columns source,key,customer_id | sed -n "s/^billing,1,//p")
"$sluice" explain "$ann" >out 2>err
is 'a customer' $? 0
like '… says which source gave a value, and what lost to what' "$(cat out)" \
    "*email *new@x.com *sales:7 (the most recent)*not *ann@x.com *billing:1*"
like '… and by which rule' "$(cat out)" '*family_name *Baker *billing:1 (the most trusted source)*'
like '… and what all agree on' "$(cat out)" '*birth_date *1970-01-01*'
like '… and which links hold it together' "$(cat out)" \
    '*held together by 1 link, weakest first*billing:1 and sales:7: certain, by a rule*cut at the weakest link*1: billing:1*1: sales:7*'
is '… in 80 columns' "$(sed -n '/^held/,$p' out | awk '{gsub(/[\200-\277]/, "")} length($0) > 80')" ''
"$sluice" explain "$ann" -t json | tr -d ' \n' >object
like '… as an object' "$(cat object)" '{"golden":?{"field":*"value":"new@x.com"*"customer_id":"'"$ann"'","links":?{"first":"billing:1","second":"sales:7"*"rule":"certain"*"cut":{*}}'
"$sluice" explain "$ann" email >one
is 'one field is that part of it' "$(sed 1d one | cut -c3-7 | head -n 1)" email
ok '… and no other' sh -c '! grep -q birth_date one'
status 'an unknown field is 66' 66 "$sluice" explain "$ann" emial
like '… and the nearest is offered' "$(cat err)" "*'$ann'*'emial'*'email'*"
status 'an unknown customer is 66' 66 "$sluice" explain 0000000000000
like '… and named' "$(cat err)" "*no customer '0000000000000'*"
"$sluice" explain billing:1 sales:7 >out 2>err
is 'two records' $? 0
like '… comparison by comparison, with the sum' "$(cat out)" '*family_name*birth_date*sum*probability*'
is '… the other way round, the same weight' "$("$sluice" explain sales:7 billing:1 | grep '^weight')" "$(grep '^weight' out)"
like '… and the rule that decides' "$(cat out)" "*a 'certain' rule of the project joins them*"
like '… and what the lake has' "$(cat out)" "*as one customer, $ann*"
like '… as an object' "$("$sluice" explain billing:1 sales:7 -t json | tr -d ' \n')" '*"rule":"certain"*"customers":?"'"$ann"'","'"$ann"'"?*'
like 'two people' "$("$sluice" explain billing:2 sales:8)" '*more likely two people*the lake has them as two customers*'
status 'one record twice is 64' 64 "$sluice" explain billing:1 billing:1
for pair in 'billing:99 sales:7' 'billing:1 sales:99' 'nobody:1 sales:7'; do
    # shellcheck disable=SC2086
    status "an unknown record is 66 ($pair)" 66 "$sluice" explain $pair
done
like '… and named' "$(cat err)" "*'nobody:1'*"
status 'nothing to explain is 64' 64 "$sluice" explain
status 'three operands are 64' 64 "$sluice" explain a b c
like 'the timeline has the event' "$("$sluice" timeline "$ann" -t csv)" '*2026-01-05*invoice*10.5*'
status 'the timeline of nobody is 66' 66 "$sluice" timeline 0000000000000
for tool in "explain $ann" "timeline $ann" status; do
    # shellcheck disable=SC2086
    "$sluice" $tool 2>err | true
    is "a reader that leaves is no error ($tool)" "$(cat err)" ''
done
plan
