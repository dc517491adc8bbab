"""What goes over the wire: requests, replies and faults, without sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as it came in; ``query`` is decoded, ``headers`` have small names."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class Reply:
    """What eBay answers. ``body`` is JSON unless ``raw`` is given."""

    status: int = 200
    body: Any = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    raw: bytes | None = None
    content_type: str = "application/json"

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


class EbayError(Exception):
    """An error in eBay's envelope."""

    def __init__(
        self, status: int, number: int, message: str, domain: str = "API_FULFILLMENT"
    ) -> None:
        super().__init__(message)
        self.status, self.number, self.domain = status, number, domain

    @property
    def row(self) -> Json:
        """The error as eBay writes it."""
        return {
            "errorId": self.number,
            "domain": self.domain,
            "category": "REQUEST",
            "message": str(self),
        }

    def reply(self) -> Reply:
        """The whole answer."""
        return Reply(self.status, {"errors": [self.row]})


@dataclass
class Fault:
    """Something that goes wrong on purpose, for paths that hold ``path``, ``times`` times.

    Kinds: ``throttle`` 429 without a header · ``error`` 500 in JSON · ``html`` 200 in HTML ·
    ``maintenance`` 503 in HTML · ``half`` a body that breaks off · ``hang`` no answer for
    ``seconds`` · ``drop`` the line is cut before anything happens · ``lost`` everything happens,
    then the line is cut · ``unauthorised`` the token is refused
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    method: str = ""

    def reply(self) -> Reply | None:
        """The wrong answer; ``None`` where the fault is not in the answer's words."""
        if self.kind == "throttle":
            return EbayError(429, 2001, "Too many requests.", "ACCESS").reply()
        if self.kind == "error":
            return EbayError(500, 30500, "System error").reply()
        if self.kind == "unauthorised":
            return EbayError(401, 1001, "Invalid access token", "OAuth").reply()
        pages = {"html": (200, "<html>eBay</html>"), "maintenance": (503, "<h1>Back soon</h1>")}
        if self.kind in pages:
            status, text = pages[self.kind]
            return Reply(status, raw=text.encode(), content_type="text/html")
        if self.kind in ("hang", "drop"):
            return Reply(500)
        return None
