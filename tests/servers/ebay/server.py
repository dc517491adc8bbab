"""eBay on a port of its own: ``with EbayServer(shop) as server: ... server.url``."""

from __future__ import annotations

import threading
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .shop import Shop
from .wire import Fault, Reply, Request


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, *args: object) -> None:
        """Keep quiet."""

    def _serve(self) -> None:
        address = urlsplit(self.path)
        request = Request(
            self.command,
            unquote(address.path),
            dict(parse_qsl(address.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        reply, fault = self.server.shop.handle(request)
        if fault and fault.kind == "hang":
            self.server.stopping.wait(fault.seconds)
        if fault and fault.kind in ("hang", "drop", "lost"):
            self.close_connection = True
            return
        self._send(reply, fault)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        content = reply.content
        self.send_response_only(reply.status)
        self.send_header("Date", format_datetime(self.server.shop.now(), usegmt=True))
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        half = fault is not None and fault.kind == "half"
        self.wfile.write(content[: len(content) // 2] if half else content)
        self.close_connection = self.close_connection or half

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, shop: Shop) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.shop = shop
        self.stopping = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class EbayServer:
    """Serves a shop in a thread."""

    def __init__(self, shop: Shop | None = None, port: int = 0) -> None:
        self.shop = shop or Shop()
        self._server = _Server(port, self.shop)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """The address of all of eBay's hosts."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> EbayServer:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> EbayServer:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()
