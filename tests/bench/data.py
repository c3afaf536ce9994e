"""The data of the benchmarks, made once under build/bench: the same bytes for the same number of rows.

As a program: ROWS OUT COPY-OPTIONS. DuckDB makes the rows in a process of its own, as a child's peak memory is counted
from that of the process it was forked from."""

import os
import subprocess
import sys
import zipfile

FOLDER = "build/bench"

# name, our type, DuckDB's type, an expression of i (0, 1, …) and of h(salt), a number drawn from it
COLUMNS = [
    ("id", "int64", "BIGINT", "i + 1"),
    ("code", "utf8", "VARCHAR", "lpad((h(1) % 100000000)::VARCHAR, 8, '0')"),
    ("given_name", "utf8", "VARCHAR", "'Given' || (sqrt(h(2) % 250000)::INT)"),
    ("family_name", "utf8", "VARCHAR", "'Family' || (sqrt(h(3) % 400000000)::INT)"),
    ("email", "utf8", "VARCHAR", "CASE h(4) % 10 WHEN 0 THEN NULL ELSE 'user' || (h(4) % 90000000) || '@mail' || (h(5) % 40) || '.example' END"),
    ("phone", "utf8", "VARCHAR", "CASE h(6) % 5 WHEN 0 THEN NULL ELSE '+44' || (1000000000 + h(6) % 9000000000) END"),
    ("birth_date", "date", "DATE", "DATE '1930-01-01' + (h(7) % 28000)::INT"),
    ("created", "timestamp", "TIMESTAMP", "TIMESTAMP '2015-01-01' + to_seconds((h(8) % 340000000)::BIGINT)"),
    ("city", "utf8", "VARCHAR", "'Town ' || (h(9) % 500)"),
    ("country", "utf8", "VARCHAR", "['GB','FR','DE','IE','NL','ES'][(h(10) % 6)::INT + 1]"),
    ("amount", "decimal(18,2)", "DECIMAL(18,2)", "((h(11) % 10000000)::BIGINT - 500000)::DECIMAL(18,2) / 100::DECIMAL(18,2)"),
    ("quantity", "int32", "INTEGER", "(h(12) % 200)::INT"),
    ("score", "float64", "DOUBLE", "round((h(13) % 1000000000) / 1000003.0, 6)"),
    ("active", "bool", "BOOLEAN", "h(14) % 3 > 0"),
    ("note", "utf8", "VARCHAR", "CASE WHEN h(15) % 4 = 0 THEN NULL ELSE 'Called about order ' || (h(16) % 1000000)"
                                " || [', said \"thanks\"', ' and asked to be called back', ', wants a refund', ''][(h(17) % 4)::INT + 1] END"),
]


def types():
    return ",".join(f"{name}={ours}" for name, ours, _, _ in COLUMNS if ours != "utf8")


def duckdb_columns():
    return "{" + ", ".join(f"'{name}': '{theirs}'" for name, _, theirs, _ in COLUMNS) + "}"


def made(path, make):
    """The path, made first unless it stands there. A name is only given to a whole file."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path):
        make(path + ".part")
        os.rename(path + ".part", path)
    return path


def _select(rows):
    parts = []
    for name, _, kind, expression in COLUMNS:
        if kind == "DECIMAL(18,2)":
            expression = f"({expression})::DECIMAL(18,2)"
        parts.append(f"{expression} AS {name}")
    # Multiplying and shifting spreads well enough here and, unlike hash(), is the same in all versions.
    mix = "(((i * 2654435761 + k * 40503) % 4294967296) * 2246822519 + ((i * 2654435761 + k * 40503) // 65536)) % 9007199254740881"
    return f"WITH m AS (SELECT i FROM range({rows}) t(i)) SELECT {', '.join(parts)} FROM m", mix


def _make(rows, path, options):
    subprocess.run([sys.executable, __file__, str(rows), path, options], check=True)


def _write(rows, path, options):
    import duckdb

    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    select, mix = _select(rows)
    con.execute(f"CREATE MACRO mix(i, k) AS {mix}")
    for salt in range(1, 30):
        select = select.replace(f"h({salt})", f"mix(i::HUGEINT, {salt})")
    con.execute(f"COPY ({select}) TO '{path}' ({options})")
    con.close()


def csv(rows):
    return made(f"{FOLDER}/rows-{rows}.csv", lambda p: _make(rows, p, "FORMAT csv, HEADER, DELIMITER ','"))


def jsonl(rows):
    return made(f"{FOLDER}/rows-{rows}.jsonl", lambda p: _make(rows, p, "FORMAT json"))


def people(records):
    """A plain CSV of about so many records of people, and its truth."""
    path = f"{FOLDER}/people-{records}.csv"

    def make(part):
        subprocess.run(["build/gen", "--people", str(max(1, round(records / 2.5))), "--flat", part, "--truth", path + ".truth"], check=True)

    return made(path, make), path + ".truth"


def tickets(people):
    """The service system's XML of so many people, taken out of its archive."""
    path = f"{FOLDER}/tickets-{people}.xml"

    def make(part):
        folder = f"{FOLDER}/exports-{people}"
        subprocess.run(["build/gen", "--people", str(people), folder], check=True)
        archive = next(f"{folder}/{n}" for n in sorted(os.listdir(folder)) if n.startswith("service") and n.endswith(".zip"))
        with zipfile.ZipFile(archive) as z, open(part, "wb") as out:
            for member in z.namelist():
                with z.open(member) as f:
                    while chunk := f.read(1 << 20):
                        out.write(chunk)

    return made(path, make)


if __name__ == "__main__":
    _write(int(sys.argv[1]), sys.argv[2], sys.argv[3])
