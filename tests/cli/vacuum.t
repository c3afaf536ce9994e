#!/bin/sh
# Files that no kept version needs: listed first, deleted when told; what is needed, young or another's stays.
. tests/cli/tap.sh

cd "$tmp" || exit 1
mkdir lake
one() { printf 'id,part\n%s,%s\n' "$1" "$2" | "$sluice" write -q lake/t --from csv --mode "$3" --partition part; }
one 1 a append
one 2 'b c' append
one 3 a overwrite
list() { find lake | sort; }
age() { find "$@" -exec touch -h -d '30 days ago' {} +; }
rows() { "$sluice" read lake/t -t csv "$@" 2>&1; }

status 'needs a table' 64 "$sluice" vacuum
status 'that is there' 66 "$sluice" vacuum lake/none
status 'no time' 64 "$sluice" vacuum lake/t --retain soon
before=$(list)
status 'nothing is old yet' 0 "$sluice" vacuum lake/t --delete
is 'so all stays' "$(list)" "$before"
is 'and nothing is listed' "$(cat out)" ''
status 'less than a day needs --force' 64 "$sluice" vacuum lake/t --retain 0h --delete
like 'and is told why' "$(cat err)" '*--force when nobody does*'

# Version 1 was the newest a week ago; version 2 came since, and removed its files.
age lake/t
touch lake/t/_delta_log/00000000000000000002.json
status 'a version of the time kept' 0 "$sluice" vacuum lake/t --delete
is 'keeps its files' "$(list)" "$before"
is 'and can be read' "$(rows --version 1)" 'id,part
1,a
2,b c'

sed -i 's/"deletionTimestamp":[0-9]*/"deletionTimestamp":1700000000000/' lake/t/_delta_log/*2.json
age lake/t
touch 'lake/t/part=a/part-young.parquet'
touch -d '30 days ago' 'lake/t/part=b c.parquet' lake/t/part=a/part-stray.parquet lake/t/part=a/notes.txt lake/t/_own.parquet
sleep 0 &
dead=$!
wait $dead
mkdir ".keep" "lake/.t.tmp-$dead-0" "lake/.t.tmp-$$-0" "lake/.tt.tmp-$dead-0"
touch "lake/.t.tmp-$dead-0/part-00000.parquet" "lake/t/_delta_log/.00000000000000000003.json.tmp-$dead-1"
touch -h -d '30 days ago' lake/.t*.tmp-* lake/t/_delta_log/.*
before=$(list)
status 'old files' 0 "$sluice" vacuum lake/t
like 'are counted' "$(cat err)" "*4 files of * bytes and 2 leftovers would be deleted*"
is 'and stay until told' "$(list)" "$before"
cp out listed
status 'told' 0 "$sluice" vacuum lake/t --delete
is 'it deletes what was listed' "$(cat out)" "$(cat listed)"
is 'the newest version is whole' "$(rows)" 'id,part
3,a'
is 'the young, other names and others are there' "$(find lake -name '*young*' -o -name notes.txt -o -name _own.parquet -o -name ".t*tmp*" | sort)" "lake/.t.tmp-$$-0
lake/.tt.tmp-$dead-0
lake/t/_own.parquet
lake/t/part=a/notes.txt
lake/t/part=a/part-young.parquet"
status 'what is gone' 66 "$sluice" read lake/t --version 1
status 'a second time' 0 "$sluice" vacuum lake/t --delete
is 'finds nothing' "$(cat out)" ''

one 4 a overwrite
status 'told that nobody else is there' 0 "$sluice" vacuum lake/t --retain 0h --force --delete
is 'the newest version alone stays' "$(find lake/t -name 'part-*' | wc -l)" 1
is 'and is read' "$(rows)" 'id,part
4,a'
"$sluice" write -q lake/plain listed --from csv -t parquet --mode append 2>/dev/null
status 'a plain table is refused' 78 "$sluice" vacuum lake/plain
plan
