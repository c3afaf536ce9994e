#!/bin/sh
# profile: figures of every column, exact where they are said to be, near where they are estimates.
. tests/cli/tap.sh

cat >"$tmp/rows.csv" <<'X'
id,city,total,day
1,Rome,5,2026-03-01
2,Rome,1.50,2026-03-02
3,Paris,,2026-03-02
4,Zürich,10000,
X
value() { # COLUMN FIELD [FILE]
    "$sluice" profile "${3:-$tmp/rows.csv}" -t csv 2>/dev/null | "$sluice" read -f csv - --columns "column,$2" -t csv | sed -n "s/^$1,//p"
}
is 'types are found' "$("$sluice" profile "$tmp/rows.csv" -t csv | cut -d, -f1,2 | grep -v decimal)" 'column,type
id,int64
city,utf8
day,date'
is 'nulls are counted' "$(value total nulls)" 1
is 'distinct values are counted' "$(value city distinct) $(value city distinct_exact)" '3 true'
is 'keys are unique and never null' "$(value id key) $(value day key) $(value city key)" 'yes no no'
is 'lengths are in characters' "$(value city shortest) $(value city longest)" '4 6'
is 'numbers are ordered as numbers' "$(value total min) $(value total max)" '1.50 10000'
is 'the commonest value' "$(value city commonest) $(value city commonest_count)" 'Rome 2'
is 'patterns' "$(value day pattern)" '9999-99-99'
is 'quantiles' "$(value total p50)" 5
like 'text has bars' "$("$sluice" profile "$tmp/rows.csv")" '*city  utf8*█*commonest Rome*50%*'

awk 'BEGIN { print "id,many,few,n"; for (i = 1; i <= 200000; i++) print i ",v" (i * 7919) % 50000 "," (i % 10 ? "a" : "b" i % 3) "," i % 1000 }' >"$tmp/big.csv"
"$sluice" profile "$tmp/big.csv" -t csv --threads 1 >"$tmp/one.csv"
"$sluice" profile "$tmp/big.csv" -t csv --threads 2 >"$tmp/two.csv"
ok 'the same with any number of threads' cmp "$tmp/one.csv" "$tmp/two.csv"
near() { # NAME GOT WANT PERCENT
    ok "$1 ($2 for $3)" awk "BEGIN { d = $2 - $3; exit !((d < 0 ? -d : d) <= $3 * $4 / 100) }"
}
near 'many distinct values are estimated within 3 %' "$(value many distinct "$tmp/big.csv")" 50000 3
is '… and said to be estimates' "$(value many distinct_exact "$tmp/big.csv")" false
is 'a key past the exact table is likely' "$(value id key "$tmp/big.csv")" likely
is '… and no key is not' "$(value many key "$tmp/big.csv")" no
is 'few values are counted exactly' "$(value few commonest "$tmp/big.csv") $(value few commonest_count "$tmp/big.csv")" 'a 180000'
is 'quantiles of whole numbers are exact' "$(value n p25 "$tmp/big.csv") $(value n p95 "$tmp/big.csv")" '249 949'

python=${PYTHON:-python3}
if "$python" -c 'import duckdb' 2>/dev/null; then
    cat >"$tmp/peer.py" <<'X'
import csv, sys, duckdb
ours = {r["column"]: r for r in csv.DictReader(open(sys.argv[2]))}
for name in ours:
    q = f'select count(*) - count("{name}"), count(distinct "{name}"), min("{name}"), max("{name}") from read_csv(?)'
    nulls, distinct, low, high = duckdb.execute(q, [sys.argv[1]]).fetchone()
    r = ours[name]
    assert int(r["nulls"]) == nulls, (name, nulls)
    assert abs(int(r["distinct"]) - distinct) <= (0 if r["distinct_exact"] == "true" else distinct * .03), (name, distinct)
    assert r["min"] == str(low) and r["max"] == str(high), (name, low, high)
X
    ok 'DuckDB finds the same' "$python" "$tmp/peer.py" "$tmp/big.csv" "$tmp/one.csv"
else
    skip 'DuckDB finds the same' 'no duckdb for this python'
fi
status 'a missing file is 66' 66 "$sluice" profile "$tmp/none.csv"
plan
