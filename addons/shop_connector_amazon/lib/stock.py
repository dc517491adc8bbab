"""Telling Amazon how much there is: single calls for a few SKUs, one feed for many."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

from . import const, explain
from .client import Json, SpApi, listed

_lt = Marker(__name__)


PATH: Final = "/attributes/fulfillment_availability"
Way = Literal["calls", "feed"]


@dataclass(frozen=True, slots=True)
class Stock:
    """What may be sold of a SKU. ``restock`` is shown when there is nothing."""

    sku: str
    quantity: int
    restock: date | None = None
    product_type: str = const.PRODUCT_TYPE


@dataclass(frozen=True, slots=True)
class Issue:
    """What Amazon has to say about a SKU."""

    sku: str
    text: str
    hint: str = ""
    code: str = ""
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class StockResult:
    """What became of one SKU. Accepted is not applied: Amazon may still say otherwise later."""

    sku: str
    accepted: bool
    issues: tuple[Issue, ...] = ()


def choose_way(count: int, threshold: int = const.FEED_THRESHOLD) -> Way:
    """Return how to send this many changes."""
    return "feed" if count > threshold else "calls"


def build_patch(stock: Stock) -> Json:
    """Return the body that changes the quantity and nothing else.

    ``merge`` keeps the handling time; the channel is always the own warehouse's, for any other
    would hand the offer to Amazon's logistics.
    """
    quantity = min(stock.quantity, const.MAX_QUANTITY)
    if quantity < 0:
        raise errors.Rejected(
            _lt("The stock of “%(sku)s” is below zero.", sku=stock.sku), _lt("Report 0 instead.")
        )
    value: Json = {"fulfillment_channel_code": const.DEFAULT_CHANNEL, "quantity": quantity}
    if stock.restock and not quantity:
        value["restock_date"] = stock.restock.isoformat()
    return {
        "productType": stock.product_type,
        "patches": [{"op": "merge", "path": PATH, "value": [value]}],
    }


def build_feeds(
    seller: str, stocks: Iterable[Stock], locale: str = "de_DE"
) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """Return feeds of at most 25,000 SKUs: the document, and the SKUs by their message number.

    Of a SKU that occurs twice the last quantity counts.
    """
    latest = list({stock.sku: stock for stock in stocks if stock.sku}.values())
    for start in range(0, len(latest), const.FEED_MESSAGES):
        part = latest[start : start + const.FEED_MESSAGES]
        messages = [
            {"messageId": number, "sku": stock.sku, "operationType": "PATCH", **build_patch(stock)}
            for number, stock in enumerate(part, 1)
        ]
        header = {"sellerId": seller, "version": "2.0", "issueLocale": locale}
        document = json.dumps(
            {"header": header, "messages": messages}, ensure_ascii=False, separators=(",", ":")
        )
        yield document.encode("utf-8", "replace"), tuple(stock.sku for stock in part)


def read_feed_report(content: bytes, skus: Sequence[str]) -> tuple[StockResult, ...]:
    """Return what became of each SKU of a feed; what the report does not mention was accepted.

    :raises errors.InvalidAnswer: when it is no report, or all of the feed was refused
    """
    data = _json(content)
    issues = data.get("issues")
    summary = data.get("summary")
    if not isinstance(issues, list) or not isinstance(summary, dict):
        raise errors.InvalidAnswer(
            _lt("Amazon's report about the stock is not readable."), _lt("The stock is sent again.")
        )
    found: dict[str, list[Issue]] = {}
    for row in issues:
        if not isinstance(row, dict):
            continue
        issue = _issue(row, _sku(row, skus))
        if issue.is_error and not issue.sku:
            raise errors.InvalidAnswer(
                _lt("Amazon refused the whole file: %(text)s", text=issue.text), issue.hint
            )
        found.setdefault(issue.sku, []).append(issue)
    failed = {sku for sku, rows in found.items() if any(row.is_error for row in rows)}
    invalid = summary.get("messagesInvalid")
    # refused rows that are not named may be any: then only what is known to be fine is
    unnamed = not isinstance(invalid, int) or invalid > len(failed)
    return tuple(
        StockResult(sku, sku not in failed and not unnamed, tuple(found.get(sku, ())))
        for sku in skus
    )


def _sku(row: Json, skus: Sequence[str]) -> str:
    """Return which SKU an issue is about: by its own name, else by the number of its message."""
    sku, number = row.get("sku"), row.get("messageId")
    if isinstance(sku, str) and sku:
        return sku
    if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= len(skus):
        return skus[number - 1]
    return ""


def _issue(row: Json, sku: str) -> Issue:
    code = clean_text(row.get("code"), 40)
    told = explain.meaning(code, clean_text(row.get("message"), 300))
    return Issue(sku, told.text, told.hint, code, str(row.get("severity")).upper() == "ERROR")


def _json(content: bytes) -> Json:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        data = None
    return data if isinstance(data, dict) else {}


class Listings:
    """Changes offers one by one."""

    def __init__(self, api: SpApi, seller: str, marketplaces: tuple[str, ...]) -> None:
        self._api = api
        self._seller = seller
        self._marketplaces = marketplaces

    def push(self, stock: Stock, *, preview: bool = False) -> StockResult:
        """Report one quantity; ``preview`` only asks whether it would be accepted."""
        params: dict[str, str | int] = {"marketplaceIds": listed(self._marketplaces)}
        if preview:
            params["mode"] = "VALIDATION_PREVIEW"
        answer = self._api.call(
            const.PATCH_LISTING, self._path(stock.sku), params=params, body=build_patch(stock)
        )
        if not isinstance(answer, dict) or not isinstance(answer.get("status"), str):
            raise errors.InvalidAnswer(
                _lt("Amazon did not say whether it accepts the stock."), _lt("It is sent again.")
            )
        rows = answer.get("issues")
        issues = [
            _issue(row, stock.sku)
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict)
        ]
        accepted = answer["status"] in ("ACCEPTED", "VALID")
        return StockResult(
            stock.sku, accepted and not any(i.is_error for i in issues), tuple(issues)
        )

    def quantity(self, sku: str) -> int | None:
        """Return what Amazon shows as our stock; ``None``: the offer is not sent by us."""
        answer = self._api.call(
            const.GET_LISTING,
            self._path(sku),
            params={
                "marketplaceIds": listed(self._marketplaces),
                "includedData": "fulfillmentAvailability",
            },
        )
        rows = answer.get("fulfillmentAvailability") if isinstance(answer, dict) else None
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and row.get("fulfillmentChannelCode") == const.DEFAULT_CHANNEL:
                quantity = row.get("quantity", 0)
                return quantity if isinstance(quantity, int) else None
        return None

    def _path(self, sku: str) -> dict[str, str]:
        return {"sellerId": self._seller, "sku": sku}
