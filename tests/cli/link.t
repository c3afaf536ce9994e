#!/bin/sh
# link: two files whose columns are their own, who is who across them; sources that hold nobody twice.
. tests/cli/tap.sh

cd "$tmp" || exit 1
cat >shop.csv <<'EOF'
nr,product,list_price
s1,Sony KDL-26M4000 26' LCD TV,538.72
s2,Linksys Wireless-G Video Camera - WVC54GCA,99.00
s3,Panasonic KX-TCA92 Headset,18.42
s4,Netgear WPN802 Access Point - WPN802NA,
s5,Toshiba SD-P71S Portable DVD Player,119.36
s6,Weber Performer Grill,
EOF
cat >maker.csv <<'EOF'
id,price,name
m1,540,Sony BRAVIA M-Series Flat Panel HDTV - KDL26M4000
m2,99,Linksys Internet Home Monitoring Camera - WVC54GCA
m3,25,Panasonic Hands Free Headset - KXTCA92
m4,130,Netgear RangeMax Wireless Access Point - WPN802NA
m5,120,Toshiba Black Portable DVD Player - SDP71S
m6,600,Samsung Series 5 LCD Flat Panel HDTV - LN40A550
EOF
status 'two catalogues' 0 "$sluice" link shop.csv maker.csv -t csv
is '… are linked by the codes in their names, however they are cut' "$(sed 1d out | cut -d, -f1,2)" 's1,m1
s2,m2
s3,m3
s4,m4
s5,m5'
is '… with three columns' "$(head -n 1 out)" id_a,id_b,probability
is '… and probabilities' "$(sed 1d out | awk -F, '$3 <= 0.5 || $3 > 1')" ''
like '… and how each column was read and paired is said' "$(cat err)" \
    '*product *name *text*list_price *price *number*'
like '… and what was found' "$(cat err)" '*5 of 6 rows of a and 5 of 6 rows of b*'
"$sluice" link -q maker.csv shop.csv -t csv | sed 1d | awk -F, '{ print $2 "," $1 }' | sort >turned
is 'turned round, the same' "$(cat turned)" "$(sed 1d out | cut -d, -f1,2)"
like '--explain says why' "$("$sluice" link shop.csv maker.csv --explain -t csv 2>&1 >/dev/null)" '*the same meaning*'

status 'every row with an id' 0 "$sluice" link --result ids shop.csv maker.csv -t csv
is '… has a row for each of both files' "$(sed 1d out | wc -l)" 12
is '… in their order' "$(sed 1d out | cut -d, -f3,4 | head -n 7 | tail -n 2)" 'a,s6
b,m1'
is '… and seven customers' "$(sed 1d out | cut -d, -f1 | sort -u | wc -l)" 7

cat >crm.csv <<'EOF'
id,first name,surname,email
1,Anna,Schmidt,anna@gmx.de
2,Hans,Weber,hans@web.de
3,Eva,Fischer,eva@posteo.de
EOF
cat >till.csv <<'EOF'
Kundennr;Name;Mail
10;Hans Weber;hans@web.de
11;Anna Schmidt;anna@gmx.de
12;Schmidt, Anna;anna@gmx.de
13;Otto Lang;otto@lang.de
EOF
status 'names in parts and in one, ; and ,' 0 "$sluice" link crm.csv till.csv --as Name=full-name -t csv
is '… one counterpart at most' "$(sed 1d out | cut -d, -f1 | sort | uniq -d)" ''
status 'unless a file holds duplicates' 0 "$sluice" link crm.csv till.csv --as Name=full-name --duplicates b -t csv
is '… then more than one' "$(sed 1d out | cut -d, -f1,2)" '1,11
1,12
2,10'
status 'no column that names the rows' 0 "$sluice" link crm.csv till.csv --as Name=full-name --as id=unknown --as Kundennr=unknown -t csv
like '… then their numbers do' "$(sed 1d out)" '*2,1,*'

status 'one file is 64' 64 "$sluice" link crm.csv
status 'three files are 64' 64 "$sluice" link crm.csv till.csv shop.csv
status 'a misspelt result is 64' 64 "$sluice" link --result pair crm.csv till.csv
status 'a misspelt --duplicates is 64' 64 "$sluice" link --duplicates c crm.csv till.csv
status 'a misspelt --one-to-one is 64' 64 "$sluice" link --one-to-one maybe crm.csv till.csv
"$sluice" link crm.csv till.csv --id kundennr,x >out 2>err
is 'an unknown id column is 64 or 65' "$(($? == 64 || $? == 65))" 1
head -n 1 till.csv >empty.csv
status 'a file without rows' 0 "$sluice" link crm.csv empty.csv -t csv
is '… links nobody' "$(cat out)" id_a,id_b,probability

# dedupe: the same two catalogues as one file
{
    echo source,id,name,price
    sed 1d shop.csv | awk -F, '{ print "shop," $1 "," $2 "," $3 }'
    sed 1d maker.csv | awk -F, '{ print "maker," $1 "," $3 "," $2 }'
} >both.csv
status 'dedupe --one-to-one yes' 0 "$sluice" dedupe both.csv --one-to-one yes -t csv
is '… has no group with two of a source' "$(sed 1d out | cut -d, -f1,3 | sort | uniq -d)" ''
like '… and says so' "$(cat err)" "*'maker' and 'shop' hold nobody twice*"
status 'without a source column, yes is an error' 65 "$sluice" dedupe crm.csv --one-to-one yes -t csv

if [ -d "$data/match/dblp_acm" ]; then
    records=$data/match/dblp_acm/records.csv truth=$data/match/dblp_acm/truth_pairs.csv
    status 'two clean sources are found' 0 "$sluice" dedupe "$records" -o linked.csv
    like '… and said' "$(cat err)" "*'acm' and 'dblp' hold nobody twice*found*"
    f1=$("$sluice" eval linked.csv "$truth" -t csv -q 2>/dev/null | awk -F, '/F1/ { print $2; exit }')
    ok "… publications: F1 of $f1 is 0.985 at least" awk "BEGIN { exit !($f1 >= 0.985) }"
else
    echo '# no dblp_acm: skipped'
fi
plan
