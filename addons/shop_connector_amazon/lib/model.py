"""What an order of Amazon says beyond what every shop's order says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from odoo.addons.shop_connector.lib.order import ShopOrder

Treatment = Literal["import", "history", "reserve", "ignore", "cancel", "hold"]
"""What the inbox should do with an order that it sees first:

``import``  create it; for Amazon's logistics as sold from Amazon's warehouse
``history`` was shipped before it was seen: create it without a delivery
``reserve`` not paid yet: only keep the stock free (:attr:`AmazonOrder.reservations`)
``ignore``  nothing to do yet
``cancel``  was cancelled: nothing to do, or cancel what was imported
``hold``    create it and let a person decide (:attr:`AmazonOrder.holds`)
"""

TaxModel = Literal["seller", "marketplace"]


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason why a person has to look: a stable code and two sentences for the clerk."""

    code: str
    text: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Stock to keep for an order that is not paid yet."""

    line_id: str
    sku: str
    quantity: int


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
    status: str
    treatment: Treatment
    by_amazon: bool  # Amazon's logistics send it
    marketplace_id: str = ""
    holds: tuple[Hold, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    shipped: tuple[tuple[str, int], ...] = ()  # line id, quantity that has left already
    packages: tuple[Package, ...] = ()
    gifts: tuple[Gift, ...] = ()
    delivery_note: str = ""  # for the carrier: where to leave it, how to find it
    replaces: str = ""  # number of the order this one replaces, without revenue
    hurry: bool = False  # Prime or Premium: at once, with tracking
    business: bool = False
    purchase_order: str = ""  # the buyer's own number
    tax_model: TaxModel = "seller"
    tax_scheme: str = ""  # UOSS or IOSS, where Amazon pays the tax
    ioss_number: str = ""  # for the customs data of the parcel
    marketplace_tax: Decimal = Decimal(0)  # tax Amazon keeps and pays
    buyer_total: Decimal = Decimal(0)  # what the buyer pays, with the tax Amazon pays
    ship_by: datetime | None = None
    deliver_from: datetime | None = None
    deliver_by: datetime | None = None
