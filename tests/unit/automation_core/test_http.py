"""The HTTP client against a real server on loopback that misbehaves on demand."""

import http.server
import json
import threading

import pytest
from automation_core.lib import errors
from automation_core.lib.http import HttpClient

SECRET = "s3cr3t/key+x"


class Handler(http.server.BaseHTTPRequestHandler):
    seen: list[str] = []
    script: list = []

    def do_GET(self):
        Handler.seen.append(f"{self.command} {self.path}")
        status, headers, body = Handler.script.pop(0)
        if status is None:
            self.connection.close()
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the standard library's name

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    Handler.seen, Handler.script = [], []
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/shop"
    httpd.shutdown()
    httpd.server_close()


def client(url, **options):
    waits = options.setdefault("waits", [])
    del options["waits"]
    made = HttpClient(url, secrets=[SECRET], timeout=(1, 1), sleep=waits.append, **options)
    made.waits = waits
    return made


def answer(status, body=b"{}", **headers):
    return status, headers, body


@pytest.mark.parametrize(
    ("status", "failure", "retryable"),
    [
        (401, errors.AuthenticationFailed, False),
        (403, errors.AccessDenied, False),
        (404, errors.NotFound, False),
        (422, errors.Rejected, False),
        (302, errors.Rejected, False),
        (429, errors.Throttled, True),
        (500, errors.Unavailable, True),
    ],
)
def test_every_bad_status_is_a_named_failure(server, status, failure, retryable):
    Handler.script = [answer(status, b"no")] * 3
    with pytest.raises(failure) as caught:
        client(server, retries=0).request("GET", "/orders")
    assert caught.value.retryable is retryable
    assert "127.0.0.1" in str(caught.value)


def test_a_safe_request_is_repeated_and_the_vendors_wait_is_kept(server):
    Handler.script = [answer(429, **{"Retry-After": "3"}), answer(503), answer(200, b'{"a": 1}')]
    http_client = client(server)
    assert http_client.request("GET", "orders", params={"page": 1}).json() == {"a": 1}
    assert http_client.waits == [3.0, 2.0]
    assert Handler.seen == ["GET /shop/orders?page=1"] * 3


def test_a_write_is_never_repeated_by_itself(server):
    Handler.script = [answer(503)]
    with pytest.raises(errors.Unavailable):
        client(server).request("POST", "orders", body={})
    assert len(Handler.seen) == 1


def test_a_wait_longer_than_the_limit_is_left_to_the_caller(server):
    Handler.script = [answer(429, **{"Retry-After": "600"})]
    with pytest.raises(errors.Throttled) as caught:
        client(server, max_wait=10).request("GET", "orders")
    assert caught.value.retry_after == 600


def test_a_redirect_does_not_carry_the_credentials_away(server):
    Handler.script = [answer(302, Location="http://127.0.0.1:1/steal")]
    with pytest.raises(errors.Rejected):
        client(server, headers={"Authorization": SECRET}).request("GET", "orders")
    assert len(Handler.seen) == 1


def test_a_body_over_the_limit_is_refused_while_reading(server):
    Handler.script = [answer(200, b"x" * 300_000)]
    with pytest.raises(errors.InvalidAnswer, match="exceeds"):
        client(server, max_bytes=100_000).request("GET", "orders")


def test_html_instead_of_json_is_named_with_its_beginning(server):
    Handler.script = [answer(200, b"<html><title>Wartung</title>")]
    with pytest.raises(errors.InvalidAnswer, match="Wartung"):
        client(server).request("GET", "orders").json()


def test_a_closed_connection_is_unavailable(server):
    Handler.script = [answer(None)] * 3
    with pytest.raises(errors.Unavailable):
        client(server, retries=0).request("GET", "orders")


def test_secrets_never_reach_the_error(server):
    echo = json.dumps({"you sent": SECRET}).encode()
    Handler.script = [answer(400, echo)]
    with pytest.raises(errors.Rejected) as caught:
        client(server).request("GET", f"orders?passwd={SECRET}")
    assert SECRET not in str(caught.value)
    assert "***" in str(caught.value)


@pytest.mark.parametrize(
    "address", ["ftp://shop.example", "file:///etc/passwd", "shop.example", "http://"]
)
def test_only_web_addresses_are_spoken_to(address):
    with pytest.raises(errors.Rejected):
        HttpClient(address)


def test_statuses_the_caller_accepts_are_answers(server):
    Handler.script = [answer(404, b'{"no": 1}')]
    assert client(server).request("GET", "x", accept_statuses=[404]).status == 404


def test_secrets_never_reach_the_connections_own_log(server, caplog):
    Handler.script = [answer(200, b"{}")]
    with caplog.at_level("DEBUG", "urllib3.connectionpool"):
        client(server).request("GET", "orders", params={"who": SECRET})
    assert "/shop/orders?who=***" in caplog.text
    assert SECRET not in caplog.text
