#!/bin/sh
# The sample generator: the same bytes every time, totals and truth that agree with the files.
. tests/cli/tap.sh
gen=${GEN:-$PWD/build/gen}

status "writes the default company" 0 "$gen" "$tmp/a"
TZ=Asia/Kolkata LC_ALL=C "$gen" "$tmp/b"
ok "the same bytes again, in another time zone" diff -r "$tmp/a" "$tmp/b"
"$gen" --nights 3 "$tmp/n"
ok "a first night does not depend on those after it" cmp "$tmp/a/contacts-20260301.json" "$tmp/n/contacts-20260301.json"
is "three nights are three exports of each" "$(find "$tmp/n" -name '*-2026030[123].*' | wc -l)" 21
"$gen" --seed 2 --people 300 "$tmp/s"
is "another seed, another company" "$(cmp -s "$tmp/s/truth/records.csv" "$tmp/a/truth/records.csv" || echo differs)" differs

for stem in billing invoices payments; do
    gzip -dc "$tmp/a/$stem-20260301.csv.gz" >"$tmp/$stem"
    is "the control total of $stem counts its rows" "$(tail -1 "$tmp/$stem" | cut -d';' -f2)" \
        "$(($(wc -l <"$tmp/$stem") - 2))"
done
is "the control sum of invoices adds up its amounts" "$(tail -1 "$tmp/invoices" | cut -d';' -f3 | tr , .)" \
    "$(sed '1d;$d' "$tmp/invoices" | cut -d';' -f10 | tr -d , | grep -E '^-?[0-9]+$' |
        awk '{ n += $1 } END { printf "%d.%02d", n / 100, n % 100 }')"
tar xzf "$tmp/a/loyalty-20260301.tar.gz" -C "$tmp"
is "the trailer of the members counts them" "$(tail -1 "$tmp/members.txt")" \
    "$(printf 'T%09d' $(($(wc -l <"$tmp/members.txt") - 2)))"
is "loyalty is ASCII alone" "$(LC_ALL=C grep -c '[^ -~]' "$tmp/members.txt")" 0

truth=$tmp/a/truth
is "no record stands twice in the truth" "$(cut -d, -f1,2 "$truth/records.csv" | sort | uniq -d)" ""
is "no event stands twice in the truth" "$(cut -d, -f1,2 "$truth/events.csv" | sort | uniq -d)" ""
is "everyone of 2000 is somewhere" "$(sed 1d "$truth/records.csv" | cut -d, -f3 | sort -u | wc -l)" 2000
is "every kind of wrong row is there" "$(sed 1d "$truth/wrong.csv" | cut -d, -f4 | sort -u | tr '\n' ' ')" \
    "bad_amount bad_date invalid_utf8 key_conflict short_line undefined_entity "
line=$(grep undefined_entity "$truth/wrong.csv" | cut -d, -f3)
bsdtar -xOf "$tmp/a/service-20260301.zip" tickets.xml >"$tmp/tickets.xml" 2>/dev/null ||
    python3 -c "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read('tickets.xml'))" \
        "$tmp/a/service-20260301.zip" >"$tmp/tickets.xml"
like "wrong.csv names the line of the wrong ticket" "$(sed -n "$line,$((line + 12))p" "$tmp/tickets.xml")" '<ticket *&foo;*'
"$gen" --noise 0 --people 3000 "$tmp/c"
is "no noise, no wrong rows" "$(wc -l <"$tmp/c/truth/wrong.csv")" 1

status "writes a flat file" 0 "$gen" --people 1000 --flat "$tmp/flat.csv"
is "a flat file has a row of truth for each of its rows" "$(wc -l <"$tmp/flat.csv.truth.csv")" "$(wc -l <"$tmp/flat.csv")"
status "refuses an unknown option" 64 "$gen" --peple 3 "$tmp/x"
status "refuses no folder" 64 "$gen"
status "refuses a date that does not exist" 64 "$gen" --start 2026-02-30 "$tmp/x"
status "says when it cannot write" 73 "$gen" --flat /dev/full --truth "$tmp/t"
plan
