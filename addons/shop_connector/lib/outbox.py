"""What we tell a shop, and how it answers. Plain data, no wire and no records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from odoo.addons.automation_core.lib.errors import AutomationError

Availability = Literal["normal", "delisted", "soon"]
"""How a listing is offered: ``delisted`` is taken out of sale, ``soon`` is shown as not deliverable
soon; a channel that knows neither shows a quantity of 0."""


class StopKind(AutomationError):
    """The shop wants no messages of this kind at all, e.g. because it makes the invoices itself.

    The account's setting is switched off; ``message`` and ``hint`` tell a person why.
    """


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an order.

    ``reference`` counts the parcels of the order (1, 2, 3) and never changes for a parcel.
    ``carrier`` is the shop's own code of the carrier where the account's table of carriers names
    one, ``carrier_name`` what the shipper calls itself. ``items`` are the shop's line ids with the
    quantities in this parcel; a parcel without items is the second half of an article that left in
    two parcels, or a part of a kit: a shop that wants items in every parcel is not told of it.
    """

    reference: int
    items: tuple[tuple[str, Decimal], ...]
    shipped_at: datetime
    carrier: str = ""
    carrier_name: str = ""
    tracking: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shipment:
    """Everything of an order that has left so far, parcels reported earlier included.

    ``complete``: nothing of the order is left to be sent. ``again``: this was tried before and
    nobody knows how it ended, so look first what the shop knows. ``extra`` is
    :attr:`.order.ShopOrder.extra`.
    """

    external_id: str
    number: str
    ordered_at: datetime
    parcels: tuple[Parcel, ...]
    complete: bool
    again: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """An order, or some of its lines, that we shall not deliver.

    ``reason`` is one of ``no_stock``, ``buyer_request``, ``address``, ``unpaid``, ``other``.
    """

    external_id: str
    number: str
    items: tuple[tuple[str, Decimal], ...]  # line id, quantity; all lines for a whole order
    reason: str = "other"
    whole: bool = True
    again: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """A posted invoice or credit note as PDF. Amounts are positive in both cases."""

    external_id: str
    number: str  # the shop's number of the order
    invoice_number: str
    credit_note: bool
    total: Decimal
    tax: Decimal
    currency: str
    pdf: bytes = field(repr=False)
    again: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a message ended.

    ``known``: the shop had it already. A shop that works on it for a while gives ``job`` (plain
    JSON); it is asked again after ``wait`` seconds until a receipt without a job comes.
    ``text`` is a sentence worth keeping, made with a ``Marker``.
    """

    known: bool = False
    text: str = ""
    job: Mapping[str, object] = field(default_factory=dict)
    wait: float = 60.0


@dataclass(frozen=True, slots=True)
class StockChange:
    """What the shop shall show for one listing. ``urgent``: sold out, or close to it."""

    listing_id: int
    sku: str
    quantity: int
    availability: Availability = "normal"
    external_id: str = ""
    urgent: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StockOutcome:
    """What became of one change. ``passing``: it may work later unchanged.

    ``extra`` replaces the listing's own channel knowledge where the shop told something new.
    """

    listing_id: int
    ok: bool
    text: str = ""
    hint: str = ""
    passing: bool = False
    extra: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class StockReply:
    """The outcomes of one call, and the job of a shop that works on the others for a while.

    ``job_listings`` are the ids of the listings whose outcome the job will tell.
    """

    outcomes: tuple[StockOutcome, ...] = ()
    job: Mapping[str, object] = field(default_factory=dict)
    job_listings: tuple[int, ...] = ()
    wait: float = 60.0
