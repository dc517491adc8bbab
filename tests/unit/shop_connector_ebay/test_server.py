"""The fake eBay refuses what the documents do not allow."""

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
import requests

from shop_connector_ebay.lib import const
from shop_connector_ebay.lib.client import EbayClient
from shop_connector_ebay.lib.reader import stamp
from tests.servers.ebay import EbayServer, Shop, Spec, generate_orders

from .conftest import NOW, ROOT, vector

ORDERS = "/sell/fulfillment/v1/order"


@pytest.fixture
def token(shop: Shop) -> dict[str, str]:
    body = shop.tokens._issue(shop.tokens.granted, "User Access Token")
    return {"Authorization": f"Bearer {body['access_token']}"}


@pytest.fixture
def strict(shop: Shop) -> Any:
    """eBay on a port that may see violations."""
    with EbayServer(shop) as running:
        yield running


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("GET", f"{ORDERS}?page=2", {}),
        ("GET", "/sell/fulfillment/v1/orders", {}),
        ("DELETE", ORDERS, {}),
        ("GET", ORDERS, {"data": b"{}"}),
        ("POST", f"{ORDERS}/1/shipping_fulfillment", {"json": {"tracking": "1"}}),
        ("POST", f"{ORDERS}/1/shipping_fulfillment", {"json": {"lineItems": {}}}),
        ("POST", f"{ORDERS}/1/shipping_fulfillment", {"data": b"{}"}),
        (
            "POST",
            "/sell/inventory/v1/bulk_update_price_quantity",
            {"json": {"requests": [{"sku": "A", "shipToLocationAvailability": {"quantity": "7"}}]}},
        ),
    ],
)
def test_violations_are_refused_and_noted(
    shop: Shop,
    strict: EbayServer,
    token: dict[str, str],
    method: str,
    path: str,
    more: dict[str, Any],
) -> None:
    answer = requests.request(method, strict.url + path, headers=token, timeout=5, **more)
    assert answer.status_code == 400
    assert len(shop.violations) == 1


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"limit": "201"}, 31100),
        ({"limit": "0"}, 31100),
        ({"offset": "-1"}, 31000),
        ({"filter": "creationdate:[2026-11-01..]"}, 30800),
        ({"filter": "price:[1..2]"}, 30700),
        ({"filter": f"creationdate:[{stamp(NOW)}..{stamp(NOW + timedelta(1))}]"}, 30850),
        ({"filter": f"creationdate:[{stamp(NOW)}..{stamp(NOW - timedelta(1))}]"}, 30840),
        ({"filter": f"lastmodifieddate:[{stamp(NOW - timedelta(800))}..]"}, 30830),
    ],
)
def test_ebays_own_rules(
    strict: EbayServer, token: dict[str, str], query: dict[str, str], number: int
) -> None:
    answer = requests.get(strict.url + ORDERS, params=query, headers=token, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["errorId"] == number


def test_tokens_are_checked(shop: Shop, strict: EbayServer, token: dict[str, str]) -> None:
    def ask(headers: dict[str, str]) -> int:
        return requests.get(strict.url + ORDERS, headers=headers, timeout=5).status_code

    assert ask({}) == 401
    assert ask({"Authorization": "Bearer x"}) == 401
    assert ask(token) == 200
    shop.clock_offset = timedelta(hours=3)
    assert ask(token) == 401


def test_the_vectors_have_the_documented_form(specs: Any, spec: Spec) -> None:
    for name in ("getOrders_page1", "getOrders_page2", "getOrders_empty"):
        spec.validate("sell_fulfillment_v1_oas3", "OrderSearchPagedCollection", vector(specs, name))


def test_the_date_of_purchase_wins(shop: Shop, client: EbayClient) -> None:
    (order,) = generate_orders(count=1, kinds=["plain"], start=NOW - timedelta(days=5))
    shop.touch(shop.add(order))
    window = f"[{stamp(NOW - timedelta(days=1))}..]"
    changed = client.orders(f"lastmodifieddate:{window}", 10, 0)
    both = client.orders(f"lastmodifieddate:{window},creationdate:{window}", 10, 0)
    assert (changed["total"], both["total"]) == (1, 0)


def test_without_the_documents_it_still_plays() -> None:
    shop = Shop(generate_orders(count=3))
    with EbayServer(shop) as server:
        assert requests.get(server.url + ORDERS, timeout=5).status_code == 401


def test_it_runs_by_hand() -> None:
    command = [sys.executable, "-m", "tests.servers.ebay", "--orders", "3"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        answer = requests.post(f"{url}/{const.TOKEN_PATH}", timeout=5)
        process.terminate()
    assert answer.status_code == 400
