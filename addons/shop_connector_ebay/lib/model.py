"""What an order of eBay says beyond what every shop's order says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from odoo.addons.shop_connector.lib.order import ShopOrder


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
    items: tuple[Item, ...] = ()
    cancel_requests: tuple[CancelRequest, ...] = ()
    collected_taxes: tuple[CollectedTax, ...] = ()
    buyer_total: Decimal = Decimal(0)  # what the buyer pays, eBay's own taxes included
    refunded: Decimal = Decimal(0)
