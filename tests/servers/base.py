"""A server on a port of its own, in a thread: ``with GambioServer(shop) as server: server.url``.

What it answers is up to the subclass, and so is what goes wrong on the way.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Call:
    """A request as it came in; ``path`` still has its escapes."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def plain_path(self) -> str:
        """The path without escapes."""
        return unquote(self.path)

    @property
    def params(self) -> dict[str, str]:
        """The query; of repeated parameters the last one counts."""
        return dict(self.query)

    @property
    def small_headers(self) -> dict[str, str]:
        """The headers under small names."""
        return {name.lower(): value for name, value in self.headers.items()}


@dataclass(frozen=True)
class Sent:
    """What goes back.

    :param date: the server's idea of the time (epoch), ``None`` sends no such header
    :param wait: seconds before anything happens
    :param cut: nothing goes back, the line is cut
    :param half: the body breaks off in the middle
    """

    status: int
    content: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())
    date: float | None = None
    wait: float = 0.0
    cut: bool = False
    half: bool = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, *args: object) -> None:
        """Keep quiet."""

    def _serve(self) -> None:
        address = urlsplit(self.path)
        call = Call(
            self.command,
            address.path,
            tuple(parse_qsl(address.query, keep_blank_values=True)),
            dict(self.headers.items()),
            self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        sent = self.server.owner.answer(call)
        if sent.wait:
            self.server.stopping.wait(sent.wait)
        if sent.cut:
            self.close_connection = True
            return
        self._send(sent)

    def _send(self, sent: Sent) -> None:
        content = sent.content
        self.send_response_only(sent.status)
        if sent.date is not None:
            self.send_header("Date", formatdate(sent.date, usegmt=True))
        if sent.status != 204:
            self.send_header("Content-Length", str(len(content)))
        for name, value in sent.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if sent.half else content)
            self.close_connection = self.close_connection or sent.half

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, owner: ThreadedServer) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.owner = owner
        self.stopping = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class ThreadedServer:
    """Serves in a thread, from its start until it is stopped; a ``with`` block does both."""

    def __init__(self, port: int = 0) -> None:
        self._server = _Server(port, self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def answer(self, call: Call) -> Sent:
        """Return the answer to a request."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()
