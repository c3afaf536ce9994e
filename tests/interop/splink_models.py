"""Splink's models: trained, saved and used by Splink itself on DuckDB, then taken over by `sluice dedupe --model`, which
must give the same pairs, the same weights to 0.01 bit and the same clusters. Then the other way: a model of ours that
Splink loads and runs. TAP. The labelled sets come from $SLUICE_DATA (default ../shared/data) and are skipped without it."""
import json
import logging
import os
import random
import shutil
import subprocess

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import ColumnExpression, DuckDBAPI, Linker, SettingsCreator, block_on

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))
DATA = os.path.abspath(os.environ.get("SLUICE_DATA", "../shared/data"))
ROOT = os.path.abspath("build/interop-splink")
THRESHOLD = 0.95
done = failed = 0
logging.disable(logging.CRITICAL)


def report(good, name, detail=""):
    global done, failed
    done += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {done} - {name}", flush=True)
    if not good:
        print("".join(f"#   {line}\n" for line in str(detail).splitlines()[:20]), end="")


def check(name, test):
    try:
        test()
        report(True, name)
    except Exception as e:  # whatever goes wrong is a failure of the test
        report(False, name, f"{type(e).__name__}: {e}")


def sluice(*arguments):
    return subprocess.run([SLUICE, *arguments], cwd=ROOT, capture_output=True, text=True)


def linker_of(settings, path):
    """A linker over the rows of a file: CSV as text, Parquet as it is typed."""
    con = duckdb.connect()
    source = f"read_csv('{path}', all_varchar=true)" if path.endswith(".csv") else f"'{path}'"
    con.execute(f"create table t as select * from {source}")
    api = DuckDBAPI(con)
    return Linker(api.register("t"), settings), con


def same_as_splink(settings, path, key):
    """What Splink predicts and clusters against what sluice does with the same settings file."""
    with open(f"{ROOT}/model.json", "w") as f:
        json.dump(settings, f)
    linker, con = linker_of(settings, path)
    pairs = linker.inference.predict()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
    ran = sluice("dedupe", "-q", "--model", "model.json", "--pairs", "pairs.parquet", "--pairs-above", "0", "--threshold",
                 str(THRESHOLD), "--id", key, path, "-o", "rows.parquet")
    assert ran.returncode == 0, ran.stderr
    theirs = f"select least({key}_l, {key}_r)::varchar x, greatest({key}_l, {key}_r)::varchar y, match_weight w from {pairs.physical_name}"
    n, only_theirs, only_ours, apart = con.execute(f"""
        with a as (select least(x, y) x, greatest(x, y) y, w from ({theirs}) where w is not null),
             b as (select least(id_l, id_r) x, greatest(id_l, id_r) y, match_weight w from '{ROOT}/pairs.parquet')
        select count(*), count(*) filter (b.w is null), count(*) filter (a.w is null), max(abs(a.w - b.w))
        from a full join b using (x, y)""").fetchone()
    assert n > 0 and only_theirs == 0 and only_ours == 0, f"{n} pairs, {only_theirs} only Splink's, {only_ours} only ours"
    assert apart < 0.01, f"a weight is {apart} bits apart"
    a, b, both = con.execute(f"""
        select count(distinct a.cluster_id), count(distinct b.customer_id), count(distinct (a.cluster_id, b.customer_id))
        from {clusters.physical_name} a join '{ROOT}/rows.parquet' b on a.{key}::varchar = b.{key}::varchar""").fetchone()
    assert a == b == both, f"{a} clusters of Splink's, {b} of ours, {both} together"
    print(f"# {n} pairs, {a} clusters, weights within {apart:.5f} bit")


def settings_of(comparisons, rules, key, **more):
    return SettingsCreator(link_type="dedupe_only", unique_id_column_name=key, comparisons=comparisons,
                           blocking_rules_to_generate_predictions=rules, **more)


def train(settings, path, sure, sessions):
    linker, _ = linker_of(settings, path)
    t = linker.training
    t.estimate_probability_two_random_records_match(sure, recall=0.7)
    t.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in sessions:
        t.estimate_parameters_using_expectation_maximisation(rule)
    return linker.misc.save_model_to_json(f"{ROOT}/trained.json", overwrite=True)


