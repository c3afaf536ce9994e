#!/bin/sh
# Small files into few: no row changes, the order is kept, a second time does nothing, others may write meanwhile.
. tests/cli/tap.sh

cd "$tmp" || exit 1
append() { # FIRST LAST
    seq "$1" "$2" | sed 's/.*/&,a,row &/; 1i id,part,text' >rows.csv
    "$sluice" write -q t rows.csv --types id=int64 --mode append --partition part
}
rows() { "$sluice" read t -t csv --columns id,part,text "$@"; }

status 'needs a table' 64 "$sluice" optimize
status 'that is there' 66 "$sluice" optimize nothing
for i in 5 1 3 2 4; do append $((i * 10)) $((i * 10 + 9)); done
rows | sort >before
status 'a dry run' 0 "$sluice" optimize t --dry-run
like 'says what it would do' "$(cat err)" '*would write 5 files*as about 1, in 1 partitions*'
is 'and does not do it' "$(find t/_delta_log -type f | wc -l)" 5
status 'an unknown sort column' 64 "$sluice" optimize t --sort idd
like 'is said with the nearest' "$(cat err)" "*'idd'*'id'*"
status 'optimizes' 0 "$sluice" optimize t --sort id
like 'and says so' "$(cat err)" "*5 files (*) are 1 (*) in 1 partitions: 't' is at version 5"
is 'the rows are the same' "$(rows | sort | cksum)" "$(cksum <before)"
is 'in order' "$(rows | sed 1d | cut -d, -f1 | tr '\n' ' ')" "$(seq 10 59 | tr '\n' ' ')"
is 'nothing in the log changes data' "$(grep -c '"dataChange":true' t/_delta_log/00000000000000000005.json)" 0
is 'one file lives' "$(grep -c '"add"' t/_delta_log/00000000000000000005.json)" 1
status 'a second time' 0 "$sluice" optimize t --sort id
like 'does nothing' "$(cat err)" '*no two small files*version 5 stays'
is 'the version before can be read' "$(rows --version 4 | sort | cksum)" "$(cksum <before)"

append 60 69
status 'a target that one file has reached' 0 "$sluice" optimize t --target 1K --sort id
like 'leaves it alone' "$(cat err)" '*version 6 stays'
"$sluice" read rows.csv -o plain.arrow
"$sluice" write -q plain plain.arrow -t parquet
status 'a plain table is refused' 78 "$sluice" optimize plain

# Appends and optimizing at once lose nothing.
for i in 1 2 3 4; do
    (for k in 1 2 3 4 5; do echo "id,part,text
$((1000 * i + k)),a,x" | "$sluice" write -q t --types id=int64 --mode append --from csv || echo lost; done) &
    [ $i -gt 2 ] || "$sluice" optimize -q t --sort id &
done >said 2>&1
wait
is 'nobody fails' "$(cat said)" ''
is 'twenty rows are more, with optimizing beside' "$(rows | sed 1d | cut -d, -f1 | sort -u | wc -l)" 80
is 'each once' "$(rows | sed 1d | wc -l)" 80
is 'no temporaries are left' "$(find . -name '.t.*')" ''
plan
