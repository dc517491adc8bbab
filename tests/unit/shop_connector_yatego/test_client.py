"""The wire: orders.php and the upload, against the fake; refusals in the user's words."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from automation_core.lib import errors
from automation_core.lib.http import HttpClient
from automation_core.lib.texts import Text
from file_transport.lib.template import Values
from file_transport.lib.web import WebLogin, WebPlace
from shop_connector.lib.feed.client import FIRST, OVERLAP, Addresses, FeedClient, window_start
from shop_connector.lib.feed.parser import parse_order
from shop_connector.lib.order import PayloadError

from shop_connector_yatego.lib.profiles import PROFILE, UPLOAD, YATEGO
from shop_connector_yatego.lib.sections import Sections, stock_rows
from shop_connector_yatego.lib.upload import upload
from tests.servers.yatego import Fault, Shop, YategoServer

from .conftest import NOW

STOCKS = Sections(stocks=stock_rows([("TEE-100", Decimal(5))]))


def _connect(base: str, *, seconds: float = 20, **more: Any) -> HttpClient:
    return HttpClient(base, timeout=(seconds, seconds), sleep=lambda seconds: None, **more)


ADDRESSES = Addresses(
    PROFILE.heads, PROFILE.lines, PROFILE.one_head, PROFILE.one_lines, PROFILE.empty_is_refusal
)


class YategoClient(FeedClient):
    """A client of the fake that can hand files over too."""

    def __init__(self, place: WebPlace) -> None:
        self.place = place
        login = Values(user=place.login.user, password=place.login.password)
        super().__init__(ADDRESSES, login, place.fetch)

    def upload(self, sections: Sections, *, delete_missing: bool = False) -> None:
        """Hand sections over."""
        user, password = self.values.user, self.values.password
        upload(self.place.post, UPLOAD, user, password, sections, delete_missing=delete_missing)


@pytest.fixture
def client_for(server: YategoServer) -> Callable[..., YategoClient]:
    """Returns clients, with the right login unless told otherwise."""

    def make(*, password: str = "", seconds: float = 20) -> YategoClient:
        shop = server.shop
        login = WebLogin(
            f"{server.url}/admin/modules/yatego",
            user=shop.user,
            password=password or shop.password,
        )
        return YategoClient(WebPlace(login, partial(_connect, seconds=seconds)))

    return make


@pytest.fixture
def client(client_for: Callable[..., YategoClient]) -> YategoClient:
    """A client with the right login."""
    return client_for()


def test_orders_come_and_come_again(client: YategoClient, shop: Shop) -> None:
    page = client.page(YATEGO, {}, NOW)
    assert len(page.orders) == 20
    assert not page.more
    for raw in page.orders:
        assert not raw.problem
        parse_order(raw.body, YATEGO)
    again = client.page(YATEGO, page.cursor, NOW + timedelta(hours=1))
    assert {raw.digest for raw in again.orders} == {raw.digest for raw in page.orders}
    assert shop.asked[0] == ("csv_order", "09.11.2026", "23.11.2026")
    assert shop.asked[3] == ("csv_products", "21.11.2026", "23.11.2026")


def test_an_order_placed_between_the_two_files(client: YategoClient, shop: Shop) -> None:
    late = shop.orders.pop()
    shop.before_lines = lambda: shop.orders.append(late)
    page = client.page(YATEGO, {}, NOW)
    assert len(page.orders) == 20
    assert not any(raw.problem for raw in page.orders)
    assert [action for action, *_days in shop.asked] == ["csv_order", "csv_products", "csv_order"]


def test_one_order_again(client: YategoClient, shop: Shop) -> None:
    raw = client.order(YATEGO, "7")
    assert raw in client.page(YATEGO, {}, NOW).orders
    assert shop.asked[0] == ("csv_order", "7", "7")
    with pytest.raises(errors.NotFound, match="Order 99 is not"):
        client.order(YATEGO, "99")
    client.addresses = replace(client.addresses, one_head="")
    with pytest.raises(errors.NotFound, match="cannot be asked"):
        client.order(YATEGO, "7")


def test_a_period_without_orders(client: YategoClient, shop: Shop) -> None:
    shop.orders.clear()
    assert client.page(YATEGO, {}, NOW).orders == ()


def test_the_wrong_login(client_for: Callable[..., YategoClient]) -> None:
    client = client_for(password="wrong")
    with pytest.raises(errors.AuthenticationFailed, match="login is wrong") as caught:
        client.page(YATEGO, {}, NOW)
    assert isinstance(caught.value.message, Text)
    assert caught.value.hint == "Check user and password of the account."
    with pytest.raises(errors.AuthenticationFailed):
        client.upload(STOCKS)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("error", errors.Unavailable),
        ("html", errors.InvalidAnswer),
        ("empty", errors.AuthenticationFailed),
        ("hang", errors.Unavailable),
        ("drop", errors.Unavailable),
    ],
)
def test_faults_are_named(
    client_for: Callable[..., YategoClient],
    shop: Shop,
    kind: str,
    error: type[errors.AutomationError],
) -> None:
    client = client_for(seconds=0.3 if kind == "hang" else 20)
    shop.faults.append(Fault(kind, times=9, seconds=1))
    with pytest.raises(error) as caught:
        client.page(YATEGO, {}, NOW)
    assert isinstance(caught.value.message, Text)
    with pytest.raises(error):
        client.upload(STOCKS)
    # without an answer nobody knows; sending the same figures again does no harm
    assert not shop.uploads or kind in ("hang", "drop")


def test_half_a_file_loses_nothing(client: YategoClient, shop: Shop) -> None:
    """The half is refused or its orders are held; the whole file comes with the next window."""
    shop.faults.append(Fault("half", times=9))
    try:
        page = client.page(YATEGO, {}, NOW)
    except errors.AutomationError:
        page = None
    shop.faults.clear()
    assert page is None
    assert len(client.page(YATEGO, {}, NOW).orders) == 20


def test_the_password_stays_out_of_logs_and_errors(
    client: YategoClient, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "automation_core")
    caplog.set_level(logging.DEBUG, "odoo.addons.automation_core")
    client.page(YATEGO, {}, NOW)
    shop.faults.append(Fault("drop", times=9))
    with pytest.raises(errors.Unavailable) as caught:
        client.page(YATEGO, {}, NOW)
    texts = [caplog.text, str(caught.value), caught.value.hint, repr(client.values)]
    texts += client.shown(NOW, NOW)
    assert "passwd=***" in client.shown(NOW, NOW)[0]
    for text in texts:
        assert shop.password not in text
        assert "p%26ss" not in text


def test_stock_goes_up_and_deletes_nothing(client: YategoClient, shop: Shop) -> None:
    shop.articles["OLD"] = {}
    client.upload(STOCKS)
    assert shop.stock == {"TEE-100": Decimal(5)}
    assert "OLD" in shop.articles


def test_delete_missing_needs_articles(client: YategoClient, shop: Shop) -> None:
    with pytest.raises(PayloadError, match="would delete all articles"):
        client.upload(STOCKS, delete_missing=True)
    shop.articles["OLD"] = {}
    client.upload(Sections(articles=({"foreign_id": "NEW", "title": "x"},)), delete_missing=True)
    assert list(shop.articles) == ["NEW"]


def test_windows() -> None:
    assert window_start({}, NOW) == NOW - FIRST
    until = (NOW - timedelta(hours=1)).isoformat()
    assert window_start({"until": until}, NOW) == NOW - timedelta(hours=1) - OVERLAP
    future = datetime(2030, 1, 1, tzinfo=UTC).isoformat()
    assert window_start({"until": future}, NOW) == NOW - OVERLAP
    since = NOW - timedelta(days=1)
    assert window_start({}, NOW, since) == since
    for broken in ("soon", 5, "2026-01-01"):
        assert window_start({"until": broken}, NOW) == NOW - FIRST
