"""The fake shop and what is needed to talk to it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from automation_core.lib.http import HttpClient

from shop_connector_gambio.lib import parser
from shop_connector_gambio.lib.client import GambioClient, auth_header
from tests.servers.gambio import GambioServer, Shop

COUNTRIES = {"81": "DE", "14": "AT", "204": "CH", "150": "NL"}


@pytest.fixture
def shop() -> Shop:
    """An empty shop."""
    return Shop()


@pytest.fixture
def server(shop: Shop) -> Iterator[GambioServer]:
    """The shop on a port; at the end it must have seen documented requests only."""
    with GambioServer(shop) as running:
        yield running
    assert shop.violations == []


@pytest.fixture
def connect(server: GambioServer, shop: Shop) -> Callable[..., GambioClient]:
    """Returns clients that never wait between tries."""

    def make(
        *, token: str = "", password: str = "", timeout: float = 5, **more: Any
    ) -> GambioClient:
        login = auth_header(shop.user, password or shop.password, token)
        http = HttpClient(
            server.url,
            headers={"Authorization": login},
            timeout=(timeout, timeout),
            retries=more.pop("retries", 0),
            sleep=lambda seconds: None,
        )
        return GambioClient(http, bearer=bool(token), **more)

    return make


@pytest.fixture
def client(connect: Callable[..., GambioClient]) -> GambioClient:
    """A client with the right login."""
    return connect()


def parse(order: dict[str, Any], status: str = "", countries: Any = None) -> Any:
    """Parse an order as the inbox would hold it."""
    known = COUNTRIES if countries is None else countries
    return parser.parse_order(
        json.dumps({"order": order, "countries": known, "status": status}, ensure_ascii=False)
    )
