"""The world around the demo company, in one process: shop, mail server, mail viewer.

The viewer's address also steers the story: ``POST /reset`` begins it anew, ``POST /clock`` with a
local time lets the shop get all orders up to then, ``POST /live`` lets new ones come by and by.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from . import story, viewer
from .mailbox import Mailbox
from .smtp import Catcher

from tests.servers.gambio import GambioServer, Shop  # isort: skip

USER, PASSWORD = "odoo@lindenhof-versand.example", "demo-shop"
FIRST_LIVE, EVERY = timedelta(seconds=40), (60, 150)  # seconds between two live orders
MOST_LIVE = 40  # in one go: who leaves the demo on over night is not buried in orders


class World:
    """The shop's story so far, kept in a folder."""

    def __init__(self, folder: Path, shop_port: int) -> None:
        self.memory = folder / "story.json"
        self.mailbox = Mailbox(folder / "mails")
        self.shop = Shop(user=USER, password=PASSWORD)
        self.server = GambioServer(self.shop, shop_port)
        self.trickling = False
        state = json.loads(self.memory.read_text()) if self.memory.exists() else {}
        self._begin(state.get("birth") or story.local_now().strftime(story.STAMP))
        self.state.update(state)
        self._recall()

    def _begin(self, birth: str) -> None:
        self.state: dict[str, Any] = {"birth": birth, "clock": "", "live": []}
        self.past, self.coming = story.tell(datetime.fromisoformat(birth))
        self.shown = 0

    def reset(self) -> str:
        """Begin a new story: a new database knows nothing of the old one. Return its first day."""
        for order in list(self.shop.orders):
            self.shop.delete(order)
        self.shop.deleted.clear()
        self.mailbox.clear()
        self._begin(story.local_now().strftime(story.STAMP))
        self._remember()
        return str(self.state["birth"])

    def _recall(self) -> None:
        """Show again what was shown before a restart."""
        if self.state["clock"]:
            self.show_until(self.state["clock"])
        for order, stamp in zip(self.coming, self.state["live"], strict=False):
            story.date(order, datetime.fromisoformat(stamp))
            self.shop.add(order)

    def _remember(self) -> None:
        part = self.memory.with_suffix(".part")
        part.write_text(json.dumps(self.state))
        part.rename(self.memory)

    def show_until(self, stamp: str) -> int:
        """Let the shop have all past orders up to a local time; return how many it has."""
        while self.shown < len(self.past) and self.past[self.shown]["purchaseDate"] <= stamp:
            self.shop.add(self.past[self.shown])
            self.shown += 1
        self.state["clock"] = max(stamp, self.state["clock"])
        self._remember()
        return self.shown

    def trickle(self) -> None:
        """Let a new order come every minute or two, as long as this process lives."""
        time.sleep(FIRST_LIVE.total_seconds())
        for _turn in range(MOST_LIVE):
            place = len(self.state["live"])
            if place >= len(self.coming):
                return
            now = story.local_now()
            story.date(self.coming[place], now)
            self.shop.add(self.coming[place])
            self.state["live"].append(now.strftime(story.STAMP))
            self._remember()
            time.sleep(EVERY[0] + place * 37 % (EVERY[1] - EVERY[0]))

    def go_live(self) -> None:
        """Start the trickle once."""
        if not self.trickling:
            self.trickling = True
            threading.Thread(target=self.trickle, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: _Pages

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
        mailbox = self.server.world.mailbox
        if path == "/":
            self._page(viewer.inbox(mailbox, query.get("q", [""])[0]))
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
        }
        if self.path in deeds:
            self._send(200, "text/plain", str(deeds[self.path]()).encode(), viewer.OWN)
        else:
            self._send(404, "text/plain", b"There is no such page.", viewer.OWN)

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


class _Pages(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, world: World) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.world = world


def serve(folder: Path, pages_port: int, shop_port: int, smtp_port: int) -> None:
    """Run the whole world until the process is ended."""
    world = World(folder, shop_port)
    world.server.start()
    pages = _Pages(pages_port, world)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    asyncio.run(Catcher(world.mailbox.keep).serve(smtp_port))
