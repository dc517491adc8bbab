"""The marketplace on a port of its own: ``with YategoServer(shop) as server: ... server.url``."""

from __future__ import annotations

from ..base import Call, Sent, ThreadedServer
from .shop import Shop


class YategoServer(ThreadedServer):
    """Serves a shop in a thread."""

    def __init__(self, shop: Shop | None = None, port: int = 0) -> None:
        super().__init__(port)
        self.shop = shop or Shop()

    def answer(self, call: Call) -> Sent:
        """Ask the shop."""
        content_type = call.small_headers.get("content-type", "")
        reply, fault = self.shop.handle(
            call.method, call.path, call.params, content_type, call.body
        )
        kind = fault.kind if fault else ""
        return Sent(
            reply.status,
            reply.content,
            (("Content-Type", reply.content_type),),
            wait=fault.seconds if fault and kind == "hang" else 0.0,
            cut=kind in ("hang", "drop"),
            half=kind == "half",
        )
