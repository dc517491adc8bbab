"""What an order of eBay says beyond what every shop's order says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from odoo.addons.shop_connector.lib.order import ShopOrder

Treatment = Literal["import", "history", "reserve", "ignore", "cancel", "hold"]
"""What the inbox should do with an order that it sees first:

``import``  create it
``history`` was shipped before it was seen: create it without a delivery
``reserve`` not paid yet: only keep the stock free (:attr:`EbayOrder.reservations`)
``ignore``  eBay sends it from its own warehouse, or nothing is known to do
``cancel``  was cancelled: nothing to do, or cancel what was imported
``hold``    create it and let a person decide (:attr:`EbayOrder.holds`)
"""


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
class Item:
    """The listing behind a line; ``line_id`` stays when eBay combines orders."""

    line_id: str
    sku: str  # as eBay sent it, "" for old listings
    item_id: str
    variation_id: str
    quantity: int
    status: str  # of its fulfilment
    marketplace: str = ""


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """A request to cancel; eBay only tells it with a single order."""

    request_id: str
    by: str
    reason: str
    state: str
    requested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CollectedTax:
    """A tax that eBay takes from the buyer and pays itself; it is no money of the seller's."""

    line_id: str
    kind: str  # VAT, GST, ...
    amount: Decimal
    scheme: str = ""  # IOSS, OSS, VOEC, ...
    number: str = ""  # eBay's number under that scheme, for the customs declaration


@dataclass(frozen=True, slots=True)
class EbayOrder:
    """The neutral order and what only eBay knows."""

    order: ShopOrder
    treatment: Treatment
    holds: tuple[Hold, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    items: tuple[Item, ...] = ()
    cancel_requests: tuple[CancelRequest, ...] = ()
    collected_taxes: tuple[CollectedTax, ...] = ()
    buyer_total: Decimal = Decimal(0)  # what the buyer pays, eBay's own taxes included
    refunded: Decimal = Decimal(0)
    by_ebay: bool = False
    ship_by: datetime | None = None
