"""Stock to Amazon: what presses goes first and alone, the rest of many goes as one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, joined
from odoo.addons.shop_connector.lib.outbox import StockChange, StockOutcome, StockReply

from . import const, jobs
from .client import SpApi
from .feeds import JSON_TYPE, FeedJob, Feeds
from .offers import CHANNEL, PAGE, Offers, is_ours
from .stock import Listings, Stock, StockResult, build_feeds, choose_way, read_feed_report

_lt = Marker(__name__)

BY_AMAZON: Final = _lt("Amazon stores and sends this article: its stock is not ours to report.")
BY_AMAZON_HINT: Final = _lt("Mark the listing as sent by the marketplace.")
UNKNOWN: Final = _lt("Amazon has no offer with this SKU.")
UNKNOWN_HINT: Final = _lt(
    "Compare the SKU with Seller Central, or take the listing out of the account."
)
T = TypeVar("T")


class StockPush:
    """Reports stock for one account."""

    def __init__(self, api: SpApi, seller: str, marketplaces: tuple[str, ...]) -> None:
        self._seller = seller
        self._marketplaces = marketplaces
        self._offers = Offers(api, seller, marketplaces)
        self._listings = Listings(api, seller, marketplaces)
        self._feeds = Feeds(api)

    def replies(self, changes: Sequence[StockChange]) -> Iterator[StockReply]:
        """Report changes; one reply per call to Amazon."""
        alone = sorted(changes, key=lambda change: not change.urgent)
        many: list[StockChange] = []
        if choose_way(len(changes), const.FEED_THRESHOLD) == "feed":
            urgent = sum(change.urgent for change in changes)
            cut = min(urgent, const.FEED_THRESHOLD)
            alone, many = alone[:cut], alone[cut:]
        for block in _blocks(alone, PAGE):
            ours, reply = self._sorted_out(block)
            if reply.outcomes:
                yield reply
            for change in ours:
                yield StockReply((self._push(change),))
        yield from self._send_files(many)

    def ask(self, kept: Mapping[str, object]) -> StockReply:
        """Return what became of a file."""
        job = jobs.look(self._feeds, jobs.unpack(kept.get("feed")))
        rows = _kept_rows(kept)
        if job.stage == "running":
            numbers = tuple(number for number, _sku in rows)
            return StockReply((), {**kept, "feed": jobs.pack(job)}, numbers, jobs.WAIT)
        report = self._feeds.result(job)
        results = {row.sku: row for row in read_feed_report(report, [sku for _n, sku in rows])}
        known = {CHANNEL: const.DEFAULT_CHANNEL}  # a file holds nothing else
        return StockReply(
            tuple(replace(_outcome(number, results[sku]), extra=known) for number, sku in rows)
        )

    # -- one by one -------------------------------------------------------

    def _sorted_out(self, block: Sequence[StockChange]) -> tuple[list[StockChange], StockReply]:
        """Return the changes of articles we send ourselves, and the outcomes of all others.

        A quantity for an article that Amazon stores would hand its offer over to us, so whoever
        stores it is found out before the first quantity is sent.
        """
        asked = [change.sku for change in block if is_ours(dict(change.extra)) is None]
        known = self._offers.known(asked) if asked else {}
        ours, outcomes = [], []
        for change in block:
            if change.sku in known:
                change = replace(change, extra=known[change.sku].extra)
            elif change.sku in asked:
                outcomes.append(StockOutcome(change.listing_id, False, UNKNOWN, UNKNOWN_HINT))
                continue
            if is_ours(dict(change.extra)):
                ours.append(change)
            else:
                extra = dict(change.extra)
                outcome = StockOutcome(
                    change.listing_id, False, BY_AMAZON, BY_AMAZON_HINT, extra=extra
                )
                outcomes.append(outcome)
        return ours, StockReply(tuple(outcomes))

    def _push(self, change: StockChange) -> StockOutcome:
        """Report one quantity; only what concerns this article alone is an outcome."""
        try:
            result = self._listings.push(_stock(change))
        except (errors.NotFound, errors.Rejected) as error:
            return StockOutcome(change.listing_id, False, error.message, error.hint)
        except errors.InvalidAnswer as error:
            return StockOutcome(change.listing_id, False, error.message, error.hint, passing=True)
        return replace(_outcome(change.listing_id, result), extra=dict(change.extra))

    # -- files ------------------------------------------------------------

    def _send_files(self, changes: Sequence[StockChange]) -> Iterator[StockReply]:
        fine: dict[str, StockChange] = {}
        for block in _blocks(changes, PAGE):
            ours, reply = self._sorted_out(block)
            if reply.outcomes:
                yield reply
            fine |= {change.sku: change for change in ours}
        for content, skus in build_feeds(self._seller, map(_stock, fine.values())):
            job = self._feeds.send(
                FeedJob(const.LISTINGS_FEED, self._marketplaces, JSON_TYPE), content
            )
            rows = [[fine[sku].listing_id, sku] for sku in skus]
            numbers = tuple(fine[sku].listing_id for sku in skus)
            kept = {"feed": jobs.pack(job), "rows": rows}
            yield StockReply((), kept, numbers, jobs.WAIT)


def _stock(change: StockChange) -> Stock:
    """Return what Amazon shall show; what is not to be sold has a quantity of 0 there."""
    return Stock(change.sku, change.quantity if change.availability == "normal" else 0)


def _outcome(number: int, result: StockResult) -> StockOutcome:
    said = [issue for issue in result.issues if issue.is_error] or list(result.issues)
    text = joined(" ", [issue.text for issue in said])
    hint = joined(" ", dict.fromkeys(issue.hint for issue in said))
    silent = not result.accepted and not said
    if silent:
        text = _lt("Amazon has not accepted the stock and does not say why.")
    return StockOutcome(number, result.accepted, text, hint, passing=silent)


def _kept_rows(kept: Mapping[str, object]) -> list[tuple[int, str]]:
    rows = kept.get("rows")
    if not isinstance(rows, list):
        return []
    return [(int(row[0]), str(row[1])) for row in rows]


def _blocks(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
