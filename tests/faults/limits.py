"""Full disks: /dev/full, a limit on file sizes, a file system of 1 MB. Also writes that come back short and interrupted."""

import os
import resource
import shutil
import signal
import subprocess

import jobs
import lake

FORMATS = ["csv", "tsv", "jsonl", "json", "arrow", "parquet", "table"]


def check(results, base):
    os.makedirs(base)
    jobs.make_rows(f"{base}/rows.csv", 0, 20000)
    jobs.make_rows(f"{base}/few.csv", 0, 20)
    results.heading("full disks")
    _dev_full(results, base)
    _file_size(results, base)
    _small_disk(results, base)
    results.heading("short writes and interrupted calls")
    _short(results, base)


def _dev_full(results, base):
    for rows in ("rows.csv", "few.csv"):  # few fit a buffer, and fail at the end only
        for to in FORMATS:
            with open("/dev/full", "wb") as full:
                done = subprocess.run([lake.SLUICE, "read", rows, "-t", to], cwd=base, stdout=full, stderr=subprocess.PIPE, env=lake.ENV)
            text = done.stderr.decode().lower()
            results.check(done.returncode == 74 and "no space left" in text, f"{rows} as {to} into /dev/full: {done.returncode} {text[:200]}")
    for command in (["--help"], ["--version"], ["read", "--help"], ["--man", "read"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([lake.SLUICE, *command], stdout=full, stderr=subprocess.PIPE, env=lake.ENV)
        results.check(done.returncode == 74, f"{command} into /dev/full: {done.returncode}")


def _file_size(results, base):
    """A limit on file sizes stands for a disk that fills in the middle of a file."""
    for size in (0, 1, 4096, 65536, 200000):
        for out in ("o.csv", "o.jsonl", "o.parquet", "o.arrow"):
            def limit():
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

            with open(f"{base}/{out}", "w") as f:
                f.write("as it was\n")
            done = subprocess.run([lake.SLUICE, "read", "-q", "rows.csv", "-o", out], cwd=base, capture_output=True, env=lake.ENV, preexec_fn=limit)
            what = f"{out}, files limited to {size} bytes"
            with open(f"{base}/{out}", "rb") as f:
                text = f.read()
            if done.returncode == 0:
                results.check(len(text) <= size, f"{what}: status 0 and {len(text)} bytes")
                continue
            results.check(done.returncode in (73, 74) and text == b"as it was\n",
                          f"{what}: status {done.returncode} {done.stderr.decode()[:200]}, the file is {text[:20]}")
            left = [n for n in os.listdir(base) if n not in ("rows.csv", "few.csv") and not n.startswith("o.")]
            results.check(not left, f"{what}: left behind {left}")


def _small_disk(results, base):
    """The lake on a file system that is too small for it."""
    project = f"{base}/project"
    lake.project(project, 1)
    os.mkdir(f"{project}/lake")
    probe = subprocess.run(["unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"], capture_output=True)
    if probe.returncode:
        results.skip("a lake on a small disk", "no file system can be mounted here: " + probe.stderr.decode().strip()[:100])
        return
    script = 'mount -t tmpfs -o size=64k none lake && exec "$0" run -q --threads 1'
    done = subprocess.run(["unshare", "-Urm", "sh", "-c", script, lake.SLUICE], cwd=project, capture_output=True, env=lake.ENV)
    text = done.stderr.decode()
    results.check(done.returncode == 74 and "no space left" in text.lower(), f"a lake of 64 KB: status {done.returncode} {text[-300:]}")
    done = lake.sluice("run", "-q", "--threads", "1", cwd=project)
    results.check(done.returncode == 0, f"with room again, run leaves with {done.returncode} {done.stderr.decode()[:300]}")


def _short(results, base):
    """Every call that reads or writes does a part of it, or is interrupted: the same bytes must come out."""
    library = f"{base}/short.so"
    if not shutil.which("cc"):
        results.skip("short writes", "there is no compiler")
        return
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, f"{lake.ROOT}/tests/faults/short.c", "-ldl"], check=True)
    count = f"{base}/short.count"
    env = {**lake.ENV, "LD_PRELOAD": library, "SHORT_COUNT": count}
    # Pipes too: the stream is read in pieces and written in pieces.
    for out in ("s.csv", "s.jsonl", "s.parquet", "s.arrow"):
        plain = lake.sluice("read", "-q", "rows.csv", "-o", "plain-" + out, "--threads", "1", cwd=base)
        if os.path.exists(count):
            os.remove(count)
        short = subprocess.run([lake.SLUICE, "read", "-q", "rows.csv", "-o", out, "--threads", "1"], cwd=base, capture_output=True, env=env)
        results.check(os.path.exists(count), f"{out}: no call was cut short")
        same = plain.returncode == short.returncode == 0
        if same:
            with open(f"{base}/{out}", "rb") as a, open(f"{base}/plain-{out}", "rb") as b:
                same = a.read() == b.read()
        results.check(same, f"{out}: not the same bytes, status {short.returncode} {short.stderr.decode()[:200]}")
    piped = subprocess.run(f'"{lake.SLUICE}" read -q rows.csv -t arrow | "{lake.SLUICE}" read -q -t csv', shell=True, cwd=base,
                           capture_output=True, env=env)
    with open(f"{base}/plain-s.csv", "rb") as f:
        results.check(piped.stdout == f.read(), f"a pipe of short reads and writes: {piped.stderr.decode()[:200]}")
