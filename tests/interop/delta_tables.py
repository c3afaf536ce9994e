"""Delta tables: what sluice writes, delta-rs, DuckDB and polars read; what delta-rs writes, sluice reads. TAP."""
import datetime as dt
import decimal
import glob
import json
import os
import subprocess
import tempfile

import deltalake
import duckdb
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
done = failed = 0


def report(good, name, detail=""):
    global done, failed
    done += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {done} - {name}")
    if not good:
        print("".join(f"#   {line}\n" for line in str(detail).splitlines()[:30]), end="")


def check(name, test):
    try:
        test()
        report(True, name)
    except Exception as e:  # whatever a reader throws is a failure of the test
        report(False, name, f"{type(e).__name__}: {e}")


def equal(got, want):
    if got != want:
        raise AssertionError(f"got  {got!r}\nwant {want!r}"[:2000])


def write(table, data, *options):
    with tempfile.NamedTemporaryFile(suffix=".arrow") as f:
        with pa.ipc.new_stream(f, data.schema) as to:
            to.write_table(data)
        f.flush()
        subprocess.run([SLUICE, "write", "-q", table, f.name, *options], check=True)


def read(table, *options):
    out = subprocess.run([SLUICE, "read", table, "-t", "arrow", *options], check=True, stdout=subprocess.PIPE).stdout
    return pa.ipc.open_stream(out).read_all()


def plain(table):
    """Columns in order of their names as lists of tuples, sorted: equal however a reader types strings."""
    names = sorted(table.schema.names)
    return names, sorted(zip(*(table.column(n).to_pylist() for n in names)), key=repr)


def by_deltalake(table):
    return deltalake.DeltaTable(table).to_pyarrow_table()


def by_duckdb(table):
    import duckdb_extension_delta

    found = glob.glob(os.path.join(list(duckdb_extension_delta.__path__)[0], "**/*.duckdb_extension"), recursive=True)
    c = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    c.execute(f"LOAD '{found[0]}'")
    got = c.execute(f"SELECT * FROM delta_scan('{table}')").to_arrow_table()
    return got


def by_polars(table):
    return polars.read_delta(table).to_arrow()


READERS = {"delta-rs": by_deltalake, "duckdb": by_duckdb, "polars": by_polars}


def readers_agree(name, table, want):
    for reader, get in READERS.items():
        check(f"{name}: {reader} reads it", lambda: equal(plain(get(table)), plain(want)))
    check(f"{name}: sluice reads it", lambda: equal(plain(read(table)), plain(want)))


UTC = dt.timezone.utc
D = decimal.Decimal
ODD = ["plain", None, "a b", "c/d", "..", "100%", "e=f", "é", "a%2Fb", "q?x#y", 'say "x"', "tab\there", "+", "a:b", "&"]


def everything():
    n = len(ODD)
    return pa.table(
        {
            "part": pa.array(ODD),
            "i": pa.array([None if i == 3 else i for i in range(n)], pa.int32()),
            "l": pa.array([i * 10**15 for i in range(n)], pa.int64()),
            "f": pa.array([i / 3 for i in range(n)], pa.float32()),
            "d": pa.array([None if i == 4 else i / 7 for i in range(n)], pa.float64()),
            "b": pa.array([None if i == 5 else i % 2 == 0 for i in range(n)]),
            "s": pa.array(["", None] + ["é" * i for i in range(n - 2)]),
            "bin": pa.array([bytes([i, 255]) for i in range(n)], pa.binary()),
            "day": pa.array([None if i == 6 else dt.date(2026, 1, 1 + i) for i in range(n)]),
            "at": pa.array(
                [None if i == 7 else dt.datetime(2026, 1 + i % 12, 1, 12, 0, 0, i, tzinfo=UTC) for i in range(n)],
                pa.timestamp("us", "UTC"),
            ),
            "money": pa.array([None if i == 8 else D(i * 1000 - 5000) / 100 for i in range(n)], pa.decimal128(18, 2)),
            "big": pa.array([D(10) ** 30 + i for i in range(n)], pa.decimal128(38, 0)),
            "list": pa.array([None if i == 9 else [str(k) for k in range(i % 3)] for i in range(n)], pa.list_(pa.string())),
            "rec": pa.array([{"x": i, "y": None} for i in range(n)], pa.struct([("x", pa.int64()), ("y", pa.string())])),
        }
    )


