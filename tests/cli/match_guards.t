#!/bin/sh
# match: what keeps records apart, or together, whatever the scores say: values that a crowd shares, two people
# with a record between them, and what people decided.
. tests/cli/tap.sh

gen=$PWD/build/gen
cd "$tmp" || exit 1

# 3,000 people of three records each, families and strangers, as the generator makes them; then the
# same with one mailbox, one phone, one number and one tower block on every third person.
"$gen" --people 3000 --seed 11 --no-events --flat clean.csv >/dev/null
awk -F, 'BEGIN { OFS = "," } NR == 1 { print; next }
    $1 % 3 == 0 { $7 = "office@town-hall.test"; $8 = "020 7946 0018"; $9 = "17 Tower Road"; $11 = "London"; $12 = "E1 4NS" } { print }' \
    clean.csv >crowded.csv
"$sluice" dedupe -t csv crowded.csv -o out.csv 2>err
like 'a mailbox of a thousand people is named' "$(cat err)" "*office@town-hall.test*"
like '… and a phone' "$(cat err)" "*2079460018*"
like '… and a tower block' "$(cat err)" "*17 tower rd*"
"$sluice" eval -t csv out.csv clean.csv.truth.csv 2>/dev/null >judged.csv
figure() { awk -F, -v name="$1" '$1 == name { print int($2 * 100) }' judged.csv; }
ok 'nobody is merged through them' test "$(figure 'pairwise precision')" -ge 95
ok 'the largest customer is no crowd' test "$(figure 'largest cluster found')" -lt 2000

mkdir p && cat >p/sluice.yaml <<'END'
project: guards
region: GB
sources:
  crm:
    pull: crm.csv
    record: {key: id, given_name: given, family_name: family, birth_date: born, email: mail, postcode: pc}
match:
  certain: [[email]]
END
cat >p/crm.csv <<'END'
id,given,family,born,mail,pc
1,Anna,Berg,1970-02-03,anna@berg.test,AB1 2CD
2,Anna,Berg,1970-02-03,anna@berg.test,AB1 2CD
3,Anna,Berg,1970-02-03,,AB1 2CD
4,Otto,Kranz,1931-11-27,otto@kranz.test,ZZ9 9ZZ
5,Otto,Krantz,1931-11-27,otto@kranz.test,ZZ9 9ZZ
6,Maria,Lund,1988-05-06,maria@lund.test,CD3 4EF
END
cd p || exit 1
"$sluice" pull -q && "$sluice" map -q -o records.arrow
matched() { # pairs of keys that are one customer
    "$sluice" match records.arrow -t csv 2>err | sed 1d | awk -F, '{ split($0, f, ","); of[f[1]] = of[f[1]] " " f[4] }
        END { for (c in of) print of[c] }' | sort | tr '\n' ';'
}
is 'without decisions' "$(matched)" ' 1 2 3; 4 5; 6;'
cat >decisions.csv <<'END'
action,a,b,who,at,why
link,crm:4,crm:6,ann,2026-03-01,"the same, says the branch"
unlink,crm:1,crm:3,ann,2026-03-01,a sister
END
is 'what people decided stands' "$(matched)" ' 1 2; 3; 4 5 6;'
printf 'unlink,crm:4,crm:6,bea,2026-03-02,no\n' >>decisions.csv
is 'the later line about a pair counts' "$(matched)" ' 1 2; 3; 4 5; 6;'
printf 'link,crm:1,crm:2,bea,2026-03-02,\nlink,crm:2,crm:3,bea,2026-03-02,\n' >>decisions.csv
matched >/dev/null
like 'lines that contradict each other are named' "$(cat err)" '*line 3 parts*lines 5, 6*'
is '… and what is parted stays apart' "$(matched | grep -c ' 1 2 3')" 0
printf 'link,crm:1,crm:99,bea,2026-03-02,\n' >>decisions.csv
matched >/dev/null
like 'a record that is not here is counted' "$(cat err)" '*1 decisions name a record*'
printf 'merge,crm:1,crm:2,bea,2026-03-02,\n' >>decisions.csv
status 'another action is 65' 65 "$sluice" match records.arrow -t csv
like '… at its line' "$(cat ../err)" "*decisions.csv*line 8*merge*"


# Member numbers given out in turn: those of a family are one digit apart, and still other people's.
"$gen" --seed 5 --people 8000 --flat families.csv --no-events
awk -F, 'NR == FNR { who[$1] = $2; next } FNR > 1 && !seen[who[$1]]++ { print $4 "," who[$1] }' families.csv.truth.csv families.csv |
    sort | awk -F, '{ print $2 "," 100000000 + 7 * NR }' >numbers.csv
awk -F, 'FILENAME == "numbers.csv" { number[$1] = $2; next } FILENAME == "families.csv.truth.csv" { who[$1] = $2; next }
    { print $0 "," (FNR == 1 ? "member_no" : FNR % 5 > 1 ? number[who[$1]] : "") }' numbers.csv families.csv.truth.csv families.csv >numbered.csv
"$sluice" dedupe -q numbered.csv --as member_no=id -o numbered-ids.csv
"$sluice" eval -q numbered-ids.csv families.csv.truth.csv --id id -t csv >figures
precise=$(awk -F, '$1 == "pairwise precision" { print ($2 > .95) }' figures)
is 'numbers in turn within families join nobody' "$precise" 1
plan
