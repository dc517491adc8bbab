"""Stock to eBay, whichever interface knows the listing.

A listing's own knowledge (``extra``) is ``{"api": "inventory", "offers": […]}`` for those of the
Inventory API and ``{"api": "trading", "item": "…", "sku": "…"}`` for old ones. Where only the
number of the listing is known (``{"item": "…"}``, from an order) or nothing, eBay is asked once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.outbox import StockChange, StockOutcome, StockReply

from . import const, stock, trading
from .client import EbayClient
from .explain import MEANINGS
from .listings import INVENTORY, TRADING

_lt = Marker(__name__)

AT_ONCE: Final = 500  # changes whose revisions are counted in one step
_ITEM = re.compile(r"\d{9,19}", re.ASCII)

Take = Callable[[Sequence[tuple[str, bool]]], set[str]]
"""Notes a change for each ``(listing, urgent)``; returns those that have to wait for tomorrow."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a listing's stock is kept at eBay. ``fresh``: eBay was asked just now."""

    api: str
    item: str = ""
    sku: str = ""
    offers: tuple[str, ...] = ()
    fresh: bool = False

    @property
    def extra(self) -> dict[str, object]:
        """What to remember about the listing."""
        if self.api == TRADING:
            return {"api": TRADING, "item": self.item, "sku": self.sku}
        return {"api": INVENTORY, "offers": list(self.offers)}


class Pusher:
    """Sends the stock of one seller's listings.

    :param take: counts the changes of each listing; eBay takes 250 a day
    """

    def __init__(self, client: EbayClient, take: Take) -> None:
        self._stock = stock.Stock(client)
        self._old = trading.OldListings(client)
        self._take = take

    def push(self, changes: Iterable[StockChange]) -> Iterator[StockReply]:
        """Send changes and yield what became of them call by call.

        :raises errors.AutomationError: when eBay as a whole does not work
        """
        rest = iter(changes)
        while part := list(islice(rest, AT_ONCE)):
            places = {change.listing_id: self._place(change) for change in part}
            late = self._take([(_name(change), change.urgent) for change in part])
            if waiting := [change for change in part if _name(change) in late]:
                yield StockReply(tuple(_tomorrow(change) for change in waiting))
            ready = [change for change in part if _name(change) not in late]
            yield from self._inventory(ready, places)
            yield from self._trading(ready, places)

    def _place(self, change: StockChange) -> Place:
        """Return where the stock is kept, asking eBay if that is not known."""
        known = _known(change)
        if known:
            return known
        if change.sku.startswith(const.NO_SKU):
            return Place(TRADING, item=change.sku.removeprefix(const.NO_SKU).split("/")[0])
        offers = self._stock.offers(change.sku)
        item = str(change.extra.get("item") or change.external_id)
        if not offers and _ITEM.fullmatch(item):
            return Place(TRADING, item, change.sku, fresh=True)
        return Place(INVENTORY, offers=offers, fresh=True)

    def _inventory(
        self, changes: Sequence[StockChange], places: Mapping[int, Place]
    ) -> Iterator[StockReply]:
        mine = [change for change in changes if places[change.listing_id].api == INVENTORY]
        by_sku = {change.sku: change for change in mine}
        wanted = [
            stock.Change(sku, _quantity(change), places[change.listing_id].offers)
            for sku, change in by_sku.items()
        ]
        for outcomes in self._stock.push(wanted):
            yield StockReply(
                tuple(
                    _of_offer(outcome, change, places[change.listing_id])
                    for outcome in outcomes
                    for change in mine
                    if change.sku == outcome.change.sku
                )
            )

    def _trading(
        self, changes: Sequence[StockChange], places: Mapping[int, Place]
    ) -> Iterator[StockReply]:
        mine: dict[tuple[str, str], list[StockChange]] = {}
        for change in changes:
            place = places[change.listing_id]
            if place.api == TRADING:
                mine.setdefault((place.item, place.sku), []).append(change)
        wanted = [
            trading.Listing(_quantity(same[-1]), item, sku) for (item, sku), same in mine.items()
        ]
        for outcomes in self._old.push(wanted):
            yield StockReply(
                tuple(
                    StockOutcome(
                        change.listing_id,
                        outcome.ok,
                        outcome.text,
                        outcome.hint,
                        outcome.passing,
                        places[change.listing_id].extra,
                    )
                    for outcome in outcomes
                    for change in mine[outcome.listing.item_id, outcome.listing.sku]
                )
            )


def _known(change: StockChange) -> Place | None:
    """Return what is known of a listing's place."""
    extra = change.extra
    if extra.get("api") == TRADING:
        return Place(TRADING, str(extra.get("item") or ""), str(extra.get("sku") or ""))
    offers = extra.get("offers")
    if extra.get("api") != INVENTORY or not isinstance(offers, list) or not offers:
        return None
    return Place(INVENTORY, offers=tuple(str(offer) for offer in offers))


def _name(change: StockChange) -> str:
    """Return under what a listing's changes are counted."""
    return str(change.extra.get("item") or change.external_id or change.sku)


def _quantity(change: StockChange) -> int:
    """Return what to show; eBay has no word for “not deliverable soon”."""
    return change.quantity if change.availability == "normal" else 0


def _of_offer(outcome: stock.Outcome, change: StockChange, place: Place) -> StockOutcome:
    """Return what became of a change; offers that have ended are asked for anew next time."""
    ended = outcome.text == MEANINGS[25713].text and not place.fresh
    return StockOutcome(
        change.listing_id,
        outcome.ok,
        outcome.text,
        outcome.hint,
        outcome.passing or ended,
        {"api": INVENTORY} if ended else place.extra,
    )


def _tomorrow(change: StockChange) -> StockOutcome:
    return StockOutcome(
        change.listing_id,
        False,
        _lt("eBay takes 250 changes of a listing a day; “%(sku)s” has had them.", sku=change.sku),
        _lt("It is sent tomorrow by itself. Report its stock less often."),
        passing=True,
    )
