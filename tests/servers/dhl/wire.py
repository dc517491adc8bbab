"""DHL's way to say no, and what goes wrong on purpose."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..base import Sent

Json = dict[str, Any]

JSON_TYPE = ("Content-Type", "application/json")
PROBLEM_TYPE = ("Content-Type", "application/problem+json")
HTML_TYPE = ("Content-Type", "text/html")
XML_TYPE = ("Content-Type", "application/xml")
TITLES = {
    200: "ok",
    207: "Multi-Status",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


def sent(status: int, body: Any, *headers: tuple[str, str]) -> Sent:
    """A JSON answer."""
    kind = JSON_TYPE if status < 400 else PROBLEM_TYPE
    return Sent(status, json.dumps(body, ensure_ascii=False).encode(), (kind, *headers))


def state(status: int, detail: str = "", title: str = "") -> Json:
    """A status as it stands in every answer."""
    found: Json = {
        "title": title or TITLES.get(status, "Error"),
        "statusCode": status,
        "status": status,
    }
    if detail:
        found["detail"] = detail[:80]
    return found


@dataclass
class Fault:
    """Something that goes wrong on purpose, for paths that hold ``path``, ``times`` times.

    Kinds: ``throttle`` 429 (``seconds`` in Retry-After) · ``error`` 500 · ``html`` 200 in HTML ·
    ``maintenance`` 503 in HTML · ``half`` a body that breaks off · ``hang`` no answer for
    ``seconds`` · ``drop`` the line is cut and nothing was done · ``lost`` it was done, then the
    line is cut · ``unauthorised`` · ``forbidden`` · ``short`` a row of the answer is missing ·
    ``mixed`` its rows are in another order · ``damaged`` its labels are not readable
    """

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    method: str = ""

    def before(self) -> Sent | None:
        """The wrong answer; ``None`` where the request is served all the same."""
        if self.kind == "throttle":
            headers = [("Retry-After", f"{self.seconds:.0f}")] if self.seconds else []
            return sent(429, state(429, "Rate limit policy has been violated"), *headers)
        codes = {"error": 500, "unauthorised": 401}
        if self.kind in codes:
            return sent(codes[self.kind], state(codes[self.kind]))
        if self.kind == "forbidden":
            return sent(403, {"title": "Forbidden", "status": 403})
        pages = {"html": (200, b"<html>DHL</html>"), "maintenance": (503, b"<h1>Wartung</h1>")}
        if self.kind in pages:
            status, content = pages[self.kind]
            return Sent(status, content, (HTML_TYPE,))
        if self.kind in ("hang", "drop"):
            return Sent(500, wait=self.seconds, cut=True)
        return None

    def after(self, reply: Sent) -> Sent:
        """The answer, spoilt."""
        if self.kind == "lost":
            return Sent(reply.status, cut=True)
        if self.kind == "half":
            return Sent(reply.status, reply.content, reply.headers, half=True)
        if self.kind not in ("short", "mixed", "damaged"):
            return reply
        body = json.loads(reply.content)
        rows = body.get("items", [])
        if self.kind == "damaged":
            for row in rows:
                row.get("label", {})["b64"] = "JVBE*"
        else:
            body["items"] = rows[1:] if self.kind == "short" else rows[::-1]
        return Sent(reply.status, json.dumps(body).encode(), reply.headers)
