"""Arrow and Parquet: what pyarrow, DuckDB and polars write, sluice reads, and the reverse, value by value. TAP."""
import datetime as dt
import decimal
import os
import random
import subprocess
import sys
import tempfile

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
D = decimal.Decimal
count = failed = 0


def check(name, test):
    global count, failed
    count += 1
    try:
        test()
        print(f"ok {count} - {name}")
    except Exception as e:  # whatever a reader throws is a failure of the test
        failed += 1
        print(f"not ok {count} - {name}")
        print("".join(f"#   {line}\n" for line in f"{type(e).__name__}: {e}".splitlines()[:12]), end="")


def sluice(*args, status=0, stdin=None):
    p = subprocess.run([SLUICE, "read", "-q", *args], input=stdin, capture_output=True)
    if p.returncode != status:
        raise AssertionError(f"sluice {args}: status {p.returncode}, want {status}: {p.stderr.decode()[-500:]}")
    return p


def table(n, seed):
    """Every type, a fifth of nulls, empty strings, nesting."""
    r = random.Random(seed)
    struct = pa.struct([("a", pa.string()), ("b", pa.date32()), ("c", pa.list_(pa.string()))])

    def part(i):
        return {
            "a": r.choice([None, "", "k"]),
            "b": r.choice([None, dt.date(2020, 2, 29)]),
            "c": r.choice([None, [], ["a", None, "b"]]),
        }

    kinds = {
        "flag": (pa.bool_(), lambda i: r.random() < 0.5),
        "i32": (pa.int32(), lambda i: r.randint(-(2**31), 2**31 - 1)),
        "i64": (pa.int64(), lambda i: r.randint(-(2**63), 2**63 - 1)),
        "few": (pa.int64(), lambda i: r.randint(0, 9)),
        "f32": (pa.float32(), lambda i: r.choice([0.5, -0.0, 1e30, float("inf")])),
        "f64": (pa.float64(), lambda i: r.random() * 10 ** r.randint(-300, 300)),
        "d9": (pa.decimal128(9, 2), lambda i: D(r.randint(1 - 10**9, 10**9 - 1)).scaleb(-2)),
        "d18": (pa.decimal128(18, 4), lambda i: D(r.randint(1 - 10**18, 10**18 - 1)).scaleb(-4)),
        "d19": (pa.decimal128(19, 4), lambda i: D(r.randint(1 - 10**19, 10**19 - 1)).scaleb(-4)),
        "d38": (pa.decimal128(38, 0), lambda i: D(r.randint(1 - 10**38, 10**38 - 1))),
        "text": (pa.string(), lambda i: r.choice(["", "a", "héllo", "x" * r.randint(0, 40), "漢字", "🙂"])),
        "unique": (pa.string(), lambda i: f"value {i} of {n}"),
        "bytes": (pa.binary(), lambda i: r.randbytes(r.randint(0, 20))),
        "day": (pa.date32(), lambda i: dt.date(1970, 1, 1) + dt.timedelta(days=r.randint(-100000, 100000))),
        "time": (pa.timestamp("us", "UTC"), lambda i: r.randint(-(10**15), 10**15)),
        "texts": (pa.list_(pa.string()), lambda i: [r.choice([None, "", "q"]) for _ in range(r.randint(0, 4))]),
        "struct": (struct, part),
        "structs": (pa.list_(struct), lambda i: [r.choice([None, part(i)]) for _ in range(r.randint(0, 3))]),
        "lists": (pa.list_(pa.list_(pa.int32())), lambda i: [r.choice([None, [], [1, None]]) for _ in range(i % 3)]),
        "nothing": (pa.string(), lambda i: None),
    }
    columns = {k: pa.array([None if r.random() < 0.2 else f(i) for i in range(n)], t) for k, (t, f) in kinds.items()}
    columns["full"] = pa.array([f"n{i % 7}" for i in range(n)], pa.string())
    return pa.table(columns)


def same(got, want, columns=None):
    for c in columns or want.column_names:
        a, b = got[c].to_pylist(), want[c].to_pylist()
        if a != b:
            at = next((i for i in range(min(len(a), len(b))) if a[i] != b[i]), -1)
            raise AssertionError(f"column {c} of {len(a)}/{len(b)} rows, row {at}:\n{a[at]!r}\n{b[at]!r}")


def write_stream(t, path, rows=None, options=None, file=False):
    with (ipc.new_file if file else ipc.new_stream)(path, t.schema, options=options) as w:
        w.write_table(t, max_chunksize=rows)


def read_stream(path):
    got = ipc.open_stream(path).read_all()
    got.validate(full=True)
    return got


