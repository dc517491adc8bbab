"""What a channel and the inbox say to each other. Plain data, no wire and no records."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from odoo.addons.automation_core.lib.check import CheckLine as CheckLine  # part of what they say

ORDERS: Final = "orders"  # can fetch orders
SINGLE_ORDER: Final = "single_order"  # can fetch one order again by its external id
CUSTOMER_MAILS: Final = "customer_mails"  # our own mails to the buyer are allowed
SHIPMENTS: Final = "shipments"  # takes shipments back
STOCK: Final = "stock"  # takes stock figures
CANCELLATIONS: Final = "cancellations"  # takes cancellations of whole orders
PARTIAL_CANCELLATIONS: Final = "partial_cancellations"  # takes cancellations of some lines, too
INVOICES: Final = "invoices"  # takes invoices as files
UNIQUE_LINES: Final = "unique_lines"  # a line keeps its id when the shop merges orders
LISTINGS: Final = "listings"  # can tell what is offered there, for matching SKUs
REVIEWS: Final = "reviews"  # asks buyers for reviews in its own way
SETTLEMENTS: Final = "settlements"  # hands out what it has paid out, order by order

Cursor = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RawOrder:
    """One order as the shop sent it.

    ``body`` is the text to keep and to parse; a channel that needs several answers for one order
    (head, lines, country) joins them in one JSON object, each answer untouched. Where the shop
    refused to hand out this one order, ``problem`` (a sentence) and ``hint`` say so: the order is
    stored in quarantine, the page goes on. Both may be texts that can be translated.
    """

    external_id: str
    body: str
    number: str = ""
    problem: str = ""
    hint: str = ""

    @property
    def digest(self) -> str:
        """Return the fingerprint by which a repeated import is recognised."""
        return hashlib.sha256(self.body.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of orders and the cursor that is true once this page is stored.

    ``cursor`` must be plain JSON. ``more`` asks for the next page at once. ``sweep``: the page is
    from the slow search that looks for what the fast one missed; whatever of it the inbox did not
    know is counted and shown on the account. A channel that knows better how many were missed says
    so in ``missed``.
    """

    orders: tuple[RawOrder, ...]
    cursor: Cursor = field(default_factory=dict)
    more: bool = False
    sweep: bool = False
    missed: int = 0


@dataclass(frozen=True, slots=True)
class ShopListing:
    """Something offered in the shop, as the shop tells it.

    ``external_id`` is the shop's own id of the offer ("" where the SKU is all there is).
    ``extra`` is the channel's own knowledge, handed back with every stock change (offer ids,
    variant ids, which interface knows it).
    """

    sku: str
    name: str = ""
    external_id: str = ""
    quantity: int | None = None  # what the shop shows now, if it says so
    barcode: str = ""
    by_channel: bool = False  # stored and sent by the marketplace: no stock is reported
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of listings; ``cursor`` is plain JSON and asks for the next page."""

    listings: tuple[ShopListing, ...]
    cursor: Cursor = field(default_factory=dict)
    more: bool = False
