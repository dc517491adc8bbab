"""Which product carries a parcel: ordered rules with limits that anybody may change.

The figures below are a beginning, not DHL's word: some come from comparison pages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.order_automation.lib import address
from odoo.addons.order_automation.lib.parcel import Fit, Item, Limit, fit

from ..model import Box
from . import const
from .countries import HOME, UNION

_lt = Marker(__name__)

Area = Literal["home", "union", "abroad"]


@dataclass(frozen=True, slots=True)
class ProductRule:
    """What a product carries: edges in cm, weight in kg; 0 = no limit.

    :param area: Germany, the EU's customs union without Germany, or everywhere but Germany
    :param unknown_fits: whether a parcel of unknown edges may go with it
    """

    product: str
    area: Area
    weight: Decimal
    length: Decimal = Decimal(0)
    width: Decimal = Decimal(0)
    height: Decimal = Decimal(0)
    girth: Decimal = Decimal(0)  # the longest edge and twice each of the others
    kinds: tuple[str, ...] = (address.DOOR,)
    bulky: bool = False
    unknown_fits: bool = True


_HEAVY: Final = Decimal("31.5")
_ALL_KINDS: Final = (address.DOOR, address.LOCKER, address.OUTLET, address.OTHER)

RULES: Final = (
    ProductRule(
        const.KLEINPAKET,
        "home",
        Decimal(1),
        Decimal("35.3"),
        Decimal(25),
        Decimal(8),
        unknown_fits=False,
    ),
    ProductRule(
        const.PAKET, "home", _HEAVY, Decimal(120), Decimal(60), Decimal(60), kinds=_ALL_KINDS
    ),
    ProductRule(
        const.PAKET,
        "home",
        _HEAVY,
        Decimal(200),
        girth=Decimal(360),
        bulky=True,
        unknown_fits=False,
    ),
    ProductRule(
        const.SMALL_ABROAD,
        "abroad",
        Decimal(1),
        Decimal("35.3"),
        Decimal(25),
        Decimal(10),
        unknown_fits=False,
    ),
    ProductRule(const.INTERNATIONAL, "abroad", _HEAVY, Decimal(120), Decimal(60), Decimal(60)),
    ProductRule(
        const.INTERNATIONAL,
        "abroad",
        _HEAVY,
        Decimal(200),
        girth=Decimal(360),
        bulky=True,
        unknown_fits=False,
    ),
    ProductRule(const.EUROPAKET, "union", _HEAVY, Decimal(120), Decimal(60), Decimal(60)),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule that takes a parcel, or why none does."""

    rule: ProductRule | None
    reason: Text | None = None


def choose(
    box: Box,
    country: str,
    kind: str,
    billing_numbers: Mapping[str, str],
    rules: tuple[ProductRule, ...] = RULES,
    product: str = "",
) -> Choice:
    """Return the first rule whose product is booked and takes the parcel.

    :param product: the only product that is wanted; empty: any
    """
    reason: Text | None = None
    for rule in rules:
        if not billing_numbers.get(rule.product) or product not in ("", rule.product):
            continue
        if not _serves(rule, country):
            continue
        refused = _refused(rule, box, kind)
        if refused is None:
            return Choice(rule)
        reason = refused  # the last rule is the widest: its reason is the one to tell
    return Choice(None, reason or _no_product(country, product))


def _serves(rule: ProductRule, country: str) -> bool:
    if rule.area == "home" or country == HOME:
        return rule.area == "home" and country == HOME
    return rule.area == "abroad" or country in UNION


def _refused(rule: ProductRule, box: Box, kind: str) -> Text | None:
    if kind not in rule.kinds:
        return _lt("%(product)s does not go to an address of that kind.", product=rule.product)
    if rule.weight and box.weight > rule.weight:
        return _lt(
            "The parcel weighs %(weight)s kg; %(product)s takes at most %(most)s kg.",
            weight=plain(box.weight),
            product=rule.product,
            most=plain(rule.weight),
        )
    item = Item(float(box.length), float(box.width), float(box.height))
    found = fit(item, Limit(float(rule.length), float(rule.width), float(rule.height)))
    if found is Fit.FITS and _is_too_round(rule, item):
        found = Fit.TOO_LARGE
    if found is Fit.TOO_LARGE:
        return _lt(
            "The parcel of %(edges)s cm is too large for %(product)s.",
            edges=" x ".join(f"{edge:g}" for edge in item.edges),
            product=rule.product,
        )
    if len(item.edges) < 3 and not rule.unknown_fits:
        return _lt("The edges of the parcel are not known.")
    return None


def _is_too_round(rule: ProductRule, item: Item) -> bool:
    edges = item.edges
    girth = edges[0] + 2 * math.fsum(edges[1:]) if edges else 0.0
    return bool(rule.girth) and girth > float(rule.girth)


def _no_product(country: str, product: str) -> Text:
    if product:
        return _lt(
            "%(product)s does not go to %(country)s, or has no billing number.",
            product=product,
            country=country,
        )
    return _lt("No product with a billing number goes to %(country)s.", country=country)


def plain(number: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
