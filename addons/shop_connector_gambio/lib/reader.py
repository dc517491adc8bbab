"""Gambio's ways to write texts and times; everything else is every shop's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Self

from odoo.addons.shop_connector.lib import reader
from odoo.addons.shop_connector.lib.plain_text import plain_text
from odoo.addons.shop_connector.lib.reader import MAX_TEXT

from .const import SHOP_ZONE, TIME_FORMAT

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def read_moment(text: str) -> datetime | None:
    """Return a time of the shop (German local time, no zone) in UTC, ``None`` if it is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        local = datetime.strptime(text, TIME_FORMAT).replace(tzinfo=SHOP_ZONE)
    except ValueError:
        return None
    return local.astimezone(UTC) if 2000 <= local.year <= 2100 else None


class Reader(reader.Reader):
    """An object in a payload of Gambio: HTML in texts, numbers for texts, ``[]`` for nothing."""

    __slots__ = ()

    moment_like = "2026-11-23 12:08:56"

    def block(self, key: str, what: str) -> Self:
        """Return a nested object; an absent one is empty, and so is PHP's empty list."""
        if self.value.get(key) == []:
            return type(self)({}, self._part(what), self.at(key))
        return super().block(key, what)

    def rows(self, key: str, what: str) -> Iterator[Self]:
        """Return the objects of a list, one by one; whatever PHP takes for empty is empty."""
        return super().rows(key, what) if self.value.get(key) else iter(())

    def lines(self, key: str, what: str, limit: int = 2_000, longest: int = MAX_TEXT) -> str:
        """Return a text that may have several lines, cleaned; "" when it is absent."""
        value = self.value.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(self.number(key, what))
        return super().lines(key, what, limit, longest)

    def plain(self, text: str) -> str:
        """Return a text without HTML."""
        return plain_text(text)

    def read_moment(self, text: str) -> datetime | None:
        """Return a time of the shop in UTC, ``None`` if it is none."""
        return read_moment(text)
