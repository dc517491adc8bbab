"""The world's pages over HTTP: caught mails, the shops, and the levers of the story."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from . import shopview, viewer
from .goods import CHANNELS
from .shops import market
from .story import local_now
from .world import World


class _Handler(BaseHTTPRequestHandler):
    server: Pages

    def log_message(self, *args: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        """Show a page."""
        address = urlsplit(self.path)
        try:
            self._show(unquote(address.path), parse_qs(address.query))
        except KeyError:
            self._send(404, "text/plain", b"There is no such page.", viewer.OWN)

    def _show(self, path: str, query: dict[str, list[str]]) -> None:
        world = self.server.world
        mailbox = world.mailbox
        if path == "/":
            self._page(viewer.inbox(mailbox, query.get("q", [""])[0]))
        elif path == "/shops":
            self._page(shopview.overview(world))
        elif found := re.fullmatch(r"/shops/(\w+)", path):
            self._page(shopview.shop(world, found[1]))
        elif path == "/money":
            self._page(shopview.money(world))
        elif path == "/settings":
            found = world.settings(f"http://{self.headers['Host']}")
            self._send(200, "application/json", json.dumps(found).encode(), viewer.OWN)
        elif path == market.PATH:
            self._send(200, "application/xml", market.orders(local_now()).encode(), viewer.LOCKED)
        elif path == "/pulse":
            self._send(200, "text/plain", world.pulse().encode(), viewer.OWN)
        elif path == "/last":
            self._send(200, "text/plain", str(mailbox.last()).encode(), viewer.OWN)
        elif found := re.fullmatch(r"/mail/(\d+)", path):
            self._page(viewer.letter(mailbox, int(found[1])))
        elif found := re.fullmatch(r"/mail/(\d+)/text", path):
            self._page(viewer.text(mailbox, int(found[1])), viewer.LOCKED)
        elif found := re.fullmatch(r"/mail/(\d+)/file/(\d+)/.*", path):
            kind, data = viewer.file(mailbox.message(int(found[1])), int(found[2]))
            shown = kind == "application/pdf" or kind.startswith("image/")
            policy = "" if kind == "application/pdf" else viewer.LOCKED
            self._send(200, kind, data, policy, "inline" if shown else "attachment")
        else:
            raise KeyError(path)

    def do_POST(self) -> None:
        """Steer the story."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        world = self.server.world
        deeds = {
            "/clock": lambda: world.show_until(body),
            "/reset": world.reset,
            "/live": world.go_live,
            "/violations": lambda: shopview.violations(world),
            **{f"/buy/{channel}": lambda it=channel: world.next_event(it) for channel in CHANNELS},
        }
        if self.path not in deeds:
            self._send(404, "text/plain", b"There is no such page.", viewer.OWN)
            return
        answer = str(deeds[self.path]())
        if self.headers.get("Content-Type") == "application/x-www-form-urlencoded" and (
            back := urlsplit(self.headers.get("Referer", "")).path
        ):
            self.send_response(303)
            self.send_header("Location", back)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(200, "text/plain", answer.encode(), viewer.OWN)

    def _page(self, page: str, policy: str = viewer.OWN) -> None:
        self._send(200, "text/html; charset=utf-8", page.encode(errors="replace"), policy)

    def _send(
        self, status: int, kind: str, data: bytes, policy: str, disposition: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        if disposition:
            self.send_header("Content-Disposition", disposition)
        self.end_headers()
        self.wfile.write(data)


class Pages(ThreadingHTTPServer):
    """Serves the world's pages."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, world: World) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.world = world
