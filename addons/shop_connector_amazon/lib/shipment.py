"""Telling Amazon what was shipped: one message per parcel, and never twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import PayloadError

from . import carriers, const
from .client import Json, SpApi
from .model import Package
from .orders import OrdersApi, stamp
from .packages import read_packages, same_tracking
from .reader import Reader

_lt = Marker(__name__)


READ_BACK: Final = ("PACKAGES", "FULFILLMENT")
Result = Literal["sent", "known"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an order.

    ``reference`` counts the parcels of the order: 1, 2, 3. Sent again with the same reference,
    Amazon takes it as a correction.
    """

    reference: int
    carrier: str  # Amazon's name of the carrier, or "Other"
    tracking: str
    shipped_at: datetime
    items: tuple[tuple[str, int], ...]  # order item id, quantity
    carrier_name: str = ""  # for "Other"
    method: str = ""


def build_confirmation(
    parcel: Parcel, marketplace: str, *, ordered_at: datetime, now: datetime
) -> Json:
    """Return the body of a confirmation.

    :raises errors.Rejected: for what Amazon would refuse or count as untracked
    """
    problem = _problem(parcel)
    if problem:
        raise errors.Rejected(problem, _lt("Correct the delivery, then send the message again."))
    shipped = min(max(parcel.shipped_at, ordered_at), now)
    detail: Json = {
        "packageReferenceId": str(parcel.reference),
        "carrierCode": parcel.carrier,
        "trackingNumber": carriers.clean_tracking(parcel.tracking),
        "shipDate": stamp(shipped),
        "orderItems": [
            {"orderItemId": item, "quantity": quantity} for item, quantity in _merged(parcel.items)
        ],
    }
    if parcel.carrier == carriers.OTHER:
        detail["carrierName"] = parcel.carrier_name.strip()
    if parcel.method.strip():
        detail["shippingMethod"] = parcel.method.strip()
    return {"marketplaceId": marketplace, "packageDetail": detail}


def _problem(parcel: Parcel) -> str:
    if parcel.reference < 1:
        return _lt("The parcel has no number within its order.")
    if not _merged(parcel.items):
        return _lt("The parcel is empty: none of its articles belongs to the order at Amazon.")
    if not parcel.carrier.strip():
        return _lt("The parcel has no carrier.")
    if parcel.carrier == carriers.OTHER and not parcel.carrier_name.strip():
        return _lt("The parcel's carrier has no name.")
    return carriers.tracking_problem(parcel.carrier, parcel.tracking)


def _merged(items: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return one entry per article; lines of nothing are left out."""
    sums: dict[str, int] = {}
    for item, quantity in items:
        if item and quantity > 0:
            sums[item] = sums.get(item, 0) + quantity
    return list(sums.items())


def is_known(parcel: Parcel, packages: Iterable[Package]) -> bool:
    """Whether Amazon has this parcel already: the same tracking number with the same content."""
    wanted = dict(_merged(parcel.items))
    return any(
        same_tracking(package.tracking, parcel.tracking)
        and (not package.items or _covers(dict(package.items), wanted))
        for package in packages
    )


def _covers(content: Mapping[str, int], wanted: Mapping[str, int]) -> bool:
    return all(content.get(item, 0) >= quantity for item, quantity in wanted.items())


class Shipments:
    """Confirms shipments."""

    def __init__(self, api: SpApi) -> None:
        self._api = api
        self._orders = OrdersApi(api)

    def packages(self, order_id: str) -> tuple[Package, ...]:
        """Return the parcels Amazon knows of an order."""
        order = self._orders.order(order_id, READ_BACK)
        try:
            return read_packages(Reader(order, _lt("Order %(order_id)s", order_id=order_id)))
        except PayloadError as error:
            raise errors.InvalidAnswer(str(error), error.hint) from error

    def confirm(
        self,
        order_id: str,
        marketplace: str,
        parcel: Parcel,
        *,
        ordered_at: datetime,
        again: bool = False,
    ) -> Result:
        """Report a parcel; ``known`` when Amazon has it already.

        :param again: this was tried before and nobody knows how it ended: look first
        :raises errors.AutomationError: nothing was reported, or (``retryable``) it is not known
        """
        now = datetime.fromtimestamp(self._api.now(), UTC)
        body = build_confirmation(parcel, marketplace, ordered_at=ordered_at, now=now)
        if again and is_known(parcel, self.packages(order_id)):
            return "known"
        try:
            self._api.call(const.CONFIRM_SHIPMENT, {"orderId": order_id}, body=body)
        except errors.Rejected:
            if is_known(parcel, self.packages(order_id)):
                return "known"
            raise
        return "sent"
