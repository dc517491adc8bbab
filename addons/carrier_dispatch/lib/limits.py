"""What one parcel may be: edges in cm, girth, weight in kg; with a sentence where it does not fit.

0 is "not known" for an article and "no limit" for a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.order_automation.lib.parcel import Fit, Item, Limit, fit

from .model import ZERO

_lt = Marker(__name__)

Unknown = Literal["hold", "pass"]


@dataclass(frozen=True, slots=True)
class Size:
    """One piece of an article; ``volume`` in litres, where it is known without the edges."""

    length: Decimal = ZERO
    width: Decimal = ZERO
    height: Decimal = ZERO
    weight: Decimal = ZERO
    volume: Decimal = ZERO

    @property
    def edges(self) -> tuple[Decimal, ...]:
        """The known edges, longest first."""
        return tuple(sorted(e for e in (self.length, self.width, self.height) if e > 0)[::-1])

    @property
    def litres(self) -> Decimal:
        """The volume: that of the edges, else the given one; 0 where neither is known."""
        edges = self.edges
        return edges[0] * edges[1] * edges[2] / 1000 if len(edges) == 3 else self.volume


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest parcel that goes.

    :param fill: how much of a box articles fill; the rest is padding
    :param unknown: whether an article without edges or weight is held or passes
    """

    weight: Decimal = ZERO
    length: Decimal = ZERO
    width: Decimal = ZERO
    height: Decimal = ZERO
    girth: Decimal = ZERO
    fill: Decimal = Decimal("0.8")
    unknown: Unknown = "hold"

    @property
    def has_size(self) -> bool:
        """Whether an edge or the girth is limited."""
        return any((self.length, self.width, self.height, self.girth))

    @property
    def litres(self) -> Decimal:
        """What the largest box holds; 0 = no limit."""
        volumes = []
        if self.length and self.width and self.height:
            volumes.append(self.length * self.width * self.height / 1000)
        if self.girth:
            longest = max(self.length, self.width, self.height)
            # a box of this girth is largest when its longest edge is a third of it
            length = min(longest or self.girth / 3, self.girth / 3)
            side = min((self.girth - length) / 4, length)
            volumes.append(length * side * side / 1000)
        return min(volumes, default=ZERO) * self.fill


def girth(edges: tuple[Decimal, ...]) -> Decimal:
    """Return the longest edge and twice each of the others (of edges sorted longest first)."""
    return edges[0] + 2 * sum(edges[1:], ZERO) if edges else ZERO


def plain(number: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def refusal(name: str, size: Size, limits: Limits) -> Text | None:
    """Return why one piece does not fit; ``None`` if it does."""
    edges = size.edges
    item = Item(float(size.length), float(size.width), float(size.height))
    most = Limit(float(limits.length), float(limits.width), float(limits.height))
    if fit(item, most) is Fit.TOO_LARGE:
        return _lt(
            "“%(name)s” is too large: %(edges)s cm do not go into %(most)s cm.",
            name=name,
            edges=_product(edges),
            most=_product((limits.length, limits.width, limits.height)),
        )
    if limits.girth and girth(edges) > limits.girth:
        return _lt(
            "“%(name)s” has a girth of %(girth)s cm; %(most)s cm are allowed.",
            name=name,
            girth=plain(girth(edges)),
            most=plain(limits.girth),
        )
    if limits.weight and size.weight > limits.weight:
        return _lt(
            "“%(name)s” weighs %(weight)s kg; a parcel may weigh %(most)s kg.",
            name=name,
            weight=plain(size.weight),
            most=plain(limits.weight),
        )
    return _unknown(name, size, limits) if limits.unknown == "hold" else None


def _unknown(name: str, size: Size, limits: Limits) -> Text | None:
    if limits.has_size and len(size.edges) < 3:
        return _lt("The edges of “%(name)s” are not known.", name=name)
    if limits.weight and size.weight <= 0:
        return _lt("The weight of “%(name)s” is not known.", name=name)
    return None


def _product(edges: tuple[Decimal, ...]) -> str:
    return " x ".join(plain(edge) if edge else "∞" for edge in edges)
