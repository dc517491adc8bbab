"""Read values out of a payload that may be anything: typed, or a ``PayloadError``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.shop_connector.lib.order import PayloadError, clean_text

_lt = Marker(__name__)

HINT: Final = _lt(
    "Look at the order in eBay's Seller Hub, then fetch it again and press Retry. If it looks "
    "right there, enter the order by hand and report the message."
)
MAX_TEXT: Final = 20_000
MAX_ROWS: Final = 2_000
MAX_MONEY: Final = Decimal(100_000_000)
MAX_QUANTITY: Final = 1_000_000

_MONEY = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,12})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", re.ASCII)


def moment(text: str) -> datetime | None:
    """Return one of eBay's times (2026-03-01T22:30:00.000Z), ``None`` if it is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def stamp(when: datetime) -> str:
    """Return a time as eBay writes it."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"


class Reader:
    """An object in the payload that knows its place: ``name`` for people, ``path`` for experts."""

    __slots__ = ("name", "path", "value")

    def __init__(self, value: object, name: str, path: str = "") -> None:
        if not isinstance(value, dict):
            raise PayloadError(
                _lt("%(name)s is not readable: a block of data was expected.", name=name),
                HINT,
                path,
            )
        self.value = value
        self.name = name
        self.path = path

    def at(self, key: str) -> str:
        """Return the path of one of my values."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, problem: Text, hint: str = HINT, **values: object) -> PayloadError:
        """Return the error to raise about one of my values; ``problem`` calls me ``%(name)s``."""
        return PayloadError(problem.filled(name=self.name, **values), hint, self.at(key))

    def has(self, key: str) -> bool:
        """Whether there is a value."""
        return self.value.get(key) is not None

    def block(self, key: str, what: str) -> Reader:
        """Return a nested object; an absent one is empty."""
        value = self.value.get(key)
        name = _lt("%(whole)s: %(part)s", whole=self.name, part=what)
        return Reader({} if value is None else value, name, self.at(key))

    def rows(self, key: str, what: str) -> Iterator[Reader]:
        """Return the objects of a list, one by one; an absent list is empty."""
        value = self.value.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.fail(
                key, _lt("%(name)s is not readable: a list was expected as %(what)s."), what=what
            )
        if len(value) > MAX_ROWS:
            raise self.fail(
                key,
                _lt("%(name)s has more than %(limit)s entries as %(what)s."),
                what=what,
                limit=f"{MAX_ROWS:,}",
            )
        for index, row in enumerate(value):
            name = _lt("%(whole)s, %(what)s %(place)s", whole=self.name, what=what, place=index + 1)
            yield Reader(row, name, f"{self.at(key)}[{index}]")

    def text(self, key: str, what: str, limit: int = 256) -> str:
        """Return a text on one line, cleaned; "" when it is absent."""
        return " ".join(self.lines(key, what, limit).split())

    def lines(self, key: str, what: str, limit: int = 2_000) -> str:
        """Return a text that may have several lines, cleaned; "" when it is absent."""
        value = self.value.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.fail(
                key, _lt("%(name)s is not readable: a text was expected as %(what)s."), what=what
            )
        if len(value) > MAX_TEXT:
            raise self.fail(
                key,
                _lt("%(name)s has an impossibly long %(what)s (%(length)s characters)."),
                what=what,
                length=f"{len(value):,}",
            )
        return clean_text(value, limit)

    def needed(self, key: str, what: str, limit: int = 256) -> str:
        """Return a text that must not be empty."""
        text = self.text(key, what, limit)
        if not text:
            raise self.fail(key, _lt("%(name)s has no %(what)s."), what=what)
        return text

    def flag(self, key: str) -> bool:
        """Whether a value is true; eBay leaves out what is not."""
        return self.value.get(key) is True

    def quantity(self, key: str, what: str) -> int:
        """Return a whole number above zero."""
        value = self.value.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(
                key, _lt("%(name)s has a %(what)s that is not a whole number."), what=what
            )
        if not 0 < value <= MAX_QUANTITY:
            raise self.fail(key, _lt("%(name)s has an impossible %(what)s."), what=what)
        return value

    def moment(self, key: str, what: str) -> datetime | None:
        """Return a time in UTC, ``None`` when it is absent or damaged."""
        return moment(self.text(key, what))

    def needed_moment(self, key: str, what: str) -> datetime:
        """Return a time in UTC."""
        found = self.moment(key, what)
        if found is None:
            raise self.fail(
                key,
                _lt("%(name)s has no valid %(what)s, like 2026-03-01T22:30:00.000Z."),
                what=what,
            )
        return found

    def money(self, key: str, what: str) -> tuple[Decimal, str] | None:
        """Return an amount and its currency, ``None`` when it is absent."""
        if not self.has(key):
            return None
        amount = self.block(key, what)
        text = amount.text("value", what, 64)
        currency = amount.text("currency", what, 8).upper()
        if not _MONEY.fullmatch(text):
            raise self.fail(key, _lt("%(name)s has a %(what)s that is not an amount."), what=what)
        if not _CURRENCY.fullmatch(currency):
            raise self.fail(
                key, _lt("%(name)s has a %(what)s without a valid currency."), what=what
            )
        value = Decimal(text)
        if abs(value) > MAX_MONEY:
            raise self.fail(key, _lt("%(name)s has an impossibly large %(what)s."), what=what)
        return value, currency
