"""Two at once: one run per lake, the other leaves with 75; writers of one table all get in or leave with 75."""

import os
import subprocess
import time

import jobs
import lake

BUSY = 75


def check(results, base, why_not):
    os.makedirs(base)
    results.heading("two at once")
    _writers(results, base)
    if why_not:
        results.skip("two runs at once", why_not)
    else:
        _runs(results, base)
    _many(results, base)


def _runs(results, base):
    """The first is held at its first fsync, which is after it took the lake; the second must not wait and not work."""
    folder, log = f"{base}/project", f"{base}/strace.log"
    lake.project(folder, 1)
    held = subprocess.Popen(["strace", "-f", "-o", log, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync:delay_enter=4000000:when=3",
                             lake.SLUICE, "run", "-q", "--threads", "1"], cwd=folder, env=lake.ENV, stderr=subprocess.PIPE)
    until = time.monotonic() + 20
    while time.monotonic() < until and held.poll() is None and not (os.path.exists(log) and open(log).read().count("fsync(") >= 3):
        time.sleep(0.05)
    second = lake.sluice("run", "-q", "--threads", "1", cwd=folder)
    alive = held.poll() is None
    results.check(alive, "the first run was held")
    results.check(second.returncode == BUSY, f"the second of two runs leaves with {second.returncode} {second.stderr.decode()[:200]}")
    errors = held.communicate()[1].decode()
    results.check(held.returncode == 0, f"the first of two runs leaves with {held.returncode} {errors[-300:]}")
    third = lake.sluice("run", "--threads", "1", cwd=folder)
    results.check(third.returncode == 0 and b"nothing is new" in third.stderr, "a run after both has nothing to do")


def _many(results, base):
    folder = f"{base}/many"
    lake.project(folder, 1)
    started = [subprocess.Popen([lake.SLUICE, "run", "-q", "--threads", "1"], cwd=folder, env=lake.ENV, stderr=subprocess.PIPE) for _ in range(20)]
    left = [p.communicate() and p.returncode for p in started]
    results.check(set(left) <= {0, BUSY} and 0 in left and BUSY in left, f"20 runs at once leave with {sorted(left)}")
    done = lake.sluice("read", "-q", "lake/run", "-t", "jsonl", cwd=folder)
    results.check(done.stdout.count(b"\n") == 1, f"20 runs at once are {len(done.stdout.splitlines())} rows of the run table")


def _writers(results, base):
    """Eight append at once: a row is there if and only if its writer left with 0."""
    each = 50
    jobs.make_rows(f"{base}/first.csv", 0, each)
    lake.sluice("write", "-q", "t", "first.csv", cwd=base)
    for i in range(8):
        jobs.make_rows(f"{base}/w{i}.csv", 1000 * (i + 1), each)
    writers = [subprocess.Popen([lake.SLUICE, "write", "-q", "t", f"w{i}.csv", "--mode", "append"], cwd=base, env=lake.ENV, stderr=subprocess.PIPE)
               for i in range(8)]
    left = [w.communicate() and w.returncode for w in writers]
    results.check(set(left) <= {0, BUSY} and 0 in left, f"eight writers leave with {left}")
    rows = lake.sluice("read", "-q", "t", "--columns", "id", "-t", "csv", cwd=base).stdout.decode().split()[1:]
    want = sorted(str(1000 * (i + 1) * (s == 0) + k) for i, s in enumerate(left) if s == 0 for k in range(each)) + [str(k) for k in range(each)]
    results.check(sorted(rows) == sorted(want), f"eight writers, statuses {left}: {len(rows)} rows, {len(want)} wanted")
