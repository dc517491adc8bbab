"""The first rule whose conditions hold and whose shipper takes the delivery decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from odoo.addons.automation_core.lib.texts import Marker, Text

from .facts import Delivery, Line
from .rules import Hold, Rule, Ship, Split, View, Way, saw, view, why_not
from .shippers import Shipper, why_refused

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that did not decide, and why."""

    rule: str
    why: Text


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that go one way, or are held for a reason (``way`` is ``None``)."""

    positions: tuple[str, ...]
    way: Way | None
    rule: str = ""
    saw: str = ""
    reason: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a delivery: one part for each delivery to be made of it."""

    delivery: str
    parts: tuple[Part, ...]

    @property
    def held(self) -> bool:
        """Whether a part waits for a person."""
        return any(part.way is None for part in self.parts)


def choose(delivery: Delivery, rules: Sequence[Rule], shippers: Mapping[str, Shipper]) -> Decision:
    """Return what becomes of a delivery."""
    if not delivery.lines:
        return Decision(delivery.name, (Part((), None, reason=_lt("There is nothing to send.")),))
    return Decision(delivery.name, _decide(delivery, rules, shippers))


def dry_run(
    deliveries: Iterable[Delivery], rules: Sequence[Rule], shippers: Mapping[str, Shipper]
) -> Iterator[Decision]:
    """Yield what would become of each delivery, each seen alone (stock is not used up)."""
    for delivery in deliveries:
        yield choose(delivery, rules, shippers)


def _decide(
    delivery: Delivery, rules: Sequence[Rule], shippers: Mapping[str, Shipper]
) -> tuple[Part, ...]:
    seen = view(delivery)
    positions = tuple(line.position for line in delivery.lines)
    steps: list[Step] = []
    for place, rule in enumerate(rules):
        if why := why_not(rule, seen):
            steps.append(Step(rule.name, why))
            continue
        result = rule.result
        if isinstance(result, Split):
            parts = _split(delivery, rules[place + 1 :], shippers)
            return tuple(_after(part, steps, rule, seen) for part in parts)
        if isinstance(result, Hold):
            told = saw(rule, seen)
            return (Part(positions, None, rule.name, told, result.reason, tuple(steps)),)
        way = _first_way(rule.name, result, delivery, shippers, steps)
        if way:
            return (Part(positions, way, rule.name, saw(rule, seen), steps=tuple(steps)),)
    reason = _lt("No rule fits whose shipper takes the delivery.")
    return (Part(positions, None, reason=reason, steps=tuple(steps)),)


def _after(part: Part, steps: Sequence[Step], split: Rule, seen: View) -> Part:
    """Return a part of a split delivery with what came before it."""
    return replace(part, steps=(*steps, Step(split.name, saw(split, seen)), *part.steps))


def _first_way(
    rule: str,
    result: Ship,
    delivery: Delivery,
    shippers: Mapping[str, Shipper],
    steps: list[Step],
) -> Way | None:
    """Return the first way that takes the delivery; the others are noted."""
    for way in result.ways:
        shipper = shippers.get(way.shipper)
        if shipper is None:
            why: Text | None = _lt("The shipper “%(code)s” is not in use.", code=way.shipper)
        else:
            why = why_refused(shipper, way, delivery)
        if why is None:
            return way
        steps.append(Step(rule, why))
    return None


def _split(
    delivery: Delivery, rules: Sequence[Rule], shippers: Mapping[str, Shipper]
) -> tuple[Part, ...]:
    """Decide each line alone and put together what goes one way by one rule.

    What a shipper takes line by line it may not take together (stock): such lines are held.
    """
    groups: dict[tuple[Way | None, str, str], tuple[Part, list[Line]]] = {}
    for line in delivery.lines:
        (part,) = _decide(replace(delivery, lines=(line,)), _without_split(rules), shippers)
        key = (part.way, part.rule, part.reason)
        groups.setdefault(key, (part, []))[1].append(line)
    return tuple(
        _together(part, replace(delivery, lines=tuple(lines)), shippers)
        for part, lines in groups.values()
    )


def _without_split(rules: Sequence[Rule]) -> Sequence[Rule]:
    return [rule for rule in rules if not isinstance(rule.result, Split)]


def _together(part: Part, delivery: Delivery, shippers: Mapping[str, Shipper]) -> Part:
    part = replace(part, positions=tuple(line.position for line in delivery.lines))
    if part.way is None:
        return part
    why = why_refused(shippers[part.way.shipper], part.way, delivery)
    return replace(part, way=None, reason=why) if why else part