FEBRL_RULES = [block_on("surname", "given_name"), block_on("date_of_birth"), block_on("postcode", "substr(given_name,1,2)"),
               block_on("soc_sec_id")]


def febrl_model(path):
    return train(settings_of([
        cl.NameComparison("given_name"), cl.JaroAtThresholds("surname", [0.9, 0.8]),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]), cl.LevenshteinAtThresholds("postcode", [1, 2]),
        cl.JaccardAtThresholds("address_1", [0.9, 0.7]), cl.JaroWinklerAtThresholds("address_2", [0.9]),
        cl.ExactMatch("state").configure(term_frequency_adjustments=True), cl.ExactMatch("suburb"),
    ], FEBRL_RULES, "rec_id"), path, [block_on("given_name", "surname", "date_of_birth")],
        [block_on("date_of_birth"), block_on("surname", "given_name")])


def historical_model(path):
    return train(settings_of([
        cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True), cl.PostcodeComparison("postcode_fake"),
        cl.JaroWinklerAtThresholds("birth_place", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ], [block_on("first_name", "surname"), block_on("surname", "dob"), block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"), block_on("postcode_fake", "surname"), block_on("dob", "birth_place"),
        block_on("substr(postcode_fake,1,3)", "dob"), block_on("substr(first_name,1,3)", "substr(surname,1,4)", "dob")],
        "rec_id"), path, [block_on("first_name", "surname", "dob")],
        [block_on("first_name", "surname"), block_on("dob")])


