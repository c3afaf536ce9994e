"""Records the system calls of a command, and runs it again with one of them failing or killing it.

strace counts calls per name and thread from 1, so commands run with one thread and a point is (name, n). Only calls
on the command's own files are points: the loader's and the libraries' are not ours to survive."""

import re
import shutil
import subprocess
from collections import defaultdict
from typing import NamedTuple

# Names by what can go wrong with them. Older and newer C libraries use different ones for the same function.
CREATES = ["openat", "open", "creat"]
NAMES = CREATES + ["write", "writev", "pwrite64", "read", "pread64", "readv", "fsync", "fdatasync", "rename", "renameat", "renameat2",
                   "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "ftruncate", "fallocate",
                   "copy_file_range", "sendfile", "close", "getdents64", "mmap", "flock", "fcntl"]
CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
UNFINISHED = " <unfinished ...>"


class Point(NamedTuple):
    name: str
    n: int
    call: str  # as it was in the undisturbed run

    def __str__(self):
        return f"{self.name} {self.n}"


class Outcome(NamedTuple):
    status: int  # negative: the signal that ended it
    errors: str
    fired: bool


def works():
    """Why strace cannot be used here, or None."""
    if not shutil.which("strace"):
        return "there is no strace"
    probe = subprocess.run(["strace", "-o", "/dev/null", "-e", "trace=none", "true"], capture_output=True, text=True)
    return None if probe.returncode == 0 else "strace may not trace here: " + probe.stderr.strip()[:100]


def known(names):
    """Those that this machine's strace and architecture have."""
    return [n for n in names if subprocess.run(["strace", "-o", "/dev/null", "-e", f"trace={n}", "true"],
                                               capture_output=True).returncode == 0]


def _ours(call, folder):
    """Whether a call is about a file in the folder, by a path or by a descriptor. Relative paths are: the command runs there."""
    path = re.search(r'"([^"]*)"', call) if not re.match(r"\d+<", call) else None
    if path:
        return not path.group(1).startswith("/") or path.group(1).startswith(folder)
    return f"<{folder}" in call or "<pipe:" in call


def record(command, cwd, log, names, env=None, **streams):
    """The points of an undisturbed run, in order, and its status."""
    done = subprocess.run(["strace", "-f", "-y", "-o", log, "-e", "trace=" + ",".join(names), *command], cwd=cwd,
                          stdout=streams.get("stdout", subprocess.DEVNULL), stderr=subprocess.DEVNULL,
                          stdin=streams.get("stdin", subprocess.DEVNULL), env=env)
    seen, points = defaultdict(int), []
    with open(log, errors="replace") as lines:
        for line in lines:
            match = CALL.match(line)
            if not match:
                continue
            thread, name, call = match.groups()
            seen[thread, name] += 1
            if _ours(call, cwd):
                points.append(Point(name, seen[thread, name], call.strip()[:120]))
    return points, done.returncode


def inject(command, cwd, log, point, fault, env=None, **streams):
    """One run with `fault` (signal=KILL or error=NAME) at the point."""
    command = ["strace", "-f", "-o", log, "-e", f"trace={point.name}", "-e", f"inject={point.name}:{fault}:when={point.n}", *command]
    done = subprocess.run(command, cwd=cwd, stdout=streams.get("stdout", subprocess.DEVNULL), stderr=subprocess.PIPE,
                          stdin=streams.get("stdin", subprocess.DEVNULL), env=env, timeout=120)
    with open(log, errors="replace") as f:
        text = f.read()
    fired = "killed by SIGKILL" in text if fault.startswith("signal") else "(INJECTED)" in text
    return Outcome(done.returncode, done.stderr.decode(errors="replace"), fired)


def sample(points, most):
    """At most so many, evenly spread, the first and the last among them: the same ones every time."""
    if len(points) <= most:
        return list(points)
    return [points[round(i * (len(points) - 1) / (most - 1))] for i in range(most)]
