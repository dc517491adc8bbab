"""Fetching by cursor: nothing lost, nothing skipped, wherever it breaks off."""

import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from automation_core.lib import errors
from shop_connector.lib.channel import OrderPage

from shop_connector_gambio.lib import const, parser
from shop_connector_gambio.lib.client import GambioClient
from shop_connector_gambio.lib.fetch import OrderFetcher
from tests.servers.gambio import Shop, generate_orders

START = datetime(2020, 1, 1, tzinfo=UTC)
Connect = Callable[..., GambioClient]
Inbox = dict[str, Any]


def fill(shop: Shop, count: int, hours: float = 24.0, **more: Any) -> list[int]:
    """Give the shop orders of the last hours."""
    begin = shop.now() - timedelta(hours=hours)
    every = timedelta(hours=hours) / max(count, 1)
    return [
        shop.add(order) for order in generate_orders(count=count, start=begin, every=every, **more)
    ]


def run(
    client: GambioClient, cursor: Any = None, inbox: Inbox | None = None, size: int = 10
) -> Any:
    """Fetch page after page as the inbox does; return the last cursor, read back from JSON."""
    inbox = {} if inbox is None else inbox
    fetcher = OrderFetcher(client, size)
    cursor = cursor or {}
    while True:
        page = fetcher.fetch_page(cursor, START)
        store(inbox, page)
        cursor = json.loads(json.dumps(page.cursor))
        if not page.more:
            return cursor


def store(inbox: Inbox, page: OrderPage) -> None:
    for raw in page.orders:
        inbox[raw.external_id] = raw


def ids(inbox: Inbox) -> list[int]:
    return sorted(int(key) for key in inbox)


def test_all_orders_arrive_oldest_first_and_can_be_parsed(client: GambioClient, shop: Shop) -> None:
    numbers = fill(shop, 230)
    inbox: Inbox = {}
    cursor = run(client, inbox=inbox, size=50)
    assert list(inbox) == [str(number) for number in numbers]
    for raw in inbox.values():
        assert not raw.problem
        order = parser.parse_order(raw.body)
        assert order.shop_status in ("Offen", "Storniert")
        assert order.billing.country_code
    assert cursor["pending"] == []
    assert cursor["countries"].items() >= {"81": "DE", "14": "AT", "150": "NL", "204": "CH"}.items()
    assert shop.requests["GET countries/81"] == 1


def test_card_data_and_address_of_the_buyers_line_are_not_kept(
    client: GambioClient, shop: Shop
) -> None:
    number = fill(shop, 1)[0]
    shop.orders[number]["addonValues"] |= {"ccNumber": "4111111111111111", "ccCvv": "123"}
    inbox: Inbox = {}
    run(client, inbox=inbox)
    body = inbox[str(number)].body
    assert "4111" not in body
    assert "192.0.2." not in body
    kept = json.loads(body)["order"]
    assert {**kept, "addonValues": 0} == {**shop.orders[number], "addonValues": 0}


def test_only_changes_are_fetched_again(client: GambioClient, shop: Shop) -> None:
    numbers = fill(shop, 30, hours=72)
    cursor = run(client)
    inbox: Inbox = {}
    cursor = run(client, cursor, inbox)
    assert ids(inbox) == [n for n in numbers if shop.modified[n] >= _since(cursor)]
    shop.set_status(numbers[3], 3)
    inbox = {}
    run(client, cursor, inbox)
    assert numbers[3] in ids(inbox)
    assert numbers[4] not in ids(inbox)
    assert parser.parse_order(inbox[str(numbers[3])].body).shop_status == "Versendet"


def _since(cursor: Any) -> datetime:
    return datetime.strptime(cursor["since"], const.TIME_FORMAT) - const.OVERLAP


def test_same_content_has_the_same_digest(client: GambioClient, shop: Shop) -> None:
    fill(shop, 5, hours=1)
    first: Inbox = {}
    second: Inbox = {}
    cursor = run(client, inbox=first)
    run(client, cursor, second)
    assert {key: raw.digest for key, raw in first.items()} == {
        k: r.digest for k, r in second.items()
    }


def test_nothing_new_leaves_the_cursor(client: GambioClient, shop: Shop) -> None:
    fill(shop, 3, hours=72)
    cursor = run(client)
    again = run(client, cursor)
    assert again["since"] == cursor["since"]
    assert run(client, {})["since"] == cursor["since"]


