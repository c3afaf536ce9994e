"""Projects to disturb, and what their tables hold."""

import hashlib
import os
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SLUICE = os.environ.get("SLUICE", f"{ROOT}/build/sluice")
GEN = f"{ROOT}/build/gen"
ENV = {**os.environ, "LC_ALL": "C", "TZ": "UTC", "TMPDIR": "/tmp"}
UNREADABLE = "unreadable"


def sluice(*args, cwd, **more):
    more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([SLUICE, *args], cwd=cwd, capture_output=True, env=ENV, **more)


def project(folder, nights):
    """A project over the exports of the first so many nights of two."""
    os.makedirs(folder)
    subprocess.run([GEN, "--seed", "3", "--people", "60", "--nights", "2", f"{folder}/all"], check=True)
    os.mkdir(f"{folder}/exports")
    add_nights(folder, nights)
    shutil.copy(f"{ROOT}/pipelines/demo/sluice.yaml", folder)


def add_nights(folder, nights):
    days = [f"2026030{n + 1}" for n in range(nights)]
    for name in sorted(os.listdir(f"{folder}/all")):
        if any(day in name for day in days):
            shutil.copy(f"{folder}/all/{name}", f"{folder}/exports/{name}")


def reset(folder, template):
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder, symlinks=True)


def contents(folder, table):
    """A digest of a table's rows in whatever order; None when there is none, UNREADABLE (and why) when it is torn."""
    path = f"{folder}/{table}"
    if not os.path.exists(path):
        return None
    columns = ["--columns", "run,records,rejects,customers,events"] if table.endswith("/run") else []
    done = sluice("read", "-q", path, *columns, "-t", "csv", cwd=folder)
    if done.returncode:
        return None if not _published(path) else f"{UNREADABLE}: {done.stderr.decode()[:200]}"
    rows = sorted(done.stdout.replace(folder.encode(), b"HERE").splitlines())
    return hashlib.sha256(b"\n".join(rows)).hexdigest()[:16]


def _published(path):
    """Whether anything of a table can be seen. A Delta table without a log entry is no table yet."""
    if os.path.isdir(path + "/_delta_log"):
        return any(name.endswith(".json") for name in os.listdir(path + "/_delta_log"))
    return os.path.isfile(path) or any(n.endswith(".parquet") for n in os.listdir(path)) and not is_delta(path)


def is_delta(path):
    return not os.path.basename(path).startswith("plain")


def state(folder, tables):
    return {table: contents(folder, table) for table in tables}
