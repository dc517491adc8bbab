"""eBay for one seller: orders, stock, tokens and quotas, and the answer to each request.

Whatever a client does that the vendor's documents do not allow is refused and noted in
``violations``; everything it sent is in ``log``, to count doubles.
"""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from . import login, resources, trading
from .happenings import cancel, request_cancellation, stamp
from .spec import Operation, Spec, Violation
from .wire import EbayError, Fault, Json, Reply, Request


class Shop:
    """A seller at eBay in memory. All methods may be called from any thread.

    :param spec: the vendor's documents; without them only eBay's own rules are checked
    :param now: a fixed time, for tests that need one
    """

    def __init__(
        self, orders: Iterable[Json] = (), *, spec: Spec | None = None, now: datetime | None = None
    ) -> None:
        self.spec = spec
        self.fixed_now = now
        self.clock_offset = timedelta()
        self.app_id, self.cert_id, self.ru_name = "MusterApp-PRD-1", "PRD-geheim-1", "Muster-RuName"
        self.orders: dict[str, Json] = {}
        self.invisible: set[str] = set()  # orders the list of changes leaves out
        self.fulfillments: dict[str, list[Json]] = {}
        self.inventory: dict[str, Json] = {}  # by SKU: quantity, offers by number
        self.listings: dict[str, Json] = {}  # old ones, by number: quantity, variations by SKU
        self.feedback: dict[str, str] = {}  # by line
        self.user: Json = {
            "userId": "u1",
            "username": "muster-shop",
            "accountType": "BUSINESS",
            "status": "CONFIRMED",
        }
        self.registered = True
        self.one_sku_per_call = False
        self.limits = {"fulfillment": 100_000, "inventory": 100_000, "tradingapi": 5_000}
        self.used: Counter[str] = Counter()
        self.tokens = login.Tokens(self)
        self.keys = login.SigningKeys()
        self.faults: list[Fault] = []
        self.before: Callable[[Request], None] | None = None  # called ahead of every request
        self.requests: Counter[str] = Counter()
        self.log: list[Request] = []
        self.violations: list[str] = []
        self.lock = threading.RLock()
        for order in orders:
            self.add(order)

    # -- what happens at eBay -----------------------------------------------

    def now(self) -> datetime:
        """eBay's time."""
        return (self.fixed_now or datetime.now(UTC)) + self.clock_offset

    def add(self, order: Json) -> str:
        """Take an order over as it is."""
        with self.lock:
            self.orders[order["orderId"]] = copy.deepcopy(order)
        return str(order["orderId"])

    def touch(self, number: str, when: datetime | None = None) -> None:
        """Mark an order as changed now."""
        with self.lock:
            self.orders[number]["lastModifiedDate"] = stamp(when or self.now())

    def ask_to_cancel(self, number: str) -> None:
        """Let the buyer ask for a cancellation."""
        with self.lock:
            request_cancellation(self.orders[number], self.now())
            self.touch(number)

    def cancel(self, number: str) -> None:
        """Cancel an order."""
        with self.lock:
            cancel(self.orders[number], self.now())
            self.touch(number)

    def fail(self, kind: str, path: str = "", times: int = 1, **more: object) -> Fault:
        """Let the next ``times`` requests to ``path`` go wrong (see :class:`Fault`)."""
        fault = Fault(kind, path, times, **more)  # type: ignore[arg-type]
        with self.lock:
            self.faults.append(fault)
        return fault

    # -- requests -------------------------------------------------------------

    def handle(self, request: Request) -> tuple[Reply, Fault | None]:
        """Return the answer and the fault that spoils its delivery, if there is one."""
        with self.lock:
            if self.before:
                self.before(request)
            self.requests["all"] += 1
            self.requests[f"{request.method} {request.path}"] += 1
            self.log.append(request)
            fault = self._next_fault(request)
            reply = fault.reply() if fault else None
            if reply is None:
                reply = self._answer(request)
            return reply, fault

    def _next_fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            fits = fault.path in request.path and fault.method in ("", request.method)
            if fault.times > 0 and fits:
                fault.times -= 1
                return fault
        return None

    def _answer(self, request: Request) -> Reply:
        try:
            if request.path == "/identity/v1/oauth2/token":
                return self.tokens.answer(request)
            if request.path == "/ws/api.dll":
                return trading.answer(self, request)
            operation = self.spec.operation(request) if self.spec else None
            self._admit(request, operation)
            if self.spec and operation:
                self.spec.check_request(request, operation)
            reply = resources.answer(self, request)
        except EbayError as error:
            return error.reply()
        except Violation as error:
            self.violations.append(str(error))
            return EbayError(400, 2004, str(error), "ACCESS").reply()
        if self.spec and operation:
            self.spec.check_reply(operation, reply)
        return reply

    def _admit(self, request: Request, operation: Operation | None) -> None:
        """Check the token, its scopes and the quota."""
        words = request.headers.get("authorization", "").split(" ", 1)
        scheme = "IAF" if request.path.startswith("/post-order/") else "Bearer"
        if words[0] != scheme or len(words) < 2:
            raise EbayError(401, 1002, "Missing access token", "OAuth")
        scopes = self.tokens.scopes(words[1])
        if operation and operation.scopes and not operation.scopes & scopes:
            raise EbayError(403, 1100, "Insufficient permissions", "ACCESS")
        parts = request.path.split("/")
        self.spend(parts[2])

    def spend(self, api: str) -> None:
        """Count a call against its quota."""
        self.used[api] += 1
        if self.used[api] > self.limits.get(api, 10**9):
            raise EbayError(429, 2001, "Too many requests.", "ACCESS")
