"""`make bench`: ours and a peer on the same data, as ratios. See the file `run` for how to call it."""

import os
import re
import subprocess
import sys

import data
import measure
import score

FOLDER = data.FOLDER
SLUICE = "build/sluice"
ROWS = int(os.environ.get("BENCH_ROWS", 1_000_000))
PAIRS = int(os.environ.get("BENCH_PAIRS", 3))
FORMATS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json"}


def from_csv(path):
    return (f"read_csv('{path}', header=true, delim=',', quote='\"', escape='\"', auto_detect=false, "
            f"columns={data.duckdb_columns()})")


def from_jsonl(path):
    return f"read_json('{path}', format='newline_delimited', auto_detect=false, columns={data.duckdb_columns()})"


def duckdb(threads, source, to, out):
    return [sys.executable, "tests/bench/peers/duckdb_copy.py", str(threads), source, FORMATS[to], f"{FOLDER}/{out}"]


def sluice(threads, path, out, *options):
    return [SLUICE, "read", "-q", "--threads", str(threads), "-o", f"{FOLDER}/{out}", *options, path]


def against_duckdb(name, path, source, to, threads, types):
    options = ["--types", data.types()] if types else []
    ours, peer = measure.pair(sluice(threads, path, f"ours.{to}", *options),
                              duckdb(threads, source, to, f"peer.{to}"), PAIRS)
    plural = "s" if threads > 1 else ""
    measure.report(f"{name}, {threads} thread{plural}", "DuckDB COPY", ours, peer, os.path.getsize(path))


def csv_to_parquet():
    path = data.csv(ROWS)
    for threads in (1, 2):
        against_duckdb("CSV → Parquet", path, from_csv(path), "parquet", threads, True)
    check_same("parquet")


def csv_to_text():
    path = data.csv(ROWS)
    for to in ("csv", "jsonl"):
        against_duckdb(f"CSV → {to.upper()}", path, from_csv(path), to, 2, True)


def jsonl_to_parquet():
    path = data.jsonl(ROWS)
    for threads in (1, 2):
        against_duckdb("JSON Lines → Parquet", path, from_jsonl(path), "parquet", threads, True)
    check_same("parquet")


def check_same(to):
    """A fast answer that is another answer is no answer: both outputs' rows, hashed."""
    subprocess.run([sys.executable, "tests/bench/peers/same_rows.py", f"{FOLDER}/ours.{to}", f"{FOLDER}/peer.{to}"], check=True)


def xml_to_parquet():
    path = data.tickets(max(1000, ROWS // 10))
    sax = f"{FOLDER}/xml_sax"
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libxml-2.0"], check=True, capture_output=True, text=True)
    subprocess.run(["cc", "-O2", "-o", sax, "tests/bench/xml_sax.c", *flags.stdout.split()], check=True)
    for threads in (1, 2):
        ours, peer = measure.pair(sluice(threads, path, "ours.parquet"), [sax, path], PAIRS)
        measure.report(f"XML → Parquet, {threads} thread{'s' if threads > 1 else ''}", "libxml2 SAX2, parsing alone",
                       ours, peer, os.path.getsize(path))


def dedupe():
    records = ROWS // 5
    path, truth = data.people(records)
    pairs = 1 if records > 300_000 else PAIRS
    ours_out, peer_out = f"{FOLDER}/ours-ids.csv", f"{FOLDER}/peer-ids.csv"
    ours, peer = measure.pair([SLUICE, "dedupe", "-q", path, "-o", ours_out],
                              [sys.executable, "tests/bench/peers/splink_dedupe.py", path, peer_out], pairs)
    measure.report(f"dedupe of {records} people, 2 threads", "Splink on DuckDB", ours, peer, 0)
    entities = score.columns(truth, "rec_id", "entity_id")
    lines = []
    for who, out, key in (("ours", ours_out, "id"), ("Splink", peer_out, "rec_id")):
        p, r, f1 = score.of_clusters(score.columns(out, key, "customer_id"), entities)
        lines.append(f"{who}: precision {p:.4f}, recall {r:.4f}, F1 {f1:.4f}")
    return lines


def scoring():
    """Where the time of a match goes on one core: no peer has such a loop to be put beside."""
    path, _ = data.people(ROWS // 5)
    packages = re.findall(r"^PKGS +:=((?:.*\\\n)*.*)$", open("Makefile").read(), re.M)[0].replace("\\", " ").split()
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", *packages], check=True, capture_output=True, text=True)
    program = f"{FOLDER}/scoring"
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", "-O2", "-I.", "-o", program, "tests/bench/scoring.c",
                    "build/release/libsluice.a", *flags.stdout.split(), "-lcsv", "-lpthread", "-lm", "-ldl"], check=True)
    return subprocess.run([program, path], check=True, capture_output=True, text=True).stdout.splitlines()


def memory():
    """The peak of a file of 4 GB: alone, without a peer, as it is the bound that counts."""
    path = data.csv(int(os.environ.get("BENCH_BIG_ROWS", 26_000_000)))
    result = measure.run(sluice(2, path, "ours.parquet", "--types", data.types()))
    size = os.path.getsize(path)
    measure.report("CSV → Parquet of a big file, 2 threads", "– (peak memory)", [result], [result], size)
    return [f"{size / 1e9:.2f} GB read with a peak of {result.peak / 1e6:.0f} MB"]


# dedupe comes last: scoring it makes this process big, which a child's peak memory begins with.
BENCHMARKS = {"csv": csv_to_parquet, "csv-text": csv_to_text, "jsonl": jsonl_to_parquet, "xml": xml_to_parquet,
              "memory": memory, "scoring": scoring, "dedupe": dedupe}


def main():
    wanted = sys.argv[1:] or [b for b in BENCHMARKS if b != "memory" or os.environ.get("BENCH_BIG")]
    wanted.sort(key=lambda name: name == "dedupe")
    unknown = [w for w in wanted if w not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark '{unknown[0]}': there are {' '.join(BENCHMARKS)}")
    os.makedirs(FOLDER, exist_ok=True)
    print(f"{ROWS} rows; medians of {PAIRS} runs each, in turns, after a warm-up\n")
    measure.heading()
    failed, notes = 0, []
    for name in wanted:
        try:
            notes += BENCHMARKS[name]() or []
        except (measure.Failed, subprocess.CalledProcessError) as e:
            notes.append(f"{name} did not run: {e}")
            failed += 1
    print("\n" + "\n".join(notes))
    sys.exit(70 if failed else 0)


main()
