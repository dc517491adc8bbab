"""What we tell eBay about an order, from the words of all shops into eBay's."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib import outbox

from .cancel import Cancellations, Reason
from .carriers import carrier_code
from .client import EbayClient
from .rules import LOOK
from .shipment import CORRECT, Parcel, Shipments
from .signing import Signer

_lt = Marker(__name__)

REASONS: Final[dict[str, Reason]] = {
    "buyer_request": "BUYER_ASKED_CANCEL",
    "address": "ADDRESS_ISSUES",
}


def report_shipment(client: EbayClient, shipment: outbox.Shipment) -> outbox.Receipt:
    """Tell eBay which parcels have left; those it knows already are not told again.

    :raises errors.AutomationError: for everything that is not a success
    """
    parcels = [_parcel(parcel) for parcel in shipment.parcels]
    results = Shipments(client).report(
        shipment.external_id, parcels, ordered_at=shipment.ordered_at
    )
    return outbox.Receipt(known=all(result == "known" for _parcel, result in results))


def _parcel(parcel: outbox.Parcel) -> Parcel:
    tracking = parcel.tracking.strip()
    carrier = parcel.carrier or carrier_code(parcel.carrier_name)
    return Parcel(
        items=tuple((line, _whole(quantity)) for line, quantity in parcel.items),
        shipped_at=parcel.shipped_at,
        carrier=carrier if tracking else "",
        tracking=tracking,
    )


def _whole(quantity: Decimal) -> int:
    if quantity != quantity.to_integral_value():
        raise errors.Rejected(_lt("eBay takes whole pieces only, not %(n)s.", n=quantity), CORRECT)
    return int(quantity)


def report_cancellation(
    client: EbayClient, cancellation: outbox.Cancellation, signer: Signer | None
) -> outbox.Receipt:
    """Cancel an order at eBay, which gives the money back.

    :raises errors.AutomationError: for everything that is not a success
    """
    if not cancellation.whole:
        raise errors.Rejected(_lt("eBay cancels whole orders only, not single lines."), LOOK)
    reason = REASONS.get(cancellation.reason, "OUT_OF_STOCK_OR_CANNOT_FULFILL")
    result = Cancellations(client, signer).cancel(cancellation.external_id, reason)
    return outbox.Receipt(known=result == "known")
