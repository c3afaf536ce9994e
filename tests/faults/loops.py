"""Kill and fail the n-th call of every name, and see that each table is the old or the new one."""

import errno
import os

import lake
import strace

KILLED = -9
# What may go wrong with what. A read can fail too; it is no full disk.
ERRORS = [("ENOSPC", strace.CREATES + ["write", "pwrite64", "writev", "mkdir", "mkdirat", "rename", "renameat2", "link", "linkat",
                                       "fsync", "fallocate", "ftruncate"]),
          ("EIO", ["read", "pread64", "readv", "write", "pwrite64", "writev", "fsync", "fdatasync", "close", "getdents64", "unlinkat", "unlink",
                   "rename", "renameat2", "link"]),
          ("EDQUOT", ["write", "pwrite64", "writev", "close", "mkdir", "mkdirat"] + strace.CREATES),
          ("EMFILE", strace.CREATES)]
KILLS = [n for n in strace.NAMES if n not in ("mmap", "read", "pread64", "fcntl", "readv")]
# 71 the system refused, 73 cannot create, 74 read or write failed
REFUSALS = {71, 73, 74}


class Loop:
    def __init__(self, results, job, base, number, most):
        self.results, self.job, self.most = results, job, most
        self.case, self.log = f"{base}/case-{number}", f"{base}/strace-{number}.log"
        lake.reset(self.case, job.template)
        self.points, _ = strace.record(job.command, self.case, self.log, strace.known(strace.NAMES), lake.ENV)

    def _torn(self):
        """The tables that are neither old nor new."""
        job = self.job
        now = lake.state(self.case, job.tables)
        return [f"{t} is {now[t]}" for t in job.tables if now[t] not in (job.old[t], job.new[t])], now

    def _again(self):
        """Runs the command again, undisturbed; None, or what is wrong."""
        done = lake.sluice(*self.job.command[1:], cwd=self.case)
        if done.returncode:
            return f"running again left with {done.returncode}: {done.stderr.decode()[:300]}"
        now = lake.state(self.case, self.job.tables)
        wrong = [t for t in self.job.tables if now[t] != self.job.new[t]]
        return f"after running again, not as undisturbed: {', '.join(wrong)}" if wrong else None

    def _disturb(self, point, fault):
        lake.reset(self.case, self.job.template)
        return strace.inject(self.job.command, self.case, self.log, point, fault, lake.ENV)

    def kills(self):
        points = [p for p in self.points if p.name in KILLS]
        for point in self._spread(points):
            what = f"{self.job.name}, killed at {point} ({point.call[:90]})"
            outcome = self._disturb(point, "signal=KILL")
            if not self.results.check(outcome.fired and outcome.status == KILLED, f"{what}: the fault did not fire, status {outcome.status}"):
                continue
            torn, _ = self._torn()
            self.results.check(not torn, f"{what}: {torn}")
            wrong = self._again()
            self.results.check(not wrong, f"{what}: {wrong}")

    def errors(self):
        for error, names in ERRORS:
            points = [p for p in self.points if p.name in names and _can(p, error)]
            for point in self._spread(points):
                self._error(point, error)

    def _error(self, point, error):
        what = f"{self.job.name}, {error} at {point} ({point.call[:90]})"
        outcome = self._disturb(point, f"error={error}")
        if not self.results.check(outcome.fired, f"{what}: the fault did not fire"):
            return
        torn, now = self._torn()
        self.results.check(not torn, f"{what}: {torn}")
        if outcome.status == 0:
            self.results.check(now == self.job.new, f"{what}: status 0, and the data is not there")
            return
        self.results.check(outcome.status in REFUSALS, f"{what}: status {outcome.status}: {outcome.errors[-300:]}")
        self.results.check(_names_cause(outcome.errors, error), f"{what}: the cause is not named: {outcome.errors[-300:]}")
        wrong = self._again()
        self.results.check(not wrong, f"{what}: {wrong}")

    def _spread(self, points):
        """Shares the points allowed among the names, so that the many writes leave room for the one link."""
        names = sorted({p.name for p in points})
        share, chosen = max(2, self.most // max(1, len(names))), []
        for name in names:
            chosen += strace.sample([p for p in points if p.name == name], share)
        return chosen


def _can(point, error):
    """A full disk or quota is no reason for which a file that is there fails to open."""
    return point.name not in strace.CREATES or error not in ("ENOSPC", "EDQUOT") or "O_CREAT" in point.call


def _names_cause(errors, error):
    # glob() hides why a folder ended early; that it did is noticed by counting.
    return os.strerror(getattr(errno, error)).lower() in errors.lower() or "could not be read whole" in errors
