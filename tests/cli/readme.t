#!/bin/sh
# What the README shows is what happens: every line of its examples' output, but for the time a run takes.
. tests/cli/tap.sh

readme=$PWD/README.md
gen=$PWD/build/gen
project=$PWD/pipelines/demo/sluice.yaml

# Is this line of the README in the file?  NAME LINE FILE
shown() {
    grep -qF -- "$2" "$3"
    report $? "$1" "not in the output: $2"
}

"$gen" --seed 1 --people 2000 "$tmp/exports" && cp "$project" "$tmp/sluice.yaml"
(cd "$tmp" && "$sluice" run >"$tmp/run.out" 2>&1)
grep -E '^(map|match|merge) ' "$readme" >"$tmp/lines"
while read -r line; do
    shown "the run says: $line" "$line" "$tmp/run.out"
done <"$tmp/lines"
shown 'the run ends as shown' "$(sed -n 's/^run 1 done in [0-9.]* s: //p' "$readme")" "$tmp/run.out"

customer=$(sed -n 's/^\$ sluice explain \([0-9A-Z]*\) birth_date/\1/p' "$readme")
(cd "$tmp" && "$sluice" explain "$customer" birth_date >"$tmp/explain.out" 2>&1)
sed -n "/^customer $customer/,/^\`\`\`/p" "$readme" | grep -v '^```' >"$tmp/lines"
is 'the golden value is explained as shown' "$(cat "$tmp/explain.out")" "$(cat "$tmp/lines")"

"$gen" --people 60 --flat "$tmp/customers.csv" --no-events
(cd "$tmp" && "$sluice" dedupe customers.csv -o with-ids.csv 2>"$tmp/dedupe.out")
grep -E '^sluice dedupe: ' "$readme" >"$tmp/lines"
while read -r line; do
    shown "dedupe says: $line" "$line" "$tmp/dedupe.out"
done <"$tmp/lines"
like 'its first row is as shown' "$(sed -n 2p "$tmp/with-ids.csv")" "$(sed -n 's/^\([0-9A-Z]\{13\},.*\)…$/\1/p' "$readme")*"

plan
