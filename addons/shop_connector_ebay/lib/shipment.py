"""Telling eBay what was shipped: one call per parcel, and never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import quote

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from . import const
from .carriers import clean_tracking, tracking_problem
from .client import EbayClient, Json
from .explain import AGAIN
from .reader import stamp

_lt = Marker(__name__)

CORRECT: Final = _lt("Correct the delivery, then send the message again.")

Items = tuple[tuple[str, int], ...]  # eBay's line number, quantity
Result = Literal["sent", "known"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an order; ``carrier`` and ``tracking`` are both given or both empty."""

    items: Items
    shipped_at: datetime
    carrier: str = ""  # eBay's name of the carrier (see :mod:`.carriers`)
    tracking: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A parcel eBay knows of."""

    fulfillment_id: str
    items: Items
    tracking: str = ""


def build(parcel: Parcel, *, ordered_at: datetime, now: datetime) -> Json:
    """Return the body that reports a parcel.

    :raises errors.Rejected: for what eBay would refuse
    """
    quantities: Counter[str] = Counter()
    for line, quantity in parcel.items:
        if not line or quantity < 1:
            raise errors.Rejected(_lt("The parcel has a line without a quantity."), CORRECT)
        quantities[line] += quantity
    if not quantities:
        raise errors.Rejected(_lt("The parcel holds nothing of this order."), CORRECT)
    if bool(parcel.carrier) != bool(parcel.tracking):
        raise errors.Rejected(
            _lt("A tracking number needs its carrier, and a carrier its tracking number."), CORRECT
        )
    if parcel.tracking and (problem := tracking_problem(parcel.tracking)):
        raise errors.Rejected(problem, CORRECT)
    shipped = min(max(parcel.shipped_at, ordered_at), now)
    body: Json = {
        "lineItems": [
            {"lineItemId": line, "quantity": quantity} for line, quantity in quantities.items()
        ],
        "shippedDate": stamp(shipped),
    }
    if parcel.tracking:
        body["shippingCarrierCode"] = parcel.carrier
        body["trackingNumber"] = clean_tracking(parcel.tracking)
    return body


def read_known(data: object) -> tuple[Known, ...]:
    """Return the parcels in eBay's answer.

    :raises errors.InvalidAnswer: when it is none: guessing could report a parcel twice
    """
    rows = data.get("fulfillments", []) if isinstance(data, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise errors.InvalidAnswer(_lt("eBay did not answer with the order's parcels."), AGAIN)
    return tuple(_known(row) for row in rows)


def _known(row: dict[str, Any]) -> Known:
    lines = row.get("lineItems")
    items = (line for line in (lines if isinstance(lines, list) else []) if isinstance(line, dict))
    return Known(
        fulfillment_id=str(row.get("fulfillmentId") or ""),
        items=tuple(
            (str(line.get("lineItemId") or ""), quantity)
            for line in items
            if isinstance(quantity := line.get("quantity", 1), int)
        ),
        tracking=clean_tracking(str(row.get("shipmentTrackingNumber") or "")),
    )


def missing(parcels: Sequence[Parcel], known: Iterable[Known]) -> list[Parcel]:
    """Return the parcels eBay does not know of yet.

    Those with a tracking number are known by it. Those without are known by their contents, each
    of eBay's parcels standing for one of ours.
    """
    known = tuple(known)
    numbers = {number for parcel in known for number in (parcel.tracking, parcel.fulfillment_id)}
    silent = Counter(_contents(parcel.items) for parcel in known if not parcel.tracking)
    found: list[Parcel] = []
    for parcel in parcels:
        contents = _contents(parcel.items)
        if parcel.tracking:
            if clean_tracking(parcel.tracking) not in numbers:
                found.append(parcel)
        elif silent[contents]:
            silent[contents] -= 1
        else:
            found.append(parcel)
    return found


def _contents(items: Items) -> frozenset[tuple[str, int]]:
    quantities: Counter[str] = Counter()
    for line, quantity in items:
        quantities[line] += quantity
    return frozenset(quantities.items())


class Shipments:
    """Reports parcels of one seller's orders."""

    def __init__(self, client: EbayClient) -> None:
        self._client = client

    def known(self, order_id: str) -> tuple[Known, ...]:
        """Return the parcels eBay knows of."""
        return read_known(self._client.call("GET", _path(order_id)).json())

    def report(
        self, order_id: str, parcels: Sequence[Parcel], *, ordered_at: datetime
    ) -> list[tuple[Parcel, Result]]:
        """Report all parcels of an order that eBay does not know of yet.

        Pass all of them each time, those reported earlier included: eBay is asked first, so a call
        whose answer was lost is not repeated.

        :raises errors.AutomationError: at the first parcel that is refused; the ones before stay
        """
        now = datetime.fromtimestamp(self._client.clock(), UTC)
        bodies = [(parcel, build(parcel, ordered_at=ordered_at, now=now)) for parcel in parcels]
        new = missing(parcels, self.known(order_id))
        result: list[tuple[Parcel, Result]] = []
        for parcel, body in bodies:
            if any(parcel is other for other in new):
                result.append((parcel, self._send(order_id, parcel, parcels, body)))
            else:
                result.append((parcel, "known"))
        return result

    def _send(self, order_id: str, parcel: Parcel, parcels: Sequence[Parcel], body: Json) -> Result:
        """Report one parcel; refused because somebody else just did is success."""
        try:
            self._client.call("POST", _path(order_id), body=body)
        except errors.Rejected:
            if self._is_missing(order_id, parcel, parcels):
                raise
            return "known"
        return "sent"

    def _is_missing(self, order_id: str, parcel: Parcel, parcels: Sequence[Parcel]) -> bool:
        return any(parcel is other for other in missing(parcels, self.known(order_id)))


def _path(order_id: str) -> str:
    return f"{const.FULFILLMENT}/order/{quote(order_id, safe='')}/shipping_fulfillment"
