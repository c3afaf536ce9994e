#!/bin/sh
# Accuracy on labelled sets: `sluice dedupe` with no options on each FOLDER/match/NAME/records.csv, judged by truth.csv
# (rec_id,entity_id) or truth_pairs.csv (rec_id_l,rec_id_r) beside it. Prints a table. Never fails on a figure.
#
#   tests/bench/accuracy.sh FOLDER [NAME…]      PEER=0: without Splink's own run beside it
#
# With no names: every set of the folder, and generated_20k, a company of 20,000 people made by build/gen;
# generated_400k and generated_4m (1 and 10 million records) are made and run when named.
set -u
if [ ! -d "${1-}/match" ]; then
    echo "usage: make accuracy DATA=FOLDER, with labelled sets in FOLDER/match" >&2
    exit 64
fi
data=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.." || exit 70
python=python3
if [ "${PEER-}" != 0 ]; then
    python=$(tests/bench/venv) || { echo "the peer cannot be installed: see above" >&2; exit 69; }
fi
mkdir -p build/bench
exec "$python" tests/bench/accuracy.py "$data/match" "$@"
