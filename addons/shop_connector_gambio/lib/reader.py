"""Read values out of a payload that may be anything: typed, or a ``PayloadError``."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.shop_connector.lib.order import PayloadError, clean_text

from .const import SHOP_ZONE, TIME_FORMAT

_lt = Marker(__name__)

HINT: Final = _lt(
    "Look at the order in the shop's administration and correct it there, then press Retry. "
    "If it looks right there, enter the order by hand and report the message."
)
MAX_TEXT: Final = 20_000
MAX_MONEY: Final = Decimal(100_000_000)

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--", re.IGNORECASE)


def plain_text(text: str) -> str:
    """Return ``text`` without HTML: tags go, entities become characters, breaks become lines."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    return html.unescape(text) if "&" in text else text


def read_moment(text: str) -> datetime | None:
    """Return a time of the shop (German local time, no zone) in UTC, ``None`` if it is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        local = datetime.strptime(text, TIME_FORMAT).replace(tzinfo=SHOP_ZONE)
    except ValueError:
        return None
    return local.astimezone(UTC) if 2000 <= local.year <= 2100 else None


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
        """Return the error to raise about one of my values.

        ``problem`` calls me ``%(name)s``; ``values`` are what else it names.
        """
        return PayloadError(problem.filled(name=self.name, **values), hint, self.at(key))

    def get(self, key: str, what: str) -> object:
        """Return a value that must be there."""
        value: object = self.value.get(key)
        if value is None:
            raise self.fail(key, _lt("%(name)s has no %(what)s."), what=what)
        return value

    def block(self, key: str, what: str) -> Reader:
        """Return a nested object that must be there."""
        return Reader(self.get(key, what), self._part(what), self.at(key))

    def optional_block(self, key: str, what: str) -> Reader:
        """Return a nested object; an absent one is empty, and so is PHP's empty list."""
        value = self.value.get(key)
        return Reader({} if value is None or value == [] else value, self._part(what), self.at(key))

    def _part(self, what: str) -> Text:
        return _lt("%(whole)s: %(part)s", whole=self.name, part=what)

    def rows(self, key: str, what: str, *, required: bool = True) -> Iterable[Reader]:
        """Return the objects of a list, one by one."""
        value = self.get(key, what) if required else self.value.get(key) or []
        if not isinstance(value, list):
            raise self.fail(
                key, _lt("%(name)s is not readable: a list was expected as %(what)s."), what=what
            )
        for index, row in enumerate(value):
            name = _lt("%(whole)s, %(what)s %(place)s", whole=self.name, what=what, place=index + 1)
            yield Reader(row, name, f"{self.at(key)}[{index}]")

    def text(self, key: str, what: str, *, limit: int = 256, longest: int = MAX_TEXT) -> str:
        """Return a text on one line, cleaned; "" when it is absent."""
        return " ".join(self.lines(key, what, limit=limit, longest=longest).split())

    def lines(self, key: str, what: str, *, limit: int, longest: int = MAX_TEXT) -> str:
        """Return a text that may have several lines, cleaned; "" when it is absent."""
        value = self.value.get(key)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.fail(
                key, _lt("%(name)s is not readable: a text was expected as %(what)s."), what=what
            )
        if not isinstance(value, str):
            return str(self.number(key, what))
        if len(value) > longest:
            raise self.fail(
                key,
                _lt("%(name)s has an impossibly long %(what)s (%(length)s characters)."),
                what=what,
                length=f"{len(value):,}",
            )
        return clean_text(plain_text(value), limit)

    def number(self, key: str, what: str, limit: Decimal = MAX_MONEY) -> Decimal:
        """Return a finite number, sent as number or as text ("11.0000"), not beyond ``limit``."""
        value = self.get(key, what)
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            number = Decimal(value.strip())
        elif isinstance(value, int) and not isinstance(value, bool):
            number = limit + 1 if abs(value) > limit else Decimal(value)
        elif isinstance(value, float) and math.isfinite(value):
            number = Decimal(repr(value))
        else:
            raise self.fail(key, _lt("%(name)s has a %(what)s that is not a number."), what=what)
        if abs(number) > limit:
            raise self.fail(key, _lt("%(name)s has an impossibly large %(what)s."), what=what)
        return number

    def integer(self, key: str, what: str, default: int | None = None) -> int:
        """Return a whole number of up to twelve digits."""
        if default is not None and self.value.get(key) is None:
            return default
        number = self.number(key, what, Decimal(10**12))
        if number != number.to_integral_value():
            raise self.fail(
                key, _lt("%(name)s has a %(what)s that is not a whole number."), what=what
            )
        return int(number)

    def flag(self, key: str, what: str, default: bool | None = None) -> bool:
        """Return yes or no, sent as truth value, as 0/1 or as text."""
        value = self.value.get(key)
        if value is None and default is not None:
            return default
        said = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}
        if isinstance(value, bool | int | str) and value in said:
            return said[value]
        raise self.fail(key, _lt("%(name)s does not say yes or no to: %(what)s."), what=what)

    def moment(self, key: str, what: str) -> datetime:
        """Return a time of the shop in UTC."""
        moment = read_moment(self.text(key, what))
        if moment is None:
            raise self.fail(
                key, _lt("%(name)s has no valid %(what)s, like 2026-11-23 12:08:56."), what=what
            )
        return moment
