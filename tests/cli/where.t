#!/bin/sh
# read selects and shapes: --where, --sort-by, --sample, --tail, --rename, and what is skipped by it.
. tests/cli/tap.sh

cat >"$tmp/sales.csv" <<'END'
id,country,total,day,name
1,GB,100.50,2026-01-03,Ann
2,DE,20,2026-02-01,Bob
3,GB,99.99,2026-03-01,
4,FR,1000,2025-12-31,Zoë
5,GB,100.00,2026-01-01,ann
END
ids() { "$sluice" read "$tmp/sales.csv" --columns id -t csv "$@" 2>&1 | tail -n +2 | tr '\n' ' '; }
typed='total=decimal(10,2),day=date'

is 'a text column compares with a number by what it says' "$(ids --where 'country = "GB" and total > 100.00')" '1 '
is 'columns of the filter need not be in the output' "$(ids --types "$typed" --where 'day >= "2026-01-03"')" '1 2 3 '
is 'an empty cell is null' "$(ids --where 'name is null')" '3 '
is '… and so is the empty text' "$(ids --where 'name = ""')" '3 '
is 'null differs from everything' "$(ids --where 'name != "Ann"')" '2 3 4 5 '
is 'patterns are found' "$(ids --where "name matches '^[Aa]n{2}\$'")" '1 5 '
is 'functions and arithmetic' "$(ids --types "$typed" --where 'lower(name) = "ann" and total * 2 between 200 and 200.5')" '5 '
is 'years of dates' "$(ids --types "$typed" --where 'year(day) = 2025 or length(name) = 3 and not name starts "A"')" '2 4 5 '
is 'upwards and downwards, equal rows in their order' "$(ids --types "$typed" --sort-by country,-total)" '2 4 1 5 3 '
is 'sorting keeps the order of equal rows' "$(ids --sort-by country)" '2 4 1 3 5 '
is 'a downward column may come as a word of its own' "$(ids --types "$typed" --sort-by -total)" '4 1 5 3 2 '
is 'the first of the sorted' "$(ids --types "$typed" --sort-by -total --head 2)" '4 1 '
is 'the last rows' "$(ids --tail 2)" '4 5 '
is 'a column gets another name, last of all' \
    "$("$sluice" read "$tmp/sales.csv" --columns id,name --rename name=who --where 'name = "Bob"' -t csv)" 'id,who
2,Bob'
is 'bad cells of a type are set aside before the filter' \
    "$("$sluice" read -q "$tmp/sales.csv" --types id=int64,name=int64 --rejects "$tmp/bad.jsonl" -t csv)" 'id,country,total,day,name
3,GB,99.99,2026-03-01,'
is '… with their place' "$("$sluice" read "$tmp/bad.jsonl" --columns line --head 2 -t csv)" 'line
2
3'

# -- mistakes name their character and what was meant

refused() { # NAME PATTERN ARGUMENT…
    name=$1 pattern=$2
    shift 2
    status "$name is 64" 64 "$sluice" read "$tmp/sales.csv" "$@"
    like '… and is named' "$(cat "$tmp/err")" "$pattern"
}
refused 'an unknown column' "*character 5: no column 'contry': did you mean 'country'*" --where 'not contry = 1'
refused 'an unknown function' "*character 1: there is no function 'lenght': did you mean 'length'*" --where 'lenght(name) = 1'
refused 'a text that is no date' "*character 7: 'soon' is not a date*" --types "$typed" --where 'day > "soon"'
refused 'a date next to a number' '*a date is compared with a number*' --types "$typed" --where 'day > total'
refused 'a pattern that repeats nothing' '*repeats nothing*' --where 'name matches "*"'
refused 'a value alone' '*a comparison expected*' --where 'name'
refused 'an unknown column to sort by' "*no column 'totl': did you mean 'total'*" --sort-by totl
refused 'an unknown column to rename' "*no column 'nme': did you mean 'name'*" --rename nme=x
refused 'two columns of one name' "*two columns would be called 'id'*" --rename name=id
refused 'head and tail' '*--head and --tail*' --head 1 --tail 1
refused 'a sample of nothing sensible' '*--sample takes*' --sample many

