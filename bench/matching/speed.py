"""How fast the matcher is, and whether a payment costs the same however many documents are open.

  python bench/matching/speed.py [--payments 10000] [--items 1000 5000 10000 50000]

The same number of payments meets more and more documents, then many payments meet the most.
Processor seconds of the program on one core, start and files included. "More a payment" is the
difference to the same run without payments (reading and indexing the documents), a payment.
"""

import argparse
import json
import os
import resource
import subprocess
import tempfile
from pathlib import Path

import generate
import score
from run import ADDONS, MATCHER

FLAT = 660  # payments that a thousand documents can answer for


def _seconds(folder: Path, payments: Path) -> float:
    """Processor time of the program and of nothing else, bound to one core."""
    files = [f"--{part}={folder / part}.json" for part in ("partners", "items")]
    command = [*MATCHER, *files, f"--payments={payments}", f"--out={folder / 'proposals.json'}"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    core = min(os.sched_getaffinity(0))
    subprocess.run(["taskset", "-c", str(core), *command], cwd=ADDONS, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path, payments: int, items: int, profile: str) -> list[str]:
    """One line of the table."""
    generate.write(generate.build(1, payments, items, profile), folder)
    nothing = folder / "nothing.json"
    nothing.write_text(json.dumps([]), encoding="utf-8")
    base, whole = _seconds(folder, nothing), _seconds(folder, folder / "payments.json")
    each = f"{(whole - base) / payments * 1000:.2f}"
    return [str(items), str(payments), f"{base:.1f}", f"{whole:.1f}", each]


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the matcher.")
    parser.add_argument("--payments", type=int, default=10000)
    parser.add_argument("--items", type=int, nargs="+", default=[1000, 5000, 10000, 50000])
    parser.add_argument("--profile", default="a")
    args = parser.parse_args()
    head = ["documents", "payments", "documents alone (s)", "whole (s)", "more a payment (ms)"]
    with tempfile.TemporaryDirectory() as folder:
        sizes = [(FLAT, n) for n in args.items] + [(args.payments, max(args.items))]
        rows = [measure(Path(folder), *size, args.profile) for size in sizes]
    print(score.table(head, rows))


if __name__ == "__main__":
    main()
