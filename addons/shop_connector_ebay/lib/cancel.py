"""Cancelling orders at eBay, and answering buyers who ask for it (Post-Order API).

eBay refunds the buyer by itself. For sellers in the EU and the UK the calls must be signed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal
from urllib.parse import quote

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from . import const, rules
from .carriers import clean_tracking
from .client import EbayClient, Json
from .model import CancelRequest, EbayOrder
from .parser import read_data
from .reader import stamp
from .signing import Signer

_lt = Marker(__name__)

Reason = Literal["OUT_OF_STOCK_OR_CANNOT_FULFILL", "BUYER_ASKED_CANCEL", "ADDRESS_ISSUES"]
Result = Literal["sent", "known", "approved"]
REQUESTED: Final = "REQUESTED"
PATH: Final = f"{const.POST_ORDER}/cancellation"


def open_request(found: EbayOrder) -> CancelRequest | None:
    """Return the request somebody has to answer."""
    return next((it for it in found.cancel_requests if it.state == REQUESTED), None)


class Cancellations:
    """Cancels one seller's orders.

    :param signer: needed by sellers in the EU and the UK
    """

    def __init__(self, client: EbayClient, signer: Signer | None = None) -> None:
        self._client = client
        self._signer = signer

    def cancel(self, order_id: str, reason: Reason) -> Result:
        """Cancel an order; a buyer's open request is accepted instead of making a second one.

        :raises errors.AutomationError: for everything that is not a success
        """
        found = read_data(self._client.order(order_id))
        if found.order.state == "cancelled":
            return "known"
        if any(item.status not in (const.NOT_STARTED, "") for item in found.items):
            raise errors.Rejected(
                _lt("Order %(number)s is partly shipped: eBay cannot cancel it.", number=order_id),
                rules.LOOK,
            )
        if (request := open_request(found)) and request.by.casefold() == "buyer":
            self.approve(request.request_id)
            return "approved"
        if request:
            return "known"
        self._post(PATH, {"legacyOrderId": order_id, "cancelReason": reason})
        return "sent"

    def approve(self, request_id: str) -> None:
        """Accept a buyer's request; eBay gives the money back."""
        self._post(f"{PATH}/{quote(request_id, safe='')}/approve", None)

    def reject(self, request_id: str, shipped_at: datetime, tracking: str = "") -> None:
        """Refuse a buyer's request, because the parcel is on its way."""
        body: Json = {"shipmentDate": {"value": stamp(shipped_at)}}
        if tracking:
            body["trackingNumber"] = clean_tracking(tracking)
        self._post(f"{PATH}/{quote(request_id, safe='')}/reject", body)

    def _post(self, path: str, body: Json | None) -> None:
        data = json.dumps(body).encode() if body else b""
        headers: Mapping[str, str] = {"Content-Type": "application/json"}
        if self._signer:
            headers = {**headers, **self._signer.headers("POST", path, data)}
        self._client.call("POST", path, data=data, headers=headers, scheme="IAF")