def month(table, column="at"):
    return table.append_column(
        "month", pa.array([None if v is None else v.strftime("%Y-%m") for v in table.column(column).to_pylist()], pa.string())
    )


def what_we_write(root):
    t = everything()
    write(f"{root}/types", t)
    readers_agree("all types", f"{root}/types", t)
    write(f"{root}/parts", t, "--partition", "part,month(at)", "--sort", "l")
    readers_agree("odd partition values", f"{root}/parts", month(t))
    for p in ["i", "l", "b", "day", "at", "money"]:
        write(f"{root}/by_{p}", t, "--partition", p)
        readers_agree(f"partitions by {p}", f"{root}/by_{p}", t)

    write(f"{root}/parts", t.slice(0, 3), "--mode", "overwrite", "--partition", "part")
    readers_agree("overwritten", f"{root}/parts", t.slice(0, 3))
    write(f"{root}/parts", t.slice(5, 4), "--mode", "append")
    more = pa.concat_tables([t.slice(0, 3), t.slice(5, 4)])
    readers_agree("appended", f"{root}/parts", more)
    changed = t.slice(1, 1).set_column(2, "l", pa.array([77], pa.int64()))
    write(f"{root}/parts", changed, "--mode", "overwrite-partitions")
    rest = pa.concat_tables([t.slice(0, 1), changed, t.slice(2, 1), t.slice(5, 4)])
    readers_agree("a partition overwritten", f"{root}/parts", rest)
    extra = t.slice(10, 1).append_column("extra", pa.array(["new"]))
    write(f"{root}/parts", extra, "--mode", "append")
    grown = rest.append_column("extra", pa.nulls(len(rest), pa.string()))
    readers_agree("a new column", f"{root}/parts", pa.concat_tables([grown, extra]))
    write(f"{root}/parts", t.slice(0, 0), "--mode", "overwrite", "--partition", "part")
    readers_agree("no rows", f"{root}/parts", t.slice(0, 0))


def events(ids, source="a", net=100, start=0):
    return pa.table(
        {
            "source": pa.array([source] * len(ids)),
            "id": pa.array([f"e{i:05d}" for i in ids]),
            "at": pa.array(
                [dt.datetime(2026, 1 + (i + start) % 6, 1 + i % 28, tzinfo=UTC) for i in ids], pa.timestamp("us", "UTC")
            ),
            "net": pa.array([D(net + i) / 100 for i in ids], pa.decimal128(18, 4)),
        }
    )


def merges(root):
    table, how = f"{root}/event", ["--mode", "merge", "--key", "source,id", "--partition", "source,month(at)", "--sort", "at"]
    all_rows = pa.concat_tables([events(range(2000)), events(range(500), "b/c")])
    write(table, all_rows, *how)
    readers_agree("merged into nothing", table, month(all_rows))
    files = sorted(deltalake.DeltaTable(table).file_uris())
    write(table, all_rows.slice(100, 1500), *how, "--app-id", "job", "--app-version", "1")
    check("the same rows leave the files alone", lambda: equal(sorted(deltalake.DeltaTable(table).file_uris()), files))
    check("delta-rs reads the transaction", lambda: equal(deltalake.DeltaTable(table).transaction_version("job"), 1))
    moved = events(range(1990, 2010), start=1, net=5)
    write(table, moved, *how)
    want = pa.concat_tables([events(range(1990)), moved, events(range(500), "b/c")])
    readers_agree("changed, moved and new rows merged", table, month(want))
    check(
        "delta-rs skips files by our statistics",
        lambda: equal(
            len(deltalake.DeltaTable(table).to_pyarrow_dataset().to_table(filter=pc.field("id") == "e00007")), 2
        ),
    )
    stats = [json.loads(l)["add"]["stats"] for l in open(f"{table}/_delta_log/{0:020d}.json") if '"add"' in l]
    check("statistics have the rows", lambda: equal(sum(json.loads(s)["numRecords"] for s in stats), 2500))


