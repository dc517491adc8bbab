"""The account on a port of its own: ``with AmazonServer(seller) as server: ... server.url``."""

from __future__ import annotations

from ..base import Call, Sent, ThreadedServer
from .gateway import Gateway
from .seller import Seller
from .spec import Spec
from .wire import Request


class AmazonServer(ThreadedServer):
    """Serves an account in a thread; the login is on the same port."""

    def __init__(self, seller: Seller | None = None, spec: Spec | None = None, port: int = 0):
        super().__init__(port)
        self.seller = seller or Seller()
        self.gateway = Gateway(self.seller, spec)
        self.seller.base_url = self.url
        if spec:
            self.seller.judge_file = spec.file_problems

    def answer(self, call: Call) -> Sent:
        """Ask the account."""
        request = Request(call.method, call.path, call.query, call.small_headers, call.body)
        reply, fault = self.gateway.handle(request)
        kind = fault.kind if fault else ""
        cut = kind in ("drop", "lost", "hang")
        content_type = () if reply.status == 204 else (("Content-Type", reply.kind),)
        return Sent(
            reply.status,
            reply.encoded(),
            (*content_type, *reply.headers.items()),
            date=self.seller.clock(),
            wait=fault.seconds if fault and cut else 0.0,
            cut=cut,
            half=kind == "half",
        )
