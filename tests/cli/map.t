#!/bin/sh
# map: bad rows aside with their place, keys twice, what it refuses, and pipes that close.
. tests/cli/tap.sh

cd "$tmp" || exit 1
cat >sluice.yaml <<'EOF'
project: p
region: GB
lake: lake/
landing: landing/
sources:
  a:
    pull: a-*.csv
    rejects: {max: 50%}
    record:
      key: id
      updated_at: changed
      full_name: name
      email: mail
      birth_date: {from: born, format: "%d.%m.%Y"}
      where: kind = "person"
EOF
new() { # CONTENT: lands it
    rm -rf landing rejects-map.arrow
    printf 'id,changed,name,mail,born,kind\n%b' "$1" >a-1.csv
    "$sluice" pull -q 2>>err
}
status 'nothing landed is 66' 66 "$sluice" map
like '… with what to do' "$(cat err)" "*'a'*'sluice pull'*"

new '1,2026-01-01,"BAKER, ANN",ANN@X.COM,01.02.1970,person\n2,2026-01-01,Tom,t@y.org,31.02.1970,person\n3,2026-01-01,Firm,f@y.org,,firm\n4,2026-01-01,Eve Stone,e@z.net,09.09.1999,person\n'
status 'a bad value costs its row' 0 "$sluice" map -o records.arrow
is '… the others are standardised' "$("$sluice" read records.arrow -t csv --columns key,full_name,email,birth_date)" 'key,full_name,email,birth_date
1,Ann Baker,"[""ann@x.com""]",1970-02-01
4,Eve Stone,"[""e@z.net""]",1999-09-09'
is '… it stands in the rejects with its place' \
    "$("$sluice" read rejects-map.arrow -t csv --columns source,line,column,code)" 'source,line,column,code
a,3,born,bad-date'
is '… which are private' "$(find rejects-map.arrow -perm /077)" ''
is '… and the raw values stay beside the standardised ones' \
    "$("$sluice" read records.arrow -t jsonl --head 1 | grep -o '"ANN@X.COM"')" '"ANN@X.COM"'
status '--max-rejects 0 is stricter' 65 "$sluice" map --max-rejects 0 -o none.arrow
ok '… and then nothing is published' test ! -e none.arrow
status '--max-rejects 30% allows one of four' 0 "$sluice" map --max-rejects 30% -o records.arrow
status '--max-rejects takes a number' 64 "$sluice" map --max-rejects some

same='1,2026-01-01,Ann Baker,ann@x.com,,person\n'
new "$same$same"
is 'equal rows of one key are duplicates' "$("$sluice" map -q -t csv | wc -l)" 2
new "$(printf '%s' "$same" | sed 's/2026-01-01/2026-03-03/;s/ann@/new@/')$same"
is 'the latest row of a key wins, wherever it stands' "$("$sluice" map -q | "$sluice" read -t csv --columns email)" 'email
"[""new@x.com""]"'
new "$same$(printf '%s' "$same" | sed 's/ann@/new@/')2,2026-01-01,Tom Hill,,,person\n3,2026-01-01,Eve Stone,,,person\n"
status 'two rows of a key and a time that conflict' 0 "$sluice" map -o records.arrow
is '… are rejects, both' "$("$sluice" read rejects-map.arrow -t csv --columns line,code)" 'line,code
2,conflicting-key
3,conflicting-key'
is '… and the others go on' "$("$sluice" read records.arrow -t csv --columns key)" 'key
2
3'
new ''
is 'a header alone gives no rows' "$("$sluice" map -t csv | wc -l)" 1
new "x,2026-01-01\n$same"
status 'a short row is aside' 0 "$sluice" map -o records.arrow
like '… and counted by reason' "$(cat err)" '*1 short-row*'
new "$same$(printf '%s' "$same" | sed 's/^1/9/;s/Baker/Ba\\000ker/')"
status 'a NUL byte costs its row' 0 "$sluice" map -o records.arrow
like '… and is called by name' "$(cat err)" '*1 nul-byte*'
new "$same\"9,2026-01-01,Ann\n"
status 'an open quote is 65' 65 "$sluice" map -o records.arrow
like '… with the line it opened on' "$(cat err)" '*a-1.csv:3*'
new "$same"
sed 's/born/birn/' a-1.csv >b && mv b a-1.csv && rm -rf landing && "$sluice" pull -q
status 'a column that the export no longer has is 78' 78 "$sluice" map
like '… by place and nearest name' "$(cat err)" "*sluice.yaml:*a-1.csv*'born'*'birn'*"
status 'an unknown source is 64' 64 "$sluice" map --source b
like '… and named' "$(cat err)" "*'b'*"
new "$(i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); printf '%d,2026-01-01,Ann Baker,a%d@x.com,,person\\n' $i $i; done)"
for format in csv jsonl arrow; do
    "$sluice" map -t $format 2>err | head -c 100 >out
    is "a reader that leaves is no error ($format)" "$(cat err)" ''
done
is '1 and 2 threads give the same bytes' "$("$sluice" map --threads 1 | cksum)" "$("$sluice" map --threads 2 | cksum)"
plan
