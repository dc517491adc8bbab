"""Order files by web address: a window of time in the address, heads before lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.file_transport.lib.template import Values, shown, url

from ..channel import Cursor, OrderPage, RawOrder
from .model import FeedMapping
from .problems import FileProblem
from .raw import NO_HEAD, RawFeed, raw_orders

_lt = Marker(__name__)

OVERLAP: Final = timedelta(days=2)  # many windows have whole days, in the shop's zone
FIRST: Final = timedelta(days=14)
REFUSED: Final = _lt("Check user and password of the account.")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the files are: templates with placeholders.

    ``lines`` is empty for one file; ``one_head`` and ``one_lines`` ask for a single order, where a
    shop can do that. ``empty_is_refusal``: the shop answers nothing at all to a wrong login, a
    period without orders has at least a header.
    """

    heads: str
    lines: str = ""
    one_head: str = ""
    one_lines: str = ""
    empty_is_refusal: bool = False


class FeedClient:
    """Asks the server of one account. ``read`` fetches an address; ``values`` has the login."""

    def __init__(self, addresses: Addresses, values: Values, read: Callable[[str], bytes]) -> None:
        self.addresses = addresses
        self.values = values
        self._read = read

    def page(
        self, mapping: FeedMapping, cursor: Cursor, now: datetime, since: datetime | None = None
    ) -> OrderPage:
        """Return what is new since the cursor, with an overlap; the inbox knows doubles by number.

        ``since`` is where a first fetch starts. An order placed between the two files has lines and
        no head: the heads are asked once more.
        """
        start = window_start(cursor, now, since)
        values = replace(self.values, start=start, end=now, now=now, zone=mapping.zone)
        feed = self._fetch(self.addresses.heads, self.addresses.lines, values)
        found = _orders(feed, mapping)
        if any(raw.problem is NO_HEAD for raw in found):
            feed = RawFeed(self._get(self.addresses.heads, values), feed.lines)
            found = _orders(feed, mapping)
        return OrderPage(tuple(found), {"until": now.astimezone(UTC).isoformat()})

    def order(self, mapping: FeedMapping, external_id: str) -> RawOrder:
        """Return one order again.

        :raises errors.NotFound: the shop does not have it, or cannot be asked for one
        """
        if not self.addresses.one_head:
            raise errors.NotFound(
                _lt("This shop cannot be asked for a single order."),
                _lt("Fetch the file of its day again."),
            )
        values = replace(self.values, number=external_id, zone=mapping.zone)
        feed = self._fetch(self.addresses.one_head, self.addresses.one_lines, values)
        for raw in _orders(feed, mapping):
            if raw.external_id == external_id:
                return raw
        raise errors.NotFound(
            _lt("Order %(number)s is not in the shop's files.", number=external_id),
            _lt("Look for it in the shop's administration."),
        )

    def shown(self, start: datetime, end: datetime) -> list[str]:
        """Return the addresses that are asked, without the password."""
        values = replace(self.values, start=start, end=end, now=end)
        return [shown(x, values) for x in (self.addresses.heads, self.addresses.lines) if x]

    def _fetch(self, heads: str, lines: str, values: Values) -> RawFeed:
        return RawFeed(self._get(heads, values), self._get(lines, values) if lines else b"")

    def _get(self, template: str, values: Values) -> bytes:
        content = self._read(url(template, values))
        if self.addresses.empty_is_refusal and not content.strip():
            raise errors.AuthenticationFailed(
                _lt("The shop answered nothing: it does that when the login is wrong."), REFUSED
            )
        return content


def _orders(feed: RawFeed, mapping: FeedMapping) -> list[RawOrder]:
    """Return the orders of an answer; an unusable file is an invalid answer."""
    try:
        return raw_orders(feed, mapping)
    except FileProblem as error:
        raise errors.InvalidAnswer(error.message, error.hint) from error


def window_start(cursor: Cursor, now: datetime, since: datetime | None = None) -> datetime:
    """Return from when on to ask: the last time less an overlap, never later than now."""
    until = cursor.get("until")
    try:
        last = datetime.fromisoformat(until) if isinstance(until, str) else None
    except ValueError:
        last = None
    if last is None or last.tzinfo is None:
        return min(since, now) if since else now - FIRST
    return min(last, now) - OVERLAP
