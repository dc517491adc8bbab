"""Rules: when each condition holds, the result counts. An empty condition always holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from odoo.addons.automation_core.lib.texts import Marker, Text, joined
from odoo.addons.order_automation.lib import postal

from ..limits import girth, plain
from ..model import ZERO
from .facts import Delivery, Line

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``least`` to ``most``, both included; ``None``: open."""

    least: Decimal | None = None
    most: Decimal | None = None

    def __bool__(self) -> bool:
        return self.least is not None or self.most is not None

    def holds(self, value: Decimal, known: bool = True) -> bool:
        """Whether a value lies in it; one that is not known whole is at least ``value``."""
        if self.least is not None and value < self.least:
            return False
        return self.most is None or (known and value <= self.most)


ANY = Span()


@dataclass(frozen=True, slots=True)
class Way:
    """Who sends, and with whom; ``carrier`` empty: the shipper decides."""

    shipper: str
    carrier: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Ship:
    """Send it; the second way counts where the first has no stock or takes it not, and so on."""

    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """Each line is decided alone, by the rules that follow."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions and a result.

    Product, category, tag, owner, longest edge and girth are about one line, all of them about the
    same one; ``lines`` says whether one line is enough. Weight (kg) and volume (litres) are sums.
    ``zips`` are beginnings ("10") or ranges of such ("80-86").
    """

    name: str
    result: Ship | Hold | Split
    lines: Literal["any", "all"] = "any"
    shops: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    zips: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()
    longest: Span = ANY
    girth: Span = ANY
    weight: Span = ANY
    volume: Span = ANY
    value: Span = ANY
    currency: str = "EUR"

    @property
    def is_about_lines(self) -> bool:
        """Whether it has a condition about single lines."""
        sets = (self.products, self.categories, self.tags, self.owners)
        return any(sets) or bool(self.longest or self.girth)


@dataclass(frozen=True, slots=True)
class View:
    """A delivery with the sums that several rules ask for."""

    delivery: Delivery
    zip: str = ""
    weight: Decimal = ZERO
    weight_known: bool = True
    volume: Decimal = ZERO
    volume_known: bool = True
    edges: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)


def view(delivery: Delivery) -> View:
    """Return the sums of a delivery."""
    lines = delivery.lines
    return View(
        delivery,
        _compact(postal.bare_zip(delivery.zip, delivery.country)),
        sum((line.quantity * line.size.weight for line in lines), ZERO),
        all(line.size.weight > 0 for line in lines),
        sum((line.quantity * line.size.litres for line in lines), ZERO),
        all(line.size.litres > 0 for line in lines),
        {line.position: line.size.edges for line in lines},
    )


def why_not(rule: Rule, seen: View) -> Text | None:
    """Return which condition does not hold; ``None`` if all do."""
    delivery = seen.delivery
    if rule.shops and delivery.shop not in rule.shops:
        return _lt("The order is of another shop.")
    if rule.countries and delivery.country not in rule.countries:
        return _lt("The country is %(country)s.", country=delivery.country)
    if rule.kinds and delivery.place.kind not in rule.kinds:
        return _lt("The address is of another kind.")
    if rule.zips and not any(_zip_holds(zips, seen.zip) for zips in rule.zips):
        return _lt("The zip is %(zip)s.", zip=delivery.zip)
    if sums := _sums(rule, seen):
        return sums
    if rule.is_about_lines and not lines_of(rule, seen):
        if rule.lines == "all":
            return _lt("Not all articles are such as the rule names.")
        return _lt("No article is such as the rule names.")
    return None


def _sums(rule: Rule, seen: View) -> Text | None:
    if rule.weight and not rule.weight.holds(seen.weight, seen.weight_known):
        if not seen.weight_known:
            return _lt("The weight is not known.")
        return _lt("The weight is %(weight)s kg.", weight=plain(seen.weight))
    if rule.volume and not rule.volume.holds(seen.volume, seen.volume_known):
        if not seen.volume_known:
            return _lt("The volume is not known.")
        return _lt("The volume is %(volume)s litres.", volume=plain(seen.volume))
    delivery = seen.delivery
    if rule.value and not (delivery.currency == rule.currency and rule.value.holds(delivery.value)):
        return _lt(
            "The order's value is %(value)s %(currency)s.",
            value=plain(delivery.value),
            currency=delivery.currency,
        )
    return None


def lines_of(rule: Rule, seen: View) -> tuple[Line, ...]:
    """Return the lines by which the rule holds; none where it does not."""
    lines = seen.delivery.lines
    found = tuple(line for line in lines if _line_holds(rule, line, seen.edges[line.position]))
    return () if rule.lines == "all" and len(found) < len(lines) else found


def _line_holds(rule: Rule, line: Line, edges: tuple[Decimal, ...]) -> bool:
    if rule.products and line.product not in rule.products:
        return False
    if rule.owners and line.owner not in rule.owners:
        return False
    if rule.categories and rule.categories.isdisjoint(line.categories):
        return False
    if rule.tags and rule.tags.isdisjoint(line.tags):
        return False
    known = len(edges) == 3
    if rule.longest and not rule.longest.holds(edges[0] if edges else ZERO, known):
        return False
    return not rule.girth or rule.girth.holds(girth(edges), known)


def saw(rule: Rule, seen: View) -> Text:
    """Return in words what made the rule hold."""
    return joined("\n", _saw(rule, seen)) or _lt("The rule has no conditions.")


def _saw(rule: Rule, seen: View) -> Iterator[Text]:
    delivery = seen.delivery
    if rule.shops:
        yield _lt("The order is of a shop that the rule names.")
    if rule.countries:
        yield _lt("The country is %(country)s.", country=delivery.country)
    if rule.zips:
        yield _lt("The zip is %(zip)s.", zip=delivery.zip)
    if rule.kinds:
        yield _lt("The address is of a kind that the rule names.")
    if rule.weight:
        yield _lt("The weight is %(weight)s kg.", weight=plain(seen.weight))
    if rule.volume:
        yield _lt("The volume is %(volume)s litres.", volume=plain(seen.volume))
    if rule.value:
        yield _lt(
            "The order's value is %(value)s %(currency)s.",
            value=plain(delivery.value),
            currency=delivery.currency,
        )
    if rule.is_about_lines:
        names = _names(lines_of(rule, seen))
        yield _lt("These articles are such as the rule names: %(names)s", names=names)


def _names(lines: Iterable[Line]) -> str:
    names = [line.name for line in lines]
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _zip_holds(wanted: str, code: str) -> bool:
    low, high = _zips(wanted)
    return bool(low) and len(code) >= len(low) and low <= code[: len(low)] <= high


@lru_cache(maxsize=4096)
def _zips(wanted: str) -> tuple[str, str]:
    """Return a range; a dash between parts of unequal length belongs to the zip ("00-950")."""
    low, _, high = map(_compact, wanted.partition("-"))
    if len(low) == len(high):
        return low, high
    return low + high, low + high


def _compact(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()
