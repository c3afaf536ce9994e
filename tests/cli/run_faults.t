#!/bin/sh
# Runs that are stopped, started in the middle, and run over damaged or changed surroundings.
. tests/cli/tap.sh

new_project() { # NAME
    mkdir -p "$tmp/$1/exports"
    cat >"$tmp/$1/sluice.yaml" <<'END'
project: faults
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
END
    write_part "$1" 1 'a,2026-03-01,Ann Baker,ann@x.com,T1
b,2026-03-01,Robert Hill,hill@y.org,T2'
}
write_part() { printf 'id,changed,name,email,tax\n%s\n' "$3" >"$tmp/$1/exports/crm-$2.csv"; } # PROJECT PART ROWS
run() { # PROJECT OPTION…: its exit status; what it says in $tmp/err
    project=$1
    shift
    (cd "$tmp/$project" && "$sluice" run "$@" 2>"$tmp/err")
    echo $?
}
column() { "$sluice" read "$tmp/$1/lake/$2" -t csv --columns "$3" | sed 1d; }
keys() { column "$1" customer_xref key | sort | tr '\n' ' '; }

# Steps.
new_project steps
is 'a step that ends before it starts is misuse' "$(run steps --start write --stop map)" 64
is 'a step without what it starts from is said' "$(run steps --start merge)" 66
is 'a run may stop after a step' "$(run steps --stop match)" 0
is '… and publishes nothing' "$(ls "$tmp/steps/lake")" ''
is 'and go on' "$(run steps)" 0
like '… keeping what was done' "$(cat "$tmp/err")" '*match  done before, kept*'
is 'after a run, a run may start from its records' "$(run steps --start match)" 0
like '… keeping them' "$(cat "$tmp/err")" '*map    done before, kept*match  2 records*merge  2 golden*write *'
is '… as a run of its own' "$(column steps run run | tr '\n' ' ')" '1 2 '
write_part steps 2 'a,2026-03-02,Ann Baker,ann@x.com,T1
c,2026-03-02,Cath Zorn,c@z.com,T3'
is 'a step done again' "$(run steps --stop merge; run steps --start match)" '0
0'
like '… makes the ones behind it be done again' "$(cat "$tmp/err")" '*match  2 records*merge  2 golden*'

# What the stage is left with.
new_project stage
run stage --stop merge >"$tmp/status"
note=$(echo "$tmp/stage/.sluice/stage/"*/note.json)
printf '{"done": ["map", "ma' >"$note"
is 'a corrupt note of what is done does not stop a run' "$(run stage)" 0
is '… which does it all again' "$(keys stage)" 'a b '
is 'what is staged is private' "$(find "$tmp/stage/.sluice" -type f -perm /077)" ''

# Two projects beside each other.
new_project beside
sed 's,^lake: .*,lake: other/,; s,^landing: .*,landing: other-landing/,' "$tmp/beside/sluice.yaml" >"$tmp/beside/other.yaml"
run beside --stop match >"$tmp/status"
is 'another project in the folder' "$(run beside --config other.yaml)" 0
run beside >"$tmp/status"
like "… leaves the first one's stage alone" "$(cat "$tmp/err")" '*match  done before, kept*'

# A part of a snapshot that has not changed stays a part of it.
new_project parts
write_part parts 2 'c,2026-03-01,Cath Zorn,c@z.com,T3'
run parts >"$tmp/status"
is 'a snapshot may come in parts' "$(keys parts)" 'a b c '
write_part parts 1 'a,2026-03-02,Ann Baker,ann@x.com,T1'
run parts >"$tmp/status"
is 'a part written over replaces itself, the other stays' "$(keys parts)" 'a c '
write_part parts 1 'a,2026-03-03,Ann Baker,ann@x.com,T1'
rm "$tmp/parts/exports/crm-2.csv"
run parts >"$tmp/status"
is 'a part that is no longer there is retired' "$(keys parts)" 'a '
write_part parts 3 'd,2026-03-04,Dan Orr,d@o.com,T4'
run parts >"$tmp/status"
is 'a snapshot under a new name replaces all' "$(keys parts)" 'd '

# Rejects.
new_project rejects
write_part rejects 1 'a,never,Ann Baker,ann@x.com,T1'
is 'too many bad rows' "$(run rejects)" 65
like '… are kept, and it is said where' "$(cat "$tmp/err")" "*the bad rows are in '*/rejects.arrow'*"
file=$tmp/rejects/$(sed -n "s/.*bad rows are in '\(.*\)'.*/\1/p" "$tmp/err")
is '… with their codes' "$("$sluice" read "$file" -t csv --columns line | sed 1d)" 2
map_status() { (cd "$tmp/rejects" && "$sluice" map -q -t csv "$@" >"$tmp/out" 2>"$tmp/err"; echo $?); }
is 'map allows as many as it is told' "$(map_status --max-rejects 1)" 0
write_part rejects 1 'a,never,Ann Baker,ann@x.com,T1
b,never,Bob Hill,b@x.com,T1'
(cd "$tmp/rejects" && "$sluice" pull -q)
is '… and no more' "$(map_status --max-rejects 1)" 65
is '… or says that it was told nothing' "$(map_status --max-rejects few)" 64

