"""What goes over the wire: requests, replies and faults, without sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as it came in; ``path`` is below the shop's address, without the query."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def parts(self) -> list[str]:
        """The path below ``/api.php/v2``, in pieces."""
        return [part for part in self.path.split("/api.php/v2", 1)[-1].split("/") if part]

    @property
    def v3_parts(self) -> list[str]:
        """The path of API v3 in pieces, ``v3`` first; empty for any other."""
        _shop, is_v3, rest = self.path.partition("/api.php/v3")
        return ["v3", *filter(None, rest.split("/"))] if is_v3 else []

    def json(self, what: str) -> Any:
        """Return the body; the shop answers 400 to what is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise ShopError(400, f"{what} data were not provided.") from None


@dataclass
class Reply:
    """What the shop answers. ``body`` is JSON unless ``html`` is given."""

    status: int = 200
    body: Any = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    html: str | None = None

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        if self.html is not None:
            return self.html.encode()
        if self.status == 204:
            return b""
        return json.dumps(self.body, ensure_ascii=False, indent=4).encode()

    @property
    def content_type(self) -> str:
        """The body's kind, as the shop names it."""
        return (
            "text/html; charset=utf-8"
            if self.html is not None
            else "application/json; charset=utf-8"
        )


class ShopError(Exception):
    """An error the shop answers; ``code`` is 0 where the shop did not expect it."""

    def __init__(self, status: int, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = status if code is None else code

    def reply(self, request: Request) -> Reply:
        """The error as the shop writes it."""
        return Reply(
            self.status,
            {
                "code": self.code,
                "status": "error",
                "message": str(self),
                "request": {
                    "method": request.method,
                    "url": "http://shop.example",
                    "path": request.path,
                    "uri": {"root": "/api.php", "resource": request.path},
                },
            },
        )


@dataclass
class Fault:
    """Something that goes wrong on purpose, for paths that hold ``path``, ``times`` times.

    Kinds: ``unauthorised`` 401 · ``forbidden`` 403 · ``quota`` the used-up limit (500, HTML) ·
    ``throttle`` 429 · ``error`` 500 in JSON · ``maintenance`` 503 in HTML · ``html`` 200 in HTML ·
    ``half`` a body that breaks off · ``slow`` a right answer after ``seconds`` · ``hang`` no answer
    for ``seconds``, then none · ``drop`` the request is worked on, then the line is cut ·
    ``body`` 200
    with ``payload`` as it is

    ``method`` limits it to requests of one kind.
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    payload: bytes = b""
    method: str = ""

    def reply(self, request: Request) -> Reply | None:
        """The wrong answer; ``None`` where the fault is not in the answer's words."""
        if self.kind == "unauthorised":
            return ShopError(401, "Invalid Credentials").reply(request)
        if self.kind == "forbidden":
            return ShopError(403, "Forbidden - No Permission").reply(request)
        if self.kind == "error":
            return ShopError(500, "Unexpected database error", 0).reply(request)
        if self.kind == "throttle":
            return Reply(429, html="Too Many Requests", headers=[("Retry-After", "120")])
        pages = {
            "quota": (500, "<h1>Unexpected error occurred...</h1>Request limit was reached."),
            "maintenance": (503, "<html><body><h1>Wartungsarbeiten</h1></body></html>"),
            "html": (200, "<!DOCTYPE html><html><title>Mein Shop</title></html>"),
            "body": (200, self.payload.decode()),
        }
        if self.kind in pages:
            status, html = pages[self.kind]
            return Reply(status, html=html)
        return None
