"""Read values out of a payload that may be anything: typed, or a ``PayloadError``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from odoo.addons.shop_connector.lib.order import PayloadError, clean_text

from .orders import moment

HINT: Final = (
    "Look at the order in Seller Central, then fetch it again and press Retry. If it looks right "
    "there, enter the order by hand and report the message."
)
MAX_TEXT: Final = 20_000
MAX_ROWS: Final = 2_000
MAX_MONEY: Final = Decimal(100_000_000)
MAX_QUANTITY: Final = 1_000_000

_MONEY = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class Reader:
    """An object in the payload that knows its place: ``name`` for people, ``path`` for experts."""

    __slots__ = ("name", "path", "value")

    def __init__(self, value: object, name: str, path: str = "") -> None:
        if not isinstance(value, dict):
            raise PayloadError(f"{name} is not readable: a block of data was expected.", HINT, path)
        self.value = value
        self.name = name
        self.path = path

    def at(self, key: str) -> str:
        """Return the path of one of my values."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, problem: str, hint: str = HINT) -> PayloadError:
        """Return the error to raise about one of my values; ``problem`` goes on after my name."""
        return PayloadError(f"{self.name} {problem}", hint, self.at(key))

    def has(self, key: str) -> bool:
        """Whether there is a value."""
        return self.value.get(key) is not None

    def block(self, key: str, what: str) -> Reader:
        """Return a nested object; an absent one is empty."""
        value = self.value.get(key)
        return Reader({} if value is None else value, f"{self.name}: {what}", self.at(key))

    def rows(self, key: str, what: str) -> Iterator[Reader]:
        """Return the objects of a list, one by one; an absent list is empty."""
        value = self.value.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.fail(key, f"is not readable: a list was expected as {what}.")
        if len(value) > MAX_ROWS:
            raise self.fail(key, f"has more than {MAX_ROWS:,} entries as {what}.")
        for index, row in enumerate(value):
            yield Reader(row, f"{self.name}, {what} {index + 1}", f"{self.at(key)}[{index}]")

    def words(self, key: str, what: str) -> tuple[str, ...]:
        """Return a list of short texts; an absent list is empty."""
        value = self.value.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.fail(key, f"is not readable: a list of texts was expected as {what}.")
        return tuple(clean_text(word, 64) for word in value[:50])

    def text(self, key: str, what: str, limit: int = 256) -> str:
        """Return a text on one line, cleaned; "" when it is absent."""
        return " ".join(self.lines(key, what, limit).split())

    def lines(self, key: str, what: str, limit: int = 2_000) -> str:
        """Return a text that may have several lines, cleaned; "" when it is absent."""
        value = self.value.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.fail(key, f"is not readable: a text was expected as {what}.")
        if len(value) > MAX_TEXT:
            raise self.fail(key, f"has an impossibly long {what} ({len(value):,} characters).")
        return clean_text(value, limit)

    def needed(self, key: str, what: str, limit: int = 256) -> str:
        """Return a text that must not be empty."""
        text = self.text(key, what, limit)
        if not text:
            raise self.fail(key, f"has no {what}.")
        return text

    def count(self, key: str, what: str, default: int | None = None) -> int:
        """Return a whole number from 0."""
        value = self.value.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, f"has no whole number as {what}.")
        if not 0 <= value <= MAX_QUANTITY:
            raise self.fail(key, f"has an impossible {what}.")
        return value

    def money(self, key: str, what: str) -> Money | None:
        """Return an amount with its currency; ``None`` when it is absent."""
        if not self.has(key):
            return None
        row = self.block(key, what)
        amount, currency = row.value.get("amount"), row.value.get("currencyCode")
        if not isinstance(amount, str) or not _MONEY.fullmatch(amount):
            raise self.fail(key, f"has no valid amount as {what}.")
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            raise self.fail(key, f"has no valid currency in {what}.")
        value = Decimal(amount)
        if abs(value) > MAX_MONEY:
            raise self.fail(key, f"has an impossibly large {what}.")
        return Money(value, currency)

    def when(self, key: str, what: str) -> datetime | None:
        """Return a time in UTC; ``None`` when it is absent."""
        if not self.has(key):
            return None
        found = moment(self.value.get(key))
        if found is None:
            raise self.fail(key, f"has no valid {what}, like 2026-11-23T12:08:56Z.")
        return found


class Money:
    """An amount in a currency."""

    __slots__ = ("amount", "currency")

    def __init__(self, amount: Decimal, currency: str) -> None:
        self.amount = amount
        self.currency = currency
