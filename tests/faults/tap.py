"""Counts results, and says what failed, one line each."""

import sys
import time


class Results:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.start = time.monotonic()

    def check(self, ok, what):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}")
            sys.stdout.flush()
        return ok

    def skip(self, what, why):
        self.skipped += 1
        print(f"skipped {what}: {why}")

    def heading(self, text):
        print(f"# {text} ({time.monotonic() - self.start:.0f} s)")
        sys.stdout.flush()

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else ""))
        return 1 if self.failed or not self.passed else 0
