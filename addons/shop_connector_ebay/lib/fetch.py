"""Fetch new and changed orders so that nothing is lost, wherever a run breaks off.

A pass asks for a closed window of time, page by page, always with the same parameters. Orders that
change meanwhile leave the window, and the rest moves up: eBay's total tells by how many, and the
pass steps back by as many rows. Once a day a second pass goes by the date of purchase and finds
what the list of changes left out. In the cursor are (times as eBay writes them):

``begin``     older orders are not wanted
``since``     up to here all changes were seen
``mode``      ``changes`` or ``sweep``: which pass is under way
``from``, ``to``, ``offset``, ``total``, ``restarts``  the pass under way; ``to`` is "" between two
``swept``     when the last sweep began
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import Cursor, OrderPage, RawOrder
from odoo.addons.shop_connector.lib.reader import read_moment

from . import const
from .client import EbayClient, Json
from .parser import ORDER_ID
from .reader import stamp

_lt = Marker(__name__)

MOST_RESTARTS: Final = 5
FILTERS: Final = {"changes": "lastmodifieddate", "sweep": "creationdate"}
TAX_NUMBERS: Final = frozenset({"EBAY_IT", "EBAY_ES"})  # told with single orders only
_STOPS: Final = (errors.AuthenticationFailed, errors.AccessDenied, errors.Throttled)


def is_sweep(cursor: Cursor) -> bool:
    """Whether the page fetched with this cursor belongs to the sweep.

    What such a page brings that was not known is what the list of changes missed.
    """
    return cursor.get("mode") == "sweep"


@dataclass
class Progress:
    """The cursor, taken apart."""

    begin: datetime
    since: datetime
    swept: datetime
    mode: str = "changes"
    start: datetime | None = None
    end: datetime | None = None
    offset: int = 0
    total: int = -1
    restarts: int = 0

    @classmethod
    def load(cls, cursor: Cursor, begin: datetime, now: datetime) -> Progress:
        """Return the progress in a stored cursor; an earlier start begins anew."""
        begin = max(begin, now - const.OLDEST)
        known = {key: read_moment(str(cursor.get(key, ""))) for key in ("begin", "since", "swept")}
        if not all(known.values()) or begin < (known["begin"] or begin):
            return cls(begin, begin, now)
        progress = cls(begin, known["since"] or begin, known["swept"] or now)
        progress._resume(cursor)
        return progress

    def _resume(self, cursor: Cursor) -> None:
        """Take up a pass that is under way."""
        start, end = (read_moment(str(cursor.get(key, ""))) for key in ("from", "to"))
        numbers = [cursor.get(key) for key in ("offset", "total", "restarts")]
        if is_sweep(cursor):
            self.mode = "sweep"
        if start is None or end is None:
            return
        self.start, self.end = start, end
        if all(isinstance(number, int) for number in numbers):
            self.offset, self.total, self.restarts = (int(str(number)) for number in numbers)

    def open(self, now: datetime) -> bool:
        """Begin a pass unless one is under way; ``False`` when there is no time to ask for yet."""
        if self.end is not None:
            return True
        end = now - const.SETTLE
        if self.mode == "sweep":
            start = max(self.begin, end - const.SWEEP_BACK)
            self.swept = now
        else:
            start = max(self.since - const.OVERLAP, now - const.OLDEST)
        if start >= end:
            self.mode = "changes"
            return False
        self.start, self.end = start, end
        self.offset, self.total, self.restarts = 0, -1, 0
        return True

    @property
    def filter(self) -> str:
        """The pass's filter, the same on every page."""
        if self.start is None or self.end is None:
            return ""
        return f"{FILTERS[self.mode]}:[{stamp(self.start)}..{stamp(self.end)}]"

    def step(self, rows: int, total: int) -> bool:
        """Note a page; return whether the pass goes on."""
        known, self.total = self.total, total
        if 0 <= total < known:
            return self._again(max(0, self.offset - (known - total))) and total > 0
        if 0 <= known < total:
            return self._again(0)
        self.offset += rows
        if self.offset >= total:
            return False
        return bool(rows) or self._again(0)

    def _again(self, offset: int) -> bool:
        """Step back; where the list does not come to rest, ask for less of it."""
        self.restarts += 1
        self.offset = offset
        if self.restarts > MOST_RESTARTS + max(0, self.total) // 10:
            self._shorten()
        return True

    def _shorten(self) -> None:
        """Begin anew with half the time; the rest follows in the next pass."""
        if self.start is not None and self.end is not None:
            half = (self.end - self.start) / 2
            self.end = min(self.end, self.start + max(half, const.SETTLE))
        self.offset, self.total, self.restarts = 0, -1, 0

    def close(self, now: datetime) -> bool:
        """End the pass; return whether a sweep should follow at once."""
        if self.mode == "changes" and self.end is not None:
            self.since = max(self.since, self.end)
            due = now - self.swept >= const.SWEEP_EVERY
            self.mode = "sweep" if due else "changes"
        else:
            self.mode = "changes"
        self.start = self.end = None
        self.offset, self.total, self.restarts = 0, -1, 0
        return self.mode == "sweep"

    def cursor(self) -> dict[str, object]:
        """Return the progress as plain JSON."""
        return {
            "begin": stamp(self.begin),
            "since": stamp(self.since),
            "swept": stamp(self.swept),
            "mode": self.mode,
            "from": stamp(self.start) if self.start else "",
            "to": stamp(self.end) if self.end else "",
            "offset": self.offset,
            "total": self.total,
            "restarts": self.restarts,
        }


