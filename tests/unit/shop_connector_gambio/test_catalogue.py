"""What the shop offers, and telling it what is there."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from automation_core.lib import errors
from shop_connector.lib.channel import ShopListing
from shop_connector.lib.outbox import StockChange, StockOutcome

from shop_connector_gambio.lib import const
from shop_connector_gambio.lib.catalogue import Catalogue, whole
from shop_connector_gambio.lib.client import GambioClient
from shop_connector_gambio.lib.stock import NO_V3, StockWriter
from tests.servers.gambio import CATALOGUE, Product, Shop

Push = Callable[..., dict[str, StockOutcome]]
Read = Callable[..., dict[str, ShopListing]]


@pytest.fixture(autouse=True)
def offers(shop: Shop) -> None:
    """The usual articles are on sale: six products and a T-shirt in two variants."""
    shop.offer(CATALOGUE)


@pytest.fixture
def read(client: GambioClient) -> Read:
    """Reads all offers."""

    def fetch(**more: Any) -> dict[str, ShopListing]:
        found: dict[str, ShopListing] = {}
        cursor: dict[str, object] = {}
        for _page in range(99):
            page = Catalogue(client, **more).fetch_page(cursor)
            found |= {listing.sku: listing for listing in page.listings}
            cursor = dict(page.cursor)
            if not page.more:
                return found
        raise AssertionError("endless")

    return fetch


@pytest.fixture
def push(client: GambioClient, read: Read) -> Push:
    """Tells figures by SKU, of offers that were read before."""

    def tell(
        figures: dict[str, int], *, known: bool = True, **more: Any
    ) -> dict[str, StockOutcome]:
        offers = read(with_options=True) if known else {}
        changes = [
            StockChange(
                number, sku, quantity, extra=offers[sku].extra if sku in offers else {}, **more
            )
            for number, (sku, quantity) in enumerate(figures.items())
        ]
        return outcomes(client, changes)

    return tell


def outcomes(client: GambioClient, changes: list[StockChange]) -> dict[str, StockOutcome]:
    found: dict[int, StockOutcome] = {}
    for reply in StockWriter(client, Catalogue(client)).push(changes):
        for outcome in reply.outcomes:
            assert outcome.listing_id not in found
            found[outcome.listing_id] = outcome
    assert set(found) == {change.listing_id for change in changes}
    return {change.sku: found[change.listing_id] for change in changes}


# -- reading ------------------------------------------------------------------


def test_products_and_variants(read: Read, shop: Shop) -> None:
    found = read()
    assert set(found) == {article.sku for article in CATALOGUE}
    shirt = found["SHIRT-M-ROT"]
    assert (shirt.name, shirt.quantity) == ("T-Shirt", 25)
    assert shirt.external_id == f"{shirt.extra['product']}x{shirt.extra['variant']}"
    tea = found["TEE-100"]
    assert tea.extra == {"product": int(tea.external_id)}


def test_page_by_page(read: Read, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(const, "PRODUCTS_PER_PAGE", 2)
    monkeypatch.setattr(const, "VARIANTS_PER_PAGE", 1)
    assert set(read()) == {article.sku for article in CATALOGUE}
    assert shop.requests["GET products"] == 4


def test_whose_stock_counts(read: Read, shop: Shop) -> None:
    shirt = next(one for one in shop.products.values() if one.variants)
    assert "SHIRT" not in read()
    assert read(counts_product=True)["SHIRT-M-ROT"].extra["check"] == "product"
    shirt.check_mode = 1
    found = read()
    assert found["SHIRT"].quantity == 25
    assert found["SHIRT-M-ROT"].extra["check"] == "product"
    shirt.check_mode = 2
    assert "SHIRT" not in read(counts_product=True)


def test_options_with_a_number_of_their_own(read: Read, shop: Shop) -> None:
    candle = next(one for one in shop.products.values() if one.model == "KERZE-01")
    candle.options = {2: ("GESCHENKBOX", 12.7), 3: ("", 5)}
    assert "GESCHENKBOX" not in read()
    box = read(with_options=True)["GESCHENKBOX"]
    assert (box.quantity, box.extra) == (12, {"product": candle.number, "option": 2})


def test_a_shop_without_api_v3_has_products_only(
    read: Read, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.has_v3 = False
    with caplog.at_level("INFO"):
        found = read()
    assert "SHIRT" in found
    assert not any(listing.extra.get("variant") for listing in found.values())
    assert "no API v3" in caplog.text


def test_api_v3_that_answers_with_a_page(read: Read, shop: Shop) -> None:
    shop.fail("html", "/v3/", times=99)
    assert "SHIRT" in read()


def test_a_missing_right_is_no_missing_version(read: Read, shop: Shop) -> None:
    shop.forbidden = {"v3"}
    with pytest.raises(errors.AccessDenied):
        read()


def test_products_without_a_number_are_left_out(read: Read, shop: Shop) -> None:
    shop.products[90] = Product(90, "", "Gutschein")
    assert "" not in read()


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        (3, 3),
        ("4.0000", 4),
        (2.9, 2),
        (-1, -1),
        (-0.5, -1),
        (None, None),
        ("x", None),
        (1e99, None),
    ],
)
def test_pieces(value: object, pieces: int | None) -> None:
    assert whole(value) == pieces


# -- telling ------------------------------------------------------------------


def test_every_stock_in_few_calls(push: Push, shop: Shop) -> None:
    figures = {article.sku: place for place, article in enumerate(CATALOGUE)}
    assert all(outcome.ok for outcome in push(figures).values())
    assert shop.stock() == figures
    assert shop.requests["PUT products"] == 1
    assert sum(count for path, count in shop.requests.items() if path.startswith("PATCH")) == 1


def test_in_chunks(
    client: GambioClient, push: Push, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(const, "STOCK_CHUNK", 2)
    push({article.sku: 1 for article in CATALOGUE if not article.options})
    assert shop.requests["PUT products"] == 3


def test_one_bad_row_does_not_spoil_the_others(push: Push, client: GambioClient) -> None:
    changes = [
        StockChange(1, "KERZE-01", 5, extra={"product": 1}),
        StockChange(2, "GONE", 5, extra={"product": 999}),
    ]
    found = outcomes(client, changes)
    assert found["KERZE-01"].ok
    assert not found["GONE"].ok
    assert "not found in database (ID:999)" in found["GONE"].text
    assert "srv" not in found["GONE"].text


def test_a_list_that_fails_is_told_one_by_one(push: Push, shop: Shop) -> None:
    shop.fail("error", "/products", method="PUT")
    found = push({"KERZE-01": 3, "TEE-100": 4})
    assert all(outcome.ok for outcome in found.values())
    assert (shop.stock()["KERZE-01"], shop.stock()["TEE-100"]) == (3, 4)


def test_a_shop_that_is_down_is_not_asked_for_every_article(push: Push, shop: Shop) -> None:
    shop.fail("error", "/products", times=99, method="PUT")
    figures = {article.sku: 1 for article in CATALOGUE if not article.options}
    with pytest.raises(errors.Unavailable):
        push(figures)
    assert sum(n for path, n in shop.requests.items() if path.startswith("PUT products/")) == 3


def test_unknown_variants_are_named_and_the_others_told(client: GambioClient, shop: Shop) -> None:
    shirt = next(one for one in shop.products.values() if one.variants)
    known = list(shirt.variants)
    changes = [
        StockChange(place, str(number), 7, extra={"product": shirt.number, "variant": number})
        for place, number in enumerate([9998, *known, 9999])
    ]
    found = outcomes(client, changes)
    assert [found[str(number)].ok for number in known] == [True, True]
    assert "Variant with ID 9998 does not exist" in found["9998"].text
    assert {stock for _model, stock in shirt.variants.values()} == {7}


def test_options_are_told(push: Push, shop: Shop) -> None:
    candle = next(one for one in shop.products.values() if one.model == "KERZE-01")
    candle.options = {2: ("GESCHENKBOX", 12)}
    assert push({"GESCHENKBOX": 4})["GESCHENKBOX"].ok
    assert candle.options[2] == ("GESCHENKBOX", 4)


def test_variants_of_a_shop_without_api_v3(push: Push, client: GambioClient, shop: Shop) -> None:
    shop.has_v3 = False
    change = StockChange(1, "SHIRT-M-ROT", 4, extra={"product": 7, "variant": 1})
    found = outcomes(client, [change])["SHIRT-M-ROT"]
    assert (found.ok, found.text) == (False, NO_V3)


def test_where_the_products_stock_counts_a_variant_is_not_told(
    push: Push, client: GambioClient, shop: Shop
) -> None:
    next(one for one in shop.products.values() if one.variants).check_mode = 1
    found = push({"SHIRT-M-ROT": 4, "SHIRT": 9})
    assert not found["SHIRT-M-ROT"].ok
    assert "stock of the whole product" in found["SHIRT-M-ROT"].text
    assert found["SHIRT"].ok
    assert shop.stock()["SHIRT-M-ROT"] == 25


def test_a_sku_alone_is_looked_up_and_remembered(push: Push, shop: Shop) -> None:
    found = push({"TEE-100": 3, "SHIRT-L-BLAU": 2, "NIRGENDS-1": 1}, known=False)
    assert (shop.stock()["TEE-100"], shop.stock()["SHIRT-L-BLAU"]) == (3, 2)
    tea, shirt = found["TEE-100"].extra or {}, found["SHIRT-L-BLAU"].extra or {}
    assert isinstance(tea["product"], int)
    assert isinstance(shirt["variant"], int)
    assert not found["NIRGENDS-1"].ok
    assert "sells nothing under this SKU" in found["NIRGENDS-1"].text


def test_off_sale_and_on_again(client: GambioClient, shop: Shop, read: Read) -> None:
    tea = next(one for one in shop.products.values() if one.model == "TEE-100")
    extra: Any = read()["TEE-100"].extra
    off = outcomes(client, [StockChange(1, "TEE-100", 0, "delisted", extra=extra)])["TEE-100"]
    assert (tea.active, tea.quantity) == (False, 0)
    extra = off.extra or {}
    on = outcomes(client, [StockChange(1, "TEE-100", 6, extra=extra)])["TEE-100"]
    assert (tea.active, tea.quantity) == (True, 6)
    assert "delisted" not in (on.extra or {})


def test_what_staff_took_off_sale_stays_off(push: Push, shop: Shop) -> None:
    tea = next(one for one in shop.products.values() if one.model == "TEE-100")
    tea.active = False
    push({"TEE-100": 6})
    assert (tea.active, tea.quantity) == (False, 6)


def test_soon_is_shown_as_sold_out(push: Push, shop: Shop) -> None:
    push({"TEE-100": 6}, availability="soon")
    assert shop.stock()["TEE-100"] == 0


def test_what_is_urgent_goes_first(client: GambioClient, shop: Shop, read: Read) -> None:
    offers = read()
    changes = [
        StockChange(1, "TEE-100", 6, extra=offers["TEE-100"].extra),
        StockChange(2, "SHIRT-M-ROT", 0, urgent=True, extra=offers["SHIRT-M-ROT"].extra),
    ]
    replies = StockWriter(client, Catalogue(client)).push(changes)
    assert [outcome.listing_id for outcome in next(replies).outcomes] == [2]
    assert shop.stock()["TEE-100"] == 25


def test_many_products_stay_within_the_quota(client: GambioClient, shop: Shop) -> None:
    rng = random.Random(3)
    for number in range(1000, 3000):
        shop.products[number] = Product(number, f"A-{number}")
    changes = [
        StockChange(number, f"A-{number}", rng.randint(0, 50), extra={"product": number})
        for number in range(1000, 3000)
    ]
    assert all(outcome.ok for outcome in outcomes(client, changes).values())
    assert shop.requests["all"] == 2000 / const.STOCK_CHUNK
    assert all(shop.stock()[change.sku] == change.quantity for change in changes)


def test_a_used_up_quota_waits(push: Push, shop: Shop) -> None:
    shop.used = shop.limit - 40
    with pytest.raises(errors.Throttled):
        push({"KERZE-01": 3})
