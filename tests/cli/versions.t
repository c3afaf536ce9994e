#!/bin/sh
# Versions of a table by number and by time; checkpoints; writers at once.
. tests/cli/tap.sh

cd "$tmp" || exit 1
for i in 0 1 2; do
    printf 'id\n%s\n' $i | "$sluice" write -q t --from csv --mode append
    sed -i "s/\"timestamp\":[0-9]*/\"timestamp\":17$((i + 1))0000000000/" t/_delta_log/0000000000000000000$i.json
done # 2024-03-09, 2024-07-03, 2024-10-27
rows() { "$sluice" read t -t csv "$@" | tr '\n' ' '; }

is 'the newest' "$(rows)" 'id 0 1 2 '
is 'a version' "$(rows --version 1)" 'id 0 1 '
is 'a version by the day' "$(rows --as-of 2024-08-01)" 'id 0 1 '
is 'a day has its whole day' "$(rows --as-of 2024-03-09)" 'id 0 '
is 'by the instant' "$(rows --as-of 2024-10-27T03:33:20Z)" 'id 0 1 2 '
is 'a second earlier' "$(rows --as-of 2024-10-27T03:33:19Z)" 'id 0 1 '
status 'before the first' 66 "$sluice" read t --as-of 2024-01-01
status 'a version to come' 66 "$sluice" read t --version 3
like 'is told the newest' "$(cat err)" '*its newest is 2'
status 'both' 64 "$sluice" read t --version 1 --as-of 2024-08-01
status 'no time' 64 "$sluice" read t --as-of yesterday
printf 'id\n1\n' >f.csv
status 'a file has no versions' 64 "$sluice" read f.csv --version 1

# A checkpoint is a shortcut: without it, with it alone, and torn, the table is the same.
metadata='s/"configuration":{}/"configuration":{"delta.checkpointInterval":"4"}/'
sed -i "$metadata" t/_delta_log/00000000000000000000.json
for i in 3 4 5; do printf 'id\n%s\n' $i | "$sluice" write -q t --from csv --mode append; done
ok 'a checkpoint is written' test -s t/_delta_log/00000000000000000004.checkpoint.parquet
like 'and noted' "$(cat t/_delta_log/_last_checkpoint)" '{"version":4,*"numOfAddFiles":5}'
is 'read from it' "$(rows)" 'id 0 1 2 3 4 5 '
cp -r t torn
head -c 300 t/_delta_log/00000000000000000004.checkpoint.parquet >torn/_delta_log/00000000000000000004.checkpoint.parquet
is 'a torn one is passed over' "$("$sluice" read torn -t csv | tr '\n' ' ')" 'id 0 1 2 3 4 5 '
rm t/_delta_log/0000000000000000000[0-3].json
is 'commits that are gone are not missed' "$(rows)" 'id 0 1 2 3 4 5 '
is 'nor by a writer' "$(printf 'id\n6\n' | "$sluice" write -q t --from csv --mode append; rows)" 'id 0 1 2 3 4 5 6 '
status 'older versions are' 65 "$sluice" read t --version 2

# Four writers of ten commits each, with checkpoints; two overwrites at once are one after the other.
printf 'id\n0\n' | "$sluice" write -q many --from csv --mode append
sed -i "$metadata" many/_delta_log/00000000000000000000.json
for w in 1 2 3 4; do
    (for k in 1 2 3 4 5 6 7 8 9 10; do printf 'id\n%s\n' $((w * 100 + k)) | "$sluice" write -q many --from csv --mode append || echo lost; done) &
done >said 2>&1
wait
is 'nobody fails' "$(cat said)" ''
is 'no commit is lost' "$("$sluice" read many -t csv | sed 1d | sort -u | wc -l)" 41
is 'no version is skipped' "$(find many/_delta_log -name '*.json' | wc -l)" 41
for w in 1 2 3; do printf 'id,n\n%s,1\n%s,2\n' $w $w | "$sluice" write -q many --from csv --mode overwrite & done
wait
is 'one overwrite is whole' "$("$sluice" read many -t csv --columns id | sed 1d | sort -u | wc -l)" 1
is 'and alone' "$("$sluice" read many -t csv | sed 1d | wc -l)" 2
plan
