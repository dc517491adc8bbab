"""A delivery on its way to a shipper, and what the shipper says of it.

Edges are in centimetres, weights in kilograms, quantities in the article's unit; all times are in
UTC. Nothing here knows a format or a carrier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from odoo.addons.order_automation.lib.address import Analysis

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with an address. ``country`` is the two-letter code, ``lines`` are as typed."""

    name: str
    company: str = ""
    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country: str = "DE"
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """An article to be sent. ``position`` is stable for the delivery's whole life."""

    position: str
    sku: str
    name: str
    quantity: Decimal
    unit: str = "C62"  # UN/ECE recommendation 20
    ean: str = ""
    weight: Decimal = ZERO  # of one
    value: Decimal = ZERO  # of one, without tax
    customs_code: str = ""
    origin: str = ""  # country of origin, two letters
    note: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A parcel as it was packed or proposed; edges 0: not known."""

    weight: Decimal
    length: Decimal = ZERO
    width: Decimal = ZERO
    height: Decimal = ZERO
    contents: tuple[tuple[str, Decimal], ...] = ()  # (position, quantity)
    reference: str = ""  # ours, unique


@dataclass(frozen=True, slots=True)
class DispatchOrder:
    """What a shipper is told to send. ``number`` is short, unique and the same at every retry."""

    number: str
    delivery: str  # our delivery's name
    order: str
    created: datetime
    sender: Party
    recipient: Party
    lines: tuple[DispatchLine, ...]
    boxes: tuple[Box, ...] = ()
    place: Analysis | None = None  # what the recipient's address is: door, locker, outlet
    shop_order: str = ""
    customer_no: str = ""
    carrier: str = ""  # code of the carrier to be used, where we choose it
    service: str = ""
    ship_by: date | None = None
    partial: bool = True  # parts may go before the rest
    note: str = ""
    currency: str = "EUR"
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)  # delivery slip, label


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """So much of an article is in a parcel; by our position, else by SKU."""

    quantity: Decimal
    position: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackParcel:
    """One parcel. ``items`` empty: everything that was ordered, or no word about it."""

    number: str
    carrier: str = ""
    items: tuple[FeedbackItem, ...] = ()
    weight: Decimal = ZERO
    link: str = ""


FeedbackState = Literal["shipped", "accepted", "refused", "cancelled", "returned", "delivered"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a shipper says of one delivery.

    ``keys`` are all words by which the delivery may be found, the best first: our dispatch number,
    the delivery's name, the order's, the shop's. ``row`` is where it stands in the file.
    """

    keys: tuple[str, ...]
    state: FeedbackState = "shipped"
    parcels: tuple[FeedbackParcel, ...] = ()
    items: tuple[FeedbackItem, ...] = ()  # shipped without saying in which parcel
    complete: bool | None = None  # None: not said
    shipped_at: datetime | None = None
    reason: str = ""
    row: int = 0
