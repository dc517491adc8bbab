"""What a marketplace has paid out, in one form for all of them.

All money is :class:`~decimal.Decimal` in the settlement's currency, signed from our side: fees and
refunds are negative. The rows of a settlement add up to its total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Group = Literal["gross", "refund", "fee", "withheld", "reserve", "other"]
"""What an amount means: paid by buyers (discounts taken off), given back to them, kept for
services, taxes paid for us, kept back or paid out from earlier, not known.
"""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Row:
    """One amount; ``order`` is the order's id at the marketplace."""

    group: Group
    amount: Decimal
    order: str = ""
    text: str = ""


@dataclass(slots=True)
class Sums:
    """What a settlement says about one order, or under one text that belongs to none."""

    order: str
    text: str
    groups: dict[Group, Decimal] = field(default_factory=dict)

    @property
    def net(self) -> Decimal:
        """What remains of it."""
        return sum(self.groups.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Settlement:
    """One payout of ``total``, made (or to be made) on ``paid``."""

    number: str
    currency: str
    total: Decimal
    paid: date | None
    rows: tuple[Row, ...]
    start: date | None = None
    end: date | None = None

    def sums(self) -> tuple[Sums, ...]:
        """Return the money by order, and by text for what belongs to none, as in the file."""
        return summed(self.rows)

    @property
    def adds_up(self) -> bool:
        """Whether the rows explain the total to the cent."""
        return sum((row.amount for row in self.rows), ZERO) == self.total


def summed(rows: Iterable[Row]) -> tuple[Sums, ...]:
    """Return rows by order, and by text where they belong to none."""
    found: dict[tuple[str, str], Sums] = {}
    for row in rows:
        text = "" if row.order else row.text
        entry = found.setdefault((row.order, text), Sums(row.order, row.text))
        entry.groups[row.group] = entry.groups.get(row.group, ZERO) + row.amount
    return tuple(found.values())
