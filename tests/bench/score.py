"""Pairwise precision, recall and F1 of a clustering against a truth, for files of any program."""

import csv
from collections import Counter


def _pairs(sizes):
    return sum(n * (n - 1) // 2 for n in sizes)


def columns(path, key, value):
    """Two columns of a CSV file as a dictionary."""
    with open(path, newline="", encoding="utf-8", errors="replace") as f:
        return {row[key]: row[value] for row in csv.DictReader(f)}


def of_clusters(found, truth):
    """found, truth: id -> cluster. A record that was not found a cluster stands alone."""
    both, left, right = Counter(), Counter(), Counter()
    for record, entity in truth.items():
        cluster = found.get(record, ("alone", record))
        both[cluster, entity] += 1
        left[cluster] += 1
        right[entity] += 1
    return _ratios(_pairs(both.values()), _pairs(left.values()), _pairs(right.values()))


def of_pairs(found, pairs):
    """pairs: the true ones; they need not close under transitivity. Clusters of others count against precision."""
    right = sum(1 for a, b in pairs if a in found and found.get(a) == found.get(b))
    return _ratios(right, _pairs(Counter(found.values()).values()), len(pairs))


def _ratios(right, claimed, true):
    precision = right / claimed if claimed else 0.0
    recall = right / true if true else 0.0
    return precision, recall, 2 * right / (claimed + true) if claimed + true else 0.0