def statistics(root):
    t = pa.table(
        {
            "n": pa.array([5, None, -3], pa.int64()),
            "at": pa.array([dt.datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC)] * 3, pa.timestamp("us", "UTC")),
            "day": pa.array([dt.date(2026, 3, 1)] * 3),
            "m": pa.array([D("12345678901234567.89"), D("-0.01"), None], pa.decimal128(38, 2)),
            "s": pa.array(["b" * 100, "a", None]),
        }
    )
    write(f"{root}/stats", t)
    line = [l for l in open(f"{root}/stats/_delta_log/{0:020d}.json") if '"add"' in l][0]
    text = json.loads(line)["add"]["stats"]
    s = json.loads(text, parse_float=D)
    check("whole numbers are bare", lambda: equal((s["minValues"]["n"], s["maxValues"]["n"]), (-3, 5)))
    check("decimals are numbers with all digits", lambda: equal(s["maxValues"]["m"], D("12345678901234567.89")))
    check("dates", lambda: equal(s["minValues"]["day"], "2026-03-01"))
    check(
        "times to the millisecond, the maximum up",
        lambda: equal((s["minValues"]["at"], s["maxValues"]["at"]), ("2026-03-01T12:00:00.000Z", "2026-03-01T12:00:00.001Z")),
    )
    check("long strings are cut upward", lambda: equal(len(s["maxValues"]["s"]) < 100 and s["maxValues"]["s"] >= "b" * 100, True))
    check("nulls are counted", lambda: equal(s["nullCount"], {"n": 1, "at": 0, "day": 0, "m": 1, "s": 1}))


def what_delta_rs_writes(root):
    table = f"{root}/theirs"
    t = everything()

    def same(name):
        check(f"sluice reads {name}", lambda: equal(plain(read(table)), plain(by_deltalake(table))))

    deltalake.write_deltalake(table, t, partition_by=["part", "day"])
    same("a partitioned table of delta-rs")
    deltalake.write_deltalake(table, t, mode="append")
    same("what it appends")
    deltalake.DeltaTable(table).delete("l > 5000000000000000")
    same("what it leaves when it deletes")
    deltalake.DeltaTable(table).update(updates={"s": "'changed'"}, predicate="i = 1")
    same("what it updates")
    write(table, t.slice(2, 3), "--mode", "append")
    same("what it and sluice append")
    write(table, t.slice(2, 2), "--mode", "overwrite-partitions")
    same("partitions that sluice overwrote")
    deltalake.DeltaTable(table).create_checkpoint()
    same("a table with a checkpoint")
    deltalake.write_deltalake(table, t.slice(0, 1), mode="append")
    for f in glob.glob(f"{table}/_delta_log/*.json")[:]:
        if int(os.path.basename(f)[:20]) <= 5:
            os.remove(f)
    same("a checkpoint whose commits are gone")
    deltalake.DeltaTable(table).optimize.compact()
    same("a compacted table")
    deltalake.write_deltalake(table, t, mode="overwrite", schema_mode="overwrite")
    same("an overwritten table")
    check("columns can be chosen", lambda: equal(read(table, "--columns", "day,l").schema.names, ["day", "l"]))

    write(f"{root}/ours", t, "--partition", "part")
    deltalake.DeltaTable(f"{root}/ours").delete("i = 2")
    deltalake.DeltaTable(f"{root}/ours").vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    table = f"{root}/ours"
    same("our table after its delete and vacuum")
    for i in range(3):
        write(table, t.slice(i, 1), "--mode", "append")
    deltalake.DeltaTable(table).create_checkpoint()
    same("our table with its checkpoint")

    table = f"{root}/grown"
    for i, members in enumerate(({"x": 1, "y": "a"}, {"x": 2, "z": True, "y": "b"})):
        t = pa.table({"i": [i, 10 + i], "s": [members, None], "l": [[members], None]})
        deltalake.write_deltalake(table, t, mode="append", schema_mode="merge")
    same("structs that gained members, null ones too")


