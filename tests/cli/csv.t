#!/bin/sh
# CSV through the tool: what bad input is told, and that pipes and threads change nothing.
. tests/cli/tap.sh

f=$tmp/in.csv
says() { # NAME STATUS PATTERN: reads $f; its message must match
    status "$1: exit $2" "$2" "$sluice" read "$f" -t csv
    like "$1: says so" "$(cat "$tmp/err")" "*$3*"
}

printf 'a,b\n1,"x, y"\n2,\n3,""\n' >"$f"
is 'reads and writes what it read' "$("$sluice" read "$f" -t csv)" "$(cat "$f")"
is 'a slow pipe is read the same' "$( (
    head -c 7 "$f"
    sleep 0.2
    tail -c +8 "$f"
) | "$sluice" read -t csv)" "$(cat "$f")"
gzip -c "$f" >"$tmp/in.csv.gz"
is 'gzip is looked through' "$("$sluice" read "$tmp/in.csv.gz" -t csv)" "$(cat "$f")"
is 'and in a pipe' "$("$sluice" read -t csv <"$tmp/in.csv.gz")" "$(cat "$f")"
is 'Arrow in a pipe is known' "$("$sluice" read "$f" | "$sluice" read -t csv)" "$(cat "$f")"
ok 'writes gzip by the name' "$sluice" read "$f" -o "$tmp/out.csv.gz"
is 'which gunzip reads' "$(gunzip -c "$tmp/out.csv.gz")" "$(cat "$f")"
is 'tsv' "$("$sluice" read "$f" -t tsv | head -2)" "$(printf 'a\tb\n1\tx, y')"

status 'a missing file: exit 66' 66 "$sluice" read "$tmp/nowhere.csv" -t csv
status 'a directory: exit 66' 66 "$sluice" read "$tmp" -t csv
: >"$f"
says 'an empty file' 65 'file is empty'
printf 'a,b\n' >"$f"
is 'a header alone has no rows' "$("$sluice" read "$f" -t csv)" 'a,b'
printf 'a,b\n1,2\n3,"4\n5,6\n' >"$f"
says 'an open quote' 65 'in.csv:3: the quote that opens here is never closed'
printf 'id,name,id\n1,2,3\n' >"$f"
says 'duplicate names' 65 "columns 1 and 3 are both named 'id'"
head -c 30 "$tmp/in.csv.gz" >"$tmp/cut.csv.gz"
status 'a truncated gzip: exit 65' 65 "$sluice" read "$tmp/cut.csv.gz" -t csv
like 'a truncated gzip: says so' "$(cat "$tmp/err")" '*cut.csv.gz: gzip stream is truncated*'
head -c 100000 /dev/urandom >"$f"
# Chance decides whether a quote stays open, which is the file's error, or its rows are each refused.
"$sluice" read "$f" -t csv --rejects "$tmp/junk.arrow" >/dev/null 2>"$tmp/err"
case $?:$(cat "$tmp/err") in 65:*in.csv* | 0:*'bad rows'*) junk=refused ;; *) junk=taken ;; esac
is 'binary junk is refused, whole or row by row' $junk refused
awk 'BEGIN { printf "a,b\n1,\""; for (i = 0; i < 1000000; i++) printf "%0100d", i; print "\"" }' >"$f"
says 'a field of 100 MB' 65 'in.csv:2: a field is longer than 16 MiB'
printf 'given_name,surname\na,b\n' >"$f"
status 'a misspelt column: exit 64' 64 "$sluice" read "$f" --columns surnam -t csv
like 'a misspelt column: the nearest' "$(cat "$tmp/err")" "*did you mean 'surname'*"

printf 'a,b\n1,2\n1\n1,2,3\n\0,1\n\303\050,1\n3,4\n' >"$f"
is 'bad rows are set aside' "$("$sluice" read "$f" --rejects "$tmp/bad.arrow" -t csv 2>/dev/null)" \
    "$(printf 'a,b\n1,2\n3,4')"
is 'each with line and reason' "$("$sluice" read "$tmp/bad.arrow" --columns line,code -t csv)" \
    "$(printf 'line,code\n3,short-row\n4,long-row\n5,nul-byte\n6,invalid-utf8')"

awk 'BEGIN { print "id,text,n"; for (i = 0; i < 200000; i++) printf "%d,\"some, text %d\",%d\n", i, i, i * 7 }' >"$f"
"$sluice" read "$f" --threads 1 -t csv | cksum >"$tmp/1"
"$sluice" read "$f" --threads 4 -t csv | cksum >"$tmp/4"
is 'threads change nothing' "$(cat "$tmp/1")" "$(cat "$tmp/4")"
"$sluice" read "$f" -t csv 2>"$tmp/err" | head -1 >"$tmp/out"
is 'a reader that leaves is no error' "$(cat "$tmp/out" "$tmp/err")" 'id,text,n'
if [ -w /dev/full ]; then
    "$sluice" read "$f" -t csv >/dev/full 2>"$tmp/err"
    is 'a full disk: exit 74' $? 74
else
    skip 'a full disk: exit 74' 'no /dev/full'
fi
plan
