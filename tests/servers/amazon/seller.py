"""A seller's account at Amazon, in memory: orders, offers, files, and how fast it may be asked.

``violations`` holds what no model allows: tests expect it empty. ``refused`` holds what Amazon
refuses for other reasons. Nothing that was sent is forgotten.
"""

from __future__ import annotations

import copy
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from .wire import Fault, Json

GERMANY = "A1PA6795UKMFR9"
FRANCE = "A13V1IB3VIYZZH"
PLACES = {
    GERMANY: ("Amazon.de", "DE", "de_DE", "www.amazon.de"),
    FRANCE: ("Amazon.fr", "FR", "fr_FR", "www.amazon.fr"),
}


@dataclass
class Listing:
    """An offer. ``channels`` maps the channel's code to its quantity."""

    channels: dict[str, int] = field(default_factory=lambda: {"DEFAULT": 0})
    lead_time: int | None = 2
    history: list[int] = field(default_factory=list)
    title: str = ""
    created: float = 1_700_000_000.0


@dataclass
class Document:
    """A file: uploaded by the client, or made by Amazon."""

    number: str
    content_type: str = ""
    content: bytes | None = None
    created: float = 0.0
    packed: bool = False


@dataclass
class Feed:
    """A file that was handed in."""

    number: str
    kind: str
    marketplaces: list[str]
    document: Document
    options: dict[str, str]
    created: float
    polls: int = 0
    status: str = "IN_QUEUE"
    result: str = ""


class Seller:
    """One account. All methods may be called from any thread."""

    def __init__(
        self, orders: Iterable[Json] = (), *, clock: Callable[[], float] = time.time
    ) -> None:
        self.clock = clock
        self.client_id = "amzn1.application-oa2-client.test"
        self.client_secret = "amzn1.oa2-cs.v1.client-secret"
        self.refresh_token = "Atzr|refresh-token"
        self.seller_id = "A2TESTSELLER01"
        self.tokens: dict[str, float] = {}
        self.token_life = 3600.0
        self.marketplaces = [GERMANY, FRANCE]
        self.suspended: set[str] = set()
        self.orders: dict[str, Json] = {}
        self.seen_at: dict[str, float] = {}  # since when the search shows the last change
        self.hidden: set[str] = set()  # not shown by the search by change
        self.lag = 0.0  # seconds until the search shows a change
        self.shifting_pages = False
        self.denied_data: set[str] = set()
        self.denied: set[str] = set()  # operations
        self.listings: dict[str, Listing] = {}
        self.documents: dict[str, Document] = {}
        self.feeds: dict[str, Feed] = {}
        self.feed_polls = 1  # answers until a feed is done
        self.settlements: list[tuple[str, datetime, bytes]] = []
        self.solicited: list[str] = []
        self.own_invoices = False  # Amazon writes the invoices
        self.invoices: list[dict[str, str]] = []
        self.confirmations: list[tuple[str, Json]] = []
        self.untracked: list[tuple[str, str, tuple[tuple[str, int], ...]]] = []
        self.cancellations: list[str] = []
        self.pages: dict[str, Json] = {}
        self.rates: dict[str, tuple[float, int]] = {}
        self.buckets: dict[str, tuple[float, float]] = {}
        self.faults: list[Fault] = []
        self.calls: Counter[str] = Counter()
        self.violations: list[str] = []
        self.refused: list[str] = []
        self.base_url = ""
        self.judge_file: Callable[[str, Any], list[str]] = lambda _name, _data: []
        self.lock = threading.RLock()
        for order in orders:
            self.place(order)

    # -- what happens at Amazon -------------------------------------------

    def place(self, order: Json) -> str:
        """Take an order over as it is, with its own times."""
        with self.lock:
            number = str(order["orderId"])
            self.orders[number] = copy.deepcopy(order)
            self.seen_at[number] = self.clock() + self.lag
            for item in order["orderItems"]:
                if sku := item["product"].get("sellerSku"):
                    self.listings.setdefault(sku, Listing(title=item["product"]["title"]))
        return number

    def touch(self, number: str, **changes: object) -> Json:
        """Change an order now."""
        with self.lock:
            order = self.orders[number]
            order.update(changes)
            order["lastUpdatedTime"] = self.instant()
            self.seen_at[number] = self.clock() + self.lag
            return order

    def set_status(self, number: str, status: str) -> None:
        """Move an order on."""
        order = self.touch(number)
        order["fulfillment"]["fulfillmentStatus"] = status

    def cancel(self, number: str, by: str = "BUYER", items: Iterable[str] = ()) -> None:
        """Cancel an order, or some of its articles: nothing of them is wanted any more."""
        with self.lock:
            order = self.touch(number)
            named = set(items) or {item["orderItemId"] for item in order["orderItems"]}
            for item in order["orderItems"]:
                if item["orderItemId"] not in named:
                    continue
                item["quantityOrdered"] = 0
                item["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
                item["cancellation"] = {"cancellationExecution": {"cancelledBy": by}}
                item.pop("proceeds", None)
            wanted = [item for item in order["orderItems"] if item["quantityOrdered"]]
            order.pop("proceeds", None)
            if not wanted:
                self.set_status(number, "CANCELLED")
            elif all("proceeds" in item for item in wanted):
                total = sum(Decimal(i["proceeds"]["proceedsTotal"]["amount"]) for i in wanted)
                order["proceeds"] = {
                    "grandTotal": {"amount": f"{total:.2f}", "currencyCode": "EUR"}
                }

    def ask_to_cancel(self, number: str, reason: str) -> None:
        """Let the buyer ask for the cancellation."""
        order = self.touch(number)
        for item in order["orderItems"]:
            item["cancellation"] = {
                "cancellationRequest": {"requester": "BUYER", "cancelReason": reason}
            }

    def fail(self, kind: str, path: str = "", times: int = 1, **more: object) -> Fault:
        """Let the next ``times`` requests to ``path`` go wrong (see :class:`Fault`)."""
        fault = Fault(kind, path, times, **more)  # type: ignore[arg-type]
        with self.lock:
            self.faults.append(fault)
        return fault

    # -- helpers ----------------------------------------------------------

    def instant(self, moment: float | None = None) -> str:
        """A time as Amazon writes it, by default now."""
        when = datetime.fromtimestamp(self.clock() if moment is None else moment, UTC)
        return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"

    def next_fault(self, path: str) -> Fault | None:
        """The fault that hits a request."""
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                if fault.skip:
                    fault.skip -= 1
                    return None
                fault.times -= 1
                return fault
        return None

    def take(self, name: str, rate: float, burst: int) -> bool:
        """Take a call from an operation's bucket; whether there was one."""
        rate, burst = self.rates.get(name, (rate, burst))
        now = self.clock()
        tokens, at = self.buckets.get(name, (float(burst), now))
        tokens = min(float(burst), tokens + max(0.0, now - at) * rate)
        # the thousandth is for sums of floats: a call exactly on time is in time
        granted = tokens >= 0.999
        self.buckets[name] = (tokens - 1 if granted else tokens, now)
        return granted
