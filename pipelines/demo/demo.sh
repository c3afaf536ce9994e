#!/bin/sh
# The demo: sample exports of four systems, the main job on them, and a look at what came out. Called by `make demo`;
# everything it makes is under build/demo/.
set -eu

root=$PWD
demo=$root/build/demo
bold='' plain=''
if [ -t 1 ]; then
    bold=$(tput bold 2>/dev/null || true)
    plain=$(tput sgr0 2>/dev/null || true)
fi

title() {
    printf '\n%s%s%s\n' "$bold" "$1" "$plain"
}

show() { # COMMAND… as it would be typed, and its output
    printf '$ %s\n' "$*"
    "$@"
}

# The customer to show: records and events in all four systems, and the records disagree the most.
pick_customer() {
    {
        sluice read lake/event --columns customer_id,source -t tsv
        sluice read lake/source_record --columns customer_id,source,given_name,family_name,birth_date,line1,postcode -t tsv
    } | awk -F '\t' '
        $1 == "customer_id" { next }
        NF == 2 { if (!(($1, $2) in event)) { event[$1, $2] = 1; acts[$1]++ }; next }
        {
            if (!(($1, $2) in record)) { record[$1, $2] = 1; sources[$1]++ }
            for (i = 3; i <= NF; i++)
                if ($i != "" && !(($1, i, $i) in value)) { value[$1, i, $i] = 1; differ[$1]++ }
        }
        END {
            for (id in differ)
                if (sources[id] == 4 && acts[id] == 4)
                    print differ[id], id
        }' | sort -k1,1nr -k2,2 | awk 'NR == 1 { print $2 }'
}

# Values of a CSV column with their counts.
tally() { # TABLE COLUMN
    sluice read "lake/$1" --columns "$2" -t csv | tail -n +2 | sort | uniq -c | sort -k2n |
        awk '{ printf "  %6d  %s\n", $1, $2 }'
}

rm -rf "$demo"
mkdir -p "$demo/exports"
PATH=$root/build:$PATH
export PATH

title '1. Exports as four systems would send them'
"$root/build/gen" --seed 1 --people 2000 "$demo/exports"
cp "$root/pipelines/demo/sluice.yaml" "$demo/sluice.yaml"
cd "$demo"
wc -c exports/*.* | awk '$2 != "total" { printf "  %9d  %s\n", $1, $2 }'

title '2. The main job'
show sluice run

title '3. Rows that could not be used, and why'
sluice read lake/reject --columns source,code -t csv | tail -n +2 | sort | uniq -c |
    awk '{ split($2, f, ","); printf "  %4d  %-10s %s\n", $1, f[1], f[2] }'
sluice read lake/reject --columns file,line,code,text -t csv | awk 'NR == 2' | sed 's/^/  for example: /'

title '4. Records per customer: how many customers have how many records'
tally customer records

title '5. One customer whose records disagree: before'
customer=$(pick_customer)
sluice read lake/source_record --columns customer_id,source,given_name,family_name,birth_date,phone,line1,postcode -t tsv |
    awk -F '\t' -v id="$customer" 'NR == 1 || $1 == id' >before.tsv
show sluice read before.tsv --columns source,given_name,family_name,birth_date,phone,line1,postcode -t table

title '   … and after: each golden value, where it came from and why'
show sluice explain "$customer"

title '6. What that customer did, in all channels'
show sluice timeline "$customer" --columns at,source,kind,channel,product,gross,currency,points -t table

title '7. How right is it? The generator knows the truth'
sluice read lake/customer_xref --columns source,key,customer_id -t csv |
    awk -F, 'NR == 1 { print "rec,customer_id"; next } { print $1 ":" $2 "," $3 }' >clusters.csv
awk -F, 'NR == 1 { print "rec,entity_id"; next } { print $1 ":" $2 "," $3 }' exports/truth/records.csv >truth.csv
show sluice eval clusters.csv truth.csv -t table

title 'The lake is yours'
cat <<END
  $demo/lake

  build/sluice read build/demo/lake/customer                     # here
  python3 -c 'import deltalake; print(deltalake.DeltaTable("build/demo/lake/customer").to_pandas())'
  duckdb -c "SELECT * FROM delta_scan('build/demo/lake/customer')"
  build/sluice dedupe your-own-file.csv -o with-ids.csv          # no configuration
END
