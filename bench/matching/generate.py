"""Made-up customers, documents and payments, and the truth about them.

  python bench/matching/generate.py --seed 7 --payments 2000 --items 3000 --out DIR [--profile b]

Writes ``partners.json``, ``items.json`` and ``payments.json`` as the matcher reads them, and
``truth.json`` for ``score.py``: for each payment its noise class, the documents it belongs to
(none: nothing open) and whether anybody could know (``knowable``; if not, a likely proposal is
wrong). The same seed gives the same files.
"""

import argparse
import json
import random
from pathlib import Path

import cases_amount
import cases_name
import cases_nothing
import cases_number
from maker import CASES, Draft, Maker
from profiles import PROFILES
from truth import settle
from world import World

MODULES = (cases_amount, cases_name, cases_nothing, cases_number)


def build(seed: int, payments: int, items: int, profile: str = "a") -> dict[str, list[dict]]:
    """Everything, by file name."""
    rng = random.Random(f"{profile}{seed}")
    world = World(rng, PROFILES[profile])
    world.fill(int(items * 0.85))
    maker = Maker(rng, world)
    drafts = _drafts(maker, payments)
    world.fill(items)
    rng.shuffle(world.items)
    lines, truth = settle(drafts, world, rng)
    return {
        "partners": [partner.public() for partner in world.partners],
        "items": [item.public() for item in world.items],
        "payments": lines,
        "truth": truth,
    }


def _drafts(maker: Maker, count: int) -> list[Draft]:
    weights = maker.world.profile.weights
    drafts: list[Draft] = []
    while len(drafts) < count:
        name = maker.rng.choices(list(weights), list(weights.values()))[0]
        for draft in CASES[name](maker):
            draft.noise = name
            drafts.append(draft)
    return drafts[:count]


def write(data: dict[str, list[dict]], folder: Path) -> None:
    """One file for each list."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in data.items():
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Made-up payments and the truth about them.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--payments", type=int, default=2000)
    parser.add_argument("--items", type=int, default=3000)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="a")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    data = build(args.seed, args.payments, args.items, args.profile)
    write(data, args.out)
    counts = ", ".join(f"{len(rows)} {name}" for name, rows in data.items())
    print(f"{args.out}: {counts}")


if __name__ == "__main__":
    main()
