"""Which text blocks make up a mail, and why.

A block applies when each of its conditions meets the facts of the order. Blocks with the same key
stand for each other: the most specific one is taken, so a shop, a country or a product can have
its own wording of a text. A block that is taken and empty leaves the text out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# How much a condition says about an order: the larger, the more specific. Powers of two, so that
# one strong condition beats all weaker ones together. Add-ons name their own conditions in
# between by passing `weights`.
WEIGHTS: Mapping[str, int] = {
    "product": 256,
    "category": 128,
    "shop": 64,
    "payment_method": 32,
    "team": 16,
    "country": 8,
    "language": 4,
    "company": 2,
}

TAKEN = "taken"
NO_MATCH = "no_match"
BEATEN = "beaten"

# Condition -> {id: depth}; the depth only counts for categories.
Facts = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Block:
    """A block as far as choosing needs it. ``conditions`` maps a condition to the ids it
    accepts.
    """

    id: int
    slot: str
    key: str = ""
    sequence: int = 10
    conditions: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of one block. ``reason`` names the conditions met, or the first one not met."""

    block: Block
    outcome: str
    conditions: tuple[str, ...] = ()
    beaten_by: int = 0


def choose(
    blocks: Iterable[Block], facts: Facts, weights: Mapping[str, int] = WEIGHTS
) -> list[Choice]:
    """Return what became of each block, the taken ones in the order of their sequence."""
    rivals: dict[tuple[str, str], list[Block]] = defaultdict(list)
    choices = []
    for block in blocks:
        if failed := _first_failed(block, facts):
            choices.append(Choice(block, NO_MATCH, (failed,)))
        else:
            rivals[block.slot, block.key or f"#{block.id}"].append(block)
    for group in rivals.values():
        group.sort(key=lambda block: _rank(block, facts, weights), reverse=True)
        best = group[0]
        choices.append(Choice(best, TAKEN, tuple(best.conditions)))
        choices.extend(
            Choice(block, BEATEN, tuple(block.conditions), best.id) for block in group[1:]
        )
    return sorted(choices, key=lambda choice: (choice.block.sequence, choice.block.id))


def taken(choices: Iterable[Choice], slot: str | None = None) -> list[int]:
    """Return the ids of the blocks to print, optionally of one slot only."""
    return [
        choice.block.id
        for choice in choices
        if choice.outcome == TAKEN and slot in (None, choice.block.slot)
    ]


def _first_failed(block: Block, facts: Facts) -> str:
    return next(
        (name for name, ids in block.conditions.items() if ids.isdisjoint(facts.get(name, {}))), ""
    )


def _rank(block: Block, facts: Facts, weights: Mapping[str, int]) -> tuple[int, int, int, int]:
    """Sum of weights, then the deepest category met, then the lower sequence, then the newer
    block.
    """
    weight = sum(weights.get(name, 1) for name in block.conditions)
    depth = sum(
        max(facts[name][one] for one in ids & facts[name].keys())
        for name, ids in block.conditions.items()
    )
    return weight, depth, -block.sequence, block.id
