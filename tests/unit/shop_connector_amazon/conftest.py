"""The fake account, a clock that is turned by hand, and what is needed to talk to it."""

# ruff: noqa: E402 the fake server has to be found first

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SPECS = ROOT.parent / "shared" / "specs" / "amazon"
sys.path.insert(0, str(ROOT))

from automation_core.lib.tokens import MemoryTokens

from shop_connector_amazon.lib.bucket import MemoryStorage
from shop_connector_amazon.lib.client import SpApi, connect
from shop_connector_amazon.lib.tokens import Credentials
from tests.servers.amazon import GERMANY, AmazonServer, Seller, Spec

needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason="not here: Amazon's own models")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clock:
    """Time that only moves when somebody sleeps."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.now = moment.timestamp()
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


@pytest.fixture
def clock() -> Clock:
    """The time of server and client."""
    return Clock()


@pytest.fixture(scope="session")
def spec() -> Spec:
    """Amazon's models."""
    if not SPECS.is_dir():
        pytest.skip("not here: Amazon's own models")
    return Spec(SPECS)


@pytest.fixture
def seller(clock: Clock) -> Seller:
    """An account without orders."""
    return Seller(clock=clock)


@pytest.fixture
def server(seller: Seller, spec: Spec) -> Iterator[AmazonServer]:
    """The account on a port; at the end it must have seen nothing its models do not know."""
    with AmazonServer(seller, spec) as running:
        yield running
    assert seller.violations == []


@pytest.fixture
def make_api(server: AmazonServer, seller: Seller, clock: Clock) -> Callable[..., SpApi]:
    """Returns clients; those of one storage share its buckets."""

    def make(storage: MemoryStorage | None = None, **more: Any) -> SpApi:
        login = Credentials(
            more.pop("client_id", seller.client_id),
            more.pop("client_secret", seller.client_secret),
            more.pop("refresh_token", seller.refresh_token),
        )
        return connect(
            server.url,
            login,
            account="1",
            tokens=more.pop("tokens", MemoryTokens()),
            storage=storage or MemoryStorage(),
            token_host=server.url,
            clock=more.pop("clock", clock),
            sleep=clock.sleep,
            timeout=(2, more.pop("timeout", 5)),
            **more,
        )

    return make


@pytest.fixture
def api(make_api: Callable[..., SpApi]) -> SpApi:
    """A client with the right login."""
    return make_api()


PLACES = (GERMANY,)
