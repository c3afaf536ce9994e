#!/bin/sh
# Accuracy on labelled sets: `sluice dedupe` with no options on each FOLDER/match/NAME/records.csv, judged by truth.csv
# (rec_id,entity_id) or truth_pairs.csv (rec_id_l,rec_id_r) beside it. Prints a table. Never fails on a figure.
#
#   tests/bench/accuracy.sh FOLDER [NAME…]      PEER=1: with Splink's own run beside it where it has a recipe
set -u
if [ ! -d "${1-}/match" ]; then
    echo "usage: make accuracy DATA=FOLDER, with labelled sets in FOLDER/match" >&2
    exit 64
fi
data=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.." || exit 70
python=python3
if [ -n "${PEER-}" ]; then
    python=$(tests/bench/venv) || { echo "the peer cannot be installed: see above" >&2; exit 69; }
fi
mkdir -p build/bench
exec "$python" tests/bench/accuracy.py "$data/match" "$@"
