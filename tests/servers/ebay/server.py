"""eBay on a port of its own: ``with EbayServer(shop) as server: ... server.url``."""

from __future__ import annotations

from ..base import Call, Sent, ThreadedServer
from .shop import Shop
from .wire import Request


class EbayServer(ThreadedServer):
    """Serves all of eBay's hosts in a thread."""

    def __init__(self, shop: Shop | None = None, port: int = 0) -> None:
        super().__init__(port)
        self.shop = shop or Shop()

    def answer(self, call: Call) -> Sent:
        """Ask the shop."""
        request = Request(call.method, call.plain_path, call.params, call.small_headers, call.body)
        reply, fault = self.shop.handle(request)
        kind = fault.kind if fault else ""
        return Sent(
            reply.status,
            reply.content,
            (("Content-Type", reply.content_type), *reply.headers),
            date=self.shop.now().timestamp(),
            wait=fault.seconds if fault and kind == "hang" else 0.0,
            cut=kind in ("hang", "drop", "lost"),
            half=kind == "half",
        )
