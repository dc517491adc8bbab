"""Amazon's pushed messages: never taken as data, only as a reason to ask now.

They use the spelling of the retired interface for statuses; so what changed is read, not believed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, Literal

from odoo.addons.shop_connector.lib.order import clean_text

from .orders import ORDER_ID

About = Literal["order", "listing", "feed", "other"]
MOST_BYTES: Final = 256 * 1024  # a queue's messages are no longer
_ABOUT: Final[dict[str, tuple[About, tuple[str, ...]]]] = {
    "ORDER_CHANGE": ("order", ("AmazonOrderId", "amazonOrderId")),
    "LISTINGS_ITEM_STATUS_CHANGE": ("listing", ("Sku", "sku")),
    "LISTINGS_ITEM_ISSUES_CHANGE": ("listing", ("Sku", "sku")),
    "LISTINGS_ITEM_MFN_QUANTITY_CHANGE": ("listing", ("Sku", "sku")),
    "FEED_PROCESSING_FINISHED": ("feed", ("feedId",)),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What a message is about: the number of an order, a SKU or a feed; "" when it does not say."""

    about: About
    key: str = ""


def read_hint(body: str) -> Hint:
    """Return what a message is about; whatever is not understood is about nothing."""
    if len(body) > MOST_BYTES:
        return Hint("other")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Hint("other")
    kind = _find(data, ("notificationType", "NotificationType"))
    about, keys = _ABOUT.get(kind.upper(), ("other", ()))
    key = _find(_payload(data), keys)
    if about == "order" and not ORDER_ID.fullmatch(key):
        key = ""
    return Hint(about, key)


def _payload(data: object) -> object:
    """Return the part the notification is about."""
    return data.get("payload", data.get("Payload")) if isinstance(data, dict) else None


def _find(data: object, keys: tuple[str, ...], depth: int = 4) -> str:
    """Return the first text under one of the names, however deep within limits."""
    if not isinstance(data, dict) or not depth:
        return ""
    for key in keys:
        if isinstance(data.get(key), str):
            return clean_text(data[key], 200)
    return next(filter(None, (_find(part, keys, depth - 1) for part in data.values())), "")
