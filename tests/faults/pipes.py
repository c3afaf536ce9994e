"""A writer that dies in the middle of a pipe: what it had written is an error in its reader, never a short night's data."""

import os
import subprocess

import jobs
import lake
import strace

MARKER = b"\xff\xff\xff\xff"
MOST = 40


def check(results, base):
    os.makedirs(base)
    jobs.make_rows(f"{base}/old.csv", 0, 200)
    jobs.make_rows(f"{base}/new.csv", 1000, 150000)
    results.heading("streams that are cut")
    stream = lake.sluice("read", "-q", "new.csv", "-t", "arrow", cwd=base).stdout
    cuts = _cuts(stream)
    results.check(len(cuts) > 5, f"the stream has only {len(cuts)} places to be cut at")
    lake.sluice("write", "-q", "t", "old.csv", cwd=base)
    before = lake.contents(base, "t")
    for reader in (["write", "-q", "t", "--mode", "append"], ["write", "-q", "t", "--mode", "overwrite"], ["read", "-q", "-f", "arrow", "-o", "o.csv"]):
        for cut in strace.sample(cuts, MOST if reader[0] == "write" else MOST // 2):
            _cut(results, base, reader, stream, cut, before)
    done = lake.sluice("write", "-q", "t", "--mode", "overwrite", cwd=base, stdin=None, input=stream)
    results.check(done.returncode == 0 and lake.contents(base, "t") != before, "the whole stream is written")
    _killed(results, base)
    _left(results, base)


def _cuts(stream):
    """Each message's start and end, and places inside: lengths of messages follow a marker at eight-byte places."""
    starts, at = [], stream.find(MARKER)
    while at >= 0:
        if at % 8 == 0:
            starts.append(at)
        at = stream.find(MARKER, at + 1)
    cuts = {0, 1, len(stream) - 1, len(stream) - 4, len(stream) - 8}
    for s in starts:
        cuts |= {s, s + 4, s + 8, s + 30}
    for i in range(1, 12):
        cuts.add(len(stream) * i // 12)
    return sorted(c for c in cuts if 0 <= c < len(stream))


def _cut(results, base, reader, stream, cut, before):
    done = lake.sluice(*reader, cwd=base, stdin=None, input=stream[:cut])
    what = f"{' '.join(reader[:5])} of a stream cut at {cut} of {len(stream)}"
    results.check(done.returncode == 65, f"{what}: status {done.returncode} {done.stderr.decode()[:200]}")
    results.check(lake.contents(base, "t") == before, f"{what}: the table changed")
    results.check(not os.path.exists(f"{base}/o.csv"), f"{what}: a file was published")


def _killed(results, base):
    """A real pipe whose writer is killed with kill -9 while its reader waits."""
    before = lake.contents(base, "t")
    writer = subprocess.Popen([lake.SLUICE, "read", "-q", "-f", "csv", "-t", "arrow"], cwd=base, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, env=lake.ENV)
    reader = subprocess.Popen([lake.SLUICE, "write", "-q", "t", "--mode", "append"], cwd=base, stdin=writer.stdout,
                              stderr=subprocess.PIPE, env=lake.ENV)
    writer.stdout.close()
    with open(f"{base}/new.csv", "rb") as f:
        writer.stdin.write(f.read(3_000_000))
    writer.stdin.flush()
    writer.kill()
    writer.wait()
    writer.stdin.close()
    errors = reader.communicate()[1].decode()
    results.check(reader.returncode == 65 and lake.contents(base, "t") == before,
                  f"a writer killed in a pipe: reader's status {reader.returncode} {errors[:200]}")


def _left(results, base):
    """A reader that leaves early is no error of the writer's."""
    done = subprocess.run(f'"{lake.SLUICE}" read -q new.csv -t csv 2>err | head -1 >out; echo "${{PIPESTATUS[0]}}"', shell=True,
                          executable="/bin/bash", cwd=base, capture_output=True, text=True, env=lake.ENV)
    with open(f"{base}/err") as f:
        said = f.read()
    results.check(done.stdout.strip() in ("0", "141") and said == "", f"a reader that left: status {done.stdout.strip()} {said[:200]}")
