"""Single values: numbers with a decimal rule, dates with their formats."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Final

from .model import DecimalRule

MAX_NUMBER: Final = Decimal(100_000_000)

_CURRENCY = re.compile(r"^(?:€|\$|£|[A-Z]{3}\b)|(?:€|\$|£|\b[A-Z]{3}|%)$")
_BLANKS = "\u00a0\u202f '’"
_GROUPS = {
    "comma": re.compile(
        rf"(?:\d{{1,3}}(?:[.{_BLANKS}]\d{{3}})+|\d{{1,12}})(?:,(?P<part>\d{{1,12}}))?", re.ASCII
    ),
    "point": re.compile(
        rf"(?:\d{{1,3}}(?:[,{_BLANKS}]\d{{3}})+|\d{{1,12}})(?:\.(?P<part>\d{{1,12}}))?", re.ASCII
    ),
}


def number(value: str | int | float, rule: DecimalRule) -> Decimal | None:
    """Return a number, ``None`` if it is none in that rule.

    A separator of thousands has to part groups of three: "19.00" is no number where the decimal
    sign is a comma, and never 1900. What JSON sends as number needs no rule.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > MAX_NUMBER:
            return None
        return Decimal(repr(value))
    text = _CURRENCY.sub("", value.strip()).strip()
    negative = text.startswith(("-", "−")) or text.endswith("-")
    text = text.removesuffix("-") if text[:1] not in ("-", "−", "+") else text[1:]
    text = text.strip()
    found = _GROUPS[rule or "comma"].fullmatch(text)
    if not found:
        return None
    part = found["part"] or ""
    whole = text[: len(text) - len(part) - 1] if part else text
    result = Decimal(f"{re.sub('[^0-9]', '', whole)}.{part}")
    if result > MAX_NUMBER:
        return None
    return -result if negative else result


def moment(text: str, formats: Iterable[str], zone: tzinfo) -> datetime | None:
    """Return a time in UTC, ``None`` if no format fits; "iso" is ISO 8601.

    A time without zone is one of ``zone``; a day without time is its midnight.
    """
    for form in formats:
        try:
            found = (
                datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
            )
        except (ValueError, re.error):
            continue
        if not 2000 <= found.year <= 2100:
            continue
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    return None