new_project met
sed -i 's/delivery: snapshot/delivery: snapshot\n    rejects: {max: 50%}/' "$tmp/met/sluice.yaml"
write_part met 1 'a,2026-03-01,Ann Baker,ann@x.com,T1
x,never,Xan Bad,x@x.com,T7
c,2026-03-01,Cath Zorn,c@z.com,T3'
run met >"$tmp/status"
run met --start match >"$tmp/status"
write_part met 2 'd,2026-03-02,Dan Orr,d@o.com,T4
y,never,Yan Bad,y@y.com,T8'
run met >"$tmp/status"
is 'a bad row that is met every night is told once, by the first run' \
    "$("$sluice" read "$tmp/met/lake/reject" -t csv --columns run,line | sed 1d | sort | tr '\n' ' ')" '1,3 3,3 '
is '… and identity events name their run' "$(column met identity_event run | sort | uniq -c | xargs)" '2 1 3 3'

# The model and the tables.
new_project model
run model >"$tmp/status"
ids=$(column model customer_xref key,customer_id | sort)
if [ -f "$tmp/model/models/person.json" ]; then
    rm "$tmp/model/models/person.json"
    is 'a model that is gone is made again' "$(run model; ls "$tmp/model/models")" '0
person.json'
    printf '{' >"$tmp/model/models/person.json"
    is 'a corrupt model is bad data' "$(run model)" 65
    like '… and named' "$(cat "$tmp/err")" '*person.json*'
    rm "$tmp/model/models/person.json"
else
    skip 'a model that is gone is made again' 'too few records to train one'
fi
rm -r "$tmp/model/lake/customer"
is 'a table that is gone is written again' "$(run model)" 0
is '… whole' "$(column model customer records | tr '\n' ' ')" '1 1 '
rm -r "$tmp/model/lake/customer_xref"
is 'without the xref' "$(run model)" 0
is '… ids are found in the records' "$(column model customer_xref key,customer_id | sort)" "$ids"
is '… and no one is created again' "$(column model identity_event event | sort | uniq -c | xargs)" '2 created'

# A run that died after some of its tables, and other input before the next: nothing of it stays.
new_project dead
run dead >"$tmp/status"
write_part dead 1 'a,2026-03-02,Ann Baker,ann@x.com,T1
x,never,Xan Bad,x@x.com,T7
c,2026-03-02,Cath Zorn,c@z.com,T3'
lake=$tmp/dead/lake
cp -r "$lake/run" "$tmp/run.before"
(cd "$tmp/dead" && sed -i 's/delivery: snapshot/delivery: snapshot\n    rejects: {max: 50%}/' sluice.yaml)
is 'a run' "$(run dead)" 0
rm -r "$lake/run" && cp -r "$tmp/run.before" "$lake/run"
is '… whose row is not there did not happen' "$(column dead run run | tr '\n' ' ')" '1 '
rm "$tmp/dead/exports/"*
write_part dead 2 'a,2026-03-03,Ann Baker,ann@x.com,T1
d,2026-03-03,Dan Orr,d@o.com,T4'
is '… and the next, of other input,' "$(run dead)" 0
like '… puts its tables back' "$(cat "$tmp/err")" '*identity_event*put back to run 1*'
is '… so that none of its rows stays' "$(column dead identity_event event | sort | uniq -c | xargs) $(column dead reject line | wc -l)" \
    '3 created 1 retired 0'
is '… and the tables are those of the new run' "$(keys dead)" 'a d '
run dead >"$tmp/status"
write_part dead 2 'a,2026-03-04,Ann Baker,ann@x.com,T1'
run dead >"$tmp/status"
rm -r "$lake/run"
write_part dead 2 'a,2026-03-05,Ann Baker,ann@x.com,T1'
is 'without the run table, a run does not begin at 1 again' "$(run dead)" 65
like '… and says why' "$(cat "$tmp/err")" "*the 'run' table*is gone*"

# Tables without a log.
new_project plain
printf 'tables:\n  customer: {format: parquet, mode: overwrite}\n  customer_xref: {format: parquet, mode: overwrite}\n' \
    >>"$tmp/plain/sluice.yaml"
is 'tables may be plain' "$(run plain)" 0
ids=$(column plain customer_xref key,customer_id | sort)
is '… and again' "$(run plain)" 0
like '… is nothing new' "$(cat "$tmp/err")" '*nothing is new*'
write_part plain 2 'b,2026-03-02,Robert Hill,hill@y.org,T1
a,2026-03-02,Ann Baker,ann@x.com,T2'
is '… with news' "$(run plain)" 0
is '… who was who is known' "$(column plain identity_event event | sort | uniq -c | xargs)" '2 created'

# One at a time.
status 'a pull waits for no run: it leaves' 75 sh -c "cd '$tmp/model' && flock lake/.sluice-lock '$sluice' pull"
status '… unless it only looks' 0 sh -c "cd '$tmp/model' && flock lake/.sluice-lock '$sluice' pull --dry-run"

# Types.
"$sluice" read "$tmp/model/lake/source_record" -t csv -o "$tmp/linked.csv"
status 'merge wants typed rows' 65 sh -c "cd '$tmp/model' && '$sluice' merge '$tmp/linked.csv'"
like '… and says why' "$(cat "$tmp/err")" "*'updated_at' of linked records is not a timestamp*"
status 'match too' 65 sh -c "cd '$tmp/model' && '$sluice' match '$tmp/linked.csv'"
printf 'source,key,customer_id\ncrm,1,2\n' >"$tmp/xref.csv"
"$sluice" read "$tmp/xref.csv" --types customer_id=int64 -o "$tmp/xref.parquet"
"$sluice" read "$tmp/model/lake/source_record" -o "$tmp/linked.parquet"
status 'a previous xref has ids of text' 65 sh -c "cd '$tmp/model' && '$sluice' match --previous '$tmp/xref.parquet' '$tmp/linked.parquet'"
plan
