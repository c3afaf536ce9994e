"""The lake of a whole run: every table opened by delta-rs (into pandas), polars and DuckDB, and compared with `sluice
read` on every row and column. Streams of read and map, read by pyarrow as they stand. TAP."""
import datetime as dt
import decimal
import glob
import json
import os
import shutil
import subprocess

import deltalake
import duckdb
import polars
import pyarrow as pa

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
GEN = os.path.abspath("build/gen")
ROOT = os.path.abspath("build/interop-lake")
TABLES = ["customer", "customer_lineage", "customer_xref", "event", "identity_event", "reject", "run", "source_record"]
done = failed = 0


def report(good, name, detail=""):
    global done, failed
    done += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {done} - {name}")
    if not good:
        print("".join(f"#   {line}\n" for line in str(detail).splitlines()[:20]), end="")


def check(name, test):
    try:
        test()
        report(True, name)
    except Exception as e:  # whatever a reader throws is a failure of the test
        report(False, name, f"{type(e).__name__}: {e}")


def sluice(*arguments):
    return subprocess.run([SLUICE, *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


def as_json(value):
    """A value as `read -t jsonl` writes it, numbers less their spelling."""
    if isinstance(value, dict):
        return {k: as_json(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(v) for v in value]
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.timezone.utc)
        text = value.strftime("%Y-%m-%dT%H:%M:%S")
        return text + (f".{value.microsecond:06}" if value.microsecond else "") + "Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return value.normalize() + 0
    if isinstance(value, bytes):
        return value.decode()  # of rejects, whose raw rows are text in these exports
    if isinstance(value, int) and not isinstance(value, bool):
        return decimal.Decimal(value).normalize() + 0
    return value


def from_text(line):
    return json.loads(line, parse_float=decimal.Decimal, parse_int=decimal.Decimal)


FLOATS = {"match_probability", "confidence"}


def plain(rows):
    """Rows as sorted text, columns by name: equal whatever the order of both."""
    out = []
    for row in rows:
        row = {k: (None if v is None else round(float(v), 5)) if k in FLOATS else as_json(v) for k, v in row.items()}
        out.append(json.dumps(row, sort_keys=True, default=str, ensure_ascii=False))
    return sorted(out)


def normal(value):
    if isinstance(value, decimal.Decimal):
        return value.normalize() + 0
    if isinstance(value, dict):
        return {k: normal(v) for k, v in value.items()}
    if isinstance(value, list):
        return [normal(v) for v in value]
    return value


def by_sluice(table):
    return [normal(from_text(line)) for line in sluice("read", f"lake/{table}", "-t", "jsonl").splitlines()]


def by_delta_rs(path):
    return deltalake.DeltaTable(path).to_pyarrow_table().to_pylist()


def by_pandas(path):
    return deltalake.DeltaTable(path).to_pandas()


def by_polars(path):
    return polars.read_delta(path).to_dicts()


def by_duckdb(path):
    import duckdb_extension_delta

    found = glob.glob(os.path.join(list(duckdb_extension_delta.__path__)[0], "**/*.duckdb_extension"), recursive=True)
    c = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    c.execute(f"LOAD '{found[0]}'")
    c.execute("SET TimeZone = 'UTC'")
    return c.execute(f"SELECT * FROM delta_scan('{path}')").to_arrow_table().to_pylist()


READERS = {"delta-rs": by_delta_rs, "polars": by_polars, "duckdb": by_duckdb}


def equal(got, want):
    if len(got) != len(want):
        raise AssertionError(f"{len(got)} rows, want {len(want)}")
    for g, w in zip(got, want):
        if g != w:
            raise AssertionError(f"got  {g[:900]}\nwant {w[:900]}")


def pandas_agrees(path, rows):
    """pandas has its own types for missing values and times: columns, rows and what is filled must agree."""
    frame = by_pandas(path)
    if sorted(frame.columns) != sorted(rows[0] if rows else frame.columns) or len(frame) != len(rows):
        raise AssertionError(f"{len(frame)} rows of {list(frame.columns)}")
    for column in frame.columns:
        filled = int(frame[column].notna().sum())
        want = sum(row[column] is not None for row in rows)
        if filled != want:
            raise AssertionError(f"'{column}': {filled} values, want {want}")


def project():
    shutil.rmtree(ROOT, ignore_errors=True)
    os.makedirs(ROOT)
    subprocess.run([GEN, "--people", "400", f"{ROOT}/exports"], check=True)
    shutil.copy("pipelines/demo/sluice.yaml", ROOT)
    sluice("run", "-q")


def tables():
    check("the lake has these tables", lambda: equal(sorted(t for t in os.listdir(f"{ROOT}/lake") if t[0] != "."), TABLES))
    for table in TABLES:
        path = f"{ROOT}/lake/{table}"
        rows = by_sluice(table)
        want = plain(rows)
        check(f"{table}: has rows", lambda: rows[0])
        for reader, get in READERS.items():
            check(f"{table}: {reader} agrees on every row and column", lambda: equal(plain(get(path)), want))
        check(f"{table}: pandas agrees on what is filled", lambda: pandas_agrees(path, rows))


def streams():
    want = plain(by_sluice("customer"))
    opened = lambda *a: pa.ipc.open_stream(sluice(*a)).read_all()
    check("read: pyarrow reads the stream", lambda: equal(plain(opened("read", "lake/customer").to_pylist()), want))
    check("read: polars reads the stream", lambda: equal(plain(polars.read_ipc_stream(sluice("read", "lake/customer")).to_dicts()), want))
    for what in ([], ["--events"]):
        arguments = ["map", *what, "--max-rejects", "all", "--rejects", "rejects.jsonl", "-q"]
        text = [normal(from_text(line)) for line in sluice(*arguments, "-t", "jsonl").splitlines()]
        check(f"{' '.join(['map', *what])}: has rows", lambda: text[1000])
        check(f"{' '.join(['map', *what])}: pyarrow reads the stream", lambda: equal(plain(opened(*arguments).to_pylist()), plain(text)))
    check("no rows: the schema is there", lambda: equal(opened("read", "lake/customer", "--head", "0").schema.names, opened("read", "lake/customer").schema.names))


for part in (project, tables, streams):
    try:
        part()
    except Exception as e:
        report(False, part.__name__, f"{type(e).__name__}: {e}")
shutil.rmtree(ROOT, ignore_errors=True)
print(f"1..{done}")
raise SystemExit(failed != 0)