def appended(table, i):
    write(table, pa.table({"id": pa.array([i], pa.int64()), "part": [f"p {i % 3}"]}), "--mode", "append", "--app-id", "job", "--app-version", str(i))


def without_commits(table, below):
    for f in glob.glob(f"{table}/_delta_log/*.json"):
        if int(os.path.basename(f)[:20]) < below:
            os.remove(f)


def checkpoints(root):
    """Ours, read by others with nothing else to go by; theirs, in the forms that they come in."""
    table, want = f"{root}/checkpointed", pa.table({"id": pa.array(range(12), pa.int64()), "part": [f"p {i % 3}" for i in range(12)]})
    deltalake.write_deltalake(
        table, want.slice(0, 1), partition_by=["part"], configuration={"delta.checkpointInterval": "5"}
    )
    for i in range(1, 12):
        appended(table, i)
    check("a checkpoint every five commits", lambda: equal(len(glob.glob(f"{table}/_delta_log/*.checkpoint.parquet")), 2))
    without_commits(table, 10)
    readers_agree("our checkpoint alone", table, want)
    check("it keeps transactions", lambda: equal(deltalake.DeltaTable(table).transaction_version("job"), 11))
    deltalake.DeltaTable(table).create_checkpoint()
    path = glob.glob(f"{table}/_delta_log/*11.checkpoint.parquet")[0]
    rows = pq.read_table(path)
    os.remove(path)
    half = len(rows) // 2
    for part, some in ((1, rows.slice(0, half)), (2, rows.slice(half))):
        pq.write_table(some, path.replace(".checkpoint.", f".checkpoint.{part:010}.{2:010}."))
    without_commits(table, 12)
    open(f"{table}/_delta_log/{11:020}.json", "w").write('{"commitInfo":{"timestamp":0}}\n')
    check("a checkpoint in two parts", lambda: equal(plain(read(table)), plain(want)))
    os.remove(path.replace(".checkpoint.", f".checkpoint.{2:010}.{2:010}."))
    os.remove(f"{table}/_delta_log/{10:020}.checkpoint.parquet")
    check("one that lacks a part is not taken for whole", lambda: equal(refused(table), True))
    side = f"{table}/_delta_log/_sidecars"
    os.mkdir(side)
    adds = rows.filter(pc.is_valid(rows["add"]))
    pq.write_table(adds, f"{side}/files.parquet")
    heads = rows.filter(pc.is_null(rows["add"])).drop_columns(["add"])
    lines = [json.dumps({"sidecar": {"path": "files.parquet", "sizeInBytes": 1, "modificationTime": 1}})]
    for row in heads.to_pylist():
        for kind in ("metaData", "protocol", "txn"):
            if row.get(kind):
                value = {k: dict(v) if k == "configuration" else v for k, v in row[kind].items() if v is not None}
                if kind == "metaData":
                    value["format"]["options"] = {}
                lines.append(json.dumps({kind: value}))
    name = f"{11:020}.checkpoint.0e2b5e4c-0c1a-4b3e-9d6f-2f1f4f0a9c11.json"
    open(f"{table}/_delta_log/{name}", "w").write("\n".join(lines) + "\n")
    check("a V2 checkpoint with a sidecar", lambda: equal(plain(read(table)), plain(want)))


