"""Splink on DuckDB, by its documentation's recipe: IN.csv OUT.csv [COLUMN=MEANING…]. Prints `seconds X`.

Priors from deterministic rules, u by random sampling, m by EM under two blocking rules, predict, cluster at 0.95
(the threshold at which it does best on the generated people: see tests/gen/README.md). The columns are given to it,
which our own run has to find."""

import logging
import re
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

PEOPLE = {
    "given_name": "given", "family_name": "family", "birth_date": "date", "email": "email", "phone": "exact",
    "line1": "text", "city": "exact", "postcode": "postcode",
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


def rules(columns):
    """Blocking rules to predict with: pairs of the columns there are, as the documentation's examples do."""
    first = {}
    for column, meaning in columns.items():
        first.setdefault(meaning, column)
    have = [(first[a], first[b]) for a, b in (("given", "family"), ("family", "date"), ("given", "date"),
            ("family", "postcode"), ("given", "postcode"), ("date", "postcode"), ("family", "text"))
            if a in first and b in first]
    blocks = [block_on(a, b) for a, b in have]
    blocks += [block_on(c) for c, m in columns.items() if m == "email" or c == "phone"]
    return blocks, have


def main():
    path, out, *given = sys.argv[1:]
    columns = dict(pair.split("=") for pair in given) or PEOPLE
    logging.getLogger("splink").setLevel(logging.ERROR)
    start = time.monotonic()
    con = duckdb.connect()
    con.execute("SET threads = 2")
    # A phone number is compared by its last nine digits and nothing else is done for it: the file is taken as it is.
    names = [r[0] for r in con.execute(f"DESCRIBE SELECT * FROM read_csv('{path}', all_varchar = true)").fetchall()]
    shown = [f"right(regexp_replace(\"{n}\", '[^0-9]', '', 'g'), 9) AS \"{n}\"" if n == "phone"
             else f'lower(trim("{n}")) AS "{n}"' for n in names]
    con.execute(f"CREATE TABLE records AS SELECT row_number() OVER () AS __row, {', '.join(shown)} "
                f"FROM read_csv('{path}', all_varchar = true)")
    # What looking at the largest blocks tells one to do: mailboxes and numbers that many share identify nobody.
    for n in names:
        if n in ("email", "phone"):
            con.execute(f'UPDATE records SET "{n}" = NULL WHERE "{n}" = \'\' OR "{n}" IN '
                        f'(SELECT "{n}" FROM records GROUP BY 1 HAVING count(*) > 50)')
    api = DuckDBAPI(con)
    blocks, pairs = rules(columns)
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="__row", blocking_rules_to_generate_predictions=blocks,
        comparisons=[comparison(c, m) for c, m in columns.items()], retain_intermediate_calculation_columns=False,
        retain_matching_columns=False)
    linker = Linker(api.register("records", dataset_display_name="people"), settings, log_level=logging.ERROR)
    certain = [block_on(*pairs[0], c) for c, m in columns.items() if m in ("date", "postcode")] or blocks[:1]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    first, second = block_on(*pairs[0]), blocks[-1] if len(blocks) > 1 else blocks[0]
    for rule in (first, second):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_probability=0.95)
    key = names[0]
    con.execute(f"COPY (SELECT r.\"{key}\" AS rec_id, c.cluster_id AS customer_id FROM {clusters.physical_name} c "
                f"JOIN records r ON r.__row = c.__row) TO '{out}' (FORMAT csv, HEADER)")
    print(f"seconds {time.monotonic() - start:.6f}")


main()
