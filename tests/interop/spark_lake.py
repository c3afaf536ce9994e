"""Spark 4 with Delta: what sluice writes it reads, value for value, and leaves out what a filter does not need; what it
writes sluice reads and appends to, or refuses by the feature's name. Needs Java 17 or later, pyspark from PyPI and
delta-spark from Maven Central; skipped, and said so, where one of them is not to be had. One session for all. TAP."""
import datetime as dt
import decimal
import glob
import os
import re
import shutil
import subprocess
import sys

os.environ["TZ"] = "UTC"

import duckdb
import pyarrow as pa

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
ROOT = os.path.abspath("build/interop-spark")
PYSPARK, DELTA_PYTHON, DELTA = "pyspark==4.0.1", "delta-spark==4.0.0", "io.delta:delta-spark_2.13:4.0.0"
done = failed = 0


def report(good, name, detail=""):
    global done, failed
    done += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {done} - {name}", flush=True)
    if not good:
        print("".join(f"#   {line}\n" for line in str(detail).splitlines()[:20]), end="")


def check(name, test):
    try:
        test()
        report(True, name)
    except Exception as e:  # whatever a reader throws is a failure of the test
        report(False, name, f"{type(e).__name__}: {e}"[:3000])


def skip(why):
    print(f"ok 1 - Spark reads the lake # SKIP {why}\n1..1")
    sys.exit(0)


def java_home():
    """Of a Java from 17 on, the one on the path first; Spark 4 runs on 17 and 21."""
    homes = sorted(glob.glob("/usr/lib/jvm/java-17*") + glob.glob("/usr/lib/jvm/java-21*"))
    found = [h for h in [os.environ.get("JAVA_HOME", "")] + homes if h and os.access(f"{h}/bin/java", os.X_OK)]
    for home in found:
        said = subprocess.run([f"{home}/bin/java", "-version"], capture_output=True, text=True).stderr
        version = re.search(r'version "(\d+)', said)
        if version and int(version.group(1)) in (17, 21):
            return home
    return None


def session():
    os.environ["JAVA_HOME"] = java_home() or skip("there is no Java 17 (openjdk-17-jre-headless)")
    try:
        import delta  # noqa: F401
        import pyspark  # noqa: F401
    except ImportError:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", PYSPARK, DELTA_PYTHON]
        if subprocess.run(pip, capture_output=True).returncode:
            skip(f"{PYSPARK} is not to be had")
    from pyspark.sql import SparkSession

    settings = {
        "spark.jars.packages": DELTA,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.warehouse.dir": f"{ROOT}/warehouse",
        "spark.driver.memory": "1g",
    }
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as e:
        skip(f"Spark does not start with {DELTA}: {str(e).splitlines()[0][:100]}")


def equal(got, want):
    if got != want:
        raise AssertionError(f"got  {got!r}\nwant {want!r}"[:2400])


def run(*arguments, stdin=None):
    return subprocess.run([SLUICE, *arguments], capture_output=True, input=stdin)


def write(table, data, *options):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, data.schema) as to:
        to.write_table(data)
    out = run("write", "-q", table, *options, stdin=sink.getvalue().to_pybytes())
    equal((out.returncode, out.stderr), (0, b""))


def read(table, *options):
    out = run("read", table, "-t", "arrow", *options)
    equal((out.returncode, out.stderr), (0, b""))
    return pa.ipc.open_stream(out.stdout).read_all().to_pylist()


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    return value


def rows(list_of_dicts):
    """In an order that is the same for the same rows, whoever read them."""
    return sorted((sorted(plain(row).items()) for row in list_of_dicts), key=repr)


def by_spark(frame):
    return [row.asDict(recursive=True) for row in frame.collect()]


D = decimal.Decimal
ODD = ["plain", None, "a b", "c/d", "..", "100%", "e=f", "é", "a%2Fb", "q?x#y", 'say "x"', "tab\there", "+", "a:b", "漢" * 12]


