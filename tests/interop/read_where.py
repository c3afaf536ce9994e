"""read --where gives the rows that DuckDB gives, whatever the file lets be skipped. TAP."""
import datetime as dt
import decimal
import os
import random
import subprocess
import tempfile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
PREDICATES = int(os.environ.get("PREDICATES", "60"))
ROWS = 6000
D = decimal.Decimal
EPOCH = dt.datetime(2020, 1, 1)
count = failed = 0


def ok(good, name, why=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}" + ("" if good else f"\n#   {why}"))


def make_table(seed):
    """Some columns rise with the row, so that pages differ; some have stretches of nulls."""
    r = random.Random(seed)

    def sparse(i, v):
        return None if 1000 <= i < 1800 or r.random() < 0.1 else v

    def text(i):
        return r.choice(["", "a", "ab", "é", "x" * 80 + str(r.randint(0, 99)), "\U0010ffff" * 20, f"k{i // 10:05}"])

    columns = {
        "id": (pa.int64(), lambda i: i),
        "up32": (pa.int32(), lambda i: sparse(i, i // 3 - 700)),
        "any64": (pa.int64(), lambda i: sparse(i, r.choice([r.randint(-50, 50), 2**53 + 1, -(2**63), 2**63 - 1]))),
        "u32": (pa.uint32(), lambda i: sparse(i, r.choice([i, 2**32 - 1 - i]))),
        "u64": (pa.uint64(), lambda i: sparse(i, r.choice([i, 2**64 - 1 - i]))),
        "real": (pa.float64(), lambda i: sparse(i, r.choice([i / 7, float("nan"), -0.0, 0.0, float("-inf")]))),
        "half": (pa.float32(), lambda i: sparse(i, i / 4)),
        "money": (pa.decimal128(9, 2), lambda i: sparse(i, D(i * 7 - 9000).scaleb(-2))),
        "wide": (pa.decimal128(38, 10), lambda i: sparse(i, D(r.randint(-(10**20), 10**20)).scaleb(-10))),
        "day": (pa.date32(), lambda i: sparse(i, (EPOCH + dt.timedelta(i // 4)).date())),
        "us": (pa.timestamp("us"), lambda i: sparse(i, EPOCH + dt.timedelta(seconds=i * 977))),
        "ms": (pa.timestamp("ms"), lambda i: sparse(i, EPOCH - dt.timedelta(seconds=i * 977))),
        "flag": (pa.bool_(), lambda i: sparse(i, i > 3000)),
        "name": (pa.string(), lambda i: sparse(i, text(i))),
        "key": (pa.string(), lambda i: f"K{i * 7919 % 6007:06}"),
    }
    return pa.table({n: pa.array([f(i) for i in range(ROWS)], t) for n, (t, f) in columns.items()})


def literal(r, name, table):
    """A value there is, or one beside it: as sluice writes it, and as SQL."""
    v = None
    while v is None or v != v or v == float("-inf"):
        v = table[name][r.randrange(ROWS)].as_py()
    if isinstance(v, bool):
        return str(v).lower(), str(v)
    if isinstance(v, int):
        v += r.choice([0, 0, 1, -1])
        return str(v), f"{v}::HUGEINT"
    if isinstance(v, float):
        return format(D(repr(v)), "f"), f"'{v!r}'::DOUBLE"
    if isinstance(v, D):
        return format(v, "f"), f"{v:f}"
    if isinstance(v, dt.datetime):
        return f"'{v:%Y-%m-%dT%H:%M:%SZ}'", f"TIMESTAMP '{v:%Y-%m-%d %H:%M:%S}'"
    if isinstance(v, dt.date):
        return f"'{v}'", f"DATE '{v}'"
    v = v if v else "ab"
    return f"'{v}'", f"'{v}'"


def test(r, table):
    """One test of a column, in both languages. Ours is never null: what does not compare is false, or true for !=."""
    name = r.choice([n for n in table.column_names if n != "id"])
    is_text = name in ("name", "key")
    sql_name = f"nullif({name}, '')" if is_text else name
    is_number = f"coalesce(not isnan({name}), false)" if name in ("real", "half") else "true"
    kind = r.choice(["compare"] * 6 + ["null", "in", "between"] + ["text"] * (2 * is_text))
    ours, theirs = literal(r, name, table)
    if kind == "null":
        negated = r.choice(["", " not"])
        return f"{name} is{negated} null", f"{sql_name} is{negated} null"
    if kind == "in":
        more = [literal(r, name, table) for _ in range(r.randint(0, 3))] + [(ours, theirs)]
        return (
            f"{name} in ({', '.join(o for o, _ in more)})",
            f"coalesce({sql_name} in ({', '.join(t for _, t in more)}), false)",
        )
    if kind == "between":
        high, sql_high = literal(r, name, table)
        return (
            f"{name} between {ours} and {high}",
            f"(coalesce({sql_name} between {theirs} and {sql_high}, false) and {is_number})",
        )
    if kind == "text":
        part = ours[1:-1][: r.randint(1, 4)]
        word, sql = r.choice([("starts", "starts_with"), ("ends", "suffix"), ("contains", "contains")])
        if r.random() < 0.3:
            return f"{name} like '{part}%'", f"coalesce({sql_name} like '{part}%', false)"
        return f"{name} {word} '{part}'", f"coalesce({sql}({sql_name}, '{part}'), false)"
    op = r.choice(["=", "=", "!=", "<", "<=", ">", ">="])
    if op == "!=":
        return f"{name} != {ours}", f"not coalesce({sql_name} = {theirs}, false)"
    if r.random() < 0.2:
        turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}[op]
        return f"{ours} {turned} {name}", f"(coalesce({sql_name} {op} {theirs}, false) and {is_number})"
    return f"{name} {op} {ours}", f"(coalesce({sql_name} {op} {theirs}, false) and {is_number})"


def predicate(r, table, depth=2):
    shape = r.choice(["test", "and", "or", "not"]) if depth else "test"
    if shape == "test":
        return test(r, table)
    a, x = predicate(r, table, depth - 1)
    if shape == "not":
        return f"not ({a})", f"not ({x})"
    b, y = predicate(r, table, depth - 1)
    return f"({a}) {shape} ({b})", f"({x}) {shape} ({y})"


def sluice_ids(path, where):
    p = subprocess.run(
        [SLUICE, "read", "-v", "--progress", "never", path, "--where", where, "--columns", "id", "-t", "csv"],
        capture_output=True,
    )
    if p.returncode:
        raise AssertionError(p.stderr.decode()[-300:])
    return [int(line) for line in p.stdout.split()[1:]], p.stderr.decode()


def files(folder, table):
    """By several writers, with and without what lets pages be skipped."""
    small = dict(row_group_size=1500, data_page_size=1000, write_batch_size=64)
    options = {
        "pyarrow": dict(small),
        "pyarrow with page index": dict(small, write_page_index=True),
        "pyarrow, page index, V2 pages, no dictionary": dict(
            small, write_page_index=True, data_page_version="2.0", use_dictionary=False, compression="zstd"
        ),
        "pyarrow without statistics": dict(small, write_statistics=False),
        "pyarrow, one group": dict(write_page_index=True, data_page_size=500, write_batch_size=16, store_schema=False),
    }
    for i, (name, o) in enumerate(options.items()):
        path = f"{folder}/{i}.parquet"
        pq.write_table(table, path, **o)
        yield name, path, table
    path = f"{folder}/duckdb.parquet"
    duckdb.sql(f"COPY (SELECT * FROM rows ORDER BY id) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    yield "DuckDB, bloom filters", path, table
    path = f"{folder}/sluice.parquet"
    subprocess.run([SLUICE, "read", "-q", f"{folder}/1.parquet", "-o", path], check=True)
    yield "sluice", path, table
    path = f"{folder}/lake"
    subprocess.run([SLUICE, "write", "-q", path, "--partition", "flag", f"{folder}/1.parquet"], check=True)
    yield "a table by sluice, partitioned", path, table
    try:
        import deltalake
    except ImportError:
        return
    plain = table.drop(["u32", "u64", "ms", "us"])
    for column in ("flag", "name"):
        path = f"{folder}/delta-{column}"
        for first in range(0, ROWS, 1000):
            deltalake.write_deltalake(path, plain.slice(first, 1000), partition_by=[column], mode="append")
        yield f"a table by delta-rs, by {column}", path, plain


def main():
    skipped = {}
    with tempfile.TemporaryDirectory() as folder:
        table = make_table(5)
        duckdb.sql("SET TimeZone = 'UTC'")
        duckdb.register("rows", table)
        for name, path, has in files(folder, table):
            r = random.Random(name)
            wrong = ""
            for _ in range(PREDICATES):
                ours, sql = predicate(r, has)
                want = [i for (i,) in duckdb.sql(f"SELECT id FROM rows WHERE {sql} ORDER BY id").fetchall()]
                got, said = sluice_ids(path, ours)
                if sorted(got) != want:
                    odd = sorted(set(got) ^ set(want))[:3]
                    wrong = f"{ours}: {len(got)} rows, {len(want)} by DuckDB; {odd}"
                    break
                numbers = [int(w) for line in said.splitlines() if "pages skipped" in line for w in line.split() if w.isdigit()]
                for i, n in enumerate(numbers[-4:]):
                    skipped.setdefault(name, [0] * 4)[i] += n
            ok(not wrong, f"{PREDICATES} filters of {name}", wrong)
            print(f"# groups skipped, of, pages skipped, of: {skipped.get(name)}")
        for name in ("pyarrow with page index", "DuckDB, bloom filters"):
            ok(skipped.get(name, [0])[0] > 0, f"row groups of {name} are skipped")
        ok(skipped["pyarrow with page index"][2] > 0, "pages are skipped by the page index")
    print(f"1..{count}")
    raise SystemExit(failed != 0)


main()
