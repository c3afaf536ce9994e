"""Splink on DuckDB, by its documentation's recipe: IN.csv OUT.csv [COLUMN=MEANING…]. Prints `seconds X`.

Priors from deterministic rules, u by random sampling, m by EM under two blocking rules, predict, cluster. The columns are given to it,
which our own run has to find; COLUMN=source says that no value of it holds a customer twice: then pairs are sought
between sources only, and each record has one partner at most."""

import logging
import re
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.exceptions import EMTrainingException

# One column of the address: its documentation warns of columns that depend on each other, and with the street and the
# town as well it does far worse.
PEOPLE = {
    "given_name": "given", "family_name": "family", "birth_date": "date", "email": "email", "phone": "exact",
    "postcode": "postcode",
}


def comparison(column, meaning):
    if meaning in ("given", "family"):
        return cl.NameComparison(column).configure(term_frequency_adjustments=True)
    if meaning == "date":
        return cl.DamerauLevenshteinAtThresholds(column, [1, 2])
    if meaning == "email":
        return cl.EmailComparison(column)
    if meaning == "postcode":
        return cl.PostcodeComparison(column)
    if meaning == "text":
        return cl.JaroWinklerAtThresholds(column, [0.95, 0.88])
    return cl.ExactMatch(column).configure(term_frequency_adjustments=True)


def rules(columns, small):
    """Blocking rules to predict with: pairs of the columns there are, as the documentation's examples do."""
    first = {}
    for column, meaning in columns.items():
        first.setdefault(meaning, column)
    have = [(first[a], first[b]) for a, b in (("given", "family"), ("family", "date"), ("given", "date"),
            ("family", "postcode"), ("given", "postcode"), ("date", "postcode"), ("family", "text"))
            if a in first and b in first]
    blocks = [block_on(a, b) for a, b in have]
    blocks += [block_on(c) for c, m in columns.items() if m == "email" or c == "c_phone"]
    if small:  # looser rules cost nothing where there are few records
        blocks += [block_on(first[m]) for m in ("given", "family", "date", "postcode") if m in first]
    return blocks, have


def word_rules(columns):
    """The same where nothing is a person: pairs that share a word, and texts that are equal to learn from."""
    texts = [c for c, m in columns.items() if m == "text"]
    return [block_on(f"w_{c}", arrays_to_explode=[f"w_{c}"]) for c in texts[:2]], [(c,) for c in texts[:2]]


def tables(con, source):
    """One table, or one a source."""
    if not source:
        return ["records"]
    values = [r[0] for r in con.execute(f'SELECT DISTINCT c_{source} FROM records ORDER BY 1').fetchall()]
    for i, value in enumerate(values):
        con.execute(f"CREATE TABLE part_{i} AS SELECT * FROM records WHERE c_{source} = ?", [value])
    return [f"part_{i}" for i in range(len(values))]


def attempt(step, *arguments, **options):
    """A step of training that a rule without pairs makes fail: its user would go on with the next rule."""
    try:
        step(*arguments, **options)
    except (ValueError, EMTrainingException) as failed:
        print(f"left out: {str(failed).splitlines()[0]}", file=sys.stderr)


def train(linker, certain, pairs, columns):
    training = linker.training
    attempt(training.estimate_probability_two_random_records_match, certain, recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    second = next((c for c, m in columns.items() if m == "email"), None)
    for rule in (block_on(*pairs[0]), block_on(second) if second else block_on(*pairs[-1])):
        attempt(training.estimate_parameters_using_expectation_maximisation, rule)


def cluster(linker, predictions, parts):
    """At 0.95, where it does best on the generated people; with clean sources one partner a record."""
    if len(parts) == 1:
        return linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_probability=0.95)
    return linker.clustering.cluster_using_single_best_links(predictions, duplicate_free_datasets=parts, threshold_match_probability=0.5)


def main():
    path, out, *given = sys.argv[1:]
    columns = dict(pair.split("=") for pair in given) or PEOPLE
    logging.getLogger("splink").setLevel(logging.ERROR)
    start = time.monotonic()
    con = duckdb.connect()
    con.execute("SET threads = 2")
    # A phone number is compared by its last nine digits and nothing else is done for it: the file is taken as it is.
    names = [r[0] for r in con.execute(f"DESCRIBE SELECT * FROM read_csv('{path}', all_varchar = true)").fetchall()]
    key, *names = names
    # The columns' own names may be SQL's words, which Splink does not quote everywhere.
    shown = [f"right(regexp_replace(\"{n}\", '[^0-9]', '', 'g'), 9) AS c_{n}" if n == "phone"
             else f'lower(trim("{n}")) AS c_{n}' for n in names]
    con.execute(f"CREATE TABLE records AS SELECT row_number() OVER () AS __row, \"{key}\" AS rec_id, {', '.join(shown)} "
                f"FROM read_csv('{path}', all_varchar = true)")
    source = next((name for name, meaning in columns.items() if meaning == "source"), None)
    columns = {f"c_{name}": meaning for name, meaning in columns.items() if meaning != "source"}
    small = con.execute("SELECT count(*) < 30000 FROM records").fetchone()[0]
    # What looking at the largest blocks tells one to do: mailboxes and numbers that many share identify nobody.
    for n in names:
        if n in ("email", "phone"):
            con.execute(f"UPDATE records SET c_{n} = NULL WHERE c_{n} = '' OR c_{n} IN "
                        f"(SELECT c_{n} FROM records GROUP BY 1 HAVING count(*) > 50)")
    for c in [c for c, m in columns.items() if m == "text"]:
        con.execute(f"ALTER TABLE records ADD COLUMN w_{c} VARCHAR[]")
        con.execute(f"UPDATE records SET w_{c} = list_distinct(list_filter(string_split_regex({c}, '[^a-z0-9]+'), x -> length(x) > 2))")
    api = DuckDBAPI(con)
    blocks, pairs = rules(columns, small)
    if not pairs:
        blocks, pairs = word_rules(columns)
    parts = tables(con, source)
    settings = SettingsCreator(
        link_type="link_only" if source else "dedupe_only", unique_id_column_name="__row", blocking_rules_to_generate_predictions=blocks,
        comparisons=[comparison(c, m) for c, m in columns.items()], retain_intermediate_calculation_columns=False,
        retain_matching_columns=False)
    linker = Linker([api.register(t, dataset_display_name=t) for t in parts], settings, log_level=logging.ERROR)
    certain = [block_on(*pairs[0], c) for c, m in columns.items() if m in ("date", "postcode")] or blocks[:1]
    if small:  # three fields that agree may be nowhere in a few hundred records, and a prior of nothing finds nothing
        certain.append(block_on(*pairs[0]))
    train(linker, certain, pairs, columns)
    predictions = linker.inference.predict(threshold_match_probability=0.5)
    clusters = cluster(linker, predictions, parts)
    con.execute(f"COPY (SELECT r.rec_id, c.cluster_id AS customer_id FROM {clusters.physical_name} c "
                f"JOIN records r ON r.__row = c.__row) TO '{out}' (FORMAT csv, HEADER)")
    print(f"seconds {time.monotonic() - start:.6f}")


main()
