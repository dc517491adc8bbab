"""The fake account cannot be fooled: what no model knows is refused and remembered."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.servers.amazon import GERMANY, AmazonServer, Listing, Seller, Spec, generate_orders

from .conftest import Clock

SEARCH = "/orders/2026-01-01/orders"
WINDOW = {"lastUpdatedAfter": "2026-03-01T00:00:00Z", "lastUpdatedBefore": "2026-03-02T11:58:00Z"}
LISTING = "/listings/2021-08-01/items/A2TESTSELLER01/ART"


@pytest.fixture
def strict(seller: Seller, spec: Spec) -> Iterator[AmazonServer]:
    """The account, whose violations the tests look at."""
    seller.tokens["good"] = seller.clock() + 3600
    with AmazonServer(seller, spec) as running:
        yield running


def ask(server: AmazonServer, path: str, method: str = "GET", **more: Any) -> requests.Response:
    headers = {"x-amz-access-token": "good", "User-Agent": "Test/1"} | more.pop("headers", {})
    return requests.request(method, server.url + path, headers=headers, timeout=5, **more)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({**WINDOW, "orderId": "1"}, "orderId is not documented"),
        ({**WINDOW, "maxResultsPerPage": "many"}, "is no number"),
        ({**WINDOW, "fulfillmentStatuses": "Unshipped"}, "may not be 'Unshipped'"),
        ({**WINDOW, "includedData": "BUYER,EVERYTHING"}, "may not be 'EVERYTHING'"),
        ({"lastUpdatedAfter": "2026-03-01T00:00:00+02:00"}, "is no instant in UTC"),
        ({**WINDOW, "marketplaceIds": ",".join(["X"] * 51)}, "has 51 values"),
        ({**WINDOW, "marketplaceIds": ["A", "B"]}, "is repeated"),
    ],
)
def test_parameters(
    strict: AmazonServer, seller: Seller, params: dict[str, Any], words: str
) -> None:
    assert ask(strict, SEARCH, params=params).status_code == 400
    assert any(words in line for line in seller.violations)


@pytest.mark.parametrize(
    "window",
    [
        {"lastUpdatedAfter": "2026-03-01T00:00:00Z", "lastUpdatedBefore": "2026-03-02T11:58:01Z"},
        {"lastUpdatedAfter": "2026-03-02T00:00:00Z", "lastUpdatedBefore": "2026-03-01T00:00:00Z"},
        {"lastUpdatedAfter": "2026-03-01T00:00:00Z", "createdBefore": "2026-03-02T00:00:00Z"},
        {"lastUpdatedAfter": "2026-03-01T00:00:00Z", "createdAfter": "2026-03-01T00:00:00Z"},
        {},
    ],
)
def test_windows(strict: AmazonServer, seller: Seller, window: dict[str, str]) -> None:
    assert ask(strict, SEARCH, params=window).status_code == 400
    assert seller.violations == []
    assert seller.refused


def test_pages_want_the_same_question(strict: AmazonServer, seller: Seller) -> None:
    for order in generate_orders(5, kinds=["plain"]):
        seller.place(order)
    first = ask(strict, SEARCH, params={**WINDOW, "maxResultsPerPage": 2}).json()
    token = {"paginationToken": first["pagination"]["nextToken"]}
    other = {**WINDOW, "lastUpdatedBefore": "2026-03-02T11:57:00Z"}
    assert ask(strict, SEARCH, params={**other, **token}).status_code == 400
    again = ask(strict, SEARCH, params={**WINDOW, **token, "maxResultsPerPage": 9})
    assert len(again.json()["orders"]) == 3
    assert again.headers["x-amzn-RateLimit-Limit"] == "0.0056"


def test_bodies(strict: AmazonServer, seller: Seller) -> None:
    order = seller.place(generate_orders(1, kinds=["plain"])[0])
    path = f"/orders/v0/orders/{order}/shipmentConfirmation"
    detail = {"packageReferenceId": 1, "carrierCode": "DHL", "trackingNumber": "1", "note": "x"}
    body = {"marketplaceId": GERMANY, "packageDetail": detail}
    assert ask(strict, path, "POST", json=body).status_code == 400
    text = "\n".join(seller.violations)
    assert "1 is not of type 'string'" in text
    assert "'note' was unexpected" in text
    assert "'shipDate' is a required property" in text
    seller.violations.clear()
    assert ask(strict, path, "POST", data="x", headers={"Content-Type": "text/plain"}).status_code
    assert "not sent as application/json" in seller.violations[0]


def test_tokens_and_agents(strict: AmazonServer, seller: Seller, clock: Clock) -> None:
    path = "/sellers/v1/marketplaceParticipations"
    assert ask(strict, path).status_code == 200
    assert ask(strict, path, headers={"x-amz-access-token": "forged"}).status_code == 403
    clock.sleep(3601)
    assert "expired" in ask(strict, path).text
    assert seller.violations == []
    ask(strict, path, headers={"x-amz-access-token": "", "User-Agent": "python-requests/2"})
    assert len(seller.violations) == 2


def test_limits(strict: AmazonServer, seller: Seller, clock: Clock) -> None:
    answers = [ask(strict, SEARCH, params=WINDOW) for _call in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert "x-amzn-RateLimit-Limit" not in answers[-1].headers
    clock.sleep(180)
    assert ask(strict, SEARCH, params=WINDOW).status_code == 200
    assert seller.calls["searchOrders throttled"] == 1


def test_undocumented_places(strict: AmazonServer, seller: Seller) -> None:
    for method, path in (("GET", "/orders/v0/orders"), ("DELETE", LISTING), ("POST", SEARCH)):
        assert ask(strict, path, method).status_code == 404
    assert len(seller.violations) == 3


def test_replace_forgets_the_handling_time_and_channels_add_up(
    strict: AmazonServer, seller: Seller
) -> None:
    seller.listings["ART"] = Listing({"AMAZON_EU": 1})
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}]
    patch = {"op": "replace", "path": "/attributes/fulfillment_availability", "value": value}
    body = {"productType": "PRODUCT", "patches": [patch]}
    answer = ask(strict, LISTING, "PATCH", json=body, params={"marketplaceIds": GERMANY})
    assert answer.json()["status"] == "ACCEPTED"
    assert seller.listings["ART"].lead_time is None
    assert seller.listings["ART"].channels == {"AMAZON_EU": 1, "DEFAULT": 5}


def test_a_line_that_breaks_off(strict: AmazonServer, seller: Seller) -> None:
    for kind in ("drop", "lost", "half"):
        seller.fail(kind, SEARCH)
        with pytest.raises(requests.RequestException):
            ask(strict, SEARCH, params=WINDOW)
    assert ask(strict, SEARCH, params=WINDOW).status_code == 200


def test_it_runs_without_the_models() -> None:
    seller = Seller(generate_orders(3, kinds=["plain"]))
    seller.tokens["good"] = seller.clock() + 60
    with AmazonServer(seller) as running:
        params = {"createdAfter": "2026-03-01T00:00:00Z"}
        assert len(ask(running, SEARCH, params=params).json()["orders"]) == 3