def refused(table):
    return subprocess.run([SLUICE, "read", table, "-t", "csv"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 65


def care(root):
    """What sluice compacts and cleans, others read; what others left to be cleaned, sluice cleans."""
    t = everything()
    table = f"{root}/cared"
    deltalake.write_deltalake(table, t.slice(0, 4), partition_by=["part"])
    for i in range(3):
        deltalake.write_deltalake(table, t.slice(0, 4), mode="append")
    write(table, t.slice(0, 4), "--mode", "append")
    want = pa.concat_tables([t.slice(0, 4)] * 5)
    subprocess.run([SLUICE, "optimize", "-q", table, "--sort", "l"], check=True)
    readers_agree("optimized", table, want)
    check("a file a partition", lambda: equal(len(deltalake.DeltaTable(table).file_uris()), 4))
    check(
        "delta-rs finds nothing more to compact",
        lambda: equal(deltalake.DeltaTable(table).optimize.compact()["numFilesAdded"], 0),
    )
    for version in (0, 3):
        got = lambda: plain(read(table, "--version", str(version)))
        check(f"version {version} as delta-rs has it", lambda: equal(got(), plain(deltalake.DeltaTable(table, version=version).to_pyarrow_table())))
    old = deltalake.DeltaTable(table).vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=True)
    ours = subprocess.run([SLUICE, "vacuum", "-q", table, "--retain", "0h", "--force"], check=True, stdout=subprocess.PIPE).stdout
    check("vacuum lists what delta-rs would delete", lambda: equal(sorted(ours.decode().splitlines()), sorted(old)))
    subprocess.run([SLUICE, "vacuum", "-q", table, "--retain", "0h", "--force", "--delete"], check=True, stdout=subprocess.DEVNULL)
    readers_agree("vacuumed", table, want)


def writers_at_once(root, writers=8, commits=200):
    """Commits of as many processes at once: none is lost, none fails."""
    table = f"{root}/many"
    write(table, pa.table({"id": pa.array([0], pa.int64())}))
    script = f"""for k in $(seq {commits}); do
        printf 'id\n%s\n' $((1000 * $1 + k)) | {SLUICE} write -q {table} --from csv --types id=int64 --mode append || exit 1
    done"""
    running = [subprocess.Popen(["sh", "-c", script, "sh", str(w + 1)]) for w in range(writers)]
    check("nobody fails", lambda: equal([p.wait() for p in running], [0] * writers))
    want = {0} | {1000 * (w + 1) + k + 1 for w in range(writers) for k in range(commits)}
    check("every commit is a version", lambda: equal(deltalake.DeltaTable(table).version(), writers * commits))
    for reader, get in {**READERS, "sluice": read}.items():
        check(f"{writers} x {commits} commits: {reader} has all rows", lambda: equal(set(get(table)["id"].to_pylist()), want))


def features(root):
    """What a reader must know is refused by its name; what is declared and not used is no hindrance."""
    table = f"{root}/features"
    t = pa.table({"id": pa.array([1, 2], pa.int64())})
    deltalake.write_deltalake(table, t, configuration={"delta.enableDeletionVectors": "true"})
    check("deletion vectors enabled, none there", lambda: equal(plain(read(table)), plain(t)))
    done = subprocess.run([SLUICE, "write", table, "--mode", "append", "--from", "csv"], input=b"id\n3\n", capture_output=True)
    check("but not written to", lambda: equal((done.returncode, b"deletionVectors" in done.stderr), (65, True)))


def plain_tables(root):
    t = everything()
    write(f"{root}/plain", t, "-t", "parquet", "--partition", "part")
    got = duckdb.connect().execute(
        f"SELECT * FROM read_parquet('{root}/plain/**/*.parquet', hive_partitioning=true, hive_types={{'part': VARCHAR}})"
    ).to_arrow_table()
    check("a plain table: duckdb", lambda: equal(sorted(got["l"].to_pylist()), sorted(t["l"].to_pylist())))
    check("a plain table: sluice", lambda: equal(plain(read(f"{root}/plain")), plain(t)))
    pq.write_to_dataset(t.drop_columns(["rec"]), f"{root}/dataset", partition_cols=["s"])
    check(
        "a dataset of pyarrow: sluice",
        lambda: equal(sorted(read(f"{root}/dataset")["l"].to_pylist()), sorted(t["l"].to_pylist())),
    )


with tempfile.TemporaryDirectory() as root:
    for part in (what_we_write, merges, statistics, what_delta_rs_writes, checkpoints, care, writers_at_once, features, plain_tables):
        try:
            part(root)
        except Exception as e:
            report(False, part.__name__, f"{type(e).__name__}: {e}")
print(f"1..{done}")
raise SystemExit(failed != 0)