def test_empty_shop(client: GambioClient) -> None:
    page = OrderFetcher(client).fetch_page({}, START)
    assert page.orders == ()
    assert not page.more


# -- breaking off ------------------------------------------------------------


def test_crash_between_pages_loses_nothing(connect: Connect, shop: Shop) -> None:
    """Random crashes: before storing (page lost, old cursor) and after; changes while it runs."""
    rng = random.Random(7)
    numbers = fill(shop, 120, hours=5)
    inbox: Inbox = {}
    stored: Any = {}
    changed: dict[int, str] = {}
    for _turn in range(400):
        page = OrderFetcher(connect(), 7).fetch_page(stored, START)
        if rng.random() < 0.3:
            continue  # killed before the page was stored
        store(inbox, page)
        stored = json.loads(json.dumps(page.cursor))
        if len(changed) < 25 and rng.random() < 0.5:
            number = rng.choice(numbers)
            shop.set_status(number, 2)
            changed[number] = "In Bearbeitung"
        if not page.more and len(changed) >= 25:
            break
    run(connect(), stored, inbox)
    assert ids(inbox) == numbers
    for number, status in changed.items():
        assert parser.parse_order(inbox[str(number)].body).shop_status == status


@pytest.mark.parametrize("offset", [-1, 1])
@pytest.mark.parametrize("stamp", ["shop", "database"])
def test_clocks_an_hour_off(connect: Connect, shop: Shop, offset: int, stamp: str) -> None:
    if stamp == "shop":
        shop.clock_offset = timedelta(hours=offset)
    else:
        shop.database_offset = timedelta(hours=offset)
    inbox: Inbox = {}
    fill(shop, 6, hours=2)
    cursor = run(connect(), inbox=inbox)
    new = generate_orders(count=1, first_id=500000, start=shop.now())[0]
    shop.add(new)
    shop.set_status(400210, 2)
    cursor = run(connect(), cursor, inbox)
    assert 500000 in ids(inbox)
    assert parser.parse_order(inbox["400210"].body).shop_status == "In Bearbeitung"


def test_a_date_in_the_future_does_not_carry_the_cursor_away(
    client: GambioClient, shop: Shop
) -> None:
    fill(shop, 3)
    strange = generate_orders(count=1, first_id=500000, start=datetime(2062, 1, 1))[0]
    shop.add(strange)
    cursor = run(client)
    shop.add(generate_orders(count=1, first_id=500001, start=shop.now())[0])
    inbox: Inbox = {}
    run(client, cursor, inbox)
    assert 500001 in ids(inbox)


def test_change_during_a_long_pass_is_found_by_the_next(connect: Connect, shop: Shop) -> None:
    """An order fetched early and changed hours later, while the pass still runs."""
    numbers = fill(shop, 20, hours=20)
    now = [time.time()]
    inbox: Inbox = {}
    first = OrderFetcher(connect(clock=lambda: now[0]), 5).fetch_page({}, START)
    store(inbox, first)
    later = timedelta(hours=8)
    now[0] += later.total_seconds()
    shop.clock_offset = timedelta(hours=1)
    shop.set_status(numbers[0], 3)  # an hour after it was fetched
    shop.clock_offset = later
    shop.set_status(numbers[-1], 2)  # much later: the newest time of all
    cursor = run(connect(clock=lambda: now[0]), first.cursor, inbox)
    assert parser.parse_order(inbox[str(numbers[0])].body).shop_status == "Offen"
    run(connect(clock=lambda: now[0]), cursor, inbox)
    assert parser.parse_order(inbox[str(numbers[0])].body).shop_status == "Versendet"


# -- single orders that fail -------------------------------------------------


@pytest.mark.parametrize("fault", ["error", "html", "half", "drop", "body"])
def test_one_bad_order_does_not_stop_the_others(connect: Connect, shop: Shop, fault: str) -> None:
    numbers = fill(shop, 12)
    shop.fail(fault, f"orders/{numbers[4]}", times=1, payload=b"[]")
    inbox: Inbox = {}
    cursor = run(connect(), inbox=inbox)
    assert ids(inbox) == numbers
    bad = [raw for raw in inbox.values() if raw.problem]
    assert [raw.external_id for raw in bad] == [str(numbers[4])]
    assert bad[0].hint
    assert cursor["again"] == {str(numbers[4]): 1}
    cursor = run(connect(), cursor, inbox)
    assert not inbox[str(numbers[4])].problem
    assert cursor["again"] == {}


