"""Fetch new and changed orders so that nothing is lost, wherever a run breaks off.

The shop lists what changed since a moment, in no promised sequence and without saying when each
order changed. So a pass lists everything first, then works the numbers off. In the cursor are:

``since``      local time of the shop up to which everything was seen
``begin``      local time of purchase of the first order that is wanted
``pending``    numbers of this pass still to fetch
``newest``     latest time seen in this pass's orders, ``ceiling`` the latest when it was listed
``started``    when the pass was listed (epoch)
``again``      numbers that failed for passing reasons, and how often: the next pass tries them too
``countries``  the shop's country numbers, ``statuses`` its status names
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import Cursor, OrderPage, RawOrder

from . import const
from .client import GambioClient, Json
from .reader import read_moment

_lt = Marker(__name__)

QUICK_PASS: Final = 30 * 60  # seconds; in a longer pass an order may change after it was fetched
PAGE_SECONDS: Final = 4 * 60  # a slow shop gets shorter pages, so that what came is stored
TROUBLE_IN_A_ROW: Final = 3
MOST_TRIES: Final = 20  # of one order that fails while the shop works
_ID: Final = re.compile(r"[1-9]\d{0,11}")
_STOPS: Final = (errors.AuthenticationFailed, errors.AccessDenied, errors.Throttled)


@dataclass
class Progress:
    """The cursor, taken apart."""

    since: str
    begin: str
    pending: list[int] = field(default_factory=list)
    newest: str = ""
    ceiling: str = ""
    started: float = 0.0
    again: dict[str, int] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, cursor: Cursor, start: datetime) -> Progress:
        """Return the progress in a stored cursor; an earlier start begins anew."""
        begin = _local(start)
        known = {key: cursor[key] for key in cls.__dataclass_fields__ if key in cursor}
        progress = cls(**{"since": begin, "begin": begin, **known})  # type: ignore[arg-type]
        if begin < progress.begin or read_moment(str(progress.since)) is None:
            progress.since = begin
        progress.begin = begin
        return progress

    def see(self, order: Mapping[str, Any], now: str) -> None:
        """Note an order's own times; a date in the future must not carry the cursor away."""
        times = [order.get("purchaseDate")]
        history = order.get("statusHistory")
        if isinstance(history, list):
            times += [row.get("dateAdded") for row in history if isinstance(row, dict)]
        self.newest = max([self.newest, *_valid(times, now)])

    def fail(self, number: int, error: errors.AutomationError) -> None:
        """Keep an order for the next pass if it may work then."""
        tries = self.again.get(str(number), 0) + 1
        self.again.pop(str(number), None)
        if error.retryable and tries < MOST_TRIES:
            self.again[str(number)] = tries

    def finish(self, seconds: float) -> None:
        """Move on after the last order of a pass."""
        reached = self.newest if seconds < QUICK_PASS else min(self.newest, self.ceiling)
        self.since = max(self.since, reached)
        self.newest = self.ceiling = ""
        self.started = 0.0

    def cursor(self) -> dict[str, object]:
        """Return the progress as plain JSON."""
        return asdict(self)


