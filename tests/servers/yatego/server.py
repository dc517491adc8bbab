"""The marketplace on a port of its own: ``with YategoServer(shop) as server: ... server.url``."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .shop import Reply, Shop


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, *args: object) -> None:
        """Keep quiet."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        address = urlsplit(self.path)
        reply, fault = self.server.shop.handle(
            self.command,
            address.path,
            dict(parse_qsl(address.query, keep_blank_values=True)),
            self.headers.get("Content-Type", ""),
            self.rfile.read(length),
        )
        kind = fault.kind if fault else ""
        if fault and kind == "hang":
            self.server.stopping.wait(fault.seconds)
        if kind in ("hang", "drop"):
            self.close_connection = True
            return
        self._send(reply, half=kind == "half")

    def _send(self, reply: Reply, *, half: bool) -> None:
        self.send_response_only(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content[: len(reply.content) // 2] if half else reply.content)
        self.close_connection = self.close_connection or half

    do_GET = do_POST = _serve  # noqa: N815


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, shop: Shop) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.shop = shop
        self.stopping = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class YategoServer:
    """Serves a shop in a thread."""

    def __init__(self, shop: Shop | None = None, port: int = 0) -> None:
        self.shop = shop or Shop()
        self._server = _Server(port, self.shop)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """The marketplace's address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> YategoServer:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> YategoServer:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()
