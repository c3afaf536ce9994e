#!/bin/sh
# Tables of the lake through the tool: what it knows, what it asks for, what failing leaves.
. tests/cli/tap.sh

cd "$tmp" || exit 1
printf 'id,day,who\n1,2026-03-01,a\n2,2026-04-01,b\n' >one.csv
printf 'id,day,who\n2,2026-04-01,c\n3,2026-04-02,d\n' >two.csv
rows() { "$sluice" read "$1" -t csv 2>&1; }
list() { find "$1" | sort | xargs cksum 2>/dev/null; }

status 'a new table is made' 0 "$sluice" write lake/o one.csv --types day=date --partition 'month(day)'
is 'and says what it did' "$(cat err)" "sluice write: 2 rows in 2 files: 'lake/o' is at version 0"
is 'it is read as it was written' "$(rows lake/o)" 'id,day,who,month
1,2026-03-01,a,2026-03
2,2026-04-01,b,2026-04'
ok 'its months are folders' test -d lake/o/month=2026-03 -a -d lake/o/month=2026-04
is 'it is private' "$(find lake -perm /077)" ''
is 'columns can be chosen' "$("$sluice" read lake/o --columns month,id --head 1 -t csv)" 'month,id
2026-03,1'

status 'a table that exists needs a mode' 64 "$sluice" write lake/o two.csv
like 'and is told so' "$(cat err)" "*'lake/o' exists*--mode append*"
status 'merging needs a key' 64 "$sluice" write lake/o two.csv --mode merge
status 'merges' 0 "$sluice" write lake/o two.csv --types day=date --mode merge --key id --partition 'month(day)'
is 'rows of a key are replaced' "$(rows lake/o)" 'id,day,who,month
1,2026-03-01,a,2026-03
2,2026-04-01,c,2026-04
3,2026-04-02,d,2026-04'
before=$(list lake/o)
status 'merges the same again' 0 "$sluice" write lake/o two.csv --types day=date --mode merge --key id --partition 'month(day)'
is 'which changes nothing' "$(list lake/o)" "$before"
status 'another type is refused' 65 "$sluice" write lake/o one.csv --mode append --partition 'month(day)'
like 'by name' "$(cat err)" "*'day' is utf8, and date in the table*"

"$sluice" read one.csv >one.arrow
head -c 200 one.arrow >cut.arrow
"$sluice" write lake/o --mode overwrite <cut.arrow >out 2>err
is 'a stream that was cut: status 65' $? 65
head -c $(($(wc -c <one.arrow) - 8)) one.arrow | "$sluice" write lake/o --mode overwrite 2>err
is 'a stream without its end: status 65' $? 65
is 'and the table is as it was' "$(list lake/o)" "$before"
head -c 200 one.arrow | "$sluice" write lake/fresh 2>err
is 'nothing is left of a table that failed' "$(ls -A lake)" 'o'
"$sluice" read one.csv | "$sluice" write lake/piped -q
is 'a pipe is written' "$(rows lake/piped)" "$(cat one.csv)"

job() { "$sluice" write lake/app one.csv --mode append --app-id job --app-version 7 2>err; }
job
job
like 'a version of a job is committed once' "$(cat err)" '*earlier try: version 0 stays*'
is 'and its rows are there once' "$(rows lake/app | wc -l)" 3

printf 'source,id,customer_id,at,n\nx,1,c1,2026-03-05T10:00:00Z,1\nx,2,c1,,2\n' >event.csv
status 'a table that sluice knows' 0 "$sluice" write lake/event event.csv --types at=timestamp,n=int64
is 'has its partition' "$(cd lake/event && ls -d source=*/*)" 'source=x/month=2026-03
source=x/month=__HIVE_DEFAULT_PARTITION__'
printf 'tables:\n  event: {mode: append, partition: source}\n  mine: {mode: overwrite}\n' >rules.yaml
printf 'project: p\nlake: lake/\nsources: {a: {pull: a.csv, record: {key: id}}}\n' >sluice.yaml
cat rules.yaml >>sluice.yaml
status 'the project file comes first' 0 "$sluice" write other/event event.csv --dry-run
like 'with its mode and partition' "$(cat err)" '*mode append, partitioned by source*'
"$sluice" write lake/mine one.csv -q && "$sluice" write lake/mine two.csv -q
is 'and its own tables' "$(rows lake/mine)" "$(cat two.csv)"
rm sluice.yaml

