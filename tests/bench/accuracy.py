"""The table of accuracy.sh: pairwise precision, recall and F1 of each labelled set, ours and, with PEER=1, Splink's."""

import csv
import os
import subprocess
import sys
import time

import score

OUT = "build/bench"
# What Splink has to be told, and dedupe has to find. Sets without a line are not given to it.
FEBRL = ["given_name=given", "surname=family", "date_of_birth=date", "postcode=exact", "address_1=text", "suburb=exact", "soc_sec_id=exact"]
SPLINK = {
    "febrl1": FEBRL, "febrl2": FEBRL, "febrl3": FEBRL,
    "historical_half": ["first_name=given", "surname=family", "dob=date", "postcode_fake=postcode", "birth_place=exact", "occupation=exact"],
    "splink_fake_1000": ["first_name=given", "surname=family", "dob=date", "city=exact", "email=email"],
    "rldata500": ["fname_c1=given", "lname_c1=family", "by=date", "bm=exact", "bd=exact"],
}


def judge(folder, found):
    if os.path.exists(f"{folder}/truth.csv"):
        return score.of_clusters(found, score.columns(f"{folder}/truth.csv", "rec_id", "entity_id"))
    with open(f"{folder}/truth_pairs.csv", newline="", encoding="utf-8", errors="replace") as f:
        return score.of_pairs(found, [(r["rec_id_l"], r["rec_id_r"]) for r in csv.DictReader(f)])


def timed(command, name):
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        print(f"{name}: {command[0]} left with {done.returncode}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return time.monotonic() - start


def ours(folder, name):
    out = f"{OUT}/{name}-ids.csv"
    seconds = timed(["build/sluice", "dedupe", "-q", f"{folder}/records.csv", "-o", out], name)
    return seconds and (*judge(folder, score.columns(out, "rec_id", "customer_id")), seconds)


def splinks(folder, name):
    out = f"{OUT}/{name}-splink.csv"
    if name not in SPLINK or not os.environ.get("PEER"):
        return None
    seconds = timed([sys.executable, "tests/bench/peers/splink_dedupe.py", f"{folder}/records.csv", out, *SPLINK[name]], name)
    return seconds and (*judge(folder, score.columns(out, "rec_id", "customer_id")), seconds)


def cells(figures):
    return "– | – | – | –" if not figures else "{:.4f} | {:.4f} | {:.4f} | {:.2f}".format(*figures)


def main():
    base, *names = sys.argv[1:]
    peer = " Splink's precision | recall | F1 | s |" if os.environ.get("PEER") else ""
    print(f"| set | precision | recall | F1 | s |{peer}")
    print("| --- | ---: | ---: | ---: | ---: |" + (" ---: | ---: | ---: | ---: |" if peer else ""))
    failed = 0
    for name in names or sorted(os.listdir(base)):
        if not os.path.exists(f"{base}/{name}/records.csv"):
            continue
        figures = ours(f"{base}/{name}", name)
        failed += figures is None
        print(f"| {name} | {cells(figures)} |" + (f" {cells(splinks(f'{base}/{name}', name))} |" if peer else ""))
        sys.stdout.flush()
    sys.exit(70 if failed else 0)


main()
