"""Every order comes in, whatever breaks off: windows, pages, clocks, refusals."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from automation_core.lib import errors
from automation_core.lib.tokens import MemoryTokens

from shop_connector_amazon.lib.bucket import MemoryStorage
from shop_connector_amazon.lib.client import SpApi
from shop_connector_amazon.lib.fetch import OrderFetcher, raw_order
from shop_connector_amazon.lib.orders import OrdersApi
from tests.servers.amazon import FRANCE, GERMANY, Seller, generate_orders

from .conftest import NOON, PLACES, Clock

Make = Callable[..., SpApi]
START = datetime(2026, 3, 1, tzinfo=UTC)


class Inbox:
    """Stores pages as the add-on does: page and cursor together."""

    def __init__(self, api: SpApi, places: tuple[str, ...] = PLACES) -> None:
        self.fetcher = OrderFetcher(OrdersApi(api), places)
        self.cursor: dict[str, Any] = {}
        self.orders: dict[str, str] = {}
        self.pages = 0

    def page(self) -> bool:
        found = self.fetcher.fetch_page(self.cursor, START)
        for raw in found.orders:
            assert raw.body
            self.orders[raw.external_id] = raw.body
        self.cursor = dict(found.cursor)
        self.pages += 1
        return found.more

    def poll(self) -> None:
        for _page in range(100):
            if not self.page():
                return
        raise AssertionError("endless")


@pytest.fixture
def inbox(api: SpApi) -> Inbox:
    """An empty inbox."""
    return Inbox(api)


def fill(seller: Seller, count: int, **more: Any) -> set[str]:
    orders = generate_orders(count, start=START + timedelta(hours=9), **more)
    return {
        seller.place(order) for order in orders if order["salesChannel"]["marketplaceId"] == GERMANY
    }


def test_all_pages_with_the_same_question(inbox: Inbox, seller: Seller) -> None:
    numbers = fill(seller, 270, every=timedelta(minutes=3))
    inbox.poll()
    assert set(inbox.orders) == numbers
    assert seller.refused == []


def test_the_second_poll_only_asks_for_what_is_new(
    inbox: Inbox, seller: Seller, clock: Clock
) -> None:
    fill(seller, 20)
    inbox.poll()
    inbox.orders.clear()
    clock.sleep(600)
    number = seller.place(
        generate_orders(1, 7, start=clock.moment - timedelta(minutes=40), kinds=["plain"])[0]
    )
    seller.touch(number)
    clock.sleep(300)
    inbox.poll()
    assert set(inbox.orders) == {number}
    assert seller.calls["searchOrders"] == 2


def test_a_crash_between_pages_loses_nothing(make_api: Make, seller: Seller) -> None:
    numbers = fill(seller, 270, every=timedelta(minutes=3))
    inbox = Inbox(make_api())
    assert inbox.page()
    inbox.fetcher.fetch_page(inbox.cursor, START)  # fetched, never stored
    again = Inbox(make_api())
    again.cursor, again.orders = inbox.cursor, inbox.orders
    again.poll()
    assert set(again.orders) == numbers


def test_orders_that_change_between_pages(inbox: Inbox, seller: Seller, clock: Clock) -> None:
    numbers = fill(seller, 270, every=timedelta(minutes=3))
    inbox.page()
    for number in sorted(numbers)[::5]:
        seller.touch(number)
    inbox.poll()
    clock.sleep(600)
    inbox.poll()
    assert set(inbox.orders) == numbers


def test_shifting_pages_are_mended_by_the_next_poll_or_the_sweep(
    inbox: Inbox, seller: Seller, clock: Clock
) -> None:
    seller.shifting_pages = True
    numbers = fill(seller, 270, every=timedelta(minutes=3))
    inbox.page()
    for number in sorted(numbers)[:40]:
        seller.touch(number)
    inbox.poll()
    assert set(inbox.orders) < numbers
    for _day in range(3):
        clock.sleep(90_000 / 2)
        for _poll in range(6):
            inbox.poll()
    assert set(inbox.orders) == numbers


def test_what_the_search_hides_is_found_by_the_sweep(
    inbox: Inbox, seller: Seller, clock: Clock
) -> None:
    numbers = fill(seller, 10)
    seller.hidden = {min(numbers)}
    inbox.poll()
    assert set(inbox.orders) == numbers - seller.hidden
    clock.sleep(90_000)
    inbox.poll()
    assert set(inbox.orders) == numbers
    assert inbox.cursor["sweep_found"] == len(numbers)
    calls = seller.calls["searchOrders"]
    clock.sleep(600)
    inbox.poll()
    assert seller.calls["searchOrders"] == calls + 1  # no second sweep on the same day


def test_changes_that_show_late_are_within_the_overlap(
    inbox: Inbox, seller: Seller, clock: Clock
) -> None:
    inbox.poll()
    seller.lag = 480
    order = generate_orders(1, start=clock.moment, kinds=["plain"])[0]
    number = seller.place(order)
    seller.touch(number)
    for _poll in range(8):
        clock.sleep(180)
        inbox.poll()
    assert set(inbox.orders) == {number}


@pytest.mark.parametrize("ahead", [-600.0, -90.0, 0.0, 90.0, 600.0])
def test_clocks_that_differ(make_api: Make, seller: Seller, clock: Clock, ahead: float) -> None:
    """Ours is ahead of Amazon's by so many seconds; whatever it shows, nothing is skipped."""
    numbers = fill(seller, 5)
    inbox = Inbox(make_api(clock=lambda: clock() + ahead))
    inbox.poll()
    for step in range(4):
        number = seller.place(generate_orders(1, 50 + step, start=clock.moment, kinds=["plain"])[0])
        seller.touch(number)
        numbers.add(number)
        clock.sleep(400)
        inbox.poll()
    assert set(inbox.orders) == numbers