def test_an_order_that_never_works_is_given_up_after_a_while(connect: Connect, shop: Shop) -> None:
    number = fill(shop, 3, hours=72)[0]
    shop.fail("error", f"orders/{number}", times=100)
    cursor = None
    for _turn in range(22):
        cursor = run(connect(), cursor)
    assert shop.requests[f"GET orders/{number}"] == 20
    assert cursor["again"] == {}


def test_three_bad_orders_in_a_row_while_the_shop_works(connect: Connect, shop: Shop) -> None:
    numbers = fill(shop, 12)
    for number in numbers[2:8]:
        shop.fail("error", f"orders/{number}")
    inbox: Inbox = {}
    run(connect(), inbox=inbox)
    assert ids(inbox) == numbers
    assert sum(bool(raw.problem) for raw in inbox.values()) == 6


def test_shop_that_goes_down_keeps_the_rest_for_later(
    connect: Connect, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = fill(shop, 12)
    for number in numbers[5:]:
        shop.fail("error", f"orders/{number}", times=1000)
    fetcher = OrderFetcher(connect(), 50)
    monkeypatch.setattr(GambioClient, "newest_orders", _down)
    page = fetcher.fetch_page({}, START)
    with pytest.raises(errors.Unavailable):
        fetcher.fetch_page(page.cursor, START)
    assert [raw.external_id for raw in page.orders] == [str(n) for n in numbers[:5]]
    assert not [raw for raw in page.orders if raw.problem]
    assert page.more
    shop.faults.clear()
    inbox: Inbox = {}
    cursor = run(connect(), page.cursor, inbox)
    assert ids(inbox) == numbers[5:]
    assert cursor["pending"] == []


def _down(*_args: object, **_more: object) -> Any:
    raise errors.Unavailable("down")


@pytest.mark.parametrize(
    ("fault", "error"),
    [("unauthorised", errors.AuthenticationFailed), ("quota", errors.Throttled)],
)
def test_trouble_of_the_whole_shop_is_no_orders_fault(
    connect: Connect, shop: Shop, fault: str, error: type[errors.AutomationError]
) -> None:
    numbers = fill(shop, 8)
    shop.fail(fault, f"orders/{numbers[3]}", times=2)
    fetcher = OrderFetcher(connect(), 50)
    page = fetcher.fetch_page({}, START)
    assert [raw.external_id for raw in page.orders] == [str(n) for n in numbers[:3]]
    assert page.more
    with pytest.raises(error):
        fetcher.fetch_page(page.cursor, START)
    inbox: Inbox = {}
    run(connect(), page.cursor, inbox)
    assert ids(inbox) == numbers[3:]


def test_trouble_while_listing_leaves_everything_for_the_next_time(
    connect: Connect, shop: Shop
) -> None:
    numbers = fill(shop, 150)
    shop.fail("error", "orders")
    with pytest.raises(errors.Unavailable):
        run(connect())
    inbox: Inbox = {}
    run(connect(), {}, inbox)
    assert ids(inbox) == numbers


def test_quota_in_the_middle_of_a_big_first_import(connect: Connect, shop: Shop) -> None:
    numbers = fill(shop, 100)
    shop.limit = 60
    inbox: Inbox = {}
    cursor: Any = {}
    for _window in range(4):
        try:
            while True:
                page = OrderFetcher(connect(), 10).fetch_page(cursor, START)
                store(inbox, page)
                cursor = page.cursor
                if not page.more:
                    break
        except errors.Throttled:
            shop.used = 0  # the next quarter of an hour
    assert ids(inbox) == numbers


def test_order_deleted_between_list_and_fetch(connect: Connect, shop: Shop) -> None:
    numbers = fill(shop, 6)
    fetcher = OrderFetcher(connect(), 2)
    page = fetcher.fetch_page({}, START)
    shop.delete(numbers[3])
    inbox: Inbox = {}
    cursor = run(connect(), page.cursor, inbox)
    assert "was not found" in inbox[str(numbers[3])].problem
    assert cursor["again"] == {}


def test_list_record_without_a_number_is_kept_for_a_person(connect: Connect, shop: Shop) -> None:
    fill(shop, 2)
    rows = [{"id": None, "x": "ü"}, 5, {"id": "400211"}, {"id": "400211"}, {"id": True}]
    shop.fail("body", "/orders", payload=json.dumps({"modified": rows}).encode())
    page = OrderFetcher(connect()).fetch_page({}, START)
    strange = [raw for raw in page.orders if raw.problem]
    assert len(strange) == 3
    assert json.loads(strange[0].body) == rows[0]
    assert [raw.external_id for raw in page.orders if not raw.problem] == ["400211"]


def test_shop_that_ignores_pages(connect: Connect, shop: Shop) -> None:
    rows = [{"id": number} for number in range(1, 101)]
    shop.fail("body", "/orders", times=9, payload=json.dumps({"modified": rows}).encode())
    with pytest.raises(errors.InvalidAnswer, match="again and again"):
        OrderFetcher(connect()).fetch_page({}, START)


def test_missing_right_for_countries_is_told_by_the_parser(connect: Connect, shop: Shop) -> None:
    fill(shop, 1)
    shop.forbidden = {"countries", "order_statuses"}
    inbox: Inbox = {}
    run(connect(), inbox=inbox)
    with pytest.raises(ValueError, match="country the shop does not explain"):
        parser.parse_order(inbox["400210"].body)


@pytest.mark.parametrize("fault", ["html", "error"])
def test_broken_list_of_statuses_stops_nothing(connect: Connect, shop: Shop, fault: str) -> None:
    numbers = fill(shop, 3)
    shop.fail(fault, "order_statuses", times=5)
    inbox: Inbox = {}
    run(connect(), inbox=inbox)
    assert ids(inbox) == numbers
    assert parser.parse_order(inbox["400210"].body).shop_status == "1"


def test_earlier_start_begins_anew_and_a_later_one_leaves_out(
    client: GambioClient, shop: Shop
) -> None:
    numbers = fill(shop, 10, hours=100)
    shop.touch(numbers[0])  # changed today, bought before the start
    fetcher = OrderFetcher(client)
    middle = datetime.now(UTC) - timedelta(hours=55)
    page = fetcher.fetch_page({}, middle)
    assert [int(raw.external_id) for raw in page.orders] == numbers[5:]
    page = fetcher.fetch_page(page.cursor, middle)
    assert {int(raw.external_id) for raw in page.orders} <= set(numbers[5:])
    page = fetcher.fetch_page(page.cursor, START)
    assert [int(raw.external_id) for raw in page.orders] == numbers


def test_half_characters_and_nul_survive_storing(connect: Connect, shop: Shop) -> None:
    fill(shop, 1)
    inbox: Inbox = {}
    raw = json.dumps(shop.orders[400210] | {"comment": "a\ud800b\x00c🙂"}).encode()
    shop.fail("body", "orders/400210", payload=raw)
    run(connect(), inbox=inbox)
    body = inbox["400210"].body
    body.encode("utf-8")
    assert "\x00" not in body
    assert parser.parse_order(body).buyer_note == "abc🙂"


# -- old shops, one order again ----------------------------------------------


def test_old_shop_gives_new_orders_but_no_changes(connect: Connect, shop: Shop) -> None:
    shop.api_version = "2.2.0"
    numbers = fill(shop, 130, hours=100)
    inbox: Inbox = {}
    cursor = run(connect(), inbox=inbox)
    assert ids(inbox) == numbers
    new = generate_orders(count=1, first_id=500000, start=shop.now())[0]
    shop.add(new)
    shop.set_status(numbers[0], 3)
    inbox = {}
    run(connect(), cursor, inbox)
    assert 500000 in ids(inbox)
    assert numbers[0] not in ids(inbox)
    assert parser.parse_order(inbox["500000"].body).shop_status == "1"
    shop.violations.clear()  # it was asked for statuses, which it lacks


def test_one_order_again(client: GambioClient, shop: Shop) -> None:
    fill(shop, 2)
    fetcher = OrderFetcher(client)
    raw = fetcher.fetch_order("400211", {})
    assert parser.parse_order(raw.body).shop_status == "Offen"
    for strange in ("abc", "0", "-1", "1e3", "", "400211/status"):
        with pytest.raises(errors.NotFound):
            fetcher.fetch_order(strange, {})


def test_damaged_cursor_starts_anew(client: GambioClient, shop: Shop) -> None:
    numbers = fill(shop, 4)
    inbox: Inbox = {}
    run(client, {"since": "gestern", "foreign": 1}, inbox)
    assert ids(inbox) == numbers