status 'a plain table' 0 "$sluice" write lake/plain one.csv -t parquet --partition who
is 'has no log' "$(ls -A lake/plain)" 'who=a
who=b'
is 'its partition stands behind' "$(rows lake/plain)" 'id,day,who
1,2026-03-01,a
2,2026-04-01,b'
status 'is appended to' 0 "$sluice" write lake/plain two.csv --mode append --partition who
is 'and has both' "$(rows lake/plain | wc -l)" 5
status 'cannot be merged' 78 "$sluice" write lake/plain two.csv --mode merge --key id --partition who
status 'a folder of tables is none' 66 "$sluice" read lake -t csv
status 'a table that is not there' 66 "$sluice" read lake/none -t csv
status 'no table named' 64 "$sluice" write

printf 'a b,c\n1,2\n' >space.csv
status 'a space in a name is refused' 65 "$sluice" write lake/space space.csv
like 'by name' "$(cat err)" "*'a b'*"
printf 'a,c\n1,2\n3\n' >short.csv
status 'a bad row is set aside' 0 "$sluice" write lake/short short.csv
ok 'beside the table' test -f lake/rejects-write.arrow
status 'too many fail' 65 "$sluice" write lake/short short.csv --mode append --max-rejects 0
is 'and add nothing' "$(rows lake/short | wc -l)" 2
if [ "$(id -u)" != 0 ]; then
    mkdir locked && chmod 500 locked
    status 'a folder that may not be written' 73 "$sluice" write locked/t one.csv
else
    skip 'a folder that may not be written' 'root may'
fi
is 'nothing temporary is left' "$(find . -name '.*tmp*')" ''

# -- modes, on one table of each kind

both() { rows "$1" | sed 1d | sort | xargs; }
for kind in delta parquet; do
    "$sluice" write -q "lake/m-$kind" one.csv -t $kind
    status "$kind: overwrite" 0 "$sluice" write "lake/m-$kind" two.csv -t $kind --mode overwrite
    is '… leaves the new rows alone' "$(both "lake/m-$kind")" '2,2026-04-01,c 3,2026-04-02,d'
    status "$kind: append" 0 "$sluice" write "lake/m-$kind" two.csv -t $kind --mode append
    is '… leaves both' "$(both "lake/m-$kind" | wc -w)" 4
    status "$kind: no mode" 64 "$sluice" write "lake/m-$kind" two.csv -t $kind
    status "$kind: an unknown mode" 64 "$sluice" write "lake/m-$kind" two.csv -t $kind --mode overwrit
    like '… is told the nearest' "$(cat err)" "*'overwrite'*"
    before=$(list "lake/m-$kind")
    "$sluice" read one.csv | head -c 300 | "$sluice" write "lake/m-$kind" -t $kind --mode overwrite 2>err
    is "$kind: a writer that died is 65" $? 65
    is '… and the table is untouched' "$(list "lake/m-$kind")" "$before"
    seq 1 200000 | sed '1i id' >long.csv
    (ulimit -f 64 && exec "$sluice" write "lake/m-$kind" long.csv -t $kind --mode overwrite 2>err)
    is "$kind: a disk that is full is 74" $? 74
    is '… and the table is untouched' "$(list "lake/m-$kind")" "$before"
done
status 'a merge by a column that is not there' 65 "$sluice" write lake/m-delta two.csv --mode merge --key idd
like '… which is named' "$(cat err)" "*'idd'*"
# Digits in no order, which no codec makes small.
awk 'BEGIN { print "n"; x = 7; for (i = 0; i < 300000; i++) { x = (x * 16807) % 2147483647; print x } }' >noise.csv
if unshare -Urm true 2>/dev/null; then
    mkdir disk
    # shellcheck disable=SC2016
    unshare -Urm sh -c 'mount -t tmpfs -o size=1m none disk && "$0" write disk/t one.csv -q || exit 99
        "$0" write disk/t noise.csv --mode overwrite 2>err
        echo "$? $(ls -A disk) $("$0" read disk/t -t csv | wc -l)"' "$sluice" >out
    is 'a file system of 1 MB is full: 74, and the table as it was' "$(cat out)" '74 t 3'
else
    skip 'a file system of 1 MB is full: 74, and the table as it was' 'may not mount'
fi
plan
