"""No order is lost, whatever happens between two pages."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from automation_core.lib import errors

from shop_connector_ebay.lib.client import EbayClient
from shop_connector_ebay.lib.fetch import OrderFetcher, is_sweep
from tests.servers.ebay import EbayServer, Shop, generate_orders
from tests.servers.ebay.wire import Request

from .conftest import NOW, Connect

BEGIN = NOW - timedelta(days=3)


def fill(shop: Shop, count: int, **more: Any) -> list[str]:
    every = timedelta(hours=40) / count
    start = NOW - timedelta(hours=41)
    return [
        shop.add(order) for order in generate_orders(count=count, start=start, every=every, **more)
    ]


def run(client: EbayClient, cursor: Any = None, size: int = 10) -> tuple[Counter[str], Any]:
    """Fetch until nothing is left; the cursor goes through JSON as in the database."""
    fetcher = OrderFetcher(client, size)
    found: Counter[str] = Counter()
    cursor = cursor or {}
    for _page in range(300):
        page = fetcher.fetch_page(json.loads(json.dumps(cursor)), BEGIN)
        found.update(order.external_id for order in page.orders)
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("endless")


def test_all_orders_come_once(shop: Shop, client: EbayClient) -> None:
    wanted = fill(shop, 47)
    found, cursor = run(client)
    assert found == Counter(wanted)
    assert cursor["to"] == ""
    again, _cursor = run(client, cursor)
    assert not again


def test_pages_have_the_same_parameters(shop: Shop, client: EbayClient) -> None:
    fill(shop, 35)
    run(client)
    lists = [request for request in shop.log if request.path.endswith("/order")]
    assert len(lists) == 4
    assert len({(row.query["filter"], row.query["limit"]) for row in lists}) == 1


@pytest.mark.parametrize("moved", [1, 5, 10, 23])
def test_orders_that_leave_the_window_hide_no_others(
    shop: Shop, client: EbayClient, moved: int
) -> None:
    wanted = fill(shop, 60, kinds=["plain"])
    calls = 0

    def change(request: Request) -> None:
        nonlocal calls
        if request.path.endswith("/order"):
            calls += 1
            if calls in (2, 4):
                for number in wanted[:moved] if calls == 2 else wanted[moved : moved + 3]:
                    shop.touch(number)

    shop.before = change
    found, cursor = run(client)
    assert set(wanted[moved + 3 :]) <= set(found)
    shop.before = None
    shop.clock_offset = timedelta(minutes=10)
    later, _cursor = run(client, cursor)
    assert set(found) | set(later) == set(wanted)


def test_a_list_that_never_rests_ends_all_the_same(shop: Shop, client: EbayClient) -> None:
    wanted = fill(shop, 30, kinds=["plain"])
    extra = generate_orders(count=400, first=90_000, start=BEGIN, every=timedelta(minutes=1))

    def grow(request: Request) -> None:
        if extra and request.path.endswith("/order"):
            shop.add(extra.pop())

    shop.before = grow
    found: set[str] = set()
    cursor: Any = None
    for _run in range(30):
        counted, cursor = run(client, cursor)
        found |= set(counted)
        shop.clock_offset += timedelta(minutes=1)
    assert set(wanted) <= found


def test_a_broken_run_goes_on_where_it_was(shop: Shop, client: EbayClient) -> None:
    wanted = fill(shop, 30, kinds=["plain"])
    fetcher = OrderFetcher(client, 10)
    first = fetcher.fetch_page({}, BEGIN)
    shop.fail("drop", "/order", times=3)
    with pytest.raises(errors.Unavailable):
        fetcher.fetch_page(first.cursor, BEGIN)
    rest, _cursor = run(client, first.cursor)
    assert {order.external_id for order in first.orders} | set(rest) == set(wanted)


def test_changes_come_again(shop: Shop, client: EbayClient) -> None:
    wanted = fill(shop, 5, kinds=["plain"])
    _found, cursor = run(client)
    shop.clock_offset = timedelta(minutes=30)
    shop.cancel(wanted[2])
    shop.clock_offset = timedelta(minutes=40)
    found, _cursor = run(client, cursor)
    assert set(found) == {wanted[2]}


def test_what_changed_just_now_waits_until_the_list_has_settled(
    shop: Shop, client: EbayClient
) -> None:
    wanted = fill(shop, 3, kinds=["plain"])
    shop.touch(wanted[0])
    found, cursor = run(client)
    assert set(found) == set(wanted[1:])
    shop.clock_offset = timedelta(minutes=3)
    found, _cursor = run(client, cursor)
    assert set(found) == {wanted[0]}


def test_the_sweep_finds_what_the_changes_missed(shop: Shop, client: EbayClient) -> None:
    wanted = fill(shop, 8, kinds=["plain"])
    shop.invisible = {wanted[3]}
    found, cursor = run(client)
    assert wanted[3] not in found
    shop.clock_offset = timedelta(days=1, minutes=5)
    fetcher = OrderFetcher(client)
    page = fetcher.fetch_page(cursor, BEGIN)
    assert page.more
    assert not is_sweep(cursor)
    assert is_sweep(page.cursor)
    swept = fetcher.fetch_page(page.cursor, BEGIN)
    assert wanted[3] in {order.external_id for order in swept.orders}
    assert "creationdate:" in shop.log[-1].query["filter"]
    assert not swept.more
    assert not is_sweep(swept.cursor)


def test_orders_from_before_the_start_stay_out(shop: Shop, client: EbayClient) -> None:
    old = generate_orders(count=1, kinds=["plain"], start=BEGIN - timedelta(days=20))[0]
    shop.touch(shop.add(old), NOW - timedelta(hours=5))
    assert not run(client)[0]


def test_a_request_to_cancel_comes_with_its_reason(shop: Shop, client: EbayClient) -> None:
    fill(shop, 1, kinds=["cancel_requested"])
    (order,) = OrderFetcher(client).fetch_page({}, BEGIN).orders
    assert json.loads(order.body)["cancelStatus"]["cancelRequests"][0]["cancelInitiator"] == "Buyer"


def test_an_order_whose_details_fail_still_comes(shop: Shop, client: EbayClient) -> None:
    (number,) = fill(shop, 1, kinds=["cancel_requested"])
    shop.fail("error", f"/order/{number}", times=3)
    (order,) = OrderFetcher(client).fetch_page({}, BEGIN).orders
    assert order.external_id == number


def test_records_without_a_number_are_kept(
    shop: Shop, client: EbayClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = {"total": 2, "orders": [{"orderId": None}, "nonsense"]}
    monkeypatch.setattr(client, "orders", lambda *args: page)
    found = OrderFetcher(client).fetch_page({}, BEGIN)
    assert len(found.orders) == 2
    assert all(order.problem and order.hint for order in found.orders)


def test_one_order_again(shop: Shop, client: EbayClient) -> None:
    (number,) = fill(shop, 1)
    assert OrderFetcher(client).fetch_order(number).external_id == number
    with pytest.raises(errors.NotFound):
        OrderFetcher(client).fetch_order("99-00000-00000")
    with pytest.raises(errors.NotFound):
        OrderFetcher(client).fetch_order("../x")


def test_a_start_in_the_future_asks_nothing(shop: Shop, client: EbayClient) -> None:
    page = OrderFetcher(client).fetch_page({}, NOW + timedelta(days=1))
    assert (page.orders, page.more) == ((), False)
    assert shop.requests["all"] == 0


def test_an_earlier_start_begins_anew(shop: Shop, client: EbayClient) -> None:
    wanted = fill(shop, 4, kinds=["plain"])
    fetcher = OrderFetcher(client)
    late = fetcher.fetch_page({}, NOW - timedelta(hours=1))
    assert not late.orders
    found = fetcher.fetch_page(late.cursor, BEGIN)
    assert {order.external_id for order in found.orders} == set(wanted)


@pytest.mark.parametrize("kind", ["html", "half", "maintenance", "throttle"])
def test_odd_answers_lose_nothing(
    shop: Shop, server: EbayServer, client_for: Connect, kind: str
) -> None:
    wanted = fill(shop, 12, kinds=["plain"])
    client = client_for()
    shop.fail(kind, "/order", times=3)
    with pytest.raises(errors.AutomationError) as raised:
        run(client)
    assert raised.value.retryable
    shop.faults.clear()
    assert set(run(client)[0]) == set(wanted)


@pytest.mark.parametrize(
    "cursor", [{"begin": 3}, {"begin": "x", "since": []}, {"to": {}, "mode": 1}]
)
def test_damaged_cursors_begin_anew(shop: Shop, client: EbayClient, cursor: Any) -> None:
    wanted = fill(shop, 3, kinds=["plain"])
    assert set(run(client, cursor)[0]) == set(wanted)
