"""The one neutral order every channel's parser produces and the one writer reads.

All money is :class:`~decimal.Decimal` in the order's currency, never rounded by the parser. All
times are aware ``datetime`` in UTC. Texts are cleaned by :func:`clean_text` (no NUL or control
characters, trimmed).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

LineKind = Literal["product", "shipping", "fee", "discount", "voucher"]
PaymentState = Literal["paid", "open", "unknown"]
OrderState = Literal["open", "cancelled"]
Treatment = Literal["import", "history", "reserve", "ignore", "hold"]
"""What the inbox does with an open order that it sees:

``import``  create it, with a delivery (where the shop itself sends it: from the shop's warehouse)
``history`` it was shipped before it was seen: create it, its goods have left already
``reserve`` not paid yet: only keep the stock free (:attr:`ShopOrder.reservations`)
``ignore``  nothing to do yet
``hold``    create it and let a person decide (:attr:`ShopOrder.holds`)
"""
TaxModel = Literal["seller", "marketplace"]


class PayloadError(ValueError):
    """The payload cannot become an order.

    ``message`` is a sentence for the shop's clerk; ``hint`` says what to do. Both are made with a
    :class:`~odoo.addons.automation_core.lib.texts.Marker`, so that they can be translated.
    ``field`` is the path of the offending value inside the payload, for the technically minded.
    """

    def __init__(self, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class ShopAddress:
    """An address as the buyer typed it; nothing is corrected here."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street: str = ""
    house_number: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country_code: str = ""  # ISO 3166-1 alpha-2
    phone: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def street_line(self) -> str:
        return " ".join(part for part in (self.street, self.house_number) if part)

    @property
    def as_sent(self) -> str:
        """The address line by line, in the shop's own words."""
        town = " ".join(part for part in (self.zip, self.city) if part)
        lines = (
            self.company,
            self.name,
            self.street_line,
            self.street2,
            town,
            self.state,
            self.country_code,
        )
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class ShopCustomer:
    """Who buys. ``buyer_id`` is the channel's own stable id ("" for guests)."""

    buyer_id: str = ""
    email: str = ""
    phone: str = ""
    vat: str = ""
    language: str = ""  # ISO 639-1, lower case
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One line. ``total`` is what the shop charges for the whole line and wins over ``unit_price *
    quantity``.

    Prices are gross or net as :attr:`ShopOrder.prices_include_tax` says. ``tax_percent`` is
    ``None`` where the shop does not state it (shipping at some channels); the writer derives it
    then. ``note`` may be a text that can be translated.
    """

    line_id: str
    kind: LineKind
    name: str
    quantity: Decimal
    unit_price: Decimal
    total: Decimal
    sku: str = ""
    tax_percent: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason why a person has to look: a stable code (``channel:reason``) and two sentences for
    the clerk, both made with a ``Marker``.
    """

    code: str
    text: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Stock to keep for an order that is not paid yet."""

    line_id: str
    sku: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """A whole order. ``external_id`` is unique within one shop account and never changes.

    ``treatment`` and what follows it have sensible defaults for shops that only send orders that
    are to be delivered. ``extra`` holds the channel's own facts (no personal data): it is kept on
    the shop order and handed back with every message about it.
    """

    external_id: str
    number: str
    ordered_at: datetime
    currency: str  # ISO 4217
    prices_include_tax: bool
    total: Decimal  # what the buyer pays, taxes included
    customer: ShopCustomer
    billing: ShopAddress
    delivery: ShopAddress
    lines: tuple[ShopLine, ...]
    updated_at: datetime | None = None
    tax_total: Decimal | None = None
    payment_code: str = ""
    payment_title: str = ""
    payment_state: PaymentState = "unknown"
    shipping_code: str = ""
    shipping_title: str = ""
    buyer_note: str = ""
    state: OrderState = "open"
    shop_status: str = ""
    treatment: Treatment = "import"
    holds: tuple[Hold, ...] = ()  # become cases when the order is imported
    reservations: tuple[Reservation, ...] = ()
    shipped: tuple[tuple[str, Decimal], ...] = ()  # line id, quantity that has left already
    by_channel: bool = False  # the marketplace sends it from its own warehouse
    replaces: str = ""  # external id of the order this one replaces, without revenue
    hurry: bool = False  # promised to be fast: at once, with tracking
    tax_model: TaxModel = "seller"  # marketplace: it pays the tax, our sale is without
    ship_by: datetime | None = None
    delivery_note: str = ""  # for the carrier: where to leave it
    extra: dict[str, str] = field(default_factory=dict)


def clean_text(value: object, limit: int = 1024) -> str:
    """Return ``value`` as text without control characters, NFC, trimmed and at most ``limit``
    characters.

    PostgreSQL refuses NUL, and bidirectional overrides in a name can disguise what staff read.
    """
    if value is None:
        return ""
    text = unicodedata.normalize("NFC", str(value))
    kept = "".join(
        char
        for char in text
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs", "Co"}
    )
    for override in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        kept = kept.replace(override, "")
    return kept.strip()[:limit]
