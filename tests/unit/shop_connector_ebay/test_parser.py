"""Orders of eBay become neutral orders, to the cent."""

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shop_connector.lib.check import check_order
from shop_connector.lib.order import PayloadError, ShopOrder

from shop_connector_ebay.lib import parser
from shop_connector_ebay.lib.model import EbayOrder
from tests.servers.ebay import KINDS, Shop, Spec, generate_orders

from .conftest import vector

D = Decimal


def order_of(kind: str, seed: int = 3) -> dict[str, Any]:
    return generate_orders(count=1, seed=seed, kinds=[kind])[0]


def read(order: dict[str, Any]) -> EbayOrder:
    return parser.read_order(json.dumps(order))


def lines_sum(order: ShopOrder) -> Decimal:
    return sum((line.total for line in order.lines), D(0))


@pytest.fixture(scope="session")
def vectors(specs: Path) -> dict[str, EbayOrder]:
    rows = [row for page in (1, 2) for row in vector(specs, f"getOrders_page{page}")["orders"]]
    return {row["orderId"][:8]: read(row) for row in rows}


def test_all_vectors_are_orders_to_the_cent(vectors: dict[str, EbayOrder]) -> None:
    assert len(vectors) == 5
    for found in vectors.values():
        check_order(found.order)
        assert lines_sum(found.order) == found.order.total
        assert found.order.customer.buyer_id.startswith("kaeufer_")


def test_the_locker_and_the_note(vectors: dict[str, EbayOrder]) -> None:
    found = vectors["01-00001"]
    order = found.order
    assert found.order.treatment == "import"
    assert order.buyer_note == "Bitte ohne Rechnung im Paket, ist ein Geschenk.\nDanke & Grüße"
    assert (order.delivery.street, order.delivery.street2) == ("Packstation 123", "12345678")
    assert order.customer.email == "00aa11bb22cc33dd44ee@members.ebay.com"
    assert (order.total, order.currency) == (D("44.79"), "EUR")
    goods, shipping = order.lines
    assert (goods.sku, goods.quantity, goods.unit_price) == ("ART-1001", D(2), D("19.90"))
    assert goods.tax_percent is None
    assert (shipping.kind, shipping.name, shipping.total) == ("shipping", "", D("4.99"))
    assert (order.payment_code, order.payment_state) == ("ebay", "paid")
    assert order.ship_by == datetime(2026, 3, 3, 22, 59, 59, tzinfo=UTC)


def test_partly_shipped_with_a_variation_and_an_old_listing(vectors: dict[str, EbayOrder]) -> None:
    found = vectors["01-00002"]
    variation, old, _shipping = found.order.lines
    assert variation.note == "Farbe: Blau\nGröße: L"
    assert old.sku == "ebay:110000000003"
    assert [item.status for item in found.items] == ["FULFILLED", "NOT_STARTED"]
    assert found.order.shipped == ((variation.line_id, variation.quantity),)
    assert found.order.treatment == "hold"
    assert [hold.code for hold in found.order.holds] == ["ebay:shipped_part"]


def test_a_company_asks_to_cancel(vectors: dict[str, EbayOrder], specs: Path) -> None:
    listed = vectors["01-00003"]
    assert listed.order.billing.company == "Probe & Söhne GmbH"
    assert [hold.code for hold in listed.order.holds] == ["ebay:cancel"]
    whole = read(vector(specs, "getOrder_cancel_requested"))
    (request,) = whole.cancel_requests
    assert (request.by, request.state) == ("Buyer", "REQUESTED")
    assert "order placed by mistake" in whole.order.holds[0].text
    assert whole.order.treatment == "hold"


def test_cancelled_and_refunded(vectors: dict[str, EbayOrder]) -> None:
    found = vectors["01-00004"]
    assert (found.order.treatment, found.order.state) == ("ignore", "cancelled")
    assert found.refunded == D("24.89")


def test_ebay_collects_the_tax(vectors: dict[str, EbayOrder]) -> None:
    found = vectors["01-00005"]
    assert found.order.total == D("19.90")
    assert found.buyer_total == D("23.88")
    assert {line.tax_percent for line in found.order.lines} == {D(0)}
    assert found.order.extra["collected_tax"] == "IOSS IM2760000000 3.98"


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_adds_up(kind: str) -> None:
    for seed in range(5):
        found = read(order_of(kind, seed))
        check_order(found.order)
        assert lines_sum(found.order) == found.order.total, kind


def test_the_total_with_ebays_tax_is_the_same_order() -> None:
    plain, whole = (read(order_of(kind)).order.total for kind in ("collected", "collected_total"))
    assert plain == whole


@pytest.mark.parametrize(
    ("kind", "treatment"),
    [
        ("plain", "import"),
        ("pending", "reserve"),
        ("by_ebay", "ignore"),
        ("old", "history"),
        ("pickup", "hold"),
        ("cancelled", "ignore"),
        ("cancel_requested", "hold"),
        ("partly_refunded", "import"),
        ("hub", "import"),
    ],
)
def test_what_to_do_with_it(kind: str, treatment: str) -> None:
    assert read(order_of(kind)).order.treatment == treatment


