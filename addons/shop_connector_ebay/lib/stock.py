"""Telling eBay what is in stock, for listings made or migrated with the Inventory API."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from . import const, explain
from .client import EbayClient, Json

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """The quantity of one SKU. Without ``offers`` only the stock behind them is set."""

    sku: str
    quantity: int
    offers: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """What it counts in a call."""
        return max(1, len(self.offers))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change. ``passing``: send it again later."""

    change: Change
    ok: bool
    text: str = ""
    hint: str = ""
    passing: bool = False


def build(changes: Iterable[Change]) -> Json:
    """Return the body of one call; eBay caps an offer by the SKU's stock, so both are sent."""
    return {"requests": [_row(change) for change in changes]}


def _row(change: Change) -> Json:
    row: Json = {
        "sku": change.sku,
        "shipToLocationAvailability": {"quantity": change.quantity},
    }
    if change.offers:
        row["offers"] = [
            {"offerId": offer, "availableQuantity": change.quantity} for offer in change.offers
        ]
    return row


def problem(change: Change) -> Outcome | None:
    """Return why a change cannot be sent at all."""
    if not 0 < len(change.sku) <= const.SKU_LENGTH:
        text = _lt("eBay's SKUs have 1 to 50 characters: “%(sku)s”.", sku=change.sku[:80])
        return Outcome(change, False, text, _lt("Correct the SKU of the listing."))
    if not 0 <= change.quantity <= const.MOST_STOCK:
        text = _lt("eBay does not take %(quantity)s as a quantity.", quantity=change.quantity)
        return Outcome(change, False, text, _lt("Look at the product's stock."))
    if change.rows > const.ROWS_PER_STOCK_CALL:
        text = _lt("“%(sku)s” has more than 25 offers.", sku=change.sku)
        return Outcome(change, False, text, _lt("Take out offers that have ended."))
    return None


def calls(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Share changes out over calls; no SKU is twice in one, the last word about it counts."""
    latest = {change.sku: change for change in changes}
    batch: list[Change] = []
    rows = 0
    for change in latest.values():
        if batch and rows + change.rows > const.ROWS_PER_STOCK_CALL:
            yield batch
            batch, rows = [], 0
        batch.append(change)
        rows += change.rows
    if batch:
        yield batch


def read_outcomes(changes: Sequence[Change], data: object) -> list[Outcome]:
    """Return what became of each change; what eBay is silent about has to be sent again."""
    rows = data.get("responses") if isinstance(data, dict) else None
    answers: dict[str, list[Json]] = {}
    owner = {offer: change.sku for change in changes for offer in change.offers}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            sku = str(row.get("sku") or owner.get(str(row.get("offerId")), ""))
            answers.setdefault(sku, []).append(row)
    return [_outcome(change, answers.get(change.sku, [])) for change in changes]


def _outcome(change: Change, rows: list[Json]) -> Outcome:
    told = {str(row.get("offerId")) for row in rows if row.get("offerId")}
    for row in rows:
        if not _is_ok(row):
            found = explain.read_errors(row)
            meant = explain.meaning(found[0] if found else explain.Said())
            passing = meant.passing or _status(row) >= 500
            return Outcome(change, False, meant.text, meant.hint, passing)
    if not rows or (told and set(change.offers) - told):
        text = _lt("eBay did not say what became of “%(sku)s”.", sku=change.sku)
        return Outcome(change, False, text, explain.AGAIN, passing=True)
    return Outcome(change, True)


def _status(row: dict[str, Any]) -> int:
    status = row.get("statusCode")
    return status if isinstance(status, int) and not isinstance(status, bool) else 0


def _is_ok(row: dict[str, Any]) -> bool:
    return 200 <= _status(row) < 300


class Stock:
    """Sends quantities of one seller's listings."""

    def __init__(self, client: EbayClient) -> None:
        self._client = client

    def push(self, changes: Iterable[Change]) -> Iterator[list[Outcome]]:
        """Send changes call by call and yield what became of each, to be kept at once.

        :raises errors.AutomationError: when eBay as a whole does not work
        """
        good: list[Change] = []
        for change in changes:
            if bad := problem(change):
                yield [bad]
            else:
                good.append(change)
        for batch in calls(good):
            yield self._send(batch)

    def _send(self, batch: Sequence[Change]) -> list[Outcome]:
        """Send one call; when eBay refuses all of it, each change is sent alone."""
        path = f"{const.INVENTORY}/bulk_update_price_quantity"
        headers = {
            "X-EBAY-C-MARKETPLACE-ID": self._client.marketplace,
            "Content-Language": self._client.site[1],
        }
        try:
            answer = self._client.call("POST", path, body=build(batch), headers=headers)
        except (errors.Rejected, errors.NotFound) as error:
            if len(batch) == 1:
                return [Outcome(batch[0], False, error.message, error.hint)]
            return [outcome for change in batch for outcome in self._send([change])]
        try:
            data = json.loads(answer.content) if answer.content.strip() else {}
        except (ValueError, RecursionError):
            data = {}
        return read_outcomes(batch, data)

    def offers(self, sku: str) -> tuple[str, ...]:
        """Return the numbers of a SKU's published offers."""
        params = {"sku": sku, "limit": "100"}
        try:
            data = self._client.call("GET", f"{const.INVENTORY}/offer", params=params).json()
        except errors.NotFound:
            return ()
        rows = data.get("offers") if isinstance(data, dict) else None
        return tuple(
            str(row["offerId"])
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and row.get("status") == "PUBLISHED" and row.get("offerId")
        )
