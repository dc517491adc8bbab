"""Fetch new and changed orders so that nothing is lost, wherever a run breaks off.

One call fetches one page. The caller stores the page and the cursor in one transaction: after a
crash the same page is asked for again, with the same parameters.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import Cursor, OrderPage, RawOrder

from . import const, explain
from .orders import ORDER_ID, OrdersApi, Page, stamp
from .progress import Pass, Progress

_lt = Marker(__name__)


MOST_RESTARTS: Final = 8  # then the window is shorter than an hour
MOST_PAGES: Final = 5_000


class OrderFetcher:
    """Fetches one page of orders per call."""

    def __init__(self, orders: OrdersApi, marketplaces: tuple[str, ...]) -> None:
        if not 0 < len(marketplaces) <= const.MAX_MARKETPLACES:
            raise errors.Rejected(
                _lt("No marketplace is chosen for this account."),
                _lt("Choose at least one of the marketplaces the account sells on."),
            )
        self._orders = orders
        self._marketplaces = marketplaces

    def fetch_page(self, cursor: Cursor, start: datetime) -> OrderPage:
        """Return the next orders that are new or changed.

        :param start: orders changed before are left out
        :raises errors.AutomationError: when Amazon as a whole does not work; nothing is skipped
        """
        progress = Progress.load(cursor, start)
        if progress.turn == "sweep":
            return self._sweep(progress)
        current = progress.open_changes(self._now(), self._marketplaces)
        if current is None:
            return self._after_changes(progress, ())
        return self._changes(progress, current)

    def fetch_order(self, external_id: str) -> RawOrder:
        """Return one order again."""
        try:
            order = self._orders.order(external_id)
        except errors.AccessDenied:
            order = self._orders.order(external_id, const.INCLUDED_FEWER)
        return raw_order(order)

    # -- change pass ------------------------------------------------------

    def _changes(self, progress: Progress, current: Pass) -> OrderPage:
        page = self._page(progress, current)
        if page is None:
            progress.changes = None
            progress.shrink += 1
            return OrderPage((), progress.cursor(), more=True)
        found = tuple(raw_order(row) for row in page.rows)
        if page.token:
            return OrderPage(found, progress.cursor(), more=True)
        if progress.close_changes(self._now()):
            return OrderPage(found, progress.cursor(), more=True)
        return self._after_changes(progress, found)

    def _after_changes(self, progress: Progress, found: tuple[RawOrder, ...]) -> OrderPage:
        """Let the sweep have one page after each change pass: it must not slow down the news."""
        due = progress.open_sweep(self._now(), self._marketplaces) is not None
        progress.turn = "sweep" if due else "changes"
        return OrderPage(found, progress.cursor(), more=due)

    # -- sweep ------------------------------------------------------------

    def _sweep(self, progress: Progress) -> OrderPage:
        progress.turn = "changes"
        current = progress.open_sweep(self._now(), self._marketplaces)
        if current is None:
            return OrderPage((), progress.cursor())
        fewer_until = progress.fewer_until
        try:
            page = self._page(progress, current)
        except errors.AutomationError:
            return OrderPage((), progress.cursor())  # it goes on at the next poll
        if page is None:
            if progress.fewer_until == fewer_until:
                progress.close_sweep(self._now())
            progress.sweep = None
            return OrderPage((), progress.cursor())
        found = tuple(raw_order(row) for row in page.rows)
        if not page.token:
            progress.close_sweep(self._now())
        return OrderPage(found, progress.cursor(), sweep=True)

    # -- one page ---------------------------------------------------------

    def _page(self, progress: Progress, current: Pass) -> Page | None:
        """Return the next page of a pass; ``None`` when it has to begin anew, with a shorter
        window and without having moved on.
        """
        search = current.search()
        now = self._orders.api.now()
        if search is None or (
            current.token and now - current.token_at > const.TOKEN_LIFE.total_seconds()
        ):
            return None
        try:
            page = self._orders.search(search, current.token)
        except errors.AccessDenied:
            return self._with_fewer_data(progress, current)
        except errors.Rejected as error:
            if self._is_worth_a_restart(progress, current, error):
                return None
            raise
        if page.token and (page.token == current.token or current.pages >= MOST_PAGES):
            self._limit_restarts(progress)
            return None
        current.token, current.token_at = page.token, now
        current.pages += 1
        current.found += len(page.rows)
        current.reach(page.reached)
        return page

    def _with_fewer_data(self, progress: Progress, current: Pass) -> Page | None:
        """Begin anew without tax data: the role for them may be missing. Refused again, it is the
        account that is not allowed to read orders.
        """
        if tuple(current.included) == const.INCLUDED_FEWER:
            raise errors.AccessDenied(
                _lt("The login works, but Amazon does not allow the application to read orders."),
                explain.ROLE_HINT,
            )
        progress.fewer_until = stamp(self._now() + const.SWEEP_EVERY)
        return None

    def _is_worth_a_restart(
        self, progress: Progress, current: Pass, error: errors.AutomationError
    ) -> bool:
        """Whether a refused page is one of those that come right with a new window: a token that
        is not known any more, or an end of the window too close to now by Amazon's clock.
        """
        if not current.token and not explain.is_page_refused(error) and progress.shrink:
            return False
        self._limit_restarts(progress)
        return True

    def _limit_restarts(self, progress: Progress) -> None:
        if progress.shrink >= MOST_RESTARTS:
            raise errors.InvalidAnswer(
                _lt("Amazon keeps refusing to turn the pages of its own list of orders."),
                _lt("It is tried again by itself. Nothing is lost: it begins where it stopped."),
            )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._orders.api.now(), UTC)


def raw_order(row: Any) -> RawOrder:
    """Return an order as the inbox keeps it; one without a usable number is kept to look at."""
    number = row.get("orderId") if isinstance(row, dict) else None
    body = _dump(row)
    if isinstance(number, str) and ORDER_ID.fullmatch(number):
        return RawOrder(number, body, number)
    mark = hashlib.sha256(body.encode()).hexdigest()[:12]
    return RawOrder(
        f"unknown-{mark}",
        body,
        problem=_lt("Amazon's list has an order without a valid number."),
        hint=_lt("Look for it in Seller Central and enter it by hand."),
    )


def _dump(row: Any) -> str:
    """Return JSON that any database takes: half characters stay written as escapes."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    if re.search("[\ud800-\udfff]", text):
        return json.dumps(row, separators=(",", ":"))
    return text
