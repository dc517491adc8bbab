"""Read values out of a payload that may be anything: typed, or a ``PayloadError``.

A channel subclasses :class:`Reader` for its own hint and for the ways in which its shop writes
amounts, times and texts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar, Final, NamedTuple, Self, TypeVar

from odoo.addons.automation_core.lib.texts import Marker, Text

from .order import PayloadError, clean_text

_lt = Marker(__name__)
_T = TypeVar("_T")

HINT: Final = _lt(
    "Look at the order in the shop's administration and correct it there, then press Retry. "
    "If it looks right there, enter the order by hand and report the message."
)
MAX_TEXT: Final = 20_000
MAX_ROWS: Final = 2_000
MAX_MONEY: Final = Decimal(100_000_000)
MAX_QUANTITY: Final = 1_000_000
MAX_INTEGER: Final = Decimal(10**12)

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_YES_NO = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}


class Money(NamedTuple):
    """An amount in a currency."""

    amount: Decimal
    currency: str


def read_json(body: str, read: Callable[[object], _T], hint: str = HINT) -> _T:
    """Return what ``read`` makes of the decoded body.

    :raises PayloadError: when the body is no JSON; ``read`` raises nothing else either
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PayloadError(
            _lt("The order's data are damaged: they are not complete."), hint
        ) from error
    return read(data)


def read_moment(text: object) -> datetime | None:
    """Return an ISO 8601 time with a zone in UTC, ``None`` if it is none."""
    if not isinstance(text, str) or len(text) > 40 or "T" not in text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if when.tzinfo is None or not 2000 <= when.year <= 2100:
        return None
    return when.astimezone(UTC)


