"""Each call as the shop documents it, each failure under its right name."""

from collections.abc import Callable
from typing import Any

import pytest
from automation_core.lib import errors

from shop_connector_gambio.lib import client as module
from shop_connector_gambio.lib.check import check_shop
from shop_connector_gambio.lib.client import GambioClient
from tests.servers.gambio import GambioServer, Shop, generate_orders

Connect = Callable[..., GambioClient]


@pytest.fixture(autouse=True)
def _orders(shop: Shop) -> None:
    for order in generate_orders(count=7, seed=2):
        shop.add(order)


# -- addresses and logins ----------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://shop.example/", "https://shop.example"),
        (" shop.example/laden ", "https://shop.example/laden"),
        ("https://shop.example/laden/api.php/v2/orders?page=1", "https://shop.example/laden"),
        ("https://shop.example/admin/start.php", "https://shop.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_shop_url(typed: str, url: str) -> None:
    assert module.shop_url(typed) == url


@pytest.mark.parametrize(
    "typed",
    ["http://shop.example", "", "https://", "ftp://shop.example", "https://me:pw@shop.example"],
)
def test_unsafe_or_broken_addresses(typed: str) -> None:
    with pytest.raises(errors.Rejected) as caught:
        module.shop_url(typed)
    assert caught.value.hint


def test_headers() -> None:
    assert module.auth_header("käse@x.de", "pä:ss", "") == "Basic a8Okc2VAeC5kZTpww6Q6c3M="
    assert module.auth_header("", "", " a.b.c\n") == "Bearer a.b.c"


# -- good answers ------------------------------------------------------------


def test_order(client: GambioClient, shop: Shop) -> None:
    assert client.order(400211) == shop.orders[400211]


def test_names(client: GambioClient) -> None:
    assert client.country(81) == "DE"
    assert client.order_statuses()["99"] == "Storniert"


def test_changes_and_lists(client: GambioClient) -> None:
    changes = client.changed_orders("2026-11-01 08:10:00", 1)
    assert changes is not None
    assert [row["id"] for row in changes] == [400216, 400215, 400214, 400213, 400212]
    assert [row["id"] for row in client.newest_orders(2, 3)] == [400213, 400212, 400211]


def test_check(client: GambioClient, shop: Shop) -> None:
    info = check_shop(client)
    assert (info.api_version, info.shop_version) == ("2.6.0", "4.8.0.3")
    assert info.quota == 4995
    assert info.reads_orders
    assert info.reads_statuses
    assert info.reads_changes
    assert info.clock_difference is not None
    assert abs(info.clock_difference) < 5


def test_check_of_an_old_shop(connect: Connect, shop: Shop) -> None:
    shop.api_version = "2.2.0"
    info = check_shop(connect())
    assert (info.reads_orders, info.reads_changes, info.reads_statuses) == (True, False, False)
    shop.violations.clear()  # asking for what it lacks is the test


def test_check_without_right(connect: Connect, shop: Shop) -> None:
    shop.forbidden = {"orders"}
    info = check_shop(connect())
    assert (info.reads_orders, info.reads_statuses) == (False, True)


def test_token(connect: Connect, shop: Shop) -> None:
    shop.token = "eyJhbGciOi.eyJjdXN0.c2ln"
    assert connect(token=shop.token).order(400211)["id"] == 400211


# -- failures ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("unauthorised", errors.AuthenticationFailed, "does not accept the login"),
        ("forbidden", errors.AccessDenied, "may not use “orders”"),
        ("error", errors.Unavailable, "Unexpected database error"),
        ("quota", errors.Throttled, "limit of requests"),
        ("throttle", errors.Throttled, "429"),
        ("maintenance", errors.Unavailable, "503"),
        ("html", errors.InvalidAnswer, "JSON"),
        ("half", errors.Unavailable, ""),
        ("drop", errors.Unavailable, ""),
    ],
)
def test_faults(
    connect: Connect, shop: Shop, fault: str, error: type[errors.AutomationError], words: str
) -> None:
    shop.fail(fault, "orders")
    client = connect()
    with pytest.raises(error) as caught:
        client.order(400211)
    assert type(caught.value) is error
    assert words in str(caught.value)
    assert shop.password not in str(caught.value) + caught.value.hint
    assert client.order(400211)["id"] == 400211


