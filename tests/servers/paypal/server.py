"""PayPal on a port of its own: ``with PayPalServer() as server: server.add_payment("19.90")``.

What a client does that the vendor's documents do not allow is refused and noted in ``violations``.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import requests

from ..base import Call, Sent, ThreadedServer
from .book import Book
from .login import Tokens
from .spec import Operation, Spec, Violation
from .wire import Fault, Json, PayPalError, sent, stamp

TOKEN = "/v1/oauth2/token"
DAY = timedelta(days=1)


class PayPalServer(Book, ThreadedServer):
    """One merchant's PayPal, served in a thread.

    :param spec: the vendor's documents; without them only PayPal's own rules are checked
    :param now: a fixed time, for tests that need one
    :param delay: how late the search shows what happened; PayPal's is up to three hours
    """

    def __init__(
        self,
        port: int = 0,
        *,
        spec: Spec | None = None,
        now: datetime | None = None,
        delay: timedelta = timedelta(),
    ) -> None:
        Book.__init__(self, now)
        ThreadedServer.__init__(self, port)
        self.spec = spec
        self.delay = delay
        self.colon = False  # as real answers have it
        self.limit = 10_000  # transactions that one window may hold
        self.tokens = Tokens()
        self.faults: list[Fault] = []
        self.before: Callable[[Call], None] | None = None  # called ahead of every request
        self.requests: Counter[str] = Counter()
        self.log: list[Call] = []
        self.violations: list[str] = []
        self._told = 0
        self._serving = threading.RLock()

    def fail(self, kind: str, path: str = "", times: int = 1, seconds: float = 0.0) -> Fault:
        """Let the next ``times`` requests to ``path`` go wrong (see :class:`Fault`)."""
        fault = Fault(kind, path, times, seconds)
        self.faults.append(fault)
        return fault

    def tell(self, url: str, payment: str, event: str = "PAYMENT.CAPTURE.COMPLETED") -> int:
        """Send a webhook's message about a payment; return the answer's status."""
        self._told += 1
        when = stamp(self.now()).replace("+00:00", "Z")
        body: Json = {
            "id": f"WH-{self._told:05d}",
            "create_time": when,
            "resource_type": "capture",
            "event_type": event,
            "event_version": "1.0",
            "resource_version": "2.0",
            "summary": f"A message about {payment}",
            "resource": self.entry(payment).capture(),
        }
        return requests.post(url, json=body, timeout=30).status_code

    # -- requests --------------------------------------------------------------

    def answer(self, call: Call) -> Sent:
        """Answer one request, or spoil the answer."""
        with self._serving:
            if self.before:
                self.before(call)
            self.requests[f"{call.method} {call.plain_path}"] += 1
            self.log.append(call)
            fault = self._next_fault(call)
            wrong = fault.sent() if fault else None
            reply = wrong or self._answer(call)
        if fault and fault.kind == "half":
            return Sent(reply.status, reply.content, reply.headers, half=True)
        return reply

    def _next_fault(self, call: Call) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.path in call.path:
                fault.times -= 1
                return fault
        return None

    def _answer(self, call: Call) -> Sent:
        if call.plain_path == "/":
            return sent(200, {"PayPal": "to test against", "transactions": len(self.entries)})
        if call.plain_path == TOKEN:
            reply, problem = self.tokens.answer(call, self.now())
            self.violations += [problem] if problem else []
            return reply
        try:
            operation = self.spec.operation(call) if self.spec else None
            self._admit(call, operation)
            if self.spec and operation:
                self.spec.check_request(call, operation)
            reply = self._resource(call)
        except PayPalError as error:
            return error.sent()
        except Violation as error:
            self.violations.append(str(error))
            return PayPalError(400, "INVALID_REQUEST", "Not well-formed.", str(error)).sent()
        if self.spec and operation:
            self.spec.check_reply(operation, reply)
        return reply

    def _admit(self, call: Call, operation: Operation | None) -> None:
        scheme, _blank, token = call.small_headers.get("authorization", "").partition(" ")
        scopes = self.tokens.allowed(token, self.now())
        if scheme != "Bearer" or scopes is None:
            raise PayPalError(401, "AUTHENTICATION_FAILURE", "Authentication failed.")
        needed = operation.scopes if operation else _needed(call)
        if needed and not needed & set(scopes):
            text = "Authorization failed due to insufficient permissions."
            raise PayPalError(403, "NOT_AUTHORIZED", text)

    def _resource(self, call: Call) -> Sent:
        path = call.plain_path
        if path == "/v1/reporting/transactions":
            return sent(200, self._search(call.params))
        if path == "/v1/reporting/balances":
            when = stamp(self.now() - self.delay)
            body = {
                "balances": self.balances(),
                "account_id": self.payer_id,
                "as_of_time": when,
                "last_refresh_time": when,
            }
            return sent(200, body)
        if path.startswith("/v2/payments/captures/"):
            number = path.rpartition("/")[2]
            for entry in self.entries:
                if entry.id == number and entry.code.startswith("T00"):
                    return sent(200, entry.capture())
            raise PayPalError(404, "RESOURCE_NOT_FOUND", "The specified resource does not exist.")
        raise PayPalError(404, "RESOURCE_NOT_FOUND", f"No such path: {path}")

    def _search(self, params: dict[str, str]) -> Json:
        start, end = (datetime.fromisoformat(params[key]) for key in ("start_date", "end_date"))
        reached = self.now() - self.delay
        self._check_window(start, end, reached)
        found = [entry for entry in self.seen(self.delay) if start <= entry.when <= end]
        if len(found) > self.limit:
            text = "Result set size is greater than the maximum limit. Change the filters."
            raise PayPalError(400, "RESULTSET_TOO_LARGE", text)
        rows = [entry.row(colon=self.colon) for entry in found] + self.raw_rows
        size, page = int(params.get("page_size", "100")), int(params.get("page", "1"))
        body: Json = {
            "account_number": self.account,
            "start_date": stamp(start, colon=self.colon),
            "end_date": stamp(min(end, reached), colon=self.colon),
            "last_refreshed_datetime": stamp(reached, colon=self.colon),
            "page": page,
            "total_items": len(rows),
            "total_pages": -(-len(rows) // size),
        }
        if part := rows[(page - 1) * size : page * size]:
            body["transaction_details"] = [_only(row, params.get("fields", "")) for row in part]
        return body

    def _check_window(self, start: datetime, end: datetime, reached: datetime) -> None:
        if start > end or end - start > 31 * DAY:
            self.violations.append(f"window of {end - start}")
            raise PayPalError(400, "INVALID_REQUEST", "Date range is greater than 31 days")
        if start < self.now() - 3 * 366 * DAY:
            self.violations.append(f"{start} is more than three years ago")
            raise PayPalError(400, "INVALID_REQUEST", "Start date is too old")
        if start > reached:
            text = "Data for the given start date is not available."
            raise PayPalError(400, "INVALID_REQUEST", text)


def _needed(call: Call) -> set[str]:
    """What the documents demand, where they are not at hand."""
    if "/reporting/" in call.path:
        kind = "search" if call.path.endswith("transactions") else "balances"
        return {f"https://uri.paypal.com/services/reporting/{kind}/read"}
    return set()


def _only(row: Json, fields: str) -> Json:
    wanted = fields.split(",") if fields else ["transaction_info"]
    found: dict[str, Any] = {
        name: value for name, value in row.items() if fields == "all" or name in wanted
    }
    return found
