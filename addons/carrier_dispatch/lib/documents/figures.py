"""Numbers and times as documents write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo.addons.automation_core.lib.texts import Marker

from .problems import HINT_DELIVERY, HINT_FORMAT, DocumentError

_lt = Marker(__name__)


def number(value: Decimal, sign: str = ".", label: str = "") -> str:
    """Return a number without needless zeros: 3, 2,5.

    :raises DocumentError: it is none
    """
    if not value.is_finite() or abs(value.adjusted()) > 20:
        raise DocumentError(
            _lt("“%(value)s” is no number for “%(label)s”.", value=str(value)[:30], label=label),
            HINT_DELIVERY,
        )
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (text if text not in ("-0", "") else "0").replace(".", sign)


def total(pairs: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Return the sum of products; no number where one of them is none."""
    try:
        return sum((one * other for one, other in pairs), Decimal(0))
    except ArithmeticError:
        return Decimal("NaN")


def zone(name: str) -> tzinfo:
    """Return the shipper's time zone.

    :raises DocumentError: there is none of that name
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise DocumentError(
            _lt("“%(zone)s” is not a time zone like Europe/Berlin.", zone=name[:40]),
            HINT_FORMAT,
            "zone",
        ) from error


def local(moment: datetime, name: str) -> datetime:
    """Return a time as it is at the shipper's; one without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    here = zone(name)
    try:
        return aware.astimezone(here).replace(microsecond=0)
    except (ValueError, OverflowError):  # the first and the last day there are
        return aware.replace(microsecond=0)
