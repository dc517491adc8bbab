"""Stock goes to whichever interface knows the listing; what all workers share is counted once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from automation_core.lib import errors
from shop_connector.lib import outbox
from shop_connector.lib.outbox import StockChange, StockOutcome

from shop_connector_ebay.lib import listings, outgoing, shared
from shop_connector_ebay.lib.client import EbayClient
from shop_connector_ebay.lib.consent import Application
from shop_connector_ebay.lib.limits import Quota
from shop_connector_ebay.lib.push import Pusher
from shop_connector_ebay.lib.signing import Signer
from tests.servers.ebay import Shop, generate_orders

from .conftest import NOW

BULK = "POST /sell/inventory/v1/bulk_update_price_quantity"
TRADING = "POST /ws/api.dll"
OFFERS = "GET /sell/inventory/v1/offer"


def nobody_waits(wanted: Sequence[tuple[str, bool]]) -> set[str]:
    return set()


def push(
    client: EbayClient, changes: Sequence[StockChange], take: Any = nobody_waits
) -> dict[int, StockOutcome]:
    replies = list(Pusher(client, take).push(changes))
    outcomes = [outcome for reply in replies for outcome in reply.outcomes]
    assert sorted(outcome.listing_id for outcome in outcomes) == sorted(
        change.listing_id for change in changes
    )
    return {outcome.listing_id: outcome for outcome in outcomes}


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """Two articles of the Inventory API, one old listing, one with variations."""
    shop.inventory["NEW-1"] = {"quantity": 1, "offers": {"501": 1}}
    shop.inventory["NEW-2"] = {"quantity": 1, "offers": {"502": 1, "503": 1}}
    shop.listings["110000000001"] = {"quantity": 1}
    shop.listings["110000000002"] = {"variations": {"OLD-L": 1, "OLD-M": 1}}
    return shop


def test_each_listing_by_its_own_way(filled: Shop, client: EbayClient) -> None:
    changes = [
        StockChange(1, "NEW-1", 4),
        StockChange(2, "NEW-2", 5),
        StockChange(3, "OLD-1", 6, external_id="110000000001", extra={"api": "trading"}),
        StockChange(4, "OLD-L", 7, external_id="110000000002"),
        StockChange(5, "ebay:110000000001", 8),
    ]
    changes[2] = replace(changes[2], extra={"api": "trading", "item": "110000000001"})
    found = push(client, changes)
    # 3 and 5 are the same listing: the last word counts, both are told
    assert {number for number, outcome in found.items() if outcome.ok} == {1, 2, 3, 4, 5}
    assert filled.inventory["NEW-1"]["offers"] == {"501": 4}
    assert filled.inventory["NEW-2"]["offers"] == {"502": 5, "503": 5}
    assert filled.listings["110000000001"]["quantity"] == 8
    assert filled.listings["110000000002"]["variations"] == {"OLD-L": 7, "OLD-M": 1}
    assert found[2].extra == {"api": "inventory", "offers": ["502", "503"]}
    assert found[4].extra == {"api": "trading", "item": "110000000002", "sku": "OLD-L"}


def test_what_is_known_is_not_asked_again(filled: Shop, client: EbayClient) -> None:
    extra = push(client, [StockChange(1, "NEW-1", 4)])[1].extra
    assert filled.requests[OFFERS] == 1
    push(client, [StockChange(1, "NEW-1", 9, extra=extra or {})])
    assert filled.requests[OFFERS] == 1
    assert filled.inventory["NEW-1"]["offers"] == {"501": 9}


def test_an_offer_that_ended_is_looked_for_anew(filled: Shop, client: EbayClient) -> None:
    extra = {"api": "inventory", "offers": ["400"]}
    outcome = push(client, [StockChange(1, "NEW-1", 4, extra=extra)])[1]
    assert not outcome.ok
    assert outcome.passing
    again = StockChange(1, "NEW-1", 4, extra=outcome.extra or {})
    assert push(client, [again])[1].ok
    assert filled.inventory["NEW-1"]["offers"] == {"501": 4}


def test_a_number_learned_from_an_order(filled: Shop, client: EbayClient) -> None:
    learned = [
        StockChange(1, "NEW-1", 4, extra={"item": "110000000001"}),
        StockChange(2, "OLD-M", 5, extra={"item": "110000000002"}),
    ]
    found = push(client, learned)
    assert found[1].ok
    assert found[2].ok
    assert filled.inventory["NEW-1"]["offers"] == {"501": 4}
    assert filled.listings["110000000002"]["variations"]["OLD-M"] == 5


def test_taken_out_of_sale_is_a_quantity_of_zero(filled: Shop, client: EbayClient) -> None:
    push(client, [StockChange(1, "NEW-1", 4, "delisted"), StockChange(2, "NEW-2", 4, "soon")])
    assert filled.inventory["NEW-1"]["offers"] == {"501": 0}
    assert filled.inventory["NEW-2"]["offers"] == {"502": 0, "503": 0}


def test_a_busy_listing_is_tried_again_later(filled: Shop, client: EbayClient) -> None:
    filled.inventory["NEW-1"]["busy"] = 1
    found = push(client, [StockChange(1, "NEW-1", 4), StockChange(2, "NEW-2", 4)])
    assert (found[1].ok, found[1].passing, found[2].ok) == (False, True, True)


def test_unknown_listings_are_told(filled: Shop, client: EbayClient) -> None:
    found = push(
        client, [StockChange(1, "GONE", 4), StockChange(2, "ebay:110000000009/42000000001", 4)]
    )
    assert not any(outcome.ok or outcome.passing for outcome in found.values())
    assert all(outcome.text and outcome.hint for outcome in found.values())


def test_250_changes_a_day(filled: Shop, client: EbayClient, memory: "Memory") -> None:
    take = shared.SharedRevisions(memory.change, lambda: NOW.timestamp()).take
    sent = 0
    for quantity in range(260):
        change = StockChange(1, "NEW-1", quantity, urgent=quantity >= 230)
        outcome = push(client, [change], take)[1]
        sent += outcome.ok
        assert outcome.ok or (outcome.passing and "250" in outcome.text)
    assert sent == 250  # 220 of the slow ones and, after ten that had to wait, the urgent ones
    assert filled.inventory["NEW-1"]["revisions"] == sent


def test_many_changes_are_few_calls(shop: Shop, client: EbayClient, memory: "Memory") -> None:
    extra = {}
    for number in range(1200):
        shop.inventory[f"S{number}"] = {"quantity": 1, "offers": {f"5{number}": 1}}
        extra[number] = {"api": "inventory", "offers": [f"5{number}"]}
    changes = [StockChange(n, f"S{n}", 3, extra=extra[n]) for n in range(1200)]
    take = shared.SharedRevisions(memory.change, lambda: NOW.timestamp()).take
    assert all(outcome.ok for outcome in push(client, changes, take).values())
    assert shop.requests[BULK] == 48
    assert memory.changes == 3


# -- what all workers share ---------------------------------------------------


class Memory:
    """Values by key, as the add-on keeps them."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.changes = 0

    def get(self, key: str) -> object:
        return self.values.get(key)

    def change(self, key: str, make: Callable[[object], object]) -> object:
        self.changes += 1
        make(self.values.get(key))  # a conflict: it is done again
        self.values[key] = make(self.values.get(key))
        return self.values[key]


