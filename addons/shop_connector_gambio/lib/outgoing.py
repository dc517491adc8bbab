"""What the outbox tells a shop about an order: its parcels, its status, that it is cancelled.

Everything is looked up before it is told: the shop takes the same tracking code twice, and every
change of the status, even to the same one, is one more row of the order's history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.outbox import Cancellation, Parcel, Receipt, Shipment

from . import const
from .client import GambioClient, Json, records, whole
from .statuses import StatusMap

_lt = Marker(__name__)

OLD_SHOP: Final = _lt(
    "This version of the shop keeps no tracking codes: carrier and number are in the order's "
    "history there."
)
NO_LINK: Final = _lt(
    "The shop does not know the carrier and there is no link to the parcel: carrier and number are "
    "in the order's history there."
)
_ID: Final = re.compile(r"[1-9]\d{0,11}")
_NOISE: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands in the shop now."""

    number: int
    status: int
    past: frozenset[int]  # statuses it has or had
    comments: str = field(repr=False)

    @classmethod
    def fetch(cls, client: GambioClient, external_id: str) -> Order:
        """Return an order; whatever is no number would be answered with a list."""
        if not _ID.fullmatch(external_id):
            raise errors.NotFound(
                _lt("“%(number)s” is not an order number of this shop.", number=external_id)
            )
        found = client.order(int(external_id))
        history = found.get("statusHistory")
        rows = records(history)
        return cls(
            int(external_id),
            whole(found.get("statusId")),
            frozenset(whole(row.get("statusId")) for row in rows),
            " ".join(str(row.get("comment") or "") for row in rows),
        )


class Tracking:
    """The tracking codes of orders."""

    def __init__(self, client: GambioClient) -> None:
        self._client = client

    def services(self) -> dict[str, int]:
        """Return the numbers of the shop's parcel services by name."""
        answer = self._client.call("GET", "parcel_services", {"per_page": 500})
        rows = self._client.rows(answer, _lt("the parcel services"))
        return {str(row.get("name")): whole(row.get("id")) for row in rows if row.get("name")}

    def known(self, order: int) -> list[Json] | None:
        """Return what the shop knows of an order's parcels, ``None`` if its version knows none."""
        try:
            answer = self._client.call("GET", f"orders/{order:d}/tracking_codes")
        except errors.NotFound:
            return None
        return self._client.rows(answer, _lt("the tracking codes"))

    def add(self, order: int, body: Json) -> None:
        """Add a code to an order."""
        self._client.call("POST", f"orders/{order:d}/tracking_codes", body=body)


