"""The fake eBay and what is needed to talk to it."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from automation_core.lib.tokens import MemoryTokens

from shop_connector_ebay.lib import const
from shop_connector_ebay.lib.client import EbayClient, connect
from shop_connector_ebay.lib.consent import Application, Consent
from shop_connector_ebay.lib.limits import Quotas
from tests.servers.ebay import EbayServer, Shop, Spec

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def specs() -> Path:
    """The folder of the vendor's documents."""
    folder = Path(os.environ.get("SHARED_DIR") or ROOT.parent / "shared") / "specs" / "ebay"
    if not folder.is_dir():
        pytest.skip("not here: the vendor's documents")
    return folder


@pytest.fixture(scope="session")
def spec(specs: Path) -> Spec:
    """The vendor's documents, read once."""
    return Spec(specs)


@pytest.fixture
def shop(spec: Spec) -> Shop:
    """A seller without orders, at a fixed time."""
    return Shop(spec=spec, now=NOW)


@pytest.fixture
def server(shop: Shop) -> Iterator[EbayServer]:
    """eBay on a port; at the end it must have seen documented requests only."""
    with EbayServer(shop) as running:
        yield running
    assert shop.violations == []


@pytest.fixture
def application(shop: Shop) -> Application:
    """The application eBay knows."""
    return Application(shop.app_id, shop.cert_id, shop.ru_name)


Connect = Callable[..., EbayClient]


@pytest.fixture
def client_for(server: EbayServer, shop: Shop, application: Application) -> Connect:
    """Returns clients that never wait between tries and live in the shop's time."""

    def make(*, quotas: Quotas | None = None, timeout: float = 5) -> EbayClient:
        consent = Consent(shop.tokens.refresh_token, NOW.timestamp() + 10**7)
        return connect(
            application,
            consent,
            MemoryTokens(),
            MemoryTokens(),
            hosts=const.Hosts(server.url, server.url, server.url),
            quotas=quotas,
            timeout=(timeout, timeout),
            sleep=lambda seconds: None,
            clock=lambda: shop.now().timestamp(),
        )

    return make


@pytest.fixture
def client(client_for: Connect) -> EbayClient:
    """A client with the right login."""
    return client_for()


def vector(specs: Path, name: str) -> Any:
    """One of the documents' synthetic answers."""
    return json.loads((specs / "synthetic" / f"{name}.json").read_text("utf-8"))
