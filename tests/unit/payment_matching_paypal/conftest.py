"""The fake PayPal and what is needed to talk to it."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from automation_core.lib.tokens import MemoryTokens

from payment_matching_paypal.lib.client import Credentials, PayPalClient, connect
from tests.servers.paypal import PayPalServer, Spec

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def specs(shared: Path) -> Path:
    """The folder of the vendor's documents."""
    return shared / "specs" / "paypal"


@pytest.fixture(scope="session")
def spec(specs: Path) -> Spec:
    """The vendor's documents, read once."""
    return Spec(specs)


@pytest.fixture
def server(spec: Spec) -> Iterator[PayPalServer]:
    """PayPal at a fixed time; at the end it must have seen documented requests only."""
    with PayPalServer(spec=spec, now=NOW) as running:
        yield running
    assert running.violations == []


Connect = Callable[..., PayPalClient]


@pytest.fixture
def client_for(server: PayPalServer) -> Connect:
    """Returns clients that never wait between tries and live in PayPal's time."""

    def make(secret: str = "", store: MemoryTokens | None = None) -> PayPalClient:
        tokens = server.tokens
        return connect(
            Credentials(tokens.client_id, secret or tokens.secret),
            server.url,
            store=store or MemoryTokens(),
            timeout=(5.0, 5.0),
            sleep=lambda _seconds: None,
            clock=lambda: server.now().timestamp(),
        )

    return make


@pytest.fixture
def client(client_for: Connect) -> PayPalClient:
    """A client with the right login."""
    return client_for()
