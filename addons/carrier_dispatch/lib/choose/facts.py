"""What is known of a delivery when its way is chosen; ids are those of the caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.order_automation.lib.address import Analysis

from ..limits import Size
from ..model import ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """An article to be sent; ``size`` is that of one piece, ``categories`` the path to its own."""

    position: str
    name: str
    quantity: Decimal
    product: int = 0
    categories: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    owner: int = 0
    size: Size = field(default_factory=Size)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery; ``value`` is the order's."""

    name: str
    lines: tuple[Line, ...]
    shop: int = 0
    country: str = "DE"
    zip: str = ""
    value: Decimal = ZERO
    currency: str = "EUR"
    place: Analysis = field(default_factory=Analysis)
    cash_on_delivery: bool = False
    age_check: bool = False
    customs: bool = False
