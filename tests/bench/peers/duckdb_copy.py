"""DuckDB's COPY of one file into another: THREADS SELECT-FROM INTO-OPTIONS OUT. Prints `seconds X`."""

import sys
import time

import duckdb

threads, source, options, out = sys.argv[1:]
con = duckdb.connect()
con.execute(f"SET threads = {threads}")
con.execute("SET TimeZone = 'UTC'")
start = time.monotonic()
con.execute(f"COPY (SELECT * FROM {source}) TO '{out}' ({options})")
print(f"seconds {time.monotonic() - start:.6f}")