def test_no_answer_in_time(connect: Connect, shop: Shop) -> None:
    shop.fail("hang", "orders", seconds=1)
    with pytest.raises(errors.Unavailable, match="in time"):
        connect(timeout=0.2).order(400211)


def test_safe_calls_are_repeated_at_once(connect: Connect, shop: Shop) -> None:
    shop.fail("maintenance", "orders", times=2)
    assert connect(retries=2).order(400211)["id"] == 400211
    assert shop.requests["GET orders/400211"] == 3


def test_wrong_password(connect: Connect) -> None:
    with pytest.raises(errors.AuthenticationFailed):
        check_shop(connect(password="falsch"))


@pytest.mark.parametrize("token", ["a.b.c", "broken"])
def test_wrong_token_hides_behind_an_error(connect: Connect, token: str) -> None:
    with pytest.raises(errors.AuthenticationFailed, match="login") as caught:
        check_shop(connect(token=token))
    assert "API keys" in caught.value.hint


def test_other_errors_with_a_token_mention_the_login(connect: Connect, shop: Shop) -> None:
    shop.token = "eyJhbGciOi.eyJjdXN0.c2ln"
    shop.fail("error", "orders")
    with pytest.raises(errors.Unavailable) as caught:
        connect(token=shop.token).order(400211)
    assert "token" in caught.value.hint


def test_unknown_order_is_final_though_the_shop_says_500(client: GambioClient) -> None:
    with pytest.raises(errors.NotFound, match="ID:999"):
        client.order(999)


def test_another_order_than_asked_for(connect: Connect, shop: Shop) -> None:
    for payload in (b"[]", b"{}", b'{"id": 5}', b"null", b'"x"'):
        shop.fail("body", "orders/400211", payload=payload)
        with pytest.raises(errors.InvalidAnswer, match="order 400211"):
            connect().order(400211)


@pytest.mark.parametrize("payload", [b"{}", b'{"modified": 5}', b"7", b"null"])
def test_list_in_another_form(connect: Connect, shop: Shop, payload: bytes) -> None:
    shop.fail("body", "orders", payload=payload)
    with pytest.raises(errors.InvalidAnswer):
        connect().changed_orders("2026-11-01 08:10:00", 1)


def test_stops_before_the_quota_is_used_up(connect: Connect, shop: Shop) -> None:
    shop.limit = 600
    shop.used = 549
    client = connect()
    client.order(400211)
    client.order(400211)
    with pytest.raises(errors.Throttled) as caught:
        client.order(400211)
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 15 * 60 + 1
    assert shop.requests["all"] == 2


def test_quota_is_waited_for_by_the_shops_clock(connect: Connect, shop: Shop) -> None:
    now = 1_790_000_000.0
    client = connect(clock=lambda: now)
    shop.used, shop.reset = 4_990, __import__("time").time() + 300
    client.order(400211)
    with pytest.raises(errors.Throttled) as caught:
        client.order(400211)
    assert 250 < (caught.value.retry_after or 0) < 310


def test_small_quotas_leave_room_to_work(connect: Connect, shop: Shop) -> None:
    shop.limit = 30
    client = connect()
    for _turn in range(27):
        client.order(400211)


def test_requests_keep_to_the_documented_api(
    server: GambioServer, client: GambioClient, shared: Any
) -> None:
    import json

    document = json.loads((shared / "specs/gambio/openapi_v2_orders_products.json").read_text())
    check_shop(client)
    client.order(400211)
    client.newest_orders(1)
    client.country(81)
    paths = document["paths"]
    used = {key for key in server.shop.requests if " " in key and key != "GET "}
    for key in used:
        path = "/" + key.split(" ")[1]
        known = path in paths or f"{path.rsplit('/', 1)[0]}/" in {
            p[: p.rindex("/") + 1] for p in paths
        }
        assert known, key
    names = {
        document["parameters"][row["$ref"].split("/")[-1]]["name"]
        for row in paths["/orders"]["get"]["parameters"]
    }
    assert {"modified", "page", "per_page", "sort"} <= names
