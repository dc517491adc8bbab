"""Fetch order files by web address and hand files back. Yatego's own addresses are the example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import CheckLine, Cursor, OrderPage, RawOrder
from odoo.addons.shop_connector.lib.order import PayloadError

from .feed import NO_HEAD, RawFeed, raw_orders
from .model import FeedMapping
from .problems import FileProblem
from .sections import Sections, upload_form
from .template import Values, shown, url

_lt = Marker(__name__)

OVERLAP: Final = timedelta(days=2)  # the window has whole days, in the shop's zone
FIRST: Final = timedelta(days=14)
REFUSED: Final = _lt("Check user and password of the account.")

Connect = Callable[..., HttpClient]


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
    upload: str = ""
    empty_is_refusal: bool = False


YATEGO_HOST: Final = "https://www1.yatego.com"
YATEGO_FOLDER: Final = "/admin/modules/yatego"
DAYS: Final = "&von={from:%d.%m.%Y}&bis={to:%d.%m.%Y}"
ONE: Final = "&von={number}&bis={number}"


def yatego(host: str = YATEGO_HOST) -> Addresses:
    """Return Yatego's addresses."""
    folder = f"{host}{YATEGO_FOLDER}"
    orders = f"{folder}/orders.php?user={{user}}&passwd={{password}}&action="
    return Addresses(
        heads=f"{orders}csv_order{DAYS}",
        lines=f"{orders}csv_products{DAYS}",
        one_head=f"{orders}csv_order{ONE}",
        one_lines=f"{orders}csv_products{ONE}",
        upload=f"{folder}/importexport.php",
        empty_is_refusal=True,
    )


class FeedClient:
    """Talks to the server of one account."""

    def __init__(
        self, addresses: Addresses, user: str, password: str, connect: Connect = HttpClient
    ) -> None:
        self.addresses = addresses
        self.values = Values(user=user, password=password)
        self._connect = connect

    def page(self, mapping: FeedMapping, cursor: Cursor, now: datetime) -> OrderPage:
        """Return what is new since the cursor, with an overlap; the inbox knows doubles by number.

        An order placed between the two files has lines and no head: the heads are asked once more.
        """
        start = window_start(cursor, now)
        values = replace(self.values, start=start, end=now, zone=mapping.zone)
        feed = self._fetch(self.addresses.heads, self.addresses.lines, values)
        found = _read(feed, mapping)
        if any(raw.problem is NO_HEAD for raw in found):
            feed = RawFeed(self._get(self.addresses.heads, values), feed.lines)
            found = _read(feed, mapping)
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
        for raw in _read(feed, mapping):
            if raw.external_id == external_id:
                return raw
        raise errors.NotFound(
            _lt("Order %(number)s is not in the shop's files.", number=external_id),
            _lt("Look for it in the shop's administration."),
        )

    def upload(self, sections: Sections, *, delete_missing: bool = False) -> None:
        """Hand articles or stock to the shop. What it answers to a good file is not documented:
        a success status that is no web page with a form counts.
        """
        values = self.values
        form = upload_form(values.user, values.password, sections, delete_missing=delete_missing)
        base, path = _split(self.addresses.upload)
        answer = self._client(base).request(
            "POST", path, data=form.body, headers={"Content-Type": form.content_type}
        )
        if not answer.content.strip():
            raise errors.AuthenticationFailed(
                _lt("The shop answered nothing to the file: it takes it for a wrong login."),
                REFUSED,
            )
        if b"<form" in answer.content.lower():
            raise errors.InvalidAnswer(_lt("The shop answered with a web page."), REFUSED)

    def check(self, mapping: FeedMapping, now: datetime) -> list[CheckLine]:
        """Try to fetch the orders of the last days and say what came."""
        try:
            count = len(self.page(mapping, {}, now).orders)
        except (errors.AutomationError, PayloadError) as error:
            return [CheckLine(False, error.message, error.hint)]
        return [
            CheckLine(
                True,
                _lt("The order files can be read: %(count)s orders in the last days.", count=count),
            )
        ]

    def shown(self, start: datetime, end: datetime) -> list[str]:
        """Return the addresses that are asked, without the password."""
        values = replace(self.values, start=start, end=end)
        return [shown(x, values) for x in (self.addresses.heads, self.addresses.lines) if x]

    def _fetch(self, heads: str, lines: str, values: Values) -> RawFeed:
        return RawFeed(self._get(heads, values), self._get(lines, values) if lines else b"")

    def _get(self, template: str, values: Values) -> bytes:
        base, path = _split(url(template, values))
        content = self._client(base).request("GET", path).content
        if self.addresses.empty_is_refusal and not content.strip():
            raise errors.AuthenticationFailed(
                _lt("The shop answered nothing: it does that when the login is wrong."), REFUSED
            )
        return content

    def _client(self, base: str) -> HttpClient:
        return self._connect(base, secrets=(self.values.password,))


def _read(feed: RawFeed, mapping: FeedMapping) -> list[RawOrder]:
    """Return the orders of an answer; an unusable file is an invalid answer."""
    try:
        return raw_orders(feed, mapping)
    except FileProblem as error:
        raise errors.InvalidAnswer(error.message, error.hint) from error


def window_start(cursor: Cursor, now: datetime) -> datetime:
    """Return from when on to ask: the last time less an overlap, never later than now."""
    until = cursor.get("until")
    try:
        last = datetime.fromisoformat(until) if isinstance(until, str) else None
    except ValueError:
        last = None
    if last is None or last.tzinfo is None:
        return now - FIRST
    return min(last, now) - OVERLAP


def _split(address: str) -> tuple[str, str]:
    """Return host and the rest of an address."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}", parts.path.lstrip("/") + query
