"""The commands that are disturbed, each with the folder it starts from and what an undisturbed run makes of it."""

import os
import shutil
from typing import NamedTuple

import lake

TABLES = ["customer", "customer_xref", "customer_lineage", "source_record", "event", "identity_event", "reject", "run"]


class Job(NamedTuple):
    name: str
    command: list  # run in a copy of the template
    template: str
    tables: list
    old: dict  # what the tables held before
    new: dict  # and after
    again: str  # what running it again does: "same" state, or "more" (a plain append adds its rows again)


class Impossible(Exception):
    """The undisturbed job does not work: nothing can be tested with it."""


def _job(base, name, command, template, tables, again, moves_rows=True):
    folder = f"{base}/case"
    lake.reset(folder, template)
    old = lake.state(folder, tables)
    done = lake.sluice(*command, cwd=folder)
    new = lake.state(folder, tables)
    if done.returncode or (old == new) == moves_rows:
        raise Impossible(f"'{name}' left with {done.returncode} undisturbed: {done.stderr.decode()[:300]}")
    return Job(name, [lake.SLUICE, *command], template, tables, old, new, again)


def make_rows(path, first, n):
    with open(path, "w") as f:
        f.write("id,day,name,amount\n")
        for i in range(first, first + n):
            f.write(f"{i},2026-{1 + i % 3:02}-{1 + i % 28:02},name {i * 7919 % 1000},{i % 500}.{i % 90 + 10}\n")


def runs(base):
    """The whole project, on a lake that is not there yet and on one with a night in it."""
    first, second = f"{base}/first", f"{base}/second"
    lake.project(first, 1)
    tables = [f"lake/{t}" for t in TABLES]
    command = ["run", "-q", "--threads", "1"]
    jobs = [_job(base, "run, the first night", command, first, tables, "same")]
    shutil.copytree(first, second)
    lake.sluice(*command, cwd=second)
    lake.add_nights(second, 2)
    return jobs + [_job(base, "run, the second night", command, second, tables, "same")]


def writes(base):
    """Tables of one's own: appended to, merged and overwritten, Delta and plain."""
    folder = f"{base}/rows"
    os.makedirs(folder)
    make_rows(f"{folder}/old.csv", 0, 400)
    make_rows(f"{folder}/new.csv", 300, 400)
    types = ["--types", "id=int64,day=date,amount=decimal(18,2)", "--threads", "1"]
    partition = ["--partition", "month(day)"]
    for kind, table in (("delta", "own"), ("parquet", "plain")):
        lake.sluice("write", "-q", table, "old.csv", "-t", kind, *types, *partition, cwd=folder)
    write = lambda table, kind, *more: ["write", "-q", table, "new.csv", "-t", kind, *types, *partition, *more]
    return [
        _job(base, "write, appending", write("own", "delta", "--mode", "append", "--app-id", "t", "--app-version", "7"),
             folder, ["own"], "same"),
        _job(base, "write, merging", write("own", "delta", "--mode", "merge", "--key", "id"), folder, ["own"], "same"),
        _job(base, "write, overwriting", write("own", "delta", "--mode", "overwrite"), folder, ["own"], "same"),
        _job(base, "write, overwriting a plain table", write("plain", "parquet", "--mode", "overwrite"), folder, ["plain"], "same"),
        _job(base, "read into a file", ["read", "-q", "new.csv", "-o", "out.parquet", *types], folder, ["out.parquet"], "same"),
    ]


def cares(base):
    """A table of small files and of removed ones: compacted, cleaned, and given a checkpoint. The first two change no row."""
    folder = f"{base}/care"
    os.makedirs(folder)
    types = ["--types", "id=int64,day=date,amount=decimal(18,2)", "--threads", "1"]
    for i in range(4):
        make_rows(f"{folder}/new.csv", 50 * i, 50)
        mode = "overwrite" if i == 1 else "append"
        lake.sluice("write", "-q", "own", "new.csv", "--mode", mode, "--partition", "month(day)", *types, cwd=folder)
    first = f"{folder}/own/_delta_log/{0:020}.json"
    with open(first) as f:
        text = f.read().replace('"configuration":{}', '"configuration":{"delta.checkpointInterval":"4"}')
    with open(first, "w") as f:
        f.write(text)
    append = ["write", "-q", "own", "new.csv", "--mode", "append", *types, "--partition", "month(day)", "--app-id", "t", "--app-version", "7"]
    vacuum = ["vacuum", "-q", "own", "--retain", "0h", "--force", "--delete"]
    return [
        _job(base, "optimize", ["optimize", "-q", "own", "--sort", "id", "--threads", "1"], folder, ["own"], "same", False),
        _job(base, "vacuum", vacuum, folder, ["own"], "same", False),
        _job(base, "write, with a checkpoint", append, folder, ["own"], "same"),
    ]