class Outgoing:
    """Tells one shop about its orders.

    :param notified: whether the customer was told by mail; the shop only makes a note of it
    """

    def __init__(self, client: GambioClient, statuses: StatusMap, *, notified: bool = False):
        self._client = client
        self._statuses = statuses
        self._notified = notified
        self._tracking = Tracking(client)

    def shipment(self, shipment: Shipment) -> Receipt:
        """Add the parcels the shop does not know yet, then change the status."""
        order = Order.fetch(self._client, shipment.external_id)
        if order.status == self._statuses.cancelled:
            raise errors.Rejected(
                _lt("Order %(number)s is cancelled in the shop.", number=shipment.number),
                _lt("Look whether the goods have left, and change the status in the shop by hand."),
            )
        parcels = list(_labelled(shipment.parcels))
        known = self._tracking.known(order.number) if parcels else []
        fresh = [parcel for parcel in parcels if not _is_known(parcel, known or ())]
        rest, text = (fresh, OLD_SHOP) if known is None else (self._add(order, fresh), NO_LINK)
        added = len(fresh) - len(rest)
        rest = [parcel for parcel in rest if not _is_mentioned(parcel, order.comments)]
        target = self._statuses.shipped if shipment.complete else self._statuses.partly
        changed = self._change(order, target, "\n".join(map(_words, rest)))
        return Receipt(known=not (changed or added), text=text if rest else "")

    def cancellation(self, cancellation: Cancellation) -> Receipt:
        """Cancel an order as a whole. Its stock is for us to report: the shop does not add it."""
        if not cancellation.whole:
            raise errors.Rejected(
                _lt("Gambio cannot cancel single lines of an order."),
                _lt("Change order %(number)s in the shop by hand.", number=cancellation.number),
            )
        order = Order.fetch(self._client, cancellation.external_id)
        if order.status == self._statuses.shipped:
            raise errors.Rejected(
                _lt("Order %(number)s is shipped in the shop.", number=cancellation.number),
                _lt("Look whether the goods have left; cancel it in the shop by hand if not."),
            )
        return Receipt(known=not self._change(order, self._statuses.cancelled, ""))

    # -- steps --------------------------------------------------------------

    def _add(self, order: Order, parcels: list[Parcel]) -> list[Parcel]:
        """Add parcels; return those for which the shop has no place but the order's history."""
        if not parcels:
            return []
        services = {name.casefold(): number for name, number in self._tracking.services().items()}
        rest = []
        for parcel in parcels:
            body = _code(parcel, services)
            if body is None:
                rest.append(parcel)
            else:
                self._tracking.add(order.number, body)
        return rest

    def _change(self, order: Order, target: int, comment: str) -> bool:
        """Change the status; return whether anything was told.

        A status the order had before is not set again: somebody has moved it on since.
        """
        if not target or target == order.status or target in order.past:
            if not comment:
                return False
            target = order.status
        elif self._statuses.known and str(target) not in self._statuses.known:
            raise errors.Rejected(
                _lt("The shop has no order status %(number)s.", number=target),
                _lt("Enter one of the shop's statuses on the shop account."),
            )
        body = {"statusId": target, "comment": comment, "customerNotified": self._notified}
        self._client.call("PATCH", f"orders/{order.number:d}/status", body=body)
        return True


def _code(parcel: Parcel, services: Mapping[str, int]) -> Json | None:
    """Return a parcel as the shop takes it, ``None`` if it does not."""
    service = _service(parcel, services)
    if service and parcel.tracking:
        return {"parcelServiceId": service, "trackingCode": parcel.tracking}
    if not parcel.link.startswith(("https://", "http://")):
        return None
    name = parcel.carrier_name or parcel.carrier or const.NAMELESS_CARRIER
    body = {"parcelServiceName": name, "url": parcel.link}
    return {**body, "comment": parcel.tracking} if parcel.tracking else body


def _service(parcel: Parcel, services: Mapping[str, int]) -> int:
    """Return the number of the parcel's service, 0 if the shop has none for it."""
    if found := services.get(parcel.carrier.casefold()):
        return found
    words = re.findall(r"\w+", parcel.carrier_name.casefold())
    return next((number for name, number in services.items() if name in words), 0)


def _labelled(parcels: Iterable[Parcel]) -> Iterator[Parcel]:
    """Return the parcels with something to tell, each number once."""
    seen: set[str] = set()
    for parcel in parcels:
        key = _plain(parcel.tracking) or parcel.link
        if key and key not in seen:
            seen.add(key)
            yield parcel


def _is_known(parcel: Parcel, rows: Iterable[Json]) -> bool:
    """Whether the shop has a parcel, however its number is written and whoever added it."""
    return any(_is_row_of(parcel, row) for row in rows)


def _is_row_of(parcel: Parcel, row: Json) -> bool:
    texts = [str(row.get(key) or "") for key in ("trackingCode", "comment")]
    if parcel.tracking:
        return _plain(parcel.tracking) in map(_plain, texts)
    return str(row.get("url") or "") == parcel.link


def _is_mentioned(parcel: Parcel, comments: str) -> bool:
    return _plain(parcel.tracking or parcel.link) in _plain(comments)


def _words(parcel: Parcel) -> str:
    """Return a parcel as the customer reads it in the order's history."""
    number = parcel.tracking or parcel.link
    return " ".join(filter(None, (parcel.carrier_name or parcel.carrier, number)))


def _plain(number: str) -> str:
    return _NOISE.sub("", number).upper()