class OrderFetcher:
    """Fetches one page of orders per call; the caller stores page and cursor together."""

    def __init__(self, client: GambioClient, size: int = const.ORDERS_PER_CALL) -> None:
        self._client = client
        self._size = size

    def fetch_page(self, cursor: Cursor, start: datetime) -> OrderPage:
        """Return the next orders that are new or changed.

        :param start: older orders are left out, whatever happens to them
        :raises errors.AutomationError: when the shop as a whole does not work; nothing is skipped
        """
        progress = Progress.load(cursor, start)
        found: list[RawOrder] = []
        if not progress.pending:
            found += self._list(progress)
        found += self._fetch_pending(progress)
        if not progress.pending:
            progress.finish(self._client.clock() - progress.started)
        return OrderPage(tuple(found), progress.cursor(), more=bool(progress.pending))

    def fetch_order(self, external_id: str, cursor: Cursor) -> RawOrder:
        """Return one order again, with the countries and statuses the cursor knows."""
        if not _ID.fullmatch(external_id):
            raise errors.NotFound(
                _lt("“%(number)s” is not an order number of this shop.", number=external_id),
                _lt("It cannot be fetched again."),
            )
        progress = Progress.load(cursor, datetime.now(UTC))
        if not progress.statuses:
            progress.statuses = self._statuses()
        return self._fetch(int(external_id), progress)

    # -- what changed -----------------------------------------------------

    def _list(self, progress: Progress) -> list[RawOrder]:
        """Begin a pass: note the numbers of all changed orders; return what has no number."""
        progress.started = self._client.clock()
        changed = self._changed(_earlier(progress.since))
        rows = [row for row in changed if str(row.get("purchaseDate") or "9") >= progress.begin]
        progress.statuses = self._statuses() or progress.statuses
        numbers = {int(row["id"]) for row in rows if _has_id(row)}
        progress.pending = sorted(numbers | {int(number) for number in progress.again})
        dates = [row.get("purchaseDate") for row in rows]
        progress.ceiling = max([progress.since, *_valid(dates, self._now())])
        return [_nameless(row) for row in rows if not _has_id(row)]

    def _changed(self, since: str) -> Iterable[Json]:
        """Yield the short records changed since a moment, page after page until a short one."""
        seen: set[str] = set()
        for page in range(1, const.ROWS_LIMIT):
            rows = self._client.changed_orders(since, page)
            if rows is None:
                yield from self._purchased(since)
                return
            yield from rows
            if len(rows) < const.PAGE_SIZE:
                return
            fresh = {str(row.get("id")) for row in rows} - seen
            if not fresh:
                break
            seen |= fresh
        raise errors.InvalidAnswer(
            _lt("The shop sends the same orders again and again."),
            _lt("Check the shop's version."),
        )

    def _purchased(self, since: str) -> Iterable[Json]:
        """Yield orders of a shop that knows no list of changes: those bought since, no changes."""
        for page in range(1, const.ROWS_LIMIT):
            rows = self._client.newest_orders(page)
            young = [row for row in rows if str(row.get("purchaseDate") or "9") >= since]
            yield from young
            if len(young) < const.PAGE_SIZE:
                return

    def _statuses(self) -> dict[str, str]:
        """Return the status names; their numbers do where the shop has or gives none."""
        try:
            return self._client.order_statuses()
        except (errors.AuthenticationFailed, errors.Throttled):
            raise
        except errors.AutomationError:
            return {}

    # -- whole orders -----------------------------------------------------

    def _fetch_pending(self, progress: Progress) -> list[RawOrder]:
        """Fetch the next orders of the pass; one that fails is returned with its problem."""
        found: list[RawOrder] = []
        trouble = 0
        end = self._client.clock() + PAGE_SECONDS
        for number in progress.pending[: self._size]:
            if found and self._client.clock() > end:
                break
            try:
                found.append(self._fetch(number, progress))
                progress.again.pop(str(number), None)
                trouble = 0
            except _STOPS:
                if not found:
                    raise
                break
            except errors.AutomationError as error:
                found.append(_failed(number, error))
                trouble = trouble + 1 if error.retryable else 0
                if trouble >= TROUBLE_IN_A_ROW and not self._is_alive():
                    del found[-trouble:]
                    if not found:
                        raise
                    break
                progress.fail(number, error)
        progress.pending = progress.pending[len(found) :]
        return found

    def _is_alive(self) -> bool:
        """Return whether the shop answers at all, when several orders in a row did not come."""
        try:
            self._client.newest_orders(1, per_page=1)
        except errors.AutomationError:
            return False
        return True

    def _fetch(self, number: int, progress: Progress) -> RawOrder:
        order = self._client.order(number)
        progress.see(order, self._now())
        body = {
            "order": without_secrets(order),
            "countries": self._countries(order, progress.countries),
            "status": progress.statuses.get(str(order.get("statusId")), ""),
        }
        return RawOrder(str(number), _dump(body), str(number))

    def _countries(self, order: Json, known: dict[str, str]) -> dict[str, str]:
        """Return the codes of the countries in an order; each is asked for once."""
        addresses = order.get("addresses")
        rows = addresses.values() if isinstance(addresses, dict) else []
        numbers = {str(row.get("countryId")) for row in rows if isinstance(row, dict)}
        for number in sorted(numbers):
            if number not in known and _ID.fullmatch(number) and (code := self._country(number)):
                known[number] = code
        return {number: known[number] for number in sorted(numbers) if number in known}

    def _country(self, number: str) -> str:
        """Return a country's code, "" if the shop does not tell: the parser says so then."""
        try:
            return self._client.country(int(number))
        except (errors.AccessDenied, errors.NotFound, errors.Rejected):
            return ""

    def _now(self) -> str:
        return _local(datetime.fromtimestamp(self._client.clock(), UTC))


def without_secrets(order: Json) -> Json:
    """Return an order without card data and internet address: they are nobody's business here."""
    addon = order.get("addonValues")
    if not isinstance(addon, dict):
        return order
    kept = {key: "" if key in const.SECRET_VALUES else value for key, value in addon.items()}
    return {**order, "addonValues": kept}


def _dump(body: Json) -> str:
    """Return JSON that any database takes: half characters stay written as escapes."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if re.search("[\ud800-\udfff]", text):
        return json.dumps(body, separators=(",", ":"))
    return text


def _failed(number: int, error: errors.AutomationError) -> RawOrder:
    return RawOrder(str(number), "", str(number), problem=error.message, hint=error.hint)


def _nameless(row: Json) -> RawOrder:
    """Return a short record without a usable number, kept for a person to look at."""
    body = _dump(row)
    mark = hashlib.sha256(body.encode()).hexdigest()[:12]
    return RawOrder(
        f"unknown-{mark}",
        body,
        problem=_lt("The shop's list has an order without a valid number."),
        hint=_lt("Look for it in the shop's administration and enter it by hand."),
    )


def _has_id(row: Json) -> bool:
    number = row.get("id")
    return not isinstance(number, bool) and bool(_ID.fullmatch(str(number)))


def _valid(times: Iterable[object], now: str) -> list[str]:
    """Return the real times among some values, none later than now."""
    return [min(time, now) for time in times if isinstance(time, str) and read_moment(time)]


def _local(moment: datetime) -> str:
    """Return a time as the shop writes it."""
    return moment.astimezone(const.SHOP_ZONE).strftime(const.TIME_FORMAT)


def _earlier(since: str) -> str:
    """Return the moment the list is asked from: earlier, for the shop's clocks disagree."""
    moment = read_moment(since)
    return _local(moment - const.OVERLAP) if moment else since
