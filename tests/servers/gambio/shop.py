"""The shop itself: orders, clocks, rights and quota, and what it answers to each request.

Facts are those measured on a live GX 4.8.0.3. Whatever a client does that the documented API does
not know is answered as the shop would and noted in ``violations``.
"""

from __future__ import annotations

import base64
import copy
import threading
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from . import products, resources
from .kinds import Article
from .orders import list_record
from .wire import Fault, Json, Reply, Request, ShopError

BERLIN = ZoneInfo("Europe/Berlin")
STAMP = "%Y-%m-%d %H:%M:%S"
WINDOW = 15 * 60


class Shop:
    """A Gambio shop in memory. All methods may be called from any thread."""

    def __init__(
        self,
        orders: Iterable[Json] = (),
        *,
        user: str = "api@shop.example",
        password: str = "shop-password",
        token: str = "",
        api_version: str = "2.6.0",
        shop_version: str = "4.8.0.3",
        limit: int = 5000,
    ) -> None:
        self.user, self.password, self.token = user, password, token
        self.api_version, self.shop_version = api_version, shop_version
        self.limit, self.used, self.reset = limit, 0, time.time() + WINDOW
        self.orders: dict[int, Json] = {}
        self.modified: dict[int, datetime] = {}
        self.deleted: dict[int, datetime] = {}
        self.tracking: list[Json] = []
        self.products: dict[int, products.Product] = {}
        self.figures: Counter[str] = Counter()
        self.has_v3 = True
        self.forbidden: set[str] = set()
        self.faults: list[Fault] = []
        self.requests: Counter[str] = Counter()
        self.violations: list[str] = []
        self.database_offset = timedelta()
        self.clock_offset = timedelta()
        self.lock = threading.RLock()
        for order in orders:
            self.add(order)

    # -- what happens in the shop -----------------------------------------

    @property
    def old(self) -> bool:
        """Whether this is the API of GX 3.2: no change lists, statuses, parcels."""
        return self.api_version.startswith("2.2")

    def now(self) -> datetime:
        """The shop's local time, without a zone, as PHP has it."""
        return datetime.now(BERLIN).replace(tzinfo=None, microsecond=0) + self.clock_offset

    def add(self, order: Json) -> int:
        """Take an order over as it is; the database stamps the moment of purchase."""
        with self.lock:
            stamp = datetime.strptime(order["purchaseDate"], STAMP)
            self.orders[order["id"]] = copy.deepcopy(order)
            self.modified[order["id"]] = stamp + self.database_offset
            for item in order["items"]:
                products.sell(self, item["model"], item["quantity"])
        return int(order["id"])

    def offer(self, catalogue: Iterable[Article], stock: float = 25) -> None:
        """Put articles on sale."""
        with self.lock:
            first = max(self.products, default=0) + 1
            for one in products.make_products(catalogue, stock, first):
                self.products[one.number] = one

    def stock(self) -> dict[str, float]:
        """Return what the shop shows by SKU: of variants what they have themselves."""
        found: dict[str, float] = {}
        with self.lock:
            for one in self.products.values():
                for part, quantity in one.variants.values():
                    found[f"{one.model}-{part}"] = quantity
                if not one.variants:
                    found[one.model] = one.quantity
        return found

    def touch(self, number: int, when: datetime | None = None) -> None:
        """Mark an order as changed now (or at a local time)."""
        with self.lock:
            self.modified[number] = (when or self.now()) + self.database_offset

    def set_status(
        self, number: int, status: int, comment: str = "", notified: bool = False
    ) -> Json:
        """Change an order's status; every call adds a row to its history."""
        with self.lock:
            order = self.orders[number]
            row = {
                "id": 1 + max((row["id"] for row in order["statusHistory"]), default=0),
                "statusId": status,
                "dateAdded": self.now().strftime(STAMP),
                "comment": comment,
                "customerNotified": notified,
            }
            order["statusId"] = status
            order["statusHistory"].append(row)
            self.touch(number)
            return row

    def delete(self, number: int) -> None:
        """Remove an order."""
        with self.lock:
            del self.orders[number], self.modified[number]
            self.deleted[number] = self.now()

    def fail(self, kind: str, path: str = "", times: int = 1, **more: object) -> Fault:
        """Let the next ``times`` requests to ``path`` go wrong (see :class:`Fault`)."""
        fault = Fault(kind, path, times, **more)  # type: ignore[arg-type]
        with self.lock:
            self.faults.append(fault)
        return fault

    # -- requests ---------------------------------------------------------

    def handle(self, request: Request) -> tuple[Reply, Fault | None]:
        """Return the answer and the fault that spoils its delivery, if there is one."""
        with self.lock:
            self.requests["all"] += 1
            self.requests[f"{request.method} {'/'.join(request.parts)}"] += 1
            fault = self._next_fault(request)
            reply = fault.reply(request) if fault else None
            if reply is None:
                reply = self._answer(request)
            return reply, fault

    def _next_fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            mine = fault.path in request.path and fault.method in ("", request.method)
            if fault.times > 0 and mine:
                fault.times -= 1
                return fault
        return None

    def _answer(self, request: Request) -> Reply:
        if time.time() > self.reset:
            self.used, self.reset = 0, time.time() + WINDOW
        if self.used >= self.limit:
            self.used += 2
            return Fault("quota").reply(request) or Reply(500)
        self.used += 1
        try:
            if not self._authorised(request):
                return Reply(500, html="")
            reply = self._route(request)
        except ShopError as error:
            self.used += 1
            reply = error.reply(request)
        reply.headers += [
            ("X-API-Version", self.api_version),
            ("X-Shop-Version", self.shop_version),
            ("X-Rate-Limit-Limit", str(self.limit)),
            ("X-Rate-Limit-Remaining", str(max(0, self.limit - self.used))),
            ("X-Rate-Limit-Reset", str(int(self.reset))),
        ]
        return reply

    def _authorised(self, request: Request) -> bool:
        """Check the login; ``False``: a broken token, over which the shop falls without a word."""
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            token = header.removeprefix("Bearer ")
            if self.token and token == self.token:
                return True
            if token.count(".") == 2:
                raise ShopError(500, "Signature validation failed!", 0)
            return False
        login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if header != f"Basic {login}":
            raise ShopError(401, "Invalid Credentials")
        return True

    def _route(self, request: Request) -> Reply:
        is_v3 = bool(request.v3_parts)
        if "/api.php/v2" not in request.path and not (is_v3 and self.has_v3 and not self.old):
            return Reply(404, html="<html><h1>404 Not Found</h1></html>")
        if request.method == "HEAD":
            raise ShopError(405, "Method Not Allowed")
        kind = request.headers.get("Content-Type")
        if request.method in ("POST", "PUT", "PATCH") and kind != "application/json":
            self.violations.append(f"Content-Type {kind!r}")
            raise ShopError(415, "Unsupported Media Type HTTP")
        if is_v3:
            return self._route_v3(request)
        parts = request.parts
        if not parts:
            return Reply(body=resources.root(self))
        if parts[0] in self.forbidden:
            raise ShopError(403, "Forbidden - No Permission")
        handler = resources.find(self, request.method, parts)
        if handler is None:
            self.violations.append(f"{request.method} {request.path} is not documented")
            raise ShopError(404, "The requested resource is not supported by the API v2.")
        return handler(self, request)

    def _route_v3(self, request: Request) -> Reply:
        if "v3" in self.forbidden:
            return Reply(403, {"error": "Forbidden - No Permission"})
        handler = resources.find_v3(request.method, request.v3_parts)
        if handler is None:
            self.violations.append(f"{request.method} {request.path} is not documented")
            return Reply(404, {"errors": [["Not found."]]})
        return handler(self, request)

    def records(self) -> list[Json]:
        """Return the short records of all orders, the newest first."""
        return [list_record(self.orders[number]) for number in sorted(self.orders, reverse=True)]
