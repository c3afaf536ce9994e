"""Splink on DuckDB with a model of its own, or one that is there.

    splink_model.py train RECORDS MODEL CLUSTERS      trains, saves the model, predicts, clusters at .95
    splink_model.py predict RECORDS MODEL CLUSTERS    predicts and clusters with the model

Prints the seconds of its work, without the interpreter's start. The models are as a user of Splink would write them for
these two sets, by its documentation."""
import json
import logging
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.95
SETS = {
    "dob": dict(
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        rules=[block_on("first_name", "surname"), block_on("surname", "dob"), block_on("first_name", "dob"),
               block_on("postcode_fake", "first_name"), block_on("postcode_fake", "surname"), block_on("dob", "birth_place"),
               block_on("substr(postcode_fake,1,3)", "dob"), block_on("substr(postcode_fake,1,3)", "first_name"),
               block_on("substr(postcode_fake,1,3)", "surname"),
               block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)")],
        sure=block_on("first_name", "surname", "dob"), sessions=[block_on("first_name", "surname"), block_on("dob")]),
    "date_of_birth": dict(
        comparisons=[
            cl.NameComparison("given_name"), cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]), cl.LevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            cl.ExactMatch("suburb").configure(term_frequency_adjustments=True),
        ],
        rules=[block_on("surname", "given_name"), block_on("date_of_birth"), block_on("soc_sec_id"),
               block_on("postcode", "substr(given_name,1,2)"), block_on("address_1")],
        sure=block_on("given_name", "surname", "date_of_birth"),
        sessions=[block_on("date_of_birth"), block_on("surname", "given_name")]),
}


def settings_for(columns):
    known = next(s for date, s in SETS.items() if date in columns)
    return known, SettingsCreator(link_type="dedupe_only", unique_id_column_name="rec_id", comparisons=known["comparisons"],
                                  blocking_rules_to_generate_predictions=known["rules"])


def train(linker, known):
    t = linker.training
    t.estimate_probability_two_random_records_match(known["sure"], recall=0.7)
    t.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in known["sessions"]:
        t.estimate_parameters_using_expectation_maximisation(rule)


def main():
    what, records, model, clusters = sys.argv[1:5]
    logging.disable(logging.CRITICAL)
    start = time.monotonic()
    con = duckdb.connect()
    con.execute(f"create table records as select * from read_csv('{records}', all_varchar=true)")
    api = DuckDBAPI(con)
    if what == "train":
        known, settings = settings_for([c[0] for c in con.execute("describe records").fetchall()])
    else:
        with open(model) as f:
            settings = {**json.load(f), "unique_id_column_name": "rec_id"}
    linker = Linker(api.register("records"), settings)
    if what == "train":
        train(linker, known)
        linker.misc.save_model_to_json(model, overwrite=True)
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
    con.execute(f"copy (select cluster_id as customer_id, rec_id from {found.physical_name}) to '{clusters}' (header)")
    print(f"seconds {time.monotonic() - start:.3f}")


main()