def everything():
    n = len(ODD)
    at = [None if i == 7 else dt.datetime(1900 + 9 * i, 1 + i % 12, 1, 12, 0, 0, i, tzinfo=dt.timezone.utc) for i in range(n)]
    record = pa.struct([("x", pa.int64()), ("y", pa.list_(pa.struct([("z", pa.string())])))])
    return pa.table(
        {
            "part": pa.array(ODD),
            "i": pa.array([None if i == 3 else i for i in range(n)], pa.int32()),
            "id": pa.array([i * 10**15 for i in range(n)], pa.int64()),
            "f": pa.array([i / 4 for i in range(n)], pa.float32()),
            "d": pa.array([None if i == 4 else i / 7 for i in range(n)], pa.float64()),
            "b": pa.array([None if i == 5 else i % 2 == 0 for i in range(n)]),
            "s": pa.array(["", None] + ["é\n" * i for i in range(n - 2)]),
            "bin": pa.array([bytes([i, 255]) for i in range(n)], pa.binary()),
            "day": pa.array([None if i == 6 else dt.date(1583 + 40 * i, 1, 1 + i) for i in range(n)]),
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "money": pa.array([None if i == 8 else D(i * 1000 - 5000) / 100 for i in range(n)], pa.decimal128(18, 2)),
            "small": pa.array([D(i - 5) / 10 for i in range(n)], pa.decimal128(5, 1)),
            "big": pa.array([D(10) ** 30 + i for i in range(n)], pa.decimal128(38, 0)),
            "list": pa.array([None if i == 9 else [str(k) for k in range(i % 3)] for i in range(n)], pa.list_(pa.string())),
            "rec": pa.array([{"x": i, "y": [{"z": None}, {"z": "q"}][: i % 3]} for i in range(n)], record),
        }
    )


def what_spark_reads(spark):
    t = everything()

    def both(name, table, want, form="delta"):
        frame = lambda: spark.read.format(form).load(table)
        check(f"{name}: Spark reads it", lambda: equal(rows(by_spark(frame())), rows(want.to_pylist())))

    def table(name, *options, data=t, form="delta"):
        write(f"{ROOT}/{name}", data, *options)
        both(name, f"{ROOT}/{name}", data, form)

    table("types")
    table("odd_partitions", "--partition", "part", "--sort", "id")
    table("plain", "-t", "parquet", form="parquet")
    # Folders' names have UTF-8 in percents, which pyarrow, DuckDB and polars undo and Spark takes for Latin-1.
    ascii_only = t.filter(pa.array([part is None or part.isascii() for part in ODD]))
    table("hive", "-t", "parquet", "--partition", "part", data=ascii_only, form="parquet")
    for p in ["i", "b", "day", "at", "money"]:
        table(f"by_{p}", "--partition", p)
    grown = f"{ROOT}/odd_partitions"
    extra = t.slice(0, 2).append_column("extra", pa.array(["new", None]))
    write(grown, extra, "--mode", "append")
    want = pa.concat_tables([t.append_column("extra", pa.nulls(len(t), pa.string())), extra])
    both("a column more", grown, want)
    merged = f"{ROOT}/types"
    changed = t.slice(2, 2).set_column(2, "id", pa.array([2 * 10**15, 77], pa.int64()))
    write(merged, changed, "--mode", "merge", "--key", "id")
    both("merged", merged, pa.concat_tables([t.slice(0, 2), changed, t.slice(3)]))
    for i in range(7):
        write(f"{ROOT}/appended", t.slice(i, 2), "--mode", "append")
    equal(run("optimize", "-q", f"{ROOT}/appended").returncode, 0)
    both("optimized", f"{ROOT}/appended", pa.concat_tables([t.slice(i, 2) for i in range(7)]))


def checkpointed(spark):
    """A table of sluice's whose checkpoint is all that is left of its first commits."""
    t, table = everything().select(["part", "id"]), f"{ROOT}/checkpointed"
    for i in range(102):
        write(table, t.slice(i % 15, 1), "--mode", "append", "--partition", "part")
    for i in range(100):
        os.remove(f"{table}/_delta_log/{i:020}.json")
    want = [row for i in range(102) for row in t.slice(i % 15, 1).to_pylist()]
    equal(rows(by_spark(spark.read.format("delta").load(table))), rows(want))


def scanned(frame):
    """Rows that the scan gave, and files that it opened, of what was collected."""
    got = frame.collect()
    metrics = frame._jdf.queryExecution().executedPlan().collectLeaves().apply(0).metrics()
    return len(got), metrics.apply("numOutputRows").value(), metrics.apply("numFiles").value()


