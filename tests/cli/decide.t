#!/bin/sh
# decide and unmerge: what a steward says of records, kept in decisions.csv and done by the next run.
. tests/cli/tap.sh

gen=$PWD/build/gen
project=$PWD/pipelines/demo/sluice.yaml
"$gen" --seed 7 --people 120 --nights 3 "$tmp/all"
nights=$(find "$tmp/all" -name 'billing-*' | sed 's/.*billing-\([0-9]*\)\..*/\1/' | sort)
mkdir -p "$tmp/p/exports"
cp "$project" "$tmp/p/sluice.yaml"
deliver() { cp "$tmp/all/"*"-$1."* "$tmp/p/exports/"; }
in_project() { (cd "$tmp/p" && "$sluice" "$@" 2>err); }
xref() { "$sluice" read "$tmp/p/lake/customer_xref" -t csv --columns customer_id,source,key | sed 1d | sort; }
customer_of() { xref | awk -F, -v r="$1" '$2 ":" $3 == r { print $1 }'; }

deliver "$(echo "$nights" | sed -n 1p)"
in_project run
is 'the first night runs' $? 0

# Two records of one customer, and one of another.
xref | awk -F, '{ n[$1]++; r[$1] = r[$1] " " $2 ":" $3 } END { for (c in n) if (n[c] == 2) print c r[c] }' |
    sort | head -1 >"$tmp/pair"
read -r both a b <"$tmp/pair"
other=$(xref | awk -F, -v c="$both" '$1 != c { print $2 ":" $3; exit }')

in_project decide unlink "$a" "$b" --why x --dry-run
in_project unmerge "$both" "$a" --why x --dry-run
ok '--dry-run writes nothing' [ ! -e "$tmp/p/decisions.csv" ]
in_project decide unlink "$a" "$b" --why 'father, and "son"'
is 'a decision is taken' $? 0
like '… and says what it will do' "$(cat "$tmp/p/err")" "*one customer now, '$both', and will be parted by the next run"
is 'decisions.csv is private' "$(stat -c %a "$tmp/p/decisions.csv")" 600
printf 'by phone\n' | (cd "$tmp/p" && "$sluice" decide link "$a" "$other" --who ann --why - 2>err)
is 'a reason may come from standard input' $? 0
is '… and stands in the ledger, with who decided' \
    "$(sed -n 3p "$tmp/p/decisions.csv" | sed 's/,20[0-9TZ:-]*,/,AT,/')" "link,$a,$other,ann,AT,by phone"
in_project run
is 'the next run is done, though nothing landed' $? 0
ok '… the two are parted' [ "$(customer_of "$a")" != "$(customer_of "$b")" ]
is '… and the linked are one' "$(customer_of "$a")" "$(customer_of "$other")"

in_project decide link "$a" "$b" --why 'they are one after all'
in_project decide unlink "$a" "$other" --why 'a slip'
in_project run
is 'a later decision takes an earlier one back' "$(customer_of "$a")" "$(customer_of "$b")"
ok '… both ways' [ "$(customer_of "$a")" != "$(customer_of "$other")" ]

# A customer of several records loses one of them.
xref | awk -F, '{ n[$1]++; r[$1] = r[$1] " " $2 ":" $3 } END { for (c in n) if (n[c] >= 3) print c r[c] }' |
    sort | tail -1 >"$tmp/crowd"
read -r crowd out rest <"$tmp/crowd"
in_project unmerge "$crowd" "$out" --why 'somebody else'
is 'a record is taken out of a customer' $? 0
in_project run
for r in $rest; do
    ok "… and is not with $r" [ "$(customer_of "$out")" != "$(customer_of "$r")" ]
    is '… who keeps the id' "$(customer_of "$r")" "$crowd"
done

# What a steward merged by mistake comes apart as it was.
first=$(customer_of "$a") second=$(customer_of "$other")
xref | grep -e "^$first," -e "^$second," >"$tmp/before"
in_project decide link "$a" "$other" --why 'a mistake'
in_project run
one=$(customer_of "$a")
is 'two customers are merged' "$(customer_of "$other")" "$one"
in_project unmerge "$one" --why 'that was a mistake'
is 'unmerge knows who they were' $? 0
in_project run
is '… and their records are together as before' \
    "$(xref | awk -F, 'NR == FNR { want[$2 "," $3] = $1; next } ($2 "," $3) in want {
        k = want[$2 "," $3]; if (!(k in now)) now[k] = $1; else if (now[k] != $1) print "torn", $0 }' "$tmp/before" -)" ''
is '… under their own ids' "$(xref | grep -e "^$first," -e "^$second,")" "$(cat "$tmp/before")"
ok '… apart' [ "$(customer_of "$a")" != "$(customer_of "$other")" ]

# Mistakes.
in_project decide unlink "$a" billing:nobody --why x
is 'an unknown record is 66' $? 66
in_project decide unlink "$a" "$a" --why x
is 'one record twice is 64' $? 64
in_project decide part "$a" "$b" --why x
is 'an unknown action is 64' $? 64
in_project decide link "$a" "$b"
is 'a decision without a reason is 64' $? 64
in_project unmerge 0000000000000 --why x
is 'an unknown customer is 66' $? 66
in_project unmerge "$crowd" billing:nobody --why x
is "a record that is not the customer's is 66" $? 66
only=$(customer_of "$a")
# shellcheck disable=SC2046 # one word a record
in_project unmerge "$only" $(xref | awk -F, -v c="$only" '$1 == c { print $2 ":" $3 }') --why x
is 'all of its records are 64' $? 64

# The ledger may have been edited by hand: other columns, another order, no newline at the end.
printf 'why,b,a,note,action,who,at' >"$tmp/p/decisions.csv"
in_project decide link "$a" "$b" --who ann --why hand
is "columns go where the file's header has them" \
    "$(sed -n 2p "$tmp/p/decisions.csv" | sed 's/,20[0-9TZ:-]*$/,AT/')" "hand,$b,$a,,link,ann,AT"
printf 'action,a\n' >"$tmp/p/decisions.csv"
in_project decide link "$a" "$b" --why x
is 'a file without a column that is needed is 65' $? 65
rm "$tmp/p/decisions.csv"
for i in 1 2 3 4 5 6 7 8; do
    in_project decide link "$a" "$b" --why "$i" &
done
wait
is 'eight at once lose no line' "$(cut -d, -f6 "$tmp/p/decisions.csv" | sort | tr '\n' ' ')" '1 2 3 4 5 6 7 8 why '
is '… and make whole ones' "$(grep -vc "^link,$a,$b,.*,.*,[1-8]\$" "$tmp/p/decisions.csv")" 1

plan
