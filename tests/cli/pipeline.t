#!/bin/sh
# The main job: `run` and the same steps typed in a shell give the same lake; running again does nothing; what is
# refused, and how.
. tests/cli/tap.sh

gen=$PWD/build/gen
project=$PWD/pipelines/demo/sluice.yaml

# A project with small exports in the folder $1, of $2 people (below some thousand records, no row is wrong).
make_project() {
    mkdir -p "$1"
    "$gen" --seed 7 --people "${2-300}" "$1/exports" && cp "$project" "$1/sluice.yaml"
}

rows() { # TABLE: its rows in a fixed order
    "$sluice" read "$1" -t jsonl | sort
}

make_project "$tmp/run" 1500
(cd "$tmp/run" && "$sluice" run -q 2>"$tmp/err")
is 'run succeeds' $? 0

make_project "$tmp/pipe" 1500
(
    cd "$tmp/pipe" && set -e
    "$sluice" pull -q
    "$sluice" map -q -o records.arrow --rejects rejects.arrow
    "$sluice" match -q --previous lake/customer_xref --identity-events identity.arrow records.arrow -o linked.arrow
    "$sluice" merge -q --lineage lineage.arrow linked.arrow | "$sluice" write -q lake/customer
    "$sluice" read -q linked.arrow --columns source,key,customer_id,match_probability | "$sluice" write -q lake/customer_xref
    "$sluice" write -q lake/source_record linked.arrow
    "$sluice" write -q lake/customer_lineage lineage.arrow
    "$sluice" write -q lake/identity_event identity.arrow
    "$sluice" write -q lake/reject rejects.arrow
    "$sluice" map -q --events --rejects event-rejects.arrow | "$sluice" attach -q --xref lake/customer_xref | "$sluice" write -q lake/event
    "$sluice" write -q lake/reject event-rejects.arrow
) 2>"$tmp/err"
is 'the steps in a shell succeed' "$? $(cat "$tmp/err")" '0 '
# Steps typed in a shell have no run, whose number `run` adds to two tables.
rows_as() { # TABLE OTHER: rows of TABLE, in the columns of OTHER
    "$sluice" read -q "$1" -t jsonl --columns "$("$sluice" read -q "$2" -t csv --head 0)" | sort
}
for table in customer customer_xref source_record customer_lineage identity_event event; do
    rows_as "$tmp/run/lake/$table" "$tmp/pipe/lake/$table" >"$tmp/a"
    rows "$tmp/pipe/lake/$table" >"$tmp/b"
    ok "run and the steps give the same $table" cmp "$tmp/a" "$tmp/b"
    ok "… and it has rows" test -s "$tmp/a"
done
# Rejects name the file they came from, which is in another folder.
rows_as "$tmp/run/lake/reject" "$tmp/pipe/lake/reject" | sed "s,$tmp/run/,," >"$tmp/a"
rows "$tmp/pipe/lake/reject" | sed "s,$tmp/pipe/,," >"$tmp/b"
ok 'run and the steps give the same rejects' cmp "$tmp/a" "$tmp/b"
# Both rows of a key in conflict are rejects, and a ticket that cannot be read is no record and no event.
wrong=$(grep -c -v -e '^source,' "$tmp/run/exports/truth/wrong.csv")
twice=$(grep -c -e key_conflict -e undefined_entity "$tmp/run/exports/truth/wrong.csv")
is 'every wrong row was found, and no other' "$(wc -l <"$tmp/a")" "$((wrong + twice))"

# All data files but the run table's, which holds the real time.
digest() { (cd "$1" && find lake -name '*.parquet' ! -path 'lake/run/*' | sort | xargs sha256sum | sha256sum); }
before=$(digest "$tmp/run")
(cd "$tmp/run" && "$sluice" run 2>"$tmp/err")
is 'a second run succeeds' $? 0
like '… says that nothing is new' "$(cat "$tmp/err")" '*nothing is new*'
is '… and changes nothing' "$(digest "$tmp/run")" "$before"
is 'status lists one run' "$(cd "$tmp/run" && "$sluice" status -t csv --columns run)" 'run
1'

