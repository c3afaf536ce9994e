#!/bin/sh
# Night after night: ids stay, events come once each, nothing new is nothing done, and a run that was killed anywhere
# ends, run again, in the tables of one that was not.
. tests/cli/tap.sh

gen=$PWD/build/gen
project=$PWD/pipelines/demo/sluice.yaml
"$gen" --seed 5 --people 150 --nights 3 "$tmp/all"
nights=$(find "$tmp/all" -name 'billing-*' | sed 's/.*billing-\([0-9]*\)\..*/\1/' | sort)

new_project() { # FOLDER
    mkdir -p "$1/exports"
    cp "$project" "$1/sluice.yaml"
}

deliver() { cp "$tmp/all/"*"-$2."* "$1/exports/"; } # FOLDER NIGHT
run() { (cd "$1" && "$sluice" run 2>err); }
rows() { "$sluice" read "$tmp/$1/lake/$2" -t csv; }
column() { "$sluice" read "$tmp/$1/lake/$2" -t csv --columns "$3" | sed 1d; }
digest() { (cd "$tmp/$1" && find lake -name '*.parquet' ! -path '*/run/*' | sort | xargs sha256sum); }

new_project "$tmp/calm"
night=0
for day in $nights; do
    night=$((night + 1))
    deliver "$tmp/calm" "$day"
    run "$tmp/calm"
    is "night $night succeeds" $? 0
    column calm customer_xref source,key,customer_id | sort >"$tmp/xref$night"
    column calm event source,id | sort >"$tmp/events$night"
    column calm identity_event event,customer_id,other_id >"$tmp/identity$night"
    is "… events come once each" "$(uniq -d "$tmp/events$night")" ''
    is "… every record has one customer" "$(cut -d, -f1,2 "$tmp/xref$night" | uniq -d)" ''
    is "… every customer of a record is a customer" "$(column calm customer_xref customer_id | sort -u)" \
        "$(column calm customer customer_id | sort)"
done
is 'there are three nights' $night 3
is 'no event is lost' "$(comm -23 "$tmp/events1" "$tmp/events3")" ''
ok '… and there are new ones' [ "$(wc -l <"$tmp/events3")" -gt "$(wc -l <"$tmp/events1")" ]

# Ids: whoever has another id than the night before has an identity event that says so.
for night in 2 3; do
    awk -F, -v night=$night '
        FILENAME == ARGV[1] { was[$1 "," $2] = $3; next }
        FILENAME == ARGV[2] { told[$2] = told[$3] = 1; next }
        ($1 "," $2) in was && was[$1 "," $2] != $3 { moved++; if (!told[$3]) print "moved unseen:", $0 }
        { all++ }
        END { if (moved * 20 > all) print moved " of " all " records moved" }
    ' "$tmp/xref$((night - 1))" "$tmp/identity$night" "$tmp/xref$night" >"$tmp/moved"
    is "night $night: ids stay, or an identity event says why not" "$(cat "$tmp/moved")" ''
done
alive() { # NIGHT: the customers that the identity events leave alive
    awk -F, '$1 == "created" || $1 == "split" { alive[$2] = 1 }
        $1 == "merged" || $1 == "retired" || $1 == "erased" { delete alive[$2] }
        END { for (id in alive) print id }' "$tmp/identity$1" | sort
}
for night in 1 2 3; do
    is "night $night: the identity events tell who is alive" "$(alive $night)" "$(cut -d, -f3 "$tmp/xref$night" | sort -u)"
done

before=$(digest calm)
run "$tmp/calm"
is 'a night without news succeeds' $? 0
like '… says so' "$(cat "$tmp/calm/err")" '*nothing is new*'
is '… and leaves every table as it was' "$(digest calm)" "$before"
is '… and is no run' "$(column calm run run | tail -n 1)" 3

# The same delivery under another name is nothing new.
cp "$tmp/calm/exports/billing-$day.csv.gz" "$tmp/calm/exports/billing-29991231.csv.gz"
run "$tmp/calm"
like 'the same delivery under another name is nothing new' "$(cat "$tmp/calm/err")" '*nothing is new*'