def ordered(n):
    at = pa.array(range(n), pa.int64())
    return pa.table({"id": at, "k": pa.array([f"c{i // 250000}" for i in range(n)]), "v": pa.array([i / 3 for i in range(n)])})


def filters(spark):
    n = 3_000_000  # three row groups of a Mi of rows
    t = ordered(n)
    write(f"{ROOT}/sorted", t, "--sort", "id")
    write(f"{ROOT}/sorted_plain", t, "-t", "parquet", "--sort", "id")
    write(f"{ROOT}/parted", t, "--partition", "k", "--sort", "id")

    def spark_scan(name, form, least, most_rows, most_files, where):
        got, given, files = scanned(spark.read.format(form).load(f"{ROOT}/{name}").where(where))
        if got != least or given > most_rows or files > most_files:
            raise AssertionError(f"{got} rows of {given} scanned in {files} files")

    check("Spark skips row groups and pages", lambda: spark_scan("sorted_plain", "parquet", 10, 60_000, 9, "id between 2500000 and 2500009"))
    check("Spark skips them in Delta", lambda: spark_scan("sorted", "delta", 10, 60_000, 1, "id between 2500000 and 2500009"))
    check("Spark skips partitions", lambda: spark_scan("parted", "delta", 250000, 250000, 1, "k = 'c3'"))
    check("Spark skips files by Delta's statistics", lambda: spark_scan("parted", "delta", 1, 250000, 1, "id = 777777"))

    def duckdb_scan():
        c = duckdb.connect()
        c.execute("SET threads = 1")
        sql = f"SELECT sum(v) FROM read_parquet('{ROOT}/sorted_plain/**/*.parquet') WHERE id BETWEEN 2500000 AND 2500009"
        text = c.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").fetchone()[1]
        scanned = max(int(x) for x in re.findall(r'"(?:operator_)?rows_scanned":\s*(\d+)', text))
        if not 10 <= scanned <= 1 << 20:
            raise AssertionError(f"{scanned} of {n} rows scanned")

    check("DuckDB skips row groups", duckdb_scan)


