"""nst/JSONTestSuite: each text as a member of a record, in a document and, where it has no line break, as a line.

usage: json_test_suite.py SUITES

A text is accepted when its record is read. y_ must be, n_ must not; i_ may do either, and nothing may crash or hang."""
import os
import subprocess
import sys
import tempfile

SLUICE = os.environ.get("SLUICE", os.path.abspath("build/sluice"))


def accepted(kind, text, folder):
    """True, False, or how it crashed."""
    path = f"{folder}/record"
    with open(path, "wb") as f:
        f.write(b'[{"v": ' + text + b"}]\n" if kind == "json" else b'{"v": ' + text + b"}\n")
    done = subprocess.run([SLUICE, "read", path, "-f", kind, "-t", "jsonl", "--max-rejects", "0", "--rejects", os.devnull],
                          capture_output=True, timeout=10)
    if done.returncode not in (0, 65):
        return f"status {done.returncode}"
    return done.returncode == 0


def main():
    suite = os.path.join(sys.argv[1], "JSONTestSuite", "test_parsing")
    with tempfile.TemporaryDirectory() as folder:
        for kind, what in (("json", "documents"), ("jsonl", "lines")):
            right, all_of, wrong = {"y": 0, "n": 0, "i": 0}, {"y": 0, "n": 0, "i": 0}, []
            for name in sorted(os.listdir(suite)):
                with open(f"{suite}/{name}", "rb") as f:
                    text = f.read()
                if kind == "jsonl" and (b"\n" in text or b"\r" in text):
                    continue
                got = accepted(kind, text, folder)
                all_of[name[0]] += 1
                if got is (name[0] == "y") or (name[0] == "i" and got in (True, False)):
                    right[name[0]] += 1
                else:
                    wrong.append(f"{name} ({got})")
            print(f"JSONTestSuite, {what}: {right['y']} of {all_of['y']} accepted, {right['n']} of {all_of['n']} refused, "
                  f"{right['i']} of {all_of['i']} open ones without a crash" + ("; not " + ", ".join(wrong) if wrong else ""))


if __name__ == "__main__":
    main()
