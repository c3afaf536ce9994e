"""apache/parquet-testing: the files of data/ against pyarrow's values, those of bad_data/ refused in bounded time.

usage: parquet_testing.py SUITES"""
import datetime as dt
import decimal
import glob
import math
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
EPOCH = dt.datetime(1970, 1, 1)


def plain(v):
    """Values by what they are worth: times to the microsecond, numbers as numbers, bytes as bytes."""
    if isinstance(v, dict) and list(v) == ["key", "value"]:
        return [plain(v["key"]), plain(v["value"])]  # of a map, as pyarrow gives it
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if isinstance(v, dt.datetime):
        return (v.replace(tzinfo=None) - EPOCH) // dt.timedelta(microseconds=1)
    if isinstance(v, float):
        return "nan" if math.isnan(v) else v
    if isinstance(v, decimal.Decimal):
        return v.normalize()
    return v.encode() if isinstance(v, str) else v


def columns(table):
    """Structs as their members, so that times in them may lie outside of Python's years."""
    names, out = table.column_names, []
    nulls = [column.is_null().to_pylist() for column in table.columns]
    while any(pa.types.is_struct(column.type) for column in table.columns):
        table = table.flatten()
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        out.append([plain(v) for v in column.to_pylist()])
    return names, nulls, table.column_names, out


def compare(path):
    """"" when all values are the same, else why not."""
    try:
        want = columns(pq.read_table(path, coerce_int96_timestamp_unit="us"))
    except Exception as e:
        return f"pyarrow: {str(e).splitlines()[0][:60]}"
    done = subprocess.run([SLUICE, "read", path, "-t", "arrow"], capture_output=True, timeout=120)
    if done.returncode:
        return done.stderr.decode(errors="replace").strip().rpartition(": ")[2][:80]
    got = columns(pa.ipc.open_stream(done.stdout).read_all())
    if got[0] != want[0] or got[2] != want[2]:
        return "other columns"
    if got[1] != want[1]:
        return "other nulls"
    return ", ".join(f"column {n}" for n, a, b in zip(got[2], got[3], want[3]) if a != b)


def refused(path):
    done = subprocess.run([SLUICE, "read", path, "-t", "arrow"], capture_output=True, timeout=20)
    return done.returncode == 65


def main():
    suite = os.path.join(sys.argv[1], "parquet-testing")
    files = sorted(p for p in glob.glob(f"{suite}/data/*.parquet") if os.path.getsize(p) < 1 << 20)
    wrong = [(os.path.basename(p), why) for p in files if (why := compare(p))]
    print(f"parquet-testing, data: {len(files) - len(wrong)} of {len(files)} files give pyarrow's values")
    for name, why in wrong:
        print(f"  {name}: {why}")
    bad = sorted(glob.glob(f"{suite}/bad_data/*.parquet"))
    read = [os.path.basename(p) for p in bad if not refused(p)]
    print(f"parquet-testing, bad_data: {len(bad) - len(read)} of {len(bad)} refused" + (f"; read: {', '.join(read)}" if read else ""))


if __name__ == "__main__":
    main()
