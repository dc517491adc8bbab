"""The account on a port of its own: ``with AmazonServer(seller) as server: ... server.url``."""

from __future__ import annotations

import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .gateway import Gateway
from .seller import Seller
from .spec import Spec
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
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = tuple(parse_qsl(address.query, keep_blank_values=True))
        request = Request(self.command, address.path, query, headers, body)
        reply, fault = self.server.gateway.handle(request)
        if fault and fault.kind in ("drop", "lost", "hang"):
            self.server.stopping.wait(fault.seconds)
            self.close_connection = True
            return
        self._send(reply, fault)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        content = reply.encoded()
        self.send_response_only(reply.status)
        self.send_header("Date", formatdate(self.server.gateway.seller.clock(), usegmt=True))
        if reply.status != 204:
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(content)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        half = fault is not None and fault.kind == "half"
        self.wfile.write(content[: len(content) // 2] if half else content)
        self.close_connection = self.close_connection or half

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, gateway: Gateway) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.gateway = gateway
        self.stopping = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class AmazonServer:
    """Serves an account in a thread; the login is on the same port."""

    def __init__(self, seller: Seller | None = None, spec: Spec | None = None, port: int = 0):
        self.seller = seller or Seller()
        self._server = _Server(port, Gateway(self.seller, spec))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.seller.base_url = self.url
        if spec:
            self.seller.judge_file = spec.file_problems

    @property
    def url(self) -> str:
        """The address of the interface."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> AmazonServer:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> AmazonServer:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()
