"""Leaves with 1 when two Parquet files of the benchmarks' rows do not hold the same ones, in whatever order."""

import os
import sys

import duckdb

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from data import COLUMNS

con = duckdb.connect()
# An instant with a time zone and one without are the same instant.
columns = ", ".join(f"epoch_us({name})" if kind == "timestamp" else name for name, kind, *_ in COLUMNS)
ours, peer = (con.execute(f"SELECT count(*), sum(hash({columns})::HUGEINT) FROM '{path}'").fetchone() for path in sys.argv[1:3])
sys.exit(0 if ours == peer else f"{ours} and {peer}: not the same rows")
