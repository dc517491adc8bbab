"""Quantities reach eBay row by row, and what fails is told row by row."""

import json
from contextlib import suppress
from typing import Any

import pytest
from automation_core.lib import errors
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shop_connector_ebay.lib import stock, trading
from shop_connector_ebay.lib.client import EbayClient
from shop_connector_ebay.lib.stock import Change, Stock
from shop_connector_ebay.lib.trading import Listing, OldListings
from tests.servers.ebay import Shop

from .conftest import vector


def fill(shop: Shop, count: int) -> list[Change]:
    for number in range(count):
        shop.inventory[f"SKU-{number}"] = {"quantity": 1, "offers": {f"50{number}": 1}}
    return [Change(f"SKU-{number}", 7, (f"50{number}",)) for number in range(count)]


def push(client: EbayClient, changes: list[Change]) -> list[stock.Outcome]:
    return [outcome for batch in Stock(client).push(changes) for outcome in batch]


def test_the_documents_own_rows(specs: Any) -> None:
    changes = [Change("ART-1001", 7, ("5000000010",)), Change("ART-2001-BL-L", 0, ("5000000011",))]
    assert stock.build(changes) == vector(specs, "bulkUpdatePriceQuantity_request")
    good, bad = stock.read_outcomes(changes, vector(specs, "bulkUpdatePriceQuantity_207"))
    assert good.ok
    assert not bad.ok
    assert "does not accept a value" in bad.text


def test_sixty_changes_are_three_calls(shop: Shop, client: EbayClient) -> None:
    changes = fill(shop, 60)
    assert all(outcome.ok for outcome in push(client, changes))
    assert shop.requests["POST /sell/inventory/v1/bulk_update_price_quantity"] == 3
    assert {item["quantity"] for item in shop.inventory.values()} == {7}
    assert {q for item in shop.inventory.values() for q in item["offers"].values()} == {7}


def test_one_bad_row_spoils_no_other(shop: Shop, client: EbayClient) -> None:
    changes = [*fill(shop, 4), Change("GONE", 3), Change("x" * 51, 1), Change("SKU-9", -1)]
    shop.inventory["SKU-2"]["busy"] = 1
    outcomes = {outcome.change.sku: outcome for outcome in push(client, changes)}
    assert [outcomes[f"SKU-{number}"].ok for number in range(4)] == [True, True, False, True]
    assert outcomes["SKU-2"].passing
    assert not outcomes["GONE"].passing
    assert not outcomes["x" * 51].ok
    assert not outcomes["SKU-9"].ok
    assert all(outcome.hint for outcome in outcomes.values() if not outcome.ok)


def test_sellers_who_may_send_one_sku_a_call(shop: Shop, client: EbayClient) -> None:
    changes = fill(shop, 5)
    shop.one_sku_per_call = True
    assert all(outcome.ok for outcome in push(client, changes))


def test_the_last_word_about_a_sku_counts(shop: Shop, client: EbayClient) -> None:
    fill(shop, 1)
    assert len(push(client, [Change("SKU-0", 5), Change("SKU-0", 2)])) == 1
    assert shop.inventory["SKU-0"]["quantity"] == 2


def test_offers_of_a_sku(shop: Shop, client: EbayClient) -> None:
    fill(shop, 1)
    assert Stock(client).offers("SKU-0") == ("500",)
    assert Stock(client).offers("GONE") == ()


@pytest.mark.parametrize(
    "data", [None, [], {}, {"responses": 3}, {"responses": [3, {"sku": "A", "statusCode": "200"}]}]
)
def test_silence_is_no_success(data: Any) -> None:
    (outcome,) = stock.read_outcomes([Change("A", 1)], data)
    assert not outcome.ok


def test_half_an_answer_is_no_success() -> None:
    data = {"responses": [{"statusCode": 200, "sku": "A", "offerId": "1"}]}
    (outcome,) = stock.read_outcomes([Change("A", 1, ("1", "2"))], data)
    assert not outcome.ok
    assert outcome.passing


# -- old listings ---------------------------------------------------------------


def revise(client: EbayClient, listings: list[Listing]) -> list[trading.Outcome]:
    return [outcome for batch in OldListings(client).push(listings) for outcome in batch]


def test_the_documents_own_call(specs: Any) -> None:
    data = json.loads((specs / "trading" / "trading_calls.json").read_text("utf-8"))
    example = data["calls"]["ReviseInventoryStatus"]["example_request"]
    wanted = etree.fromstring(example.encode())
    built = etree.fromstring(trading.build([Listing(7, "110000000001", "ART-1001")]))

    def flat(root: Any) -> list[Any]:
        return sorted((node.tag, (node.text or "").strip()) for node in root.iter())

    assert flat(built) == flat(wanted)


def test_old_listings_go_four_by_four(shop: Shop, client: EbayClient) -> None:
    for number in range(9):
        shop.listings[f"11{number}"] = {"quantity": 1}
    shop.listings["12"] = {"variations": {"A & B": 1, "C": 1}}
    listings = [Listing(5, f"11{number}") for number in range(9)]
    listings += [Listing(3, "12", "A & B")]
    assert all(outcome.ok for outcome in revise(client, listings))
    assert shop.requests["POST /ws/api.dll"] == 3
    assert shop.listings["12"]["variations"] == {"A & B": 3, "C": 1}
    assert shop.listings["118"]["quantity"] == 5


def test_one_ended_listing_spoils_no_other(shop: Shop, client: EbayClient) -> None:
    for number in range(4):
        shop.listings[f"11{number}"] = {"quantity": 1}
    shop.listings["112"]["ended"] = True
    outcomes = revise(client, [Listing(5, f"11{number}") for number in range(4)])
    assert {it.listing.item_id: it.ok for it in outcomes} == {
        "110": True,
        "111": True,
        "112": False,
        "113": True,
    }
    (bad,) = (outcome for outcome in outcomes if not outcome.ok)
    assert "has ended" in bad.text
    assert shop.listings["110"]["revisions"] == 1


def test_listings_without_a_name_are_not_sent(shop: Shop, client: EbayClient) -> None:
    (outcome,) = revise(client, [Listing(5)])
    assert not outcome.ok
    assert shop.requests["POST /ws/api.dll"] == 0


def test_quota_and_login_concern_the_account(shop: Shop, client: EbayClient) -> None:
    shop.listings["11"] = {"quantity": 1}
    shop.limits["tradingapi"] = 0
    with pytest.raises(errors.Throttled):
        revise(client, [Listing(5, "11")])


def test_a_token_that_ends_early_is_renewed_for_old_listings_too(
    shop: Shop, client: EbayClient
) -> None:
    shop.listings["11"] = {"quantity": 1}
    client.user()
    shop.tokens.expire()
    assert all(outcome.ok for outcome in revise(client, [Listing(5, "11")]))


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b'<ReviseInventoryStatusResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Failure</Ack>'
    b"<Errors><ErrorCode>5</ErrorCode><LongMessage>&a;</LongMessage></Errors>"
    b"</ReviseInventoryStatusResponse>"
)


def test_entities_are_not_followed() -> None:
    assert trading.parse(BOMB).errors[0].message == ""


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.integers(0, len(BOMB)).map(lambda end: BOMB[:end])))
def test_any_xml_is_an_answer_or_a_named_failure(content: bytes) -> None:
    with suppress(errors.InvalidAnswer):
        trading.parse(content)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_sku_can_be_written(sku: str, item: str) -> None:
    etree.fromstring(trading.build([Listing(1, item, sku)]))
