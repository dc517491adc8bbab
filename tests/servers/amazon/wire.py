"""What goes over the wire: requests, replies and faults, without sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as it came in. ``query`` keeps repeated parameters; header names are lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def params(self) -> dict[str, str]:
        """The query as a mapping."""
        return dict(self.query)

    def json(self) -> Any:
        """The body, decoded."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refusal(400, "InvalidInput", "The body is not JSON.") from None


@dataclass
class Reply:
    """An answer. ``body`` is JSON unless ``content`` is given."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    kind: str = "application/json"

    def encoded(self) -> bytes:
        """The body's bytes."""
        if self.content is not None:
            return self.content
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


class Refusal(Exception):
    """An error Amazon answers."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message, "details": details}

    def reply(self) -> Reply:
        """The error as Amazon writes it."""
        return Reply(self.status, {"errors": [self.error]})


@dataclass
class Fault:
    """Something that goes wrong on purpose, ``times`` times, for paths that hold ``path``.

    Kinds: ``throttle`` 429 without the rate · ``error`` 500 in JSON · ``html`` 503 in HTML ·
    ``expired`` 403 for the token · ``denied`` 403 · ``invalid`` a bare 400 · ``half`` a body that
    breaks off · ``drop`` the line is cut before the request is worked on · ``lost`` it is worked
    on, the answer is lost · ``hang`` no answer for ``seconds`` · ``body`` 200 with ``payload``
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    payload: bytes = b""
    skip: int = 0  # let so many pass first

    def reply(self) -> Reply | None:
        """The wrong answer; ``None`` where the fault is not in the answer's words."""
        refusals = {
            "throttle": (429, "QuotaExceeded", "You exceeded your quota for the resource."),
            "error": (500, "InternalFailure", "We encountered an internal error."),
            "expired": (403, "Unauthorized", "The access token you provided has expired."),
            "denied": (403, "Unauthorized", "Access to requested resource is denied."),
            "invalid": (400, "InvalidInput", "The input you have submitted is not valid."),
        }
        if self.kind in refusals:
            return Refusal(*refusals[self.kind]).reply()
        if self.kind == "html":
            return Reply(503, content=b"<html><h1>Service Unavailable</h1>", kind="text/html")
        if self.kind == "body":
            return Reply(200, content=self.payload)
        return None
