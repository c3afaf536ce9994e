"""Scores of the Pollock benchmark (Vitagliano et al., "Pollock: A Data Loading Benchmark", VLDB 2023) by its own metrics.

usage: pollock.py SUITES [files whose name contains …]

SUITES/Pollock is HPI-Information-Systems/Pollock. Every polluted file is read twice by `sluice read`: with no dialect given,
and with the one that the benchmark's parameters name. Prints one line a way of reading, and with -v the files
that lose points."""
import argparse
import concurrent.futures
import csv
import functools
import json
import os
import subprocess
import sys
import tempfile

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
MEASURES = 9  # precision, recall and F1 of headers, records and cells; with `success` they make ten


def read(path, out, parameters):
    """The file as sluice reads it, as CSV; what cannot be read is an empty file."""
    command = [SLUICE, "read", path, "-f", "csv", "-t", "csv", "-o", out, "--max-rejects", "all", "--rejects", os.devnull]
    if parameters:
        schema = out + ".yaml"
        with open(schema, "w") as f:
            json.dump({"format": dialect(parameters)}, f)
        command += ["--schema", schema]
    done = subprocess.run(command, capture_output=True)
    if parameters is None or not int(parameters["header_lines"]):
        without_made_up_names(out)
    if done.returncode and not os.path.exists(out):
        return done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
    return None


def without_made_up_names(out):
    """Of a file without a header the benchmark wants the rows alone, and not the names c1, c2 … that we give."""
    if not os.path.exists(out):
        return
    with open(out, newline="") as f:
        names, newline, rows = f.read().partition("\n")
    if names.split(",") == [f"c{i + 1}" for i in range(len(names.split(",")))]:
        with open(out, "w", newline="") as f:
            f.write(rows)


def dialect(p):
    d = {"type": "csv", "header": int(p["header_lines"])}
    if p["encoding"] not in ("ascii", ""):
        d["encoding"] = p["encoding"]
    for ours, theirs in (("delimiter", "delimiter"), ("quote", "quotechar"), ("escape", "escapechar")):
        if p[theirs] and not (ours == "escape" and p["escapechar"] == p["quotechar"]):
            d[ours] = p[theirs]
    if int(p["preamble_lines"]):
        d["skip"] = int(p["preamble_lines"])
    return d


@functools.cache
def own_metrics():
    """The benchmark's own; the files share most of their cells, which need not be looked at each time."""
    from pollock import metrics
    metrics.normalize_cell = functools.cache(metrics.normalize_cell)
    return metrics


def score(job):
    suite, name, given, folder = job
    metrics = own_metrics()
    parameters = None
    if given:
        with open(f"{suite}/polluted_files/parameters/{name}_parameters.json") as f:
            parameters = json.load(f)
    out = f"{folder}/{given}-{name}"
    failed = read(f"{suite}/polluted_files/csv/{name}", out, parameters)
    if failed:
        return name, 0.0, failed[0]
    measures = metrics.header_record_cell_measures_csv(f"{suite}/polluted_files/clean/{name}", out)
    os.remove(out)
    return name, metrics_success() + float(sum(measures)), ""


def metrics_success():
    return 1.0  # an output is there; the benchmark counts no more


def main():
    args = argparse.ArgumentParser()
    args.add_argument("suites")
    args.add_argument("part", nargs="?", default="")
    args.add_argument("-v", action="store_true")
    a = args.parse_args()
    suite = os.path.join(a.suites, "Pollock")
    sys.path.insert(0, suite)
    names = sorted(n for n in os.listdir(f"{suite}/polluted_files/csv") if n.endswith("csv") and a.part in n)
    with open(f"{suite}/pollock_weights.json") as f:
        weights = json.load(f)
    csv.field_size_limit(1 << 30)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ProcessPoolExecutor() as pool:
        for given in (0, 1):
            results = list(pool.map(score, [(suite, n, given, folder) for n in names], chunksize=16))
            simple = sum(points for _, points, _ in results) / len(results)
            total = sum(weights.get(n, 0) for n in names)
            weighted = sum(points * weights.get(n, 0) for n, points, _ in results) / total if total else 0
            way = "dialect given" if given else "no dialect given"
            print(f"Pollock, {way}: {len(results)} files, simple {simple:.3f}, weighted {weighted:.3f}", flush=True)
            for n, points, why in results if a.v else ():
                if points < 9.999:
                    print(f"  {points:6.3f} weight {weights.get(n, 0)} {n} {why}")


if __name__ == "__main__":
    main()
