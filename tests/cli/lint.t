#!/bin/sh
# lint: every mistake at once, each with its line and column, and what was probably meant.
. tests/cli/tap.sh

cd "$tmp" || exit 1
cat >wrong.yaml <<'EOF'
project: p
regoin: GB
lake: lake/
sources:
  a: {pull: a.csv, record: {key: id, emial: mail}}
  a: {pull: b.csv, record: {key: id}}
golden:
  fields:
    email: {prefer: [frequnt]}
match: {threshold: high}
EOF
status 'mistakes are 78' 78 "$sluice" lint -c wrong.yaml
is 'all are listed, in order, with line and column' "$(cut -d: -f1-3 out)" 'wrong.yaml:2:1
wrong.yaml:5:38
wrong.yaml:6:3
wrong.yaml:9:22
wrong.yaml:10:20'
is '… with what was meant' "$(grep -o "did you mean '[a-z_]*'" out | cut -d"'" -f2 | xargs)" 'region email frequent'
like '… and how many' "$(cat err)" '*5 mistakes*'
like 'two sources of one name: both lines' "$(sed -n 3p out)" "*'a' is there twice, first on line 5*"
for tool in run pull map status; do
    status "two sources of one name: 'sluice $tool' is 78" 78 "$sluice" $tool -c wrong.yaml
    like '… with the place' "$(cat err)" '*wrong.yaml:2:1*'
done

bad() { # NAME TEXT PLACE: what lint says of such a file
    # shellcheck disable=SC2059
    printf "$2" >bad.yaml
    status "$1 is 78" 78 "$sluice" lint -c bad.yaml
    like '… with its place' "$(cat out err)" "*bad.yaml:$3:*"
}
bad 'an open bracket' 'a: [1\nb: 2\n' 3:1
bad 'a tab' '\tx: 1\n' 1:1
bad 'an empty file' '' 1:1
bad 'a list' '[a, b]\n' 1:1
bad 'invalid UTF-8' 'project: \377\376\n' '*'
bad 'no sources' 'project: p\nlake: lake/\n' '*'
bad 'an event without a kind' 'project: p\nlake: l/\nsources:\n  s:\n    pull: x.csv\n    record: {key: id}\n    events:\n      - {id: i, customer: c, at: t}\n' '8:*'
bad 'an unknown zone' 'project: p\nlake: l/\nsources:\n  s:\n    pull: x.csv\n    record:\n      key: id\n      updated_at: {from: u, zone: Europe/Lundun}\n' '8:*'
bad 'a share over 100' 'project: p\nlake: l/\nsources:\n  s: {pull: x.csv, rejects: {max: 101%%}, record: {key: id}}\n' '4:*'
bad 'a reference to no source' 'project: p\nlake: l/\nsources:\n  s:\n    of: nobody\n    pull: x.csv\n    events: [{kind: {value: call}, id: i, customer: c, at: t}]\n' '*'
status 'a missing file is 66' 66 "$sluice" lint -c nowhere.yaml
like '… and named' "$(cat err)" "*'nowhere.yaml'*"
(cd / && "$sluice" lint >"$tmp/out" 2>"$tmp/err")
is 'no project file here or above is 66' $? 66
like '… and says what to do' "$(cat err)" '*name one with -c*'

printf 'id;full name;born\n1;Ann Baker;1970-01-01\n' >a.csv
cat >sluice.yaml <<'EOF'
project: p
lake: lake/
sources:
  a:
    pull: a.csv
    record:
      key: id
      full_name: full_name
      birth_date: birn
EOF
mkdir -p below/it
(cd below/it && "$sluice" lint >"$tmp/out" 2>"$tmp/err")
is 'columns that the export does not have are 78, from a folder below too' $? 78
is '… all listed with line and column' "$(sed 's,.*sluice,sluice,' out | cut -d: -f1-3)" 'sluice.yaml:8:18
sluice.yaml:9:19'
like '… with the nearest' "$(cat out)" "*'full_name'*'full name'*'birn'*'born'*"
status 'without the exports all is well' 0 "$sluice" lint --no-exports
sed -i 's/full_name: full_name/full_name: full name/; s/birn/born/' sluice.yaml
status 'the right file' 0 "$sluice" lint
like '… is said to be right' "$(cat err)" "*is right, and fits its exports*"
sed -i 's/pull: a.csv/pull: b-*.csv/' sluice.yaml
status 'exports that are not there' 78 "$sluice" lint
like '… are named' "$(cat out err)" '*sluice.yaml:*b-[*].csv*'
"$sluice" lint --schema >schema.json
ok 'the schema is JSON' "$sluice" read schema.json -t jsonl -o schema.jsonl
"$sluice" lint --schema 2>err | head -n 1 >out
is 'a reader that leaves is no error' "$(cat err)" ''
plan
