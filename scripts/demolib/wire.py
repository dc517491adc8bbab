"""Talking to the demo's own programs on this computer."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.request
from typing import Any


def _opener() -> urllib.request.OpenerDirector:
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)


def post(base: str, path: str, text: str = "") -> str:
    """Say something to the world; return its answer."""
    with _opener().open(f"{base}{path}", text.encode(), timeout=60) as answer:
        return str(answer.read().decode())


def settings(base: str) -> dict[str, dict[str, Any]]:
    """Return how the world's shops are reached: fields by the name of the demo's record."""
    with _opener().open(f"{base}/settings", timeout=60) as answer:
        found: dict[str, dict[str, Any]] = json.load(answer)
    return found


class Odoo:
    """A person's session in Odoo, as the browser has one."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self.url, self.database = url, database
        self._opener = _opener()
        who = {"db": database, "login": login, "password": password}
        self._ask("/web/session/authenticate", who)

    def _ask(self, path: str, params: dict[str, Any]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", body, kind)  # noqa: S310 own server
        with self._opener.open(request, timeout=120) as answer:
            data = json.load(answer)
        if "error" in data:
            raise RuntimeError(data["error"]["data"]["message"])
        return data["result"]

    def warm_up(self) -> None:
        """Ask for what the first page needs; it is put together then, which takes a while."""
        page = self._get("/odoo").decode()
        for path in re.findall(r'(?:src|href)="(/web/assets/[^"]+)"', page):
            self._get(path)

    def _get(self, path: str) -> bytes:
        with self._opener.open(f"{self.url}{path}", timeout=300) as answer:
            data: bytes = answer.read()
        return data

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a model's public method."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._ask(f"/web/dataset/call_kw/{model}/{method}", params)

    def record(self, xmlid: str) -> tuple[str, int]:
        """Return model and id behind an external id, ("", 0) where there is none."""
        module, name = xmlid.split(".")
        domain = [("module", "=", module), ("name", "=", name)]
        found = self.call("ir.model.data", "search_read", domain, ["model", "res_id"])
        return (str(found[0]["model"]), int(found[0]["res_id"])) if found else ("", 0)

    def find(self, model: str, domain: list[Any], order: str = "id desc") -> int:
        """Return the first record that fits, or 0."""
        found = self.call(model, "search", domain, limit=1, order=order)
        return int(found[0]) if found else 0
