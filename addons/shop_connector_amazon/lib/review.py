"""Amazon's own request for a review, as the add-on asks for it."""

from __future__ import annotations

from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.outbox import Receipt

from . import const
from .client import SpApi
from .orders import OrdersApi
from .solicitation import Solicitations

_lt = Marker(__name__)

NOT_OFFERED: Final = _lt(
    "Amazon does not offer to ask for a review of this order: it was asked for already, or it is "
    "too early or too late (days 5 to 30 after the delivery)."
)


def request_review(api: SpApi, order_id: str, marketplace: str = "") -> Receipt:
    """Ask for a review if Amazon offers it now; ``known`` when it does not.

    :param marketplace: where the order was placed; it is looked up where it is not known
    """
    place = marketplace or _marketplace(api, order_id)
    outcome = Solicitations(api).ask(order_id, place)
    return Receipt() if outcome == "asked" else Receipt(known=True, text=NOT_OFFERED)


def _marketplace(api: SpApi, order_id: str) -> str:
    channel = OrdersApi(api).order(order_id, ("FULFILLMENT",)).get("salesChannel")
    place = channel.get("marketplaceId") if isinstance(channel, dict) else None
    return place if isinstance(place, str) and place else next(iter(const.MARKETPLACES))
