#!/bin/sh
# The example of docs/examples: Salesforce, Zendesk and Stripe exports as their usual connectors write them.
. tests/cli/tap.sh

if [ ! -d "$data/exports/salesforce_seed" ]; then
    echo "1..0 # SKIP no exports in $data"
    exit 0
fi
for system in salesforce zendesk stripe; do
    mkdir -p "$tmp/exports/$system"
    cp "$data/exports/${system}_seed/"*.csv "$tmp/exports/$system/"
done
cp docs/examples/crm.yaml "$tmp/sluice.yaml"
cd "$tmp" || exit 1
csv() { "$sluice" read "lake/$1" -t csv --columns "$2" | sed 1d; }

status 'lint passes it, and its exports' 0 "$sluice" lint
status 'it runs' 0 "$sluice" run
is 'nothing is rejected' "$(csv reject code)" ''
is 'records of each system' "$(csv source_record source | sort | uniq -c | awk '{ print $2 $1 }' | xargs)" \
    'accounts1 salesforce4 stripe12 zendesk8'
is 'events of each kind' "$(csv event kind | sort | uniq -c | awk '{ print $2 $1 }' | xargs)" 'invoice2 purchase5 ticket10'
is 'one person of one name and mailbox is one customer' \
    "$("$sluice" read lake/source_record -t csv --columns source,full_name,customer_id | grep '^zendesk,John Doe' | sort -u | wc -l)" 1
is 'cents are cents' "$("$sluice" read lake/event -t csv --columns id,gross,currency | sed -n 's/^ab1111,//p')" 0.4500,USD
is 'only what was won was bought' "$("$sluice" read lake/event -t csv --columns kind,id | grep -c 006q000000HK8jdAAD)" 0
is 'times are UTC' "$("$sluice" read lake/event -t csv --columns id,at | sed -n 's/^1404,//p')" 2020-02-13T21:43:58Z
status 'a second run does nothing' 0 "$sluice" run
like '… and says so' "$(cat err)" '*nothing is new*'

# Another system that knows the same person: the same customer.
customers=exports/stripe/customer_data.csv
echo >>$customers # its last line has no end
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next } NR == 2 {
    $at["id"] = "cus_doe"; $at["name"] = "John Doe"; $at["email"] = "example@email.com"; print }' OFS=, \
    $customers | tail -n 1 >new
cat new >>$customers
status 'a new customer of Stripe' 0 "$sluice" run
is '… is the one that Zendesk knows' "$(csv customer_xref source,key,customer_id | grep -c "$(csv customer_xref source,key,customer_id | sed -n 's/^stripe,cus_doe,//p')")" 9
plan
