"""PayPal's error envelope, and what goes wrong on purpose."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ..base import Sent

Json = dict[str, Any]

JSON_TYPE = ("Content-Type", "application/json")
HTML_TYPE = ("Content-Type", "text/html")


def sent(status: int, body: Any, *headers: tuple[str, str]) -> Sent:
    """A JSON answer."""
    return Sent(status, json.dumps(body, ensure_ascii=False).encode(), (JSON_TYPE, *headers))


class PayPalError(Exception):
    """An error in PayPal's envelope."""

    def __init__(self, status: int, name: str, message: str = "", issue: str = "") -> None:
        super().__init__(f"{name}: {issue or message}")
        self.status, self.name, self.message, self.issue = status, name, message, issue

    def sent(self) -> Sent:
        """The whole answer."""
        body: Json = {"name": self.name, "message": self.message, "debug_id": "f00dcafe0001"}
        if self.issue:
            body["details"] = [{"issue": self.issue}]
        return sent(self.status, body)


@dataclass
class Fault:
    """Something that goes wrong on purpose, for paths that hold ``path``, ``times`` times.

    Kinds: ``throttle`` 429 (``seconds`` in Retry-After) · ``error`` 500 · ``html`` 200 in HTML ·
    ``maintenance`` 503 in HTML · ``half`` a body that breaks off · ``hang`` no answer for
    ``seconds`` · ``drop`` the line is cut · ``unauthorised`` the token is refused
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 0.0

    def sent(self) -> Sent | None:
        """The wrong answer; ``None`` where the fault is not in the answer's words."""
        if self.kind == "throttle":
            headers = [("Retry-After", f"{self.seconds:.0f}")] if self.seconds else []
            return sent(429, {"name": "RATE_LIMIT_REACHED", "message": "Too many."}, *headers)
        if self.kind == "error":
            return sent(500, {"name": "INTERNAL_SERVER_ERROR", "message": "An error occurred."})
        if self.kind == "unauthorised":
            return sent(401, {"error": "invalid_token", "error_description": "Token expired"})
        pages = {"html": (200, b"<html>PayPal</html>"), "maintenance": (503, b"<h1>Soon</h1>")}
        if self.kind in pages:
            status, content = pages[self.kind]
            return Sent(status, content, (HTML_TYPE,))
        if self.kind in ("hang", "drop"):
            return Sent(500, wait=self.seconds, cut=True)
        return None


def money(value: Decimal, currency: str) -> Json:
    """An amount as PayPal writes it."""
    return {"currency_code": currency, "value": str(value.quantize(Decimal("0.01")))}


def stamp(when: datetime, *, colon: bool = True) -> str:
    """A time as PayPal writes it: with a colon in its documents, without in real answers."""
    text = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return text + ("+00:00" if colon else "+0000")
