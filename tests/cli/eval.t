#!/bin/sh
# eval: known figures for known groups, ids or pairs as truth, and what cannot be judged.
. tests/cli/tap.sh

cd "$tmp" || exit 1
# Groups found: {1,2} {3,4,5} {6}; true: {1,2} {3,4} {5,6}. Pairs: 4 found, 3 true, 2 right.
printf 'customer_id,match_probability,nr\nA,1,1\nA,1,2\nB,1,3\nB,1,4\nB,1,5\nC,1,6\n' >result.csv
printf 'nr,entity_id\n1,10\n2,10\n3,20\n4,20\n5,30\n6,30\n' >ids.csv
printf 'nr_l,nr_r\n2,1\n3,4\n5,6\n' >pairs.csv
figure() { "$sluice" eval -q -t csv "$@" | sed -n "s/^$measure,//p"; }
all() { for measure in 'pairwise precision' 'pairwise recall' 'pairwise F1' 'pairs right'; do figure "$@"; done | xargs; }

right='0.5 0.666667 0.571429 2'
is 'ids as truth' "$(all result.csv ids.csv)" "$right"
is 'pairs as truth' "$(all result.csv pairs.csv)" "$right"
measure='B-cubed precision' # (1+1+2/3+2/3+1/3+1)/6
is 'B-cubed precision' "$(figure result.csv ids.csv)" 0.777778
measure='B-cubed recall' # (1+1+1+1+1/2+1/2)/6
is 'B-cubed recall' "$(figure result.csv ids.csv)" 0.833333
measure='clusters exactly right'
is 'clusters exactly right' "$(figure result.csv ids.csv)" 1
measure='largest cluster found'
is 'the largest cluster' "$(figure result.csv ids.csv)" 3
is 'a result that is the truth' "$(all ids.csv ids.csv)" '1 1 1 3'
printf 'nr,entity_id\n1,2\n2,2\n3,4\n4,4\n5,6\n6,6\n' >alike.csv
is 'customers whose numbers look like row ids are no pairs' "$(all result.csv alike.csv)" "$right"
"$sluice" read ids.csv --types nr=int64 -o ids.parquet
is 'typed ids of Parquet are the same ids' "$(all result.csv ids.parquet)" "$right"
(head -n 1 ids.csv && sed 1d ids.csv | sort -r) >turned.csv
is 'the order of the truth does not matter' "$(all result.csv turned.csv)" "$right"

head -n 5 ids.csv >half.csv
status 'records that the truth lacks are not judged' 0 "$sluice" eval result.csv half.csv -t csv
like '… and counted' "$(cat err)" '*2 records are not in the truth*'
is '… figures are of the others' "$(all result.csv half.csv)" '1 1 1 2'
(cat ids.csv && printf '7,40\n8,40\n') >more.csv
status 'truth of records that are not there' 0 "$sluice" eval result.csv more.csv -t csv
like '… is counted' "$(cat err)" '*2 rows of the truth name records that the result does not have*'
is '… and does not change the figures' "$(all result.csv more.csv)" "$right"
is 'columns can be named' "$(all result.csv ids.csv --id nr --cluster customer_id --truth-id nr --truth-cluster entity_id)" "$right"
for option in id cluster truth-id truth-cluster; do
    status "a misspelt column in --$option is refused" 64 "$sluice" eval result.csv ids.csv "--$option" entity_ids
    like '… and named' "$(cat err)" "*'entity_ids'*"
done
printf 'nr,entity_id\nx,1\ny,2\n' >foreign.csv
status 'a truth of other records is 65' 65 "$sluice" eval result.csv foreign.csv
like '… and says so' "$(cat err)" "*no id of column 'nr'*"
printf 'customer_id,nr\nA,1\nB,1\n' >twice.csv
status 'an id that is in two rows is 65' 65 "$sluice" eval twice.csv ids.csv
like '… and named' "$(cat err)" "*'nr'*'1'*"
status 'one file is 64' 64 "$sluice" eval result.csv
status 'a missing truth is 66' 66 "$sluice" eval result.csv nowhere.csv
like 'figures for a program' "$("$sluice" eval -q result.csv ids.csv -t json)" '*"measure":*"pairwise F1"*"value":*0.571429*'
"$sluice" eval -q ids.csv ids.csv -t csv 2>err | head -n 1 >out
is 'a reader that leaves is no error' "$(cat err)" ''
plan