def arrow_both_ways(n, rows, compression, file):
    def test():
        t = table(n, n)
        write_stream(t, "in.arrow", rows, ipc.IpcWriteOptions(compression=compression), file)
        sluice("in.arrow", "-o", "out.arrow")
        same(read_stream("out.arrow"), t)

    return test


def other_arrow_types():
    n = 30000
    t = pa.table(
        {
            "i8": pa.array([1, -2, None] * n, pa.int8()),
            "u8": pa.array([1, 255, None] * n, pa.uint8()),
            "i16": pa.array([1, -2, None] * n, pa.int16()),
            "u16": pa.array([1, 65535, None] * n, pa.uint16()),
            "u32": pa.array([1, 2**32 - 1, None] * n, pa.uint32()),
            "u64": pa.array([1, 2**64 - 1, None] * n, pa.uint64()),
            "date64": pa.array([86400000, -86400000, None] * n, pa.date64()),
            "ms": pa.array([1, -1, None] * n, pa.timestamp("ms", "UTC")),
            "large": pa.array(["a", "", None] * n, pa.large_string()),
            "large_bytes": pa.array([b"a", b"", None] * n, pa.large_binary()),
            "view": pa.array(["a", "a long string that is not inlined", None] * n, pa.string_view()),
            "bytes_view": pa.array([b"a", b"bbbbbbbbbbbbbbbbbbbbbbbbb", None] * n, pa.binary_view()),
            "fixed": pa.array([b"abc", b"xyz", None] * n, pa.binary(3)),
            "large_list": pa.array([[1], [], None] * n, pa.large_list(pa.int64())),
            "fixed_list": pa.array([[1, 2], [3, None], None] * n, pa.list_(pa.int32(), 2)),
            "dictionary": pa.array(["a", "b", None] * n).dictionary_encode(),
            "codes": pa.array([10, 20, None] * n).dictionary_encode(),
            "none": pa.nulls(3 * n),
            "d32": pa.array([D("1.25"), D("-1.25"), None] * n, pa.decimal32(9, 2)),
            "d64": pa.array([D("1.25"), D("-1.25"), None] * n, pa.decimal64(18, 2)),
            "d256": pa.array([D("1.25"), D("-1.25"), None] * n, pa.decimal256(30, 2)),
        }
    )
    for rows in (None, 1000):
        write_stream(t, "in.arrow", rows)
        sluice("in.arrow", "-o", "out.arrow")
        same(read_stream("out.arrow"), t)
    part = t.slice(5, 1001)
    write_stream(part, "in.arrow")
    sluice("in.arrow", "-o", "out.arrow")
    same(read_stream("out.arrow"), part)


def arrow_dictionaries():
    schema = pa.schema([("d", pa.dictionary(pa.int32(), pa.string()))])
    for deltas, last in ((True, ["a", "b", "c", "d"]), (False, ["x"])):
        options = ipc.IpcWriteOptions(emit_dictionary_deltas=deltas)
        with ipc.new_stream("in.arrow", schema, options=options) as w:
            for values in (["a", "b"], ["a", "b", "c"], last):
                codes = pa.array([0, None, len(values) - 1], pa.int32())
                column = pa.DictionaryArray.from_arrays(codes, pa.array(values))
                w.write_batch(pa.record_batch([column], schema=schema))
        sluice("in.arrow", "-o", "out.arrow")
        got = read_stream("out.arrow")["d"].to_pylist()
        want = ["a", None, "b", "a", None, "c", last[0], None, last[-1]]
        if got != want:
            raise AssertionError(f"{got} {want}")


def arrow_refusals():
    arrays = {
        "float16": pa.array(np.array([1], np.float16)),
        "duration": pa.array([1], pa.duration("s")),
        "union": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
        "run-end": pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array([1])),
        "decimal256": pa.array([D(10) ** 50], pa.decimal256(60, 0)),
    }
    for name, array in arrays.items():
        write_stream(pa.table({"x": array}), "in.arrow")
        said = sluice("in.arrow", "-o", "out.arrow", status=65).stderr.decode()
        if name not in said:
            raise AssertionError(f"{name} is not named: {said}")


