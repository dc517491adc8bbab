"""Amazon's way to write amounts; everything else is every shop's."""

from __future__ import annotations

from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib import reader

_lt = Marker(__name__)

HINT: Final = _lt(
    "Look at the order in Seller Central, then fetch it again and press Retry. If it looks right "
    "there, enter the order by hand and report the message."
)


class Reader(reader.Reader):
    """An object in a payload of Amazon."""

    __slots__ = ()

    hint = HINT
    amount_key = "amount"
    currency_key = "currencyCode"