@pytest.fixture
def memory() -> Memory:
    return Memory()


def test_quotas_of_two_workers(memory: Memory) -> None:
    one, two = shared.SharedQuotas(memory.change), shared.SharedQuotas(memory.change)
    one.learn([Quota("inventory", "inventory", 100, 52, 2_000.0)])
    one.spend("inventory", 1_000.0)
    two.spend("inventory", 1_000.0)
    with pytest.raises(errors.Throttled) as refused:
        one.spend("inventory", 1_000.0)
    assert refused.value.retry_after == 1_000.0
    assert two.as_json() == {"inventory": {"remaining": 50, "reset": 2_000.0}}
    two.spend("inventory", 2_001.0)
    assert one.as_json() == {}
    one.learn([Quota("inventory", "inventory", 100, 90, 3_000.0)])
    two.exhaust("inventory")
    assert one.throttled("inventory", 2_500.0).retry_after == 500.0


def test_a_token_belongs_to_its_login(memory: Memory) -> None:
    application = Application("app", "cert", "ru")
    keys = {
        shared.token_key(application, "a", "https://one"),
        shared.token_key(application, "b", "https://one"),
        shared.token_key(application, "a", "https://two"),
        shared.token_key(replace(application, cert_id="x"), "a", "https://one"),
    }
    assert len(keys) == 4
    assert not any("cert" in key for key in keys)