def test_unpaid_orders_are_kept_and_reserve_stock() -> None:
    order = order_of("pending")
    found = parser.parse_order(json.dumps(order))
    assert (found.treatment, found.payment_state) == ("reserve", "open")
    reserved = found.reservations
    assert sum(row.quantity for row in reserved) == sum(
        line["quantity"] for line in order["lineItems"]
    )


def test_a_pending_refund_is_not_an_unpaid_order() -> None:
    order = order_of("plain")
    order["orderPaymentStatus"] = "PENDING"
    assert read(order).order.treatment == "import"
    assert read(order).order.payment_state == "paid"


def test_a_refund_after_shipping_is_for_a_person() -> None:
    order = order_of("combined")
    order |= {"orderPaymentStatus": "FULLY_REFUNDED", "orderFulfillmentStatus": "IN_PROGRESS"}
    assert "ebay:refunded" in {hold.code for hold in read(order).order.holds}


def test_words_ebay_invents_later_hold_the_order() -> None:
    order = order_of("plain")
    order["orderPaymentStatus"] = "PAID_IN_CRYPTO"
    found = read(order)
    assert found.order.treatment == "hold"
    assert "PAID_IN_CRYPTO" in found.order.holds[0].text


def test_the_hub_gets_its_reference() -> None:
    order = read(order_of("hub")).order
    assert order.delivery.street2.startswith("EIS")
    assert order.billing.last_name != "Shipping"


def test_withheld_addresses_are_held() -> None:
    order = order_of("plain")
    contact = order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]
    del contact["fullName"], contact["contactAddress"]["addressLine1"]
    assert [hold.code for hold in read(order).order.holds] == ["ebay:address"]


def test_lines_stay_the_same_when_orders_are_combined() -> None:
    one, two = generate_orders(count=2, kinds=["plain"])
    merged = copy.deepcopy(one)
    merged["orderId"] = "99-00001-00001"
    merged["lineItems"] += two["lineItems"]
    total = sum(Decimal(it["pricingSummary"]["total"]["value"]) for it in (one, two))
    shipping = sum(Decimal(it["pricingSummary"]["deliveryCost"]["value"]) for it in (one, two))
    merged["pricingSummary"]["total"]["value"] = str(total)
    merged["pricingSummary"]["deliveryCost"]["value"] = str(shipping)
    before = {item.line_id for order in (one, two) for item in read(order).items}
    found = read(merged)
    assert {item.line_id for item in found.items} == before
    assert lines_sum(found.order) == total


def test_tax_numbers_of_italian_buyers() -> None:
    order = order_of("plain")
    order["buyer"]["taxIdentifier"] = {
        "taxpayerId": "IT00743110157",
        "taxIdentifierType": "VATIN",
        "issuingCountry": "IT",
    }
    assert read(order).order.customer.vat == "IT00743110157"


def test_taxes_of_the_seller_are_a_line() -> None:
    order = order_of("plain")
    order["lineItems"][0]["taxes"] = [
        {"taxType": "STATE_SALES_TAX", "amount": {"value": "1.50", "currency": "EUR"}}
    ]
    total = Decimal(order["pricingSummary"]["total"]["value"]) + D("1.50")
    order["pricingSummary"]["total"]["value"] = str(total)
    found = read(order).order
    assert (found.lines[-1].line_id, found.lines[-1].total) == ("tax", D("1.50"))
    assert lines_sum(found) == found.total == total


def test_a_wrong_total_stays_wrong() -> None:
    order = order_of("plain")
    order["pricingSummary"]["total"]["value"] = "1.00"
    found = read(order).order
    assert found.total == D("1.00")
    assert lines_sum(found) != found.total


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda o: o.pop("orderId"), "no number"),
        (lambda o: o.update(orderId="a b"), "none of eBay's"),
        (lambda o: o.pop("creationDate"), "no valid date"),
        (lambda o: o["pricingSummary"].pop("total"), "no total"),
        (lambda o: o["pricingSummary"].update(total={"value": "1,5", "currency": "EUR"}), "amount"),
        (lambda o: o.update(lineItems=[]), "no lines"),
        (lambda o: o.update(lineItems={}), "a list was expected"),
        (lambda o: o["lineItems"][0].update(quantity=0), "impossible quantity"),
        (lambda o: o["lineItems"][0].update(quantity="2"), "not a whole number"),
        (lambda o: o["lineItems"][0].pop("lineItemCost"), "no price"),
        (lambda o: o["lineItems"].append(o["lineItems"][0]), "same number"),
        (
            lambda o: o["lineItems"][0]["lineItemCost"].update(currency="CHF"),
            "two currencies: EUR and CHF",
        ),
    ],
)
def test_what_is_wrong_is_said(change: Any, said: str) -> None:
    order = order_of("plain")
    change(order)
    with pytest.raises(PayloadError, match=said) as raised:
        read(order)
    assert raised.value.hint


def test_generated_orders_have_the_documented_form(spec: Spec) -> None:
    for order in generate_orders(count=60, seed=5):
        spec.validate("sell_fulfillment_v1_oas3", "Order", order)


def test_generated_orders_are_the_same_every_time() -> None:
    assert generate_orders(count=30, seed=9) == generate_orders(count=30, seed=9)
    ids = [order["orderId"] for order in generate_orders(count=300, seed=9)]
    assert len(set(ids)) == 300
    assert len(Shop(generate_orders(count=300, seed=9)).orders) == 300
