"""PayPal's answers in the form they are stored in: read, never trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.payment_matching.lib.statement.model import StatementError

from . import explain

_lt = Marker(__name__)

Json = Mapping[str, Any]

MAX_SIZE: Final = 200 * 1024 * 1024
MAX_MONEY: Final = Decimal(10) ** 12

_MONEY = re.compile(r"-?(?:\d{1,13}(?:\.\d{0,4})?|\.\d{1,4})", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class Money(NamedTuple):
    """An amount in a currency."""

    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the search, as it came and as read."""

    raw: bytes = field(repr=False)
    rows: Sequence[Json] = field(repr=False)
    number: int
    total: int
    account: str
    start: datetime | None
    end: datetime | None
    refreshed: datetime | None


def read_page(content: bytes) -> Page:
    """Return a page.

    :raises errors.InvalidAnswer: when it is none
    """
    page = _page(_load(content), content)
    if page is None:
        raise explain.not_readable()
    return page


def joined_pages(pages: Sequence[Page]) -> bytes:
    """Return pages as one document, each as it came."""
    return b'{"pages": [' + b",\n".join(page.raw for page in pages) + b"]}"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a stored file holds: pages of the search, or one payment that PayPal told of at once."""

    pages: Sequence[Page] = ()
    capture: Json = field(default_factory=dict)
    account: str = ""


def read_stored(content: bytes) -> Stored:
    """Return what a stored file holds: pages joined, a single page, or a capture.

    :raises StatementError: when it is nothing of that kind
    """
    data = _load(content) if len(content) <= MAX_SIZE else None
    if isinstance(data, dict) and isinstance(data.get("capture"), dict):
        return Stored(capture=data["capture"], account=read_text(data.get("account"), 40))
    parts = data["pages"] if isinstance(data, dict) and "pages" in data else [data]
    pages = [_page(part, b"") for part in parts] if isinstance(parts, list) else []
    found = [page for page in pages if page is not None]
    if not found or len(found) < len(pages):
        raise StatementError(
            _lt("This is no answer of PayPal's Transaction Search."),
            _lt("Only what was fetched from PayPal as JSON can be read here."),
        )
    return Stored(found, account=next((page.account for page in found if page.account), ""))


def capture_file(raw: bytes, account: str) -> bytes:
    """Return a capture as it is stored, with the account it belongs to."""
    return b'{"account": ' + json.dumps(account).encode() + b', "capture": ' + raw + b"}"


def _page(data: object, raw: bytes) -> Page | None:
    """Return a page; a missing list of transactions is an empty one, unless nothing is there."""
    if not isinstance(data, dict) or not {"transaction_details", "total_pages", "page"} & set(data):
        return None
    rows = data.get("transaction_details", [])
    if not isinstance(rows, list):
        return None
    return Page(
        raw,
        rows,
        _whole(data.get("page"), 1),
        _whole(data.get("total_pages"), 1),
        read_text(data.get("account_number"), 40),
        read_moment(data.get("start_date")),
        read_moment(data.get("end_date")),
        read_moment(data.get("last_refreshed_datetime")),
    )


def read_moment(value: object) -> datetime | None:
    """Return a time with a zone, written ``+0000``, ``+00:00`` or ``Z``; ``None`` if it is none."""
    if not isinstance(value, str) or len(value) > 40 or "T" not in value.upper():
        return None
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    if when.tzinfo is None or not 1990 <= when.year <= 2200:
        return None
    return when


def read_money(value: object) -> Money | None:
    """Return an amount, ``None`` if it is none."""
    if not isinstance(value, dict):
        return None
    number, currency = value.get("value"), value.get("currency_code")
    if not isinstance(number, str) or not _MONEY.fullmatch(number):
        return None
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        return None
    amount = Decimal(number)
    return Money(amount, currency) if abs(amount) < MAX_MONEY else None


def read_text(value: object, limit: int = 256) -> str:
    """Return a text in one line, without control characters."""
    if not isinstance(value, str):
        return ""
    kept = "".join(char if char.isprintable() else " " for char in value[: 4 * limit])
    return " ".join(kept.split())[:limit]


def latest(moments: Sequence[datetime | None]) -> datetime | None:
    """Return the last of the times that are known."""
    known = [moment.astimezone(UTC) for moment in moments if moment]
    return max(known, default=None)


def _load(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _whole(value: object, otherwise: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return otherwise
    return value
