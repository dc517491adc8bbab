"""eBay's way to write times; everything else is every shop's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib import reader

_lt = Marker(__name__)

HINT: Final = _lt(
    "Look at the order in eBay's Seller Hub, then fetch it again and press Retry. If it looks "
    "right there, enter the order by hand and report the message."
)


def stamp(when: datetime) -> str:
    """Return a time as eBay writes it."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"


class Reader(reader.Reader):
    """An object in a payload of eBay."""

    __slots__ = ()

    hint = HINT
    moment_like = "2026-03-01T22:30:00.000Z"