def test_a_cached_token_and_a_clock_that_is_fast(
    make_api: Make, seller: Seller, clock: Clock
) -> None:
    numbers = fill(seller, 5)
    tokens = MemoryTokens()
    make_api(tokens=tokens)._login.access_token()
    inbox = Inbox(make_api(tokens=tokens, clock=lambda: clock() + 600))
    inbox.poll()  # the first window ends in Amazon's future and is refused once
    assert set(inbox.orders) == numbers
    assert len(seller.refused) == 1


def test_a_page_that_is_refused_begins_anew(inbox: Inbox, seller: Seller) -> None:
    numbers = fill(seller, 270, every=timedelta(minutes=3))
    inbox.page()
    seller.pages.clear()
    inbox.poll()
    assert set(inbox.orders) == numbers


def test_a_token_older_than_a_day_is_not_even_tried(
    inbox: Inbox, seller: Seller, clock: Clock
) -> None:
    numbers = fill(seller, 150, every=timedelta(minutes=3))
    inbox.page()
    clock.sleep(25 * 3600)
    inbox.poll()
    assert set(inbox.orders) >= numbers
    assert seller.refused == []


def test_pages_that_are_always_refused_end_with_a_word(
    inbox: Inbox, seller: Seller, clock: Clock
) -> None:
    fill(seller, 270, every=timedelta(seconds=1))
    with pytest.raises(errors.InvalidAnswer, match="turn the pages"):
        always_refused(inbox, seller, clock)
    assert inbox.cursor["since"] < "2026-03-01T09:05:00Z"  # where the orders begin


def always_refused(inbox: Inbox, seller: Seller, clock: Clock) -> None:
    for _page in range(60):
        try:
            inbox.page()
        except errors.Throttled as error:
            clock.sleep(error.retry_after or 60)
        seller.pages.clear()


def test_an_expired_token_between_pages(inbox: Inbox, seller: Seller) -> None:
    numbers = fill(seller, 270, every=timedelta(minutes=3))
    inbox.page()
    for token in seller.tokens:
        seller.tokens[token] = 0
    inbox.poll()
    assert set(inbox.orders) == numbers