def made_rows():
    """Rows of every type that the comparison library looks at, with nulls, repeats and slips, and text of many bytes."""
    random.seed(11)
    alphabet = "abcdeéøaab "
    word = lambda low, high: "".join(random.choice(alphabet) for _ in range(random.randint(low, high)))
    words = [word(0, 12) for _ in range(300)] + [word(60, 130) for _ in range(20)]

    def slip(s):
        at = random.randint(0, len(s))
        return random.choice([s, s, s[:at] + random.choice(alphabet) + s[at:], s[:at] + s[at + 1:],
                              s[:max(at - 1, 0)] + s[at - 1:at + 1][::-1] + s[at + 1:] if at else s])
    rows = []
    for i in range(3000):
        null = lambda v, p=0.1: None if random.random() < p else v
        name = random.choice(words)
        rows.append((
            i * 7 % 3000, i % 300, null(slip(name)), null(slip(random.choice(words))),
            null(f"{slip(name.strip() or 'x')}@{random.choice(['mail.com', 'post.org', ''])}"),
            null(random.choice(["SW1A 1AA", "SW1A 2AB", "sw1 9xx", "E1 6AN", "E16 2BB", "nonsense", ""])),
            null(random.choice(["2001-02-03", "2001-02-30", "2001-3-2", "1999-12-31", "2001-02-04", "2011-02-03", " 2001-02-03", "soon"])),
            null(f"19{random.randint(60, 62)}-0{random.randint(1, 9)}-{random.randint(10, 28)}"),
            null(round(random.uniform(51.3, 51.7), 6)), null(round(random.uniform(-0.3, 0.3), 6)),
            null(random.choice([0.0, 10.0, 10.5, 11.0, 100.0, -3.25, 10.0])),
            null([null(random.choice(words[:40])) for _ in range(random.randint(0, 4))])))
    con = duckdb.connect()
    con.execute("""create table rows (id bigint, block int, name varchar, other varchar, email varchar, postcode varchar,
        born varchar, day date, lat double, lng double, amount double, tags varchar[])""")
    con.executemany("insert into rows values (?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    con.execute(f"copy rows to '{ROOT}/made.parquet'")
    return f"{ROOT}/made.parquet"


def custom(name, *levels):
    return {"output_column_name": name, "comparison_levels": [
        {"sql_condition": sql, "label_for_charts": sql, "m_probability": 0.9 / (i + 1.5), "u_probability": 0.1 * (i + 1) / 40}
        for i, sql in enumerate(levels)] + [{"sql_condition": "ELSE", "label_for_charts": "else", "m_probability": 0.02,
                                             "u_probability": 0.8}]}


def steps(function, values, sign=">="):
    """A level for each value that a function may have, so that the level tells the value."""
    return custom(function, *(f'{function}("name_l", "name_r") {sign} {v}' for v in values))


DISTANCES = {
    "levenshtein": list(range(0, 60)), "damerau_levenshtein": list(range(0, 60)),
    "jaro_similarity": [round(1 - i / 90, 6) for i in range(90)],
    "jaro_winkler_similarity": [round(1 - i / 90, 6) for i in range(90)],
}

LIBRARY = {
    "ExactMatch with term frequencies": [cl.ExactMatch("name").configure(term_frequency_adjustments=True)],
    "Levenshtein and Damerau-Levenshtein": [cl.LevenshteinAtThresholds("name", [1, 2]), cl.DamerauLevenshteinAtThresholds("other", [1, 3])],
    "Jaro and Jaro-Winkler": [cl.JaroAtThresholds("name", [0.9, 0.7]), cl.JaroWinklerAtThresholds("other", [0.92, 0.8])],
    "EmailComparison": [cl.EmailComparison("email")],
    "PostcodeComparison": [cl.PostcodeComparison("postcode", lat_col="lat", long_col="lng", km_thresholds=[1, 10, 40])],
    "PostcodeComparison by its text": [cl.PostcodeComparison("postcode")],
    "DateOfBirthComparison of text": [cl.DateOfBirthComparison("born", input_is_string=True)],
    "DateOfBirthComparison of dates": [cl.DateOfBirthComparison("day", input_is_string=False)],
    "AbsoluteDateDifferenceAtThresholds": [cl.AbsoluteDateDifferenceAtThresholds("born", input_is_string=True, metrics=["day", "month", "year"], thresholds=[1, 1, 1])],
    "DistanceInKMAtThresholds": [cl.DistanceInKMAtThresholds("lat", "lng", [0.5, 5, 20])],
    "ArrayIntersectAtSizes": [cl.ArrayIntersectAtSizes("tags", [3, 2, 1])],
    "PairwiseStringDistanceFunctionAtThresholds": [cl.PairwiseStringDistanceFunctionAtThresholds("tags", "jaro_winkler", [0.95, 0.8])],
    "NameComparison": [cl.NameComparison("name")],
    "ForenameSurnameComparison": [cl.ForenameSurnameComparison("name", "other")],
    "CustomComparison": [cl.CustomComparison(output_column_name="amount", comparison_levels=[
        cll.NullLevel("amount"), cll.ExactMatchLevel("amount"), cll.PercentageDifferenceLevel("amount", 0.1),
        cll.AbsoluteDifferenceLevel("amount", 5), cll.ElseLevel()]),
        cl.CustomComparison(output_column_name="name", comparison_levels=[
            cll.NullLevel("name"), cll.ColumnsReversedLevel("name", "other"),
            cll.And(cll.ExactMatchLevel(ColumnExpression("name").lower().substr(1, 3)), cll.Not(cll.ExactMatchLevel("other"))),
            cll.ArraySubsetLevel("tags"), cll.ExactMatchLevel(ColumnExpression("postcode").nullif("")),
            cll.Or(cll.LevenshteinLevel(ColumnExpression("email").regex_extract("^[a-c]+"), 1), cll.ExactMatchLevel(ColumnExpression("tags").access_extreme_array_element("last"))),
            cll.ElseLevel()])],
    "SQL that people write": [custom(
        "mixed", "name_l is null and other_r is null", "coalesce(name_l, '') || '-' = coalesce(name_r, '') || '-'",
        "upper(trim(name_l)) = upper(trim(name_r))", "amount_l between amount_r - 1 and amount_r + 1 and not (postcode_l = postcode_r)",
        "case when length(name_l) < 3 then other_l = other_r when name_l like 'a%b' then true else false end",
        "name_l in ('a', 'b', 'ab') or name_r not in ('a', 'b') and left(other_l, 2) = left(other_r, 2)",
        "day_l > day_r and date_diff('month', day_r, day_l) <= 3", "try_cast(amount_l as int) = cast(amount_r as int)",
        "split_part(email_l, '@', 2) = split_part(email_r, '@', 2)", "jaccard(name_l || 'x', name_r || 'x') >= 0.5",
        "greatest(amount_l, amount_r) >= 100", "replace(lower(name_l), 'é', 'e') = replace(lower(name_r), 'é', 'e')",
        "substring(name_l, -2) = substring(name_r, -2)", "(name_l is distinct from other_r) = true")],
}

MADE_RULES = [
    "l.block = r.block", 'l."name" = r.other and l.postcode = r.postcode', "substr(l.email,1,3) = substr(r.email,1,3) and l.amount > r.amount and l.block % 10 = r.block % 10",
    {"blocking_rule": "l.born = r.born and levenshtein(l.name, r.name) <= 2 and (l.postcode = 'E1 6AN' or r.postcode is null)", "sql_dialect": "duckdb"},
]


def made_settings(comparisons, rules=None):
    made = [c if isinstance(c, dict) else c.create_comparison_dict("duckdb") for c in comparisons]
    return {"link_type": "dedupe_only", "unique_id_column_name": "id", "sql_dialect": "duckdb", "comparisons": made,
            "probability_two_random_records_match": 0.003, "blocking_rules_to_generate_predictions": rules or MADE_RULES}


def library_checks(made):
    for function, values in DISTANCES.items():
        sign = "<=" if function.endswith("levenshtein") else ">="
        check(f"{function} is DuckDB's", lambda: same_as_splink(
            made_settings([steps(function, values, sign)], ["l.block = r.block", "l.other = r.other"]), made, "id"))
    jaccard = custom("jaccard", *(f"jaccard(name_l || '.', name_r || '.') >= {round(1 - i / 40, 6)}" for i in range(40)))
    check("jaccard is DuckDB's", lambda: same_as_splink(made_settings([jaccard], ["l.block = r.block"]), made, "id"))
    for name, comparisons in LIBRARY.items():
        check(f"{name}: pairs, weights and clusters are Splink's", lambda: same_as_splink(made_settings(comparisons), made, "id"))
    exploding = [{"blocking_rule": "l.tags = r.tags", "sql_dialect": "duckdb", "arrays_to_explode": ["tags"]}]
    check("a rule that explodes lists brings each pair once", lambda: same_as_splink(
        made_settings([cl.ExactMatch("name"), cl.ExactMatch("postcode")], exploding), made, "id"))


def linking_checks(made):
    """Two datasets: Splink marks them source_dataset; ours are rows with that column."""
    con = duckdb.connect()
    settings = made_settings([cl.ExactMatch("name"), cl.JaroAtThresholds("other", [0.8])], ["l.name = r.name", "l.postcode = r.postcode and l.block % 100 = r.block % 100", "l.born = r.born and l.amount > r.amount"])
    con.execute(f"create table a as select * from '{made}' where id % 2 = 0")
    con.execute(f"create table b as select * from '{made}' where id % 2 = 1")
    con.execute(f"copy (select *, 'a' as source_dataset from a union all select *, 'b' from b) to '{ROOT}/both.parquet'")

    def linked(link_type):
        settings["link_type"] = link_type
        with open(f"{ROOT}/model.json", "w") as f:
            json.dump(settings, f)
        api = DuckDBAPI(con)
        linker = Linker([api.register("a", dataset_display_name="first"), api.register("b", dataset_display_name="second")], settings)
        pairs = linker.inference.predict()
        ran = sluice("dedupe", "-q", "--model", "model.json", "--pairs", "pairs.parquet", "--pairs-above", "0", "--id", "id", "both.parquet", "-o", "rows.parquet")
        assert ran.returncode == 0, ran.stderr
        n, left, right, apart = con.execute(f"""
            with x as (select least(id_l, id_r)::varchar p, greatest(id_l, id_r)::varchar q, match_weight w from {pairs.physical_name}),
                 a2 as (select least(p, q) p, greatest(p, q) q, w from x),
                 b2 as (select least(id_l, id_r) p, greatest(id_l, id_r) q, match_weight w from '{ROOT}/pairs.parquet')
            select count(*), count(*) filter (b2.w is null), count(*) filter (a2.w is null), max(abs(a2.w - b2.w)) from a2 full join b2 using (p, q)""").fetchone()
        assert n > 0 and left == 0 and right == 0 and apart < 0.01, f"{n} pairs, {left} only Splink's, {right} only ours, {apart}"
    for link_type in ("link_only", "link_and_dedupe"):
        check(f"{link_type}: pairs and weights are Splink's", lambda: linked(link_type))


def splink_4_style(path):
    """The same model as Splink 4 saves it: other keys beside, salted rules, rules as text."""
    settings = febrl_model(path)
    first = settings["blocking_rules_to_generate_predictions"]
    four = {**settings, "bayes_factor_column_prefix": "bf_", "linker_uid": "abc",
            "blocking_rules_to_generate_predictions": [{**first[0], "salting_partitions": 4}] + [r["blocking_rule"] for r in first[1:]]}
    four.pop("match_weight_column_prefix", None)
    same_as_splink(settings, path, "rec_id")
    before = duckdb.sql(f"select * from '{ROOT}/pairs.parquet'").fetchall()
    with open(f"{ROOT}/four.json", "w") as f:
        json.dump(four, f)
    ran = sluice("dedupe", "-q", "--model", "four.json", "--pairs", "pairs.parquet", "--pairs-above", "0", "--id", "rec_id", path, "-o", "rows.parquet")
    assert ran.returncode == 0, ran.stderr
    assert duckdb.sql(f"select * from '{ROOT}/pairs.parquet'").fetchall() == before


def refused(made):
    bad = [('soundex("name_l") = soundex("name_r")', "soundex"), ('"name_l" = ', "expected"), ("name = 'a'", "which record"),
           ("strptime(born_l, '%Q') is null", "%Q"), ("(" * 5000 + "true" + ")" * 5000, "levels"), ("name_l = 'open", "not understood")]
    for sql, word in bad:
        with open(f"{ROOT}/bad.json", "w") as f:
            json.dump(made_settings([custom("thing", sql)]), f)
        ran = sluice("dedupe", "--model", "bad.json", made)
        assert ran.returncode == 65 and "comparison 'thing', level 1" in ran.stderr and word in ran.stderr, f"{sql[:60]}: {ran.returncode} {ran.stderr}"


def written(path):
    ran = sluice("train", "--as", "splink", "-o", "written.json", path)
    assert ran.returncode == 0, ran.stderr
    with open(f"{ROOT}/written.json") as f:
        settings = {**json.load(f), "unique_id_column_name": "rec_id"}
    same_as_splink(settings, path, "rec_id")


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    os.makedirs(ROOT)
    made = made_rows()
    library_checks(made)
    linking_checks(made)
    check("SQL that cannot be taken over is refused with its place", lambda: refused(made))
    sets = {"febrl3": febrl_model, "historical_half": historical_model}
    can_write = "--as" in sluice("train", "--help").stdout
    for name, model in sets.items():
        path = f"{DATA}/match/{name}/records.csv"
        if not os.path.exists(path):
            for what in ("a trained model", "the model we write"):
                report(True, f"{name}, {what} # SKIP no {path}")
            continue
        check(f"{name}, a model trained by Splink: pairs, weights and clusters are Splink's",
              lambda: same_as_splink(model(path), path, "rec_id"))
        if can_write:
            check(f"{name}, the model we write: Splink loads it and predicts as we do", lambda: written(path))
    if os.path.exists(f"{DATA}/match/febrl3/records.csv"):
        check("a model as Splink 4 writes it weighs the same", lambda: splink_4_style(f"{DATA}/match/febrl3/records.csv"))
    print(f"1..{done}")
    raise SystemExit(failed != 0)


main()
