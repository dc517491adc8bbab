"""What an order of Amazon says beyond what every shop's order says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from odoo.addons.shop_connector.lib.order import ShopOrder


@dataclass(frozen=True, slots=True)
class Package:
    """A parcel Amazon knows of."""

    reference: str
    carrier: str = ""
    tracking: str = ""
    status: str = ""
    items: tuple[tuple[str, int], ...] = ()
    shipped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gift:
    """What the buyer wants of an article as a present."""

    line_id: str
    message: str = ""
    wrapping: str = ""


@dataclass(frozen=True, slots=True)
class AmazonOrder:
    """An order: the neutral part every channel has, and Amazon's own facts."""

    order: ShopOrder
    marketplace_id: str = ""
    packages: tuple[Package, ...] = ()
    gifts: tuple[Gift, ...] = ()
    business: bool = False
    purchase_order: str = ""  # the buyer's own number
    tax_scheme: str = ""  # UOSS or IOSS, where Amazon pays the tax
    ioss_number: str = ""  # for the customs data of the parcel
    marketplace_tax: Decimal = Decimal(0)  # tax Amazon keeps and pays
    buyer_total: Decimal = Decimal(0)  # what the buyer pays, with the tax Amazon pays
    deliver_from: datetime | None = None
    deliver_by: datetime | None = None
