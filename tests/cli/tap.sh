# TAP for shell tests: source it, say `plan` last. Each test runs in the repository's root.
# ok NAME COMMAND…: passes when the command does.  is NAME GOT WANT: passes when equal.
# status NAME WANT COMMAND…: passes on that exit status; its standard error is in $tmp/err.
set -u
sluice=${SLUICE:-$PWD/build/sluice}
data=${SLUICE_DATA:-$PWD/../shared/data}
n=0
failed=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/sluice-test.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

report() { # RESULT NAME [DETAIL]
    n=$((n + 1))
    if [ "$1" = 0 ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        failed=$((failed + 1))
        [ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/#   /'
    fi
}

ok() {
    name=$1
    shift
    out=$("$@" 2>&1) && report 0 "$name" || report 1 "$name" "$out"
}

is() { [ "$2" = "$3" ] && report 0 "$1" || report 1 "$1" "got:  $2
want: $3"; }

like() { # NAME TEXT PATTERN (a shell pattern)
    case $2 in
        $3) report 0 "$1" ;;
        *) report 1 "$1" "got: $2
want: $3" ;;
    esac
}

status() {
    name=$1
    want=$2
    shift 2
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    got=$?
    [ $got = "$want" ] && report 0 "$name" || report 1 "$name" "status $got, want $want: $(head -c 600 "$tmp/err")"
}

skip() { # NAME WHY
    n=$((n + 1))
    echo "ok $n - $1 # SKIP $2"
}

plan() {
    echo "1..$n"
    [ $failed = 0 ]
}
