#!/bin/sh
# The runner itself: a test that fails in any way must not pass unseen.
. tests/cli/tap.sh

runs() { # NAME SCRIPT WANTED-LAST-LINE
    printf '%s\n' "$2" >"$tmp/one.t"
    is "$1" "$(TIMEOUT=${limit:-20} tests/run "$tmp/one.t" 2>&1 | tail -n 1)" "$3"
}

runs 'passed, failed and skipped tests are counted' \
    'printf "1..4\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no data\nok 4 - d\n"; exit 1' \
    '2 passed, 1 failed, 1 skipped'
runs 'without skipped tests they are not named' 'printf "1..1\nok 1 - a\n"' '1 passed, 0 failed'
runs "cmocka's way to skip is one" 'printf "1..1\nnot ok 1 # SKIP a\n"' '0 passed, 0 failed, 1 skipped'
runs 'a whole file may be skipped' 'echo "1..0 # SKIP no program"' '0 passed, 0 failed, 1 skipped'
runs 'fewer tests than planned are a failure' 'printf "1..2\nok 1 - a\n"' '1 passed, 1 failed'
runs 'no plan is a failure' 'printf "ok 1 - a\n"' '1 passed, 1 failed'
runs 'a bad exit status is a failure' 'printf "1..1\nok 1 - a\n"; exit 3' '1 passed, 1 failed'
runs 'a crash is a failure' 'printf "1..1\nok 1 - a\n"; kill -SEGV $$' '1 passed, 1 failed'
limit=1
runs 'a test that hangs is a failure' 'printf "1..1\nok 1 - a\n"; sleep 9' '1 passed, 1 failed'
limit=20
is 'a missing test is a failure' "$(tests/run tests/unit/test_none.c | tail -n 1)" '0 passed, 1 failed'

printf '1..1\nnot ok 1 - it broke\n' | sed 's/^/echo /' >"$tmp/bad.t"
status 'a failure gives status 1' 1 tests/run "$tmp/bad.t"
like 'and is shown with its file' "$(cat "$tmp/out")" "*FAILED $tmp/bad.t*it broke*"
printf 'echo 1..1\necho ok 1\n' >"$tmp/good.t"
status 'no failure gives status 0' 0 tests/run "$tmp/good.t"
is 'and shows nothing else' "$(cat "$tmp/out")" '1 passed, 0 failed'
plan
