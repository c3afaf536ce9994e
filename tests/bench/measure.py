"""Runs programs and measures them: wall and CPU seconds, peak resident memory.

A pair is measured in turns (A B A B …) after a warm-up, so that what else the machine does falls on both alike; what
counts is the ratio of their medians. A peer that is a Python program prints `seconds X` for its work alone, so that
starting an interpreter is not held against it; our own time is always the whole process."""

import os
import statistics
import subprocess
import sys
import time
from typing import NamedTuple


class Run(NamedTuple):
    wall: float
    cpu: float
    peak: int  # bytes
    said: str


class Failed(Exception):
    pass


def run(command, env=None):
    """One run. Its standard output is kept, its errors are shown if it fails."""
    with open("build/bench/errors", "w+b") as errors, open("build/bench/said", "w+b") as said:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=said, stderr=errors, env={**os.environ, **(env or {})})
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        errors.seek(0)
        text = said.read().decode()
        if child.returncode:
            raise Failed(f"{' '.join(command[:3])} left with {child.returncode}: {errors.read()[-800:].decode()}")
    for line in text.splitlines():
        if line.startswith("seconds "):
            wall = float(line.split()[1])
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, text)


def pair(ours, peer, pairs):
    """Runs of ours and of the peer, in turns, the first of each thrown away."""
    results = ([], [])
    for turn in range(pairs + 1):
        for side, command in enumerate((ours, peer)):
            result = run(command)
            if turn:
                results[side].append(result)
    return results


def median(runs, field):
    return statistics.median(getattr(r, field) for r in runs)


def report(name, peer_name, ours, peer, size=0):
    """A line of the table; size in bytes adds our rate."""
    a, b = median(ours, "wall"), median(peer, "wall")
    rate = f"{size / a / 1e6:.0f} MB/s" if size else ""
    print(
        f"| {name} | {peer_name} | {a:.2f} | {b:.2f} | {b / a:.2f} | {median(ours, 'cpu'):.2f} | "
        f"{median(peer, 'cpu'):.2f} | {median(ours, 'peak') / 1e6:.0f} | {median(peer, 'peak') / 1e6:.0f} | {rate} |"
    )
    sys.stdout.flush()


def heading():
    print("| benchmark | peer | ours s | peer s | times as fast | our CPU s | peer CPU s | our MB | peer MB | our rate |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    sys.stdout.flush()