# The same input gives the same bytes.
make_project "$tmp/again" 1500
(cd "$tmp/again" && TZ=Asia/Kolkata LC_ALL=C "$sluice" run -q --threads 1)
is 'one thread, another time zone and locale give the same bytes' "$(digest "$tmp/again")" "$before"

# One source in two files, given in either order.
two_files() { # FOLDER PULL
    make_project "$1"
    gzip -dc "$1/exports/billing-"*.csv.gz | grep -a -v '^TOTAL' >"$1/all.csv"
    rm "$1/exports/billing-"*
    head -n 101 "$1/all.csv" >"$1/exports/bill-1.csv"
    { head -n 1 "$1/all.csv" && tail -n +102 "$1/all.csv"; } >"$1/exports/bill-2.csv"
    sed -e "s|pull: exports/billing-.*|pull: $2|" -e '/^      trailer: {starts: TOTAL, count: 2} /d' "$project" >"$1/sluice.yaml"
    (cd "$1" && "$sluice" run -q)
}
ok 'a source in two files runs' two_files "$tmp/forth" '[exports/bill-1.csv, exports/bill-2.csv]'
ok '… in the other order too' two_files "$tmp/back" '[exports/bill-2.csv, exports/bill-1.csv]'
contents() { (cd "$1" && find lake -name '*.parquet' ! -path 'lake/run/*' | sort | xargs sha256sum | awk '{ print $1 }'); }
is '… and gives the same bytes' "$(contents "$tmp/forth")" "$(contents "$tmp/back")"

# -- what is refused

(cd "$tmp/run" && "$sluice" run --start soup 2>"$tmp/err")
is 'an unknown step is 64' $? 64
sed 's/^    delivery: snapshot/    delivry: snapshot/' "$project" >"$tmp/run/typo.yaml"
(cd "$tmp/run" && "$sluice" run -c typo.yaml 2>"$tmp/err")
is 'a misspelt key is 78' $? 78
like '… with its place and the nearest name' "$(cat "$tmp/err")" "*typo.yaml:*:*delivry*'delivery'*"
sed 's/key: CUST_NO/key: CUST_NR/' "$project" >"$tmp/run/column.yaml"
(cd "$tmp/run" && "$sluice" lint -c column.yaml >"$tmp/out" 2>"$tmp/err")
is 'lint leaves with 78 when a column is not in the file' $? 78
like '… naming place, column and nearest name' "$(cat "$tmp/out")" "*column.yaml:*:*'CUST_NR'*'CUST_NO'*"
(cd "$tmp/run" && "$sluice" lint -q)
is 'lint passes the right file' $? 0

make_project "$tmp/rejects" 1500
sed 's/max: 1%/max: 0%/' "$project" >"$tmp/rejects/sluice.yaml"
(cd "$tmp/rejects" && "$sluice" run -q 2>"$tmp/err")
is 'too many rejects is 65' $? 65
ok '… and no table is published' test ! -e "$tmp/rejects/lake/customer"

make_project "$tmp/control"
gzip -dc "$tmp/control/exports/billing-"*.csv.gz | sed 's/^TOTAL;.*/TOTAL;1/' >"$tmp/control/b.csv"
rm "$tmp/control/exports/billing-"*.csv.gz
gzip -c "$tmp/control/b.csv" >"$tmp/control/exports/billing-20260301.csv.gz"
(cd "$tmp/control" && "$sluice" run -q 2>"$tmp/err")
is 'a control total that does not balance is 65' $? 65
like '… and says so' "$(cat "$tmp/err")" '*control total*'

make_project "$tmp/missing"
rm "$tmp/missing/exports/contacts-"*
(cd "$tmp/missing" && "$sluice" run -q 2>"$tmp/err")
is 'a missing export is 66' $? 66
like '… and names the source' "$(cat "$tmp/err")" "*'sales'*"

(
    exec 9>"$tmp/run/lake/.sluice-lock"
    flock 9
    cd "$tmp/run" && "$sluice" run -q 2>"$tmp/err"
)
is 'a second run at once is 75' $? 75

plan
