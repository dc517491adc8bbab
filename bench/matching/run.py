"""The whole judgement: generate, match, score; the baseline beside it.

  python bench/matching/run.py --seeds 11 12 13 [--profiles a b] [--classes] [--work DIR]

The matcher is called as a program, as anybody would:
``python -m payment_matching.lib.match --partners … --items … --payments … --out …`` in ``addons/``.
The seeds of a profile are scored together as well.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import generate
import score

HERE = Path(__file__).resolve().parent
ADDONS = HERE.parents[1] / "addons"
MATCHER = [sys.executable, "-m", "payment_matching.lib.match"]
BASELINE = [sys.executable, str(HERE / "baseline.py")]
Rows = list[dict[str, Any]]


def propose(program: list[str], folder: Path, name: str) -> tuple[Rows, float]:
    """A program's proposals and the seconds it took."""
    out = folder / f"{name}.json"
    files = [f"--{part}={folder / part}.json" for part in ("partners", "items", "payments")]
    start = time.perf_counter()
    subprocess.run([*program, *files, f"--out={out}"], cwd=ADDONS, check=True)
    return json.loads(out.read_text(encoding="utf-8")), time.perf_counter() - start


def judge(args: argparse.Namespace, profile: str) -> None:
    """One profile over all seeds."""
    rows: list[list[str]] = []
    together: dict[str, tuple[Rows, Rows]] = {"baseline": ([], []), "matcher": ([], [])}
    for seed in args.seeds:
        folder = args.work / f"{profile}{seed}"
        data = generate.build(seed, args.payments, args.items, profile)
        generate.write(data, folder)
        for name, program in (("baseline", BASELINE), ("matcher", MATCHER)):
            proposals, seconds = propose(program, folder, name)
            rows.append(_row(f"{name} {seed}", data["truth"], proposals, f"{seconds:.1f}"))
            for total, part in zip(together[name], (data["truth"], proposals), strict=True):
                total += [row | {"payment": f"{seed}-{row['payment']}"} for row in part]
    rows += [_row(f"**{name}**", *together[name], "") for name in together]
    rows.append(["bar", *(_bar(name) for name in score.Score().shares()), ""])
    print(f"### Profile {profile}: {args.payments} payments, {args.items} documents a seed\n")
    print(score.table(["", *score.Score().shares(), "seconds"], rows) + "\n")
    truth, proposals = together["matcher"]
    if args.classes:
        print(score.report(truth, proposals) + "\n")
    else:
        print(score.curve(*score.calibration(truth, proposals)) + "\n")


def _row(name: str, truth: Rows, proposals: Rows, seconds: str) -> list[str]:
    whole, _classes = score.score(truth, proposals)
    return [name, *(score.cell(value) for value in whole.shares().values()), seconds]


def _bar(name: str) -> str:
    return str(score.BARS.get(name, ""))


def main() -> None:
    parser = argparse.ArgumentParser(description="Generate, match, score.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--profiles", nargs="+", default=["a", "b"])
    parser.add_argument("--payments", type=int, default=2000)
    parser.add_argument("--items", type=int, default=3000)
    parser.add_argument("--classes", action="store_true", help="figures of each noise class")
    parser.add_argument("--work", type=Path, help="keep the files here")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        args.work = args.work or Path(folder)
        for profile in args.profiles:
            judge(args, profile)


if __name__ == "__main__":
    main()