# -- listings -------------------------------------------------------------------


def test_listings_page_by_page(shop: Shop, client: EbayClient) -> None:
    for number in range(250):
        shop.inventory[f"S{number:03d}"] = {"quantity": number, "offers": {}}
    shop.inventory["S007"] |= {"title": "Tasse", "ean": ["Nicht zutreffend", "4006381333931"]}
    found, cursor, more = [], {}, True
    while more:
        page = listings.fetch_page(client, cursor)
        found += page.listings
        cursor, more = dict(page.cursor), page.more
    assert [listing.sku for listing in found] == sorted(shop.inventory)
    assert cursor == {}
    cup = found[7]
    assert (cup.name, cup.barcode, cup.quantity) == ("Tasse", "4006381333931", 7)
    assert found[8].barcode == ""


def test_no_listings(client: EbayClient) -> None:
    assert listings.fetch_page(client, {}).listings == ()


@pytest.mark.parametrize("kind", ["html", "half", "error"])
def test_listings_that_do_not_come(shop: Shop, client: EbayClient, kind: str) -> None:
    shop.fail(kind, "inventory_item", times=9)
    with pytest.raises(errors.AutomationError):
        listings.fetch_page(client, {})


# -- shipments and cancellations -------------------------------------------------


def shipment(order: dict[str, Any], *parcels: outbox.Parcel) -> outbox.Shipment:
    number = order["orderId"]
    return outbox.Shipment(number, number, datetime(2026, 11, 1, tzinfo=UTC), parcels, True)


def parcel(reference: int, line: dict[str, Any], **more: Any) -> outbox.Parcel:
    items = ((line["lineItemId"], Decimal(line["quantity"])),)
    return outbox.Parcel(reference, items, NOW, **{"tracking": f"JD01460000{reference}", **more})


@pytest.fixture
def order(shop: Shop) -> dict[str, Any]:
    sold = generate_orders(count=1, seed=2, kinds=["combined"])[0]
    shop.add(sold)
    return sold


def test_shipments_by_the_shippers_own_names(
    shop: Shop, client: EbayClient, order: dict[str, Any]
) -> None:
    one, two, three = order["lineItems"]
    told = shipment(
        order,
        parcel(1, one, carrier_name="DHL Paket"),
        parcel(2, two, carrier="Hermes", carrier_name="whatever"),
        parcel(3, three, tracking="", carrier_name="Spedition"),
    )
    assert not outgoing.report_shipment(client, told).known
    rows = shop.fulfillments[order["orderId"]]
    assert [row.get("shippingCarrierCode") for row in rows] == ["DHL", "Hermes", None]
    assert outgoing.report_shipment(client, told).known
    assert len(shop.fulfillments[order["orderId"]]) == 3


def test_half_pieces_are_refused(client: EbayClient, order: dict[str, Any]) -> None:
    line = order["lineItems"][0]
    half = replace(parcel(1, line), items=((line["lineItemId"], Decimal("0.5")),))
    with pytest.raises(errors.Rejected, match="whole pieces"):
        outgoing.report_shipment(client, shipment(order, half))


def test_single_lines_are_not_cancelled(client: EbayClient, order: dict[str, Any]) -> None:
    number = order["orderId"]
    told = outbox.Cancellation(number, number, (), whole=False)
    with pytest.raises(errors.Rejected, match="whole orders"):
        outgoing.report_cancellation(client, told, None)


def test_a_whole_order_is_cancelled_once(
    shop: Shop, client: EbayClient, order: dict[str, Any]
) -> None:
    number = order["orderId"]
    told = outbox.Cancellation(number, number, (), reason="no_stock")
    signer: Signer | None = None
    assert not outgoing.report_cancellation(client, told, signer).known
    assert outgoing.report_cancellation(client, told, signer).known
    assert shop.orders[number]["cancelStatus"]["cancelState"] == "CANCELED"