def test_a_missing_tax_role_is_no_reason_to_stop(inbox: Inbox, seller: Seller) -> None:
    numbers = fill(seller, 10)
    seller.denied_data = {"TAX"}
    inbox.poll()
    assert set(inbox.orders) == numbers
    assert inbox.cursor["fewer_until"]
    seller.denied_data = {"BUYER"}
    with pytest.raises(errors.AccessDenied):
        Inbox(inbox.fetcher._orders.api).poll()


def test_throttling_stops_the_run_and_the_next_goes_on(
    make_api: Make, seller: Seller, clock: Clock
) -> None:
    numbers = fill(seller, 2_300, every=timedelta(seconds=20))
    inbox = Inbox(make_api(MemoryStorage()))
    runs = 0
    for _run in range(60):
        runs += 1
        try:
            inbox.poll()
            break
        except errors.Throttled as error:
            clock.sleep(error.retry_after or 60)
    assert set(inbox.orders) == numbers
    assert runs > 1
    assert seller.calls["searchOrders throttled"] == 0


def test_trouble_moves_nothing(inbox: Inbox, seller: Seller) -> None:
    numbers = fill(seller, 150, every=timedelta(minutes=3))
    for kind in ("error", "html", "half", "hang"):
        seller.fail(kind, "/orders/", times=3)
        with pytest.raises(errors.AutomationError):
            inbox.page()
        assert inbox.cursor == {}
    inbox.poll()
    assert set(inbox.orders) == numbers


def test_a_year_is_fetched_in_pieces(make_api: Make, seller: Seller, clock: Clock) -> None:
    old = NOON - timedelta(days=200)
    for order in generate_orders(8, start=old, every=timedelta(days=25), kinds=["plain"]):
        seller.place(order)
    inbox = Inbox(make_api())
    for _page in range(20):
        found = inbox.fetcher.fetch_page(inbox.cursor, old - timedelta(days=1))
        inbox.orders |= {raw.external_id: raw.body for raw in found.orders}
        inbox.cursor = dict(found.cursor)
        if not found.more:
            break
    assert len(inbox.orders) == 8
    assert 6 <= seller.calls["searchOrders"] <= 8


def test_a_row_without_a_number_is_kept_to_look_at(inbox: Inbox, seller: Seller) -> None:
    fill(seller, 3)
    body = b'{"orders": [{"orderId": 5}, null, {"orderId": "302-0000001-0000001"}]}'
    seller.fail("body", "/orders/", payload=body)
    inbox.page()
    assert sum(number.startswith("unknown-") for number in inbox.orders) == 2
    assert "302-0000001-0000001" in inbox.orders
    assert raw_order({"orderId": "x\ud800"}).body.isascii()


def test_one_order_again(inbox: Inbox, seller: Seller) -> None:
    number = min(fill(seller, 3))
    assert inbox.fetcher.fetch_order(number).external_id == number


def test_without_marketplaces_nothing_is_asked(api: SpApi) -> None:
    with pytest.raises(errors.Rejected):
        OrderFetcher(OrdersApi(api), ())


@pytest.mark.parametrize(
    "cursor",
    [
        {"since": "yesterday"},
        {"changes": {"after": 5}},
        {"changes": {"after": "x", "before": "y", "marketplaces": [], "included": []}},
        {"changes": "x", "sweep": [], "unknown": 1},
    ],
)
def test_a_damaged_cursor_begins_anew(inbox: Inbox, seller: Seller, cursor: dict[str, Any]) -> None:
    numbers = fill(seller, 3)
    inbox.cursor = cursor
    inbox.poll()
    assert set(inbox.orders) == numbers


def test_several_marketplaces(make_api: Make, seller: Seller) -> None:
    for order in generate_orders(3, start=START, kinds=["marketplace_tax", "plain"]):
        seller.place(order)
    inbox = Inbox(make_api(), (GERMANY, FRANCE))
    inbox.poll()
    assert len(inbox.orders) == 3