class OrderFetcher:
    """Fetches one page of orders per call; the caller stores page and cursor together."""

    def __init__(self, client: EbayClient, size: int = const.PAGE_SIZE) -> None:
        self._client = client
        self._size = size

    def fetch_page(self, cursor: Cursor, start: datetime) -> OrderPage:
        """Return the next orders that are new or changed.

        :param start: orders bought earlier are left out, whatever happens to them
        :raises errors.AutomationError: when eBay as a whole does not work; nothing is skipped
        """
        now = datetime.fromtimestamp(self._client.clock(), UTC)
        progress = Progress.load(cursor, start, now)
        if not progress.open(now):
            return OrderPage((), progress.cursor())
        sweep = progress.mode == "sweep"
        page = self._client.orders(progress.filter, self._size, progress.offset)
        rows = page.get("orders") or []
        found = tuple(self._raw(row) for row in rows if _is_wanted(row, progress.begin))
        more = progress.step(len(rows), page["total"]) or progress.close(now)
        return OrderPage(found, progress.cursor(), more=more, sweep=sweep)

    def fetch_order(self, external_id: str) -> RawOrder:
        """Return one order again."""
        if not ORDER_ID.fullmatch(external_id):
            raise errors.NotFound(
                _lt("“%(number)s” is not an order number of eBay.", number=external_id),
                _lt("It cannot be fetched again."),
            )
        return _raw_order(self._client.order(external_id))

    def _raw(self, row: object) -> RawOrder:
        if not isinstance(row, dict) or not _has_id(row):
            return _nameless(row)
        return _raw_order(self._whole(row) if _needs_more(row) else row)

    def _whole(self, row: Json) -> Json:
        """Return the order with what the list leaves out; the list's where eBay has no more."""
        try:
            return self._client.order(str(row["orderId"]))
        except _STOPS:
            raise
        except errors.AutomationError:
            return row


def _is_wanted(row: object, begin: datetime) -> bool:
    """Whether an order was bought late enough; without a readable date a person decides."""
    created = read_moment(str(row.get("creationDate"))) if isinstance(row, dict) else None
    return created is None or created >= begin


def _has_id(row: Json) -> bool:
    number = row.get("orderId")
    return isinstance(number, str) and bool(ORDER_ID.fullmatch(number))


def _needs_more(row: Mapping[str, Any]) -> bool:
    cancel = row.get("cancelStatus")
    if isinstance(cancel, dict) and cancel.get("cancelState") == const.IN_PROGRESS:
        return True
    lines = row.get("lineItems")
    return isinstance(lines, list) and any(
        isinstance(line, dict) and line.get("purchaseMarketplaceId") in TAX_NUMBERS
        for line in lines
    )


def _raw_order(order: Json) -> RawOrder:
    number = str(order["orderId"])
    return RawOrder(number, _dump(order), number)


def _nameless(row: object) -> RawOrder:
    """Return a record without a usable number, kept for a person to look at."""
    body = _dump(row)
    mark = hashlib.sha256(body.encode()).hexdigest()[:12]
    return RawOrder(
        f"unknown-{mark}",
        body,
        problem=_lt("eBay's list has an order without a valid number."),
        hint=_lt("Look for it in eBay's Seller Hub and enter it by hand."),
    )


def _dump(body: object) -> str:
    """Return JSON that any database takes: half characters stay written as escapes."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if re.search("[\ud800-\udfff]", text):
        return json.dumps(body, separators=(",", ":"))
    return text
