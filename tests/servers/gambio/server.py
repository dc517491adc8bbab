"""The shop on a port of its own: ``with GambioServer(shop) as server: ... server.url``."""

from __future__ import annotations

import time

from ..base import Call, Sent, ThreadedServer
from .shop import Shop
from .wire import Request


class GambioServer(ThreadedServer):
    """Serves a shop in a thread."""

    def __init__(self, shop: Shop | None = None, port: int = 0) -> None:
        super().__init__(port)
        self.shop = shop or Shop()

    def answer(self, call: Call) -> Sent:
        """Ask the shop."""
        request = Request(call.method, call.path, call.params, call.headers, call.body)
        reply, fault = self.shop.handle(request)
        kind = fault.kind if fault else ""
        return Sent(
            reply.status,
            reply.content,
            (("Content-Type", reply.content_type), *reply.headers),
            date=time.time() + self.shop.clock_offset.total_seconds(),
            wait=fault.seconds if fault and kind in ("slow", "hang") else 0.0,
            cut=kind in ("hang", "drop"),
            half=kind == "half",
        )
