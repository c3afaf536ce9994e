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
status 'one file alone is 64' 64 "$sluice" eval result.csv
status 'a missing truth is 66' 66 "$sluice" eval result.csv nowhere.csv
json() { "$sluice" eval -q "$@" -t json | tr -d ' \n'; }
like 'figures for a program' "$(json result.csv ids.csv)" '*"pairwise":{"precision":0.5,"recall":0.666667,"f1":0.571429}*'

# By threshold: at .5 three pairs, two of them right; at .3 four, all three true ones among them.
printf 'id_l,id_r,match_weight,match_probability\n1,2,3,0.9\n4,3,1,0.6\n4,5,0,0.5\n6,5,-1,0.3\n' >scored.csv
measure="pairs' precision at 0.5"
is 'precision at a threshold' "$(figure result.csv ids.csv --pairs scored.csv)" 0.666667
measure="pairs' recall at 0.5"
is 'recall at a threshold' "$(figure result.csv ids.csv --pairs scored.csv)" 0.666667
measure="pairs' F1 at 0.3"
is 'F1 at a lower one' "$(figure result.csv ids.csv --pairs scored.csv)" 0.857143
is '… the same with pairs as truth' "$(figure result.csv pairs.csv --pairs scored.csv)" 0.857143
like 'a pair that was compared and scored low' "$(json result.csv ids.csv --pairs scored.csv)" '*"compared":3,"lost":0,"joined_unseen":0,"scored_low":1,"kept_apart":0*'
head -n 4 scored.csv >fewer.csv
like 'a pair that was never compared is what blocking lost' "$(json result.csv ids.csv --pairs fewer.csv)" '*"compared":2,"lost":1*'
measure='F1 of a perfect scorer' # recall 2/3
is '… and bounds a perfect scorer' "$(figure result.csv ids.csv --pairs fewer.csv)" 0.8
printf 'id_l,id_r,match_probability\n1,2,0.9\n' >splink.csv
measure="pairs' recall at 0.9"
is 'pairs under the names of other tools' "$(figure result.csv ids.csv --pairs splink.csv)" 0.333333
printf 'id_l,id_r,match_probability\n1,2,often\n' >words.csv
status 'a probability that is none is 65' 65 "$sluice" eval result.csv ids.csv --pairs words.csv
like '… with its line' "$(cat err)" "*line 2*'often'*"
status 'pairs without their columns are 65' 65 "$sluice" eval result.csv ids.csv --pairs ids.csv
status 'pairs without a truth are 64' 64 "$sluice" eval result.csv --compare ids.csv --pairs scored.csv

"$sluice" eval -q result.csv ids.csv -t text >words
like 'the worst customer and its ids' "$(cat words)" '*most wrong pairs*B: 3 records, 2 wrong pairs, 2 true customers*3, 4, 5*'
like 'a true customer in pieces' "$(cat words)" '*most missed pairs*30: 2 records, 1 missed pairs, 2 pieces*5, 6*'
printf 'customer_id,nr,name,town\nA,1,ann,Ely\nB,2,anne,ely\nC,3,bob,\nD,4,rob,York\n' >named.csv
printf 'nr,entity_id\n1,1\n2,1\n3,2\n4,2\n' >named-truth.csv
like 'missed pairs by what differs' "$(json named.csv named-truth.csv)" '*"missed":?{"pairs":2,"differs":"name","missing":"town","example":?"1","2"??*'

# Another result: {1,2} {3,4} {5} {6}, which is {3,4,5} split.
printf 'customer_id,nr\nP,1\nP,2\nQ,3\nQ,4\nR,5\nS,6\n' >other.csv
like 'two results and a truth' "$(json result.csv ids.csv --compare other.csv)" \
    '*"pairs_both":2,"pairs_only_here":2,"pairs_only_other":0,"clusters":{"same":2,"split":1,"merged":0,"mixed":0}*"right_only_here":0*'
measure="other's pairwise F1"
is '… the F1 of the other' "$(figure result.csv ids.csv --compare other.csv)" 0.8
like '… the other way round' "$(json other.csv ids.csv --compare result.csv)" '*"clusters":{"same":2,"split":0,"merged":2,"mixed":0}*'
like 'two results alone' "$("$sluice" eval -q result.csv --compare other.csv -t text)" '*joined only here*3 and 5*'
printf 'customer_id,nr\nP,1\nQ,1\n' >twice2.csv
status 'an id twice in the other is 65' 65 "$sluice" eval result.csv --compare twice2.csv

printf 'nr,entity_id\n1,10\n2,10\n1,20\n' >contrary.csv
status 'a truth that contradicts itself is 65' 65 "$sluice" eval result.csv contrary.csv
like '… with the lines' "$(cat err)" "*'1' (lines 2 and 4)*"
like 'a row twice in the result has its lines' "$("$sluice" eval twice.csv ids.csv 2>&1)" "*'1' (lines 2 and 3)*"
"$sluice" eval result.csv more.csv -t csv 2>err >out
like 'unknown ids have their lines' "$(cat err)" "*'7' (line 8), '8' (line 9)*"
"$sluice" eval result.csv half.csv -t csv 2>err >out
like 'records that are not judged too' "$(cat err)" "*'5' (line 6), '6' (line 7)*"
"$sluice" eval -q ids.csv ids.csv -t csv 2>err | head -n 1 >out
is 'a reader that leaves is no error' "$(cat err)" ''
plan
