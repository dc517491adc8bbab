"""How good the proposals are.

  python bench/matching/score.py DIR proposals.json [--json]

Definitions, all by exact equality of the set of documents:

  precision@1      of the payments with a proposal: first proposal is right
  recall@1, @3     of the payments with a true target: the first (one of three) proposals is right
  likely           first proposal with confidence >= 0.95
  false likelies   share of the likelies that are wrong, or that nobody could have known (twins)
  coverage         of the payments with a true target: share with a right likely proposal
  silent           of the payments that belong to nothing open: share without any proposal
  knowable @1      recall@1 without the payments nobody could know
"""

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

THRESHOLD = 0.95
BINS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
BARS = {
    "precision@1": 0.96,
    "recall@1": 0.93,
    "recall@3": 0.96,
    "false likelies": 0.002,
    "coverage": 0.75,
    "silent": 0.95,
}


@dataclass
class Score:
    """Counts; the shares follow from them."""

    payments: int = 0
    with_target: int = 0
    proposed: int = 0
    right: int = 0
    right3: int = 0
    likely: int = 0
    false_likely: int = 0
    silent: int = 0
    knowable: int = 0
    right_knowable: int = 0
    wrong: list[str] = field(default_factory=list)  # payments with a false likely

    def add(self, truth: dict[str, Any], proposals: list[dict[str, Any]]) -> None:
        targets = frozenset(truth["targets"])
        found = [frozenset(proposal["targets"]) for proposal in proposals[:3]]
        hit = bool(targets) and bool(found) and found[0] == targets
        self.payments += 1
        self.proposed += bool(found)
        self.silent += not targets and not found
        self.with_target += bool(targets)
        self.right += hit
        self.right3 += bool(targets) and targets in found
        if targets and truth["knowable"]:
            self.knowable += 1
            self.right_knowable += hit
        if found and proposals[0]["confidence"] >= THRESHOLD:
            self.likely += 1
            if not hit or not truth["knowable"]:
                self.false_likely += 1
                self.wrong.append(truth["payment"])

    def shares(self) -> dict[str, float | None]:
        """The figures; None where there is nothing to divide by."""
        without = self.payments - self.with_target
        return {
            "precision@1": _share(self.right, self.proposed),
            "recall@1": _share(self.right, self.with_target),
            "recall@3": _share(self.right3, self.with_target),
            "likelies": self.likely,
            "false likelies": _share(self.false_likely, self.likely),
            "coverage": _share(self.likely - self.false_likely, self.with_target),
            "silent": _share(self.silent, without),
            "knowable @1": _share(self.right_knowable, self.knowable),
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def ranked(proposals: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By payment, best first. A proposal for nothing, a tie or a fourth rank is a fault."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for proposal in proposals:
        if not proposal["targets"] or proposal["rank"] not in (1, 2, 3):
            raise ValueError(f"no proper proposal: {proposal}")
        if not 0 <= proposal["confidence"] <= 1:
            raise ValueError(f"a proposal without a probability: {proposal}")
        found[proposal["payment"]].append(proposal)
    for payment, rows in found.items():
        rows.sort(key=lambda row: row["rank"])
        if [row["rank"] for row in rows] != list(range(1, len(rows) + 1)):
            raise ValueError(f"the ranks of the proposals for {payment} have ties or gaps")
    return found


def score(
    truth: list[dict[str, Any]], proposals: list[dict[str, Any]]
) -> tuple[Score, dict[str, Score]]:
    """All together, and by noise class."""
    found = ranked(proposals)
    unknown = set(found) - {row["payment"] for row in truth}
    if unknown:
        raise ValueError(f"proposals for payments that do not exist: {sorted(unknown)[:3]}")
    whole, classes = Score(), defaultdict(Score)
    for row in truth:
        for part in (whole, classes[row["class"]]):
            part.add(row, found.get(row["payment"], []))
    return whole, dict(classes)


@dataclass
class Bin:
    """First proposals whose confidence lies between two bounds."""

    low: float
    high: float
    count: int = 0
    hits: int = 0
    confidence: float = 0.0


def calibration(
    truth: list[dict[str, Any]], proposals: list[dict[str, Any]]
) -> tuple[list[Bin], float]:
    """Said and true hit rate by confidence, and their mean distance."""
    targets = {row["payment"]: frozenset(row["targets"]) for row in truth}
    bins = [Bin(low, high) for low, high in pairwise(BINS)]
    for payment, rows in ranked(proposals).items():
        said = rows[0]["confidence"]
        place = next(b for b in reversed(bins) if said >= b.low)
        place.count += 1
        place.confidence += said
        place.hits += frozenset(rows[0]["targets"]) == targets[payment]
    whole = sum(b.count for b in bins)
    distance = sum(abs(b.confidence - b.hits) for b in bins) / whole if whole else 0.0
    return bins, distance


def table(head: list[str], rows: list[list[str]]) -> str:
    """Markdown."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(value: float | None) -> str:
    """A share, a count or nothing."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def report(truth: list[dict[str, Any]], proposals: list[dict[str, Any]]) -> str:
    """The figures as tables."""
    whole, classes = score(truth, proposals)
    head = ["class", "payments", *whole.shares()]
    rows = [
        [name, str(part.payments), *(cell(value) for value in part.shares().values())]
        for name, part in [("**all**", whole), *sorted(classes.items())]
    ]
    return "\n\n".join([table(head, rows), curve(*calibration(truth, proposals))])


def curve(bins: list[Bin], distance: float) -> str:
    """The reliability table."""
    rows = [
        [
            f"{b.low:g} to {b.high:g}",
            str(b.count),
            f"{b.confidence / b.count:.3f}",
            f"{b.hits / b.count:.3f}",
        ]
        for b in bins
        if b.count
    ]
    text = table(["confidence", "payments", "said", "true"], rows)
    return f"{text}\n\nMean distance between said and true: {distance:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="How good the proposals are.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("proposals", type=Path)
    parser.add_argument("--json", action="store_true", help="figures for programs")
    args = parser.parse_args()
    truth = json.loads((args.folder / "truth.json").read_text(encoding="utf-8"))
    proposals = json.loads(args.proposals.read_text(encoding="utf-8"))
    if not args.json:
        print(report(truth, proposals))
        return
    whole, classes = score(truth, proposals)
    figures = {"all": whole, **classes}
    print(json.dumps({name: part.shares() for name, part in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
