"""Stock reaches Amazon by single calls and by feed, and harms nothing."""

import contextlib
import json
from datetime import date

import pytest
from automation_core.lib import errors
from hypothesis import given
from hypothesis import strategies as st

from shop_connector_amazon.lib import const, feeds, stock
from shop_connector_amazon.lib.client import SpApi
from shop_connector_amazon.lib.feeds import FeedJob, Feeds
from shop_connector_amazon.lib.stock import Listings, Stock
from tests.servers.amazon import GERMANY, Listing, Seller

from .conftest import PLACES, Clock

SKU = "ART 2001/BL+L&ä"


def push(api: SpApi, seller: Seller) -> Listings:
    return Listings(api, seller.seller_id, PLACES)


def test_a_quantity_and_nothing_else(api: SpApi, seller: Seller) -> None:
    seller.listings[SKU] = Listing({"DEFAULT": 3}, lead_time=5)
    result = push(api, seller).push(Stock(SKU, 7))
    assert result.accepted
    assert result.issues == ()
    assert seller.listings[SKU] == Listing({"DEFAULT": 7}, lead_time=5, history=[7])
    assert push(api, seller).quantity(SKU) == 7


def test_a_preview_changes_nothing(api: SpApi, seller: Seller) -> None:
    seller.listings[SKU] = Listing()
    assert push(api, seller).push(Stock(SKU, 7), preview=True).accepted
    assert seller.listings[SKU].history == []


def test_an_unknown_sku_is_named(api: SpApi, seller: Seller) -> None:
    result = push(api, seller).push(Stock("GONE", 1))
    assert not result.accepted
    assert "no offer with this SKU" in result.issues[0].text
    with pytest.raises(errors.NotFound, match="no offer with this SKU"):
        push(api, seller).quantity("GONE")


def test_an_offer_of_amazons_logistics_has_no_quantity_of_ours(api: SpApi, seller: Seller) -> None:
    seller.listings[SKU] = Listing({"AMAZON_EU": 9})
    assert push(api, seller).quantity(SKU) is None


def test_the_patch() -> None:
    patch = stock.build_patch(Stock(SKU, 0, restock=date(2026, 12, 1)))
    (row,) = patch["patches"]
    assert row["op"] == "merge"
    assert row["value"][0]["restock_date"] == "2026-12-01"
    assert "restock_date" not in json.dumps(stock.build_patch(Stock(SKU, 1, date(2026, 12, 1))))
    with pytest.raises(errors.Rejected, match="below zero"):
        stock.build_patch(Stock(SKU, -1))


def test_the_way_depends_on_how_many() -> None:
    assert stock.choose_way(500) == "calls"
    assert stock.choose_way(501) == "feed"


def finish(job: FeedJob, feeds_api: Feeds, clock: Clock) -> FeedJob:
    for _poll in range(10):
        job = feeds_api.ask(job)
        if job.stage != "running":
            return job
        clock.sleep(60)
    raise AssertionError("endless")


def listings_job() -> FeedJob:
    return FeedJob(const.LISTINGS_FEED, PLACES, feeds.JSON_TYPE)


def test_a_feed_from_hand_in_to_report(api: SpApi, seller: Seller, clock: Clock) -> None:
    seller.feed_polls = 3
    for number in range(700):
        seller.listings[f"ART-{number}"] = Listing({"DEFAULT": 1})
    changes = [Stock(f"ART-{number}", number) for number in range(700)] + [Stock("GONE", 4)]
    ((content, skus),) = stock.build_feeds(seller.seller_id, changes)
    job = finish(Feeds(api).send(listings_job(), content), Feeds(api), clock)
    results = stock.read_feed_report(Feeds(api).result(job), skus)
    assert [row.sku for row in results if not row.accepted] == ["GONE"]
    assert "no offer" in next(row for row in results if row.sku == "GONE").issues[0].text
    assert seller.listings["ART-699"].channels == {"DEFAULT": 699}
    assert seller.calls["patchListingsItem"] == 0


def test_a_job_is_plain_and_its_end_is_final(api: SpApi, seller: Seller, clock: Clock) -> None:
    job = Feeds(api).send(FeedJob("UNKNOWN_FEED", PLACES, feeds.JSON_TYPE), b"{}")
    job = finish(job, Feeds(api), clock)
    assert (job.stage, job.said) == ("failed", "FATAL")
    assert Feeds(api).ask(job) == job
    assert Feeds(api).result(job) == b""


def test_the_upload_is_refused_in_words(api: SpApi, seller: Seller) -> None:
    seller.fail("error", "/documents/", times=5)
    with pytest.raises(errors.AutomationError):
        Feeds(api).send(listings_job(), b"{}")
    assert seller.feeds == {}


def test_large_numbers_are_divided_and_the_last_of_a_sku_counts() -> None:
    changes = [Stock(f"S{number}", 1) for number in range(30_000)] + [Stock("S0", 9)]
    parts = list(stock.build_feeds("A2", changes))
    assert [len(skus) for _content, skus in parts] == [25_000, 5_000]
    first = json.loads(parts[0][0])["messages"][0]
    assert first["messageId"] == 1
    assert first["patches"][0]["value"][0]["quantity"] == 9


@pytest.mark.parametrize(
    ("issues", "invalid", "accepted"),
    [
        ([], 0, ["A", "B"]),
        ([{"messageId": 2, "severity": "ERROR", "message": "x"}], 1, ["A"]),
        ([{"sku": "A", "severity": "WARNING", "message": "x"}], 0, ["A", "B"]),
        ([], 2, []),  # refused without saying which
        ([], None, []),
    ],
)
def test_reports(issues: list[dict[str, object]], invalid: int | None, accepted: list[str]) -> None:
    report = {"issues": issues, "summary": {"messagesInvalid": invalid}}
    found = stock.read_feed_report(json.dumps(report).encode(), ("A", "B"))
    assert [row.sku for row in found if row.accepted] == accepted


def test_a_whole_file_refused() -> None:
    report = {"issues": [{"severity": "ERROR", "message": "bad"}], "summary": {}}
    with pytest.raises(errors.InvalidAnswer, match="whole file"):
        stock.read_feed_report(json.dumps(report).encode(), ("A",))


@given(st.one_of(st.binary(max_size=80), st.from_regex(r"\{[ -~]{0,60}\}").map(str.encode)))
def test_reports_that_are_anything(content: bytes) -> None:
    with pytest.raises(errors.InvalidAnswer):
        stock.read_feed_report(content, ("A",))


@given(st.binary(max_size=200))
def test_unpacking_anything(content: bytes) -> None:
    for packed in (content, b"\x1f\x8b" + content):
        with contextlib.suppress(errors.InvalidAnswer):
            feeds.unpack(packed)


def test_documents_are_only_fetched_encrypted(api: SpApi) -> None:
    for url in ("http://example.com/x", "file:///etc/passwd", "https://a:b@example.com/", "x"):
        with pytest.raises(errors.InvalidAnswer):
            feeds.download(api, {"url": url})
    assert GERMANY in const.MARKETPLACES
