"""Leaving feedback for buyers; eBay lets sellers leave positive feedback only."""

from __future__ import annotations

from typing import Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

from . import const
from .client import EbayClient, Json
from .explain import Refused
from .model import Item

_lt = Marker(__name__)

ALREADY = 501008
FINAL = frozenset({501009, 501010, 501011, 501012})

Result = Literal["left", "already", "impossible"]


def build(item: Item, text: str) -> Json:
    """Return the body that leaves feedback for one line.

    :raises errors.Rejected: for what eBay would refuse
    """
    comment = " ".join(clean_text(text, const.COMMENT_LENGTH + 1).split())
    if not 0 < len(comment) <= const.COMMENT_LENGTH:
        raise errors.Rejected(
            _lt("The text of the feedback is empty or has more than 500 characters."),
            _lt("Change the text in the account's settings."),
        )
    if not item.item_id:
        raise errors.Rejected(
            _lt("The order's line has no listing."), _lt("Leave the feedback at eBay.")
        )
    return {
        "listingId": item.item_id,
        "orderLineItemId": f"{item.item_id}-{item.line_id}",
        "commentType": "POSITIVE",
        "commentText": comment,
    }


def leave(client: EbayClient, item: Item, text: str) -> Result:
    """Leave feedback for one line; what is final is no error.

    :raises errors.AutomationError: for everything else that is not a success
    """
    try:
        client.call("POST", f"{const.FEEDBACK}/feedback", body=build(item, text))
    except Refused as error:
        if error.number == ALREADY:
            return "already"
        if error.number in FINAL:
            return "impossible"
        raise
    return "left"