# kill -9, ten times at many moments of the three nights, then once more to the end.
new_project "$tmp/killed"
kills=0
for day in $nights; do
    deliver "$tmp/killed" "$day"
    for delay in 0.03 0.12 0.3 0.06 0.2; do
        (cd "$tmp/killed" && exec timeout --foreground -s KILL $delay "$sluice" run -q 2>/dev/null) && continue
        kills=$((kills + 1))
    done
    run "$tmp/killed"
    is "a run that was killed ends when run again ($day)" $? 0
done
ok 'runs were killed' [ $kills -ge 5 ]
for table in customer customer_xref source_record customer_lineage identity_event event reject; do
    rows calm $table | sed "s,$tmp/calm,,g" | sort >"$tmp/a"
    rows killed $table | sed "s,$tmp/killed,,g" | sort >"$tmp/b"
    ok "… and leaves the same $table" cmp "$tmp/a" "$tmp/b"
done
is 'each night is one run' "$(column killed run run | tr '\n' ' ')" '1 2 3 '
is 'what killed runs left is hidden from readers' "$(find "$tmp/killed/lake" -name '*tmp*' | sed 's,/[.].*,,' | grep tmp- )" ''

# Created, merged, split, retired: four small nights, the customers known by a number that certainly says who they are.
mkdir -p "$tmp/small/exports"
cat >"$tmp/small/sluice.yaml" <<'EOF'
project: small
region: GB
landing: landing/
lake: lake/
sources:
  crm:
    pull: exports/crm-*.csv
    delivery: snapshot
    record: {key: id, updated_at: changed, full_name: name, email: email, tax_id: tax}
match:
  certain: [[tax_id]]
EOF
small() { # NIGHT ROWS: that night's customers of the records, and what was told of them
    printf 'id,changed,name,email,tax\n%b' "$2" >"$tmp/small/exports/crm-$1.csv"
    run "$tmp/small" || cat "$tmp/small/err"
    eval "night$1=\$(column small customer_xref key,customer_id | sort)"
    column small identity_event event,customer_id,other_id >"$tmp/small/all"
    told=$(tail -n +$((seen + 1)) "$tmp/small/all" | sort)
    seen=$(wc -l <"$tmp/small/all")
}
id_of() { eval "printf '%s\n' \"\$night$1\"" | sed -n "s/^$2,//p"; } # NIGHT KEY
ids() { eval "printf '%s\n' \"\$night$1\"" | cut -d, -f2; } # NIGHT
seen=0
ann='a,2026-03-01,Ann Baker,ann@x.com,T1\n'
bob='b,2026-03-01,Robert Hill,hill@y.org,T2\n'
cat='c,2026-03-01,Catherine Zorn,cz@mail.net,T3\n'
same='d,2026-03-02,A Baker-Hill,new@x.com,T1\n'
small 1 "$ann$bob$cat"
is 'three people are created' "$(echo "$told" | cut -d, -f1 | uniq -c | xargs)" '3 created'
small 2 "$ann$bob$same"
is 'whose records are gone is retired; who gains a record keeps the id' "$told" "retired,$(id_of 1 c),"
is '… and the record has it' "$(id_of 2 d)" "$(id_of 1 a)"
as() { printf '%s' "$1" | sed "s/$2/$3/g"; }
small 3 "$ann$bob$(as "$same" T1 T2)"
is 'a record that moves to another customer makes no one new' "$(id_of 3 a),$(id_of 3 b),$(id_of 3 d)" \
    "$(id_of 1 a),$(id_of 1 b),$(id_of 1 b)"
small 4 "$ann$(as "$bob" T2 T1)$same"
is 'two customers that become one are merged' "$(echo "$told" | cut -d, -f1)" merged
is '… into one of both, and all records have its id' "$(ids 4 | uniq | wc -l)" 1
like '… and the event names both' "$told" "merged,*,$(id_of 4 a)"
small 5 "$ann$bob$(as "$same" 2026-03-02 2026-03-05)"
like 'a record that no longer matches is split off' "$told" "split,*,$(id_of 4 a)"
is '… as a customer of its own' "$(ids 5 | sort -u | wc -l)" 2
plan
