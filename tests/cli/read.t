#!/bin/sh
# read: any format in, any out; what it refuses, and how it says so.
. tests/cli/tap.sh

printf 'id;name;total\n1;"M\374ller";1,5\n007;O'"'"'Brien;\n' >"$tmp/latin.csv"
printf 'a,b\n1,2\n3,4\n5,6\n' >"$tmp/plain.csv"

is 'text stays text, and encodings are looked through' \
    "$("$sluice" read "$tmp/latin.csv" -t jsonl 2>&1)" \
    '{"id":"1","name":"Müller","total":"1,5"}
{"id":"007","name":"O'"'"'Brien","total":null}'
is 'columns come in the order asked for' "$("$sluice" read "$tmp/plain.csv" --columns b,a -t csv)" 'b,a
2,1
4,3
6,5'
is 'head takes the first rows' "$("$sluice" read "$tmp/plain.csv" --head 1 -t csv)" 'a,b
1,2'
is 'types are as asked for' "$("$sluice" read "$tmp/plain.csv" --types 'a=int64,b=decimal(9,2)' -t jsonl --head 1)" \
    '{"a":1,"b":2.00}'
for format in arrow parquet jsonl json csv tsv; do
    "$sluice" read "$tmp/plain.csv" -o "$tmp/x.$format"
    is "a table comes back from $format" "$("$sluice" read "$tmp/x.$format" -t csv)" "$(cat "$tmp/plain.csv")"
done
is 'a pipe carries Arrow' "$("$sluice" read "$tmp/plain.csv" | "$sluice" read -t csv)" "$(cat "$tmp/plain.csv")"
gzip -k "$tmp/plain.csv"
is 'compression is looked through' "$("$sluice" read "$tmp/plain.csv.gz" -t csv)" "$(cat "$tmp/plain.csv")"

# -- bad input: the right status, a sentence that says what and where, nothing published by half

status 'a missing file is 66' 66 "$sluice" read "$tmp/nowhere.csv"
like '… and is named' "$(cat "$tmp/err")" '*nowhere.csv*'
mkdir "$tmp/folder"
status 'a folder that is no table is 66' 66 "$sluice" read "$tmp/folder"
: >"$tmp/empty.csv"
status 'an empty file is 65' 65 "$sluice" read "$tmp/empty.csv"
like '… and is called empty' "$(cat "$tmp/err")" '*empty*'
echo 'a,b' >"$tmp/header.csv"
is 'a header alone gives no rows' "$("$sluice" read "$tmp/header.csv" -t csv)" 'a,b'
head -c 5000 /dev/urandom >"$tmp/junk.bin"
status 'binary junk is 65' 65 "$sluice" read "$tmp/junk.bin"
head -c 30 "$tmp/plain.csv.gz" >"$tmp/cut.csv.gz"
status 'a truncated gzip is 65' 65 "$sluice" read "$tmp/cut.csv.gz" -o "$tmp/cut.out.csv"
ok '… and leaves no output' test ! -e "$tmp/cut.out.csv"
"$sluice" read "$tmp/plain.csv" -o "$tmp/whole.arrow"
for cut in 8 100 $(($(wc -c <"$tmp/whole.arrow") - 1)) $(($(wc -c <"$tmp/whole.arrow") - 8)); do
    head -c "$cut" "$tmp/whole.arrow" >"$tmp/cut.arrow"
    status "an Arrow stream cut at $cut is 65" 65 "$sluice" read "$tmp/cut.arrow" -f arrow
done
printf 'a,b\n1,2\n3,"open\n5,6\n' >"$tmp/open.csv"
status 'an unterminated quote is 65' 65 "$sluice" read "$tmp/open.csv" --quote '"'
like '… with the line it opened on' "$(cat "$tmp/err")" '*3*'
printf 'a,b\n1,2\n3\n4,5,6\n7,8\n' >"$tmp/ragged.csv"
status 'ragged rows are set aside' 0 "$sluice" read "$tmp/ragged.csv" -t csv -o "$tmp/ragged.out.csv" --rejects "$tmp/ragged.jsonl"
is '… the others stay' "$(cat "$tmp/ragged.out.csv")" 'a,b
1,2
7,8'
is '… with their lines and reasons' \
    "$("$sluice" read "$tmp/ragged.jsonl" --columns line,code -t csv)" 'line,code
3,short-row
4,long-row'
status '… and are too many when none are allowed' 65 "$sluice" read "$tmp/ragged.csv" -o "$tmp/none.csv" --max-rejects 0 --rejects "$tmp/r.jsonl"
ok '… and then nothing is published' test ! -e "$tmp/none.csv"
printf 'a,b\n1,\377\376x\n2,y\n' >"$tmp/utf8.csv"
"$sluice" read "$tmp/utf8.csv" --encoding UTF-8 -t csv --rejects "$tmp/utf8.jsonl" >"$tmp/utf8.out" 2>/dev/null
is 'invalid UTF-8 costs its row' "$(cat "$tmp/utf8.out")" 'a,b
2,y'
printf 'a,a\n1,2\n' >"$tmp/twice.csv"
status 'a column name twice is 65' 65 "$sluice" read "$tmp/twice.csv"
like '… and is named' "$(cat "$tmp/err")" "*'a'*"
printf '{"a":1}\n{"a":\n{"a":3}\n' >"$tmp/bad.jsonl"
is 'a bad JSON line costs itself' "$("$sluice" read "$tmp/bad.jsonl" -t csv --rejects "$tmp/j.jsonl" 2>/dev/null)" 'a
1
3'
printf '{"rows":[{"a":1},{"a":2}' >"$tmp/cut.json"
status 'a truncated JSON document is 65' 65 "$sluice" read "$tmp/cut.json"
printf '<r><x><a>1</a></x><x><a>&nope;</a></x><x><a>3</a></x></r>' >"$tmp/bad.xml"
is 'an undefined entity costs its record' "$("$sluice" read "$tmp/bad.xml" --each x -t csv --rejects "$tmp/x.jsonl" 2>/dev/null)" 'a
1
3'
printf '<r><x><a>1</a></x>' >"$tmp/cut.xml"
status 'a truncated XML document is 65' 65 "$sluice" read "$tmp/cut.xml" --each x
status 'a misspelt column is 64' 64 "$sluice" read "$tmp/latin.csv" --columns nmae
like '… and the nearest is offered' "$(cat "$tmp/err")" "*'name'*"
status 'a misspelt tool is 64' 64 "$sluice" raed
like '… and the nearest is offered' "$(cat "$tmp/err")" "*'read'*"
status 'a misspelt option is 64' 64 "$sluice" read --colums a
like '… and the nearest is offered' "$(cat "$tmp/err")" "*--columns*"
status 'a misspelt format is 64' 64 "$sluice" read "$tmp/plain.csv" -t parket
status 'a full disk is 74' 74 "$sluice" read "$tmp/plain.csv" -t csv -o /dev/full
status 'an unwritable folder is 73' 73 "$sluice" read "$tmp/plain.csv" -o "$tmp/no/such/x.csv"
seq 1 300000 | sed '1i n' >"$tmp/long.csv"
"$sluice" read "$tmp/long.csv" -t csv 2>"$tmp/err" | head -1 >"$tmp/out"
is 'a reader that leaves is no error' "$(cat "$tmp/out")$(cat "$tmp/err")" n

plan