def what_spark_writes(spark):
    def sql(text):
        return spark.sql(text.replace("@", ROOT))

    def same(name, appended=None, feature=None):
        """Equal for both; then a row of sluice's that Spark reads, or a refusal that names the feature."""
        table = f"{ROOT}/{name}"
        frame = lambda: spark.read.format("delta").load(table)
        check(f"{name}: sluice reads it", lambda: equal(rows(read(table)), rows(by_spark(frame()))))

        def append():
            before = by_spark(frame())
            row = {k: v for k, v in before[0].items()}
            write(table, pa.Table.from_pylist([row], schema=frame().toArrow().schema), "--mode", "append")
            equal(rows(by_spark(frame())), rows(before + [row]))
            equal(rows(read(table)), rows(before + [row]))

        def refuse():
            out = run("write", table, "--mode", "append", "-f", "csv", stdin=b"id\n1\n")
            equal((out.returncode, feature in out.stderr.decode()), (65, True))

        check(f"{name}: " + (f"not written to, for its {feature}" if feature else "appended to"), refuse if feature else append)

    def refused(name, word):
        out = run("read", f"{ROOT}/{name}", "-t", "jsonl")
        equal((out.returncode, word in out.stderr.decode(), out.stdout), (65, True, b""))

    types = """id bigint, i int, s string, f float, d double, b boolean, day date, at timestamp, bin binary,
        money decimal(18,2), big decimal(38,0), sh smallint, l array<string>, r struct<x:int,y:array<struct<z:string>>>, p string"""
    values = """(select id, cast(id as int) i, concat('s', id) s, cast(id/4 as float) f, id/7 d, id%2=0 b,
        date_add(date'1890-01-01', cast(id*99 as int)) day, timestamp_micros(id*86400000777) at, binary(string(id)) bin,
        cast(id/100 as decimal(18,2)) money, cast(id as decimal(38,0)) big, cast(id as smallint) sh,
        case when id%3=0 then null when id%3=1 then array() else array('a', null) end l,
        named_struct('x', cast(id as int), 'y', array(named_struct('z', case when id%2=0 then 'q' end))) r,
        case id%4 when 0 then null when 1 then 'a b/%' when 2 then 'é=:' else 'z' end p from range(@n))"""
    sql(f"create table delta.`@/s_types` ({types}) using delta partitioned by (p)")
    sql(f"insert into delta.`@/s_types` {values.replace('@n', '200')}")
    same("s_types")
    sql(f"merge into delta.`@/s_types` t using {values.replace('@n', '20')} s on t.id = s.id when matched then update set t.s = 'new' when not matched then insert *")
    sql("delete from delta.`@/s_types` where id = 11")
    same("s_types")
    spark.range(30).selectExpr("id", "id % 3 k").write.format("delta").partitionBy("k").save(f"{ROOT}/s_over")
    ones = spark.range(9).selectExpr("id", "1L k").write.format("delta").mode("overwrite")
    ones.option("replaceWhere", "k = 1").save(f"{ROOT}/s_over")
    same("s_over")
    parts = "set spark.databricks.delta.checkpoint.partSize"
    sql(f"{parts} = 4")
    sql("create table delta.`@/s_parts` (id bigint) using delta tblproperties('delta.checkpointInterval'='5')")
    for i in range(7):
        sql(f"insert into delta.`@/s_parts` values ({i})")
    check("s_parts: the checkpoint is in parts", lambda: equal(len(glob.glob(f"{ROOT}/s_parts/_delta_log/*.checkpoint.*.*.parquet")) > 1, True))
    for i in range(5):
        os.remove(f"{ROOT}/s_parts/_delta_log/{i:020}.json")
    same("s_parts")
    sql("create table delta.`@/s_v2` (id bigint) using delta tblproperties('delta.checkpointInterval'='5','delta.checkpointPolicy'='v2')")
    for i in range(7):
        sql(f"insert into delta.`@/s_v2` values ({i})")
    for i in range(5):
        os.remove(f"{ROOT}/s_v2/_delta_log/{i:020}.json")
    same("s_v2", feature="v2Checkpoint")
    sql("reset spark.databricks.delta.checkpoint.partSize")

    sql("create table delta.`@/s_vectors` (id bigint, p string) using delta partitioned by (p) tblproperties('delta.enableDeletionVectors'='true','delta.checkpointInterval'='3')")
    spark.range(0, 200000, 1, 1).selectExpr("id", "case when id % 3 = 0 then 'a b' else 'c/d' end p").write.format("delta").mode("append").save(f"{ROOT}/s_vectors")
    sql("delete from delta.`@/s_vectors` where id % 10 = 1")
    sql("delete from delta.`@/s_vectors` where id between 70000 and 150000")
    sql("delete from delta.`@/s_vectors` where id > 160000 and hash(id) % 2 = 0")
    same("s_vectors", feature="deletionVectors")
    check("s_vectors: an older version has its rows", lambda: equal(len(read(f"{ROOT}/s_vectors", "--version", "1")), 200000))
    check("s_vectors: a filter loses no row", lambda: equal(sorted(r["id"] for r in read(f"{ROOT}/s_vectors", "--where", "id > 149990 and id < 150020")), [i for i in range(150001, 150020) if i % 10 != 1]))
    check("s_vectors: a file of vectors that is gone is an error", lambda: broken_vectors())

    sql("create table delta.`@/s_names` (id bigint, `a b` string, r struct<x:int,y:string>, p string, l array<struct<z:int>>) using delta partitioned by (p) tblproperties('delta.columnMapping.mode'='name')")
    sql("insert into delta.`@/s_names` values (1,'one',named_struct('x',1,'y','q'),'p1',array(named_struct('z',5))),(2,null,named_struct('x',null,'y','r'),'p=2',null)")
    sql("alter table delta.`@/s_names` rename column `a b` to c")
    sql("alter table delta.`@/s_names` rename column p to part")
    sql("alter table delta.`@/s_names` rename column r.x to xx")
    sql("alter table delta.`@/s_names` add column (`a b` int)")
    sql("insert into delta.`@/s_names` values (3,'three',named_struct('xx',3,'y','qq'),'p1',array(),33)")
    same("s_names", feature="columnMapping")
    check("s_names: filtered by a renamed column", lambda: equal([r["id"] for r in read(f"{ROOT}/s_names", "--where", "c = 'three'")], [3]))
    sql("create table delta.`@/s_upgraded` (a bigint, b bigint) using delta")
    sql("insert into delta.`@/s_upgraded` values (1, 100), (2, 200)")
    sql("alter table delta.`@/s_upgraded` set tblproperties('delta.columnMapping.mode'='name')")
    for a, b in [("a", "t"), ("b", "a"), ("t", "b")]:
        sql(f"alter table delta.`@/s_upgraded` rename column {a} to {b}")
    same("s_upgraded", feature="columnMapping")
    check("s_upgraded: names that changed places, filtered", lambda: equal(read(f"{ROOT}/s_upgraded", "--where", "a = 200"), [{"b": 2, "a": 200}]))
    sql("create table delta.`@/s_ids` (id bigint, v string) using delta tblproperties('delta.columnMapping.mode'='id','delta.enableDeletionVectors'='true')")
    sql("insert into delta.`@/s_ids` select id, concat('v', id) from range(50)")
    sql("alter table delta.`@/s_ids` rename column v to w")
    sql("delete from delta.`@/s_ids` where id in (3, 20, 49)")
    sql("alter table delta.`@/s_ids` add column (v int)")
    same("s_ids", feature="columnMapping")

    sql("create table delta.`@/s_checked` (id bigint not null) using delta")
    sql("alter table delta.`@/s_checked` add constraint positive check (id > 0)")
    sql("insert into delta.`@/s_checked` values (1)")
    same("s_checked", feature="version 3")
    from delta.tables import DeltaTable

    DeltaTable.create(spark).location(f"{ROOT}/s_generated").addColumn("id", "bigint").addColumn("twice", "bigint", generatedAlwaysAs="id * 2").execute()
    spark.range(5).write.format("delta").mode("append").save(f"{ROOT}/s_generated")
    same("s_generated", feature="generatedColumns")
    from delta.tables import IdentityGenerator

    DeltaTable.create(spark).location(f"{ROOT}/s_identity").addColumn("id", "bigint").addColumn("n", "bigint", generatedAlwaysAs=IdentityGenerator()).execute()
    spark.range(5).write.format("delta").mode("append").save(f"{ROOT}/s_identity")
    same("s_identity", feature="identityColumns")
    sql("create table delta.`@/s_ntz` (id bigint, t timestamp_ntz) using delta")
    sql("insert into delta.`@/s_ntz` values (1, timestamp_ntz'2026-01-02 03:04:05')")
    check("s_ntz: refused by its type", lambda: refused("s_ntz", "timestamp_ntz"))
    sql("create table delta.`@/s_map` (id bigint, m map<string,int>) using delta")
    sql("insert into delta.`@/s_map` values (1, map('a', 1))")
    check("s_map: refused by its type", lambda: refused("s_map", "map"))
    sql("create table delta.`@/s_variant` (id bigint, v variant) using delta")
    sql("insert into delta.`@/s_variant` select 1, parse_json('{}')")
    check("s_variant: refused by its name", lambda: refused("s_variant", "variant"))
    sql("create table delta.`@/s_wide` (id smallint) using delta tblproperties('delta.enableTypeWidening'='true')")
    sql("insert into delta.`@/s_wide` values (1)")
    sql("alter table delta.`@/s_wide` change column id type bigint")
    check("s_wide: refused by its name", lambda: refused("s_wide", "typeWidening"))


def broken_vectors():
    table = f"{ROOT}/broken"
    shutil.copytree(f"{ROOT}/s_vectors", table)
    for path in glob.glob(f"{table}/**/deletion_vector_*.bin", recursive=True):
        data = bytearray(open(path, "rb").read())
        data[len(data) // 2] ^= 1
        open(path, "wb").write(data)
    equal(run("read", table, "-t", "jsonl").returncode, 65)
    for path in glob.glob(f"{table}/**/deletion_vector_*.bin", recursive=True):
        os.remove(path)
    equal(run("read", table, "-t", "jsonl").returncode, 66)


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    os.makedirs(ROOT)
    os.chdir(ROOT)
    spark = session()
    try:
        for part in [what_spark_reads, filters, what_spark_writes]:
            try:
                part(spark)
            except Exception as e:
                report(False, f"{part.__name__} came to its end", f"{type(e).__name__}: {e}"[:3000])
        check("a checkpoint of sluice's: Spark reads it", lambda: checkpointed(spark))
    finally:
        spark.stop()
    print(f"1..{done}")
    sys.exit(failed != 0)


main()
