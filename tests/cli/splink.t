#!/bin/sh
# Splink's models: dedupe, match and explain take one, train writes one, what cannot be taken over is refused.
. tests/cli/tap.sh

gen=$PWD/build/gen
cd "$tmp" || exit 1
cat >model.json <<'EOF'
{"link_type": "dedupe_only", "sql_dialect": "duckdb", "unique_id_column_name": "id",
 "probability_two_random_records_match": 0.1,
 "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.\"Name\" = r.\"Name\"", "sql_dialect": "duckdb"},
   "substr(l.email,1,3) = substr(r.email,1,3)"],
 "comparisons": [
  {"output_column_name": "name", "comparison_levels": [
   {"sql_condition": "\"name_l\" IS NULL OR \"name_r\" IS NULL", "is_null_level": true},
   {"sql_condition": "\"name_l\" = \"name_r\"", "label_for_charts": "same name", "m_probability": 0.8, "u_probability": 0.01},
   {"sql_condition": "ELSE", "m_probability": 0.2, "u_probability": 0.99}]},
  {"output_column_name": "email", "comparison_levels": [
   {"sql_condition": "email_l IS NULL OR email_r IS NULL", "is_null_level": true},
   {"sql_condition": "jaro_winkler_similarity(email_l, email_r) >= 0.9", "m_probability": 0.9, "u_probability": 0.001},
   {"sql_condition": "ELSE", "m_probability": 0.1, "u_probability": 0.999}]}]}
EOF
cat >rows.csv <<'EOF'
id,name,email,note
1,Ann Lee,ann.lee@mail.com,x
2,Ann Lee,ann.lee@mail.co,
3,ann lee,other@post.org,y
4,Bob Ray,,z
5,Bob Ray,bob@post.org,
EOF
status 'dedupe takes a model of Splink by its contents' 0 "$sluice" dedupe -q --model model.json --pairs pairs.csv --pairs-above 0 \
    rows.csv -t csv
is '… joins what reaches .95, and case tells apart as it does there' "$(awk -F, '{ print $3, $1 == was; was = $1 }' out | tail -n +2)" '1 0
2 1
3 0
4 0
5 0'
is '… and writes the pairs with their weights' "$(cut -d, -f1-3 pairs.csv)" 'id_l,id_r,match_weight
1,2,12.9658
4,5,3.1523'
"$sluice" dedupe -q --model model.json --threshold .8 rows.csv -t csv >lower.csv
is 'a lower threshold joins more' "$(sed 1d lower.csv | cut -d, -f1 | sort -u | wc -l | tr -d ' ')" 3
"$sluice" dedupe -q --threads 1 --model model.json rows.csv -t csv >one.csv
ok '… on one thread the same bytes' cmp out one.csv
status 'explain draws the waterfall' 0 "$sluice" explain --file rows.csv --id id --model model.json 1 2
like '… each level, the sum, the rule' "$(cat out)" '*same name*+6.32*weight (bits)*+12.97*blocking rule 1*'
status '… as JSON too' 0 "$sluice" explain --file rows.csv --id id --model model.json 1 2 -t json
like '…' "$(cat out)" '*"account"*+6.32*'
status 'a plan is of rules of ours' 64 "$sluice" dedupe --plan --model model.json rows.csv

sed 's/name_r\\""/name_r\\" AND soundex(name_l) = 1"/' model.json >odd.json
status 'SQL that is not known is refused' 65 "$sluice" dedupe --model odd.json rows.csv
like '… with its place and its words' "$(cat err)" "*odd.json*comparison 'name', level 2*soundex*"
sed 's/"duckdb"/"postgres"/g' model.json >dialect.json
status 'another dialect is refused' 65 "$sluice" dedupe --model dialect.json rows.csv
head -c 700 model.json >cut.json
status 'a cut file is refused' 65 "$sluice" dedupe --model cut.json rows.csv
sed 's/email/emial/g' rows.csv >typo.csv
status 'a column that is not there is' 65 "$sluice" dedupe --model model.json typo.csv
like '… named with the nearest' "$(cat err)" "*'email'*did you mean 'emial'*"
status 'a threshold that is none' 64 "$sluice" dedupe --threshold 7 rows.csv

"$gen" --people 1200 --flat people.csv --truth truth.csv
status 'train writes a model for Splink' 0 "$sluice" train --as splink -o written.json people.csv
like '… and says what it cannot say there' "$(cat err)" '*for Splink: *household class*'
like '… in the settings that Splink has' "$(cat written.json)" '*blocking_rules_to_generate_predictions*sql_condition*'
status '… which we read ourselves' 0 "$sluice" dedupe -q --model written.json people.csv -o joined.csv

mkdir project
cat >project/sluice.yaml <<'EOF'
project: p
region: GB
lake: lake/
landing: landing/
sources:
  a:
    pull: a.csv
    record: {key: id, given_name: name, family_name: email}
match:
  model: model.json
EOF
sed 's/email/family_name/g; s/\([^_]\)name/\1given_name/g; s/Name/given_name/g; s/"id"/"key"/' \
    model.json >project/model.json
printf 'id,name,email\n1,Ann,ann.lee@mail.com\n2,Ann,ann.lee@mail.co\n3,Bob,bob@post.org\n' >project/a.csv
cd project || exit 1
status 'a project may have such a model' 0 "$sluice" run -q
is '… whose customers are in the lake' "$("$sluice" read -t csv lake/customer 2>/dev/null | sed 1d | wc -l | tr -d ' ')" 2
status '… and explain its pairs' 0 "$sluice" explain a:1 a:2
like '…' "$(cat "$tmp/out")" '*weight (bits)*blocking rule*'
plan
