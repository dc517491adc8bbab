"""Files by web address: the login goes to its own server only."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from automation_core.lib import errors

from file_transport.lib.web import WebLogin, WebPlace


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Keep quiet."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen: list[Any] = self.server.seen  # type: ignore[attr-defined]
        seen.append((self.command, self.path, dict(self.headers), body))
        status = 404 if "missing" in self.path or self.path == "/feed/" else 200
        self.send_response_only(status)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"a;b\n")

    do_GET = do_POST = do_PUT = _serve  # noqa: N815


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A web server that remembers."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    running.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


def _login(server: ThreadingHTTPServer, **more: Any) -> WebLogin:
    return WebLogin(f"http://127.0.0.1:{server.server_address[1]}/feed", **more)


@pytest.mark.parametrize(
    ("login", "header", "value"),
    [
        ({"auth": "basic", "user": "ü", "password": "p"}, "Authorization", "Basic w7w6cA=="),
        ({"auth": "bearer", "password": "tok"}, "Authorization", "Bearer tok"),
        ({"auth": "header", "header": "X-Key", "password": "k"}, "X-Key", "k"),
        ({}, "Authorization", None),
    ],
)
def test_logins(
    server: ThreadingHTTPServer, login: dict[str, Any], header: str, value: str | None
) -> None:
    with WebPlace(_login(server, **login)) as place:
        assert place.fetch("orders.csv?from=1&to=2") == b"a;b\n"
        place.put("stock.csv", b"x;1")
        assert place.check()
    asked, sent, checked = server.seen  # type: ignore[attr-defined]
    assert asked[:2] == ("GET", "/feed/orders.csv?from=1&to=2")
    assert sent[:2] + sent[3:] == ("POST", "/feed/stock.csv", b"x;1")
    assert checked[1] == "/feed/"
    assert all(seen[2].get(header) == value for seen in (asked, sent, checked))


def test_put(server: ThreadingHTTPServer) -> None:
    with WebPlace(_login(server, method="PUT")) as place:
        place.put("a", b"x")
    assert server.seen[0][0] == "PUT"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", ["https://evil.example/x", "//evil.example/x", "\\\\evil", "javascript:x", "file:///x"]
)
def test_the_login_stays_with_its_server(server: ThreadingHTTPServer, path: str) -> None:
    with WebPlace(_login(server, auth="bearer", password="tok")) as place:
        with pytest.raises(errors.Rejected, match="not a path below"):
            place.fetch(path)
        with pytest.raises(errors.Rejected, match="not a path below"):
            place.put(path, b"")
    assert server.seen == []  # type: ignore[attr-defined]


def test_a_web_address_has_no_folder(server: ThreadingHTTPServer) -> None:
    with WebPlace(_login(server)) as place:
        for action in (place.list, lambda: place.delete("a"), lambda: place.move("a", "b")):
            with pytest.raises(errors.Rejected, match="no folder"):
                action()
        with pytest.raises(errors.NotFound):
            place.fetch("missing")
        with pytest.raises(errors.Rejected, match="larger"):
            place.fetch("a", 2)