class Reader:
    """An object in the payload that knows its place: ``name`` for people, ``path`` for experts.

    ``what`` is always the value's name in the clerk's words, made with a ``Marker``.
    """

    __slots__ = ("name", "path", "value")

    hint: ClassVar[str] = HINT
    amount_key: ClassVar[str] = "value"
    currency_key: ClassVar[str] = "currency"
    moment_like: ClassVar[str] = "2026-11-23T12:08:56Z"

    def __init__(self, value: object, name: str, path: str = "") -> None:
        if not isinstance(value, dict):
            raise PayloadError(
                _lt("%(name)s is not readable: a block of data was expected.", name=name),
                self.hint,
                path,
            )
        self.value = value
        self.name = name
        self.path = path

    def at(self, key: str) -> str:
        """Return the path of one of my values."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, problem: Text, hint: str = "", **values: object) -> PayloadError:
        """Return the error to raise about one of my values.

        ``problem`` calls me ``%(name)s``; ``values`` are what else it names.
        """
        text = problem.filled(name=self.name, **values)
        return PayloadError(text, hint or self.hint, self.at(key))

    def has(self, key: str) -> bool:
        """Whether there is a value."""
        return self.value.get(key) is not None

    def get(self, key: str, what: str) -> object:
        """Return a value that must be there."""
        value: object = self.value.get(key)
        if value is None:
            raise self.fail(key, _lt("%(name)s has no %(what)s."), what=what)
        return value

    # -- blocks and lists ---------------------------------------------------

    def block(self, key: str, what: str) -> Self:
        """Return a nested object; an absent one is empty."""
        value = self.value.get(key)
        return type(self)({} if value is None else value, self._part(what), self.at(key))

    def needed_block(self, key: str, what: str) -> Self:
        """Return a nested object that must be there."""
        return type(self)(self.get(key, what), self._part(what), self.at(key))

    def _part(self, what: str) -> Text:
        return _lt("%(whole)s: %(part)s", whole=self.name, part=what)

    def rows(self, key: str, what: str) -> Iterator[Self]:
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
            yield type(self)(row, name, f"{self.at(key)}[{index}]")

    def needed_rows(self, key: str, what: str) -> Iterator[Self]:
        """Return the objects of a list that must be there, one by one."""
        self.get(key, what)
        return self.rows(key, what)

    def words(self, key: str, what: str) -> tuple[str, ...]:
        """Return a list of short texts; an absent list is empty."""
        value = self.value.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.fail(
                key,
                _lt("%(name)s is not readable: a list of texts was expected as %(what)s."),
                what=what,
            )
        return tuple(clean_text(word, 64) for word in value[:50])

    # -- texts --------------------------------------------------------------

    def text(self, key: str, what: str, limit: int = 256, longest: int = MAX_TEXT) -> str:
        """Return a text on one line, cleaned; "" when it is absent."""
        return " ".join(self.lines(key, what, limit, longest).split())

    def lines(self, key: str, what: str, limit: int = 2_000, longest: int = MAX_TEXT) -> str:
        """Return a text that may have several lines, cleaned; "" when it is absent.

        What exceeds ``limit`` is cut; what exceeds ``longest`` is no text of a person.
        """
        value = self.value.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.fail(
                key, _lt("%(name)s is not readable: a text was expected as %(what)s."), what=what
            )
        if len(value) > longest:
            raise self.fail(
                key,
                _lt("%(name)s has an impossibly long %(what)s (%(length)s characters)."),
                what=what,
                length=f"{len(value):,}",
            )
        return clean_text(self.plain(value), limit)

    def plain(self, text: str) -> str:
        """Return a text as people read it; for shops that write HTML."""
        return text

    def needed(self, key: str, what: str, limit: int = 256) -> str:
        """Return a text on one line that must not be empty."""
        text = self.text(key, what, limit)
        if not text:
            raise self.fail(key, _lt("%(name)s has no %(what)s."), what=what)
        return text

    # -- numbers ------------------------------------------------------------

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
        """Return a whole number of up to twelve digits, sent as number or as text."""
        if default is not None and self.value.get(key) is None:
            return default
        number = self.number(key, what, MAX_INTEGER)
        if number != number.to_integral_value():
            raise self._not_whole(key, what)
        return int(number)

    def count(self, key: str, what: str, default: int | None = None, least: int = 0) -> int:
        """Return a whole number of pieces, sent as number."""
        value = self.value.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._not_whole(key, what)
        if not least <= value <= MAX_QUANTITY:
            raise self.fail(key, _lt("%(name)s has an impossible %(what)s."), what=what)
        return value

    def _not_whole(self, key: str, what: str) -> PayloadError:
        return self.fail(key, _lt("%(name)s has a %(what)s that is not a whole number."), what=what)

    def money(self, key: str, what: str) -> Money | None:
        """Return an amount and its currency, ``None`` when it is absent."""
        if not self.has(key):
            return None
        row = self.block(key, what)
        amount = row.text(row.amount_key, what, 64)
        currency = row.text(row.currency_key, what, 8).upper()
        if not _NUMBER.fullmatch(amount):
            raise self.fail(key, _lt("%(name)s has a %(what)s that is not an amount."), what=what)
        if not _CURRENCY.fullmatch(currency):
            raise self.fail(
                key, _lt("%(name)s has a %(what)s without a valid currency."), what=what
            )
        value = Decimal(amount)
        if abs(value) > MAX_MONEY:
            raise self.fail(key, _lt("%(name)s has an impossibly large %(what)s."), what=what)
        return Money(value, currency)

    # -- yes or no, times ---------------------------------------------------

    def is_true(self, key: str) -> bool:
        """Whether a value is true; for shops that leave out what is not."""
        return self.value.get(key) is True

    def flag(self, key: str, what: str, default: bool | None = None) -> bool:
        """Return yes or no, sent as truth value, as 0/1 or as text."""
        value = self.value.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool | int | str) and value in _YES_NO:
            return _YES_NO[value]
        raise self.fail(key, _lt("%(name)s does not say yes or no to: %(what)s."), what=what)

    def read_moment(self, text: str) -> datetime | None:
        """Return a time of the shop in UTC, ``None`` if it is none."""
        return read_moment(text)

    def moment(self, key: str, what: str) -> datetime | None:
        """Return a time in UTC, ``None`` when it is absent or damaged."""
        return self.read_moment(self.text(key, what))

    def needed_moment(self, key: str, what: str) -> datetime:
        """Return a time in UTC."""
        found = self.moment(key, what)
        if found is None:
            raise self.fail(
                key,
                _lt("%(name)s has no valid %(what)s, like %(example)s."),
                what=what,
                example=self.moment_like,
            )
        return found