# -- many rows: sorted beyond memory, sampled, skipped

awk 'BEGIN { print "n,key,pad"; for (i = 0; i < 200000; i++) printf "%d,%d,%040d\n", i, i * 7919 % 200003, i }' >"$tmp/many.csv"
mkdir "$tmp/spill"
big=$("$sluice" read "$tmp/many.csv" --types key=int64 --sort-by key -t csv | cksum)
is 'sorting past --memory gives the same bytes' \
    "$(TMPDIR="$tmp/spill" "$sluice" read --memory 8M "$tmp/many.csv" --types key=int64 --sort-by key -t csv | cksum)" "$big"
is '… in the order of sort(1)' \
    "$("$sluice" read "$tmp/many.csv" --types key=int64 --sort-by key -t csv | tail -n +2 | cksum)" \
    "$(tail -n +2 "$tmp/many.csv" | LC_ALL=C sort -t, -k2,2n | cksum)"
is '… and leaves no file behind' "$(ls "$tmp/spill")" ''
status 'no place for sorting is 73' 73 env TMPDIR=/nowhere/at/all "$sluice" read "$tmp/many.csv" --sort-by key -t csv
like '… and is named' "$(cat "$tmp/err")" '*/nowhere/at/all/*'
is 'a sample has as many rows as asked for' "$("$sluice" read "$tmp/many.csv" --sample 1000 -t csv | wc -l)" 1001
is '… the same ones every time, with any number of threads' \
    "$("$sluice" read --threads 1 "$tmp/many.csv" --sample 1000 -t csv | cksum)" \
    "$("$sluice" read --threads 2 "$tmp/many.csv" --sample 1000 -t csv | cksum)"
ok '… and others by another seed' \
    test "$("$sluice" read "$tmp/many.csv" --sample 1000 --seed 1 -t csv | cksum)" != "$("$sluice" read "$tmp/many.csv" --sample 1000 -t csv | cksum)"
share=$("$sluice" read "$tmp/many.csv" --sample 5% -t csv | wc -l)
ok 'a share is about one' test "$share" -gt 9500 -a "$share" -lt 10500
is 'a sample of more rows than there are is all of them' "$("$sluice" read "$tmp/sales.csv" --sample 99 -t csv | wc -l)" 6
"$sluice" read "$tmp/many.csv" --types n=int64,key=int64 -o "$tmp/many.parquet"
is 'a filter on Parquet gives its rows' \
    "$("$sluice" read "$tmp/many.parquet" --where 'n between 150000 and 150002' --columns key -t csv)" \
    "$(awk -F, 'NR == 1 || ($1 >= 150000 && $1 <= 150002) { print $2 }' "$tmp/many.csv")"
"$sluice" read -v --progress never "$tmp/many.parquet" --where 'n < 10' -t csv >"$tmp/out" 2>"$tmp/err"
like '-v says what was skipped' "$(cat "$tmp/err")" '*of * row groups and * of * pages skipped*'
"$sluice" read -v --progress never "$tmp/many.parquet" --where 'n < 0' -t csv >"$tmp/out" 2>"$tmp/err"
like '… all, when no row can pass' "$(cat "$tmp/err")" '*1 of 1 row groups*'
is '… and the header stays' "$(cat "$tmp/out")" 'n,key,pad'
"$sluice" write -q "$tmp/lake" --partition country "$tmp/sales.csv"
"$sluice" read -v --progress never "$tmp/lake" --where 'country = "FR"' --columns id -t csv >"$tmp/out" 2>"$tmp/err"
is 'a table is filtered by its partition' "$(cat "$tmp/out")" 'id
4'
like '… and its other files are not opened' "$(cat "$tmp/err")" '*2 of 3 files skipped*'
plan
