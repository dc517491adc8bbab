"""How an amount fits documents, and which documents of a partner add up to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from .book import CENT, Doc, mills
from .words import swapped

EQUAL = 7.0
DISCOUNT = 5.5  # rarer than paying all, and easier to hit by chance
_MAX_SETS = 12
_SHIPPING = (0, 50, 90, 95, 99)  # cents that shipping costs end in


@dataclass(frozen=True, slots=True)
class Fit:
    """``explained``: nothing is left open or too much."""

    kind: str
    weight: float
    explained: bool
    difference: int  # paid minus what is open, after the discount
    discount: int = 0


def judge(paid: int, docs: Sequence[Doc], day: int, speaks_of_part: bool = False) -> Fit:
    """Compare a paid amount with what is open on documents."""
    due = sum(doc.open for doc in docs)
    if paid == due:
        return Fit("equal", EQUAL, True, 0)
    short = due - paid
    discounted = _discount(paid, docs, day, due)
    if discounted:
        return discounted
    if short > 0 and _is_common_discount(due, short):
        return Fit("no_discount", 1.5, False, -short)
    return _uneven(paid, due, docs, 1.5 if speaks_of_part else 0.0)


def _discount(paid: int, docs: Sequence[Doc], day: int, due: int) -> Fit | None:
    """Return the fit if documents are paid less their cash discount: all, or those in term."""
    in_term = sum(doc.net if day <= doc.until else doc.open for doc in docs)
    slack = 2 * CENT * len(docs)
    if in_term != due and abs(paid - in_term) <= slack:
        return Fit("discount", DISCOUNT, True, 0, due - paid)
    anyway = sum(doc.net for doc in docs)
    if anyway != due and abs(paid - anyway) <= slack:
        return Fit("late_discount", 3.0, False, paid - due)
    return None


def _is_common_discount(due: int, short: int) -> bool:
    return due > 20_000 and any(abs(short - due * percent // 100) <= CENT for percent in (2, 3))


def _uneven(paid: int, due: int, docs: Sequence[Doc], said: float) -> Fit:
    """The weights: how often people pay so, against how often chance comes so near."""
    difference = paid - due
    gap = abs(difference)
    if len(docs) == 1 and docs[0].item.total and paid == mills(docs[0].item.total):
        return Fit("total", 3.0, False, difference)
    for kind, weight, fits in (
        ("near", 1.5, gap <= 5 * CENT),
        ("digits", 1.0, swapped(str(paid // CENT), str(due // CENT))),
        ("near", 0.0, gap <= 1000 or gap * 100 <= due),
        ("near", -0.3, _is_shipping(gap, due)),
        ("near", -1.5, gap <= 10_000 and gap * 5 <= due),
        ("over", -2.0, 0 < difference * 5 <= due),
    ):
        if fits:
            return Fit(kind, weight, False, difference)
    if difference < 0:
        even = any(abs(paid * parts - due) <= parts * CENT for parts in (2, 3, 4))
        rough = paid % 10_000 == 0
        return Fit("part", (0.5 if even else -2.0 if rough else -3.5) + said, False, difference)
    if difference > 2 * due:
        return Fit("over", -5.5, False, difference)
    return Fit("over", 1.0 if paid == 2 * due else -3.5, False, difference)


def _is_shipping(gap: int, due: int) -> bool:
    return 2_500 <= gap <= 10_000 and gap * 3 <= due and gap % 1000 // CENT in _SHIPPING


def sums(docs: Sequence[Doc], paid: int, day: int) -> list[tuple[Doc, ...]]:
    """Return sets of a partner's documents (by date) that add up to the amount."""
    found: dict[tuple[int, ...], tuple[Doc, ...]] = {}
    gross = [doc.open for doc in docs]
    nets = [doc.net if day <= doc.until else doc.open for doc in docs]
    for amounts, slack in ((gross, 0), (nets, CENT)) if nets != gross else ((gross, 0),):
        for places in _places(amounts, paid, slack):
            found.setdefault(tuple(sorted(places)), tuple(docs[p] for p in sorted(places)))
            if len(found) >= _MAX_SETS:
                break
    return list(found.values())


def _places(amounts: list[int], paid: int, slack: int) -> Iterable[tuple[int, ...]]:
    if len(amounts) < 2 or sum(amounts) < paid - slack * len(amounts):
        return
    yield from _runs(amounts, paid, slack)
    yield from _few(amounts, paid, slack)


def _runs(amounts: list[int], paid: int, slack: int) -> Iterable[tuple[int, ...]]:
    """Documents that follow each other: all of them, all of a month..."""
    for start in range(len(amounts) - 1):
        total = amounts[start]
        for end in range(start + 1, len(amounts)):
            total += amounts[end]
            if abs(total - paid) <= slack * (end - start + 1):
                yield tuple(range(start, end + 1))
            if total > paid + slack * (end - start + 1):
                break


def _few(amounts: list[int], paid: int, slack: int) -> Iterable[tuple[int, ...]]:
    """Two, three or four of them: one or two looked up by what is missing."""
    one: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    two: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    pairs = list(combinations(range(len(amounts)), 2))
    for place, amount in enumerate(amounts):
        one[amount].append((place,))
    for pair in pairs:
        two[amounts[pair[0]] + amounts[pair[1]]].append(pair)
    for rests, size in ((one, 2), (one, 3), (two, 4)):
        starts = [(place,) for place in range(len(amounts))] if size == 2 else pairs
        for start in starts:
            missing = paid - sum(amounts[place] for place in start)
            for off in range(-slack * size, slack * size + 1, CENT):
                for rest in rests.get(missing + off, ()):
                    if start[-1] < rest[0]:
                        yield (*start, *rest)


def accidental(count: int, size: int, paid: int) -> float:
    """Return how many sets of this size among so many documents hit the amount by chance."""
    return comb(count, size) / max(paid / CENT, 100)


def subsets(docs: Sequence[Doc], paid: int, day: int) -> list[tuple[Doc, ...]]:
    """Return the sets among documents named together (few) that the amount fits."""
    found = []
    for size in range(2, min(len(docs), 8) + 1):
        for chosen in combinations(docs[:8], size):
            if judge(paid, chosen, day).explained:
                found.append(chosen)
                if len(found) >= _MAX_SETS:
                    return found
    return found
