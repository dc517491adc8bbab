"""Leaving feedback for buyers; eBay lets sellers leave positive feedback only."""

from __future__ import annotations

from typing import Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text
from odoo.addons.shop_connector.lib.outbox import Receipt

from . import const
from .client import EbayClient, Json
from .explain import Refused

_lt = Marker(__name__)

ALREADY = 501008
FINAL = frozenset({501009, 501010, 501011, 501012})

Result = Literal["left", "already", "impossible"]


def build(line: str, text: str) -> Json:
    """Return the body that leaves feedback for one line, ``listing-line`` as eBay counts them.

    :raises errors.Rejected: for what eBay would refuse
    """
    comment = " ".join(clean_text(text, const.COMMENT_LENGTH + 1).split())
    if not 0 < len(comment) <= const.COMMENT_LENGTH:
        raise errors.Rejected(
            _lt("The text of the feedback is empty or has more than 500 characters."),
            _lt("Change the text in the account's settings."),
        )
    return {
        "listingId": line.partition("-")[0],
        "orderLineItemId": line,
        "commentType": "POSITIVE",
        "commentText": comment,
    }


def leave(client: EbayClient, lines: str, text: str) -> Receipt:
    """Leave feedback for an order; what is final is no error.

    :param lines: the order's lines as they are kept in its ``extra``
    :raises errors.AutomationError: for everything else that is not a success
    """
    results = [_leave(client, line, text) for line in lines.split()]
    if not results:
        raise errors.Rejected(
            _lt("The order's lines have no listings."), _lt("Leave the feedback at eBay.")
        )
    if "left" not in results and "impossible" in results:
        return Receipt(known=True, text=_lt("eBay does not allow feedback for this purchase."))
    return Receipt(known="left" not in results)


def _leave(client: EbayClient, line: str, text: str) -> Result:
    try:
        client.call("POST", f"{const.FEEDBACK}/feedback", body=build(line, text))
    except Refused as error:
        if error.number == ALREADY:
            return "already"
        if error.number in FINAL:
            return "impossible"
        raise
    return "left"
