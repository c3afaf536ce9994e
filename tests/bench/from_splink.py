"""The table of from_splink.sh."""

import os
import sys

import measure
import score

OUT = "build/bench"
SPLINK = [sys.executable, "tests/bench/peers/splink_model.py"]


def judge(folder, found):
    found = score.columns(found, "rec_id", "customer_id")
    return score.of_clusters(found, score.columns(f"{folder}/truth.csv", "rec_id", "entity_id"))


def jobs(records, name):
    """What is run, in order: its words, its command, and the clusters that it leaves (NULL: none)."""
    theirs, ours = f"{OUT}/{name}-splink.json", f"{OUT}/{name}-ours.json"
    out = lambda what: f"{OUT}/{name}-from-splink-{what}.csv"
    return [
        ("Splink: train, predict, cluster", [*SPLINK, "train", records, theirs, out("a")], out("a")),
        ("sluice dedupe", ["build/sluice", "dedupe", "-q", records, "-o", out("b")], out("b")),
        ("Splink: predict, cluster", [*SPLINK, "predict", records, theirs, out("c")], out("c")),
        ("sluice dedupe --model (Splink's)", ["build/sluice", "dedupe", "-q", "--model", theirs, records, "-o", out("d")], out("d")),
        ("sluice train --as splink", ["build/sluice", "train", "-q", "--as", "splink", "-o", ours, records], None),
        ("Splink: predict, cluster (our model)", [*SPLINK, "predict", records, ours, out("e")], out("e")),
    ]


def main():
    folder, *names = sys.argv[1:]
    print(f"{'':38} {'precision':>9} {'recall':>7} {'F1':>7} {'seconds':>8} {'CPU s':>7} {'peak MB':>8}")
    for name in names or ["historical_half", "febrl3"]:
        print(name)
        for words, command, found in jobs(f"{folder}/{name}/records.csv", name):
            try:
                ran = measure.run(command)
            except measure.Failed as failed:
                print(f"  {words:36} {failed}")
                continue
            rates = "{:9.4f} {:7.4f} {:7.4f}".format(*judge(f"{folder}/{name}", found)) if found else " " * 25
            print(f"  {words:36} {rates} {ran.wall:8.2f} {ran.cpu:7.2f} {ran.peak / 1e6:8.0f}", flush=True)


main()
