"""Reading orders: one page of a search, or one order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.reader import read_moment

from . import const
from .client import Json, SpApi, listed

_lt = Marker(__name__)


ORDER_ID: Final = re.compile(r"\d{3}-\d{7}-\d{7}")
STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Search:
    """A search with a fixed window. On every page it is the same but for the token.

    ``by_change``: the window is about the last change, otherwise about the creation.
    """

    after: datetime
    before: datetime
    marketplaces: tuple[str, ...]
    included: tuple[str, ...] = const.INCLUDED
    by_change: bool = True
    page_size: int = const.PAGE_SIZE

    def params(self, token: str = "") -> dict[str, str | int]:
        """Return the query of one page."""
        word = "lastUpdated" if self.by_change else "created"
        query: dict[str, str | int] = {
            f"{word}After": stamp(self.after),
            f"{word}Before": stamp(self.before),
            "marketplaceIds": listed(self.marketplaces),
            "includedData": listed(self.included),
            "maxResultsPerPage": self.page_size,
        }
        if token:
            query["paginationToken"] = token
        return query


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a search. ``reached``: up to when Amazon looked, if it says."""

    rows: tuple[Any, ...]
    token: str = ""
    reached: datetime | None = field(default=None)


class OrdersApi:
    """Orders 2026-01-01."""

    def __init__(self, api: SpApi) -> None:
        self.api = api

    def search(self, search: Search, token: str = "") -> Page:
        """Return one page."""
        answer = self.api.call(const.SEARCH_ORDERS, params=search.params(token))
        rows = answer.get("orders") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise errors.InvalidAnswer(
                _lt("Amazon did not answer with a list of orders."),
                _lt("It is tried again by itself."),
            )
        pagination = answer.get("pagination")
        following = pagination.get("nextToken") if isinstance(pagination, dict) else None
        reached = answer.get("lastUpdatedBefore" if search.by_change else "createdBefore")
        return Page(
            tuple(rows),
            following if isinstance(following, str) else "",
            read_moment(reached),
        )

    def order(self, order_id: str, included: tuple[str, ...] = const.INCLUDED) -> Json:
        """Return one order."""
        if not ORDER_ID.fullmatch(order_id):
            raise errors.NotFound(
                _lt("“%(order_id)s” is not an order number of Amazon.", order_id=order_id),
                _lt("It cannot be fetched again."),
            )
        answer = self.api.call(
            const.GET_ORDER, {"orderId": order_id}, params={"includedData": listed(included)}
        )
        order = answer.get("order") if isinstance(answer, dict) else None
        if not isinstance(order, dict) or order.get("orderId") != order_id:
            raise errors.InvalidAnswer(
                _lt("Amazon did not answer with order %(order_id)s.", order_id=order_id),
                _lt("It is tried again by itself."),
            )
        return order


def stamp(when: datetime) -> str:
    """Return a time as Amazon takes it: UTC with a Z, whole seconds; offsets are refused."""
    return when.astimezone(UTC).strftime(STAMP)
