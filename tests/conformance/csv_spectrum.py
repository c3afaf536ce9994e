"""The files of max-mapper/csv-spectrum against what it says they hold.

usage: csv_spectrum.py SUITES"""
import glob
import json
import os
import subprocess
import sys

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))


def rows_of(path):
    """As the suite has them: an empty field is an empty string."""
    done = subprocess.run([SLUICE, "read", path, "-f", "csv", "-t", "jsonl"], capture_output=True)
    if done.returncode:
        return done.stderr.decode(errors="replace").strip()
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [{k: "" if v is None else v for k, v in row.items()} for row in rows]


def main():
    suite = os.path.join(sys.argv[1], "csv-spectrum")
    good, wrong = 0, []
    for path in sorted(glob.glob(f"{suite}/csvs/*.csv")):
        name = os.path.basename(path)[:-4]
        with open(f"{suite}/json/{name}.json") as f:
            want = json.load(f)
        got = rows_of(path)
        if got == want:
            good += 1
        else:
            wrong.append(name)
    print(f"csv-spectrum: {good} of {good + len(wrong)} files" + (f"; not {', '.join(wrong)}" if wrong else ""))


if __name__ == "__main__":
    main()