def arrow_cut_short():
    t = table(500, 1)
    write_stream(t, "whole.arrow")
    whole = open("whole.arrow", "rb").read()
    for n in (0, 3, 100, len(whole) // 2, len(whole) - 8, len(whole) - 1):
        open("in.arrow", "wb").write(whole[:n])
        sluice("-f", "arrow", "in.arrow", "-o", "cut.arrow", status=65)
        if os.path.exists("cut.arrow"):
            raise AssertionError("half a stream was published")


def polars_arrow():
    frame = pl.from_arrow(table(3000, 4))
    frame.write_ipc("in.arrow")
    sluice("in.arrow", "-o", "out.arrow")
    same(pl.read_ipc_stream("out.arrow").to_arrow(), frame.to_arrow())
    frame.write_ipc_stream("in.arrow", compression="zstd")
    sluice("in.arrow", "-o", "out.arrow")
    same(pl.read_ipc_stream("out.arrow").to_arrow(), frame.to_arrow())


def our_parquet(n):
    def test():
        t = table(n, n + 1)
        write_stream(t, "in.arrow", 5000)
        sluice("in.arrow", "-o", "one.parquet", "--threads", "1")
        sluice("in.arrow", "-o", "two.parquet", "--threads", "2")
        if open("one.parquet", "rb").read() != open("two.parquet", "rb").read():
            raise AssertionError("threads change the bytes")
        same(pq.read_table("one.parquet", page_checksum_verification=True), t)
        same(duckdb.sql("from 'one.parquet'").to_arrow_table(), t)
        same(pl.read_parquet("one.parquet").to_arrow(), t)
        sluice("one.parquet", "-o", "out.arrow")
        same(read_stream("out.arrow"), t)

    return test


def our_statistics():
    """A filtered read gives the same rows as a filter over everything: bounds and page indexes are true."""
    t = table(60000, 11).sort_by("i32")
    write_stream(t, "in.arrow", 5000)
    sluice("in.arrow", "-o", "x.parquet")
    statistics = pq.read_metadata("x.parquet").row_group(0).column(1).statistics
    values = [v for v in t["i32"].to_pylist() if v is not None]
    if (statistics.min, statistics.max) != (min(values), max(values)):
        raise AssertionError(statistics)
    for where in ("i32 between 1000 and 90000000", "text > 'x'", "d38 < 0 and day < '1990-01-01'", "\"unique\" = 'value 77 of 60000'",
                  "time >= '1990-01-01'", "f64 > 1e200", "few = 3 and flag"):
        want = duckdb.sql(f"select count(*) from t where {where}").fetchone()
        got = duckdb.sql(f"select count(*) from 'x.parquet' where {where}").fetchone()
        if got != want:
            raise AssertionError(f"{where}: {got} {want}")
    low = pl.scan_parquet("x.parquet").filter(pl.col("i32") > 2_000_000_000).collect()
    if low.height != sum(v > 2_000_000_000 for v in values):
        raise AssertionError(low.height)


def their_parquet(name, write, n=5000):
    def test():
        t = table(n, 5)
        write(t, "x.parquet")
        sluice("x.parquet", "-o", "out.arrow")
        same(read_stream("out.arrow"), t)

    check(name, test)


def pyarrow_variants():
    for version in ("1.0", "2.0"):
        for dictionary in (True, False):
            for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
                def write(t, path):
                    pq.write_table(t, path, data_page_version=version, use_dictionary=dictionary, compression=codec, row_group_size=1777,
                                   data_page_size=2000, store_schema=False, write_page_checksum=True)

                words = f"pages V{version}, {'dictionary' if dictionary else 'plain'}, {codec}"
                their_parquet(f"what pyarrow writes in {words} is read", write)
    encodings = {c: "DELTA_BINARY_PACKED" for c in ("i32", "i64", "few", "day", "time")}
    encodings |= {"f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT", "d38": "BYTE_STREAM_SPLIT", "text": "DELTA_BYTE_ARRAY",
                  "unique": "DELTA_BYTE_ARRAY", "full": "DELTA_LENGTH_BYTE_ARRAY", "bytes": "DELTA_LENGTH_BYTE_ARRAY", "flag": "RLE"}
    for version in ("1.0", "2.0"):
        def write(t, path):
            pq.write_table(t, path, data_page_version=version, use_dictionary=False, column_encoding=encodings, store_schema=False)

        their_parquet(f"the newer encodings are read in pages V{version}", write)


def other_parquet_types():
    n = 1000
    t = pa.table(
        {
            "i8": pa.array([1, -2, None] * n, pa.int8()),
            "u8": pa.array([1, 255, None] * n, pa.uint8()),
            "u32": pa.array([1, 2**32 - 1, None] * n, pa.uint32()),
            "u64": pa.array([1, 2**64 - 1, None] * n, pa.uint64()),
            "fixed": pa.array([b"abc", b"xyz", None] * n, pa.binary(3)),
            "half": pa.array([np.float16(1.5), np.float16(-6e-8), None] * n, pa.float16()),
            "d30": pa.array([D("1.25"), D("-1.25"), None] * n, pa.decimal128(30, 2)),
            "ms": pa.array([1, -1, None] * n, pa.timestamp("ms", "UTC")),
            "d9": pa.array([D("1.25"), D("-1.25"), None] * n, pa.decimal128(9, 2)),
        }
    )
    for options in ({}, {"use_deprecated_int96_timestamps": True}, {"store_decimal_as_integer": True}):
        pq.write_table(t, "x.parquet", store_schema=False, **options)
        sluice("x.parquet", "-o", "out.arrow")
        same(read_stream("out.arrow"), t)


def required_parquet():
    part = pa.struct([pa.field("a", pa.int32(), False), pa.field("b", pa.list_(pa.field("x", pa.string(), False)), False)])
    field = pa.field("l", pa.list_(pa.field("e", part, False)), False)
    rows = [[{"a": 1, "b": ["x", "y"]}, {"a": 2, "b": []}], [], [{"a": 3, "b": ["z"]}]] * 100
    t = pa.table([pa.array(rows, field.type)], schema=pa.schema([field]))
    for compliant in (True, False):
        pq.write_table(t, "x.parquet", store_schema=False, use_compliant_nested_type=compliant)
        sluice("x.parquet", "-o", "out.arrow")
        same(read_stream("out.arrow"), t)


def parquet_maps():
    t = pa.table({"m": pa.array([[("a", 1), ("b", None)], [], None] * 50, pa.map_(pa.string(), pa.int32()))})
    pq.write_table(t, "x.parquet")
    sluice("x.parquet", "-o", "out.arrow")
    got = [None if m is None else [(e["key"], e["value"]) for e in m] for m in read_stream("out.arrow")["m"].to_pylist()]
    if got != t["m"].to_pylist():
        raise AssertionError(got[:3])


def chosen_columns():
    t = table(3000, 8)
    pq.write_table(t, "x.parquet")
    sluice("x.parquet", "--columns", "structs,text,i64", "-o", "out.arrow")
    got = read_stream("out.arrow")
    if got.column_names != ["structs", "text", "i64"]:
        raise AssertionError(got.column_names)
    same(got, t, got.column_names)
    said = sluice("x.parquet", "--columns", "texxt", "-o", "out.arrow", status=64).stderr.decode()
    if "did you mean 'text'" not in said:
        raise AssertionError(said)


def parquet_from_a_pipe():
    t = table(2000, 9)
    pq.write_table(t, "x.parquet")
    out = sluice("-", "-t", "arrow", stdin=open("x.parquet", "rb").read()).stdout
    same(ipc.open_stream(out).read_all(), t)


def damaged_parquet():
    t = table(2000, 10)
    write_stream(t, "in.arrow")
    sluice("in.arrow", "-o", "x.parquet")
    whole = bytearray(open("x.parquet", "rb").read())
    r = random.Random(1)
    for _ in range(30):
        part = bytearray(whole)
        part[r.randrange(4, len(whole) * 9 // 10)] ^= 0xFF  # in the pages: a checksum finds it
        open("bad.parquet", "wb").write(part)
        sluice("bad.parquet", "-o", "bad.arrow", status=65)


def main():
    os.chdir(tempfile.mkdtemp(prefix="sluice-interop-"))
    for n in (0, 1, 9, 1000):
        for compression in (None, "zstd", "lz4"):
            for file in (False, True):
                kind = f"{'file' if file else 'stream'} of {n} rows{f', {compression}' if compression else ''}"
                check(f"an Arrow {kind} comes through", arrow_both_ways(n, 7 if n < 1000 else None, compression, file))
    check("Arrow batches of more rows than ours come through", arrow_both_ways(140000, None, None, False))
    check("the other Arrow types become the nearest of ours", other_arrow_types)
    check("Arrow dictionaries grow and are replaced", arrow_dictionaries)
    check("Arrow types that are not read are named", arrow_refusals)
    check("an Arrow stream cut short is refused", arrow_cut_short)
    check("what polars writes as Arrow is read", polars_arrow)
    for n in (0, 1, 9, 1000, 45000):
        check(f"Parquet of {n} rows is read by pyarrow, DuckDB and polars", our_parquet(n))
    check("bounds and indexes are true", our_statistics)
    pyarrow_variants()
    their_parquet("what DuckDB writes is read", lambda t, p: duckdb.sql(f"copy t to '{p}' (format parquet)"))
    their_parquet("what DuckDB writes as V2 is read",
                  lambda t, p: duckdb.sql(f"copy t to '{p}' (format parquet, parquet_version 'v2', compression 'lz4_raw')"))
    their_parquet("what polars writes is read", lambda t, p: pl.from_arrow(t).write_parquet(p))
    check("the other Parquet types become the nearest of ours", other_parquet_types)
    check("required fields and lists of old are read", required_parquet)
    check("Parquet maps become lists of entries", parquet_maps)
    check("columns are chosen", chosen_columns)
    check("Parquet comes through a pipe", parquet_from_a_pipe)
    check("damaged pages are refused", damaged_parquet)
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
