#!/bin/sh
# The same job in Splink and here, for docs/from-splink.md: times and F1 of Splink with its own model, of `sluice dedupe`
# with nothing said, of `sluice dedupe --model` with Splink's model, and of Splink with the model that `sluice train
# --as splink` writes. Judged by the truth beside the records. Never fails on a figure.
#
#   tests/bench/from_splink.sh FOLDER [NAME…]      FOLDER/match/NAME; default historical_half and febrl3
set -u
if [ ! -d "${1-}/match" ]; then
    echo "usage: tests/bench/from_splink.sh FOLDER, with labelled sets in FOLDER/match" >&2
    exit 64
fi
data=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.." || exit 70
python=$(tests/bench/venv) || { echo "Splink cannot be installed: see above" >&2; exit 69; }
mkdir -p build/bench
exec "$python" tests/bench/from_splink.py "$data/match" "$@"
