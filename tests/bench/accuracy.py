"""The table of accuracy.sh: pairwise precision, recall and F1 of each labelled set, ours and Splink's beside it."""

import csv
import os
import subprocess
import sys

import measure
import score

OUT = "build/bench"
PEER = os.environ.get("PEER") != "0"
# What Splink has to be told, and dedupe has to find. `source` names the column of two sources without duplicates.
FEBRL = ["given_name=given", "surname=family", "date_of_birth=date", "postcode=exact", "address_1=text", "suburb=exact", "soc_sec_id=exact"]
FAMILIES = ["first_name=given", "last_name=family", "middle_initial=exact", "date_of_birth=date", "sex=exact", "street_name=text",
            "street_number=exact"]
SPLINK = {
    "febrl1": FEBRL, "febrl2": FEBRL, "febrl3": FEBRL,
    "pseudopeople_women_infants_and_children": FAMILIES, "pseudopeople_current_population_survey": FAMILIES,
    "historical_half": ["first_name=given", "surname=family", "dob=date", "postcode_fake=postcode", "birth_place=exact", "occupation=exact"],
    "splink_fake_1000": ["first_name=given", "surname=family", "dob=date", "city=exact", "email=email"],
    "rldata500": ["fname_c1=given", "lname_c1=family", "by=date", "bm=exact", "bd=exact"],
    "restaurant_fodors_zagat": ["name=text", "address=text", "city=exact", "cuisine=exact"],
    "senzing_truthset": ["PRIMARY_NAME_FULL=text", "PRIMARY_NAME_ORG=text", "PRIMARY_NAME_FIRST=given", "PRIMARY_NAME_LAST=family",
                         "DATE_OF_BIRTH=date", "ADDR_FULL=text", "PHONE_NUMBER=exact", "EMAIL_ADDRESS=email"],
    "dblp_acm": ["title=text", "authors=text", "venue=exact", "year=exact", "source=source"],
    "abt_buy": ["name=text", "description=text", "price=exact", "source=source"],
}
# The company of tests/gen, as one table; its columns are what the peer takes when nothing is said.
GENERATED = {"generated_20k": 20000, "generated_400k": 400000, "generated_4m": 4000000}


def judge(folder, found):
    if os.path.exists(f"{folder}/truth.csv"):
        return score.of_clusters(found, score.columns(f"{folder}/truth.csv", "rec_id", "entity_id"))
    with open(f"{folder}/truth_pairs.csv", newline="", encoding="utf-8", errors="replace") as f:
        return score.of_pairs(found, [(r["rec_id_l"], r["rec_id_r"]) for r in csv.DictReader(f)])


def timed(command, name):
    """Runs a command; its wall seconds and peak gigabytes, or None."""
    try:
        done = measure.run(command)
    except measure.Failed as failed:
        print(f"{name}: {failed}", file=sys.stderr)
        return None
    return done.wall, done.peak / 1e9


def key_of(name):
    return "id" if name in GENERATED else "rec_id"


def ours(folder, name):
    out = f"{OUT}/{name}-ids.csv"
    cost = timed(["build/sluice", "dedupe", "-q", f"{folder}/records.csv", "-o", out], name)
    return cost and (*judge(folder, score.columns(out, key_of(name), "customer_id")), *cost)


def splinks(folder, name):
    out = f"{OUT}/{name}-splink.csv"
    if name not in SPLINK and name not in GENERATED:
        return None
    roles = SPLINK.get(name, [])
    cost = timed([sys.executable, "tests/bench/peers/splink_dedupe.py", f"{folder}/records.csv", out, *roles], name)
    return cost and (*judge(folder, score.columns(out, "rec_id", "customer_id")), *cost)


def generate(name):
    """The folder of a generated set, made once."""
    folder = f"{OUT}/{name}"
    if not os.path.exists(f"{folder}/truth.csv"):
        os.makedirs(folder, exist_ok=True)
        made = f"{folder}/made.csv"
        subprocess.run(["build/gen", "--people", str(GENERATED[name]), "--flat", f"{folder}/records.csv", "--truth", made], check=True)
        os.rename(made, f"{folder}/truth.csv")
    return folder


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def show(folder, name):
    with open(f"{folder}/records.csv", newline="", encoding="utf-8", errors="replace") as f:
        n = sum(1 for _ in csv.reader(f)) - 1
    figures = ours(folder, name)
    row([name, f"{n:,}", *cells(figures), *(cells(splinks(folder, name)) if PEER else [])])
    return figures is not None


def cells(figures):
    if not figures:
        return ["–"] * 5
    precision, recall, f1, seconds, gigabytes = figures
    return [f"{precision:.4f}", f"{recall:.4f}", f"{f1:.4f}", f"{seconds:.2f}", f"{gigabytes:.2f}"]


def main():
    base, *names = sys.argv[1:]
    heads = ["precision", "recall", "F1", "s", "GB"]
    row(["set", "rows", *heads, *([f"Splink's {h}" for h in heads] if PEER else [])])
    row(["---"] + ["---:"] * (11 if PEER else 6))
    sets = [n for n in sorted(os.listdir(base)) if os.path.exists(f"{base}/{n}/records.csv")]
    ok = [show(generate(n) if n in GENERATED else f"{base}/{n}", n) for n in names or [*sets, "generated_20k"]]
    sys.exit(0 if all(ok) else 70)


main()
